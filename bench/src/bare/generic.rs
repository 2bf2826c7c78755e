//! Generic netlink.

use std::os::fd::OwnedFd;

use anyhow::{Context, Result, ensure};
use rustix::net::{RecvFlags, SendFlags, netlink, recvfrom, send};

use super::{ACK, BUFFER, each, exchange, find, get_once, message, socket};

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

/// `CTRL_ATTR_FAMILY_NAME` after a genlmsghdr.
const NAME: (usize, u16) = (HEADER, FAMILY_NAME);

fn controller_request() -> Vec<u8> {
    let mut request = Vec::new();
    message(CONTROLLER, 0x1 | ACK, &[GETFAMILY, 2, 0, 0], &[(FAMILY_ID, &CONTROLLER.to_ne_bytes())], &mut request);
    request
}

/// Gets the controller's own description by its number, `count` times.
pub fn get(count: u32) -> Result<u64> {
    let (fd, request, mut buffer) = (open()?, controller_request(), vec![0; BUFFER]);
    (0..count).try_fold(0, |seen, _| Ok(seen + u64::from(get_once(&fd, &request, &mut buffer, NAME)?)))
}

/// The same with what nobody can leave out who must not take another process's message for the kernel's: the address of
/// each sender.
pub fn get_checked(count: u32) -> Result<u64> {
    let (fd, request, mut buffer) = (open()?, controller_request(), vec![0; BUFFER]);
    let from_kernel = |fd: &OwnedFd, buffer: &mut [u8]| {
        let (received, _, sender) = recvfrom(fd, buffer, RecvFlags::empty())?;
        let sender = netlink::SocketAddrNetlink::try_from(sender.context("no sender")?)?;
        ensure!(sender.pid() == 0, "a message of port {}", sender.pid());
        Ok(received)
    };
    let mut seen = 0;
    for _ in 0..count {
        seen += u64::from(exchange(&request, &fd, &mut buffer, NAME, from_kernel)?);
    }
    Ok(seen)
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
