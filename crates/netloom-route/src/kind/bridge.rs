//! `bridge`: a switch.

use netloom_wire::{Be16, attributes, fixed, flags, open_enum};

use super::VlanProtocol;

attributes! {
    /// Settings and state of a bridge (`IFLA_BR_*`, `linux/if_link.h`). Times are in hundredths of a second (`USER_HZ`).
    pub Bridge, BridgeWriter = "rt-link/linkinfo-bridge-attrs" {
        /// Time in the states listening and learning: 200 to 3000 where STP runs.
        1 "IFLA_BR_FORWARD_DELAY" forward_delay: u32,
        /// Between hello packets: 100 to 1000.
        2 "IFLA_BR_HELLO_TIME" hello_time: u32,
        /// Until a silent bridge counts as dead: 600 to 4000.
        3 "IFLA_BR_MAX_AGE" max_age: u32,
        /// Until a learned address is forgotten.
        4 "IFLA_BR_AGEING_TIME" ageing_time: u32,
        /// Whether STP runs, and where.
        5 "IFLA_BR_STP_STATE" stp_state: BridgeStp,
        /// The lower the sooner it becomes the root.
        6 "IFLA_BR_PRIORITY" priority: u16,
        /// Look at VLAN tags.
        7 "IFLA_BR_VLAN_FILTERING" vlan_filtering: Switch,
        /// Tags that are looked at.
        8 "IFLA_BR_VLAN_PROTOCOL" vlan_protocol: VlanProtocol,
        /// Which of the link-local group addresses 01:80:c2:00:00:0X are forwarded: a bit each.
        9 "IFLA_BR_GROUP_FWD_MASK" group_fwd_mask: u16,
        /// The root bridge; read only.
        10 "IFLA_BR_ROOT_ID" root_id: BridgeId,
        /// This bridge; read only.
        11 "IFLA_BR_BRIDGE_ID" bridge_id: BridgeId,
        /// Number of the port towards the root; read only.
        12 "IFLA_BR_ROOT_PORT" root_port: u16,
        /// Cost of the way to the root; read only.
        13 "IFLA_BR_ROOT_PATH_COST" root_path_cost: u32,
        /// The topology is changing; read only.
        14 "IFLA_BR_TOPOLOGY_CHANGE" topology_change: Switch,
        /// This bridge has seen a change of topology; read only.
        15 "IFLA_BR_TOPOLOGY_CHANGE_DETECTED" topology_change_detected: Switch,
        /// Left of a timer; read only.
        16 "IFLA_BR_HELLO_TIMER" hello_timer: u64,
        /// Left of a timer; read only.
        17 "IFLA_BR_TCN_TIMER" tcn_timer: u64,
        /// Left of a timer; read only.
        18 "IFLA_BR_TOPOLOGY_CHANGE_TIMER" topology_change_timer: u64,
        /// Left of a timer; read only.
        19 "IFLA_BR_GC_TIMER" gc_timer: u64,
        /// Where STP packets are sent to.
        20 "IFLA_BR_GROUP_ADDR" group_addr: HardwareAddress,
        /// Forgets what was learned.
        21 "IFLA_BR_FDB_FLUSH" fdb_flush: Flag,
        /// Whether this machine gets all multicast.
        22 "IFLA_BR_MCAST_ROUTER" mcast_router: MulticastRouter,
        /// Send multicast only where it was asked for.
        23 "IFLA_BR_MCAST_SNOOPING" mcast_snooping: Switch,
        /// Queries come from the bridge's own address, not from 0.0.0.0.
        24 "IFLA_BR_MCAST_QUERY_USE_IFADDR" mcast_query_use_ifaddr: Switch,
        /// Ask who wants multicast.
        25 "IFLA_BR_MCAST_QUERIER" mcast_querier: Switch,
        /// Without meaning since Linux 5.0.
        26 "IFLA_BR_MCAST_HASH_ELASTICITY" mcast_hash_elasticity: u32,
        /// Entries of the multicast database at most.
        27 "IFLA_BR_MCAST_HASH_MAX" mcast_hash_max: u32,
        /// Queries before a group counts as left.
        28 "IFLA_BR_MCAST_LAST_MEMBER_CNT" mcast_last_member_cnt: u32,
        /// Queries at the start.
        29 "IFLA_BR_MCAST_STARTUP_QUERY_CNT" mcast_startup_query_cnt: u32,
        /// Between queries after a leave.
        30 "IFLA_BR_MCAST_LAST_MEMBER_INTVL" mcast_last_member_intvl: u64,
        /// Until a membership ends that nobody renewed.
        31 "IFLA_BR_MCAST_MEMBERSHIP_INTVL" mcast_membership_intvl: u64,
        /// Until another querier counts as dead.
        32 "IFLA_BR_MCAST_QUERIER_INTVL" mcast_querier_intvl: u64,
        /// Between queries.
        33 "IFLA_BR_MCAST_QUERY_INTVL" mcast_query_intvl: u64,
        /// Time for the answer to a query.
        34 "IFLA_BR_MCAST_QUERY_RESPONSE_INTVL" mcast_query_response_intvl: u64,
        /// Between queries at the start.
        35 "IFLA_BR_MCAST_STARTUP_QUERY_INTVL" mcast_startup_query_intvl: u64,
        /// Bridged IPv4 goes through iptables.
        36 "IFLA_BR_NF_CALL_IPTABLES" nf_call_iptables: Switch,
        /// Bridged IPv6 goes through ip6tables.
        37 "IFLA_BR_NF_CALL_IP6TABLES" nf_call_ip6tables: Switch,
        /// Bridged ARP goes through arptables.
        38 "IFLA_BR_NF_CALL_ARPTABLES" nf_call_arptables: Switch,
        /// VLAN of untagged frames at new ports; 0 for none.
        39 "IFLA_BR_VLAN_DEFAULT_PVID" vlan_default_pvid: u16,
        /// Count per VLAN.
        41 "IFLA_BR_VLAN_STATS_ENABLED" vlan_stats_enabled: Switch,
        /// Count IGMP and MLD.
        42 "IFLA_BR_MCAST_STATS_ENABLED" mcast_stats_enabled: Switch,
        /// 2 or 3.
        43 "IFLA_BR_MCAST_IGMP_VERSION" mcast_igmp_version: u8,
        /// 1 or 2.
        44 "IFLA_BR_MCAST_MLD_VERSION" mcast_mld_version: u8,
        /// Count per VLAN and port; only while the bridge has no VLANs at ports.
        45 "IFLA_BR_VLAN_STATS_PER_PORT" vlan_stats_per_port: Switch,
        /// Further switches, several at once.
        46 "IFLA_BR_MULTI_BOOLOPT" multi_boolopt: BridgeOptions,
        /// Who asks for multicast; read only.
        47 "IFLA_BR_MCAST_QUERIER_STATE" mcast_querier_state: Nest(BridgeQuerier),
        /// Learned addresses; read only.
        48 "IFLA_BR_FDB_N_LEARNED" fdb_n_learned: u32,
        /// Learned addresses at most; 0 for no limit.
        49 "IFLA_BR_FDB_MAX_LEARNED" fdb_max_learned: u32,
        /// Who shall run STP.
        50 "IFLA_BR_STP_MODE" stp_mode: BridgeStpMode,
    }
}

