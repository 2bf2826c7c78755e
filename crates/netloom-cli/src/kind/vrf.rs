//! `type vrf`.

use crate::failure::Failure;
use crate::named;
use crate::out::Record;
use crate::words::{Case, Word, Words, word};
use netloom::kind::VrfWriter;
use netloom::wire::{Buffer, Write};

pub(super) const CASE: Case = Case { name: "vrf", about: "a routing table as a link", words: WORDS };

const WORDS: &[Word] = &[word("table", named::TABLE, "its routing table").prefix()];

pub(super) fn read(words: &Words) -> Result<Buffer, Failure> {
    Ok(VrfWriter::default().some(words.number("table"), VrfWriter::table).into_buffer())
}

/// The table of a VRF, or of the VRF that a link is a port of.
pub(super) fn describe(r: &mut Record, table: Option<u32>) {
    super::fields::number(r, "table", "table", table);
}
