//! Forward error correction.

use netloom_wire::{attributes, message};

use crate::{bitset::Bitset, header::Header, object::object};

attributes! {
    /// A range of a histogram: codewords by how many symbols were corrected.
    pub FecBin, FecBinWriter = "ethtool/fec-hist" {
        /// Least number of symbols in error.
        2 "ETHTOOL_A_FEC_HIST_BIN_LOW" low: u32,
        /// Greatest number of symbols in error.
        3 "ETHTOOL_A_FEC_HIST_BIN_HIGH" high: u32,
        /// Codewords, over all lanes.
        4 "ETHTOOL_A_FEC_HIST_BIN_VAL" count: Uint,
        /// Codewords of each lane.
        5 "ETHTOOL_A_FEC_HIST_BIN_VAL_PER_LANE" lanes: Array(u64),
    }
}

attributes! {
    /// Counters of forward error correction: of each the total first, then one for each lane.
    pub FecStatistics, FecStatisticsWriter = "ethtool/fec-stat" {
        /// Blocks that were corrected.
        2 "ETHTOOL_A_FEC_STAT_CORRECTED" corrected: Array(u64),
        /// Blocks that could not be corrected.
        3 "ETHTOOL_A_FEC_STAT_UNCORR" uncorrectable: Array(u64),
        /// Bits that were corrected.
        4 "ETHTOOL_A_FEC_STAT_CORR_BITS" corrected_bits: Array(u64),
        /// A range of the histogram.
        5 "ETHTOOL_A_FEC_STAT_HIST" histogram: Many(Nest(FecBin)),
    }
}

message! {
    /// Forward error correction.
    pub Fec FecAttributes
}

attributes! {
    /// Attributes of [`Fec`].
    pub FecAttributes, FecWriter = "ethtool/fec" {
        /// The device.
        1 "ETHTOOL_A_FEC_HEADER" header: Nest(Header),
        /// Sorts of correction, by the names of link modes (`RS`, `BASER`, `LLRS`, `None`): in answers
        /// those configured, in requests those to use; no mask.
        2 "ETHTOOL_A_FEC_MODES" modes: Nest(Bitset),
        /// Whether the device chooses.
        3 "ETHTOOL_A_FEC_AUTO" auto: Switch,
        /// The sort in force, as the number of its bit among the link modes.
        4 "ETHTOOL_A_FEC_ACTIVE" active: u32,
        /// Counters; only where [`HeaderFlags::STATS`] was asked for.
        5 "ETHTOOL_A_FEC_STATS" stats: Nest(FecStatistics),
    }
}

object! { Fec "FEC" }
