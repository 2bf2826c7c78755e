//! `type netkit`.

use super::fields::{Names, name, name_of};
use crate::context::Context;
use crate::failure::Failure;
use crate::link;
use crate::out::Record;
use crate::words::{Kind, Word, Words, word};
use netloom::kind::{Netkit, NetkitMode, NetkitPairing, NetkitPolicy, NetkitScrub, NetkitWriter};
use netloom::wire::{AnyWriter, Buffer, NESTED, Write};

const MODES: Names = &[("l2", 0), ("l3", 1)];
const POLICIES: Names = &[("forward", 0), ("blackhole", 2)];
const SCRUBS: Names = &[("none", 0), ("default", 1)];

const POLICY: Word =
    word("policy", Kind::OneOf(POLICIES), "what becomes of packets where no program is attached").value_only();
const SCRUB: Word = word("scrub", Kind::OneOf(SCRUBS), "whether packets lose their mark and priority");

pub(super) static WORDS: [Word; 5] = [
    word("mode", Kind::OneOf(MODES), "with or without Ethernet headers").once(),
    POLICY,
    SCRUB,
    word("pairing", Kind::OneOf(&[("pair", 0), ("single", 1)]), "whether there is another end"),
    word("peer", Kind::Group(&PEER_WORDS), "the other end, with the words of link add").rest(),
];
static PEER_WORDS: [Word; 3] =
    [POLICY, SCRUB, word("settings", Kind::Group(&link::SETTINGS), "the words of link add").bare().rest()];

/// Number of the peer (`IFLA_NETKIT_PEER_INFO`, `linux/if_link.h`).
const PEER: u16 = 1;

pub(super) fn read(cx: &mut Context, words: &Words) -> Result<Buffer, Failure> {
    let mut w = NetkitWriter::default()
        .some(words.number::<u32>("mode").map(NetkitMode::from), NetkitWriter::mode)
        .some(words.number::<u32>("policy").map(NetkitPolicy::from), NetkitWriter::policy)
        .some(words.number::<u32>("scrub").map(NetkitScrub::from), NetkitWriter::scrub)
        .some(words.number::<u32>("pairing").map(NetkitPairing::from), NetkitWriter::pairing);
    for peer in words.groups("peer") {
        w = w
            .some(peer.number::<u32>("policy").map(NetkitPolicy::from), NetkitWriter::peer_policy)
            .some(peer.number::<u32>("scrub").map(NetkitScrub::from), NetkitWriter::peer_scrub);
        for settings in peer.groups("settings") {
            let message = link::peer(cx, settings)?;
            w = w.nest(PEER | NESTED, |w: AnyWriter| w.append(&message));
        }
    }
    Ok(w.into_buffer())
}

pub(super) fn describe(r: &mut Record, n: &Netkit) {
    let wide = |value: Option<u32>| value.map(u64::from);
    name(r, "mode", "mode", wide(n.mode().map(u32::from)), MODES);
    if let Some(primary) = n.primary() {
        r.string("type", if primary { "primary" } else { "peer" });
    }
    name(r, "policy", "policy", wide(n.policy().map(u32::from)), POLICIES);
    name(r, "peer_policy", "peer policy", wide(n.peer_policy().map(u32::from)), POLICIES);
    name(r, "scrub", "scrub", wide(n.scrub().map(u32::from)), SCRUBS);
    name(r, "peer_scrub", "peer scrub", wide(n.peer_scrub().map(u32::from)), SCRUBS);
    super::fields::number(r, "headroom", "headroom", n.headroom().filter(|bytes| *bytes > 0));
    super::fields::number(r, "tailroom", "tailroom", n.tailroom().filter(|bytes| *bytes > 0));
    if let Some(pairing) = n.pairing() {
        r.string("pairing", name_of(u32::from(pairing).into(), &[("pair", 0), ("single", 1)]).unwrap_or("UNKNOWN"));
    }
}
