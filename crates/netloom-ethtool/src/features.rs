//! Offloads and other features (`ethtool -k`).

use netloom_wire::{attributes, message};

use crate::{bitset::Bitset, header::Header, object::object};

message! {
    /// Offloads and other features of a device.
    pub Features FeaturesAttributes
}

attributes! {
    /// Attributes of [`Features`].
    pub FeaturesAttributes, FeaturesWriter = "ethtool/features" {
        /// The device.
        1 "ETHTOOL_A_FEATURES_HEADER" header: Nest(Header),
        /// Features that a user may change; no mask.
        2 "ETHTOOL_A_FEATURES_HW" changeable: Nest(Bitset),
        /// Features that a user asked for; no mask in answers. In a request, the mask says which to change.
        3 "ETHTOOL_A_FEATURES_WANTED" wanted: Nest(Bitset),
        /// Features in force; no mask.
        4 "ETHTOOL_A_FEATURES_ACTIVE" active: Nest(Bitset),
        /// Features that no one may change; no mask.
        5 "ETHTOOL_A_FEATURES_NOCHANGE" fixed: Nest(Bitset),
    }
}

object! { Features "features" }
