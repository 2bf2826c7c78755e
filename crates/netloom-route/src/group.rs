//! Multicast groups of rtnetlink (`enum rtnetlink_groups`, `linux/rtnetlink.h`): what a socket may subscribe to.

macro_rules! groups { ($($(#[$doc:meta])* $name:ident $kernel:literal = $number:literal,)*) => {
    $($(#[$doc])* #[doc = concat!("`", $kernel, "`.")] #[doc(alias = $kernel)] pub const $name: u32 = $number;)*

    /// All groups: number and the kernel's constant.
    pub const ALL: &[(u32, &str)] = &[$(($number, $kernel)),*];
} }

groups! {
    /// Links.
    LINK "RTNLGRP_LINK" = 1,
    /// Neighbours, forwarding databases, and neighbour tables.
    NEIGHBOUR "RTNLGRP_NEIGH" = 3,
    /// Traffic control.
    TC "RTNLGRP_TC" = 4,
    /// Addresses of IPv4.
    IPV4_ADDRESS "RTNLGRP_IPV4_IFADDR" = 5,
    /// Multicast routes of IPv4.
    IPV4_MULTICAST_ROUTE "RTNLGRP_IPV4_MROUTE" = 6,
    /// Routes of IPv4.
    IPV4_ROUTE "RTNLGRP_IPV4_ROUTE" = 7,
    /// Rules of IPv4.
    IPV4_RULE "RTNLGRP_IPV4_RULE" = 8,
    /// Addresses of IPv6.
    IPV6_ADDRESS "RTNLGRP_IPV6_IFADDR" = 9,
    /// Multicast routes of IPv6.
    IPV6_MULTICAST_ROUTE "RTNLGRP_IPV6_MROUTE" = 10,
    /// Routes of IPv6.
    IPV6_ROUTE "RTNLGRP_IPV6_ROUTE" = 11,
    /// What IPv6 knows of links.
    IPV6_LINK "RTNLGRP_IPV6_IFINFO" = 12,
    /// Prefixes that routers advertise.
    IPV6_PREFIX "RTNLGRP_IPV6_PREFIX" = 18,
    /// Rules of IPv6.
    IPV6_RULE "RTNLGRP_IPV6_RULE" = 19,
    /// Options of neighbour discovery that user space handles.
    ND_USER_OPTION "RTNLGRP_ND_USEROPT" = 20,
    /// Settings of IPv4.
    IPV4_NETCONF "RTNLGRP_IPV4_NETCONF" = 24,
    /// Settings of IPv6.
    IPV6_NETCONF "RTNLGRP_IPV6_NETCONF" = 25,
    /// Multicast databases of bridges.
    MULTICAST_DATABASE "RTNLGRP_MDB" = 26,
    /// Routes of MPLS.
    MPLS_ROUTE "RTNLGRP_MPLS_ROUTE" = 27,
    /// Numbers of network namespaces.
    NSID "RTNLGRP_NSID" = 28,
    /// Settings of MPLS.
    MPLS_NETCONF "RTNLGRP_MPLS_NETCONF" = 29,
    /// Next hop objects.
    NEXTHOP "RTNLGRP_NEXTHOP" = 32,
    /// VLANs of bridges.
    BRIDGE_VLAN "RTNLGRP_BRVLAN" = 33,
    /// Entries of tunnels.
    TUNNEL "RTNLGRP_TUNNEL" = 35,
    /// Statistics.
    STATS "RTNLGRP_STATS" = 36,
    /// Multicast addresses of IPv4; from Linux 6.14 on.
    IPV4_MULTICAST_ADDRESS "RTNLGRP_IPV4_MCADDR" = 37,
    /// Multicast addresses of IPv6; from Linux 6.14 on.
    IPV6_MULTICAST_ADDRESS "RTNLGRP_IPV6_MCADDR" = 38,
    /// Anycast addresses of IPv6; from Linux 6.14 on.
    IPV6_ANYCAST_ADDRESS "RTNLGRP_IPV6_ACADDR" = 39,
}
