//! Timestamps made by hardware (`ethtool -T`).

use netloom_wire::{attributes, message, open_enum};

use crate::{bitset::Bitset, header::Header, object::object};

attributes! {
    /// Counters of hardware timestamps of sent packets.
    pub TimestampStatistics, TimestampStatisticsWriter = "ethtool/ts-stat" {
        /// Packets sent with a timestamp.
        1 "ETHTOOL_A_TS_STAT_TX_PKTS" tx_packets: Uint,
        /// Packets whose timestamp never came.
        2 "ETHTOOL_A_TS_STAT_TX_LOST" tx_lost: Uint,
        /// Packets whose timestamp failed otherwise.
        3 "ETHTOOL_A_TS_STAT_TX_ERR" tx_errors: Uint,
        /// Packets sent for a one-step timestamp that the device does not confirm.
        4 "ETHTOOL_A_TS_STAT_TX_ONESTEP_PKTS_UNCONFIRMED" tx_one_step_unconfirmed: Uint,
    }
}

attributes! {
    /// A clock that makes hardware timestamps.
    pub TimestampProvider, TimestampProviderWriter = "ethtool/ts-hwtstamp-provider" {
        /// Index of the clock: the number of `/dev/ptp…`.
        1 "ETHTOOL_A_TS_HWTSTAMP_PROVIDER_INDEX" index: u32,
        /// How precise its timestamps are.
        2 "ETHTOOL_A_TS_HWTSTAMP_PROVIDER_QUALIFIER" qualifier: TimestampQualifier,
    }
}

message! {
    /// What a device is able to do about timestamps.
    pub Timestamping TimestampingAttributes
}

attributes! {
    /// Attributes of [`Timestamping`].
    pub TimestampingAttributes, TimestampingWriter = "ethtool/tsinfo" {
        /// The device.
        1 "ETHTOOL_A_TSINFO_HEADER" header: Nest(Header),
        /// Abilities (`SOF_TIMESTAMPING_*`); no mask.
        2 "ETHTOOL_A_TSINFO_TIMESTAMPING" timestamping: Nest(Bitset),
        /// Modes of hardware timestamps of sent packets; no mask.
        3 "ETHTOOL_A_TSINFO_TX_TYPES" tx_types: Nest(Bitset),
        /// Packets that hardware timestamps at reception; no mask.
        4 "ETHTOOL_A_TSINFO_RX_FILTERS" rx_filters: Nest(Bitset),
        /// Index of the device's clock: the number of `/dev/ptp…`.
        5 "ETHTOOL_A_TSINFO_PHC_INDEX" phc_index: u32,
        /// Counters; only where [`HeaderFlags::STATS`] was asked for.
        6 "ETHTOOL_A_TSINFO_STATS" stats: Nest(TimestampStatistics),
        /// The clock that this is about.
        7 "ETHTOOL_A_TSINFO_HWTSTAMP_PROVIDER" provider: Nest(TimestampProvider),
        /// Where timestamps are made.
        8 "ETHTOOL_A_TSINFO_HWTSTAMP_SOURCE" source: TimestampSource,
        /// Index of the PHY that makes them.
        9 "ETHTOOL_A_TSINFO_HWTSTAMP_PHYINDEX" phy: u32,
    }
}

message! {
    /// How a device makes hardware timestamps.
    pub TimestampingConfig TimestampingConfigAttributes
}

attributes! {
    /// Attributes of [`TimestampingConfig`].
    pub TimestampingConfigAttributes, TimestampingConfigWriter = "ethtool/tsconfig" {
        /// The device.
        1 "ETHTOOL_A_TSCONFIG_HEADER" header: Nest(Header),
        /// The clock.
        2 "ETHTOOL_A_TSCONFIG_HWTSTAMP_PROVIDER" provider: Nest(TimestampProvider),
        /// Mode of timestamps of sent packets: one bit.
        3 "ETHTOOL_A_TSCONFIG_TX_TYPES" tx_types: Nest(Bitset),
        /// Packets that are timestamped at reception: one bit.
        4 "ETHTOOL_A_TSCONFIG_RX_FILTERS" rx_filters: Nest(Bitset),
        /// Flags (`HWTSTAMP_FLAG_*`).
        5 "ETHTOOL_A_TSCONFIG_HWTSTAMP_FLAGS" flags: Nest(Bitset),
    }
}

open_enum! {
    /// How precise a clock's timestamps are.
    pub TimestampQualifier: u32 = "hwtstamp-provider-qualifier" {
        /// Good enough for IEEE 1588.
        0 "HWTSTAMP_PROVIDER_QUALIFIER_PRECISE" Precise,
        /// Made at transfer to memory.
        1 "HWTSTAMP_PROVIDER_QUALIFIER_APPROX" Approximate,
    }
}

open_enum! {
    /// Where timestamps are made.
    pub TimestampSource: u32 = "hwtstamp-source" {
        /// In the MAC.
        1 "HWTSTAMP_SOURCE_NETDEV" Device,
        /// In a PHY.
        2 "HWTSTAMP_SOURCE_PHYLIB" Phy,
    }
}

object! { Timestamping "timestamping" }

object! { TimestampingConfig "timestamping configuration" }
