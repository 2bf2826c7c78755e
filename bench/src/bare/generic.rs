//! Generic netlink.

use std::os::fd::OwnedFd;

use anyhow::{Context, Result};
use rustix::net::{SendFlags, netlink, send};

use super::{ACK, BUFFER, each, find, get_once, message, socket};

/// `GENL_ID_CTRL`, the controller, which every kernel has.
pub const CONTROLLER: u16 = 16;
const GETFAMILY: u8 = 3;
const FAMILY_ID: u16 = 1;
const FAMILY_NAME: u16 = 2;
/// Length of genlmsghdr.
pub const HEADER: usize = 4;

/// A socket of generic netlink.
pub fn open() -> Result<OwnedFd> {
    socket(Some(netlink::GENERIC), 0)
}

/// Gets the controller's own description by its number, `count` times.
pub fn get(count: u32) -> Result<u64> {
    let (fd, mut request, mut buffer) = (open()?, Vec::new(), vec![0; BUFFER]);
    message(CONTROLLER, 0x1 | ACK, &[GETFAMILY, 2, 0, 0], &[(FAMILY_ID, &CONTROLLER.to_ne_bytes())], &mut request);
    let name = (HEADER, FAMILY_NAME);
    (0..count).try_fold(0, |seen, _| Ok(seen + u64::from(get_once(&fd, &request, &mut buffer, name)?)))
}

/// Number of the family with this name, which ends in a zero byte.
pub fn family(fd: &OwnedFd, name: &[u8]) -> Result<u16> {
    let mut request = Vec::new();
    message(CONTROLLER, 0x1 | ACK, &[GETFAMILY, 2, 0, 0], &[(FAMILY_NAME, name)], &mut request);
    send(fd, &request, SendFlags::empty())?;
    let mut id = None;
    each(fd, &mut vec![0; BUFFER], |_, payload| {
        let found = find(payload.get(HEADER..).unwrap_or_default(), FAMILY_ID);
        id = found.and_then(|id| Some(u16::from_ne_bytes(*id.first_chunk()?)));
    })?;
    id.context("no such family")
}
