//! String sets, addresses, and what ethtool asks by an ioctl that netlink has not.

use super::sheet::Sheet;
use super::talk::{CHANGED, Headed as _, SHOWN, Talk, print, shown};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::out::Paint;
use crate::words::{Kind, Word, Words, word};
use netloom::ethtool::commands::GetStringSets;
use netloom::ethtool::strings::StringSets;
use netloom::link::{self, ExtMask};

pub(super) const SHOW: &[Word] = &[SHOWN];

/// The strings of a device, or without one those that are the same for all.
pub(super) fn strings(cx: &mut Context, words: &Words) -> Outcome {
    let mut talk = Talk::open(cx)?;
    let found = match shown(words) {
        Some(name) => talk.run(&GetStringSets::of(name))?,
        None => {
            // Of sets that are a device's own, and of those that it does not know, the kernel says the same.
            let mut records = Vec::new();
            for number in 0..u32::MAX {
                match talk.may(&GetStringSets::of_kernel(&[number.into()])) {
                    Ok(Some(found)) => records.push(sets(&found).of(None)),
                    Err(Failure::Kernel(_)) if number > LAST_OF_DEVICES => break,
                    Ok(None) | Err(Failure::Kernel(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            return print(cx, records);
        }
    };
    print(cx, [sets(&found).of(found.header_of())])
}

/// The last set that is a device's own: counters of its PHY.
const LAST_OF_DEVICES: u32 = 7;

fn sets(found: &StringSets) -> Sheet {
    let mut s = Sheet::default();
    let all = found.sets().into_iter().flat_map(|sets| sets.set_of_strings());
    for id in all.filter_map(|set| set.id()) {
        let names: Vec<String> = found.strings(id).map(|(_, name)| name.to_owned()).collect();
        s.row(format!("{id:?}"), names.clone()).lines(names);
    }
    s
}

/// `-P`: ethtool asks rtnetlink too.
pub(super) fn address(cx: &mut Context, words: &Words) -> Outcome {
    let name = words.text("device").ok_or_else(|| words.missing("device"))?;
    let link = cx.run(&link::Get::new(name).parts(ExtMask::SKIP_STATS)).map_err(|failure| failure.of_device(name))?;
    let mut s = Sheet::default();
    match link.perm_address().filter(|address| address.as_bytes().iter().any(|byte| *byte != 0)) {
        Some(address) => _ = s.row("permanent-address", address.to_string()).paint(Paint::Mac),
        None => _ = s.row("permanent-address", serde_json::Value::Null).shown("not set"),
    }
    let mut r = crate::out::Record::new();
    r.string("ifname", link.name()).bare().paint(Paint::Device);
    s.add_to(&mut r);
    print(cx, [r])
}

pub(super) const ABSENT: &[Word] = &[CHANGED, word("word", Kind::Text("WORD"), "whatever follows").bare().repeat()];

/// Options that netlink has no message for, and the ioctl that ethtool asks by.
const IOCTLS: &[(&str, &str, &str)] = &[
    ("--driver", "which driver a device has", "ETHTOOL_GDRVINFO"),
    ("--register-dump", "registers", "ETHTOOL_GREGS"),
    ("--eeprom-dump", "the memory of the card", "ETHTOOL_GEEPROM"),
    ("--change-eeprom", "the memory of the card", "ETHTOOL_SEEPROM"),
    ("--identify", "blinking", "ETHTOOL_PHYS_ID"),
    ("--negotiate", "negotiating anew", "ETHTOOL_NWAY_RST"),
    ("--test", "tests of the card", "ETHTOOL_TEST"),
    ("--flash", "firmware of the card", "ETHTOOL_FLASHDEV"),
    ("--get-dump", "dumps of firmware", "ETHTOOL_GET_DUMP_DATA"),
    ("--set-dump", "dumps of firmware", "ETHTOOL_SET_DUMP"),
    ("--per-queue", "settings of single queues", "ETHTOOL_PERQUEUE"),
    ("--phy-statistics", "counters of the PHY's driver", "ETHTOOL_GPHYSTATS"),
    ("--get-tunable", "tunables", "ETHTOOL_GTUNABLE"),
    ("--set-tunable", "tunables", "ETHTOOL_STUNABLE"),
    ("--get-phy-tunable", "tunables of the PHY", "ETHTOOL_PHY_GTUNABLE"),
    ("--set-phy-tunable", "tunables of the PHY", "ETHTOOL_PHY_STUNABLE"),
    ("--reset", "resetting the card", "ETHTOOL_RESET"),
];

/// Says what netlink lacks.
pub(super) fn absent(_: &mut Context, words: &Words) -> Outcome {
    let option = words.context().split(' ').next_back().unwrap_or_default();
    let (_, what, ioctl) = IOCTLS.iter().find(|(name, ..)| *name == option).unwrap_or(&("", "this", "an ioctl"));
    Err(Failure::Failed(format!("{option}: {what}: known to the ioctl {ioctl} only, not to netlink; use ethtool")))
}
