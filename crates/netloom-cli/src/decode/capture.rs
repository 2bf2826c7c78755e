//! Captures of a netlink monitor device (`nlmon`): pcap and pcapng, link type 253 (`LINKTYPE_NETLINK`).

use super::Datagram;

/// `LINKTYPE_NETLINK`.
const NETLINK: u16 = 253;
/// Bytes before the datagram: a pseudo header in network byte order that ends with the protocol.
const PSEUDO_HEADER: usize = 16;

/// Byte order of a file.
#[derive(Clone, Copy)]
struct Order {
    big: bool,
}

impl Order {
    fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let value = *bytes.get(at..)?.first_chunk()?;
        Some(if self.big { u32::from_be_bytes(value) } else { u32::from_le_bytes(value) })
    }

    fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let value = *bytes.get(at..)?.first_chunk()?;
        Some(if self.big { u16::from_be_bytes(value) } else { u16::from_le_bytes(value) })
    }

    fn length(self, bytes: &[u8], at: usize) -> Option<usize> {
        usize::try_from(self.u32(bytes, at)?).ok()
    }
}

/// Reads a capture; None if the input is none.
pub(super) fn read(input: &[u8]) -> Option<Result<Vec<Datagram>, String>> {
    let magic: [u8; 4] = *input.first_chunk()?;
    let order = |big| Order { big };
    let found = match magic {
        [0xa1, 0xb2, 0xc3, 0xd4] | [0xa1, 0xb2, 0x3c, 0x4d] => (order(true), pcap(order(true), input)),
        [0xd4, 0xc3, 0xb2, 0xa1] | [0x4d, 0x3c, 0xb2, 0xa1] => (order(false), pcap(order(false), input)),
        [0x0a, 0x0d, 0x0d, 0x0a] => match input.get(8..12) {
            Some([0x1a, 0x2b, 0x3c, 0x4d]) => (order(true), pcapng(order(true), input)),
            _ => (order(false), pcapng(order(false), input)),
        },
        _ => return None,
    };
    let (order, datagrams) = found;
    if order.big != cfg!(target_endian = "big") {
        return Some(Err("the capture was made on a machine of the other byte order".into()));
    }
    Some(datagrams)
}

fn pcap(order: Order, input: &[u8]) -> Result<Vec<Datagram>, String> {
    // The upper half of the field tells of check sums.
    let link_type = order.u32(input, 20).ok_or("the capture is cut")? & 0xffff;
    if link_type != u32::from(NETLINK) {
        return Err(not_netlink(link_type));
    }
    let mut found = Vec::new();
    let mut rest = input.get(24..).unwrap_or_default();
    while !rest.is_empty() {
        let packet = order.length(rest, 8).and_then(|length| rest.get(16..16usize.checked_add(length)?));
        let packet = packet.ok_or("the capture is cut")?;
        found.extend(datagram(packet));
        rest = rest.get(16 + packet.len()..).unwrap_or_default();
    }
    Ok(found)
}

fn pcapng(order: Order, input: &[u8]) -> Result<Vec<Datagram>, String> {
    const SECTION: u32 = 0x0a0d_0d0a;
    const INTERFACE: u32 = 1;
    const SIMPLE: u32 = 3;
    const ENHANCED: u32 = 6;
    let mut found = Vec::new();
    let mut interfaces: Vec<u16> = Vec::new();
    let mut rest = input;
    while !rest.is_empty() {
        let block = order
            .length(rest, 4)
            .filter(|length| *length >= 12)
            .and_then(|length| Some((order.u32(rest, 0)?, rest.get(8..length.checked_sub(4)?)?, length)));
        let (kind, body, length) = block.ok_or("the capture is cut")?;
        let packet = match kind {
            SECTION => {
                interfaces.clear();
                None
            }
            INTERFACE => {
                interfaces.extend(order.u16(body, 0));
                None
            }
            SIMPLE => {
                let length = order.length(body, 0).unwrap_or_default().min(body.len().saturating_sub(4));
                body.get(4..).and_then(|data| data.get(..length)).map(|data| (0, data))
            }
            ENHANCED => order
                .length(body, 0)
                .zip(order.length(body, 12))
                .and_then(|(interface, length)| Some((interface, body.get(20..)?.get(..length)?))),
            _ => None,
        };
        if let Some((interface, data)) = packet {
            match interfaces.get(interface) {
                Some(&NETLINK) => found.extend(datagram(data)),
                Some(other) => return Err(not_netlink((*other).into())),
                None => return Err("a packet is of an interface that the capture does not describe".into()),
            }
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(found)
}

fn datagram(packet: &[u8]) -> Option<Datagram> {
    let (header, bytes) = packet.split_at_checked(PSEUDO_HEADER)?;
    let protocol = u16::from_be_bytes(*header.last_chunk()?);
    Some(Datagram { protocol: Some(protocol), bytes: bytes.to_vec() })
}

fn not_netlink(link_type: u32) -> String {
    format!("the capture is of link type {link_type}, not {NETLINK} (netlink): capture on a device of kind nlmon")
}
