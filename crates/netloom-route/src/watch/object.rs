//! What can be watched.

use alloc::{sync::Arc, vec::Vec};
use core::{fmt, future::Future};

use netloom_wire::{Done, Driver, Object, Result, Tlvs, View, named};

use crate::{
    Rtnetlink,
    address::{self, Address},
    af, group,
    link::{self, Link},
    neighbour::{self, Neighbour, NeighbourFlags, NeighbourState},
    nexthop::{self, Nexthop},
    route::{self, Route},
    rule::{self, Rule},
};

netloom_wire::bitflags::bitflags! {
    /// Which objects are watched.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct Objects: u8 {
        /// Links.
        ///
        /// Of a link that is down the kernel does not tell when its group, alias, alternative names, mode or carrier change,
        /// or what its kind and address families are set to: such a change shows with the next message about it, when it
        /// goes up at the latest.
        const LINKS = 1;
        /// Addresses of IPv4 and IPv6.
        ///
        /// Of an address of IPv6 that is still being probed the kernel tells when that is done.
        const ADDRESSES = 2;
        /// Routes of IPv4 and IPv6.
        const ROUTES = 4;
        /// Rules of IPv4 and IPv6.
        const RULES = 8;
        /// Neighbours of IPv4 and IPv6, and forwarding databases.
        ///
        /// Left out is what the kernel makes without a word: proxies, entries that need no resolution (`NOARP`) or still
        /// wait for it, and the address lists of links that bridges forward by. Nor does it say that an entry has become
        /// stale or is being probed: such a state lags until the next message.
        const NEIGHBOURS = 16;
        /// Next hop objects.
        const NEXTHOPS = 32;
    }
}

/// An object of the kernel that can be watched.
///
/// ```
/// use netloom_route::{address::Address, watch::{Objects, Watched}};
///
/// assert_eq!(Address::OBJECT, Objects::ADDRESSES);
/// assert_eq!(Address::COMMANDS, (20, 21)); // RTM_NEWADDR, RTM_DELADDR
/// ```
pub trait Watched: Object {
    /// Its bit.
    const OBJECT: Objects;
    /// Groups that tell of it.
    const GROUPS: &'static [u32];
    /// Message types that set it and remove it.
    const COMMANDS: (u16, u16);

    /// Reads all there are, once.
    fn read<D: Driver<Family = Rtnetlink>>(
        io: &mut D,
        on: impl FnMut(&Self) + Send,
    ) -> impl Future<Output = Result<Done>> + Send;

    /// Whether a message of its type is about such an object at all.
    fn is_watched(&self) -> bool {
        true
    }

    /// As an object of any sort.
    fn any(object: Arc<Self>) -> AnyObject;

    /// Whether an attribute changes by itself, without anybody being told; `path` are the numbers from the outside in.
    fn volatility(&self, path: &[u16]) -> Volatility;

    /// Whether both say the same, as far as anybody would be told of a difference.
    fn same(&self, other: &Self) -> bool {
        let header = Self::HEADER.map_or(0, |header| header.size);
        self.bytes().get(..header) == other.bytes().get(..header) && lasting(self) == lasting(other)
    }
}

/// How much of an attribute changes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Volatility {
    /// Nothing: a change is told.
    Lasting,
    /// Some of the attributes in it.
    Partly,
    /// All of it.
    Volatile,
}

/// The attributes whose changes are told, nests opened where a part of them is volatile.
fn lasting<T: Watched + ?Sized>(object: &T) -> Vec<(u16, &[u8])> {
    fn walk<'a, T: Watched + ?Sized>(object: &T, run: Tlvs<'a>, path: &mut Vec<u16>, found: &mut Vec<(u16, &'a [u8])>) {
        for tlv in run {
            path.push(tlv.number());
            match object.volatility(path) {
                Volatility::Lasting => found.push((tlv.raw_type, tlv.payload)),
                Volatility::Partly => walk(object, Tlvs::new(tlv.payload), path, found),
                Volatility::Volatile => {}
            }
            path.pop();
        }
    }
    let mut found = Vec::new();
    walk(object, object.tlvs(), &mut Vec::new(), &mut found);
    found
}

/// Of a link: counters and timers, how often something is in use, `sysctl`s, and that IPv6 has solicited routers.
fn volatility_of_link(link: &Link, path: &[u16]) -> Volatility {
    // Padding before 64-bit values depends on where the message lies in its datagram.
    const PAD: u16 = 42;
    const STATS: u16 = 7;
    const STATS64: u16 = 23;
    const LINKINFO: u16 = 18;
    const AF_SPEC: u16 = 26;
    const INET: u16 = 2;
    const INET6: u16 = 10;
    match *path {
        [PAD | STATS | STATS64] => Volatility::Volatile,
        // IFLA_PROMISCUITY, IFLA_ALLMULTI: how often each was asked for. Whether it was at all is among the flags.
        [30 | 61] => Volatility::Volatile,
        // IFLA_HEADROOM, IFLA_TAILROOM: what the other ports of its bridge want of it.
        [68 | 69] => Volatility::Volatile,
        [LINKINFO] | [AF_SPEC] | [AF_SPEC, INET6] => Volatility::Partly,
        // IFLA_INET_CONF and IFLA_INET6_CONF: of `sysctl`s other messages tell, or none.
        [AF_SPEC, INET] | [AF_SPEC, INET6, 2] => Volatility::Volatile,
        // IFLA_INET6_FLAGS, _STATS, _CACHEINFO, _ICMP6STATS; the flags say no more than how far autoconfiguration is.
        [AF_SPEC, INET6, 1 | 3 | 5 | 6] => Volatility::Volatile,
        // IFLA_INFO_DATA and IFLA_INFO_SLAVE_DATA.
        [LINKINFO, 2] if link.kind() == Some("bridge") => Volatility::Partly,
        [LINKINFO, 5] if link.port_kind() == Some("bridge") => Volatility::Partly,
        // What the spanning tree has come to: IFLA_BR_ROOT_ID, from IFLA_BR_ROOT_PORT to the timers; IFLA_BR_FDB_N_LEARNED.
        [LINKINFO, 2, 10 | 12..=19 | 48] => Volatility::Volatile,
        // The same, from IFLA_BRPORT_ROOT_ID to IFLA_BRPORT_DESIGNATED_COST and from IFLA_BRPORT_TOPOLOGY_CHANGE_ACK to the
        // timers; IFLA_BRPORT_MCAST_EHT_HOSTS_CNT, IFLA_BRPORT_MCAST_N_GROUPS.
        [LINKINFO, 5, 13..=16 | 19..=23 | 38 | 41] => Volatility::Volatile,
        _ => Volatility::Lasting,
    }
}

