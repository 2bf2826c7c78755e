//! What is wrong with a message, and where.

use core::{error, fmt};

use super::fields::{Fields, Node, items, nests, node};
use crate::{Attribute, Kind, Layout, Records, Tlvs};

/// A payload that does not fit its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// Set of the attribute: `rt-link/link-attrs`.
    pub set: &'static str,
    /// The kernel's constant of the attribute; empty if it is about the message itself.
    pub attribute: &'static str,
    /// Offset of the attribute's header in the message, in bytes.
    pub offset: usize,
    /// What is wrong.
    pub problem: Problem,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Shorter than the fixed part.
    Short,
    /// So many bytes are left that are no attribute.
    Trailing(usize),
    /// A payload of so many bytes is not of this kind.
    NotA(&'static str, usize),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.attribute.is_empty() {
            write!(f, "{} ", self.attribute)?;
        }
        write!(f, "({}) at offset {}: ", self.set, self.offset)?;
        match self.problem {
            Problem::Short => f.write_str("shorter than its header"),
            Problem::Trailing(count) => write!(f, "{count} bytes that are no attribute"),
            Problem::NotA(kind, count) => write!(f, "{count} bytes are not {kind}"),
        }
    }
}
impl error::Error for DecodeError {}

/// Checks a message with all its nests: every payload fits its kind, every byte belongs to an attribute.
pub fn check(layout: &'static Layout, bytes: &[u8]) -> Result<(), DecodeError> {
    check_at(Fields::new(layout, bytes), 0)
}

fn check_at(fields: Fields<'_>, base: usize) -> Result<(), DecodeError> {
    let set = (fields.layout.set)();
    let start = base.saturating_add(fields.start());
    let fail = |row: Option<&Attribute>, offset, problem| DecodeError {
        set: set.name,
        attribute: row.map_or("", |row| row.kernel),
        offset,
        problem,
    };
    if fields.bytes.len() < fields.start() {
        return Err(fail(None, base, Problem::Short));
    }
    let mut tlvs = fields.tlvs();
    for tlv in tlvs.by_ref() {
        let Some(row) = set.get(tlv.number()) else { continue };
        let offset = start.saturating_add(tlv.offset);
        let not_a = |name| fail(Some(row), offset, Problem::NotA(name, tlv.payload.len()));
        let kind = fields.decided(&row.kind);
        // Kernels take an address of no bytes for none at all, as iproute2 writes `from all`.
        if matches!(kind, Kind::Ip) && tlv.payload.is_empty() {
            continue;
        }
        let value = node(kind, tlv.payload, fields.inner_depth()).ok_or_else(|| not_a(kind.name()))?;
        if let Some(left) = left_over(value) {
            return Err(fail(Some(row), offset, Problem::Trailing(left)));
        }
        if let Node::List(of, bytes, depth) = value {
            let misfit =
                items(of, bytes, depth).find(|(item, _)| node(of, item.payload, depth.saturating_add(1)).is_none());
            if let Some((item, _)) = misfit {
                let offset = start.saturating_add(tlv.payload_offset()).saturating_add(item.offset);
                return Err(fail(Some(row), offset, Problem::NotA(of.name(), item.payload.len())));
            }
        }
        let inner = start.saturating_add(tlv.payload_offset());
        for (at, nest) in nests(value) {
            check_at(nest, inner.saturating_add(at))?;
        }
    }
    match tlvs.rest().len() {
        0 => Ok(()),
        left => Err(fail(None, start.saturating_add(tlvs.offset()), Problem::Trailing(left))),
    }
}

/// How many bytes at the end of a list or of records belong to none of them.
fn left_over(value: Node<'_>) -> Option<usize> {
    let left = match value {
        Node::List(_, bytes, _) => {
            let mut tlvs = Tlvs::new(bytes);
            tlvs.by_ref().for_each(drop);
            tlvs.rest().len()
        }
        Node::Records(_, bytes, _) => {
            let mut records = Records::<()>::new(bytes);
            while records.next_bytes().is_some() {}
            records.rest().len()
        }
        _ => 0,
    };
    (left > 0).then_some(left)
}
