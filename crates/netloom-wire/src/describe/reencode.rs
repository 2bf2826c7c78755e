//! A message written again from its values: how a wrong kind in a table is found.

use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::fields::{Fields, nests, node};
use crate::{
    Be16, Be32, Be64, Bitfield32, Buffer, HardwareAddress, Int, Kind, Layout, NESTED, Payload, Struct, Tlv, Tlvs,
    TooLong, Uint, Via, align,
};

/// Reads a message as its tables say and writes it again from what was read, with the writers' own code.
///
/// Where every kind is right the result equals `bytes`: a text ends with one NUL or none, a number has its width and byte
/// order. The flag bits of types are kept, and so is what a newer kernel added behind a struct, and padding, in which some
/// programs leave what was there before. What does not fit its kind is copied; [`check`](crate::check) tells of it.
pub fn reencode(layout: &'static Layout, bytes: &[u8]) -> Result<Vec<u8>, TooLong> {
    let mut out = Buffer::new();
    fields(Fields::new(layout, bytes), &mut out);
    out.finish()
}

fn fields(tree: Fields<'_>, out: &mut Buffer) {
    if let Some((header, bytes)) = tree.header() {
        structure(header, bytes, out);
    }
    for (tlv, row, _) in tree.attributes() {
        let kind = row.map_or(&Kind::Bytes, |row| tree.decided(&row.kind));
        padded(kind, tree.run(), &tlv, tree.inner_depth(), out);
    }
}

/// Writes an attribute of a run, and what its padding holds.
fn padded(kind: &'static Kind, run: &[u8], tlv: &Tlv<'_>, depth: u8, out: &mut Buffer) {
    let start = out.len();
    attribute(kind, tlv.raw_type, tlv.payload, depth, out);
    let written = out.bytes().get(start..).and_then(|written| written.first_chunk()).map(|n| u16::from_ne_bytes(*n));
    let length = tlv.payload_offset().saturating_sub(tlv.offset).saturating_add(tlv.payload.len());
    // What is written otherwise than it was read, a text with several NULs, has padding of its own.
    if written.map(usize::from) == Some(length) {
        let end = tlv.payload_offset().saturating_add(tlv.payload.len());
        out.replace_end(run.get(end..align(end)).unwrap_or_default());
    }
}

fn attribute(kind: &'static Kind, raw_type: u16, payload: &[u8], depth: u8, out: &mut Buffer) {
    if number(kind, raw_type, payload, out).is_some() {
        return;
    }
    let open = out.open(raw_type);
    match kind {
        Kind::Struct(layout) => structure(layout, payload, out),
        Kind::Nest(_) | Kind::Records(_) => {
            let inner = node(kind, payload, depth).map(nests).unwrap_or_default();
            if inner.is_empty() {
                out.raw(payload);
            }
            for (_, nest) in inner {
                if matches!(kind, Kind::Records(_)) {
                    let mut record = Buffer::new();
                    fields(nest, &mut record);
                    out.record(record.bytes());
                } else {
                    fields(nest, out);
                }
            }
        }
        Kind::List(of) if node(kind, payload, depth).is_some() => {
            for tlv in Tlvs::new(payload) {
                padded(of, payload, &tlv, depth.saturating_add(1), out);
            }
        }
        Kind::Array(of) => match of.width().filter(|width| *width > 0) {
            Some(width) => payload.chunks(width).for_each(|value| element(of, value, out)),
            None => out.raw(payload),
        },
        _ => out.raw(payload),
    }
    out.close(open);
}

/// Writes a value that is one attribute, through its own kind.
fn number(kind: &'static Kind, raw_type: u16, payload: &[u8], out: &mut Buffer) -> Option<()> {
    fn again<T: Payload + ?Sized>(raw_type: u16, payload: &[u8], out: &mut Buffer) -> Option<()> {
        T::put(T::get(payload)?, raw_type, out);
        Some(())
    }
    match kind {
        Kind::U8 => again::<u8>(raw_type, payload, out),
        Kind::U16 => again::<u16>(raw_type, payload, out),
        Kind::U32 => again::<u32>(raw_type, payload, out),
        Kind::U64 => again::<u64>(raw_type, payload, out),
        Kind::I8 => again::<i8>(raw_type, payload, out),
        Kind::I16 => again::<i16>(raw_type, payload, out),
        Kind::I32 => again::<i32>(raw_type, payload, out),
        Kind::I64 => again::<i64>(raw_type, payload, out),
        Kind::Be16 => again::<Be16>(raw_type, payload, out),
        Kind::Be32 => again::<Be32>(raw_type, payload, out),
        Kind::Be64 => again::<Be64>(raw_type, payload, out),
        Kind::Uint => again::<Uint>(raw_type, payload, out),
        Kind::Int => again::<Int>(raw_type, payload, out),
        // iproute2 leaves the NUL of some texts out (`IFLA_INFO_KIND`), and the kernel takes both.
        Kind::String if payload.last().is_some_and(|last| *last != 0) => {
            <str as Payload>::get(payload)?;
            out.put(raw_type, payload);
            Some(())
        }
        Kind::String => again::<str>(raw_type, payload, out),
        Kind::Flag => again::<bool>(raw_type, payload, out),
        Kind::Ip => again::<IpAddr>(raw_type, payload, out),
        Kind::Ip4 => again::<Ipv4Addr>(raw_type, payload, out),
        Kind::Ip6 => again::<Ipv6Addr>(raw_type, payload, out),
        Kind::HardwareAddress => again::<HardwareAddress>(raw_type, payload, out),
        Kind::Bitfield32 => again::<Bitfield32>(raw_type, payload, out),
        Kind::Via => again::<Via>(raw_type, payload, out),
        Kind::Enum(named) | Kind::Flags(named) => number(&named.width, raw_type, payload, out),
        _ => None,
    }
}

/// Writes a value of an array or a member of a struct: the same as its attribute, without the header.
fn element(kind: &'static Kind, value: &[u8], out: &mut Buffer) {
    let mut single = Buffer::new();
    attribute(kind, NESTED, value, 0, &mut single);
    match Tlvs::new(single.bytes()).next() {
        Some(written) if single.error().is_none() => out.raw(written.payload),
        _ => out.raw(value),
    }
}

fn structure(layout: &'static Struct, bytes: &[u8], out: &mut Buffer) {
    let mut written = 0;
    for member in layout.members {
        let end = member.offset.saturating_add(member.size);
        let Some(value) = bytes.get(member.offset..end) else { break };
        out.raw(bytes.get(written..member.offset).unwrap_or_default());
        element(&member.kind, value, out);
        written = end;
    }
    out.raw(bytes.get(written..).unwrap_or_default());
}
