//! How long packets are gathered before an interrupt (`ethtool -c`).

use netloom_wire::{attributes, message};

use crate::{header::Header, object::object};

attributes! {
    /// A step of a [`ModerationProfile`]: when to interrupt.
    pub IrqModeration, IrqModerationWriter = "ethtool/irq-moderation" {
        /// Microseconds to wait at most.
        1 "ETHTOOL_A_IRQ_MODERATION_USEC" usecs: u32,
        /// Packets to wait for at most.
        2 "ETHTOOL_A_IRQ_MODERATION_PKTS" packets: u32,
        /// Completions to wait for at most.
        3 "ETHTOOL_A_IRQ_MODERATION_COMPS" completions: u32,
    }
}

attributes! {
    /// Steps among which dynamic moderation of interrupts chooses.
    pub ModerationProfile, ModerationProfileWriter = "ethtool/profile" {
        /// A step, the mildest first.
        1 "ETHTOOL_A_PROFILE_IRQ_MODERATION" step: Many(Nest(IrqModeration)),
    }
}

message! {
    /// How long a device gathers packets before it interrupts.
    pub Coalesce CoalesceAttributes
}

attributes! {
    /// Attributes of [`Coalesce`].
    pub CoalesceAttributes, CoalesceWriter = "ethtool/coalesce" {
        /// The device.
        1 "ETHTOOL_A_COALESCE_HEADER" header: Nest(Header),
        /// Microseconds to wait after a packet is received.
        2 "ETHTOOL_A_COALESCE_RX_USECS" rx_usecs: u32,
        /// Packets received before an interrupt.
        3 "ETHTOOL_A_COALESCE_RX_MAX_FRAMES" rx_max_frames: u32,
        /// Microseconds to wait after a packet is received while an interrupt is being served.
        4 "ETHTOOL_A_COALESCE_RX_USECS_IRQ" rx_usecs_irq: u32,
        /// Packets received before an interrupt while one is being served.
        5 "ETHTOOL_A_COALESCE_RX_MAX_FRAMES_IRQ" rx_max_frames_irq: u32,
        /// Microseconds to wait after a packet is sent.
        6 "ETHTOOL_A_COALESCE_TX_USECS" tx_usecs: u32,
        /// Packets sent before an interrupt.
        7 "ETHTOOL_A_COALESCE_TX_MAX_FRAMES" tx_max_frames: u32,
        /// Microseconds to wait after a packet is sent while an interrupt is being served.
        8 "ETHTOOL_A_COALESCE_TX_USECS_IRQ" tx_usecs_irq: u32,
        /// Packets sent before an interrupt while one is being served.
        9 "ETHTOOL_A_COALESCE_TX_MAX_FRAMES_IRQ" tx_max_frames_irq: u32,
        /// Microseconds between updates of the counters in memory.
        10 "ETHTOOL_A_COALESCE_STATS_BLOCK_USECS" stats_block_usecs: u32,
        /// Whether the driver adapts the delay to the rate of reception.
        11 "ETHTOOL_A_COALESCE_USE_ADAPTIVE_RX" use_adaptive_rx: Switch,
        /// Whether the driver adapts the delay to the rate of sending.
        12 "ETHTOOL_A_COALESCE_USE_ADAPTIVE_TX" use_adaptive_tx: Switch,
        /// Packets per second, below which the values for low rates hold.
        13 "ETHTOOL_A_COALESCE_PKT_RATE_LOW" pkt_rate_low: u32,
        /// Microseconds after reception, at low rates.
        14 "ETHTOOL_A_COALESCE_RX_USECS_LOW" rx_usecs_low: u32,
        /// Packets received, at low rates.
        15 "ETHTOOL_A_COALESCE_RX_MAX_FRAMES_LOW" rx_max_frames_low: u32,
        /// Microseconds after sending, at low rates.
        16 "ETHTOOL_A_COALESCE_TX_USECS_LOW" tx_usecs_low: u32,
        /// Packets sent, at low rates.
        17 "ETHTOOL_A_COALESCE_TX_MAX_FRAMES_LOW" tx_max_frames_low: u32,
        /// Packets per second, above which the values for high rates hold.
        18 "ETHTOOL_A_COALESCE_PKT_RATE_HIGH" pkt_rate_high: u32,
        /// Microseconds after reception, at high rates.
        19 "ETHTOOL_A_COALESCE_RX_USECS_HIGH" rx_usecs_high: u32,
        /// Packets received, at high rates.
        20 "ETHTOOL_A_COALESCE_RX_MAX_FRAMES_HIGH" rx_max_frames_high: u32,
        /// Microseconds after sending, at high rates.
        21 "ETHTOOL_A_COALESCE_TX_USECS_HIGH" tx_usecs_high: u32,
        /// Packets sent, at high rates.
        22 "ETHTOOL_A_COALESCE_TX_MAX_FRAMES_HIGH" tx_max_frames_high: u32,
        /// Seconds between measurements of the rate.
        23 "ETHTOOL_A_COALESCE_RATE_SAMPLE_INTERVAL" rate_sample_interval: u32,
        /// Whether the timer of sending starts anew with each completion rather than with each interrupt.
        24 "ETHTOOL_A_COALESCE_USE_CQE_MODE_TX" use_cqe_mode_tx: Switch,
        /// Whether the timer of reception starts anew with each completion rather than with each interrupt.
        25 "ETHTOOL_A_COALESCE_USE_CQE_MODE_RX" use_cqe_mode_rx: Switch,
        /// Greatest size of an aggregate of packets to send, in bytes.
        26 "ETHTOOL_A_COALESCE_TX_AGGR_MAX_BYTES" tx_aggr_max_bytes: u32,
        /// Greatest number of packets in an aggregate to send.
        27 "ETHTOOL_A_COALESCE_TX_AGGR_MAX_FRAMES" tx_aggr_max_frames: u32,
        /// Microseconds that an aggregate to send waits for more packets.
        28 "ETHTOOL_A_COALESCE_TX_AGGR_TIME_USECS" tx_aggr_time_usecs: u32,
        /// Steps of dynamic moderation of reception.
        29 "ETHTOOL_A_COALESCE_RX_PROFILE" rx_profile: Nest(ModerationProfile),
        /// Steps of dynamic moderation of sending.
        30 "ETHTOOL_A_COALESCE_TX_PROFILE" tx_profile: Nest(ModerationProfile),
        /// Packets received that one completion may tell of at most.
        31 "ETHTOOL_A_COALESCE_RX_CQE_FRAMES" rx_cqe_frames: u32,
        /// Nanoseconds after the first packet until such a completion is written.
        32 "ETHTOOL_A_COALESCE_RX_CQE_NSECS" rx_cqe_nsecs: u32,
    }
}

object! { Coalesce "coalescing" }
