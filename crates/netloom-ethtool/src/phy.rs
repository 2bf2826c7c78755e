//! PHYs attached to a device.

use netloom_wire::{attributes, message, open_enum};

use crate::{header::Header, object::object};

message! {
    /// A PHY attached to a device.
    pub Phy PhyAttributes
}

attributes! {
    /// Attributes of [`Phy`].
    pub PhyAttributes, PhyWriter = "ethtool/phy" {
        /// The device.
        1 "ETHTOOL_A_PHY_HEADER" header: Nest(Header),
        /// Its index in the device's own numbering.
        2 "ETHTOOL_A_PHY_INDEX" index: u32,
        /// Name of its driver.
        3 "ETHTOOL_A_PHY_DRVNAME" driver: str,
        /// Its own name.
        4 "ETHTOOL_A_PHY_NAME" name: str,
        /// What it is attached to.
        5 "ETHTOOL_A_PHY_UPSTREAM_TYPE" upstream: Upstream,
        /// Index of the PHY that it is attached to.
        6 "ETHTOOL_A_PHY_UPSTREAM_INDEX" upstream_index: u32,
        /// Name of the cage of the module that it is in.
        7 "ETHTOOL_A_PHY_UPSTREAM_SFP_NAME" upstream_sfp: str,
        /// Name of the cage that it serves.
        8 "ETHTOOL_A_PHY_DOWNSTREAM_SFP_NAME" downstream_sfp: str,
    }
}

open_enum! {
    /// What a PHY is attached to.
    pub Upstream: u32 = "phy-upstream-type" { 0 "PHY_UPSTREAM_MAC" Mac, 1 "PHY_UPSTREAM_PHY" Phy }
}

object! { Phy "PHY" index }
