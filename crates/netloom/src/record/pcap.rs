//! The capture format: pcap, link type 253 (`LINKTYPE_NETLINK`), in this machine's byte order.

use std::io::{self, Write};

/// Nanoseconds since 1970 stand in the headers of packets.
const MAGIC: u32 = 0xa1b2_3c4d;
const FILE_HEADER: usize = 24;
const PACKET_HEADER: usize = 16;
/// Before each datagram, in network byte order: direction, `ARPHRD_NETLINK`, ten bytes for which netlink has no use,
/// protocol. In the last eight of the ten stands who received it, and the group that it was sent to.
const PSEUDO_HEADER: usize = 16;
const LINK_TYPE: u32 = 253;
/// `ARPHRD_NETLINK` (`linux/if_arp.h`).
const HARDWARE: u16 = 824;

/// Which way a datagram went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Direction {
    /// `PACKET_KERNEL` (`linux/if_packet.h`).
    ToKernel,
    /// `PACKET_USER`.
    FromKernel,
}

impl Direction {
    const fn number(self) -> u16 {
        match self {
            Self::ToKernel => 7,
            Self::FromKernel => 6,
        }
    }
}

/// A datagram of a capture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packet<'a> {
    pub(super) direction: Direction,
    /// `NETLINK_*`.
    pub(super) protocol: u16,
    /// Port of the socket that received it; 0 of what was sent.
    pub(super) receiver: u32,
    /// Number of the group that it was sent to; 0 if it was sent to that socket alone.
    pub(super) group: u32,
    pub(super) datagram: &'a [u8],
}

/// Writes the header of a capture.
pub(super) fn begin(out: &mut impl Write) -> io::Result<()> {
    let versions = (2u16.to_ne_bytes(), 4u16.to_ne_bytes());
    let longest = (1u32 << 24).to_ne_bytes();
    out.write_all(&[&MAGIC.to_ne_bytes()[..], &versions.0, &versions.1, &[0; 8], &longest].concat())?;
    out.write_all(&LINK_TYPE.to_ne_bytes())
}

/// Writes a datagram, `since` 1970.
pub(super) fn packet(out: &mut impl Write, since: std::time::Duration, packet: &Packet<'_>) -> io::Result<()> {
    let Packet { direction, protocol, receiver, group, datagram } = packet;
    let length = u32::try_from(datagram.len().saturating_add(PSEUDO_HEADER)).map_err(io::Error::other)?.to_ne_bytes();
    // Until 2106.
    let seconds = u32::try_from(since.as_secs()).unwrap_or(u32::MAX).to_ne_bytes();
    out.write_all(&[seconds, since.subsec_nanos().to_ne_bytes(), length, length].concat())?;
    let link = [direction.number().to_be_bytes(), HARDWARE.to_be_bytes()].concat();
    let addressed = [receiver.to_be_bytes(), group.to_be_bytes()].concat();
    out.write_all(&[&link[..], &[0; 2], &addressed, &protocol.to_be_bytes()].concat())?;
    out.write_all(datagram)
}

/// The datagrams of a capture that [`packet`] wrote; None if it is another's, or cut.
pub(super) fn read(capture: &[u8]) -> Option<Vec<Packet<'_>>> {
    let (header, mut rest) = capture.split_at_checked(FILE_HEADER)?;
    if header.first_chunk() != Some(&MAGIC.to_ne_bytes()) || header.last_chunk() != Some(&LINK_TYPE.to_ne_bytes()) {
        return None;
    }
    let mut found = Vec::new();
    while !rest.is_empty() {
        let (header, more) = rest.split_at_checked(PACKET_HEADER)?;
        let length = u32::from_ne_bytes(*header.get(8..)?.first_chunk()?);
        let (packet, more) = more.split_at_checked(usize::try_from(length).ok()?)?;
        let (link, datagram) = packet.split_at_checked(PSEUDO_HEADER)?;
        let number = u16::from_be_bytes(*link.first_chunk()?);
        let direction = [Direction::ToKernel, Direction::FromKernel].into_iter().find(|way| way.number() == number)?;
        let number = |at: usize| Some(u32::from_be_bytes(*link.get(at..)?.first_chunk()?));
        let protocol = u16::from_be_bytes(*link.last_chunk()?);
        found.push(Packet { direction, protocol, receiver: number(6)?, group: number(10)?, datagram });
        rest = more;
    }
    Some(found)
}
