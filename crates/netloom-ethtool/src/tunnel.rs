//! Tunnels that a device offloads.

use netloom_wire::{attributes, message, open_enum};

use crate::{bitset::Bitset, header::Header, object::object};

attributes! {
    /// A UDP port whose tunnel a device understands.
    pub TunnelPort, TunnelPortWriter = "ethtool/tunnel-udp-entry" {
        /// The port.
        1 "ETHTOOL_A_TUNNEL_UDP_ENTRY_PORT" port: Be16,
        /// What is tunnelled there.
        2 "ETHTOOL_A_TUNNEL_UDP_ENTRY_TYPE" kind: TunnelKind,
    }
}

attributes! {
    /// A table of such ports in the device.
    pub TunnelTable, TunnelTableWriter = "ethtool/tunnel-udp-table" {
        /// How many ports it holds at most.
        1 "ETHTOOL_A_TUNNEL_UDP_TABLE_SIZE" size: u32,
        /// Sorts of tunnels that it takes; no mask.
        2 "ETHTOOL_A_TUNNEL_UDP_TABLE_TYPES" kinds: Nest(Bitset),
        /// A port.
        3 "ETHTOOL_A_TUNNEL_UDP_TABLE_ENTRY" entry: Many(Nest(TunnelPort)),
    }
}

attributes! {
    /// The tables of a device.
    pub TunnelTables, TunnelTablesWriter = "ethtool/tunnel-udp" {
        /// A table.
        1 "ETHTOOL_A_TUNNEL_UDP_TABLE" table: Many(Nest(TunnelTable)),
    }
}

message! {
    /// Which tunnels a device offloads.
    pub TunnelInfo TunnelInfoAttributes
}

attributes! {
    /// Attributes of [`TunnelInfo`].
    pub TunnelInfoAttributes, TunnelInfoWriter = "ethtool/tunnel-info" {
        /// The device.
        1 "ETHTOOL_A_TUNNEL_INFO_HEADER" header: Nest(Header),
        /// Tunnels over UDP.
        2 "ETHTOOL_A_TUNNEL_INFO_UDP_PORTS" udp_ports: Nest(TunnelTables),
    }
}

open_enum! {
    /// A sort of tunnel over UDP.
    pub TunnelKind: u32 = "udp-tunnel-type" {
        0 "ETHTOOL_UDP_TUNNEL_TYPE_VXLAN" Vxlan,
        1 "ETHTOOL_UDP_TUNNEL_TYPE_GENEVE" Geneve,
        2 "ETHTOOL_UDP_TUNNEL_TYPE_VXLAN_GPE" VxlanGpe,
    }
}

object! { TunnelInfo "tunnel info" }
