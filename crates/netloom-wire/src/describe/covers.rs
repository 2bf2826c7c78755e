//! Whether an object already is as a request wants it.

use super::{
    fields::{Fields, Node, node},
    path::Path,
};
use crate::{Kind, Layout, Tlv};

/// The first attribute of `wanted` that `there` lacks or has otherwise; None if `there` has all that is wanted.
///
/// Nests are compared attribute by attribute, so that the kernel may know more than was asked for; of a repeated
/// attribute one must be as wanted; lists count as a whole. Attributes of the message itself whose numbers are in `ignored` are passed over, and so
/// are the headers.
pub fn difference(layout: &'static Layout, wanted: &[u8], there: &[u8], ignored: &[u16]) -> Option<Path> {
    let (wanted, there) = (Fields::new(layout, wanted), Fields::new(layout, there));
    let mut path = Path::default();
    differs(wanted, there, ignored, &mut path).then_some(path)
}

fn differs(wanted: Fields<'_>, there: Fields<'_>, ignored: &[u16], path: &mut Path) -> bool {
    let set = (wanted.layout().set)();
    let mut different = wanted.tlvs().filter(|tlv| !ignored.contains(&tlv.number()));
    different.any(|tlv| {
        let row = set.get(tlv.number());
        let kind = row.map_or(&Kind::Bytes, |row| wanted.decided(&row.kind));
        path.push(set, tlv.number());
        let many = row.is_some_and(|row| row.many);
        let mut same_number = there.tlvs().filter(|other| other.number() == tlv.number());
        let found = if many {
            same_number.any(|other| !value_differs(kind, tlv, other, wanted, path))
        } else {
            same_number.next().is_some_and(|other| !value_differs(kind, tlv, other, wanted, path))
        };
        if found {
            path.pop();
        }
        !found
    })
}

fn value_differs(kind: &'static Kind, wanted: Tlv<'_>, there: Tlv<'_>, within: Fields<'_>, path: &mut Path) -> bool {
    match (nested(kind, wanted, within.inner_depth()), nested(kind, there, within.inner_depth())) {
        (Some(wanted), Some(there)) => differs(wanted, there, &[], path),
        _ => text(kind, wanted.payload) != text(kind, there.payload),
    }
}

fn nested<'a>(kind: &'static Kind, tlv: Tlv<'a>, depth: u8) -> Option<Fields<'a>> {
    match node(kind, tlv.payload, depth)? {
        Node::Fields(fields) if fields.header().is_none() => Some(fields),
        _ => None,
    }
}

/// A text counts up to its NUL, anything else as a whole.
fn text<'a>(kind: &Kind, payload: &'a [u8]) -> &'a [u8] {
    match kind {
        Kind::String => payload.split(|byte| *byte == 0).next().unwrap_or_default(),
        _ => payload,
    }
}
