//! The objects that can be watched: their groups and messages, and how each is described.

use crate::context::Context;
use crate::devices::Devices;
use crate::failure::{Failure, Outcome};
use crate::link::Whole;
use crate::options::Family;
use crate::out::{Paint, Record};
use crate::{addr, fdb, link, neigh, netconf, netns, nexthop, route, rule};
use netloom::neighbour::{self, Neighbour};
use netloom::netconf::Netconf;
use netloom::nexthop::{Bucket, Nexthop};
use netloom::prefix::{AdvertisedPrefix, PrefixFlags};
use netloom::route::Route;
use netloom::wire::View as _;
use netloom::{address, af, group, nsid};

/// Describes a message.
type Describe = fn(&mut Context, &[u8], &mut Record) -> Outcome;

/// An object that can be watched.
pub(super) struct Source {
    /// The word of the command line.
    pub(super) word: &'static str,
    /// The label before each change.
    pub(super) label: &'static str,
    /// Groups, of one family or of all.
    pub(super) groups: fn(Option<Family>) -> Vec<u32>,
    /// Message type of what was made or changed.
    pub(super) made: u16,
    /// Message type of what went away.
    pub(super) deleted: Option<u16>,
    /// Whether a message of these types is about this object.
    pub(super) is: fn(&[u8]) -> bool,
    /// The device that a message is about.
    pub(super) device: fn(&[u8]) -> Option<u32>,
    /// What is told of a message.
    pub(super) describe: Describe,
    /// The objects as they are now.
    pub(super) list: fn(&mut Context) -> Result<Vec<Vec<u8>>, Failure>,
}

impl Source {
    /// Whether a message is about this object.
    pub(super) fn tells(&self, command: u16, payload: &[u8]) -> bool {
        (self.made == command || self.deleted == Some(command)) && (self.is)(payload)
    }
}

