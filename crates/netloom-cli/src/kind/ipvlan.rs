//! `type ipvlan` and `type ipvtap`.

use super::fields::{Names, name_of};
use crate::failure::Failure;
use crate::out::Record;
use crate::words::{Case, Kind, Word, Words, word};
use netloom::kind::{Ipvlan, IpvlanFlags, IpvlanMode, IpvlanWriter};
use netloom::wire::{Buffer, Write};

pub(super) const CASE: Case =
    Case { name: "ipvlan", about: "a link that shares another one's hardware address", words: WORDS };
pub(super) const TAP: Case = Case { name: "ipvtap", about: "an ipvlan with a character device", words: WORDS };

const MODES: Names = &[("l2", 0), ("l3", 1), ("l3s", 2)];

const WORDS: &[Word] = &[
    word("mode", Kind::OneOf(MODES), "how packets are delivered").prefix(),
    word("sight", Kind::Abbreviated(&[("private", 1), ("vepa", 2), ("bridge", 0)]), "whether they see each other")
        .value_only()
        .repeat(),
];

pub(super) fn read(words: &Words) -> Result<Buffer, Failure> {
    if words.is_empty() {
        return Ok(Buffer::new());
    }
    if words.all("sight").nth(1).is_some() {
        return Err(words.refused("only one of bridge, private and vepa can be given"));
    }
    // The kernel keeps the flags that it has unless it is told others: without a word for them they are none.
    let flags = IpvlanFlags::from_bits_retain(words.number("sight").unwrap_or(0));
    Ok(Ipvlan::new()
        .some(words.number::<u16>("mode").map(IpvlanMode::from), IpvlanWriter::mode)
        .flags(flags)
        .into_buffer())
}

pub(super) fn describe(r: &mut Record, i: &Ipvlan) {
    if let Some(mode) = i.mode() {
        r.string("mode", name_of(u16::from(mode).into(), MODES).unwrap_or("unknown"));
    }
    if let Some(flags) = i.flags() {
        let name = if flags.contains(IpvlanFlags::PRIVATE) {
            "private"
        } else if flags.contains(IpvlanFlags::VEPA) {
            "vepa"
        } else {
            "bridge"
        };
        r.bool(name, true).shown(name);
    }
}
