//! The objects that can be watched: their groups and messages, and how each is described.

use super::{multicast, prefix};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::link::Whole;
use crate::out::Record;
use crate::{addr, fdb, link, neigh, netconf, netns, nexthop, route, rule, stats};
use netloom::address::Address;
use netloom::link::Link;
use netloom::neighbour::Neighbour;
use netloom::netconf::Netconf;
use netloom::nexthop::{Bucket, Nexthop};
use netloom::nsid::Nsid;
use netloom::prefix::AdvertisedPrefix;
use netloom::route::{Route, RouteFlags};
use netloom::rule::Rule;
use netloom::stats::Stats;
use netloom::watch::Objects;
use netloom::wire::View as _;
use netloom::{af, group};

/// What a message says of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tells {
    /// It is there, and is so.
    There,
    /// It went away.
    Gone,
    /// Somebody looks for it.
    Missed,
}

/// An object that can be watched.
pub(super) struct Source {
    /// The words of the command line that mean it.
    pub(super) words: &'static [&'static str],
    /// The label before each change.
    pub(super) label: &'static str,
    /// Groups, each with its family.
    pub(super) groups: &'static [(u8, u32)],
    /// Older kernels do not have the groups.
    pub(super) is_recent: bool,
    /// Messages begin with a family, by which they can be chosen.
    pub(super) has_family: bool,
    /// Its messages, by the kernel's names.
    messages: &'static [(&'static str, Tells)],
    /// What it is to the library's watch; empty if that does not know it.
    pub(super) watched: Objects,
    /// Whether a message of these types is about this object.
    pub(super) is: fn(&[u8]) -> bool,
    /// The device that a message is about.
    pub(super) device: fn(&[u8]) -> Option<u32>,
    /// Describes a message.
    pub(super) describe: fn(&mut Context, &[u8], &mut Record) -> Outcome,
    /// The objects of this sort that the library's watch does not follow, as they are now.
    pub(super) others: fn(&mut Context) -> Result<Vec<Vec<u8>>, Failure>,
}

impl Source {
    /// What a message says of this object, if it is about it.
    pub(super) fn tells(&self, command: u16, payload: &[u8]) -> Option<Tells> {
        let name = name_of(command)?;
        let (_, tells) = self.messages.iter().find(|(known, _)| *known == name)?;
        (self.is)(payload).then_some(*tells)
    }
}

/// The same, asking nothing of the kernel.
#[cfg(test)]
pub(crate) fn describe_payload(cx: &mut Context, command: u16, payload: &[u8], r: &mut Record) -> Outcome {
    for source in SOURCES.iter().filter(|source| source.label != "NSID") {
        if source.tells(command, payload).is_some() {
            let _ = (source.device)(payload);
            (source.describe)(cx, payload, r)?;
        }
    }
    Ok(())
}

/// Describes a message of whatever object it is about.
pub(crate) fn describe_message(cx: &mut Context, command: u16, payload: &[u8], r: &mut Record) -> Outcome {
    for source in SOURCES {
        let Some(tells) = source.tells(command, payload) else { continue };
        if tells == Tells::Gone {
            r.bool("deleted", true).shown("Deleted");
        }
        if let Some(index) = (source.device)(payload).filter(|index| *index > 0) {
            cx.learn_device(index)?;
        }
        return (source.describe)(cx, payload, r);
    }
    Ok(())
}

/// The kernel's name of a message type.
fn name_of(command: u16) -> Option<&'static str> {
    netloom::message_types().iter().find(|known| known.number == command).map(|known| known.kernel)
}

/// The link that a message makes known.
pub(super) fn link_of(command: u16, payload: &[u8]) -> Option<&Link> {
    (name_of(command)? == "RTM_NEWLINK").then(|| Link::view(payload))?
}

/// The family that a message begins with. Routes of multicast packets have families of their own.
pub(super) fn family_of(payload: &[u8]) -> u8 {
    match payload.first() {
        Some(&multicast::IPV4) => af::INET,
        Some(&multicast::IPV6) => af::INET6,
        Some(family) => *family,
        None => af::UNSPEC,
    }
}

/// What most sources have in common.
const SOURCE: Source = Source {
    words: &[],
    label: "",
    groups: &[],
    is_recent: false,
    has_family: false,
    messages: &[],
    watched: Objects::empty(),
    is: |_| true,
    device: |_| None,
    describe: |_, _, _| Ok(()),
    others: |_| Ok(Vec::new()),
};

/// Addresses of all sorts.
const ADDRESS: Source = Source {
    label: "ADDR",
    has_family: true,
    device: |payload| Some(Address::view(payload)?.index()),
    describe: |cx, payload, r| {
        let Some(address) = Address::view(payload) else { return Ok(()) };
        let device = cx.devices.name(address.index());
        addr::describe(r, address, &cx.options, Some(&device));
        Ok(())
    },
    ..SOURCE
};

