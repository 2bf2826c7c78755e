//! The header of every netlink message (`struct nlmsghdr`, `linux/netlink.h`) and walking a datagram of them.

use core::fmt;

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, native_endian as ne};

/// `NLMSG_NOOP`: to be ignored.
pub const NOOP: u16 = 1;
/// `NLMSG_ERROR`: an error, or an acknowledgement where the errno is 0.
pub const ERROR: u16 = 2;
/// `NLMSG_DONE`: the end of a dump.
pub const DONE: u16 = 3;
/// `NLMSG_OVERRUN`: data was lost.
pub const OVERRUN: u16 = 4;
/// `NLMSG_MIN_TYPE`: types below are control messages.
pub const MIN_TYPE: u16 = 16;

/// `NLM_F_REQUEST`: it is a request.
pub const REQUEST: u16 = 0x1;
/// `NLM_F_MULTI`: one of several messages that `NLMSG_DONE` ends.
pub const MULTI: u16 = 0x2;
/// `NLM_F_ACK`: an acknowledgement is asked for.
pub const ACK: u16 = 0x4;
/// `NLM_F_ECHO`: the notification that the request sets off is wanted as a reply.
pub const ECHO: u16 = 0x8;
/// `NLM_F_DUMP_INTR`: the table changed while it was dumped.
pub const DUMP_INTR: u16 = 0x10;
/// `NLM_F_DUMP_FILTERED`: the dump was filtered as asked.
pub const DUMP_FILTERED: u16 = 0x20;
/// `NLM_F_DUMP`: all objects are wanted.
pub const DUMP: u16 = 0x300;
/// `NLM_F_REPLACE`: replaces what exists.
pub const REPLACE: u16 = 0x100;
/// `NLM_F_EXCL`: fails if it exists.
pub const EXCL: u16 = 0x200;
/// `NLM_F_CREATE`: makes what does not exist.
pub const CREATE: u16 = 0x400;
/// `NLM_F_APPEND`: adds at the end of a list.
pub const APPEND: u16 = 0x800;
/// `NLM_F_NONREC` of a delete: not its children.
pub const NONREC: u16 = 0x100;
/// `NLM_F_BULK` of a delete: all that match.
pub const BULK: u16 = 0x200;
/// `NLM_F_CAPPED` of an acknowledgement: the request is not echoed beyond its header.
pub const CAPPED: u16 = 0x100;
/// `NLM_F_ACK_TLVS` of an acknowledgement: attributes of the extended ack follow.
pub const ACK_TLVS: u16 = 0x200;

/// Length of the header in bytes.
pub const HEADER: usize = 16;

/// Rounds up to a multiple of 4, as messages and attributes are padded.
#[inline]
pub const fn align(length: usize) -> usize {
    length.saturating_add(3) & !3
}

/// `struct nlmsghdr`; without alignment, so that a message may lie anywhere.
#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned, Clone, Copy)]
#[repr(C)]
pub struct Header {
    length: ne::U32,
    command: ne::U16,
    flags: ne::U16,
    sequence: ne::U32,
    port: ne::U32,
}

impl Header {
    /// A header; `length` counts itself and the payload, in bytes.
    pub fn new(length: u32, command: u16, flags: u16, sequence: u32, port: u32) -> Self {
        Self {
            length: length.into(),
            command: command.into(),
            flags: flags.into(),
            sequence: sequence.into(),
            port: port.into(),
        }
    }
    /// The header that `bytes` begin with; None if they are shorter.
    #[inline]
    pub fn read(bytes: &[u8]) -> Option<&Self> {
        Self::ref_from_prefix(bytes).ok().map(|(header, _)| header)
    }
    /// Its bytes.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }
    /// Length of the message with this header, without padding, in bytes.
    #[inline]
    pub fn length(&self) -> usize {
        usize::try_from(self.length.get()).unwrap_or(usize::MAX)
    }
    /// Message type: [`ERROR`], [`DONE`], …, or from [`MIN_TYPE`] on the protocol's own command.
    #[inline]
    pub fn command(&self) -> u16 {
        self.command.get()
    }
    /// `NLM_F_*` bits.
    #[inline]
    pub fn flags(&self) -> u16 {
        self.flags.get()
    }
    /// Sequence number: a reply has its request's; 0 in notifications.
    #[inline]
    pub fn sequence(&self) -> u32 {
        self.sequence.get()
    }
    /// Port of the socket that asked; 0 where the kernel speaks by itself.
    #[inline]
    pub fn port(&self) -> u32 {
        self.port.get()
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Header")
            .field("length", &self.length())
            .field("command", &self.command())
            .field("flags", &format_args!("{:#x}", self.flags()))
            .field("sequence", &self.sequence())
            .field("port", &self.port())
            .finish()
    }
}

/// A message of a datagram: header and what follows it.
#[derive(Clone, Copy, Debug)]
pub struct RawMessage<'a> {
    /// The header.
    pub header: &'a Header,
    /// All after the header, without padding.
    pub payload: &'a [u8],
}

/// Walks the messages of a datagram. Ends at the first length that does not fit, as the kernel does.
///
/// ```
/// use netloom_wire::{Messages, nlmsg};
///
/// let mut datagram = [0; 20];
/// datagram[0] = 20; // length, on a little-endian machine
/// # datagram[..4].copy_from_slice(&20u32.to_ne_bytes());
/// datagram[4..6].copy_from_slice(&nlmsg::DONE.to_ne_bytes());
/// let mut messages = Messages::new(&datagram);
/// assert_eq!(messages.next().map(|m| m.header.command()), Some(nlmsg::DONE));
/// assert!(messages.next().is_none() && messages.rest().is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct Messages<'a> {
    bytes: &'a [u8],
}

impl<'a> Messages<'a> {
    /// Walks `bytes`, a datagram or its rest.
    #[inline]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// What has not been walked: empty after a well-formed datagram.
    #[inline]
    pub fn rest(&self) -> &'a [u8] {
        self.bytes
    }
}

impl<'a> Iterator for Messages<'a> {
    type Item = RawMessage<'a>;

    #[inline]
    fn next(&mut self) -> Option<RawMessage<'a>> {
        let header = Header::read(self.bytes)?;
        let length = header.length();
        let payload = self.bytes.get(HEADER..length)?;
        self.bytes = self.bytes.get(align(length)..).unwrap_or_default();
        Some(RawMessage { header, payload })
    }
}
