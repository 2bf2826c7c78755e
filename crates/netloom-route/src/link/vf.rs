//! Virtual functions of a device: what its driver hands on to guests.

use netloom_wire::{Be16, attributes, fixed, open_enum};

attributes! {
    /// The virtual functions of a device.
    pub VfList, VfListWriter = "rt-link/vfinfo-list-attrs" {
        /// One of them.
        1 "IFLA_VF_INFO" info: Many(Nest(VfInfo)),
    }
}

attributes! {
    /// A virtual function; each attribute begins with its number.
    pub VfInfo, VfInfoWriter = "rt-link/vfinfo-attrs" {
        /// Hardware address.
        1 "IFLA_VF_MAC" mac: VfMac,
        /// VLAN that it is confined to.
        2 "IFLA_VF_VLAN" vlan: VfVlan,
        /// Largest rate of sending, as older kernels have it.
        3 "IFLA_VF_TX_RATE" tx_rate: VfTxRate,
        /// Whether packets with another hardware address are refused.
        4 "IFLA_VF_SPOOFCHK" spoofchk: VfSetting,
        /// Whether it follows the device's carrier.
        5 "IFLA_VF_LINK_STATE" link_state: VfLinkState,
        /// Rates of sending.
        6 "IFLA_VF_RATE" rate: VfRate,
        /// Whether it may ask how received packets are spread.
        7 "IFLA_VF_RSS_QUERY_EN" rss_query_en: VfSetting,
        /// Counters.
        8 "IFLA_VF_STATS" stats: Nest(VfStats),
        /// Whether it may do what others may not, as promiscuous mode.
        9 "IFLA_VF_TRUST" trust: VfSetting,
        /// Node identity on InfiniBand.
        10 "IFLA_VF_IB_NODE_GUID" ib_node_guid: VfGuid,
        /// Port identity on InfiniBand.
        11 "IFLA_VF_IB_PORT_GUID" ib_port_guid: VfGuid,
        /// VLANs with their protocol.
        12 "IFLA_VF_VLAN_LIST" vlan_list: Nest(VfVlanList),
        /// Hardware address of broadcasts.
        13 "IFLA_VF_BROADCAST" broadcast: VfBroadcast,
    }
}

attributes! {
    /// VLANs of a virtual function.
    pub VfVlanList, VfVlanListWriter = "rt-link/vf-vlan-attrs" {
        /// One of them.
        1 "IFLA_VF_VLAN_INFO" info: Many(VfVlanInfo),
    }
}

attributes! {
    /// Counters of a virtual function.
    pub VfStats, VfStatsWriter = "rt-link/vf-stats-attrs" {
        /// Packets received.
        0 "IFLA_VF_STATS_RX_PACKETS" rx_packets: u64,
        /// Packets sent.
        1 "IFLA_VF_STATS_TX_PACKETS" tx_packets: u64,
        /// Bytes received.
        2 "IFLA_VF_STATS_RX_BYTES" rx_bytes: u64,
        /// Bytes sent.
        3 "IFLA_VF_STATS_TX_BYTES" tx_bytes: u64,
        /// Broadcast packets received.
        4 "IFLA_VF_STATS_BROADCAST" broadcast: u64,
        /// Multicast packets received.
        5 "IFLA_VF_STATS_MULTICAST" multicast: u64,
        /// Received, and dropped.
        7 "IFLA_VF_STATS_RX_DROPPED" rx_dropped: u64,
        /// Dropped on the way out.
        8 "IFLA_VF_STATS_TX_DROPPED" tx_dropped: u64,
    }
}

fixed! {
    /// Hardware address of a virtual function (`struct ifla_vf_mac`).
    pub VfMac = "ifla_vf_mac" {
        /// Number of the virtual function.
        pub vf: u32,
        /// The address; the device's own address says how many bytes count.
        pub mac: [u8; 32],
    }
}
fixed! {
    /// Hardware address of a virtual function's broadcasts (`struct ifla_vf_broadcast`).
    pub VfBroadcast = "ifla_vf_broadcast" {
        /// The address; the device's own address says how many bytes count.
        pub broadcast: [u8; 32],
    }
}
fixed! {
    /// VLAN that a virtual function is confined to (`struct ifla_vf_vlan`).
    pub VfVlan = "ifla_vf_vlan" {
        /// Number of the virtual function.
        pub vf: u32,
        /// The VLAN, 0 to 4095; 0 for none.
        pub vlan: u32,
        /// Priority, 0 to 7.
        pub qos: u32,
    }
}
fixed! {
    /// VLAN of a virtual function with its protocol (`struct ifla_vf_vlan_info`).
    pub VfVlanInfo = "ifla_vf_vlan_info" {
        /// Number of the virtual function.
        pub vf: u32,
        /// The VLAN, 0 to 4095; 0 for none.
        pub vlan: u32,
        /// Priority, 0 to 7.
        pub qos: u32,
        /// EtherType of the tag: 0x8100 (802.1Q) or 0x88a8 (802.1ad).
        pub vlan_proto: Be16,
        #[doc(hidden)]
        pub _pad: [u8; 2],
    }
}
fixed! {
    /// Largest rate of a virtual function (`struct ifla_vf_tx_rate`).
    pub VfTxRate = "ifla_vf_tx_rate" {
        /// Number of the virtual function.
        pub vf: u32,
        /// Rate in Mbit/s; 0 for no limit.
        pub rate: u32,
    }
}
fixed! {
    /// Rates of a virtual function (`struct ifla_vf_rate`).
    pub VfRate = "ifla_vf_rate" {
        /// Number of the virtual function.
        pub vf: u32,
        /// Smallest rate in Mbit/s; 0 for none.
        pub min_tx_rate: u32,
        /// Largest rate in Mbit/s; 0 for no limit.
        pub max_tx_rate: u32,
    }
}
fixed! {
    /// Something of a virtual function that is on or off (`struct ifla_vf_spoofchk` and its like).
    pub VfSetting = "ifla_vf_spoofchk" {
        /// Number of the virtual function.
        pub vf: u32,
        /// 0 for off, 1 for on, all ones where the driver does not say.
        pub setting: u32,
    }
}
fixed! {
    /// Whether a virtual function follows the device's carrier (`struct ifla_vf_link_state`).
    pub VfLinkState = "ifla_vf_link_state" {
        /// Number of the virtual function.
        pub vf: u32,
        /// A number of [`VfLinkStatePolicy`].
        pub link_state: u32,
    }
}
fixed! {
    /// Identity of a virtual function on InfiniBand (`struct ifla_vf_guid`).
    pub VfGuid = "ifla_vf_guid" {
        /// Number of the virtual function.
        pub vf: u32,
        #[doc(hidden)]
        pub _pad: u32,
        /// The identity.
        pub guid: u64,
    }
}

open_enum! {
    /// Whether a virtual function follows the device's carrier.
    pub VfLinkStatePolicy: u32 = "ifla-vf-link-state-enum" {
        /// It does.
        0 "IFLA_VF_LINK_STATE_AUTO" Auto,
        /// Its carrier is always there.
        1 "IFLA_VF_LINK_STATE_ENABLE" Enable,
        /// Its carrier is never there.
        2 "IFLA_VF_LINK_STATE_DISABLE" Disable,
    }
}
