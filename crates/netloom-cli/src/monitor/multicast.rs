//! Routes of multicast packets, as `ip mroute` shows them.

use crate::devices::Devices;
use crate::named;
use crate::options::Options;
use crate::out::{Paint, Record};
use netloom::af;

use netloom::names::NameKind;
use netloom::route::{Route, RouteAddress, RouteFlags};
use std::net::IpAddr;

/// `RTNL_FAMILY_IPMR`.
pub(super) const IPV4: u8 = 128;
/// `RTNL_FAMILY_IP6MR`.
pub(super) const IPV6: u8 = 129;

/// The kernel's own table.
const DEFAULT_TABLE: u32 = 253;

/// Whether a message about a route is about one of multicast packets.
pub(super) fn is_route(payload: &[u8]) -> bool {
    matches!(payload.first(), Some(&IPV4 | &IPV6))
}

/// Describes one.
pub(super) fn describe(r: &mut Record, route: &Route, devices: &Devices, options: &Options) {
    let group = match route.dst(if route.family() == IPV4 { af::INET } else { af::INET6 }) {
        Some(RouteAddress::V4(address)) => Some(IpAddr::V4(address)),
        Some(RouteAddress::V6(address)) => Some(IpAddr::V6(address)),
        _ => None,
    };
    let text = |address: Option<IpAddr>| address.map_or_else(|| "unknown".to_owned(), |address| address.to_string());
    let (from, to) = (text(route.src()), text(group));
    let both = format!("({from},{to})");
    r.string("src", from).json_only();
    r.string("dst", to).shown(both);
    let iif = route.iif().map_or_else(|| "unresolved".to_owned(), |index| devices.name(index));
    r.string("iif", iif).label("Iif:").paint(Paint::Device);
    if let Some(hops) = route.multipath() {
        r.array("multipath", |records| {
            for (number, hop) in hops.into_iter().enumerate() {
                records.record(|r| {
                    let oif = r.string("oif", devices.name(hop.index()));
                    if number == 0 { oif.label("Oifs:") } else { oif.bare() }.paint(Paint::Device);
                    if hop.hops() > 1 {
                        r.number("ttl", hop.hops()).shown(format!("(ttl {})", hop.hops()));
                    }
                });
            }
        });
    }
    let unresolved = route.route_flags().contains(RouteFlags::UNRESOLVED);
    r.string("state", if unresolved { "unresolved" } else { "resolved" }).label("State:");
    if route.route_flags().contains(RouteFlags::OFFLOAD) {
        r.flag("offload");
    }
    let table = route.table();
    if table != 0 && (table != DEFAULT_TABLE || options.details > 0) {
        r.string("table", named::show(options, NameKind::Table, table)).label("Table:");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use netloom::wire::View as _;
    use serde_json::json;

    #[test]
    fn a_route_of_multicast_packets_names_source_group_and_links() {
        // `struct rtmsg`, then RTA_SRC, RTA_DST, RTA_IIF, RTA_TABLE, and RTA_MULTIPATH with two next hops.
        let header = [&[IPV4, 32, 32, 0, 250, 17, 0, 5][..], &0u32.to_ne_bytes()].concat();
        let attribute = |number: u16, payload: &[u8]| {
            let length = u16::try_from(payload.len() + 4).unwrap_or_default();
            [&length.to_ne_bytes()[..], &number.to_ne_bytes(), payload].concat()
        };
        let hop = |ttl: u8, index: i32| [&8u16.to_ne_bytes()[..], &[0, ttl], &index.to_ne_bytes()].concat();
        let bytes = [
            header,
            attribute(2, &[10, 0, 0, 1]),
            attribute(1, &[239, 1, 1, 1]),
            attribute(3, &3u32.to_ne_bytes()),
            attribute(15, &250u32.to_ne_bytes()),
            attribute(9, &[hop(1, 4), hop(7, 5)].concat()),
        ]
        .concat();
        assert!(is_route(&bytes));
        let mut r = Record::new();
        describe(&mut r, Route::view(&bytes).expect("a route"), &Devices::default(), &Options::default());
        assert_eq!(
            r.into_json(),
            json!({"src": "10.0.0.1", "dst": "239.1.1.1", "iif": "if3", "multipath": [{"oif": "if4"}, {"oif": "if5", "ttl": 7}],
                "state": "resolved", "table": "250"})
        );
    }
}
