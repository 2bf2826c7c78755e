//! Options of tunnels' headers: `geneve_opts`, `vxlan_opts`, `erspan_opts`.

use crate::failure::Failure;
use crate::words::{Value, Words};
use netloom::encap::TunnelOptionsWriter;
use netloom::wire::{Buffer, Write};

/// Reads one of the options; none if `name` is another word.
pub(super) fn read(words: &Words, name: &str, value: &Value) -> Result<Option<Buffer>, Failure> {
    let w = TunnelOptionsWriter::default();
    let w = match (name, value) {
        ("geneve_opts", Value::Text(given)) => {
            let wrong = || words.wrong(format!("{given:?} is not a list of CLASS:TYPE:DATA"));
            given.split(',').try_fold(w, |w, option| {
                let (class, option, data) = geneve(option).ok_or_else(wrong)?;
                Ok::<_, Failure>(w.geneve(|g| g.class(class).option(option).data(&data)))
            })?
        }
        ("vxlan_opts", value) => w.vxlan(|v| v.some(value.number(), |v, gbp| v.gbp(gbp))),
        ("erspan_opts", Value::Text(given)) => {
            let [version, index, direction, hardware] = erspan(given)
                .ok_or_else(|| words.wrong(format!("{given:?} is not VERSION:INDEX:DIRECTION:HARDWARE")))?;
            let small = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
            let (version, direction, hardware) = (small(version), small(direction), small(hardware));
            w.erspan(|e| e.version(version).index(index).direction(direction).hardware(hardware))
        }
        _ => return Ok(None),
    };
    Ok(Some(w.into_buffer()))
}

fn geneve(text: &str) -> Option<(u16, u8, Vec<u8>)> {
    let mut parts = text.split(':');
    let (class, option, data) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || data.len() % 2 != 0 || !data.is_ascii() {
        return None;
    }
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let data: Option<Vec<u8>> = data.as_bytes().chunks(2).map(byte).collect();
    Some((class.parse().ok()?, option.parse().ok()?, data?))
}

fn erspan(text: &str) -> Option<[u32; 4]> {
    let numbers: Option<Vec<u32>> = text.split(':').map(|part| part.parse().ok()).collect();
    numbers?.try_into().ok().filter(|[version, _, direction, hardware]: &[u32; 4]| {
        [version, direction, hardware].into_iter().all(|number| *number <= 255)
    })
}
