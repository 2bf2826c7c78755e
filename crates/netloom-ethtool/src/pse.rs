//! Power over the cable: PoE and PoDL.

use netloom_wire::{attributes, message, open_enum};

use crate::{header::Header, object::object, uint_flags::uint_flags};

attributes! {
    /// A range of limits that may be set, in milliwatts.
    pub PowerRange, PowerRangeWriter = "ethtool/c33-pse-pw-limit" {
        /// Least limit.
        1 "ETHTOOL_A_C33_PSE_PW_LIMIT_MIN" min: u32,
        /// Greatest limit.
        2 "ETHTOOL_A_C33_PSE_PW_LIMIT_MAX" max: u32,
    }
}

message! {
    /// Power that a port supplies over its cable: PoDL (single pair) or clause 33 (PoE).
    pub Pse PseAttributes
}

attributes! {
    /// Attributes of [`Pse`].
    pub PseAttributes, PseWriter = "ethtool/pse" {
        /// The device.
        1 "ETHTOOL_A_PSE_HEADER" header: Nest(Header),
        /// PoDL: whether it is enabled.
        2 "ETHTOOL_A_PODL_PSE_ADMIN_STATE" podl_state: PodlState,
        /// PoDL: enables or disables.
        3 "ETHTOOL_A_PODL_PSE_ADMIN_CONTROL" podl_control: PodlState,
        /// PoDL: whether power flows.
        4 "ETHTOOL_A_PODL_PSE_PW_D_STATUS" podl_status: PodlStatus,
        /// PoE: whether it is enabled.
        5 "ETHTOOL_A_C33_PSE_ADMIN_STATE" poe_state: PoeState,
        /// PoE: enables or disables.
        6 "ETHTOOL_A_C33_PSE_ADMIN_CONTROL" poe_control: PoeState,
        /// PoE: whether power flows.
        7 "ETHTOOL_A_C33_PSE_PW_D_STATUS" poe_status: PoeStatus,
        /// PoE: class of the powered device.
        8 "ETHTOOL_A_C33_PSE_PW_CLASS" poe_class: u32,
        /// PoE: power drawn now, in milliwatts.
        9 "ETHTOOL_A_C33_PSE_ACTUAL_PW" poe_power: u32,
        /// PoE: why no power flows.
        10 "ETHTOOL_A_C33_PSE_EXT_STATE" poe_reason: PoeReason,
        /// PoE: more of why; the numbers differ by [`Self::poe_reason`].
        11 "ETHTOOL_A_C33_PSE_EXT_SUBSTATE" poe_detail: u32,
        /// PoE: greatest power that may be drawn, in milliwatts.
        12 "ETHTOOL_A_C33_PSE_AVAIL_PW_LIMIT" poe_limit: u32,
        /// PoE: a range that the limit may be set in.
        13 "ETHTOOL_A_C33_PSE_PW_LIMIT_RANGES" poe_limit_range: Many(Nest(PowerRange)),
        /// Number of the power domain that the port belongs to.
        14 "ETHTOOL_A_PSE_PW_D_ID" domain: u32,
        /// Greatest value of [`Self::priority`].
        15 "ETHTOOL_A_PSE_PRIO_MAX" priority_max: u32,
        /// Priority of the port when power runs short: 0 is the highest.
        16 "ETHTOOL_A_PSE_PRIO" priority: u32,
    }
}

message! {
    /// What happened to a port that supplies power.
    pub PseEvent PseEventAttributes
}

attributes! {
    /// Attributes of [`PseEvent`].
    pub PseEventAttributes, PseEventWriter = "ethtool/pse-ntf" {
        /// The device.
        1 "ETHTOOL_A_PSE_NTF_HEADER" header: Nest(Header),
        /// What happened.
        2 "ETHTOOL_A_PSE_NTF_EVENTS" events: PseEvents,
    }
}

open_enum! {
    /// PoDL: whether it is enabled, or shall be.
    pub PodlState: u32 = "podl-pse-admin-state" {
        1 "ETHTOOL_PODL_PSE_ADMIN_STATE_UNKNOWN" Unknown,
        2 "ETHTOOL_PODL_PSE_ADMIN_STATE_DISABLED" Disabled,
        3 "ETHTOOL_PODL_PSE_ADMIN_STATE_ENABLED" Enabled,
    }
}

