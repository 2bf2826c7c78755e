//! `type macvlan` and `type macvtap`.

use super::fields::{Names, mac, name_of, number};
use crate::failure::Failure;
use crate::out::Record;
use crate::words::{Case, Kind, Value, Word, Words, flag, word};
use netloom::kind::{Macvlan, MacvlanAddressMode, MacvlanFlags, MacvlanMode, MacvlanWriter};
use netloom::wire::{Buffer, HardwareAddress, Write};

pub(super) const CASE: Case =
    Case { name: "macvlan", about: "a link with a hardware address of its own over another one", words: WORDS };
pub(super) const TAP: Case = Case { name: "macvtap", about: "a macvlan with a character device", words: WORDS };

const MODES: Names = &[("private", 1), ("vepa", 2), ("bridge", 4), ("passthru", 8), ("source", 16)];
const FLAGS: Names = &[("null", 0), ("nopromisc", 1), ("nodst", 2)];

const WORDS: &[Word] = &[
    word("mode", Kind::OneOf(MODES), "who sees whom").prefix(),
    word("flag", Kind::OneOf(FLAGS), "behaviour").prefix().repeat(),
    word("macaddr", Kind::Choice(ADDRESSES), "source addresses of the mode source").prefix(),
    flag("nopromisc", "the same as flag nopromisc").prefix(),
    flag("nodst", "the same as flag nodst").prefix(),
    word("bcqueuelen", Kind::U32, "broadcasts that may wait").prefix(),
    word("bclim", Kind::Signed(i32::MIN as i64, i32::MAX as i64), "multicasts that fewer want do not wait"),
];

const ADDRESSES: &[Case] = &[
    Case { name: "add", about: "one more", words: &[word("address", Kind::Mac, "the address").bare().once()] },
    Case { name: "del", about: "one less", words: &[word("address", Kind::Mac, "the address").bare().once()] },
    Case {
        name: "set",
        about: "these and no others",
        words: &[word("addresses", Kind::Several(&Kind::Mac), "the addresses").bare().once()],
    },
    Case { name: "flush", about: "none", words: &[] },
];

pub(super) fn read(words: &Words) -> Result<Buffer, Failure> {
    let named = words.all("flag").filter_map(Value::number).map(MacvlanFlags::from_bits_retain);
    let mut flags = named.reduce(|all, flag| all | flag);
    for (name, flag) in [("nopromisc", MacvlanFlags::NOPROMISC), ("nodst", MacvlanFlags::NODST)] {
        if words.has(name) {
            flags = Some(flags.unwrap_or_default() | flag);
        }
    }
    let mode = words.number::<u32>("mode").map(MacvlanMode::from);
    if flags.is_some_and(|flags| flags.contains(MacvlanFlags::NOPROMISC)) && mode != Some(MacvlanMode::Passthru) {
        return Err(words.refused("nopromisc is for the mode passthru"));
    }
    let mut w = MacvlanWriter::default()
        .some(mode, MacvlanWriter::mode)
        .some(flags, MacvlanWriter::flags)
        .some(words.number("bcqueuelen"), MacvlanWriter::bc_queue_len)
        .some(words.signed("bclim"), MacvlanWriter::bc_cutoff);
    if let Some((action, words)) = words.choice("macaddr") {
        let one = |words: &Words| mac(words, "address")?.ok_or_else(|| words.missing("address"));
        w = match action {
            "add" => w.macaddr_mode(MacvlanAddressMode::Add).macaddr(one(words)?),
            "del" => w.macaddr_mode(MacvlanAddressMode::Delete).macaddr(one(words)?),
            "flush" => w.macaddr_mode(MacvlanAddressMode::Flush),
            _ => {
                let address = |value: &Value| match value {
                    Value::Bytes(bytes) => HardwareAddress::new(bytes),
                    _ => None,
                };
                let all: Vec<_> = words.several("addresses").iter().filter_map(address).collect();
                w.macaddr_mode(MacvlanAddressMode::Set)
                    .macaddr_data(|w| all.iter().fold(w, |w, address| w.macaddr(*address)))
            }
        };
    }
    Ok(w.into_buffer())
}

pub(super) fn describe(r: &mut Record, m: &Macvlan) {
    if let Some(mode) = m.mode() {
        r.string("mode", name_of(u32::from(mode).into(), MODES).unwrap_or("unknown"));
    }
    let flags = m.flags().unwrap_or_default();
    if flags.contains(MacvlanFlags::NOPROMISC) {
        r.bool("nopromisc", true).shown("nopromisc");
    }
    if flags.contains(MacvlanFlags::NODST) {
        r.bool("nodst", true).shown("nodst");
    }
    number(r, "bcqueuelen", "bcqueuelen", m.bc_queue_len());
    number(r, "usedbcqueuelen", "usedbcqueuelen", m.bc_queue_len_used());
    if let Some(limit) = m.bc_cutoff() {
        r.number("bclim", limit);
    }
    if let Some(count) = m.macaddr_count().filter(|_| m.mode() == Some(MacvlanMode::Source)) {
        r.number("macaddr_count", count).shown(format!("remotes ({count})"));
        if let Some(addresses) = m.macaddr_data() {
            let addresses: Vec<_> = addresses.macaddr().map(|address| address.to_string()).collect();
            let shown = addresses.join(" ");
            r.strings("macaddr_data", addresses).shown(shown);
        }
    }
}
