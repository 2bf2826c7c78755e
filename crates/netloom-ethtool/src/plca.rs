//! Collision avoidance on a multi-drop segment.

use netloom_wire::{attributes, message};

use crate::{header::Header, object::object};

message! {
    /// Collision avoidance on a multi-drop segment (IEEE 802.3 clause 148, 10BASE-T1S).
    pub Plca PlcaAttributes
}

attributes! {
    /// Attributes of [`Plca`].
    pub PlcaAttributes, PlcaWriter = "ethtool/plca" {
        /// The device.
        1 "ETHTOOL_A_PLCA_HEADER" header: Nest(Header),
        /// Register map that the PHY follows: 0x0aXX, XX being a version of the OPEN Alliance's.
        2 "ETHTOOL_A_PLCA_VERSION" version: u16,
        /// Whether it is on.
        3 "ETHTOOL_A_PLCA_ENABLED" enabled: Switch,
        /// Whether beacons are seen.
        4 "ETHTOOL_A_PLCA_STATUS" status: Switch,
        /// Transmit opportunities in a cycle, from 1 to 255; of meaning for the coordinator only.
        5 "ETHTOOL_A_PLCA_NODE_CNT" nodes: u32,
        /// Number of this node, from 0, the coordinator, to 254; 255 turns it off.
        6 "ETHTOOL_A_PLCA_NODE_ID" node_id: u32,
        /// Length of a transmit opportunity, in bit times, from 0 to 255; 32 is usual.
        7 "ETHTOOL_A_PLCA_TO_TMR" opportunity_timer: u32,
        /// Packets that may follow the first in one opportunity, from 0 to 255.
        8 "ETHTOOL_A_PLCA_BURST_CNT" burst_count: u32,
        /// Bit times to wait for the next packet of a burst, from 0 to 255; 128 is usual.
        9 "ETHTOOL_A_PLCA_BURST_TMR" burst_timer: u32,
    }
}

object! { Plca "PLCA" }
