//! Counters that standards define (`ethtool -S DEVICE --groups …`).

use netloom_wire::{attributes, message, open_enum};

use crate::{bitset::Bitset, header::Header, object::object, pause::StatisticsSource, strings::StringSetId};

attributes! {
    /// A range of sizes of packets.
    pub HistogramBucket, HistogramBucketWriter = "ethtool/stats-grp-hist" {
        /// Least size, in bytes.
        7 "ETHTOOL_A_STATS_GRP_HIST_BKT_LOW" low: u32,
        /// Greatest size, in bytes.
        8 "ETHTOOL_A_STATS_GRP_HIST_BKT_HI" high: u32,
        /// Packets of such sizes.
        9 "ETHTOOL_A_STATS_GRP_HIST_VAL" packets: u64,
    }
}

attributes! {
    /// A group of counters.
    pub StatisticsGroup, StatisticsGroupWriter = "ethtool/stats-grp" {
        /// Which group it is.
        2 "ETHTOOL_A_STATS_GRP_ID" id: StatisticsGroupId,
        /// The string set that names the counters.
        3 "ETHTOOL_A_STATS_GRP_SS_ID" string_set: StringSetId,
        /// A counter: the number of the attribute in here is its place in the string set. See [`Self::counters`].
        4 "ETHTOOL_A_STATS_GRP_STAT" stat: Many(List(u64)),
        /// Packets received, by size.
        5 "ETHTOOL_A_STATS_GRP_HIST_RX" hist_rx: Many(Nest(HistogramBucket)),
        /// Packets sent, by size.
        6 "ETHTOOL_A_STATS_GRP_HIST_TX" hist_tx: Many(Nest(HistogramBucket)),
        /// Least size, in bytes; found in [`HistogramBucket`].
        7 "ETHTOOL_A_STATS_GRP_HIST_BKT_LOW" hist_bkt_low: u32,
        /// Greatest size, in bytes; found in [`HistogramBucket`].
        8 "ETHTOOL_A_STATS_GRP_HIST_BKT_HI" hist_bkt_hi: u32,
        /// Packets of such sizes; found in [`HistogramBucket`].
        9 "ETHTOOL_A_STATS_GRP_HIST_VAL" hist_val: u64,
    }
}

message! {
    /// Counters that standards define, in groups.
    pub Statistics StatisticsAttributes
}

attributes! {
    /// Attributes of [`Statistics`].
    pub StatisticsAttributes, StatisticsWriter = "ethtool/stats" {
        /// The device.
        2 "ETHTOOL_A_STATS_HEADER" header: Nest(Header),
        /// Groups that are asked for.
        3 "ETHTOOL_A_STATS_GROUPS" groups: Nest(Bitset),
        /// A group.
        4 "ETHTOOL_A_STATS_GRP" group: Many(Nest(StatisticsGroup)),
        /// Which MAC the counters are of, where the device has two.
        5 "ETHTOOL_A_STATS_SRC" source: StatisticsSource,
    }
}

open_enum! {
    /// A group of counters (`ETHTOOL_STATS_*`): also its bit in [`StatisticsAttributes::groups`].
    pub StatisticsGroupId: u32 = "stats-group" {
        0 "ETHTOOL_STATS_ETH_PHY" EthPhy,
        1 "ETHTOOL_STATS_ETH_MAC" EthMac,
        2 "ETHTOOL_STATS_ETH_CTRL" EthControl,
        3 "ETHTOOL_STATS_RMON" Rmon,
        4 "ETHTOOL_STATS_PHY" Phy,
    }
}

impl StatisticsGroup {
    /// The counters: place in the string set [`Self::string_set`], and value.
    pub fn counters(&self) -> impl Iterator<Item = (u16, u64)> {
        self.stat().flat_map(|stat| stat.numbered())
    }
}

object! { Statistics "statistics" }
