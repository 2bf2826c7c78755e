//! Asking for routes.

use core::net::IpAddr;

use netloom_wire::{Buffer, Dump, Errno, Request, Write};

use super::{RTM_GETROUTE, RTM_NEWROUTE, Route, RouteFlags, RouteHeader, RouteType, RouteWriter};
use crate::{
    Prefix, Rtnetlink, af,
    setters::{families, setters},
};

/// Lists routes, of all tables unless one is named.
///
/// The kernel filters by table, device, protocol and type; the rest is done here. A table that does not exist is empty.
///
/// ```
/// use netloom_route::route::{List, RouteType};
///
/// let main = List::v4().table(254);
/// let to_lan = List::v6().within("2001:db8::/32".parse()?).protocol(186);
/// let dropped = List::all().kind(RouteType::Blackhole);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct List {
    family: u8,
    table: Option<u32>,
    device: Option<u32>,
    protocol: Option<u8>,
    kind: Option<RouteType>,
    cloned: bool,
    within: Option<Prefix>,
    covering: Option<Prefix>,
    exactly: Option<Prefix>,
    source_within: Option<Prefix>,
    source_covering: Option<Prefix>,
    via: Option<Prefix>,
    prefsrc: Option<Prefix>,
    scope: Option<u8>,
    tos: Option<u8>,
    priority: Option<u32>,
    realms: Option<(u32, u32)>,
    nh_id: Option<u32>,
}

impl List {
    families! {
        /// Of IPv4, IPv6 and MPLS, and of multicast routing.
        all;
        /// Of IPv4.
        v4;
        /// Of IPv6.
        v6;
        /// Of a family (`AF_*`, or `RTNL_FAMILY_*` for multicast routing).
        family;
    }

    /// Of MPLS.
    pub fn mpls() -> Self {
        Self::family(af::MPLS)
    }

    /// Those of the cache, which hold what was learned (a path's MTU), instead of those of the tables.
    #[must_use]
    pub fn cached(self) -> Self {
        Self { cloned: true, ..self }
    }

    setters! {
        /// Only those of this table.
        table: u32;
        /// Only those that use the link with this index.
        device: u32;
        /// Only those that this protocol made (`RTPROT_*`).
        protocol: u8;
        /// Only those that do this.
        kind: RouteType;
        /// Only those to this prefix or a part of it.
        within: Prefix;
        /// Only those to this prefix or one around it.
        covering: Prefix;
        /// Only those to this very prefix.
        exactly: Prefix;
        /// Only those from this prefix or a part of it.
        source_within: Prefix;
        /// Only those from this prefix or one around it.
        source_covering: Prefix;
        /// Only those with a router in this prefix.
        via: Prefix;
        /// Only those whose source for packets of this machine is in this prefix.
        prefsrc: Prefix;
        /// Only those with this scope (`RT_SCOPE_*`).
        scope: u8;
        /// Only those with this type of service.
        tos: u8;
        /// Only those with this priority.
        priority: u32;
        /// Only those with this next hop object.
        nh_id: u32;
    }

    /// Only those whose realms, as far as `mask` goes, are these.
    #[must_use]
    pub fn realms(self, realms: u32, mask: u32) -> Self {
        Self { realms: Some((realms, mask)), ..self }
    }

    fn accepts_addresses(&self, route: &Route) -> bool {
        let target = route.destination().map(Prefix::masked);
        let source = route
            .source()
            .map(Prefix::masked)
            .or_else(|| Some(if route.family() == af::INET6 { Prefix::DEFAULT_V6 } else { Prefix::DEFAULT_V4 }));
        let via = |within: Prefix| {
            let hops = route.multipath().into_iter().flatten().filter_map(|hop| hop.router());
            let mut routers = route.router().into_iter().chain(hops);
            routers.any(|router: IpAddr| within.contains(router))
        };
        let inside = |of: Option<Prefix>, outer: Option<Prefix>| {
            outer.is_none_or(|outer| of.is_some_and(|inner| outer.covers(&inner)))
        };
        let around = |of: Option<Prefix>, inner: Option<Prefix>| {
            inner.is_none_or(|inner| of.is_some_and(|outer| outer.covers(&inner)))
        };
        inside(target, self.within)
            && around(target, self.covering)
            && self.exactly.is_none_or(|exactly| target == Some(exactly.masked()))
            && inside(source, self.source_within)
            && around(source, self.source_covering)
            && self.via.is_none_or(via)
            && self.prefsrc.is_none_or(|within| route.prefsrc().is_some_and(|address| within.contains(address)))
    }
}

impl Request for List {
    type Family = Rtnetlink;
    type Body = Route;
    type Reply = Route;
    type Kind = Dump;
    const COMMAND: u16 = RTM_GETROUTE;
    const REPLY: u16 = RTM_NEWROUTE;
    const VERB: &'static str = "list";

    fn write(&self, out: &mut Buffer) {
        // A unicast route by a next hop object that drops packets is told as one that drops them, but filtered as what it is.
        let kind = self.kind.filter(|kind| *kind != RouteType::Blackhole);
        let header = RouteHeader {
            family: self.family,
            protocol: self.protocol.unwrap_or_default(),
            route_type: kind.map(u8::from).unwrap_or_default(),
            flags: if self.cloned { RouteFlags::CLONED.bits() } else { 0 },
            ..Default::default()
        };
        out.message(header, |w: RouteWriter| {
            w.some(self.table, RouteWriter::wide_table).some(self.device, RouteWriter::oif)
        });
    }

    #[inline]
    fn accepts(&self, route: &Route) -> bool {
        (self.family == af::UNSPEC || route.family() == self.family)
            && route.route_flags().contains(RouteFlags::CLONED) == self.cloned
            && self.table.is_none_or(|table| route.table() == table)
            && self.device.is_none_or(|index| route.uses(index))
            && self.protocol.is_none_or(|protocol| route.protocol() == protocol)
            && self.kind.is_none_or(|kind| route.kind() == kind)
            && self.scope.is_none_or(|scope| route.scope() == scope)
            && self.tos.is_none_or(|tos| route.tos() == tos)
            && self.priority.is_none_or(|priority| route.priority().unwrap_or_default() == priority)
            && self.realms.is_none_or(|(realms, mask)| (route.realms().unwrap_or_default() ^ realms) & mask == 0)
            && self.nh_id.is_none_or(|id| route.nh_id() == Some(id))
            && self.accepts_addresses(route)
    }

    fn is_empty(errno: Errno) -> bool {
        // No such table; a kernel without routes of the family.
        matches!(errno, Errno::ENOENT | Errno::EAFNOSUPPORT)
    }
}
