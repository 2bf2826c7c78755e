//! Thermal zones, their trip points, cooling devices and thresholds (`thermal`, `linux/thermal.h`).

use core::fmt;

use netloom_wire::{Object, attributes, commands, message, open_enum};

/// The multicast groups: what happens, and temperatures as they are read.
pub const GROUPS: [&str; 2] = ["event", "sampling"];

/// The family, with what happens as messages and as an enum: a row for each.
macro_rules! family { ($($number:literal $kernel:literal $spec:literal $name:ident,)*) => {
    commands! {
        /// Thermal zones.
        pub Thermal = "thermal" version 1 in "" {
            /// Lists the zones: [`ThermalAttributes::zone`] of the answer holds an id and a name for each.
            1 "THERMAL_GENL_CMD_TZ_GET_ID" "tz-get-id" ListZones: Dump(ThermalMessage) -> 1 ThermalMessage,
            /// Gets the trip points of a zone; see [`GetTrips::of`].
            2 "THERMAL_GENL_CMD_TZ_GET_TRIP" "tz-get-trip" GetTrips: Get(ThermalMessage) -> 2 ThermalMessage,
            /// Gets the temperature of a zone; see [`GetTemperature::of`].
            3 "THERMAL_GENL_CMD_TZ_GET_TEMP" "tz-get-temp" GetTemperature: Get(ThermalMessage) -> 3 ThermalMessage,
            /// Gets the governor of a zone; see [`GetGovernor::of`].
            4 "THERMAL_GENL_CMD_TZ_GET_GOV" "tz-get-gov" GetGovernor: Get(ThermalMessage) -> 4 ThermalMessage,
            /// Lists the cooling devices.
            6 "THERMAL_GENL_CMD_CDEV_GET" "cdev-get" ListCoolers: Dump(ThermalMessage) -> 6 ThermalMessage,
            /// Gets one's own thresholds of a zone; see [`GetThresholds::of`].
            7 "THERMAL_GENL_CMD_THRESHOLD_GET" "threshold-get" GetThresholds: Get(ThermalMessage) -> 7 ThermalMessage,
            /// Adds a threshold; see [`AddThreshold::at`].
            8 "THERMAL_GENL_CMD_THRESHOLD_ADD" "threshold-add" AddThreshold: Command(ThermalMessage) "add",
            /// Deletes a threshold; see [`DeleteThreshold::at`].
            9 "THERMAL_GENL_CMD_THRESHOLD_DELETE" "threshold-delete" DeleteThreshold: Command(ThermalMessage) "delete",
            /// Deletes all thresholds of a zone; see [`FlushThresholds::of`].
            10 "THERMAL_GENL_CMD_THRESHOLD_FLUSH" "threshold-flush" FlushThresholds: Command(ThermalMessage) "flush",
            /// A temperature as it was read.
            0 "THERMAL_GENL_SAMPLING_TEMP" "sampling-temp": Notice(ThermalMessage),
            $(
                /// Something happened.
                $number $kernel $spec: Notice(ThermalMessage),
            )*
        }
    }

    open_enum! {
        /// What happened (`THERMAL_GENL_EVENT_*`): the command of a message of the group `event`.
        pub EventKind: u16 = "thermal-event" { $($number $kernel $name),* }
    }
} }
family! {
    1 "THERMAL_GENL_EVENT_TZ_CREATE" "event-tz-create" ZoneCreated,
    2 "THERMAL_GENL_EVENT_TZ_DELETE" "event-tz-delete" ZoneDeleted,
    3 "THERMAL_GENL_EVENT_TZ_DISABLE" "event-tz-disable" ZoneDisabled,
    4 "THERMAL_GENL_EVENT_TZ_ENABLE" "event-tz-enable" ZoneEnabled,
    5 "THERMAL_GENL_EVENT_TZ_TRIP_UP" "event-tz-trip-up" TripCrossedUp,
    6 "THERMAL_GENL_EVENT_TZ_TRIP_DOWN" "event-tz-trip-down" TripCrossedDown,
    7 "THERMAL_GENL_EVENT_TZ_TRIP_CHANGE" "event-tz-trip-change" TripChanged,
    8 "THERMAL_GENL_EVENT_TZ_TRIP_ADD" "event-tz-trip-add" TripAdded,
    9 "THERMAL_GENL_EVENT_TZ_TRIP_DELETE" "event-tz-trip-delete" TripDeleted,
    10 "THERMAL_GENL_EVENT_CDEV_ADD" "event-cdev-add" CoolerAdded,
    11 "THERMAL_GENL_EVENT_CDEV_DELETE" "event-cdev-delete" CoolerDeleted,
    12 "THERMAL_GENL_EVENT_CDEV_STATE_UPDATE" "event-cdev-state-update" CoolerChanged,
    13 "THERMAL_GENL_EVENT_TZ_GOV_CHANGE" "event-tz-gov-change" GovernorChanged,
    14 "THERMAL_GENL_EVENT_CPU_CAPABILITY_CHANGE" "event-cpu-capability-change" CpuCapabilityChanged,
    15 "THERMAL_GENL_EVENT_THRESHOLD_ADD" "event-threshold-add" ThresholdAdded,
    16 "THERMAL_GENL_EVENT_THRESHOLD_DELETE" "event-threshold-delete" ThresholdDeleted,
    17 "THERMAL_GENL_EVENT_THRESHOLD_FLUSH" "event-threshold-flush" ThresholdsFlushed,
    18 "THERMAL_GENL_EVENT_THRESHOLD_UP" "event-threshold-up" ThresholdCrossedUp,
    19 "THERMAL_GENL_EVENT_THRESHOLD_DOWN" "event-threshold-down" ThresholdCrossedDown,
}

