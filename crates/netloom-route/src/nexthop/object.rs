//! What next hop objects and buckets are, beyond their attributes.

use core::fmt;

use netloom_wire::Object;

use super::{Bucket, Nexthop};
use crate::route::RouteFlags;

impl Nexthop {
    /// Its properties.
    pub fn nexthop_flags(&self) -> RouteFlags {
        RouteFlags::from_bits_retain(self.flags())
    }
}

impl Object for Nexthop {
    /// Its identifier.
    type Key = u32;
    const NOUN: &'static str = "nexthop";

    fn key(&self) -> u32 {
        self.id().unwrap_or_default()
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id().map_or(Ok(()), |id| write!(f, "id {id}"))
    }
}

impl Bucket {
    /// Its index in the group.
    pub fn index(&self) -> Option<u16> {
        self.bucket()?.index()
    }
}

impl Object for Bucket {
    /// Identifier of the group, and index in it.
    type Key = (u32, u16);
    const NOUN: &'static str = "nexthop bucket";

    fn key(&self) -> (u32, u16) {
        (self.id().unwrap_or_default(), self.index().unwrap_or_default())
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blank = if self.id().is_some() && self.index().is_some() { " " } else { "" };
        self.id().map_or(Ok(()), |id| write!(f, "id {id}{blank}"))?;
        self.index().map_or(Ok(()), |index| write!(f, "index {index}"))
    }
}
