//! A message as a tree.

use alloc::{vec, vec::Vec};
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{
    Attribute, Bitfield32, Enum, HardwareAddress, Key, Kind, Layout, Payload, Records, Struct, Tlv, Tlvs, Via,
};

/// Nests deeper than this are shown as bytes: input from outside must not exhaust the stack.
const DEPTH: u8 = 16;

/// A message or a nest, as a tree.
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    pub(super) layout: &'static Layout,
    pub(super) bytes: &'a [u8],
    depth: u8,
}

/// A value of the tree.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Node<'a> {
    /// A number without sign.
    Unsigned(u64),
    /// A number with sign.
    Signed(i64),
    /// A text.
    Text(&'a str),
    /// True by being there.
    Flag,
    /// An IP address.
    Ip(IpAddr),
    /// A hardware address.
    HardwareAddress(HardwareAddress),
    /// Value and selector.
    Bitfield32(Bitfield32),
    /// An address with its family.
    Via(Via),
    /// A number that may have a name.
    Named(&'static Enum, u64),
    /// Bits that may have names.
    Bits(&'static Enum, u64),
    /// A fixed struct and its bytes, which may be fewer or more than it has.
    Struct(&'static Struct, &'a [u8]),
    /// A nest.
    Fields(Fields<'a>),
    /// Values as attributes whose numbers only count; the depth is for nests in it.
    List(&'static Kind, &'a [u8], u8),
    /// Records of this layout.
    Records(&'static Layout, &'a [u8], u8),
    /// Values of a fixed width.
    Array(&'static Kind, &'a [u8]),
    /// Anything else, and what does not fit its kind.
    Bytes(&'a [u8]),
}

fn unsigned(bytes: &[u8]) -> Option<u64> {
    match *bytes {
        [a] => Some(a.into()),
        [a, b] => Some(u16::from_ne_bytes([a, b]).into()),
        [a, b, c, d] => Some(u32::from_ne_bytes([a, b, c, d]).into()),
        _ => Some(u64::from_ne_bytes(bytes.try_into().ok()?)),
    }
}

/// Reads a number of a named kind; one with a sign keeps its bits.
fn number(width: &'static Kind, payload: &[u8]) -> Option<u64> {
    match node(width, payload, DEPTH)? {
        Node::Unsigned(number) => Some(number),
        Node::Signed(number) => Some(u64::from_ne_bytes(number.to_ne_bytes())),
        _ => None,
    }
}

/// Reads `payload` as `kind`, where no sibling is needed for that. None if it does not fit.
pub(super) fn node<'a>(kind: &'static Kind, payload: &'a [u8], depth: u8) -> Option<Node<'a>> {
    let exact = |width: usize| (payload.len() == width).then(|| unsigned(payload)).flatten();
    Some(match kind {
        Kind::U8 => Node::Unsigned(exact(1)?),
        Kind::U16 => Node::Unsigned(exact(2)?),
        Kind::U32 => Node::Unsigned(exact(4)?),
        Kind::U64 => Node::Unsigned(exact(8)?),
        Kind::I8 => Node::Signed(i8::get(payload)?.into()),
        Kind::I16 => Node::Signed(i16::get(payload)?.into()),
        Kind::I32 => Node::Signed(i32::get(payload)?.into()),
        Kind::I64 => Node::Signed(i64::get(payload)?),
        Kind::Be16 => Node::Unsigned(<crate::Be16 as Payload>::get(payload)?.into()),
        Kind::Be32 => Node::Unsigned(<crate::Be32 as Payload>::get(payload)?.into()),
        Kind::Be64 => Node::Unsigned(<crate::Be64 as Payload>::get(payload)?),
        Kind::Uint => Node::Unsigned(crate::Uint::get(payload)?),
        Kind::Int => Node::Signed(crate::Int::get(payload)?),
        Kind::String => Node::Text(<str as Payload>::get(payload)?),
        Kind::Bytes | Kind::Select { .. } => Node::Bytes(payload),
        Kind::Flag => payload.is_empty().then_some(Node::Flag)?,
        Kind::Ip => Node::Ip(IpAddr::get(payload)?),
        Kind::Ip4 => Node::Ip(Ipv4Addr::get(payload)?.into()),
        Kind::Ip6 => Node::Ip(Ipv6Addr::get(payload)?.into()),
        Kind::HardwareAddress => Node::HardwareAddress(HardwareAddress::get(payload)?),
        Kind::Bitfield32 => Node::Bitfield32(Bitfield32::get(payload)?),
        Kind::Via => Node::Via(Via::get(payload)?),
        Kind::Struct(layout) => Node::Struct(layout, payload),
        Kind::Enum(named) => Node::Named(named, number(&named.width, payload)?),
        Kind::Flags(named) => Node::Bits(named, number(&named.width, payload)?),
        Kind::Array(of) => {
            let width = of.width()?;
            (payload.len().checked_rem(width)? == 0).then_some(Node::Array(of, payload))?
        }
        Kind::Nest(_) | Kind::List(_) | Kind::Records(_) if depth >= DEPTH => Node::Bytes(payload),
        Kind::Nest(shape) => {
            let layout = shape();
            (payload.len() >= layout.header_size()).then_some(())?;
            Node::Fields(Fields { layout, bytes: payload, depth })
        }
        Kind::List(of) => Node::List(of, payload, depth),
        Kind::Records(shape) => Node::Records(shape(), payload, depth),
    })
}

impl<'a> Fields<'a> {
    /// Sees `bytes` as `layout`.
    pub fn new(layout: &'static Layout, bytes: &'a [u8]) -> Self {
        Fields { layout, bytes, depth: 0 }
    }

    /// What the bytes are seen as.
    pub fn layout(&self) -> &'static Layout {
        self.layout
    }

    /// The bytes, header and all.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The header and its bytes, if there is one and it is whole.
    pub fn header(&self) -> Option<(&'static Struct, &'a [u8])> {
        let header = self.layout.header?;
        Some((header, self.bytes.get(..header.size)?))
    }

    /// Where attributes begin, in bytes.
    pub(super) fn start(&self) -> usize {
        self.layout.header_size()
    }

    /// The attributes.
    pub(super) fn run(&self) -> &'a [u8] {
        self.bytes.get(self.start()..).unwrap_or_default()
    }

    pub(super) fn tlvs(&self) -> Tlvs<'a> {
        Tlvs::new(self.run())
    }

    /// The kind of a row, with a [`Kind::Select`] decided by its sibling or the header.
    pub(super) fn decided(&self, kind: &'static Kind) -> &'static Kind {
        let Kind::Select { by, cases } = kind else { return kind };
        let sibling = || {
            let row = (self.layout.set)().named(by)?;
            self.tlvs().find(|tlv| tlv.number() == row.number).map(|tlv| tlv.payload)
        };
        let member = || {
            let (header, bytes) = self.header()?;
            let member = header.members.iter().find(|member| member.name == *by)?;
            bytes.get(member.offset..member.offset.checked_add(member.size)?)
        };
        let key = sibling().or_else(member);
        let case = cases.iter().find(|case| match case.key {
            Key::Str(text) => key.and_then(<str as Payload>::get) == Some(text),
            Key::Number(number) => key.and_then(unsigned) == Some(number),
        });
        case.map_or(&Kind::Bytes, |case| &case.kind)
    }

    /// Attributes with their rows and values; an unknown one has no row.
    pub fn attributes(&self) -> impl Iterator<Item = (Tlv<'a>, Option<&'static Attribute>, Node<'a>)> + use<'a> {
        let this = *self;
        self.tlvs().map(move |tlv| {
            let row = (this.layout.set)().get(tlv.number());
            let value = row.and_then(|row| node(this.decided(&row.kind), tlv.payload, this.inner_depth()));
            (tlv, row, value.unwrap_or(Node::Bytes(tlv.payload)))
        })
    }

    pub(super) fn inner_depth(&self) -> u8 {
        self.depth.saturating_add(1)
    }
}

/// Members of a struct with their values; padding is left out.
pub(super) fn members<'a>(
    layout: &'static Struct,
    bytes: &'a [u8],
) -> impl Iterator<Item = (&'static str, Node<'a>)> + use<'a> {
    layout.members.iter().filter(|member| !member.name.starts_with('_')).filter_map(|member| {
        let value = bytes.get(member.offset..member.offset.checked_add(member.size)?)?;
        Some((member.name, node(&member.kind, value, DEPTH)?))
    })
}

/// Values of an array.
pub(super) fn elements<'a>(kind: &'static Kind, bytes: &'a [u8]) -> impl Iterator<Item = Node<'a>> + use<'a> {
    let width = kind.width().filter(|width| *width > 0).unwrap_or(1);
    bytes.chunks_exact(width).filter_map(move |value| node(kind, value, DEPTH))
}

