//! Walking a run of attributes.

use crate::align;

/// Bytes of an attribute's header: `struct nlattr`, a length and a type.
pub const TLV_HEADER: usize = 4;
/// `NLA_F_NESTED`: the payload is itself a run of attributes.
pub const NESTED: u16 = 0x8000;
/// The part of a type field that is the attribute's number (`NLA_TYPE_MASK`).
pub const TYPE_MASK: u16 = 0x3fff;

/// One attribute as it lies in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tlv<'a> {
    /// Type field as it is, with the bits `NLA_F_NESTED` and `NLA_F_NET_BYTEORDER`.
    pub raw_type: u16,
    /// Bytes after the header, without padding.
    pub payload: &'a [u8],
    /// Where the attribute's header starts, in bytes from the begin of the run.
    pub offset: usize,
}

impl Tlv<'_> {
    /// Number of the attribute, without the two flag bits.
    pub fn number(&self) -> u16 {
        self.raw_type & TYPE_MASK
    }

    /// Offset of the payload, in bytes from the begin of the run.
    pub fn payload_offset(&self) -> usize {
        self.offset.saturating_add(TLV_HEADER)
    }
}

/// Iterator over a run of attributes; ends at the first that does not fit.
#[derive(Clone, Debug)]
pub struct Tlvs<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Tlvs<'a> {
    /// Walks `run`, which begins with an attribute's header.
    pub fn new(run: &'a [u8]) -> Self {
        Tlvs { rest: run, offset: 0 }
    }

    /// What was not walked: empty after a well-formed run.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Offset of what was not walked, in bytes from the begin of the run.
    pub fn offset(&self) -> usize {
        self.offset
    }
}

impl<'a> Iterator for Tlvs<'a> {
    type Item = Tlv<'a>;

    #[inline]
    fn next(&mut self) -> Option<Tlv<'a>> {
        let [l0, l1, t0, t1, ..] = *self.rest else { return None };
        let length = usize::from(u16::from_ne_bytes([l0, l1]));
        let payload = self.rest.get(TLV_HEADER..length)?;
        let tlv = Tlv { raw_type: u16::from_ne_bytes([t0, t1]), payload, offset: self.offset };
        let step = align(length).min(self.rest.len()); // the last one may lack its padding
        self.rest = self.rest.get(step..).unwrap_or_default();
        self.offset = self.offset.saturating_add(step);
        Some(tlv)
    }
}

/// Payload of the first attribute with this number. Every getter is a thin call of this.
pub fn find(mut run: &[u8], number: u16) -> Option<&[u8]> {
    while let [l0, l1, t0, t1, ..] = *run {
        let length = usize::from(u16::from_ne_bytes([l0, l1]));
        let payload = run.get(TLV_HEADER..length)?;
        if u16::from_ne_bytes([t0, t1]) & TYPE_MASK == number {
            return Some(payload);
        }
        run = run.get(align(length)..)?;
    }
    None
}
