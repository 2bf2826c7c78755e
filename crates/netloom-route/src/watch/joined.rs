//! Routes of IPv6 that become one.

use netloom_wire::{Object, nlmsg};

use super::{Table, Watched};
use crate::{
    af,
    route::{Route, RouteKey},
};

/// Whether what the kernel says of a route of IPv6 is about others too, which it does not name.
///
/// Routes to one destination that have a router each are shown as one route with several next hops: a further one is
/// told with those that were there, one that goes is told alone. One that replaces may replace another next hop.
pub(super) fn is_joined(known: &Table<Route>, route: &Route, flags: u16) -> bool {
    let key = route.key();
    if key.family != af::INET6 || known.get(&key).is_some_and(|known| known.same(route)) {
        return false;
    }
    let destination = RouteKey { next_hop: None, ..key };
    let joins = |route: &Route| route.router().is_some() || route.multipath().is_some();
    known
        .from(&destination)
        .map(|there| (there, there.key()))
        .take_while(|(_, there)| RouteKey { next_hop: None, ..*there } == destination)
        .any(|(there, other)| match flags & (nlmsg::APPEND | nlmsg::REPLACE) {
            nlmsg::APPEND if other == key => joins(route),
            0 | nlmsg::APPEND => other != key && joins(route) && joins(there),
            _ => other != key,
        })
}