attributes! {
    /// Who asks for multicast on a bridge (`BRIDGE_QUERIER_*`, `linux/if_bridge.h`). Times are in hundredths of a second.
    pub BridgeQuerier, BridgeQuerierWriter = "bridge/querier" {
        /// Address of the IPv4 querier.
        1 "BRIDGE_QUERIER_IP_ADDRESS" ip_address: Ipv4Addr,
        /// Index of the port behind which it is.
        2 "BRIDGE_QUERIER_IP_PORT" ip_port: u32,
        /// Until it counts as dead.
        3 "BRIDGE_QUERIER_IP_OTHER_TIMER" ip_other_timer: u64,
        /// Address of the IPv6 querier.
        5 "BRIDGE_QUERIER_IPV6_ADDRESS" ipv6_address: Ipv6Addr,
        /// Index of the port behind which it is.
        6 "BRIDGE_QUERIER_IPV6_PORT" ipv6_port: u32,
        /// Until it counts as dead.
        7 "BRIDGE_QUERIER_IPV6_OTHER_TIMER" ipv6_other_timer: u64,
    }
}

fixed! {
    /// A bridge in STP: the lower the sooner it becomes the root.
    pub BridgeId = "ifla_bridge_id" {
        /// Priority.
        pub priority: Be16,
        /// Hardware address.
        pub address: [u8; 6],
    }
}

