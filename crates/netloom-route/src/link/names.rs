//! Names of states and bits of a link.

use netloom_wire::{flags, open_enum};

flags! {
    /// Flags of a link (`linux/if.h`).
    pub LinkFlags: u32 = "ifinfo-flags" {
        /// It is up, administratively.
        "IFF_UP" UP = 1 << 0,
        /// It has a broadcast address.
        "IFF_BROADCAST" BROADCAST = 1 << 1,
        /// Its driver talks.
        "IFF_DEBUG" DEBUG = 1 << 2,
        /// It is the loopback.
        "IFF_LOOPBACK" LOOPBACK = 1 << 3,
        /// It has one peer.
        "IFF_POINTOPOINT" POINT_TO_POINT = 1 << 4,
        /// No trailers; Linux has none.
        "IFF_NOTRAILERS" NO_TRAILERS = 1 << 5,
        /// Its operational state is up or unknown.
        "IFF_RUNNING" RUNNING = 1 << 6,
        /// It does not ask for addresses.
        "IFF_NOARP" NO_ARP = 1 << 7,
        /// It receives all packets.
        "IFF_PROMISC" PROMISC = 1 << 8,
        /// It receives all multicast packets.
        "IFF_ALLMULTI" ALL_MULTI = 1 << 9,
        /// It shares load among ports.
        "IFF_MASTER" MASTER = 1 << 10,
        /// It is a port of one that does.
        "IFF_SLAVE" SLAVE = 1 << 11,
        /// It can multicast.
        "IFF_MULTICAST" MULTICAST = 1 << 12,
        /// Its medium can be chosen.
        "IFF_PORTSEL" PORT_SELECT = 1 << 13,
        /// It chooses its medium itself.
        "IFF_AUTOMEDIA" AUTO_MEDIA = 1 << 14,
        /// Its addresses go when it goes down.
        "IFF_DYNAMIC" DYNAMIC = 1 << 15,
        /// It has a carrier.
        "IFF_LOWER_UP" LOWER_UP = 1 << 16,
        /// It waits for something outside.
        "IFF_DORMANT" DORMANT = 1 << 17,
        /// It sends back what it sent.
        "IFF_ECHO" ECHO = 1 << 18,
    }
}

open_enum! {
    /// Operational state of a link (RFC 2863, `linux/if.h`).
    pub OperState: u8 = "oper-state" {
        /// The driver does not say; use it.
        0 "IF_OPER_UNKNOWN" Unknown,
        /// Parts are missing.
        1 "IF_OPER_NOTPRESENT" NotPresent,
        /// No carrier, or administratively down.
        2 "IF_OPER_DOWN" Down,
        /// A link below is down.
        3 "IF_OPER_LOWERLAYERDOWN" LowerLayerDown,
        /// It is being tested.
        4 "IF_OPER_TESTING" Testing,
        /// It waits for something outside, as 802.1X does.
        5 "IF_OPER_DORMANT" Dormant,
        /// It can be used.
        6 "IF_OPER_UP" Up,
    }
}

open_enum! {
    /// Where the operational state of a link goes when its carrier comes (`linux/if.h`).
    pub LinkMode: u8 = "link-mode" {
        /// Up.
        0 "IF_LINK_MODE_DEFAULT" Default,
        /// Dormant, until somebody says up.
        1 "IF_LINK_MODE_DORMANT" Dormant,
        /// Testing, until somebody says up.
        2 "IF_LINK_MODE_TESTING" Testing,
    }
}

flags! {
    /// Which parts of a link are wanted (`linux/rtnetlink.h`).
    pub ExtMask: u32 = "rtext-filter" {
        /// Its virtual functions.
        "RTEXT_FILTER_VF" VF = 1 << 0,
        /// VLANs of a bridge's port, one by one.
        "RTEXT_FILTER_BRVLAN" BRIDGE_VLAN = 1 << 1,
        /// VLANs of a bridge's port, as ranges.
        "RTEXT_FILTER_BRVLAN_COMPRESSED" BRIDGE_VLAN_COMPRESSED = 1 << 2,
        /// No counters.
        "RTEXT_FILTER_SKIP_STATS" SKIP_STATS = 1 << 3,
        /// Media redundancy of a bridge.
        "RTEXT_FILTER_MRP" MRP = 1 << 4,
        /// How the fault management of a bridge is set up.
        "RTEXT_FILTER_CFM_CONFIG" CFM_CONFIG = 1 << 5,
        /// How the fault management of a bridge goes.
        "RTEXT_FILTER_CFM_STATUS" CFM_STATUS = 1 << 6,
        /// Spanning trees of a bridge's port.
        "RTEXT_FILTER_MST" MST = 1 << 7,
        /// Nothing but its name.
        "RTEXT_FILTER_NAME_ONLY" NAME_ONLY = 1 << 8,
    }
}

open_enum! {
    /// Why a notification of a link was sent.
    pub LinkEvent: u32 = "link-event" {
        /// No particular reason.
        0 "IFLA_EVENT_NONE" None,
        /// The device was reset.
        1 "IFLA_EVENT_REBOOT" Reboot,
        /// Features of the device changed.
        2 "IFLA_EVENT_FEATURES" Features,
        /// A bond changed its active port.
        3 "IFLA_EVENT_BONDING_FAILOVER" BondingFailover,
        /// Peers are to be told of its address.
        4 "IFLA_EVENT_NOTIFY_PEERS" NotifyPeers,
        /// Memberships of multicast groups are to be sent again.
        5 "IFLA_EVENT_IGMP_RESEND" IgmpResend,
        /// Options of a bond changed.
        6 "IFLA_EVENT_BONDING_OPTIONS" BondingOptions,
    }
}
