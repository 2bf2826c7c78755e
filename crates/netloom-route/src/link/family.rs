//! What address families have to say of a link.

use netloom_wire::{attributes, fixed, flags, open_enum, select};

use super::BridgeSpec;
use crate::kind::BridgePort;

select! {
    /// What address families have to say, by the family of the message.
    pub AfSpec = u8 {
        0 => All(Nest(FamilySpecs)),
        7 => Bridge(Nest(BridgeSpec)),
        10 => Inet6Only(Nest(FamilySpecs)),
    }
}

select! {
    /// What the family of the message has to say.
    pub ProtocolInfo = u8 {
        7 => Bridge(Nest(BridgePort)),
        10 => Inet6(Nest(Inet6Spec)),
    }
}

attributes! {
    /// Each address family's own attributes; their numbers are `AF_*`.
    pub FamilySpecs, FamilySpecsWriter = "rt-link/af-spec-attrs" {
        /// IPv4.
        2 "AF_INET" inet: Nest(InetSpec),
        /// IPv6.
        10 "AF_INET6" inet6: Nest(Inet6Spec),
        /// Management Component Transport Protocol.
        45 "AF_MCTP" mctp: Nest(MctpSpec),
    }
}

attributes! {
    /// What IPv4 has to say of a link.
    pub InetSpec, InetSpecWriter = "rt-link/ifla-attrs" {
        /// The `sysctl`s of `net.ipv4.conf`, from `IPV4_DEVCONF_FORWARDING` on (`linux/ip.h`). In a request a nest: each
        /// number counts from 1, each payload is a `u32`.
        1 "IFLA_INET_CONF" conf: Array(u32),
    }
}

attributes! {
    /// What IPv6 has to say of a link.
    pub Inet6Spec, Inet6SpecWriter = "rt-link/ifla6-attrs" {
        /// State of its configuration.
        1 "IFLA_INET6_FLAGS" flags: Inet6Flags,
        /// The `sysctl`s of `net.ipv6.conf`, from `DEVCONF_FORWARDING` on (`linux/ipv6.h`).
        2 "IFLA_INET6_CONF" conf: Array(i32),
        /// Counters of IPv6 (`IPSTATS_MIB_*`, `linux/snmp.h`); the first is their number.
        3 "IFLA_INET6_STATS" stats: Array(u64),
        /// Multicast; no kernel sends it.
        4 "IFLA_INET6_MCAST" mcast: Bytes,
        /// Times and sizes.
        5 "IFLA_INET6_CACHEINFO" cacheinfo: CacheInfo,
        /// Counters of ICMPv6 (`ICMP6_MIB_*`, `linux/snmp.h`); the first is their number.
        6 "IFLA_INET6_ICMP6STATS" icmp6stats: Array(u64),
        /// The lower half is the interface identifier of addresses to come; `::` for none.
        7 "IFLA_INET6_TOKEN" token: Ipv6Addr,
        /// How addresses get their identifier.
        8 "IFLA_INET6_ADDR_GEN_MODE" addr_gen_mode: AddressGeneration,
        /// The MTU that a router told, in bytes; 0 for none.
        9 "IFLA_INET6_RA_MTU" ra_mtu: u32,
    }
}

flags! {
    /// State of IPv6's configuration of a link (`IF_*`, the kernel's `net/if_inet6.h`).
    pub Inet6Flags: u32 = "inet6-flags" {
        /// Routers tell that more than addresses can be had by DHCPv6.
        RA_OTHERCONF = 0x80,
        /// Routers tell that addresses can be had by DHCPv6.
        RA_MANAGED = 0x40,
        /// A router answered.
        RA_RCVD = 0x20,
        /// Routers were asked.
        RS_SENT = 0x10,
        /// It is ready for addresses.
        READY = 0x8000_0000,
    }
}

open_enum! {
    /// How IPv6 addresses get their identifier.
    pub AddressGeneration: u8 = "in6-addr-gen-mode" {
        /// From the hardware address.
        0 "IN6_ADDR_GEN_MODE_EUI64" Eui64,
        /// No link-local address is made.
        1 "IN6_ADDR_GEN_MODE_NONE" None,
        /// From the prefix and a secret (RFC 7217).
        2 "IN6_ADDR_GEN_MODE_STABLE_PRIVACY" StablePrivacy,
        /// From the prefix and a secret that is made up.
        3 "IN6_ADDR_GEN_MODE_RANDOM" Random,
    }
}

fixed! {
    /// Times and sizes of IPv6 on a link (`struct ifla_cacheinfo`).
    pub CacheInfo = "ifla_cacheinfo" {
        /// Largest packet that fragments may make, in bytes.
        pub max_reasm_len: u32,
        /// When the link's addresses last changed, in hundredths of a second since boot.
        pub tstamp: u32,
        /// How long a neighbour is taken to be reachable, in milliseconds.
        pub reachable_time: u32,
        /// Time between solicitations, in milliseconds.
        pub retrans_time: u32,
    }
}

attributes! {
    /// What MCTP has to say of a link.
    pub MctpSpec, MctpSpecWriter = "rt-link/mctp-attrs" {
        /// Number of the network that it belongs to.
        1 "IFLA_MCTP_NET" net: u32,
        /// Type of the physical binding (DSP0239).
        2 "IFLA_MCTP_PHYS_BINDING" phys_binding: u8,
    }
}
