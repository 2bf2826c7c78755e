//! Virtual clocks on top of a device's clock.

use netloom_wire::{attributes, message};

use crate::{header::Header, object::object};

message! {
    /// Virtual clocks on top of a device's clock.
    pub VirtualClocks VirtualClocksAttributes
}

attributes! {
    /// Attributes of [`VirtualClocks`].
    pub VirtualClocksAttributes, VirtualClocksWriter = "ethtool/phc-vclocks" {
        /// The device.
        1 "ETHTOOL_A_PHC_VCLOCKS_HEADER" header: Nest(Header),
        /// How many there are.
        2 "ETHTOOL_A_PHC_VCLOCKS_NUM" count: u32,
        /// Their indexes: the numbers of `/dev/ptp…`.
        3 "ETHTOOL_A_PHC_VCLOCKS_INDEX" indexes: Array(i32),
    }
}

object! { VirtualClocks "virtual clocks" }
