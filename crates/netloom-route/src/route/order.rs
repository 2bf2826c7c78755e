//! Making, changing and deleting routes.

use alloc::vec::Vec;
use core::{marker::PhantomData, net::IpAddr};

use netloom_wire::{Buffer, Command, Request, View, Write, Writer, zerocopy::IntoBytes};

use super::{
    Hop, MetricsWriter, RTM_DELROUTE, RTM_NEWROUTE, Route, RouteFlags, RouteHeader, RouteType, RouteWriter,
    RouterPreference, TABLE_LOCAL, TABLE_MAIN, hop::Attributes,
};
use crate::{
    Prefix, Rtnetlink, af,
    encap::{Encapsulation, MplsLabel},
    setters::setters,
    verb::{self, Verb},
};

/// Makes a route; an error if there is one to the same destination with the same priority.
///
/// ```
/// use netloom_route::route::Add;
///
/// let by_router = Add::new("10.1.0.0/16".parse()?).via("192.0.2.1".parse()?).dev(2);
/// let on_link = Add::new("2001:db8:1::/48".parse()?).dev(2).table(100).mtu(1400);
/// let label = Add::label(100).labels(&[200, 300]).via("192.0.2.1".parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub type Add = Order<verb::Add>;
/// Makes a route, or puts it in the place of the one to the same destination with the same priority.
///
/// ```
/// let replace = netloom_route::route::Replace::new("10.1.0.0/16".parse()?).dev(3);
/// # Ok::<(), netloom_route::NotAPrefix>(())
/// ```
pub type Replace = Order<verb::Replace>;
/// Puts a route in the place of another; an error if there is none.
///
/// ```
/// let change = netloom_route::route::Change::new("10.1.0.0/16".parse()?).dev(3);
/// # Ok::<(), netloom_route::NotAPrefix>(())
/// ```
pub type Change = Order<verb::Change>;
/// Makes a route after those to the same destination with the same priority; in IPv6, one more next hop.
///
/// ```
/// let append = netloom_route::route::Append::new("10.1.0.0/16".parse()?).dev(3);
/// # Ok::<(), netloom_route::NotAPrefix>(())
/// ```
pub type Append = Order<verb::Append>;
/// Makes a route before those to the same destination with the same priority.
///
/// ```
/// let prepend = netloom_route::route::Prepend::new("10.1.0.0/16".parse()?).dev(3);
/// # Ok::<(), netloom_route::NotAPrefix>(())
/// ```
pub type Prepend = Order<verb::Prepend>;
/// Asks whether a route could be made, and makes none: fails with EEXIST if there is one, with ENOENT if not.
///
/// ```
/// let test = netloom_route::route::Test::new("10.1.0.0/16".parse()?).dev(3);
/// # Ok::<(), netloom_route::NotAPrefix>(())
/// ```
pub type Test = Order<verb::Test>;
/// Deletes the first route that has all that is said of it.
///
/// ```
/// let delete = netloom_route::route::Delete::new("10.1.0.0/16".parse()?).table(100);
/// # Ok::<(), netloom_route::NotAPrefix>(())
/// ```
pub type Delete = Order<verb::Delete>;

const SCOPE_LINK: u8 = 253;
const SCOPE_HOST: u8 = 254;
const SCOPE_NOWHERE: u8 = 255;
const PROTOCOL_BOOT: u8 = 3;
/// Bits of an MPLS label, its length as a destination.
const LABEL_BITS: u8 = 20;

/// What is to be done with a route: [`Add`], [`Replace`], [`Change`], [`Append`], [`Prepend`], [`Test`], [`Delete`].
///
/// Table, scope and protocol are what iproute2 takes unless they are given: table main, or local for routes to local
/// addresses; scope `link` for an IPv4 route without router; protocol `boot`.
#[derive(Clone, Debug)]
pub struct Order<V> {
    header: RouteHeader,
    target: Target,
    attributes: Attributes,
    device: Option<u32>,
    priority: Option<u32>,
    table: Option<u32>,
    scope: Option<u8>,
    metrics: Buffer,
    hops: Vec<Hop>,
    verb: PhantomData<V>,
}

#[derive(Clone, Copy, Debug)]
enum Target {
    Default,
    Address(IpAddr),
    Label(MplsLabel),
    /// As it came from the kernel, among the other attributes.
    Given,
}

impl<V: Verb> Order<V> {
    /// A route to a prefix; its family is the route's.
    #[inline]
    pub fn new(destination: Prefix) -> Self {
        // iproute2 leaves out the address of a default route; the kernel takes both.
        let target = if destination.is_default() { Target::Default } else { Target::Address(destination.address()) };
        Self::to(af::of(destination.address()), destination.length(), target)
    }

