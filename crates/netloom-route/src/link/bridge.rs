//! What a bridge has to say of a port: attributes of links whose family is `AF_BRIDGE`.

use netloom_wire::{attributes, fixed, flags};

attributes! {
    /// What a bridge has to say of a port, or of itself (`IFLA_BRIDGE_*`, `linux/if_bridge.h`).
    pub BridgeSpec, BridgeSpecWriter = "bridge/af-spec" {
        /// Who is meant: 1 the bridge above (`BRIDGE_FLAGS_MASTER`), 2 the device itself (`BRIDGE_FLAGS_SELF`).
        0 "IFLA_BRIDGE_FLAGS" flags: u16,
        /// How an embedded switch forwards: 0 inside (VEB), 1 by the neighbour (VEPA).
        1 "IFLA_BRIDGE_MODE" mode: u16,
        /// A VLAN, or one end of a range of them.
        2 "IFLA_BRIDGE_VLAN_INFO" vlan_info: Many(BridgeVlanInfo),
        /// A VLAN that is a tunnel's.
        3 "IFLA_BRIDGE_VLAN_TUNNEL_INFO" vlan_tunnel_info: Many(Nest(VlanTunnel)),
        /// Media redundancy.
        4 "IFLA_BRIDGE_MRP" mrp: Bytes,
        /// Fault management.
        5 "IFLA_BRIDGE_CFM" cfm: Bytes,
        /// Spanning trees.
        6 "IFLA_BRIDGE_MST" mst: Nest(MstInfo),
    }
}

fixed! {
    /// A VLAN of a bridge's port (`struct bridge_vlan_info`).
    pub BridgeVlanInfo = "bridge_vlan_info" {
        /// Bits of [`BridgeVlanFlags`].
        pub flags: u16,
        /// The VLAN, 1 to 4094.
        pub vid: u16,
    }
}

flags! {
    /// What a VLAN of a bridge's port is (`BRIDGE_VLAN_INFO_*`).
    pub BridgeVlanFlags: u16 = "bridge-vlan-flags" {
        /// The bridge is meant, not its port.
        "BRIDGE_VLAN_INFO_MASTER" MASTER = 1 << 0,
        /// Untagged packets belong to it.
        "BRIDGE_VLAN_INFO_PVID" PVID = 1 << 1,
        /// Its packets leave without a tag.
        "BRIDGE_VLAN_INFO_UNTAGGED" UNTAGGED = 1 << 2,
        /// First of a range.
        "BRIDGE_VLAN_INFO_RANGE_BEGIN" RANGE_BEGIN = 1 << 3,
        /// Last of a range.
        "BRIDGE_VLAN_INFO_RANGE_END" RANGE_END = 1 << 4,
        /// The bridge itself takes part.
        "BRIDGE_VLAN_INFO_BRENTRY" BRIDGE_ENTRY = 1 << 5,
        /// Only options change.
        "BRIDGE_VLAN_INFO_ONLY_OPTS" ONLY_OPTIONS = 1 << 6,
    }
}

attributes! {
    /// A VLAN that is a tunnel's.
    pub VlanTunnel, VlanTunnelWriter = "bridge/vlan-tunnel" {
        /// The tunnel's own number of it.
        1 "IFLA_BRIDGE_VLAN_TUNNEL_ID" id: u32,
        /// The VLAN.
        2 "IFLA_BRIDGE_VLAN_TUNNEL_VID" vid: u16,
        /// Bits of [`BridgeVlanFlags`].
        3 "IFLA_BRIDGE_VLAN_TUNNEL_FLAGS" flags: BridgeVlanFlags,
    }
}

attributes! {
    /// The spanning trees of a port.
    pub MstInfo, MstInfoWriter = "bridge/mst" {
        /// One of them.
        1 "IFLA_BRIDGE_MST_ENTRY" entry: Many(Nest(MstEntry)),
    }
}

attributes! {
    /// A spanning tree of a port.
    pub MstEntry, MstEntryWriter = "bridge/mst-entry" {
        /// Number of the tree.
        1 "IFLA_BRIDGE_MST_ENTRY_MSTI" msti: u16,
        /// State of the port in it (`BR_STATE_*`).
        2 "IFLA_BRIDGE_MST_ENTRY_STATE" state: u8,
    }
}
