//! Broken messages: golden ones cut, with false lengths, and nests without end. Whatever reads a message gets them, and
//! nothing panics.

#[path = "support/hostile.rs"]
mod hostile;

use hostile::{as_extended_ack, by_description, by_getters};
use netloom_route::{link::Link, message_types};
use netloom_testkit::Golden;
use netloom_wire::{Fields, Kind, Layout, NESTED, Node, Tlvs, View, align, check, nlmsg};

/// What takes long is done at every so manyth place only; odd, so that no place within an attribute is left out for good.
const STRIDE: usize = 61;

struct Message {
    number: u16,
    layout: &'static Layout,
    bytes: Vec<u8>,
}

impl Message {
    fn in_every_way(&self, bytes: &[u8]) {
        by_description(self.layout, bytes);
        by_getters(self.number, bytes);
        as_extended_ack(self.layout, bytes);
    }
}

/// Every golden message, without its `nlmsghdr`.
fn messages() -> impl Iterator<Item = Message> {
    Golden::all().into_iter().flat_map(|golden| golden.messages).map(|message| {
        let number = u16::from_ne_bytes([message[4], message[5]]);
        let kind = message_types().iter().find(|kind| kind.number == number);
        let kind = kind.unwrap_or_else(|| panic!("no table for message type {number}"));
        Message { number, layout: (kind.layout)(), bytes: message[nlmsg::HEADER..].to_vec() }
    })
}

/// Where the attributes of a message begin, at whatever depth, with their lengths and types.
fn attributes(tree: Fields<'_>, base: usize, found: &mut Vec<(usize, u16, usize)>) {
    for (tlv, _, node) in tree.attributes() {
        found.push((tlv.payload.as_ptr() as usize - base - 4, tlv.raw_type, tlv.payload.len()));
        match node {
            Node::Fields(inner) => attributes(inner, base, found),
            Node::List(kind, bytes, _) => {
                for item in Tlvs::new(bytes) {
                    found.push((item.payload.as_ptr() as usize - base - 4, item.raw_type, item.payload.len()));
                    if let Kind::Nest(layout) = kind {
                        attributes(Fields::new(layout(), item.payload), base, found);
                    }
                }
            }
            Node::Records(layout, mut bytes, _) => {
                while let Some(length) = bytes.first_chunk().map(|length| usize::from(u16::from_ne_bytes(*length))) {
                    let Some(record) = bytes.get(..length).filter(|record| record.len() >= 2) else { break };
                    found.push((bytes.as_ptr() as usize - base, 0, length));
                    attributes(Fields::new(layout, record), base, found);
                    bytes = bytes.get(align(length)..).unwrap_or_default();
                }
            }
            _ => {}
        }
    }
}

/// What the others rely on: it is the getters that are called, down to the innermost nest.
#[test]
fn the_getters_are_called() {
    let mut link = vec![0; 16];
    let data = attribute(2, &attribute(1, &7u32.to_ne_bytes()));
    link.extend(attribute(18, &[attribute(1, b"vxlan\0"), data].concat()));
    let text = format!("{:-?}", Link::view(&link));
    assert!(text.contains("Some({Some(\"vxlan\")") && text.contains("Some(Vxlan({Some(7), "), "{text}");
    // Of what they found nothing, too.
    assert!(text.matches("None").count() > 60, "{text}");
}

#[test]
fn whole_messages_are_read_in_every_way() {
    messages().for_each(|message| message.in_every_way(&message.bytes));
}

#[test]
fn messages_cut_anywhere_never_panic() {
    let mut nth = 0;
    for message in messages() {
        for length in 0..message.bytes.len() {
            let cut = &message.bytes[..length];
            let _ = check(message.layout, cut);
            nth += 1;
            if nth % STRIDE == 0 {
                message.in_every_way(cut);
            }
        }
    }
}

#[test]
fn false_lengths_at_any_attribute_never_panic() {
    let mut nth = 0;
    for message in messages() {
        let mut found = Vec::new();
        attributes(Fields::new(message.layout, &message.bytes), message.bytes.as_ptr() as usize, &mut found);
        for (at, _, length) in found {
            let length = u16::try_from(length).unwrap_or(u16::MAX);
            for lie in [0, 1, 3, 4, 5, length.wrapping_add(3), length.wrapping_add(5), u16::MAX] {
                let mut broken = message.bytes.clone();
                broken[at..at + 2].copy_from_slice(&lie.to_ne_bytes());
                let _ = check(message.layout, &broken);
                nth += 1;
                if nth % STRIDE == 0 {
                    message.in_every_way(&broken);
                }
            }
        }
    }
}

/// An attribute in an attribute and so on: with each number of each message, and down every path that the tables know.
#[test]
fn nests_within_nests_end_somewhere() {
    for kind in message_types() {
        let layout = (kind.layout)();
        let message = |bytes| Message { number: kind.number, layout, bytes };
        for row in (layout.set)().attributes {
            let bomb = vec![0; layout.header_size()];
            let bomb = message([bomb, nested(&[row.number], 2000)].concat());
            bomb.in_every_way(&bomb.bytes);
        }
    }
}

/// `depth` attributes, each in the one before, whose numbers go round.
fn nested(numbers: &[u16], depth: u16) -> Vec<u8> {
    let mut bomb = Vec::new();
    for (left, number) in (1..=depth).rev().zip(numbers.iter().cycle()) {
        bomb.extend_from_slice(&(left * 4).to_ne_bytes());
        bomb.extend_from_slice(&(number | NESTED).to_ne_bytes());
    }
    bomb
}

/// The table of a link holds itself: a veth's data hold a whole link, its peer.
#[test]
fn a_peer_of_a_peer_of_a_peer_ends_somewhere() {
    let kind = message_types().iter().find(|kind| kind.kernel == "RTM_NEWLINK");
    let kind = kind.unwrap_or_else(|| panic!("links are known"));
    let mut link = Vec::new();
    while link.len() < 60_000 {
        // VETH_INFO_PEER in IFLA_INFO_DATA, beside IFLA_INFO_KIND, in IFLA_LINKINFO, behind a header.
        let data = attribute(2, &attribute(1, &link));
        let info = attribute(18, &[attribute(1, b"veth\0"), data].concat());
        link = [vec![0; 16], info].concat();
    }
    let message = Message { number: kind.number, layout: (kind.layout)(), bytes: link };
    message.in_every_way(&message.bytes);
}

fn attribute(number: u16, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 4).unwrap_or(u16::MAX);
    let mut bytes = [length.to_ne_bytes(), number.to_ne_bytes()].concat();
    bytes.extend_from_slice(payload);
    bytes.resize(align(bytes.len()), 0);
    bytes
}
