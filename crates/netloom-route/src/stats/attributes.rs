//! What the groups of statistics hold.

use netloom_wire::{attributes, fixed};

use crate::link::LinkStats64;

attributes! {
    /// Counters of a kind of link (`LINK_XSTATS_TYPE_*`).
    pub ExtendedStats, ExtendedStatsWriter = "rt-link/link-xstats" {
        /// Of a bridge, or of its port.
        1 "LINK_XSTATS_TYPE_BRIDGE" bridge: Nest(BridgeStats),
        /// Of a bond, or of its port.
        2 "LINK_XSTATS_TYPE_BOND" bond: Nest(BondStats),
    }
}

attributes! {
    /// Counters of a bridge, or of its port (`BRIDGE_XSTATS_*`, `linux/if_bridge.h`).
    pub BridgeStats, BridgeStatsWriter = "rt-link/bridge-xstats" {
        /// Of each VLAN.
        1 "BRIDGE_XSTATS_VLAN" vlan: Many(BridgeVlanStats),
        /// Of multicast snooping.
        2 "BRIDGE_XSTATS_MCAST" mcast: BridgeMcastStats,
        /// Of the spanning tree protocol.
        4 "BRIDGE_XSTATS_STP" stp: BridgeStpStats,
    }
}

fixed! {
    /// Counters of a VLAN (`struct bridge_vlan_xstats`).
    pub BridgeVlanStats = "bridge_vlan_xstats" {
        /// Bytes received.
        pub rx_bytes: u64,
        /// Packets received.
        pub rx_packets: u64,
        /// Bytes sent.
        pub tx_bytes: u64,
        /// Packets sent.
        pub tx_packets: u64,
        /// The VLAN.
        pub vlan: u16,
        /// `BRIDGE_VLAN_INFO_*`.
        pub flags: u16,
        #[doc(hidden)]
        pub _pad: u32,
    }
}

fixed! {
    /// A counter for each direction.
    pub RxTx = "u64[BR_MCAST_DIR_SIZE]" {
        /// Received.
        pub rx: u64,
        /// Sent.
        pub tx: u64,
    }
}

fixed! {
    /// Counters of multicast snooping (`struct br_mcast_stats`).
    pub BridgeMcastStats = "br_mcast_stats" {
        /// IGMPv1 queries.
        pub igmp_v1_queries: RxTx,
        /// IGMPv2 queries.
        pub igmp_v2_queries: RxTx,
        /// IGMPv3 queries.
        pub igmp_v3_queries: RxTx,
        /// IGMP leaves.
        pub igmp_leaves: RxTx,
        /// IGMPv1 reports.
        pub igmp_v1_reports: RxTx,
        /// IGMPv2 reports.
        pub igmp_v2_reports: RxTx,
        /// IGMPv3 reports.
        pub igmp_v3_reports: RxTx,
        /// IGMP messages that could not be read.
        pub igmp_parse_errors: u64,
        /// MLDv1 queries.
        pub mld_v1_queries: RxTx,
        /// MLDv2 queries.
        pub mld_v2_queries: RxTx,
        /// MLD leaves.
        pub mld_leaves: RxTx,
        /// MLDv1 reports.
        pub mld_v1_reports: RxTx,
        /// MLDv2 reports.
        pub mld_v2_reports: RxTx,
        /// MLD messages that could not be read.
        pub mld_parse_errors: u64,
        /// Bytes of multicast.
        pub bytes: RxTx,
        /// Packets of multicast.
        pub packets: RxTx,
    }
}

fixed! {
    /// Counters of the spanning tree protocol (`struct bridge_stp_xstats`).
    pub BridgeStpStats = "bridge_stp_xstats" {
        /// Times that the port began to block.
        pub transition_blocking: u64,
        /// Times that the port began to forward.
        pub transition_forwarding: u64,
        /// Bridge protocol data units received.
        pub rx_bpdu: u64,
        /// Bridge protocol data units sent.
        pub tx_bpdu: u64,
        /// Topology changes received.
        pub rx_tcn: u64,
        /// Topology changes sent.
        pub tx_tcn: u64,
    }
}

attributes! {
    /// Counters of a bond, or of its port (`BOND_XSTATS_*`, `linux/if_bonding.h`).
    pub BondStats, BondStatsWriter = "rt-link/bond-xstats" {
        /// Of LACP (IEEE 802.3ad).
        1 "BOND_XSTATS_3AD" lacp: Nest(BondLacpStats),
    }
}

