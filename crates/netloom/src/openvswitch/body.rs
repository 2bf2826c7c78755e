//! What bodies of link messages have in common with others, and what Open vSwitch needs besides.

use netloom_route::link::Link;
use netloom_wire::{Buffer, Error, Result, View};

pub(super) use crate::link_body::{INFO_DATA, INFO_KIND, LINK_INFO, nest, put_info_without, without};

/// `IFLA_IFNAME`, `IFLA_MASTER`, `IFLA_EXT_MASK`, `IFLA_ALT_IFNAME`.
pub(super) const NAME: u16 = 3;
pub(super) const MASTER: u16 = 10;
pub(super) const EXT_MASK: u16 = 29;
pub(super) const ALTERNATIVE_NAME: u16 = 53;

/// `IFLA_INFO_XSTATS`, `IFLA_INFO_SLAVE_KIND`, `IFLA_INFO_SLAVE_DATA`.
pub(super) const INFO_XSTATS: u16 = 3;
pub(super) const INFO_PORT_KIND: u16 = 4;
pub(super) const INFO_PORT_DATA: u16 = 5;

/// Whether the message asks for nothing: which link is meant is no wish.
pub(super) fn is_empty(body: &[u8]) -> bool {
    const NAMING: [u16; 3] = [NAME, ALTERNATIVE_NAME, EXT_MASK];
    let Some(link) = Link::view(body) else { return true };
    link.change() == 0 && link.flags() == 0 && link.tlvs().all(|tlv| NAMING.contains(&tlv.number()))
}

/// Appends a string with its NUL.
pub(super) fn text(body: &mut Buffer, number: u16, text: &str) {
    body.put(number, &[text.as_bytes(), &[0]].concat());
}

pub(super) fn finished(body: Buffer) -> Result<Vec<u8>> {
    body.finish().map_err(Error::from)
}