    /// A route for packets with an MPLS label.
    pub fn label(label: u32) -> Self {
        Self::to(af::MPLS, LABEL_BITS, Target::Label(MplsLabel::new(label, true)))
    }

    #[inline]
    fn to(family: u8, dst_length: u8, target: Target) -> Self {
        // Labels have no other type, also when they are deleted.
        let unsaid = V::DELETES && family != af::MPLS;
        let kind = if unsaid { RouteType::Unspecified } else { RouteType::Unicast }.into();
        let protocol = if V::DELETES { 0 } else { PROTOCOL_BOOT };
        Self {
            header: RouteHeader { family, dst_length, protocol, route_type: kind, ..Default::default() },
            target,
            attributes: Attributes::default(),
            device: None,
            priority: None,
            table: None,
            scope: None,
            metrics: Buffer::new(),
            hops: Vec::new(),
            verb: PhantomData,
        }
    }

    setters! {
        /// Order among routes to the same destination: lower comes first. iproute2 says metric.
        priority: u32;
        /// The table.
        table: u32;
        /// How far away the destination is (`RT_SCOPE_*`).
        scope: u8;
    }

    /// By this router, of the route's family or another.
    #[inline]
    #[must_use]
    pub fn via(mut self, router: IpAddr) -> Self {
        self.attributes.via(router);
        self
    }

    /// By the link with this index.
    #[inline]
    #[must_use]
    pub fn dev(mut self, index: u32) -> Self {
        self.device = Some(index);
        self
    }

    /// What is done with packets; [`RouteType::Unicast`] if nothing is said.
    #[must_use]
    pub fn kind(mut self, kind: RouteType) -> Self {
        self.header.route_type = kind.into();
        self
    }

    /// Who makes the route (`RTPROT_*`).
    #[must_use]
    pub fn protocol(mut self, protocol: u8) -> Self {
        self.header.protocol = protocol;
        self
    }

    /// Type of service that packets must have.
    #[must_use]
    pub fn tos(mut self, tos: u8) -> Self {
        self.header.tos = tos;
        self
    }

    /// The router is on the link, whatever the addresses say.
    #[must_use]
    pub fn onlink(mut self) -> Self {
        self.header.flags |= RouteFlags::ONLINK.bits();
        self
    }

    /// Source that packets must have; IPv6 with subtrees only.
    #[must_use]
    pub fn from(mut self, source: Prefix) -> Self {
        self.header.src_length = source.length();
        if source.is_default() { self } else { self.attributes(|w| w.src(source.address())) }
    }

    /// Source for packets of this machine.
    #[must_use]
    pub fn prefsrc(self, source: IpAddr) -> Self {
        self.attributes(|w| w.prefsrc(source))
    }

    /// By this next hop object.
    #[must_use]
    pub fn nh_id(self, id: u32) -> Self {
        self.attributes(|w| w.nh_id(id))
    }

    /// Realms: source in the upper 16 bits, destination in the lower.
    #[must_use]
    pub fn realms(self, realms: u32) -> Self {
        self.attributes(|w| w.realms(realms))
    }

    /// Seconds until the kernel removes the route; IPv6 only.
    #[must_use]
    pub fn expires(self, seconds: u32) -> Self {
        self.attributes(|w| w.expires(seconds))
    }

    /// Preference among default routers; IPv6 only.
    #[must_use]
    pub fn pref(self, preference: RouterPreference) -> Self {
        self.attributes(|w| w.pref(preference))
    }

    /// MPLS labels that replace the one of the packet, outermost first.
    #[must_use]
    pub fn labels(self, labels: &[u32]) -> Self {
        self.attributes(|w| w.newdst(&MplsLabel::stack(labels)))
    }

    /// Whether the time to live goes from the packet into the label and back; MPLS only.
    #[must_use]
    pub fn ttl_propagate(self, on: bool) -> Self {
        self.attributes(|w| w.ttl_propagate(on.into()))
    }

    /// Packets are put into this.
    #[must_use]
    pub fn encap<E: Encapsulation + ?Sized>(self, build: impl FnOnce(Writer<E>) -> Writer<E>) -> Self {
        self.attributes(|w| w.encap(build).encap_type(E::TYPE))
    }

    /// Largest packet, in bytes.
    #[must_use]
    pub fn mtu(self, mtu: u32) -> Self {
        self.metrics(|w| w.mtu(mtu))
    }

    /// What connections begin with; adds to what was given before.
    #[must_use]
    pub fn metrics(mut self, write: impl FnOnce(MetricsWriter) -> MetricsWriter) -> Self {
        self.metrics = write(MetricsWriter::from_buffer(self.metrics)).into_buffer();
        self
    }

