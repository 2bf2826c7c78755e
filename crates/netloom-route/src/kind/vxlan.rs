//! `vxlan`: Ethernet over UDP (RFC 7348).

use core::net::IpAddr;

use netloom_wire::{Be16, Be32, Buffer, Kind, Payload, attributes, fixed, open_enum};

attributes! {
    /// Settings of a VXLAN (`IFLA_VXLAN_*`, `linux/if_link.h`).
    pub Vxlan, VxlanWriter = "vxlan/attrs" {
        /// Network identifier: 0 to 16777215.
        1 "IFLA_VXLAN_ID" id: u32,
        /// Where frames to unknown addresses go: a multicast group or a single host.
        2 "IFLA_VXLAN_GROUP" group4: Ipv4Addr,
        /// Index of the device that packets leave by; 0 for any.
        3 "IFLA_VXLAN_LINK" link: u32,
        /// Source of packets.
        4 "IFLA_VXLAN_LOCAL" local4: Ipv4Addr,
        /// Time to live of packets; 0 for the usual one.
        5 "IFLA_VXLAN_TTL" ttl: u8,
        /// Type of service of packets; 1 takes it from the packet within.
        6 "IFLA_VXLAN_TOS" tos: u8,
        /// Learn who is where from what arrives.
        7 "IFLA_VXLAN_LEARNING" learning: Switch,
        /// Seconds until what was learned is forgotten; 0 for never.
        8 "IFLA_VXLAN_AGEING" ageing: u32,
        /// Addresses that may be learned; 0 for no limit.
        9 "IFLA_VXLAN_LIMIT" limit: u32,
        /// Source ports of packets.
        10 "IFLA_VXLAN_PORT_RANGE" port_range: VxlanPortRange,
        /// Answer ARP from what is known.
        11 "IFLA_VXLAN_PROXY" proxy: Switch,
        /// Route where the destination is known (route short circuit).
        12 "IFLA_VXLAN_RSC" rsc: Switch,
        /// Tell of unknown hardware addresses.
        13 "IFLA_VXLAN_L2MISS" l2miss: Switch,
        /// Tell of unknown neighbours.
        14 "IFLA_VXLAN_L3MISS" l3miss: Switch,
        /// Destination port of packets; 8472 if not said, where RFC 7348 has 4789.
        15 "IFLA_VXLAN_PORT" port: Be16,
        /// As `group4`.
        16 "IFLA_VXLAN_GROUP6" group6: Ipv6Addr,
        /// As `local4`.
        17 "IFLA_VXLAN_LOCAL6" local6: Ipv6Addr,
        /// Checksums over IPv4.
        18 "IFLA_VXLAN_UDP_CSUM" udp_csum: Switch,
        /// Send no checksums over IPv6.
        19 "IFLA_VXLAN_UDP_ZERO_CSUM6_TX" udp_zero_csum6_tx: Switch,
        /// Take packets without checksum over IPv6.
        20 "IFLA_VXLAN_UDP_ZERO_CSUM6_RX" udp_zero_csum6_rx: Switch,
        /// Remote checksum offload of what is sent.
        21 "IFLA_VXLAN_REMCSUM_TX" remcsum_tx: Switch,
        /// Remote checksum offload of what is received.
        22 "IFLA_VXLAN_REMCSUM_RX" remcsum_rx: Switch,
        /// Group based policy: the mark of packets goes along.
        23 "IFLA_VXLAN_GBP" gbp: Flag,
        /// Remote checksum offload is never partial.
        24 "IFLA_VXLAN_REMCSUM_NOPARTIAL" remcsum_nopartial: Flag,
        /// Routes, filters and programs say where packets go.
        25 "IFLA_VXLAN_COLLECT_METADATA" collect_metadata: Switch,
        /// IPv6 flow label of packets: 0 to 1048575.
        26 "IFLA_VXLAN_LABEL" label: Be32,
        /// Generic protocol extension: packets may be other than Ethernet.
        27 "IFLA_VXLAN_GPE" gpe: Flag,
        /// Time to live is the one of the packet within.
        28 "IFLA_VXLAN_TTL_INHERIT" ttl_inherit: TtlInherit,
        /// Don't-fragment bit of packets.
        29 "IFLA_VXLAN_DF" df: VxlanDf,
        /// Take only identifiers that were listed; needs `collect_metadata`.
        30 "IFLA_VXLAN_VNIFILTER" vnifilter: Switch,
        /// Frames to a VXLAN of the same machine do not go through its stack.
        31 "IFLA_VXLAN_LOCALBYPASS" localbypass: Switch,
        /// Where the IPv6 flow label comes from.
        32 "IFLA_VXLAN_LABEL_POLICY" label_policy: VxlanLabelPolicy,
        /// Bits of the header that make the kernel drop a packet.
        33 "IFLA_VXLAN_RESERVED_BITS" reserved_bits: VxlanReservedBits,
        /// Multicast is routed by the machine's multicast routing.
        34 "IFLA_VXLAN_MC_ROUTE" mc_route: Switch,
    }
}

