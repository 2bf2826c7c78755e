//! What routes and next hop objects need to be made sure of and to be flushed.

use netloom_wire::{Buffer, Object, Request, Result, nlmsg};

use super::{Presentable, Removable};
use crate::{
    af,
    nexthop::{self, Nexthop},
    route::{self, NextHop, Route, RouteFlags, RouteKey, RouteType},
};

const CREATE_OR_REPLACE: u16 = nlmsg::CREATE | nlmsg::REPLACE;

impl Removable for Route {
    const REMOVE: u16 = route::RTM_DELROUTE;
    const SET: u16 = route::RTM_NEWROUTE;

    fn write_removal(&self, out: &mut Buffer) {
        route::Delete::of(self).write(out);
    }

    /// The kernel's own last resort of IPv6 cannot be deleted.
    fn is_removable(&self) -> bool {
        let last = self.family() == af::INET6 && self.dst_length() == 0 && self.priority() == Some(u32::MAX);
        !(last && self.kind() == RouteType::Unreachable)
    }
}

impl Removable for Nexthop {
    const REMOVE: u16 = nexthop::RTM_DELNEXTHOP;
    const SET: u16 = nexthop::RTM_NEWNEXTHOP;

    /// The identifier is enough.
    fn write_removal(&self, out: &mut Buffer) {
        nexthop::Delete::new(self.key()).write(out);
    }
}

impl Presentable for route::Add {
    type Find = route::List;
    const UPDATE: u16 = CREATE_OR_REPLACE;

    fn transient(_: &Route) -> &'static [u16] {
        // RTA_MULTIPATH, compared below: its hops may leave the link to the kernel; RTA_EXPIRES runs down.
        &[9, 23]
    }

    fn find(wanted: &Route) -> route::List {
        route::List::family(wanted.family()).table(wanted.table())
    }

    /// Another next hop of IPv6 is another route to the kernel; who makes sure of a route wants the one that he names.
    fn is(wanted: &Route, there: &Route) -> bool {
        let without_hop = |route: &Route| RouteKey { next_hop: None, ..with_priority(route) };
        without_hop(wanted) == without_hop(there)
    }

    fn header_differs(wanted: &Route, there: &Route) -> Result<bool> {
        let onlink = wanted.route_flags().contains(RouteFlags::ONLINK);
        Ok((wanted.route_type(), wanted.scope(), wanted.protocol())
            != (there.route_type(), there.scope(), there.protocol())
            || onlink && !there.route_flags().contains(RouteFlags::ONLINK)
            || hops_differ(wanted, there))
    }
}

/// The priority that a route of IPv6 gets if none is given.
const PRIORITY_OF_IPV6: u32 = 1024;

fn with_priority(route: &Route) -> RouteKey {
    let key = route.key();
    match (route.family(), key.priority) {
        (af::INET6, 0) => RouteKey { priority: PRIORITY_OF_IPV6, ..key },
        _ => key,
    }
}

fn hops_differ(wanted: &Route, there: &Route) -> bool {
    let Some(wanted) = wanted.multipath() else { return false };
    let Some(there) = there.multipath() else { return true };
    let alike = |(wanted, there): (&NextHop, &NextHop)| {
        wanted.router() == there.router()
            && wanted.hops() == there.hops()
            && (wanted.index() == 0 || wanted.index() == there.index())
            && wanted.encap() == there.encap()
    };
    wanted.clone().count() != there.clone().count() || !wanted.zip(there).all(alike)
}

impl Presentable for nexthop::Add {
    type Find = nexthop::List;
    const UPDATE: u16 = CREATE_OR_REPLACE;

    fn transient(_: &Nexthop) -> &'static [u16] {
        &[]
    }

    fn find(_: &Nexthop) -> nexthop::List {
        nexthop::List::all()
    }

    fn header_differs(wanted: &Nexthop, there: &Nexthop) -> Result<bool> {
        let onlink = wanted.nexthop_flags().contains(RouteFlags::ONLINK);
        Ok((wanted.family(), wanted.protocol()) != (there.family(), there.protocol())
            || onlink && !there.nexthop_flags().contains(RouteFlags::ONLINK))
    }
}