    /// One of several next hops.
    #[must_use]
    pub fn hop(mut self, hop: Hop) -> Self {
        self.hops.push(hop);
        self
    }

    /// More attributes, as the table has them.
    #[must_use]
    pub fn attributes(mut self, write: impl FnOnce(RouteWriter) -> RouteWriter) -> Self {
        self.attributes.add(write);
        self
    }

    /// The scope as it is sent.
    #[inline]
    fn effective_scope(&self) -> u8 {
        if let Some(scope) = self.scope {
            return scope;
        }
        let direct = self.hops.is_empty() && !self.attributes.leads_on();
        match RouteType::from(self.header.route_type) {
            _ if self.header.family != af::INET => 0,
            RouteType::Local | RouteType::Nat => SCOPE_HOST,
            RouteType::Broadcast | RouteType::Multicast | RouteType::Anycast => SCOPE_LINK,
            _ if V::DELETES => SCOPE_NOWHERE,
            RouteType::Unicast | RouteType::Unspecified if direct => SCOPE_LINK,
            _ => 0,
        }
    }

    /// The table as it is sent.
    #[inline]
    fn effective_table(&self) -> u32 {
        self.table.unwrap_or_else(|| match RouteType::from(self.header.route_type) {
            RouteType::Local | RouteType::Broadcast | RouteType::Nat | RouteType::Anycast => TABLE_LOCAL,
            _ => TABLE_MAIN,
        })
    }
}

impl<V: Verb> Order<V> {
    /// An order about this very route, by all that is known of it; what only the kernel says of a route is left out.
    pub fn of(route: &Route) -> Self {
        /// `RTA_CACHEINFO`, `RTA_MFC_STATS`, `RTA_DEL_REASON`.
        const STATE: [u16; 3] = [12, 17, 32];
        const OIF: u16 = 4;
        let mut order = Self::to(route.family(), route.dst_length(), Target::Given);
        let kept = RouteFlags::ONLINK | RouteFlags::CLONED;
        order.header = RouteHeader { flags: route.flags() & kept.bits(), ..route.header() };
        order.scope = Some(route.scope());
        order.table = Some(route.table());
        // By a next hop object, the rest is what the object says.
        let by_object = |number| route.nh_id().is_some() && matches!(number, OIF | 5 | 9 | 18 | 21 | 22);
        let kept = route.tlvs().filter(|tlv| !STATE.contains(&tlv.number()) && !by_object(tlv.number()));
        order.attributes(|w| w.copy(kept.filter(|tlv| tlv.number() != WIDE_TABLE)))
    }
}

const WIDE_TABLE: u16 = 15;
const DST: u16 = 1;

/// Appends the destination.
#[inline]
pub(super) fn put_address(w: RouteWriter, address: IpAddr) -> RouteWriter {
    match address {
        IpAddr::V4(address) => w.put(DST, &address.octets()),
        IpAddr::V6(address) => w.put(DST, &address.octets()),
    }
}

pub(super) fn put_label(w: RouteWriter, label: MplsLabel) -> RouteWriter {
    w.put(DST, label.as_bytes())
}

impl<V: Verb> Request for Order<V> {
    type Family = Rtnetlink;
    type Body = Route;
    type Reply = Route;
    type Kind = Command;
    const COMMAND: u16 = if V::DELETES { RTM_DELROUTE } else { RTM_NEWROUTE };
    const REPLY: u16 = RTM_NEWROUTE;
    const VERB: &'static str = V::NAME;

    fn flags(&self) -> u16 {
        V::FLAGS
    }

    #[inline]
    fn write(&self, out: &mut Buffer) {
        let table = self.effective_table();
        let low = u8::try_from(table);
        let header = RouteHeader { low_table: low.unwrap_or_default(), scope: self.effective_scope(), ..self.header };
        out.message(header, |mut w: RouteWriter| {
            w = match self.target {
                Target::Default | Target::Given => w,
                Target::Address(address) => put_address(w, address),
                Target::Label(label) => put_label(w, label),
            };
            w = self.attributes.write(self.header.family, w);
            if let Some(priority) = self.priority {
                w = w.priority(priority);
            }
            if low.is_err() {
                w = w.wide_table(table);
            }
            if let Some(device) = self.device {
                w = w.oif(device);
            }
            if !self.metrics.is_empty() {
                w = w.metrics(|m| m.append(&self.metrics));
            }
            if !self.hops.is_empty() {
                w = w.nest(MULTIPATH, |records: RouteWriter| {
                    let mut records = records.into_buffer();
                    self.hops.iter().for_each(|hop| hop.write(self.header.family, &mut records));
                    RouteWriter::from_buffer(records)
                });
            }
            w
        });
    }
}

const MULTIPATH: u16 = 9;
