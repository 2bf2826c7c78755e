//! Frame preemption: the MAC merge layer (`ethtool --show-mm`).

use netloom_wire::{attributes, message, open_enum};

use crate::{header::Header, object::object};

attributes! {
    /// Counters of the MAC merge layer (IEEE 802.3 clause 99).
    pub MacMergeStatistics, MacMergeStatisticsWriter = "ethtool/mm-stat" {
        /// Frames whose fragments could not be put together (`aMACMergeFrameAssErrorCount`).
        2 "ETHTOOL_A_MM_STAT_REASSEMBLY_ERRORS" reassembly_errors: u64,
        /// Frames dropped for an unknown or unexpected start delimiter (`aMACMergeFrameSmdErrorCount`).
        3 "ETHTOOL_A_MM_STAT_SMD_ERRORS" smd_errors: u64,
        /// Frames put together from fragments (`aMACMergeFrameAssOkCount`).
        4 "ETHTOOL_A_MM_STAT_REASSEMBLY_OK" reassembly_ok: u64,
        /// Fragments received, without the first of each frame (`aMACMergeFragCountRx`).
        5 "ETHTOOL_A_MM_STAT_RX_FRAG_COUNT" rx_fragments: u64,
        /// Fragments sent, without the first of each frame (`aMACMergeFragCountTx`).
        6 "ETHTOOL_A_MM_STAT_TX_FRAG_COUNT" tx_fragments: u64,
        /// Times that sending of preemptable frames was held (`aMACMergeHoldCount`).
        7 "ETHTOOL_A_MM_STAT_HOLD_COUNT" holds: u64,
    }
}

message! {
    /// Frame preemption: the MAC merge layer of IEEE 802.3.
    pub MacMerge MacMergeAttributes
}

attributes! {
    /// Attributes of [`MacMerge`].
    pub MacMergeAttributes, MacMergeWriter = "ethtool/mm" {
        /// The device.
        1 "ETHTOOL_A_MM_HEADER" header: Nest(Header),
        /// Whether the MAC that receives preemptable frames is on.
        2 "ETHTOOL_A_MM_PMAC_ENABLED" pmac_enabled: Switch,
        /// Whether preemptable frames may be sent.
        3 "ETHTOOL_A_MM_TX_ENABLED" tx_enabled: Switch,
        /// Whether they are: sending is enabled, and the peer verified where that was asked for.
        4 "ETHTOOL_A_MM_TX_ACTIVE" tx_active: Switch,
        /// Least size of a fragment that is sent, without its checksum: 60, 124, 188 or 252 bytes.
        5 "ETHTOOL_A_MM_TX_MIN_FRAG_SIZE" tx_min_frag_size: u32,
        /// Least size of a fragment that can be received, in bytes without its checksum.
        6 "ETHTOOL_A_MM_RX_MIN_FRAG_SIZE" rx_min_frag_size: u32,
        /// Whether the peer must prove that it understands preemption before preemptable frames are sent.
        7 "ETHTOOL_A_MM_VERIFY_ENABLED" verify_enabled: Switch,
        /// How far the verification is.
        8 "ETHTOOL_A_MM_VERIFY_STATUS" verify_status: VerifyStatus,
        /// Milliseconds between attempts at verification, from 1 to [`Self::max_verify_time`].
        9 "ETHTOOL_A_MM_VERIFY_TIME" verify_time: u32,
        /// Greatest value of [`Self::verify_time`], in milliseconds.
        10 "ETHTOOL_A_MM_MAX_VERIFY_TIME" max_verify_time: u32,
        /// Counters; only where [`HeaderFlags::STATS`] was asked for.
        11 "ETHTOOL_A_MM_STATS" stats: Nest(MacMergeStatistics),
    }
}

open_enum! {
    /// How far the verification of the peer is.
    pub VerifyStatus: u8 = "mm-verify-status" {
        0 "ETHTOOL_MM_VERIFY_STATUS_UNKNOWN" Unknown,
        1 "ETHTOOL_MM_VERIFY_STATUS_INITIAL" Initial,
        2 "ETHTOOL_MM_VERIFY_STATUS_VERIFYING" Verifying,
        3 "ETHTOOL_MM_VERIFY_STATUS_SUCCEEDED" Succeeded,
        4 "ETHTOOL_MM_VERIFY_STATUS_FAILED" Failed,
        5 "ETHTOOL_MM_VERIFY_STATUS_DISABLED" Disabled,
    }
}

object! { MacMerge "MAC merge" }