message! {
    /// A zone, a cooling device, or what happened to one; the command says what ([`EventKind`] in the group `event`).
    pub ThermalMessage ThermalAttributes
}

open_enum! {
    /// What a trip point is for (`enum thermal_trip_type`).
    pub TripKind: u32 = "thermal-trip-type" {
        0 "THERMAL_TRIP_ACTIVE" Active, 1 "THERMAL_TRIP_PASSIVE" Passive,
        2 "THERMAL_TRIP_HOT" Hot, 3 "THERMAL_TRIP_CRITICAL" Critical,
    }
}

open_enum! {
    /// In which direction a threshold is crossed.
    pub Direction: u32 = "thermal-threshold-direction" {
        1 "THERMAL_THRESHOLD_WAY_UP" Up, 2 "THERMAL_THRESHOLD_WAY_DOWN" Down, 3 Both,
    }
}

attributes! {
    /// Attributes of all messages. In the nests some are repeated: the values of one object follow each other.
    pub ThermalAttributes, ThermalWriter = "thermal/attrs" {
        /// Zones.
        1 "THERMAL_GENL_ATTR_TZ" zone: Nest(ThermalAttributes),
        /// Number of a zone.
        2 "THERMAL_GENL_ATTR_TZ_ID" zone_id: Many(u32),
        /// Temperature, in thousandths of a degree Celsius.
        3 "THERMAL_GENL_ATTR_TZ_TEMP" temperature: i32,
        /// Trip points.
        4 "THERMAL_GENL_ATTR_TZ_TRIP" trips: Nest(ThermalAttributes),
        /// Number of a trip point in its zone.
        5 "THERMAL_GENL_ATTR_TZ_TRIP_ID" trip_id: Many(u32),
        /// What a trip point is for.
        6 "THERMAL_GENL_ATTR_TZ_TRIP_TYPE" trip_kind: Many(TripKind),
        /// Temperature of a trip point, in thousandths of a degree Celsius.
        7 "THERMAL_GENL_ATTR_TZ_TRIP_TEMP" trip_temperature: Many(i32),
        /// Hysteresis of a trip point, in thousandths of a degree Celsius.
        8 "THERMAL_GENL_ATTR_TZ_TRIP_HYST" trip_hysteresis: Many(i32),
        /// Whether a zone is enabled: 1, or not: 0.
        9 "THERMAL_GENL_ATTR_TZ_MODE" mode: u32,
        /// Name of a zone: `acpitz`.
        10 "THERMAL_GENL_ATTR_TZ_NAME" zone_name: Many(str),
        /// Weight of a cooling device in a zone.
        11 "THERMAL_GENL_ATTR_TZ_CDEV_WEIGHT" cooler_weight: u32,
        /// Governor of a zone.
        12 "THERMAL_GENL_ATTR_TZ_GOV" governor: Nest(ThermalAttributes),
        /// Name of a zone's governor.
        13 "THERMAL_GENL_ATTR_TZ_GOV_NAME" zone_governor: str,
        /// Cooling devices.
        14 "THERMAL_GENL_ATTR_CDEV" coolers: Nest(ThermalAttributes),
        /// Number of a cooling device.
        15 "THERMAL_GENL_ATTR_CDEV_ID" cooler_id: Many(u32),
        /// State of a cooling device, from 0: off.
        16 "THERMAL_GENL_ATTR_CDEV_CUR_STATE" cooler_state: u32,
        /// Greatest state of a cooling device.
        17 "THERMAL_GENL_ATTR_CDEV_MAX_STATE" cooler_max_state: u32,
        /// Name of a cooling device.
        18 "THERMAL_GENL_ATTR_CDEV_NAME" cooler_name: Many(str),
        /// Name of a governor.
        19 "THERMAL_GENL_ATTR_GOV_NAME" governor_name: str,
        /// What CPUs are still capable of.
        20 "THERMAL_GENL_ATTR_CPU_CAPABILITY" cpu_capability: Nest(ThermalAttributes),
        /// A CPU.
        21 "THERMAL_GENL_ATTR_CPU_CAPABILITY_ID" cpu: Many(u32),
        /// Performance that a CPU may have, from 0 to 1023.
        22 "THERMAL_GENL_ATTR_CPU_CAPABILITY_PERFORMANCE" performance: Many(u32),
        /// Energy efficiency of a CPU, from 0 to 1023.
        23 "THERMAL_GENL_ATTR_CPU_CAPABILITY_EFFICIENCY" efficiency: Many(u32),
        /// Thresholds.
        24 "THERMAL_GENL_ATTR_THRESHOLD" thresholds: Nest(ThermalAttributes),
        /// Temperature of a threshold, in thousandths of a degree Celsius.
        25 "THERMAL_GENL_ATTR_THRESHOLD_TEMP" threshold_temperature: Many(i32),
        /// Direction in which a threshold tells.
        26 "THERMAL_GENL_ATTR_THRESHOLD_DIRECTION" threshold_direction: Many(Direction),
        /// Temperature before this one, in thousandths of a degree Celsius.
        27 "THERMAL_GENL_ATTR_TZ_PREV_TEMP" previous_temperature: i32,
    }
}