/// All of them. A new object adds itself here and to the words of `monitor`.
pub(super) const SOURCES: &[Source] = &[
    Source {
        word: "link",
        label: "LINK",
        groups: |_| vec![group::LINK],
        made: 16,
        deleted: Some(17),
        is: |_| true,
        device: |payload| Some(netloom::link::Link::view(payload)?.index()),
        describe: |cx, payload, r| {
            let Some(link) = netloom::link::Link::view(payload) else { return Ok(()) };
            cx.devices.learn(link);
            link::describe(r, link, &cx.devices, &cx.options, Whole::Link);
            Ok(())
        },
        list: |cx| all(cx, &netloom::link::List::all()),
    },
    Source {
        word: "address",
        label: "ADDR",
        groups: |family| by_family(family, &[group::IPV4_ADDRESS], &[group::IPV6_ADDRESS]),
        made: 20,
        deleted: Some(21),
        is: |_| true,
        device: |payload| Some(address::Address::view(payload)?.index()),
        describe: |cx, payload, r| {
            let Some(address) = address::Address::view(payload) else { return Ok(()) };
            let device = cx.devices.name(address.index());
            addr::describe(r, address, &cx.options, Some(&device));
            Ok(())
        },
        list: |cx| all(cx, &address::List::all()),
    },
    Source {
        word: "route",
        label: "ROUTE",
        groups: |family| match family {
            Some(Family::Mpls) => vec![group::MPLS_ROUTE],
            None => vec![group::IPV4_ROUTE, group::IPV6_ROUTE, group::MPLS_ROUTE],
            _ => by_family(family, &[group::IPV4_ROUTE], &[group::IPV6_ROUTE]),
        },
        made: 24,
        deleted: Some(25),
        is: |_| true,
        device: |payload| Route::view(payload)?.oif(),
        describe: |cx, payload, r| {
            let Some(message) = Route::view(payload) else { return Ok(()) };
            route::describe(r, message, &cx.devices, &cx.options);
            Ok(())
        },
        list: |cx| all(cx, &netloom::route::List::all()),
    },
    Source {
        word: "nexthop",
        label: "NEXTHOP",
        groups: |_| vec![group::NEXTHOP],
        made: 104,
        deleted: Some(105),
        is: |_| true,
        device: |payload| Nexthop::view(payload)?.oif(),
        describe: |cx, payload, r| {
            let Some(message) = Nexthop::view(payload) else { return Ok(()) };
            nexthop::describe(r, message, &cx.devices, &cx.options);
            Ok(())
        },
        list: |cx| all(cx, &netloom::nexthop::List::all()),
    },
    Source {
        word: "nexthop",
        label: "BUCKET",
        groups: |_| vec![group::NEXTHOP],
        made: 116,
        deleted: Some(117),
        is: |_| true,
        device: |_| None,
        describe: |_, payload, r| {
            if let Some(message) = Bucket::view(payload) {
                nexthop::describe_bucket(r, message);
            }
            Ok(())
        },
        list: |cx| all(cx, &netloom::nexthop::ListBuckets::all()),
    },
    Source {
        word: "rule",
        label: "RULE",
        groups: |family| by_family(family, &[group::IPV4_RULE], &[group::IPV6_RULE]),
        made: 32,
        deleted: Some(33),
        is: |_| true,
        device: |_| None,
        describe: |cx, payload, r| {
            if let Some(message) = netloom::rule::Rule::view(payload) {
                rule::describe(r, message, &cx.options);
            }
            Ok(())
        },
        list: |cx| {
            let mut found = all(cx, &netloom::rule::List::v4())?;
            found.extend(all(cx, &netloom::rule::List::v6())?);
            Ok(found)
        },
    },
    Source {
        word: "neigh",
        label: "NEIGH",
        groups: |_| vec![group::NEIGHBOUR],
        made: 28,
        deleted: Some(29),
        is: |payload| payload.first().is_some_and(|family| *family != af::BRIDGE),
        device: |payload| u32::try_from(Neighbour::view(payload)?.index()).ok(),
        describe: |cx, payload, r| {
            let Some(entry) = Neighbour::view(payload) else { return Ok(()) };
            neigh::describe(r, entry, &cx.devices, &cx.options, true);
            Ok(())
        },
        list: |cx| all(cx, &neighbour::List::all()),
    },
    Source {
        word: "fdb",
        label: "FDB",
        groups: |_| vec![group::NEIGHBOUR],
        made: 28,
        deleted: Some(29),
        is: |payload| payload.first() == Some(&af::BRIDGE),
        device: |payload| u32::try_from(Neighbour::view(payload)?.index()).ok(),
        describe: |cx, payload, r| {
            let Some(entry) = Neighbour::view(payload) else { return Ok(()) };
            fdb::describe(r, entry, &cx.devices, &cx.options, true);
            Ok(())
        },
        list: |cx| all(cx, &neighbour::List::fdb()),
    },
    Source {
        word: "netconf",
        label: "NETCONF",
        groups: |family| match family {
            Some(Family::Mpls) => vec![group::MPLS_NETCONF],
            None => vec![group::IPV4_NETCONF, group::IPV6_NETCONF, group::MPLS_NETCONF],
            _ => by_family(family, &[group::IPV4_NETCONF], &[group::IPV6_NETCONF]),
        },
        made: 80,
        deleted: Some(81),
        is: |_| true,
        device: |payload| u32::try_from(Netconf::view(payload)?.index()?).ok(),
        describe: |cx, payload, r| {
            let Some(settings) = Netconf::view(payload) else { return Ok(()) };
            netconf::describe(r, settings, &cx.devices);
            Ok(())
        },
        list: |cx| {
            let mut found = all(cx, &netloom::netconf::List::family(af::INET))?;
            found.extend(all(cx, &netloom::netconf::List::family(af::INET6))?);
            Ok(found)
        },
    },
    Source {
        word: "prefix",
        label: "PREFIX",
        groups: |_| vec![group::IPV6_PREFIX],
        made: 52,
        deleted: None,
        is: |_| true,
        device: |payload| u32::try_from(AdvertisedPrefix::view(payload)?.index()).ok(),
        describe: |cx, payload, r| {
            let Some(prefix) = AdvertisedPrefix::view(payload) else { return Ok(()) };
            advertised(r, prefix, &cx.devices);
            Ok(())
        },
        // The kernel keeps no list of them.
        list: |_| Ok(Vec::new()),
    },
    Source {
        word: "nsid",
        label: "NSID",
        groups: |_| vec![group::NSID],
        made: 88,
        deleted: Some(89),
        is: |_| true,
        device: |_| None,
        describe: |cx, payload, r| {
            let named = netns::named_ids(cx)?;
            if let Some(message) = nsid::Nsid::view(payload) {
                netns::describe(r, message, &named);
            }
            Ok(())
        },
        list: |cx| all(cx, &nsid::List::all()),
    },
];

/// Describes a prefix out of a router's advertisement.
fn advertised(r: &mut Record, prefix: &AdvertisedPrefix, devices: &Devices) {
    if let Some(address) = prefix.address() {
        let text = format!("{address}/{}", prefix.prefix_length());
        r.string("prefix", text).paint(Paint::Inet6);
    }
    r.string("dev", devices.name(u32::try_from(prefix.index()).unwrap_or_default())).paint(Paint::Device);
    let flags = PrefixFlags::from_bits_retain(prefix.flags());
    if flags.contains(PrefixFlags::ONLINK) {
        r.flag("onlink");
    }
    if flags.contains(PrefixFlags::AUTOCONF) {
        r.flag("autoconf");
    }
    if let Some(lifetimes) = prefix.cache_info() {
        r.number("valid", lifetimes.valid);
        r.number("preferred", lifetimes.preferred);
    }
}

/// The groups of a family, or of both.
fn by_family(family: Option<Family>, v4: &[u32], v6: &[u32]) -> Vec<u32> {
    match family {
        Some(Family::Inet) => v4.to_vec(),
        Some(Family::Inet6) => v6.to_vec(),
        _ => [v4, v6].concat(),
    }
}

/// The bytes of all objects that a request lists.
fn all<R>(cx: &mut Context, request: &R) -> Result<Vec<Vec<u8>>, Failure>
where
    R: netloom::wire::Request<Family = netloom::Rtnetlink, Kind = netloom::wire::Dump>,
{
    Ok(cx.run(request)?.iter().map(|object| object.bytes().to_vec()).collect())
}
