//! `type tun` and `type tap`, which are made through `/dev/net/tun`.

use super::fields::{number, on_off};
use crate::accounts::{self, GROUPS, USERS};
use crate::failure::Failure;
use crate::out::Record;
use crate::words::{Case, Kind, Word, Words, flag, word};
use netloom::Write;
use netloom::kind::{Tun, TunMode, TunWriter};

pub(super) const TUN: Case = Case { name: "tun", about: "a link whose packets a program handles", words: SETTINGS };
pub(super) const TAP: Case =
    Case { name: "tap", about: "a link whose Ethernet frames a program handles", words: SETTINGS };

const SETTINGS: &[Word] = &[USER, GROUP, PI, VNET_HDR, MULTI_QUEUE];
pub(crate) const USER: Word = word("user", Kind::Text("USER"), "who may open it, by name or number");
pub(crate) const GROUP: Word = word("group", Kind::Text("GROUP"), "whose members may open it, by name or number");
pub(crate) const PI: Word = flag("pi", "packet information is before each packet");
pub(crate) const VNET_HDR: Word = flag("vnet_hdr", "a virtio header is before each packet");
pub(crate) const MULTI_QUEUE: Word = flag("multi_queue", "it may be opened several times");

/// Reads what the words say of a link that is to be made.
pub(crate) fn read(w: TunWriter, words: &Words) -> Result<TunWriter, Failure> {
    let id = |name: &str, file: &str| match words.text(name) {
        None => Ok(None),
        Some(given) => {
            accounts::id_of(file, given).map(Some).ok_or_else(|| words.wrong(format!("there is no {name} {given:?}")))
        }
    };
    let on = |name: &str| words.has(name).then_some(true);
    Ok(w.some(id("user", USERS)?, TunWriter::owner)
        .some(id("group", GROUPS)?, TunWriter::group)
        .some(on("pi"), TunWriter::pi)
        .some(on("vnet_hdr"), TunWriter::vnet_hdr)
        .some(on("multi_queue"), TunWriter::multi_queue))
}

pub(super) fn describe(r: &mut Record, t: &Tun) {
    if let Some(mode) = t.tun_type() {
        let name = match mode {
            TunMode::Tun => "tun".into(),
            TunMode::Tap => "tap".into(),
            other => format!("UNKNOWN:{}", u8::from(other)),
        };
        r.string("type", name);
    }
    on_off(r, "pi", t.pi());
    if let Some(on) = t.vnet_hdr() {
        r.bool("vnet_hdr", on).label("vnet_hdr");
    }
    if let Some(several) = t.multi_queue() {
        let field = r.bool("multi_queue", several);
        if several {
            field.shown("multi_queue");
        } else {
            field.json_only();
        }
        if several {
            number(r, "numqueues", "numqueues", t.num_queues());
            number(r, "numdisabled", "numdisabled", t.num_disabled_queues());
        }
    }
    on_off(r, "persist", t.persist());
    who(r, "user", t.owner(), USERS);
    who(r, "group", t.group(), GROUPS);
}

/// A user or group by name; by number where it has none.
fn who(r: &mut Record, key: &'static str, id: Option<u32>, file: &str) {
    let Some(id) = id else { return };
    match accounts::name_of(file, id) {
        Some(name) => r.string(key, name),
        None => r.number(key, id),
    };
}