/// Values of a list with their attributes.
pub(super) fn items<'a>(
    kind: &'static Kind,
    bytes: &'a [u8],
    depth: u8,
) -> impl Iterator<Item = (Tlv<'a>, Node<'a>)> + use<'a> {
    Tlvs::new(bytes)
        .map(move |tlv| (tlv, node(kind, tlv.payload, depth.saturating_add(1)).unwrap_or(Node::Bytes(tlv.payload))))
}

/// Nests directly inside a value, with their offsets.
pub(super) fn nests(value: Node<'_>) -> Vec<(usize, Fields<'_>)> {
    match value {
        Node::Fields(fields) => vec![(0, fields)],
        Node::List(kind, bytes, depth) => items(kind, bytes, depth)
            .flat_map(|(tlv, item)| {
                let base = tlv.payload_offset();
                nests(item).into_iter().map(move |(at, nest)| (base.saturating_add(at), nest))
            })
            .collect(),
        Node::Records(layout, bytes, depth) => {
            let (mut records, mut found) = (Records::<()>::new(bytes), Vec::new());
            loop {
                let at = bytes.len().saturating_sub(records.rest().len());
                let Some(bytes) = records.next_bytes() else { break found };
                found.push((at, Fields { layout, bytes, depth: depth.saturating_add(1) }));
            }
        }
        _ => Vec::new(),
    }
}
