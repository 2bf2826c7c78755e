//! Bodies of link messages, attribute by attribute: what is not touched stays as it is, bit by bit.

use netloom_route::link::Link;
use netloom_wire::{Buffer, NESTED, Tlvs, View, find};

/// `IFLA_LINKINFO`, and in it `IFLA_INFO_KIND` and `IFLA_INFO_DATA` (`linux/if_link.h`).
pub(crate) const LINK_INFO: u16 = 18;
pub(crate) const INFO_KIND: u16 = 1;
pub(crate) const INFO_DATA: u16 = 2;

/// `struct ifinfomsg`.
const HEADER: usize = 16;

/// Header and attributes of a link.
fn split(link: &Link) -> (&[u8], &[u8]) {
    link.bytes().split_at_checked(HEADER).unwrap_or_default()
}

/// The message without these attributes, to be gone on with.
pub(crate) fn without(link: &Link, numbers: &[u16]) -> Buffer {
    let (header, attributes) = split(link);
    let mut body = Buffer::new();
    body.raw(header);
    for tlv in Tlvs::new(attributes).filter(|tlv| !numbers.contains(&tlv.number())) {
        body.put(tlv.raw_type, tlv.payload);
    }
    body
}

/// Appends what a link tells of its kind, without these attributes.
pub(crate) fn put_info_without(body: &mut Buffer, link: &Link, numbers: &[u16]) {
    let info = find(split(link).1, LINK_INFO).unwrap_or_default();
    for tlv in Tlvs::new(info).filter(|tlv| !numbers.contains(&tlv.number())) {
        body.put(tlv.raw_type, tlv.payload);
    }
}

/// Appends a nest.
pub(crate) fn nest(body: &mut Buffer, number: u16, fill: impl FnOnce(&mut Buffer)) {
    let open = body.open(number | NESTED);
    fill(body);
    body.close(open);
}
