//! Speed, duplex, negotiation.

use netloom_wire::{attributes, message, open_enum};

use crate::{bitset::Bitset, header::Header, object::object};

message! {
    /// Speeds, duplex and other modes of a link.
    pub LinkModes LinkModesAttributes
}

attributes! {
    /// Attributes of [`LinkModes`].
    pub LinkModesAttributes, LinkModesWriter = "ethtool/linkmodes" {
        /// The device.
        1 "ETHTOOL_A_LINKMODES_HEADER" header: Nest(Header),
        /// Whether the mode is negotiated.
        2 "ETHTOOL_A_LINKMODES_AUTONEG" autoneg: Switch,
        /// Modes: the mask has those that the device supports, the value those that it advertises.
        3 "ETHTOOL_A_LINKMODES_OURS" ours: Nest(Bitset),
        /// Modes that the other end advertises.
        4 "ETHTOOL_A_LINKMODES_PEER" peer: Nest(Bitset),
        /// Speed in Mbit/s; `u32::MAX` where it is not known.
        5 "ETHTOOL_A_LINKMODES_SPEED" speed: u32,
        /// Whether both ends may send at once.
        6 "ETHTOOL_A_LINKMODES_DUPLEX" duplex: Duplex,
        /// Which end shall give the clock.
        7 "ETHTOOL_A_LINKMODES_MASTER_SLAVE_CFG" clock_config: ClockConfig,
        /// Which end gives the clock.
        8 "ETHTOOL_A_LINKMODES_MASTER_SLAVE_STATE" clock_state: ClockState,
        /// How many lanes the link has; at least 1.
        9 "ETHTOOL_A_LINKMODES_LANES" lanes: u32,
        /// How the PHY makes up for a MAC that is faster than the link.
        10 "ETHTOOL_A_LINKMODES_RATE_MATCHING" rate_matching: RateMatching,
    }
}

open_enum! {
    /// Whether both ends may send at once.
    pub Duplex: u8 = "duplex" {
        0 "DUPLEX_HALF" Half, 1 "DUPLEX_FULL" Full, 0xff "DUPLEX_UNKNOWN" Unknown,
    }
}

open_enum! {
    /// Which end shall give the clock (`MASTER_SLAVE_CFG_*`).
    pub ClockConfig: u8 = "master-slave-cfg" {
        0 "MASTER_SLAVE_CFG_UNSUPPORTED" Unsupported,
        1 "MASTER_SLAVE_CFG_UNKNOWN" Unknown,
        /// This one, rather.
        2 "MASTER_SLAVE_CFG_MASTER_PREFERRED" MasterPreferred,
        /// The other, rather.
        3 "MASTER_SLAVE_CFG_SLAVE_PREFERRED" SlavePreferred,
        /// This one.
        4 "MASTER_SLAVE_CFG_MASTER_FORCE" MasterForce,
        /// The other.
        5 "MASTER_SLAVE_CFG_SLAVE_FORCE" SlaveForce,
    }
}

open_enum! {
    /// Which end gives the clock (`MASTER_SLAVE_STATE_*`).
    pub ClockState: u8 = "master-slave-state" {
        0 "MASTER_SLAVE_STATE_UNSUPPORTED" Unsupported,
        1 "MASTER_SLAVE_STATE_UNKNOWN" Unknown,
        /// This one.
        2 "MASTER_SLAVE_STATE_MASTER" Master,
        /// The other.
        3 "MASTER_SLAVE_STATE_SLAVE" Slave,
        /// The ends could not agree.
        4 "MASTER_SLAVE_STATE_ERR" Error,
    }
}

open_enum! {
    /// How a PHY makes up for a MAC that is faster than the link.
    pub RateMatching: u8 = "rate-matching" {
        0 "RATE_MATCH_NONE" None,
        /// By pause frames to the MAC.
        1 "RATE_MATCH_PAUSE" Pause,
        /// By carrier sense: the MAC thinks that the medium is busy.
        2 "RATE_MATCH_CRS" CarrierSense,
        /// By longer gaps between packets.
        3 "RATE_MATCH_OPEN_LOOP" OpenLoop,
    }
}

object! { LinkModes "link modes" }
