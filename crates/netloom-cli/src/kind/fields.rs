//! What the descriptions and the words of kinds have in common.

use crate::failure::Failure;
use crate::named;
use crate::options::Options;
use crate::out::Record;
use crate::words::{Input, Value, Words};
use netloom::wire::HardwareAddress;

/// Names of numbers.
pub(super) type Names = &'static [(&'static str, u64)];

/// Tags of VLANs by their names, in both spellings that iproute2 takes.
pub(super) const VLAN_PROTOCOLS: Names =
    &[("802.1Q", 0x8100), ("802.1ad", 0x88a8), ("802.1q", 0x8100), ("802.1AD", 0x88a8)];

/// A number under its key, with a label for people.
pub(super) fn number(r: &mut Record, key: &'static str, label: &'static str, value: Option<impl Into<u64>>) {
    if let Some(value) = value {
        r.number(key, value.into()).label(label);
    }
}

/// A switch that iproute2 shows as 0 or 1, key and label the same.
pub(super) fn bit(r: &mut Record, key: &'static str, value: Option<bool>) {
    number(r, key, key, value.map(u8::from));
}

/// A switch that is `true` or `false`, and `on` or `off` for people.
pub(super) fn on_off(r: &mut Record, key: &'static str, value: Option<bool>) {
    if let Some(value) = value {
        r.bool(key, value).label(key);
    }
}

/// A number as a text in hexadecimal.
pub(super) fn hex(r: &mut Record, key: &'static str, label: &'static str, value: Option<impl Into<u64>>) {
    if let Some(value) = value {
        r.string(key, named::hex(value)).label(label);
    }
}

/// The name of a number, `UNKNOWN` if it has none.
pub(super) fn name(r: &mut Record, key: &'static str, label: &'static str, value: Option<u64>, names: Names) {
    if let Some(value) = value {
        r.string(key, name_of(value, names).unwrap_or("UNKNOWN")).label(label);
    }
}

/// The name of a number.
pub(super) fn name_of(value: u64, names: Names) -> Option<&'static str> {
    names.iter().find(|(_, number)| *number == value).map(|(name, _)| *name)
}

/// A hardware address.
pub(super) fn address(r: &mut Record, key: &'static str, label: &'static str, value: Option<HardwareAddress>) {
    if let Some(value) = value {
        r.string(key, value.to_string()).label(label);
    }
}

/// The rest of a timer in hundredths of a second.
pub(super) fn timer(r: &mut Record, key: &'static str, value: Option<u64>) {
    let Some(value) = value else { return };
    // A timer that does not fit 52 bits of hundredths would be a million years long.
    #[expect(clippy::cast_precision_loss, reason = "hundredths of a second of any real timer are exact enough")]
    let seconds = value as f64 / 100.0;
    r.value(key, seconds).shown(format!("{key} {}", hundredths(value)));
}

/// Seconds with two decimals, four digits wide.
fn hundredths(value: u64) -> String {
    format!("{:4}.{:02}", value / 100, value % 100)
}

/// A tag of VLANs; `[7]` for a number that is none, and with `-N` for all.
pub(super) fn vlan_protocol(r: &mut Record, key: &'static str, value: Option<u16>, options: &Options) {
    if let Some(value) = value {
        let name = name_of(value.into(), VLAN_PROTOCOLS).filter(|_| !options.numeric);
        let name = name.map_or_else(|| format!("[{value}]"), ToOwned::to_owned);
        r.string(key, name).label(key);
    }
}

/// A word that is a number and means a switch.
pub(super) fn switch(words: &Words, name: &str) -> Option<bool> {
    words.number::<u8>(name).map(|number| number != 0)
}

/// A word that is a hardware address.
pub(super) fn mac(words: &Words, name: &str) -> Result<Option<HardwareAddress>, Failure> {
    let Some(bytes) = words.bytes(name) else { return Ok(None) };
    match HardwareAddress::new(bytes) {
        Some(address) => Ok(Some(address)),
        None => Err(words.wrong(format!("the address after {name:?} is longer than 32 bytes"))),
    }
}

/// Reads a VLAN protocol.
pub(super) fn read_vlan_protocol(input: &mut Input<'_>) -> Result<Value, String> {
    let given = input.need("802.1Q or 802.1ad")?;
    let found = VLAN_PROTOCOLS.iter().find(|(name, _)| name.eq_ignore_ascii_case(given)).map(|(_, number)| *number);
    let number = found.or_else(|| crate::words::number(given).filter(|number| *number <= 0xffff));
    number.map(Value::Number).ok_or_else(|| format!("{given:?} is neither 802.1Q nor 802.1ad"))
}
