//! Settings of IP on links, as `sysctl` has them (`RTM_*NETCONF`, `linux/netconf.h`).

use core::fmt;

use netloom_wire::{self as wire, Buffer, Dump, Object, Request, attributes, message};

use crate::{
    Rtnetlink, af,
    setters::{families, setters},
};

message! {
    /// Settings of a protocol on a link.
    pub Netconf, NetconfHeader = "netconfmsg, padded" NetconfAttributes {
        /// Address family (`AF_*`).
        pub family: u8,
        #[doc(hidden)]
        pub _pad: [u8; 3],
    }
}

attributes! {
    /// Settings (`NETCONFA_*`, `linux/netconf.h`).
    pub NetconfAttributes, NetconfWriter = "rt-netconf/netconf-attrs" {
        /// Index of the link; [`ALL`] and [`DEFAULT`] are none.
        1 "NETCONFA_IFINDEX" index: i32,
        /// Whether packets are forwarded.
        2 "NETCONFA_FORWARDING" forwarding: i32,
        /// Reverse path filter: 0 off, 1 strict, 2 loose (RFC 3704). IPv4 only.
        3 "NETCONFA_RP_FILTER" rp_filter: i32,
        /// Whether multicast packets are forwarded.
        4 "NETCONFA_MC_FORWARDING" mc_forwarding: i32,
        /// Whether addresses of others are answered for.
        5 "NETCONFA_PROXY_NEIGH" proxy_neigh: i32,
        /// Whether routes over links without a carrier are passed over.
        6 "NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN" ignore_routes_with_linkdown: i32,
        /// Whether MPLS packets are received.
        7 "NETCONFA_INPUT" input: i32,
        /// Whether directed broadcasts are forwarded. IPv4 only.
        8 "NETCONFA_BC_FORWARDING" bc_forwarding: i32,
        /// Whether packets are forwarded though the link's own setting says no. IPv6 only.
        9 "NETCONFA_FORCE_FORWARDING" force_forwarding: i32,
    }
}

/// Index that stands for all links (`NETCONFA_IFINDEX_ALL`).
pub const ALL: i32 = -1;
/// Index that stands for links to come (`NETCONFA_IFINDEX_DEFAULT`).
pub const DEFAULT: i32 = -2;

/// What makes settings these and no other: protocol and link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NetconfKey {
    /// Address family (`AF_*`).
    pub family: u8,
    /// Index of the link, [`ALL`] or [`DEFAULT`].
    pub index: i32,
}

impl Object for Netconf {
    type Key = NetconfKey;
    const NOUN: &'static str = "netconf";
    fn key(&self) -> NetconfKey {
        NetconfKey { family: self.family(), index: self.index().unwrap_or_default() }
    }
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.index() {
            Some(ALL) => f.write_str("of all links"),
            Some(DEFAULT) => f.write_str("of links to come"),
            Some(index) => write!(f, "dev {index}"),
            None => Ok(()),
        }
    }
}

const RTM_NEWNETCONF: u16 = 80;
const RTM_GETNETCONF: u16 = 82;

/// Lists the settings of a protocol on all links.
///
/// ```
/// let of_ipv4 = netloom_route::netconf::List::v4();
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct List {
    family: u8,
    device: Option<i32>,
}

impl List {
    families! {
        /// Of all protocols.
        all;
        /// Of IPv4.
        v4;
        /// Of IPv6.
        v6;
        /// Of a family (`AF_*`); MPLS has some too.
        family;
    }

    setters! {
        /// Only of the link with this index, [`ALL`] or [`DEFAULT`].
        device: i32;
    }
}

impl Request for List {
    type Family = Rtnetlink;
    type Body = Netconf;
    type Reply = Netconf;
    type Kind = Dump;
    const COMMAND: u16 = RTM_GETNETCONF;
    const REPLY: u16 = RTM_NEWNETCONF;
    const VERB: &'static str = "list";

    fn write(&self, out: &mut Buffer) {
        // A strict kernel refuses any attribute.
        out.message(NetconfHeader { family: self.family, ..Default::default() }, |w: NetconfWriter| w);
    }

    fn accepts(&self, settings: &Netconf) -> bool {
        (self.family == af::UNSPEC || settings.family() == self.family)
            && self.device.is_none_or(|index| settings.index() == Some(index))
    }
}

/// Gets the settings of a protocol on a link.
///
/// ```
/// use netloom_route::netconf::{ALL, Get};
///
/// let of_ipv6 = Get::v6(2);
/// let of_all_links = Get::v4(ALL);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Get {
    family: u8,
    index: i32,
}

impl Get {
    /// Of IPv4 on the link with this index, [`ALL`] or [`DEFAULT`].
    pub fn v4(index: i32) -> Self {
        Self::family(af::INET, index)
    }

    /// Of IPv6 on the link with this index, [`ALL`] or [`DEFAULT`].
    pub fn v6(index: i32) -> Self {
        Self::family(af::INET6, index)
    }

    /// Of a family (`AF_*`) on the link with this index, [`ALL`] or [`DEFAULT`].
    pub fn family(family: u8, index: i32) -> Self {
        Self { family, index }
    }
}

impl Request for Get {
    type Family = Rtnetlink;
    type Body = Netconf;
    type Reply = Netconf;
    type Kind = wire::Get;
    const COMMAND: u16 = RTM_GETNETCONF;
    const REPLY: u16 = RTM_NEWNETCONF;
    const VERB: &'static str = "get";
    const ALWAYS_REPLIES: bool = true;

    fn write(&self, out: &mut Buffer) {
        out.message(NetconfHeader { family: self.family, ..Default::default() }, |w: NetconfWriter| {
            w.index(self.index)
        });
    }
}
