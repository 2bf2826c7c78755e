//! Messages that handlers make, as bytes.

use netloom_wire::{Header, align, nlmsg};

/// Appends a message, padded.
pub(crate) fn append(out: &mut Vec<u8>, message_type: u16, flags: u16, sequence: u32, port: u32, payload: &[u8]) {
    // What is longer than 4 GiB was refused before.
    let length = u32::try_from(payload.len().saturating_add(nlmsg::HEADER)).unwrap_or(u32::MAX);
    out.extend_from_slice(Header::new(length, message_type, flags, sequence, port).bytes());
    out.extend_from_slice(payload);
    out.resize(align(out.len()), 0);
}
