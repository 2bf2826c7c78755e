//! The tables of routes (`RTM_*ROUTE`, `linux/rtnetlink.h`).

use netloom_wire::{Be16, attributes, fixed, flags, message, open_enum, select};

use super::Metrics;
use crate::encap::{Encap, MplsLabel};

message! {
    /// A route.
    pub Route, RouteHeader = "rtmsg" RouteAttributes {
        /// Address family (`AF_*`).
        pub family: u8,
        /// Bits of the destination that count.
        pub dst_length: u8,
        /// Bits of the source that count.
        pub src_length: u8,
        /// Type of service that packets must have; 0 for any.
        pub tos: u8,
        /// The table if it is below 256; [`Route::table`] has it always.
        pub low_table: u8,
        /// Who made the route (`RTPROT_*`).
        pub protocol: u8,
        /// How far away the destination is (`RT_SCOPE_*`).
        pub scope: u8,
        /// What is done with packets, a [`RouteType`]: [`Route::kind`].
        pub route_type: u8,
        /// [`RouteFlags`].
        pub flags: u32,
    }
}

message! {
    /// One next hop of a route that has several; it has attributes of its own.
    pub NextHop, NextHopHeader = "rtnexthop" RouteAttributes {
        /// Bytes, header and all; set when written.
        pub length: u16,
        /// The lower eight [`RouteFlags`].
        pub flags: u8,
        /// Weight less 1.
        pub hops: u8,
        /// Index of the link.
        pub index: u32,
    }
}

attributes! {
    /// Attributes of a route (`RTA_*`, `linux/rtnetlink.h`).
    pub RouteAttributes, RouteWriter = "rt-route/route-attrs" {
        /// Destination, missing in a default route; [`Route::destination`] has it with its length.
        1 "RTA_DST" dst: SelectBy(RouteAddress, family: u8),
        /// Source that packets must have; [`Route::source`] has it with its length.
        2 "RTA_SRC" src: IpAddr,
        /// Index of the link that a packet comes in by.
        3 "RTA_IIF" iif: u32,
        /// Index of the link that packets leave by.
        4 "RTA_OIF" oif: u32,
        /// Router, of the route's own family.
        5 "RTA_GATEWAY" gateway: IpAddr,
        /// Order among routes to the same destination: lower comes first. iproute2 says metric.
        6 "RTA_PRIORITY" priority: u32,
        /// Source for packets of this machine.
        7 "RTA_PREFSRC" prefsrc: IpAddr,
        /// What connections begin with.
        8 "RTA_METRICS" metrics: Nest(Metrics) plain,
        /// Next hops, if there are several.
        9 "RTA_MULTIPATH" multipath: Records(NextHop),
        /// Unused.
        10 "RTA_PROTOINFO" protoinfo: Bytes,
        /// Realms: source in the upper 16 bits, destination in the lower.
        11 "RTA_FLOW" realms: u32,
        /// Age, use and error.
        12 "RTA_CACHEINFO" cache_info: RouteCacheInfo,
        /// Unused.
        13 "RTA_SESSION" session: Bytes,
        /// Unused.
        14 "RTA_MP_ALGO" mp_algo: Bytes,
        /// Table; [`Route::table`] has the header's where this is missing.
        15 "RTA_TABLE" wide_table: u32,
        /// Mark of a packet, in questions for the route of one.
        16 "RTA_MARK" mark: u32,
        /// Counters of a multicast route.
        17 "RTA_MFC_STATS" mfc_stats: MulticastStats,
        /// Router of another family than the route's.
        18 "RTA_VIA" via: Via,
        /// MPLS labels that replace the one of the packet.
        19 "RTA_NEWDST" newdst: Array(MplsLabel),
        /// Preference among default routers (RFC 4191).
        20 "RTA_PREF" pref: RouterPreference,
        /// Type of the encapsulation (`LWTUNNEL_ENCAP_*`).
        21 "RTA_ENCAP_TYPE" encap_type: u16,
        /// Encapsulation.
        22 "RTA_ENCAP" encap: Select(Encap, encap_type),
        /// Seconds until the route is removed, in requests; IPv6 only.
        23 "RTA_EXPIRES" expires: u32,
        /// User of a socket, in questions for a route.
        25 "RTA_UID" uid: u32,
        /// Whether the time to live goes from the packet into the label and back; MPLS only.
        26 "RTA_TTL_PROPAGATE" ttl_propagate: u8,
        /// Protocol above IP (`IPPROTO_*`), in questions for a route.
        27 "RTA_IP_PROTO" ip_protocol: u8,
        /// Source port, in questions for a route. Network byte order, other than the kernel's spec says.
        28 "RTA_SPORT" sport: TransportPort,
        /// Destination port, in questions for a route. Network byte order, other than the kernel's spec says.
        29 "RTA_DPORT" dport: TransportPort,
        /// Identifier of the next hop object.
        30 "RTA_NH_ID" nh_id: u32,
        /// Flow label, 20 bits, in questions for a route.
        31 "RTA_FLOWLABEL" flowlabel: Be32,
        /// Why the route went, in notifications.
        32 "RTA_DEL_REASON" del_reason: DelReason,
    }
}

