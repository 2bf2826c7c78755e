//! Whether a link works, and why not.

use netloom_wire::{attributes, message, open_enum};

use crate::{header::Header, object::object};

message! {
    /// Whether a link works, and why not.
    pub LinkState LinkStateAttributes
}

attributes! {
    /// Attributes of [`LinkState`].
    pub LinkStateAttributes, LinkStateWriter = "ethtool/linkstate" {
        /// The device.
        1 "ETHTOOL_A_LINKSTATE_HEADER" header: Nest(Header),
        /// Whether there is a carrier.
        2 "ETHTOOL_A_LINKSTATE_LINK" link: Switch,
        /// Quality of the signal, from 0 to [`Self::sqi_max`].
        3 "ETHTOOL_A_LINKSTATE_SQI" sqi: u32,
        /// Greatest value of [`Self::sqi`].
        4 "ETHTOOL_A_LINKSTATE_SQI_MAX" sqi_max: u32,
        /// Why the link is down.
        5 "ETHTOOL_A_LINKSTATE_EXT_STATE" reason: DownReason,
        /// More of why the link is down; the numbers differ by [`Self::reason`].
        6 "ETHTOOL_A_LINKSTATE_EXT_SUBSTATE" detail: u8,
        /// How often the link went down, as the hardware counts.
        7 "ETHTOOL_A_LINKSTATE_EXT_DOWN_CNT" downs: u32,
    }
}

open_enum! {
    /// Why a link is down.
    pub DownReason: u8 = "link-ext-state" {
        0 "ETHTOOL_LINK_EXT_STATE_AUTONEG" Negotiation,
        1 "ETHTOOL_LINK_EXT_STATE_LINK_TRAINING_FAILURE" Training,
        2 "ETHTOOL_LINK_EXT_STATE_LINK_LOGICAL_MISMATCH" LogicalMismatch,
        3 "ETHTOOL_LINK_EXT_STATE_BAD_SIGNAL_INTEGRITY" BadSignal,
        4 "ETHTOOL_LINK_EXT_STATE_NO_CABLE" NoCable,
        5 "ETHTOOL_LINK_EXT_STATE_CABLE_ISSUE" CableIssue,
        6 "ETHTOOL_LINK_EXT_STATE_EEPROM_ISSUE" EepromIssue,
        7 "ETHTOOL_LINK_EXT_STATE_CALIBRATION_FAILURE" Calibration,
        8 "ETHTOOL_LINK_EXT_STATE_POWER_BUDGET_EXCEEDED" PowerBudget,
        9 "ETHTOOL_LINK_EXT_STATE_OVERHEAT" Overheat,
        10 "ETHTOOL_LINK_EXT_STATE_MODULE" Module,
        /// The speed is more than what was burnt into the device allows.
        11 "ETHTOOL_LINK_EXT_STATE_OTP_SPEED_VIOLATION" SpeedViolation,
        /// The management controller asked for it.
        12 "ETHTOOL_LINK_EXT_STATE_BMC_REQUEST_DOWN" ManagementRequest,
    }
}

object! { LinkState "link state" }