macro_rules! of_zone { ($($request:ident),*) => { $(
    impl $request {
        /// Of the zone with this number.
        pub fn of(zone: u32) -> Self {
            Self::new(|w| w.zone_id(zone))
        }
    }
)* } }
of_zone! { GetTrips, GetTemperature, GetGovernor, GetThresholds, FlushThresholds }

macro_rules! threshold { ($($request:ident),*) => { $(
    impl $request {
        /// Of a zone, at a temperature in thousandths of a degree Celsius. Takes CAP_SYS_ADMIN; a socket has its own.
        pub fn at(zone: u32, temperature: i32, direction: Direction) -> Self {
            Self::new(|w| w.zone_id(zone).threshold_temperature(temperature).threshold_direction(direction))
        }
    }
)* } }
threshold! { AddThreshold, DeleteThreshold }

impl Object for ThermalMessage {
    type Key = Option<u32>;
    const NOUN: &'static str = "thermal zone";
    fn key(&self) -> Option<u32> {
        self.zone_id().next()
    }
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.key().map_or(Ok(()), |zone| write!(f, "{zone}"))
    }
}

impl ThermalMessage {
    /// Zones of an answer to [`ListZones`]: number and name.
    pub fn zones(&self) -> impl Iterator<Item = (u32, &str)> {
        self.zone().into_iter().flat_map(|zone| zone.zone_id().zip(zone.zone_name()))
    }
}
