//! Generic netlink: many families on one protocol, each behind a number that the kernel gives out when the family is
//! registered (`linux/genetlink.h`).
//!
//! The number stands where other protocols have the message type; the command lies in a header of its own
//! (`struct genlmsghdr`), before what [`Request::write`](crate::Request::write) writes. The number is asked for by name,
//! of the [controller](crate::controller).

/// `NETLINK_GENERIC`, the third argument of `socket(2)` for every family.
pub const PROTOCOL: u16 = 16;

/// Length of `struct genlmsghdr`, in bytes.
pub const HEADER: usize = 4;

/// What a table takes for granted of its family of generic netlink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Generic {
    /// Version of the interface: requests carry it, and the kernel's must not be lower.
    pub version: u8,
    /// Length in bytes of the family's own header, between the `genlmsghdr` and the attributes.
    pub header: usize,
    /// Module that usually provides the family, for the error where it is not there; empty if it is built in.
    pub module: &'static str,
}

/// `struct genlmsghdr` before a request.
pub const fn header(command: u16, version: u8) -> [u8; HEADER] {
    // The kernel's field has 8 bits; tables name no command above.
    [command.to_le_bytes()[0], version, 0, 0]
}

/// Command and body of a message of generic netlink, given what follows its `nlmsghdr`; None if that is too short.
#[inline]
pub fn split(payload: &[u8]) -> Option<(u16, &[u8])> {
    let ([command, ..], body) = payload.split_first_chunk::<HEADER>()?;
    Some((u16::from(*command), body))
}
