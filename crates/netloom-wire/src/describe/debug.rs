//! A tree shown to people.

use alloc::{format, string::String, vec::Vec};
use core::fmt;

use super::fields::{Fields, Node, elements, items, members, nests};
use crate::{Enum, Kind};

/// Bytes in hexadecimal.
pub(super) struct Hex<'a>(pub(super) &'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Names of the bits that are set; bits without a name follow as one number.
pub(super) fn names(named: &'static Enum, bits: u64) -> impl Iterator<Item = String> {
    let unnamed = named.entries.iter().fold(bits, |left, entry| left & !entry.value);
    let set = named.entries.iter().filter(move |entry| bits & entry.value == entry.value && entry.value != 0);
    set.map(|entry| entry.name.into()).chain((unnamed != 0).then(|| format!("{unnamed:#x}")))
}

/// Debug of every type of flags: `LinkFlags(UP | LOWER_UP)`, unnamed bits as one number.
#[doc(hidden)]
pub fn debug_flags(name: &str, kind: Kind, bits: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match kind {
        Kind::Flags(named) if bits != 0 => write!(f, "{name}({})", names(named, bits).collect::<Vec<_>>().join(" | ")),
        _ => write!(f, "{name}({bits:#x})"),
    }
}

impl fmt::Debug for Fields<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct((self.layout.set)().name.rsplit('/').next().unwrap_or_default());
        if let Some((header, bytes)) = self.header() {
            members(header, bytes).for_each(|(name, value)| {
                shown.field(name, &value);
            });
        }
        for (tlv, row, value) in self.attributes() {
            match row {
                Some(row) => shown.field(row.name, &value),
                None => shown.field(&format!("#{}", tlv.number()), &value),
            };
        }
        shown.finish()
    }
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Node::Unsigned(number) => write!(f, "{number}"),
            Node::Signed(number) => write!(f, "{number}"),
            Node::Text(text) => write!(f, "{text:?}"),
            Node::Flag => f.write_str("true"),
            Node::Ip(ip) => write!(f, "{ip}"),
            Node::HardwareAddress(address) => write!(f, "{address}"),
            Node::Bitfield32(bits) => write!(f, "{:#x}/{:#x}", bits.value, bits.selector),
            Node::Via(via) => write!(f, "{via}"),
            Node::Named(named, number) => match named.get(number) {
                Some(entry) => f.write_str(entry.name),
                None => write!(f, "{number}"),
            },
            Node::Bits(named, bits) => f.write_str(&names(named, bits).collect::<Vec<_>>().join("|")),
            Node::Struct(layout, bytes) => {
                let mut shown = f.debug_struct(layout.name);
                members(layout, bytes).for_each(|(name, value)| {
                    shown.field(name, &value);
                });
                shown.finish()
            }
            Node::Fields(fields) => fields.fmt(f),
            Node::List(kind, bytes, depth) => {
                f.debug_list().entries(items(kind, bytes, depth).map(|(_, item)| item)).finish()
            }
            Node::Records(..) => f.debug_list().entries(nests(*self).into_iter().map(|(_, nest)| nest)).finish(),
            Node::Array(kind, bytes) => f.debug_list().entries(elements(kind, bytes)).finish(),
            Node::Bytes(bytes) => write!(f, "x\"{}\"", Hex(bytes)),
        }
    }
}
