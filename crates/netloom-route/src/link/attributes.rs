//! The table of a link.

use netloom_wire::{attributes, fixed, message};

use super::{
    AfSpec, ExtMask, LinkEvent, LinkInfo, LinkMode, LinkStats, LinkStats64, OperState, PortInfo, ProtocolInfo, VfList,
    VfPorts, Xdp,
};

message! {
    /// A link: a network interface.
    pub Link, LinkHeader = "ifinfomsg" LinkAttributes {
        /// Address family (`AF_*`): 0 for the link itself, 7 (`AF_BRIDGE`) for what a bridge has to say of its port.
        pub family: u8,
        #[doc(hidden)]
        pub _pad: u8,
        /// Hardware type (`ARPHRD_*`, `linux/if_arp.h`): 1 is Ethernet, 772 the loopback.
        pub hardware: u16,
        /// Index, from 1 on; 0 in a request that names the link, or leaves the choice to the kernel.
        pub index: u32,
        /// Bits of [`LinkFlags`](super::LinkFlags).
        pub flags: u32,
        /// Which bits of `flags` a request means; 0xffff_ffff in what the kernel sends.
        pub change: u32,
    }
}

attributes! {
    /// Attributes of a link (`IFLA_*`, `linux/if_link.h`).
    pub LinkAttributes, LinkWriter = "rt-link/link-attrs" {
        /// Hardware address.
        1 "IFLA_ADDRESS" address: HardwareAddress,
        /// Hardware address of broadcasts; of a point-to-point link the peer's address.
        2 "IFLA_BROADCAST" broadcast: HardwareAddress,
        /// Name, at most 15 bytes.
        3 "IFLA_IFNAME" ifname: str,
        /// Largest packet, in bytes without the link's own header.
        4 "IFLA_MTU" mtu: u32,
        /// Index of the link below, or of a veth's peer; in the namespace `link_netnsid` if that is there.
        5 "IFLA_LINK" link: u32,
        /// Name of the queueing discipline.
        6 "IFLA_QDISC" qdisc: str,
        /// Counters of 32 bits; they wrap.
        7 "IFLA_STATS" stats: LinkStats,
        /// Index of the link that this is a port of: a bridge, bond, team or VRF; 0 in a request: of none.
        10 "IFLA_MASTER" master: u32,
        /// An event of the wireless extensions.
        11 "IFLA_WIRELESS" wireless: Bytes,
        /// What the family of the header has to say.
        12 "IFLA_PROTINFO" protocol_info: SelectBy(ProtocolInfo, family: u8),
        /// Length of the transmit queue, in packets.
        13 "IFLA_TXQLEN" txqlen: u32,
        /// Resources of the device.
        14 "IFLA_MAP" map: LinkMap,
        /// Weight, which no driver reads any more.
        15 "IFLA_WEIGHT" weight: u32,
        /// Operational state (RFC 2863).
        16 "IFLA_OPERSTATE" operstate: OperState,
        /// What the operational state waits for when the carrier comes.
        17 "IFLA_LINKMODE" linkmode: LinkMode,
        /// Kind of link, and what that kind has to say.
        18 "IFLA_LINKINFO" linkinfo: Nest(LinkInfo),
        /// Request: into the network namespace of this process.
        19 "IFLA_NET_NS_PID" net_ns_pid: u32,
        /// A text for people, at most 255 bytes; empty in a request: none.
        20 "IFLA_IFALIAS" ifalias: str,
        /// Number of virtual functions.
        21 "IFLA_NUM_VF" num_vf: u32,
        /// The virtual functions.
        22 "IFLA_VFINFO_LIST" vfinfo_list: Nest(VfList),
        /// Counters of 64 bits.
        23 "IFLA_STATS64" stats64: LinkStats64,
        /// Port profiles of the virtual functions.
        24 "IFLA_VF_PORTS" vf_ports: Nest(VfPorts),
        /// Port profile of the physical function.
        25 "IFLA_PORT_SELF" port_self: Nest(PortInfo),
        /// What address families have to say.
        26 "IFLA_AF_SPEC" af_spec: SelectBy(AfSpec, family: u8),
        /// Group of links: a number that deletes and changes can go by.
        27 "IFLA_GROUP" group: u32,
        /// Request: into the network namespace of this file descriptor.
        28 "IFLA_NET_NS_FD" net_ns_fd: u32,
        /// Request: which parts a reply should have.
        29 "IFLA_EXT_MASK" ext_mask: ExtMask,
        /// How many times promiscuous mode was asked for.
        30 "IFLA_PROMISCUITY" promiscuity: u32,
        /// Number of transmit queues.
        31 "IFLA_NUM_TX_QUEUES" num_tx_queues: u32,
        /// Number of receive queues.
        32 "IFLA_NUM_RX_QUEUES" num_rx_queues: u32,
        /// Whether there is a carrier: 0 or 1.
        33 "IFLA_CARRIER" carrier: u8,
        /// Identity of the physical port.
        34 "IFLA_PHYS_PORT_ID" phys_port_id: Bytes,
        /// How many times the carrier came and went.
        35 "IFLA_CARRIER_CHANGES" carrier_changes: u32,
        /// Identity of the switch that the port belongs to.
        36 "IFLA_PHYS_SWITCH_ID" phys_switch_id: Bytes,
        /// Where `link` counts, as this namespace numbers others; -1 if it has no number for it.
        37 "IFLA_LINK_NETNSID" link_netnsid: i32,
        /// Name of the physical port.
        38 "IFLA_PHYS_PORT_NAME" phys_port_name: str,
        /// Whether a protocol holds the carrier down: 0 or 1.
        39 "IFLA_PROTO_DOWN" proto_down: u8,
        /// Most segments that one packet may be offloaded as.
        40 "IFLA_GSO_MAX_SEGS" gso_max_segs: u32,
        /// Largest packet to be segmented, in bytes.
        41 "IFLA_GSO_MAX_SIZE" gso_max_size: u32,
        /// The XDP program.
        43 "IFLA_XDP" xdp: Nest(Xdp),
        /// Why a notification was sent.
        44 "IFLA_EVENT" event: LinkEvent,
        /// Notification: the link left for this namespace.
        45 "IFLA_NEW_NETNSID" new_netnsid: i32,
        /// Request: acts in the namespace with this number.
        46 "IFLA_TARGET_NETNSID" target_netnsid: i32,
        /// How many times the carrier came.
        47 "IFLA_CARRIER_UP_COUNT" carrier_up_count: u32,
        /// How many times the carrier went.
        48 "IFLA_CARRIER_DOWN_COUNT" carrier_down_count: u32,
        /// The index after a move to another namespace; in a request the one that is wanted there.
        49 "IFLA_NEW_IFINDEX" new_ifindex: i32,
        /// Smallest MTU that can be set, in bytes.
        50 "IFLA_MIN_MTU" min_mtu: u32,
        /// Largest MTU that can be set, in bytes; 0: no limit.
        51 "IFLA_MAX_MTU" max_mtu: u32,
        /// Alternative names, as `alt_ifname` in it.
        52 "IFLA_PROP_LIST" prop_list: Nest(LinkAttributes),
        /// An alternative name, at most 127 bytes; the link's own are in `prop_list`.
        53 "IFLA_ALT_IFNAME" alt_ifname: Many(str),
        /// Hardware address that the device was made with.
        54 "IFLA_PERM_ADDRESS" perm_address: HardwareAddress,
        /// Who holds the carrier down.
        55 "IFLA_PROTO_DOWN_REASON" proto_down_reason: Nest(ProtoDownReason),
        /// Name of the device that this link belongs to: a PCI address.
        56 "IFLA_PARENT_DEV_NAME" parent_dev_name: str,
        /// Bus of that device: `pci`.
        57 "IFLA_PARENT_DEV_BUS_NAME" parent_dev_bus_name: str,
        /// Largest packet that received ones are merged to, in bytes.
        58 "IFLA_GRO_MAX_SIZE" gro_max_size: u32,
        /// Largest packet that the device can segment, in bytes.
        59 "IFLA_TSO_MAX_SIZE" tso_max_size: u32,
        /// Most segments that the device can make of one packet.
        60 "IFLA_TSO_MAX_SEGS" tso_max_segs: u32,
        /// How many times all multicast was asked for.
        61 "IFLA_ALLMULTI" allmulti: u32,
        /// The port of devlink, as attributes of that family.
        62 "IFLA_DEVLINK_PORT" devlink_port: Bytes,
        /// As `gso_max_size`, for IPv4.
        63 "IFLA_GSO_IPV4_MAX_SIZE" gso_ipv4_max_size: u32,
        /// As `gro_max_size`, for IPv4.
        64 "IFLA_GRO_IPV4_MAX_SIZE" gro_ipv4_max_size: u32,
        /// The pin that its clock comes from.
        65 "IFLA_DPLL_PIN" dpll_pin: Nest(Pin),
        /// How far ahead the device can hold packets to pace them, in nanoseconds.
        66 "IFLA_MAX_PACING_OFFLOAD_HORIZON" max_pacing_offload_horizon: Uint,
        /// Whether the link cannot leave its namespace: 0 or 1.
        67 "IFLA_NETNS_IMMUTABLE" netns_immutable: u8,
        /// Room that the device wants before a packet, in bytes.
        68 "IFLA_HEADROOM" headroom: u16,
        /// Room that the device wants after a packet, in bytes.
        69 "IFLA_TAILROOM" tailroom: u16,
    }
}

attributes! {
    /// Who holds the carrier of a link down.
    pub ProtoDownReason, ProtoDownReasonWriter = "rt-link/proto-down-reason" {
        /// Request: which bits of `value` are meant.
        1 "IFLA_PROTO_DOWN_REASON_MASK" mask: u32,
        /// One bit for each reason; iproute2's `protodown_reasons.d` names them.
        2 "IFLA_PROTO_DOWN_REASON_VALUE" value: u32,
    }
}

attributes! {
    /// A pin of the clock hardware (`linux/dpll.h`).
    pub Pin, PinWriter = "rt-link/link-dpll-pin-attrs" {
        /// Number of the pin.
        1 "DPLL_A_PIN_ID" id: u32,
    }
}

fixed! {
    /// Resources of a device (`struct rtnl_link_ifmap`).
    pub LinkMap = "rtnl_link_ifmap" {
        /// Begin of its shared memory.
        pub mem_start: u64,
        /// End of its shared memory.
        pub mem_end: u64,
        /// Its I/O address.
        pub base_addr: u64,
        /// Its interrupt.
        pub irq: u16,
        /// Its DMA channel.
        pub dma: u8,
        /// Its connector.
        pub port: u8,
        #[doc(hidden)]
        pub _pad: u32,
    }
}