open_enum! {
    /// PoDL: whether power flows.
    pub PodlStatus: u32 = "podl-pse-pw-d-status" {
        1 "ETHTOOL_PODL_PSE_PW_D_STATUS_UNKNOWN" Unknown,
        2 "ETHTOOL_PODL_PSE_PW_D_STATUS_DISABLED" Disabled,
        3 "ETHTOOL_PODL_PSE_PW_D_STATUS_SEARCHING" Searching,
        4 "ETHTOOL_PODL_PSE_PW_D_STATUS_DELIVERING" Delivering,
        5 "ETHTOOL_PODL_PSE_PW_D_STATUS_SLEEP" Sleep,
        6 "ETHTOOL_PODL_PSE_PW_D_STATUS_IDLE" Idle,
        7 "ETHTOOL_PODL_PSE_PW_D_STATUS_ERROR" Error,
    }
}

open_enum! {
    /// PoE: whether it is enabled, or shall be.
    pub PoeState: u32 = "c33-pse-admin-state" {
        1 "ETHTOOL_C33_PSE_ADMIN_STATE_UNKNOWN" Unknown,
        2 "ETHTOOL_C33_PSE_ADMIN_STATE_DISABLED" Disabled,
        3 "ETHTOOL_C33_PSE_ADMIN_STATE_ENABLED" Enabled,
    }
}

open_enum! {
    /// PoE: whether power flows.
    pub PoeStatus: u32 = "c33-pse-pw-d-status" {
        1 "ETHTOOL_C33_PSE_PW_D_STATUS_UNKNOWN" Unknown,
        2 "ETHTOOL_C33_PSE_PW_D_STATUS_DISABLED" Disabled,
        3 "ETHTOOL_C33_PSE_PW_D_STATUS_SEARCHING" Searching,
        4 "ETHTOOL_C33_PSE_PW_D_STATUS_DELIVERING" Delivering,
        5 "ETHTOOL_C33_PSE_PW_D_STATUS_TEST" Test,
        6 "ETHTOOL_C33_PSE_PW_D_STATUS_FAULT" Fault,
        7 "ETHTOOL_C33_PSE_PW_D_STATUS_OTHERFAULT" OtherFault,
    }
}

open_enum! {
    /// PoE: why no power flows (IEEE 802.3 33.2.4.4).
    pub PoeReason: u32 = "c33-pse-ext-state" {
        1 "ETHTOOL_C33_PSE_EXT_STATE_ERROR_CONDITION" ErrorCondition,
        2 "ETHTOOL_C33_PSE_EXT_STATE_MR_MPS_VALID" MpsValid,
        3 "ETHTOOL_C33_PSE_EXT_STATE_MR_PSE_ENABLE" PseEnable,
        4 "ETHTOOL_C33_PSE_EXT_STATE_OPTION_DETECT_TED" Detection,
        5 "ETHTOOL_C33_PSE_EXT_STATE_OPTION_VPORT_LIM" PortVoltage,
        6 "ETHTOOL_C33_PSE_EXT_STATE_OVLD_DETECTED" Overload,
        7 "ETHTOOL_C33_PSE_EXT_STATE_PD_DLL_POWER_TYPE" PowerType,
        8 "ETHTOOL_C33_PSE_EXT_STATE_POWER_NOT_AVAILABLE" PowerNotAvailable,
        9 "ETHTOOL_C33_PSE_EXT_STATE_SHORT_DETECTED" ShortCircuit,
    }
}

uint_flags! {
    /// What happened to a port that supplies power.
    pub PseEvents = "pse-event" {
        "ETHTOOL_PSE_EVENT_OVER_CURRENT" OVER_CURRENT = 1,
        "ETHTOOL_PSE_EVENT_OVER_TEMP" OVER_TEMPERATURE = 2,
        /// PoE: looking for a powered device.
        "ETHTOOL_C33_PSE_EVENT_DETECTION" DETECTION = 4,
        /// PoE: asking how much power the device wants.
        "ETHTOOL_C33_PSE_EVENT_CLASSIFICATION" CLASSIFICATION = 8,
        /// PoE: the device was unplugged.
        "ETHTOOL_C33_PSE_EVENT_DISCONNECTION" DISCONNECTION = 16,
        "ETHTOOL_PSE_EVENT_OVER_BUDGET" OVER_BUDGET = 32,
        /// The kernel failed to control the power.
        "ETHTOOL_PSE_EVENT_SW_PW_CONTROL_ERROR" CONTROL_ERROR = 64,
    }
}

object! { Pse "PSE" }

object! { PseEvent "PSE event" }