/// Neighbours of all sorts.
const NEIGHBOUR: Source = Source {
    groups: &[(af::UNSPEC, group::NEIGHBOUR)],
    has_family: true,
    messages: &[("RTM_NEWNEIGH", Tells::There), ("RTM_DELNEIGH", Tells::Gone), ("RTM_GETNEIGH", Tells::Missed)],
    watched: Objects::NEIGHBOURS,
    device: |payload| u32::try_from(Neighbour::view(payload)?.index()).ok(),
    ..SOURCE
};

/// Counters of the hardware.
const STATS: Source = Source {
    words: &["stats"],
    label: "STATS",
    groups: &[(af::UNSPEC, group::STATS)],
    is_recent: true,
    messages: &[("RTM_NEWSTATS", Tells::There)],
    device: |payload| Some(Stats::view(payload)?.index()),
    ..SOURCE
};

/// All of them. A new object adds itself here and to the words of `monitor`.
pub(super) const SOURCES: &[Source] = &[
    Source {
        words: &["link"],
        label: "LINK",
        groups: &[(af::UNSPEC, group::LINK)],
        messages: &[("RTM_NEWLINK", Tells::There), ("RTM_DELLINK", Tells::Gone)],
        watched: Objects::LINKS,
        device: |payload| Some(Link::view(payload)?.index()),
        describe: |cx, payload, r| {
            let Some(link) = Link::view(payload) else { return Ok(()) };
            link::describe(r, link, &cx.devices, &cx.options, Whole::Link);
            Ok(())
        },
        ..SOURCE
    },
    Source {
        words: &["address"],
        groups: &[(af::INET, group::IPV4_ADDRESS), (af::INET6, group::IPV6_ADDRESS)],
        messages: &[("RTM_NEWADDR", Tells::There), ("RTM_DELADDR", Tells::Gone)],
        watched: Objects::ADDRESSES,
        ..ADDRESS
    },
    Source {
        words: &["maddress"],
        groups: &[(af::INET, group::IPV4_MULTICAST_ADDRESS), (af::INET6, group::IPV6_MULTICAST_ADDRESS)],
        is_recent: true,
        messages: &[("RTM_NEWMULTICAST", Tells::There), ("RTM_DELMULTICAST", Tells::Gone)],
        ..ADDRESS
    },
    Source {
        words: &["acaddress"],
        groups: &[(af::INET6, group::IPV6_ANYCAST_ADDRESS)],
        is_recent: true,
        messages: &[("RTM_NEWANYCAST", Tells::There), ("RTM_DELANYCAST", Tells::Gone)],
        ..ADDRESS
    },
    Source {
        words: &["route"],
        label: "ROUTE",
        groups: &[(af::INET, group::IPV4_ROUTE), (af::INET6, group::IPV6_ROUTE), (af::MPLS, group::MPLS_ROUTE)],
        has_family: true,
        messages: &[("RTM_NEWROUTE", Tells::There), ("RTM_DELROUTE", Tells::Gone)],
        watched: Objects::ROUTES,
        // Entries of the cache are no routes; iproute2 leaves them out too.
        is: |payload| {
            let cached = Route::view(payload).is_some_and(|route| route.route_flags().contains(RouteFlags::CLONED));
            !cached && !multicast::is_route(payload)
        },
        device: |payload| Route::view(payload)?.oif(),
        describe: |cx, payload, r| {
            let Some(message) = Route::view(payload) else { return Ok(()) };
            route::describe(r, message, &cx.devices, &cx.options);
            Ok(())
        },
        others: |cx| {
            // A kernel without MPLS answers with routes of other families.
            let mut found = all(cx, &netloom::route::List::mpls()).unwrap_or_default();
            found.retain(|payload| family_of(payload) == af::MPLS);
            Ok(found)
        },
        ..SOURCE
    },
    Source {
        words: &["mroute"],
        label: "MROUTE",
        groups: &[(af::INET, group::IPV4_MULTICAST_ROUTE), (af::INET6, group::IPV6_MULTICAST_ROUTE)],
        has_family: true,
        messages: &[("RTM_NEWROUTE", Tells::There), ("RTM_DELROUTE", Tells::Gone)],
        is: multicast::is_route,
        device: |payload| Route::view(payload)?.iif(),
        describe: |cx, payload, r| {
            let Some(message) = Route::view(payload) else { return Ok(()) };
            multicast::describe(r, message, &cx.devices, &cx.options);
            Ok(())
        },
        ..SOURCE
    },
    Source {
        words: &["nexthop"],
        label: "NEXTHOP",
        groups: &[(af::UNSPEC, group::NEXTHOP)],
        is_recent: true,
        messages: &[("RTM_NEWNEXTHOP", Tells::There), ("RTM_DELNEXTHOP", Tells::Gone)],
        watched: Objects::NEXTHOPS,
        device: |payload| Nexthop::view(payload)?.oif(),
        describe: |cx, payload, r| {
            let Some(message) = Nexthop::view(payload) else { return Ok(()) };
            nexthop::describe(r, message, &cx.devices, &cx.options);
            Ok(())
        },
        ..SOURCE
    },
    Source {
        words: &["nexthop"],
        label: "BUCKET",
        groups: &[(af::UNSPEC, group::NEXTHOP)],
        is_recent: true,
        messages: &[("RTM_NEWNEXTHOPBUCKET", Tells::There), ("RTM_DELNEXTHOPBUCKET", Tells::Gone)],
        describe: |_, payload, r| {
            if let Some(message) = Bucket::view(payload) {
                nexthop::describe_bucket(r, message);
            }
            Ok(())
        },
        others: |cx| all(cx, &netloom::nexthop::ListBuckets::all()),
        ..SOURCE
    },
    Source {
        words: &["rule"],
        label: "RULE",
        groups: &[(af::INET, group::IPV4_RULE), (af::INET6, group::IPV6_RULE)],
        has_family: true,
        messages: &[("RTM_NEWRULE", Tells::There), ("RTM_DELRULE", Tells::Gone)],
        watched: Objects::RULES,
        describe: |cx, payload, r| {
            if let Some(message) = Rule::view(payload) {
                rule::describe(r, message, &cx.options);
            }
            Ok(())
        },
        ..SOURCE
    },
    Source {
        words: &["neigh"],
        label: "NEIGH",
        is: |payload| family_of(payload) != af::BRIDGE,
        describe: |cx, payload, r| {
            let Some(entry) = Neighbour::view(payload) else { return Ok(()) };
            neigh::describe(r, entry, &cx.devices, &cx.options, true);
            Ok(())
        },
        ..NEIGHBOUR
    },
    Source {
        // To iproute2 they are neighbours; `bridge monitor fdb` knows what they mean.
        words: &["fdb", "neigh"],
        label: "FDB",
        is: |payload| family_of(payload) == af::BRIDGE,
        describe: |cx, payload, r| {
            let Some(entry) = Neighbour::view(payload) else { return Ok(()) };
            fdb::describe(r, entry, &cx.devices, &cx.options, true);
            Ok(())
        },
        ..NEIGHBOUR
    },
    Source {
        words: &["netconf"],
        label: "NETCONF",
        groups: &[(af::INET, group::IPV4_NETCONF), (af::INET6, group::IPV6_NETCONF), (af::MPLS, group::MPLS_NETCONF)],
        has_family: true,
        messages: &[("RTM_NEWNETCONF", Tells::There), ("RTM_DELNETCONF", Tells::Gone)],
        device: |payload| u32::try_from(Netconf::view(payload)?.index()?).ok(),
        describe: |cx, payload, r| {
            let Some(settings) = Netconf::view(payload) else { return Ok(()) };
            netconf::describe(r, settings, &cx.devices);
            Ok(())
        },
        others: |cx| {
            let mut found = all(cx, &netloom::netconf::List::family(af::INET))?;
            found.extend(all(cx, &netloom::netconf::List::family(af::INET6))?);
            Ok(found)
        },
        ..SOURCE
    },
    Source {
        words: &["prefix"],
        label: "PREFIX",
        groups: &[(af::INET6, group::IPV6_PREFIX)],
        messages: &[("RTM_NEWPREFIX", Tells::There)],
        device: |payload| u32::try_from(AdvertisedPrefix::view(payload)?.index()).ok(),
        describe: |cx, payload, r| {
            let Some(message) = AdvertisedPrefix::view(payload) else { return Ok(()) };
            prefix::describe(r, message, &cx.devices);
            Ok(())
        },
        ..SOURCE
    },
    Source {
        words: &["nsid"],
        label: "NSID",
        groups: &[(af::UNSPEC, group::NSID)],
        messages: &[("RTM_NEWNSID", Tells::There), ("RTM_DELNSID", Tells::Gone)],
        describe: |cx, payload, r| {
            let named = netns::named_ids(cx)?;
            if let Some(message) = Nsid::view(payload) {
                netns::describe(r, message, &named);
            }
            Ok(())
        },
        others: |cx| all(cx, &netloom::nsid::List::all()),
        ..SOURCE
    },
    Source {
        is: |payload| stats::has(payload, stats::LAYER3),
        describe: |cx, payload, r| {
            stats::describe(&cx.devices, payload, stats::LAYER3, r);
            Ok(())
        },
        ..STATS
    },
    Source {
        is: |payload| stats::has(payload, stats::HARDWARE),
        describe: |cx, payload, r| {
            stats::describe(&cx.devices, payload, stats::HARDWARE, r);
            Ok(())
        },
        ..STATS
    },
];

/// The bytes of all objects that a request lists.
fn all<R>(cx: &mut Context, request: &R) -> Result<Vec<Vec<u8>>, Failure>
where
    R: netloom::wire::Request<Family = netloom::Rtnetlink, Kind = netloom::wire::Dump>,
{
    Ok(cx.run(request)?.iter().map(|object| object.bytes().to_vec()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_known_to_the_library() {
        for (name, _) in SOURCES.iter().flat_map(|source| source.messages) {
            assert!(netloom::message_types().iter().any(|known| known.kernel == *name), "{name}");
        }
    }
}