attributes! {
    /// Counters of LACP (`BOND_3AD_STAT_*`).
    pub BondLacpStats, BondLacpStatsWriter = "rt-link/bond-3ad-stats" {
        /// LACP data units received.
        0 "BOND_3AD_STAT_LACPDU_RX" lacpdu_rx: u64,
        /// LACP data units sent.
        1 "BOND_3AD_STAT_LACPDU_TX" lacpdu_tx: u64,
        /// Data units received of an unknown sort.
        2 "BOND_3AD_STAT_LACPDU_UNKNOWN_RX" lacpdu_unknown_rx: u64,
        /// Data units received that may not be.
        3 "BOND_3AD_STAT_LACPDU_ILLEGAL_RX" lacpdu_illegal_rx: u64,
        /// Markers received.
        4 "BOND_3AD_STAT_MARKER_RX" marker_rx: u64,
        /// Markers sent.
        5 "BOND_3AD_STAT_MARKER_TX" marker_tx: u64,
        /// Answers to markers received.
        6 "BOND_3AD_STAT_MARKER_RESP_RX" marker_response_rx: u64,
        /// Answers to markers sent.
        7 "BOND_3AD_STAT_MARKER_RESP_TX" marker_response_tx: u64,
        /// Markers received of an unknown sort.
        8 "BOND_3AD_STAT_MARKER_UNKNOWN_RX" marker_unknown_rx: u64,
    }
}

attributes! {
    /// Counters of the hardware (`IFLA_OFFLOAD_XSTATS_*`).
    pub OffloadStats, OffloadStatsWriter = "rt-link/link-offload-xstats" {
        /// Packets that the hardware handed to the processor.
        1 "IFLA_OFFLOAD_XSTATS_CPU_HIT" cpu_hit: LinkStats64,
        /// Which counters there are, numbered as in this set.
        2 "IFLA_OFFLOAD_XSTATS_HW_S_INFO" info: List(HardwareStatsInfo),
        /// Packets of layer 3.
        3 "IFLA_OFFLOAD_XSTATS_L3_STATS" l3: HardwareStats64,
    }
}

attributes! {
    /// A counter of the hardware (`IFLA_OFFLOAD_XSTATS_HW_S_INFO_*`).
    pub HardwareStatsInfo, HardwareStatsInfoWriter = "rt-link/hw-s-info-one" {
        /// Whether it was asked for.
        1 "IFLA_OFFLOAD_XSTATS_HW_S_INFO_REQUEST" requested: u8,
        /// Whether the hardware counts.
        2 "IFLA_OFFLOAD_XSTATS_HW_S_INFO_USED" used: u8,
    }
}

fixed! {
    /// Counters of the hardware (`struct rtnl_hw_stats64`).
    pub HardwareStats64 = "rtnl_hw_stats64" {
        /// Packets received.
        pub rx_packets: u64,
        /// Packets sent.
        pub tx_packets: u64,
        /// Bytes received.
        pub rx_bytes: u64,
        /// Bytes sent.
        pub tx_bytes: u64,
        /// Bad packets received.
        pub rx_errors: u64,
        /// Problems of sending.
        pub tx_errors: u64,
        /// Received, and dropped.
        pub rx_dropped: u64,
        /// Dropped on the way out.
        pub tx_dropped: u64,
        /// Multicast packets received.
        pub multicast: u64,
    }
}

attributes! {
    /// Counters of protocols, by their address family.
    pub FamilyStats, FamilyStatsWriter = "rt-link/stats-af-spec" {
        /// MPLS.
        28 "AF_MPLS" mpls: Nest(MplsStats),
    }
}

attributes! {
    /// Counters of MPLS (`MPLS_STATS_*`, `linux/mpls.h`).
    pub MplsStats, MplsStatsWriter = "rt-link/mpls-stats" {
        /// Of the link.
        1 "MPLS_STATS_LINK" link: MplsLinkStats,
    }
}

fixed! {
    /// Counters of MPLS on a link (`struct mpls_link_stats`).
    pub MplsLinkStats = "mpls_link_stats" {
        /// Packets received.
        pub rx_packets: u64,
        /// Packets sent.
        pub tx_packets: u64,
        /// Bytes received.
        pub rx_bytes: u64,
        /// Bytes sent.
        pub tx_bytes: u64,
        /// Bad packets received.
        pub rx_errors: u64,
        /// Problems of sending.
        pub tx_errors: u64,
        /// Received, and dropped.
        pub rx_dropped: u64,
        /// Dropped on the way out.
        pub tx_dropped: u64,
        /// Received without a route for them.
        pub rx_no_route: u64,
    }
}
