//! Flow control by pause frames (`ethtool -a`).

use netloom_wire::{attributes, message, open_enum};

use crate::{header::Header, object::object};

attributes! {
    /// Counters of pause frames.
    pub PauseStatistics, PauseStatisticsWriter = "ethtool/pause-stat" {
        /// Pause frames sent (`aPAUSEMACCtrlFramesTransmitted`).
        2 "ETHTOOL_A_PAUSE_STAT_TX_FRAMES" tx_frames: u64,
        /// Pause frames received (`aPAUSEMACCtrlFramesReceived`).
        3 "ETHTOOL_A_PAUSE_STAT_RX_FRAMES" rx_frames: u64,
        /// Times that the device stopped sending pause frames, since it had paused the network for too long.
        4 "ETHTOOL_A_PAUSE_STAT_TX_PAUSE_STORM_EVENTS" tx_pause_storm_events: u64,
    }
}

message! {
    /// Flow control by pause frames.
    pub Pause PauseAttributes
}

attributes! {
    /// Attributes of [`Pause`].
    pub PauseAttributes, PauseWriter = "ethtool/pause" {
        /// The device.
        1 "ETHTOOL_A_PAUSE_HEADER" header: Nest(Header),
        /// Whether pausing is negotiated.
        2 "ETHTOOL_A_PAUSE_AUTONEG" autoneg: Switch,
        /// Whether pause frames that come in are obeyed.
        3 "ETHTOOL_A_PAUSE_RX" rx: Switch,
        /// Whether pause frames are sent.
        4 "ETHTOOL_A_PAUSE_TX" tx: Switch,
        /// Counters; only where [`HeaderFlags::STATS`] was asked for.
        5 "ETHTOOL_A_PAUSE_STATS" stats: Nest(PauseStatistics),
        /// Which MAC the counters are of, where the device has two.
        6 "ETHTOOL_A_PAUSE_STATS_SRC" source: StatisticsSource,
    }
}

open_enum! {
    /// Which MAC counters are of, where frame preemption splits a device's MAC into two.
    pub StatisticsSource: u32 = "mac-stats-src" {
        /// Both.
        0 "ETHTOOL_MAC_STATS_SRC_AGGREGATE" Aggregate,
        /// The express MAC.
        1 "ETHTOOL_MAC_STATS_SRC_EMAC" Express,
        /// The preemptable MAC.
        2 "ETHTOOL_MAC_STATS_SRC_PMAC" Preemptable,
    }
}

object! { Pause "pause parameters" }
