//! One of several next hops, in requests.

use core::net::IpAddr;

use netloom_wire::{Buffer, Via, Write, Writer};

use super::{NextHopHeader, RouteFlags, RouteWriter};
use crate::{
    af,
    encap::{Encapsulation, MplsLabel},
};

/// One of several next hops of a route to be made.
///
/// ```
/// use netloom_route::route::{Add, Hop};
///
/// let shared = Add::new("10.3.0.0/16".parse()?)
///     .hop(Hop::new().via("10.9.0.2".parse()?).dev(3).weight(3))
///     .hop(Hop::new().via("10.9.0.3".parse()?).dev(4));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Hop {
    header: NextHopHeader,
    attributes: Attributes,
}

impl Hop {
    /// A next hop of which nothing is said yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// By this router, of the route's family or another.
    #[must_use]
    pub fn via(mut self, router: IpAddr) -> Self {
        self.attributes.via(router);
        self
    }

    /// By the link with this index.
    #[must_use]
    pub fn dev(mut self, index: u32) -> Self {
        self.header.index = index;
        self
    }

    /// Its share of the packets beside those of the others, 1 to 256.
    #[must_use]
    pub fn weight(mut self, weight: u16) -> Self {
        self.header.hops = u8::try_from(weight.saturating_sub(1)).unwrap_or(u8::MAX);
        self
    }

    /// The router is on the link, whatever the addresses say.
    #[must_use]
    pub fn onlink(mut self) -> Self {
        self.header.flags |= 4;
        debug_assert_eq!(RouteFlags::ONLINK.bits(), 4, "it is among the lower eight");
        self
    }

    /// Realms: source in the upper 16 bits, destination in the lower.
    #[must_use]
    pub fn realms(self, realms: u32) -> Self {
        self.attributes(|w| w.realms(realms))
    }

    /// MPLS labels that replace the one of the packet, outermost first.
    #[must_use]
    pub fn labels(self, labels: &[u32]) -> Self {
        self.attributes(|w| w.newdst(&MplsLabel::stack(labels)))
    }

    /// Packets are put into this.
    #[must_use]
    pub fn encap<E: Encapsulation + ?Sized>(self, build: impl FnOnce(Writer<E>) -> Writer<E>) -> Self {
        self.attributes(|w| w.encap(build).encap_type(E::TYPE))
    }

    /// More attributes, as the table has them.
    #[must_use]
    pub fn attributes(mut self, write: impl FnOnce(RouteWriter) -> RouteWriter) -> Self {
        self.attributes.add(write);
        self
    }

    /// Appends the record, for a route of this family.
    pub(super) fn write(&self, family: u8, out: &mut Buffer) {
        let mut record = Buffer::new();
        record.message(self.header, |w: RouteWriter| self.attributes.write(family, w));
        out.record(record.bytes());
    }
}

/// Attributes in the order in which they were given; the router's form waits for the route's family.
#[derive(Clone, Debug, Default)]
pub(super) struct Attributes {
    bytes: Buffer,
    /// And how many bytes come before it.
    router: Option<(IpAddr, usize)>,
}

impl Attributes {
    #[inline]
    pub(super) fn via(&mut self, router: IpAddr) {
        self.router = Some((router, self.bytes.len()));
    }

    pub(super) fn add(&mut self, write: impl FnOnce(RouteWriter) -> RouteWriter) {
        let bytes = core::mem::take(&mut self.bytes);
        self.bytes = write(RouteWriter::from_buffer(bytes)).into_buffer();
    }

    /// Whether there is a router, or a next hop object in its place.
    #[inline]
    pub(super) fn leads_on(&self) -> bool {
        self.router.is_some() || netloom_wire::find(self.bytes.bytes(), NH_ID).is_some()
    }

    /// Appends them all: a router of another family than the route's has an attribute of its own.
    #[inline]
    pub(super) fn write(&self, family: u8, w: RouteWriter) -> RouteWriter {
        let Some((router, at)) = self.router else { return w.append(&self.bytes) };
        let (before, after) = self.bytes.bytes().split_at_checked(at).unwrap_or_default();
        let mut out = w.into_buffer();
        out.raw(before);
        let w = RouteWriter::from_buffer(out);
        let w = if af::of(router) == family { w.gateway(router) } else { w.via(Via::from(router)) };
        let mut out = w.into_buffer();
        out.raw(after);
        RouteWriter::from_buffer(out)
    }
}

const NH_ID: u16 = 30;