fixed! {
    /// Some of a bridge's switches: see [`BridgeOption`] for the bits.
    pub BridgeOptions = "br_boolopt_multi" {
        /// Which are on.
        pub value: u32,
        /// Which are meant.
        pub mask: u32,
    }
}

impl BridgeOptions {
    /// Turns `options` on or off, leaves the others.
    pub fn set(options: BridgeOption, on: bool) -> Self {
        Self::default().and(options, on)
    }

    /// The same for further ones.
    #[must_use]
    pub fn and(self, options: BridgeOption, on: bool) -> Self {
        let value = if on { self.value | options.bits() } else { self.value & !options.bits() };
        Self { value, mask: self.mask | options.bits() }
    }

    /// Whether an option is on; None where the kernel does not know it.
    pub fn get(self, option: BridgeOption) -> Option<bool> {
        (self.mask & option.bits() != 0).then_some(self.value & option.bits() != 0)
    }
}

flags! {
    /// Switches of a bridge (`1 << BR_BOOLOPT_*`, `linux/if_bridge.h`).
    pub BridgeOption: u32 = "br-boolopt" {
        /// Link-local frames teach no addresses.
        NO_LL_LEARN = 1,
        /// Multicast snooping for each VLAN.
        MCAST_VLAN_SNOOPING = 2,
        /// Multiple spanning trees; only while there are no VLANs.
        MST_ENABLE = 4,
        /// Tell of multicast entries that hardware did not take.
        MDB_OFFLOAD_FAIL_NOTIFICATION = 8,
        /// The bridge's own addresses are kept once, in VLAN 0, not in each.
        FDB_LOCAL_VLAN_0 = 16,
    }
}

open_enum! {
    /// Whether a bridge runs STP (`net/bridge/br_private.h`).
    pub BridgeStp: u32 = "br-stp-state" {
        0 Off,
        /// In the kernel.
        1 Kernel,
        /// In a daemon.
        2 User,
    }
}
open_enum! {
    /// Who shall run STP (`linux/if_link.h`).
    pub BridgeStpMode: u32 = "br-stp-mode" {
        /// A daemon if there is one, else the kernel.
        0 "BR_STP_MODE_AUTO" Auto,
        1 "BR_STP_MODE_USER" User,
        2 "BR_STP_MODE_KERNEL" Kernel,
    }
}
open_enum! {
    /// Whether multicast is sent to a port, or to this machine, without being asked for (`linux/if_bridge.h`).
    pub MulticastRouter: u8 = "mdb-rtr-type" {
        /// Never.
        0 "MDB_RTR_TYPE_DISABLED" Disabled,
        /// While a router is heard.
        1 "MDB_RTR_TYPE_TEMP_QUERY" TempQuery,
        /// Always.
        2 "MDB_RTR_TYPE_PERM" Permanent,
        /// For some time from now on; ports only.
        3 "MDB_RTR_TYPE_TEMP" Temporary,
    }
}

super::settings::kind! { BridgeWriter, "bridge" }

impl Bridge {
    /// Settings of a bridge.
    ///
    /// ```
    /// use netloom_route::kind::{Bridge, BridgeStp, VlanProtocol};
    /// let bridge = Bridge::new().stp_state(BridgeStp::Kernel).vlan_filtering(true).vlan_protocol(VlanProtocol::Dot1Ad);
    /// ```
    pub fn new() -> BridgeWriter {
        BridgeWriter::default()
    }
}
