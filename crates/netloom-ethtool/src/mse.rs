//! How clean a link's signal is.

use netloom_wire::{attributes, message};

use crate::{header::Header, object::object};

attributes! {
    /// What the numbers of an [`MseSnapshot`] are to be held against.
    pub MseCapabilities, MseCapabilitiesWriter = "ethtool/mse-capabilities" {
        /// Greatest value of [`MseSnapshot::average`].
        1 "ETHTOOL_A_MSE_CAPABILITIES_MAX_AVERAGE_MSE" max_average: Uint,
        /// Greatest value of the peaks.
        2 "ETHTOOL_A_MSE_CAPABILITIES_MAX_PEAK_MSE" max_peak: Uint,
        /// Picoseconds between measurements.
        3 "ETHTOOL_A_MSE_CAPABILITIES_REFRESH_RATE_PS" refresh: Uint,
        /// Symbols that a measurement is taken over.
        4 "ETHTOOL_A_MSE_CAPABILITIES_NUM_SYMBOLS" symbols: Uint,
    }
}

attributes! {
    /// Mean square error of a signal, in units of the PHY: 0 is the best.
    pub MseSnapshot, MseSnapshotWriter = "ethtool/mse-snapshot" {
        /// Mean over the last measurement.
        1 "ETHTOOL_A_MSE_SNAPSHOT_AVERAGE_MSE" average: Uint,
        /// Peak since it was read last.
        2 "ETHTOOL_A_MSE_SNAPSHOT_PEAK_MSE" peak: Uint,
        /// Peak since the link came up.
        3 "ETHTOOL_A_MSE_SNAPSHOT_WORST_PEAK_MSE" worst_peak: Uint,
    }
}

message! {
    /// Mean square error of the signal of a link: how close it is to failing.
    pub Mse MseAttributes
}

attributes! {
    /// Attributes of [`Mse`].
    pub MseAttributes, MseWriter = "ethtool/mse" {
        /// The device.
        1 "ETHTOOL_A_MSE_HEADER" header: Nest(Header),
        /// What the numbers are to be held against.
        2 "ETHTOOL_A_MSE_CAPABILITIES" capabilities: Nest(MseCapabilities),
        /// Pair A.
        3 "ETHTOOL_A_MSE_CHANNEL_A" channel_a: Nest(MseSnapshot),
        /// Pair B.
        4 "ETHTOOL_A_MSE_CHANNEL_B" channel_b: Nest(MseSnapshot),
        /// Pair C.
        5 "ETHTOOL_A_MSE_CHANNEL_C" channel_c: Nest(MseSnapshot),
        /// Pair D.
        6 "ETHTOOL_A_MSE_CHANNEL_D" channel_d: Nest(MseSnapshot),
        /// The worst pair, from a PHY that does not tell which.
        7 "ETHTOOL_A_MSE_WORST_CHANNEL" worst_channel: Nest(MseSnapshot),
        /// The link as a whole.
        8 "ETHTOOL_A_MSE_LINK" link: Nest(MseSnapshot),
    }
}

object! { Mse "MSE" }
