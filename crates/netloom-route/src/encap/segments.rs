//! Routing headers of IPv6: lists of segments (RFC 8754, RFC 6554; `linux/seg6.h`, `linux/rpl.h`).

use alloc::vec::Vec;
use core::net::Ipv6Addr;

const FIXED: usize = 8;
const SEGMENT: usize = 16;
const TYPE_SRH: u8 = 4;
const TYPE_RPL: u8 = 3;
const HMAC_TLV: u8 = 5;
const HMAC_LENGTH: u8 = 38;
const HMAC_BYTES: usize = 40;
const FLAG_HMAC: u8 = 8;

/// A routing header of segment routing or of RPL, over its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segments<'a> {
    header: &'a [u8; FIXED],
    list: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Segments<'a> {
    /// Reads a header of segment routing; None if the bytes are too few for its segments.
    pub fn srh(bytes: &'a [u8]) -> Option<Self> {
        let (header, _) = bytes.split_first_chunk::<FIXED>()?;
        let [_, _, _, _, last, ..] = *header;
        Self::read(bytes, usize::from(last).checked_add(1)?)
    }

    /// Reads a header of RPL, without compression; None if the bytes are too few for its segments.
    pub fn rpl(bytes: &'a [u8]) -> Option<Self> {
        let (header, _) = bytes.split_first_chunk::<FIXED>()?;
        let [_, _, _, left, ..] = *header;
        Self::read(bytes, left.into())
    }

    fn read(bytes: &'a [u8], count: usize) -> Option<Self> {
        let (header, rest) = bytes.split_first_chunk::<FIXED>()?;
        let (list, rest) = rest.split_at_checked(count.checked_mul(SEGMENT)?)?;
        Some(Self { header, list, rest })
    }

    /// The segments in the order in which a packet visits them; inline, the last is the packet's own destination, `::`.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Ipv6Addr> + use<'a> {
        // On the wire the last one stands first.
        self.list.chunks_exact(SEGMENT).rev().map(|bytes| <[u8; SEGMENT]>::try_from(bytes).unwrap_or_default().into())
    }

    /// Identifier of the key that signs the header, if it is signed.
    pub fn hmac_key(&self) -> Option<u32> {
        let [_, _, _, _, _, flags, ..] = *self.header;
        let tail = self.rest.get(self.rest.len().checked_sub(HMAC_BYTES)?..)?;
        let key = tail.get(4..8)?.try_into().ok()?;
        (flags & FLAG_HMAC != 0).then(|| u32::from_be_bytes(key))
    }
}

/// A header of segment routing: `segments` in the order of the visit, signed if there is a key.
///
/// `inline` leaves room for the packet's own destination at the end. At most 127 segments fit.
///
/// ```
/// use netloom_route::encap::{Segments, srh};
///
/// let header = srh(&["2001:db8::1".parse()?, "2001:db8::2".parse()?], false, Some(7));
/// let read = Segments::srh(&header).unwrap();
/// assert_eq!((read.iter().len(), read.iter().next(), read.hmac_key()), (2, "2001:db8::1".parse().ok(), Some(7)));
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
pub fn srh(segments: &[Ipv6Addr], inline: bool, hmac_key: Option<u32>) -> Vec<u8> {
    let count = segments.len().saturating_add(inline.into());
    let last = u8::try_from(count.saturating_sub(1)).unwrap_or(u8::MAX);
    let flags = if hmac_key.is_some() { FLAG_HMAC } else { 0 };
    let tail = if hmac_key.is_some() { HMAC_BYTES } else { 0 };
    let mut bytes = alloc::vec![0, units(count, tail), TYPE_SRH, last, last, flags, 0, 0];
    if inline {
        bytes.extend(Ipv6Addr::UNSPECIFIED.octets());
    }
    bytes.extend(segments.iter().rev().flat_map(Ipv6Addr::octets));
    if let Some(key) = hmac_key {
        bytes.extend([HMAC_TLV, HMAC_LENGTH, 0, 0]);
        bytes.extend(key.to_be_bytes());
        bytes.extend([0; 32]);
    }
    bytes
}

/// A source routing header of RPL, without compression: `segments` in the order of the visit.
pub fn rpl_srh(segments: &[Ipv6Addr]) -> Vec<u8> {
    let left = u8::try_from(segments.len()).unwrap_or(u8::MAX);
    let mut bytes = alloc::vec![0, units(segments.len(), 0), TYPE_RPL, left, 0, 0, 0, 0];
    bytes.extend(segments.iter().rev().flat_map(Ipv6Addr::octets));
    bytes
}

/// Length as routing headers count it: in 8 bytes, without the first 8.
fn units(segments: usize, tail: usize) -> u8 {
    u8::try_from(segments.saturating_mul(SEGMENT).saturating_add(tail) / FIXED).unwrap_or(u8::MAX)
}