fixed! {
    /// Source ports, from and to.
    pub VxlanPortRange = "ifla_vxlan_port_range" {
        /// First.
        pub low: Be16,
        /// Last.
        pub high: Be16,
    }
}

fixed! {
    /// Mask over the header of a packet.
    pub VxlanReservedBits = "vxlanhdr" {
        /// Over the first four bytes: flags and what is reserved behind them.
        pub flags: Be32,
        /// Over the last four bytes: identifier and what is reserved behind it.
        pub vni: Be32,
    }
}

open_enum! {
    /// Don't-fragment bit of packets (`linux/if_link.h`).
    pub VxlanDf: u8 = "vxlan-df" {
        0 "VXLAN_DF_UNSET" Unset,
        1 "VXLAN_DF_SET" Set,
        /// As in the packet within.
        2 "VXLAN_DF_INHERIT" Inherit,
    }
}
open_enum! {
    /// Where the IPv6 flow label comes from (`linux/if_link.h`).
    pub VxlanLabelPolicy: u32 = "vxlan-label-policy" {
        0 "VXLAN_LABEL_FIXED" Fixed,
        /// From the packet within.
        1 "VXLAN_LABEL_INHERIT" Inherit,
    }
}

/// Whether the time to live is the one of the packet within.
///
/// The kernel tells it as a byte and takes it as a flag, an attribute without payload; `false` is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TtlInherit(pub bool);

impl Payload for TtlInherit {
    type Get<'a> = Self;
    const KIND: Kind = Kind::Bytes;
    fn get(payload: &[u8]) -> Option<Self> {
        match payload {
            [] => Some(Self(true)),
            [byte] => Some(Self(*byte != 0)),
            _ => None,
        }
    }
    fn put(value: Self, number: u16, out: &mut Buffer) {
        bool::put(value.0, number, out);
    }
}

super::settings::kind! { VxlanWriter, "vxlan" }

impl Vxlan {
    /// Settings of the VXLAN `id`. To change one that exists, begin with `VxlanWriter::default()`.
    ///
    /// ```
    /// use netloom_route::kind::{Vxlan, VxlanDf};
    /// use std::net::{IpAddr, Ipv4Addr};
    /// let vxlan = Vxlan::new(42)
    ///     .port(4789)
    ///     .local(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)))
    ///     .group(IpAddr::V4(Ipv4Addr::new(239, 1, 1, 1)))
    ///     .learning(false)
    ///     .df(VxlanDf::Inherit);
    /// ```
    pub fn new(id: u32) -> VxlanWriter {
        VxlanWriter::default().id(id)
    }

    /// Where frames to unknown addresses go: [`Vxlan::group4`] or [`Vxlan::group6`].
    pub fn group(&self) -> Option<IpAddr> {
        self.group4().map(IpAddr::V4).or_else(|| self.group6().map(IpAddr::V6))
    }

    /// Source of packets: [`Vxlan::local4`] or [`Vxlan::local6`].
    pub fn local(&self) -> Option<IpAddr> {
        self.local4().map(IpAddr::V4).or_else(|| self.local6().map(IpAddr::V6))
    }
}

impl VxlanWriter {
    /// Where frames to unknown addresses go: a multicast group or a single host.
    pub fn group(self, address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => self.group4(address),
            IpAddr::V6(address) => self.group6(address),
        }
    }

    /// Source of packets.
    pub fn local(self, address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => self.local4(address),
            IpAddr::V6(address) => self.local6(address),
        }
    }
}