/// Runs several dumps one after the other; interrupted if one of them was.
macro_rules! each { ($io:ident, $on:ident, $($list:expr),+) => {{
    let mut done = Done::default();
    $(done.interrupted |= $io.each(&$list, &mut $on).await?.interrupted;)+
    Ok(done)
}} }

macro_rules! watched { ($($variant:ident($type:ident) $object:ident $groups:expr, $commands:expr, $volatility:expr,
    $io:ident $on:ident => [$($list:expr),+] $(, if $this:ident $when:expr)?;)*) => {
    /// An object of any sort that can be watched; cheap to clone.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum AnyObject {
        $(
            #[doc = concat!("A [`", stringify!($type), "`].")]
            $variant(Arc<$type>),
        )*
    }

    impl AnyObject {
        /// Which sort it is.
        pub fn object(&self) -> Objects {
            match self { $(Self::$variant(_) => Objects::$object,)* }
        }

        /// Header and attributes.
        pub fn bytes(&self) -> &[u8] {
            match self { $(Self::$variant(object) => object.bytes(),)* }
        }
    }

    impl fmt::Display for AnyObject {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self { $(Self::$variant(object) => named(&**object).fmt(f),)* }
        }
    }

    $(impl Watched for $type {
        const OBJECT: Objects = Objects::$object;
        const GROUPS: &'static [u32] = &$groups;
        const COMMANDS: (u16, u16) = $commands;

        async fn read<D: Driver<Family = Rtnetlink>>($io: &mut D, mut $on: impl FnMut(&Self) + Send) -> Result<Done> {
            each!($io, $on, $($list),+)
        }
        $(fn is_watched(&self) -> bool {
            let $this = self;
            $when
        })?
        fn any(object: Arc<Self>) -> AnyObject {
            AnyObject::$variant(object)
        }
        fn volatility(&self, path: &[u16]) -> Volatility {
            let of: fn(&Self, &[u16]) -> Volatility = $volatility;
            of(self, path)
        }
    })*
} }

/// Of everything else: these attributes as a whole.
fn volatile(numbers: &[u16], path: &[u16]) -> Volatility {
    if matches!(path, [number] if numbers.contains(number)) { Volatility::Volatile } else { Volatility::Lasting }
}

/// Whether the kernel tells of such an entry when it makes one.
fn is_told(neighbour: &Neighbour) -> bool {
    let silent = NeighbourState::NOARP | NeighbourState::INCOMPLETE;
    if neighbour.is_fdb() {
        // Of bridges and vxlan: what the address lists of other links say has no ages.
        neighbour.cache_info().is_some()
    } else {
        !neighbour.flags().contains(NeighbourFlags::PROXY) && !neighbour.state().intersects(silent)
    }
}

// Volatile are IFA_CACHEINFO, RTA_CACHEINFO, NDA_CACHEINFO and NDA_PROBES.
watched! {
    Link(Link) LINKS [group::LINK], (link::RTM_NEWLINK, link::RTM_DELLINK), volatility_of_link,
        io on => [link::List::all()], if this this.family() == 0;
    Address(Address) ADDRESSES [group::IPV4_ADDRESS, group::IPV6_ADDRESS], (address::RTM_NEWADDR, address::RTM_DELADDR), |_, path| volatile(&[6], path),
        io on => [address::List::all()];
    Route(Route) ROUTES [group::IPV4_ROUTE, group::IPV6_ROUTE], (route::RTM_NEWROUTE, route::RTM_DELROUTE), |_, path| volatile(&[12], path),
        io on => [route::List::v4(), route::List::v6()], if this !this.route_flags().contains(route::RouteFlags::CLONED);
    Rule(Rule) RULES [group::IPV4_RULE, group::IPV6_RULE], (rule::RTM_NEWRULE, rule::RTM_DELRULE), |_, path| volatile(&[], path),
        io on => [rule::List::v4(), rule::List::v6()], if this matches!(this.family(), af::INET | af::INET6);
    Neighbour(Neighbour) NEIGHBOURS [group::NEIGHBOUR], (neighbour::RTM_NEWNEIGH, neighbour::RTM_DELNEIGH), |_, path| volatile(&[3, 4], path),
        io on => [neighbour::List::all(), neighbour::List::fdb()], if this is_told(this);
    Nexthop(Nexthop) NEXTHOPS [group::NEXTHOP], (nexthop::RTM_NEWNEXTHOP, nexthop::RTM_DELNEXTHOP), |_, path| volatile(&[], path),
        io on => [nexthop::List::all()];
}
