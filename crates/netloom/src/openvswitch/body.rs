//! Bodies of link messages, attribute by attribute: what is not touched stays as it is, bit by bit.

use netloom_route::link::Link;
use netloom_wire::{Buffer, Error, NESTED, Result, Tlvs, View, find};

/// `IFLA_IFNAME`, `IFLA_MASTER`, `IFLA_LINKINFO`, `IFLA_EXT_MASK`, `IFLA_ALT_IFNAME`.
pub(super) const NAME: u16 = 3;
pub(super) const MASTER: u16 = 10;
pub(super) const LINK_INFO: u16 = 18;
pub(super) const EXT_MASK: u16 = 29;
pub(super) const ALTERNATIVE_NAME: u16 = 53;

/// `IFLA_INFO_KIND`, `IFLA_INFO_DATA`, `IFLA_INFO_XSTATS`, `IFLA_INFO_SLAVE_KIND`, `IFLA_INFO_SLAVE_DATA`.
pub(super) const INFO_KIND: u16 = 1;
pub(super) const INFO_DATA: u16 = 2;
pub(super) const INFO_XSTATS: u16 = 3;
pub(super) const INFO_PORT_KIND: u16 = 4;
pub(super) const INFO_PORT_DATA: u16 = 5;

/// `struct ifinfomsg`.
const HEADER: usize = 16;

/// Header and attributes of a link.
fn split(link: &Link) -> (&[u8], &[u8]) {
    link.bytes().split_at_checked(HEADER).unwrap_or_default()
}

/// The message without these attributes, to be gone on with.
pub(super) fn without(link: &Link, numbers: &[u16]) -> Buffer {
    let (header, attributes) = split(link);
    let mut body = Buffer::new();
    body.raw(header);
    for tlv in Tlvs::new(attributes).filter(|tlv| !numbers.contains(&tlv.number())) {
        body.put(tlv.raw_type, tlv.payload);
    }
    body
}

/// Whether the message asks for nothing: which link is meant is no wish.
pub(super) fn is_empty(body: &[u8]) -> bool {
    const NAMING: [u16; 3] = [NAME, ALTERNATIVE_NAME, EXT_MASK];
    let Some(link) = Link::view(body) else { return true };
    link.change() == 0 && link.flags() == 0 && Tlvs::new(split(link).1).all(|tlv| NAMING.contains(&tlv.number()))
}

/// Appends what a link tells of its kind, without these attributes.
pub(super) fn put_info_without(body: &mut Buffer, link: &Link, numbers: &[u16]) {
    let info = find(split(link).1, LINK_INFO).unwrap_or_default();
    for tlv in Tlvs::new(info).filter(|tlv| !numbers.contains(&tlv.number())) {
        body.put(tlv.raw_type, tlv.payload);
    }
}

/// Appends a nest.
pub(super) fn nest(body: &mut Buffer, number: u16, fill: impl FnOnce(&mut Buffer)) {
    let open = body.open(number | NESTED);
    fill(body);
    body.close(open);
}

/// Appends a string with its NUL.
pub(super) fn text(body: &mut Buffer, number: u16, text: &str) {
    body.put(number, &[text.as_bytes(), &[0]].concat());
}

pub(super) fn finished(body: Buffer) -> Result<Vec<u8>> {
    body.finish().map_err(Error::from)
}
