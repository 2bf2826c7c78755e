//! `type veth` and `type vxcan`.

use crate::context::Context;
use crate::failure::Failure;
use crate::link;
use crate::words::{Kind, Word, Words, word};
use netloom::kind::VethWriter;
use netloom::wire::{AnyWriter, Buffer, NESTED, Write};

pub(super) static WORDS: [Word; 1] =
    [word("peer", Kind::Group(&link::SETTINGS), "the other end, with the words of link add").rest()];

/// Number of the peer (`VETH_INFO_PEER`, `linux/veth.h`).
const PEER: u16 = 1;

/// Reads the words; iproute2 marks the peer as a nest only of a veth.
pub(super) fn read(cx: &mut Context, words: &Words, nested: bool) -> Result<Buffer, Failure> {
    let number = if nested { PEER | NESTED } else { PEER };
    let mut w = VethWriter::default();
    for peer in words.groups("peer") {
        let message = link::peer(cx, peer)?;
        w = w.nest(number, |w: AnyWriter| w.append(&message));
    }
    Ok(w.into_buffer())
}