select! {
    /// Destination of a route, by its family.
    pub RouteAddress = u8 {
        2 => V4(Ipv4Addr),
        10 => V6(Ipv6Addr),
        28 => Mpls(MplsLabel),
    }
}

open_enum! {
    /// What a route does with packets (`RTN_*`).
    pub RouteType: u8 = "rtm-type" {
        /// Nothing said.
        0 "RTN_UNSPEC" Unspecified,
        /// Sends them on.
        1 "RTN_UNICAST" Unicast,
        /// Takes them in.
        2 "RTN_LOCAL" Local,
        /// Takes them in, and sends them as broadcasts.
        3 "RTN_BROADCAST" Broadcast,
        /// Takes them in as broadcasts, and sends them to one.
        4 "RTN_ANYCAST" Anycast,
        /// Sends them to a group.
        5 "RTN_MULTICAST" Multicast,
        /// Drops them.
        6 "RTN_BLACKHOLE" Blackhole,
        /// Drops them and says that the destination is unreachable.
        7 "RTN_UNREACHABLE" Unreachable,
        /// Drops them and says that this is prohibited.
        8 "RTN_PROHIBIT" Prohibit,
        /// Not in this table: goes on with the next rule.
        9 "RTN_THROW" Throw,
        /// Translates them; gone since Linux 2.6.
        10 "RTN_NAT" Nat,
        /// Asks an external resolver; never implemented.
        11 "RTN_XRESOLVE" Xresolve,
    }
}

open_enum! {
    /// Preference among default routers (`ICMPV6_ROUTER_PREF_*`, RFC 4191).
    pub RouterPreference: u8 = "icmpv6-router-pref" { 0 Medium, 1 High, 2 Invalid, 3 Low }
}

open_enum! {
    /// Why a route went.
    pub DelReason: u32 = "del-reason" {
        0 "RT_DEL_REASON_UNSPEC" Unspecified,
        1 "RT_DEL_REASON_EXPIRED" Expired,
        2 "RT_DEL_REASON_RA_WITHDRAWN" RouterWithdrew,
    }
}

flags! {
    /// Properties of a route (`RTM_F_*`) and of its next hop (`RTNH_F_*`).
    pub RouteFlags: u32 = "rtm-flags" {
        /// The link is down or gone.
        "RTNH_F_DEAD" DEAD = 0x1,
        /// Do not look up the router.
        "RTNH_F_PERVASIVE" PERVASIVE = 0x2,
        /// The router is on the link, whatever the addresses say.
        "RTNH_F_ONLINK" ONLINK = 0x4,
        /// The next hop is in hardware.
        "RTNH_F_OFFLOAD" OFFLOAD = 0x8,
        /// The link has no carrier.
        "RTNH_F_LINKDOWN" LINKDOWN = 0x10,
        /// A multicast route that waits for its daemon.
        "RTNH_F_UNRESOLVED" UNRESOLVED = 0x20,
        /// Hardware hands packets of the next hop to the kernel.
        "RTNH_F_TRAP" TRAP = 0x40,
        /// Notify when it changes.
        "RTM_F_NOTIFY" NOTIFY = 0x100,
        /// A clone, from the cache.
        "RTM_F_CLONED" CLONED = 0x200,
        /// Unused.
        "RTM_F_EQUALIZE" EQUALIZE = 0x400,
        /// Prefixes of router advertisements.
        "RTM_F_PREFIX" PREFIX = 0x800,
        /// The answer is to name the table that was looked up.
        "RTM_F_LOOKUP_TABLE" LOOKUP_TABLE = 0x1000,
        /// The answer is to be the entry that matched, not what became of it.
        "RTM_F_FIB_MATCH" FIB_MATCH = 0x2000,
        /// The route is in hardware.
        "RTM_F_OFFLOAD" ROUTE_OFFLOAD = 0x4000,
        /// Hardware hands packets of the route to the kernel.
        "RTM_F_TRAP" ROUTE_TRAP = 0x8000,
        /// Hardware could not take the route.
        "RTM_F_OFFLOAD_FAILED" OFFLOAD_FAILED = 0x2000_0000,
    }
}

fixed! {
    /// Age and use of a route (`struct rta_cacheinfo`).
    pub RouteCacheInfo = "rta_cacheinfo" {
        /// Users.
        pub clntref: u32,
        /// Since the last use, in hundredths of a second.
        pub lastuse: u32,
        /// Until it is removed, in hundredths of a second; may be negative.
        pub expires: i32,
        /// What packets fail with, an errno below 0.
        pub error: i32,
        /// How often it was used.
        pub used: u32,
        /// Unused.
        pub id: u32,
        /// Unused.
        pub ts: u32,
        /// Unused.
        pub tsage: u32,
    }
}

fixed! {
    /// Counters of a multicast route (`struct rta_mfc_stats`).
    pub MulticastStats = "rta_mfc_stats" {
        /// Packets.
        pub packets: u64,
        /// Bytes.
        pub bytes: u64,
        /// Packets that came in by the wrong link.
        pub wrong_if: u64,
    }
}

fixed! {
    /// A port of TCP, UDP or their like.
    pub TransportPort = "route_port" {
        /// The number.
        pub number: Be16,
    }
}

impl From<u16> for TransportPort {
    fn from(number: u16) -> Self {
        Self { number: number.into() }
    }
}
