//! Metrics of a route (`RTAX_*`, `linux/rtnetlink.h`).

use netloom_wire::{attributes, flags};

attributes! {
    /// What connections over a route begin with (`RTAX_*`).
    pub Metrics, MetricsWriter = "rt-route/metrics" {
        /// Which of them the kernel must not change.
        1 "RTAX_LOCK" lock: MetricLock,
        /// Largest packet, in bytes.
        2 "RTAX_MTU" mtu: u32,
        /// Largest window to announce, in bytes.
        3 "RTAX_WINDOW" window: u32,
        /// Round trip time, in eighths of a millisecond.
        4 "RTAX_RTT" rtt: u32,
        /// Variance of it, in quarters of a millisecond.
        5 "RTAX_RTTVAR" rttvar: u32,
        /// Slow start threshold, in segments.
        6 "RTAX_SSTHRESH" ssthresh: u32,
        /// Clamp of the congestion window, in segments; ignored unless locked.
        7 "RTAX_CWND" cwnd: u32,
        /// Largest segment to announce, in bytes.
        8 "RTAX_ADVMSS" advmss: u32,
        /// How far packets may be out of order.
        9 "RTAX_REORDERING" reordering: u32,
        /// Hop limit, at most 255; `u32::MAX` means the system's.
        10 "RTAX_HOPLIMIT" hoplimit: u32,
        /// Initial congestion window, in segments.
        11 "RTAX_INITCWND" initcwnd: u32,
        /// What connections may use.
        12 "RTAX_FEATURES" features: RouteFeatures,
        /// Least retransmission timeout, in milliseconds.
        13 "RTAX_RTO_MIN" rto_min: u32,
        /// Initial receive window, in segments.
        14 "RTAX_INITRWND" initrwnd: u32,
        /// 1: acknowledge at once.
        15 "RTAX_QUICKACK" quickack: u32,
        /// Congestion control, at most 15 bytes.
        16 "RTAX_CC_ALGO" cc_algo: str,
        /// 1: TCP Fast Open without a cookie.
        17 "RTAX_FASTOPEN_NO_COOKIE" fastopen_no_cookie: u32,
    }
}

flags! {
    /// What connections over a route may use (`RTAX_FEATURE_*`).
    pub RouteFeatures: u32 = "rtax-features" {
        /// Explicit congestion notification.
        "RTAX_FEATURE_ECN" ECN = 1,
        /// Selective acknowledgements; unused.
        "RTAX_FEATURE_SACK" SACK = 2,
        /// Timestamps; unused.
        "RTAX_FEATURE_TIMESTAMP" TIMESTAMP = 4,
        /// A fragment header in every packet; unused.
        "RTAX_FEATURE_ALLFRAG" ALLFRAG = 8,
        /// Timestamps in microseconds (Linux 6.7 and later).
        "RTAX_FEATURE_TCP_USEC_TS" TCP_USEC_TS = 16,
    }
}

flags! {
    /// Which metrics are locked: one bit for each, by its number.
    pub MetricLock: u32 = "rtax-lock" {
        /// The largest packet.
        MTU = 1 << 2,
        /// The window.
        WINDOW = 1 << 3,
        /// The round trip time.
        RTT = 1 << 4,
        /// Its variance.
        RTTVAR = 1 << 5,
        /// The slow start threshold.
        SSTHRESH = 1 << 6,
        /// The congestion window.
        CWND = 1 << 7,
        /// The largest segment.
        ADVMSS = 1 << 8,
        /// The reordering.
        REORDERING = 1 << 9,
        /// The hop limit.
        HOPLIMIT = 1 << 10,
        /// The initial congestion window.
        INITCWND = 1 << 11,
        /// The least retransmission timeout.
        RTO_MIN = 1 << 13,
        /// The initial receive window.
        INITRWND = 1 << 14,
        /// The congestion control.
        CC_ALGO = 1 << 16,
    }
}
