//! Which attribute an offset means.

use alloc::{string::String, vec::Vec};
use core::fmt;

use super::fields::{Fields, nests};
use crate::{Layout, Set, TLV_HEADER};

/// Attributes from the outside in: `IFLA_LINKINFO > IFLA_INFO_DATA > IFLA_VXLAN_PORT`.
#[derive(Clone, Default)]
pub struct Path(Vec<(&'static Set, u16)>);

impl Path {
    /// Whether it names no attribute.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Name of the set and number of each attribute.
    pub fn steps(&self) -> impl Iterator<Item = (&'static str, u16)> {
        self.0.iter().map(|(set, number)| (set.name, *number))
    }

    /// Name of the innermost attribute in Rust, if its table knows it.
    pub fn name(&self) -> Option<&'static str> {
        self.0.last().and_then(|(set, number)| set.get(*number)).map(|row| row.name)
    }
}

impl Path {
    pub(super) fn push(&mut self, set: &'static Set, number: u16) {
        self.0.push((set, number));
    }

    pub(super) fn pop(&mut self) {
        self.0.pop();
    }
}

impl PartialEq for Path {
    fn eq(&self, other: &Self) -> bool {
        self.steps().eq(other.steps())
    }
}
impl Eq for Path {}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(at, (set, number))| {
            if at > 0 {
                f.write_str(" > ")?;
            }
            match set.get(*number) {
                Some(row) => f.write_str(row.kernel),
                None => write!(f, "{} #{number}", set.name),
            }
        })
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: String = alloc::format!("{self}");
        shown.fmt(f)
    }
}

/// Which attribute lies at `offset` of a message, in bytes from its header: how the kernel's extended ack points.
pub fn path(layout: &'static Layout, bytes: &[u8], offset: usize) -> Path {
    let mut path = Path::default();
    descend(Fields::new(layout, bytes), offset, &mut path);
    path
}

/// The path of an attribute that is missing in the nest at offset `nest`, or in the message itself.
pub fn missing_path(layout: &'static Layout, bytes: &[u8], nest: Option<usize>, number: u16) -> Path {
    let mut path = Path::default();
    let within = match nest {
        Some(offset) => descend(Fields::new(layout, bytes), offset, &mut path),
        None => Some(Fields::new(layout, bytes)),
    };
    if let Some(fields) = within {
        path.0.push(((fields.layout.set)(), number));
    }
    path
}

/// Follows `offset` inwards; gives the nest whose own attribute lies just there.
fn descend<'a>(fields: Fields<'a>, offset: usize, path: &mut Path) -> Option<Fields<'a>> {
    let offset = offset.checked_sub(fields.start())?;
    let (tlv, _, value) = fields.attributes().find(|(tlv, ..)| {
        let end = tlv.payload_offset().saturating_add(tlv.payload.len());
        (tlv.offset..end).contains(&offset)
    })?;
    path.0.push(((fields.layout.set)(), tlv.number()));
    match offset.checked_sub(tlv.offset.checked_add(TLV_HEADER)?) {
        None => nests(value).into_iter().next().map(|(_, nest)| nest),
        Some(inner) => {
            let (at, nest) = nests(value)
                .into_iter()
                .find(|(at, nest)| (*at..at.saturating_add(nest.bytes.len())).contains(&inner))?;
            descend(nest, inner.checked_sub(at)?, path)
        }
    }
}
