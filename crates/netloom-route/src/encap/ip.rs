//! Tunnels over IPv4 and IPv6, for a collect-metadata device (`linux/lwtunnel.h`).

use netloom_wire::{Be16, Kind, Payload, attributes};

attributes! {
    /// What a tunnel over IPv4 is to use (`LWTUNNEL_IP_*`).
    pub Ip, IpWriter = "lwtunnel/ip" {
        /// Identifier of the tunnel: key, VNI.
        1 "LWTUNNEL_IP_ID" id: Be64,
        /// Far end.
        2 "LWTUNNEL_IP_DST" dst: Ipv4Addr,
        /// Near end.
        3 "LWTUNNEL_IP_SRC" src: Ipv4Addr,
        /// Time to live.
        4 "LWTUNNEL_IP_TTL" ttl: u8,
        /// Type of service.
        5 "LWTUNNEL_IP_TOS" tos: u8,
        /// What the tunnel's header carries.
        6 "LWTUNNEL_IP_FLAGS" flags: TunnelFlags,
        /// Options of the tunnel's header.
        8 "LWTUNNEL_IP_OPTS" options: Nest(TunnelOptions),
    }
}

attributes! {
    /// What a tunnel over IPv6 is to use (`LWTUNNEL_IP6_*`).
    pub Ip6, Ip6Writer = "lwtunnel/ip6" {
        /// Identifier of the tunnel: key, VNI.
        1 "LWTUNNEL_IP6_ID" id: Be64,
        /// Far end.
        2 "LWTUNNEL_IP6_DST" dst: Ipv6Addr,
        /// Near end.
        3 "LWTUNNEL_IP6_SRC" src: Ipv6Addr,
        /// Hop limit.
        4 "LWTUNNEL_IP6_HOPLIMIT" hop_limit: u8,
        /// Traffic class.
        5 "LWTUNNEL_IP6_TC" traffic_class: u8,
        /// What the tunnel's header carries.
        6 "LWTUNNEL_IP6_FLAGS" flags: TunnelFlags,
        /// Options of the tunnel's header.
        8 "LWTUNNEL_IP6_OPTS" options: Nest(TunnelOptions),
    }
}

attributes! {
    /// Options of a tunnel's header, of one sort (`LWTUNNEL_IP_OPTS_*`).
    ///
    /// Some kernels (6.18 among them) stop with a memory check that holds the lock of all rtnetlink when they get any.
    pub TunnelOptions, TunnelOptionsWriter = "lwtunnel/ip-opts" {
        /// Options of Geneve, in order.
        1 "LWTUNNEL_IP_OPTS_GENEVE" geneve: Many(Nest(GeneveOption)),
        /// Of VXLAN.
        2 "LWTUNNEL_IP_OPTS_VXLAN" vxlan: Nest(VxlanOption),
        /// Of ERSPAN.
        3 "LWTUNNEL_IP_OPTS_ERSPAN" erspan: Nest(ErspanOption),
    }
}

attributes! {
    /// An option of Geneve (RFC 8926).
    pub GeneveOption, GeneveOptionWriter = "lwtunnel/ip-opt-geneve" {
        /// Whose option it is.
        1 "LWTUNNEL_IP_OPT_GENEVE_CLASS" class: Be16,
        /// Which of the class.
        2 "LWTUNNEL_IP_OPT_GENEVE_TYPE" option: u8,
        /// Its value, a multiple of 4 bytes.
        3 "LWTUNNEL_IP_OPT_GENEVE_DATA" data: Bytes,
    }
}

attributes! {
    /// The option of VXLAN.
    pub VxlanOption, VxlanOptionWriter = "lwtunnel/ip-opt-vxlan" {
        /// Group policy.
        1 "LWTUNNEL_IP_OPT_VXLAN_GBP" gbp: u32,
    }
}

attributes! {
    /// The header of ERSPAN.
    pub ErspanOption, ErspanOptionWriter = "lwtunnel/ip-opt-erspan" {
        /// Version, 1 or 2.
        1 "LWTUNNEL_IP_OPT_ERSPAN_VER" version: u8,
        /// Port, in version 1.
        2 "LWTUNNEL_IP_OPT_ERSPAN_INDEX" index: Be32,
        /// Direction of the mirrored packet, in version 2: 0 ingress, 1 egress.
        3 "LWTUNNEL_IP_OPT_ERSPAN_DIR" direction: u8,
        /// Number of the switch's hardware, in version 2.
        4 "LWTUNNEL_IP_OPT_ERSPAN_HWID" hardware: u8,
    }
}

netloom_wire::bitflags::bitflags! {
    /// What a tunnel's header carries (`TUNNEL_*`, `linux/if_tunnel.h`), network byte order on the wire.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct TunnelFlags: u16 {
        /// A checksum.
        const CSUM = 0x01;
        /// The identifier.
        const KEY = 0x04;
        /// A sequence number.
        const SEQUENCE = 0x08;
        const _ = !0;
    }
}

impl Payload for TunnelFlags {
    type Get<'a> = Self;
    const KIND: Kind = Kind::Be16;
    fn get(payload: &[u8]) -> Option<Self> {
        <Be16 as Payload>::get(payload).map(Self::from_bits_retain)
    }
    fn put(value: Self, number: u16, out: &mut netloom_wire::Buffer) {
        <Be16 as Payload>::put(value.bits(), number, out);
    }
}
