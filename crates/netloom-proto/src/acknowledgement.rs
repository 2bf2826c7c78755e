//! Reading `NLMSG_ERROR` and `NLMSG_DONE` (`linux/netlink.h`).

use netloom_wire::{Errno, Error, ErrorKind, ExtendedAck, Header, RawMessage, Result, Sent, align, nlmsg};

/// Reads an acknowledgement (`struct nlmsgerr`): an error, or what the kernel remarks on a success.
pub(crate) fn read_error(message: &RawMessage<'_>, sent: Option<Sent<'_>>) -> Result<ExtendedAck> {
    let Some((errno, rest)) = message.payload.split_first_chunk::<4>() else {
        return Err(Error::new(ErrorKind::Decode, "an acknowledgement without an errno"));
    };
    let said = if message.header.flags() & nlmsg::ACK_TLVS != 0 {
        ExtendedAck::read(after_echo(message.header.flags(), rest), sent)
    } else {
        ExtendedAck::default()
    };
    match i32::from_ne_bytes(*errno) {
        0 => Ok(said),
        errno => Err(Error::kernel(Errno(errno.saturating_abs()), said)),
    }
}

/// What follows the echo of the request: its header if the acknowledgement is capped, else all of it.
fn after_echo(flags: u16, echo: &[u8]) -> &[u8] {
    let length = match Header::read(echo) {
        Some(header) if flags & nlmsg::CAPPED == 0 => align(header.length()).max(nlmsg::HEADER),
        _ => nlmsg::HEADER,
    };
    echo.get(length..).unwrap_or_default()
}

/// Reads the end of a dump. Old kernels send it without payload, which is success.
pub(crate) fn read_done(message: &RawMessage<'_>, sent: Option<Sent<'_>>) -> Result<ExtendedAck> {
    let Some((errno, rest)) = message.payload.split_first_chunk::<4>() else { return Ok(ExtendedAck::default()) };
    let said = if message.header.flags() & nlmsg::ACK_TLVS != 0 {
        ExtendedAck::read(rest, sent)
    } else {
        ExtendedAck::default()
    };
    match i32::from_ne_bytes(*errno) {
        errno if errno < 0 => Err(Error::kernel(Errno(errno.saturating_abs()), said)),
        _ => Ok(said),
    }
}
