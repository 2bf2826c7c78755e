//! What a bridge keeps for each of its ports.

use netloom_wire::{attributes, open_enum};

use super::{BridgeId, MulticastRouter};

attributes! {
    /// Settings and state of a port of a bridge (`IFLA_BRPORT_*`, `linux/if_link.h`). Times are in hundredths of a second.
    pub BridgePort, BridgePortWriter = "rt-link/linkinfo-brport-attrs" {
        /// State in STP; settable where no STP runs in the kernel.
        1 "IFLA_BRPORT_STATE" state: StpState,
        /// Priority in STP: 0 to 63.
        2 "IFLA_BRPORT_PRIORITY" priority: u16,
        /// Cost in STP: 1 to 65535.
        3 "IFLA_BRPORT_COST" cost: u32,
        /// Hairpin: frames may leave by the port that they came by.
        4 "IFLA_BRPORT_MODE" mode: Switch,
        /// Guard: STP packets that arrive turn the port off.
        5 "IFLA_BRPORT_GUARD" guard: Switch,
        /// Root block: the root is not looked for behind this port.
        6 "IFLA_BRPORT_PROTECT" protect: Switch,
        /// A leave ends a multicast membership at once.
        7 "IFLA_BRPORT_FAST_LEAVE" fast_leave: Switch,
        /// Learn addresses.
        8 "IFLA_BRPORT_LEARNING" learning: Switch,
        /// Send frames to unknown addresses.
        9 "IFLA_BRPORT_UNICAST_FLOOD" unicast_flood: Switch,
        /// Answer ARP for neighbours behind other ports.
        10 "IFLA_BRPORT_PROXYARP" proxyarp: Switch,
        /// Learn what hardware learned.
        11 "IFLA_BRPORT_LEARNING_SYNC" learning_sync: Switch,
        /// The same as `proxyarp`, for wireless stations.
        12 "IFLA_BRPORT_PROXYARP_WIFI" proxyarp_wifi: Switch,
        /// The root bridge; read only.
        13 "IFLA_BRPORT_ROOT_ID" root_id: BridgeId,
        /// The bridge that is responsible for the segment; read only.
        14 "IFLA_BRPORT_BRIDGE_ID" bridge_id: BridgeId,
        /// Its port; read only.
        15 "IFLA_BRPORT_DESIGNATED_PORT" designated_port: u16,
        /// Its cost; read only.
        16 "IFLA_BRPORT_DESIGNATED_COST" designated_cost: u16,
        /// Priority and number of the port; read only.
        17 "IFLA_BRPORT_ID" id: u16,
        /// Number of the port; read only.
        18 "IFLA_BRPORT_NO" no: u16,
        /// A change of topology is being acknowledged; read only.
        19 "IFLA_BRPORT_TOPOLOGY_CHANGE_ACK" topology_change_ack: Switch,
        /// An STP packet waits to be sent; read only.
        20 "IFLA_BRPORT_CONFIG_PENDING" config_pending: Switch,
        /// Left of a timer; read only.
        21 "IFLA_BRPORT_MESSAGE_AGE_TIMER" message_age_timer: u64,
        /// Left of a timer; read only.
        22 "IFLA_BRPORT_FORWARD_DELAY_TIMER" forward_delay_timer: u64,
        /// Left of a timer; read only.
        23 "IFLA_BRPORT_HOLD_TIMER" hold_timer: u64,
        /// Forgets what was learned.
        24 "IFLA_BRPORT_FLUSH" flush: Flag,
        /// Whether the port gets all multicast.
        25 "IFLA_BRPORT_MULTICAST_ROUTER" multicast_router: MulticastRouter,
        /// Send multicast that nobody asked for.
        27 "IFLA_BRPORT_MCAST_FLOOD" mcast_flood: Switch,
        /// Send multicast as unicast to each who asked for it.
        28 "IFLA_BRPORT_MCAST_TO_UCAST" mcast_to_ucast: Switch,
        /// Map VLANs to tunnels.
        29 "IFLA_BRPORT_VLAN_TUNNEL" vlan_tunnel: Switch,
        /// Send broadcast.
        30 "IFLA_BRPORT_BCAST_FLOOD" bcast_flood: Switch,
        /// Which of the link-local group addresses 01:80:c2:00:00:0X are forwarded: a bit each.
        31 "IFLA_BRPORT_GROUP_FWD_MASK" group_fwd_mask: u16,
        /// Answer ARP and neighbour discovery from what is known, do not send them.
        32 "IFLA_BRPORT_NEIGH_SUPPRESS" neigh_suppress: Switch,
        /// Isolated ports do not see each other.
        33 "IFLA_BRPORT_ISOLATED" isolated: Switch,
        /// Index of the port that takes over when this one has no carrier; 0 for none.
        34 "IFLA_BRPORT_BACKUP_PORT" backup_port: u32,
        /// The ring of MRP is open; read only.
        35 "IFLA_BRPORT_MRP_RING_OPEN" mrp_ring_open: Switch,
        /// The interconnect ring of MRP is open; read only.
        36 "IFLA_BRPORT_MRP_IN_OPEN" mrp_in_open: Switch,
        /// Tracked multicast hosts at most.
        37 "IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT" mcast_eht_hosts_limit: u32,
        /// Tracked multicast hosts; read only.
        38 "IFLA_BRPORT_MCAST_EHT_HOSTS_CNT" mcast_eht_hosts_cnt: u32,
        /// Frames only from addresses that were put there by hand.
        39 "IFLA_BRPORT_LOCKED" locked: Switch,
        /// MAC authentication bypass: a locked port notes who would like to send.
        40 "IFLA_BRPORT_MAB" mab: Switch,
        /// Multicast groups; read only.
        41 "IFLA_BRPORT_MCAST_N_GROUPS" mcast_n_groups: u32,
        /// Multicast groups at most; 0 for no limit.
        42 "IFLA_BRPORT_MCAST_MAX_GROUPS" mcast_max_groups: u32,
        /// `neigh_suppress` is per VLAN.
        43 "IFLA_BRPORT_NEIGH_VLAN_SUPPRESS" neigh_vlan_suppress: Switch,
        /// Next hop that frames for the backup port carry; 0 for none.
        44 "IFLA_BRPORT_BACKUP_NHID" backup_nhid: u32,
        /// Where neighbours are suppressed, gratuitous ARP and unsolicited advertisements are sent all the same.
        45 "IFLA_BRPORT_NEIGH_FORWARD_GRAT" neigh_forward_grat: Switch,
    }
}

open_enum! {
    /// State of a port in STP (`linux/if_bridge.h`).
    pub StpState: u8 = "br-state" {
        0 "BR_STATE_DISABLED" Disabled,
        1 "BR_STATE_LISTENING" Listening,
        2 "BR_STATE_LEARNING" Learning,
        3 "BR_STATE_FORWARDING" Forwarding,
        4 "BR_STATE_BLOCKING" Blocking,
    }
}

super::settings::port! { BridgePortWriter, "bridge" }

impl BridgePort {
    /// Settings of a port.
    ///
    /// ```
    /// use netloom_route::kind::BridgePort;
    /// let port = BridgePort::new().cost(10).learning(false).isolated(true);
    /// ```
    pub fn new() -> BridgePortWriter {
        BridgePortWriter::default()
    }
}
