//! Flags of a driver's own (`ethtool --show-priv-flags`).

use netloom_wire::{attributes, message};

use crate::{bitset::Bitset, header::Header, object::object};

message! {
    /// Flags that mean something to one driver only.
    pub PrivateFlags PrivateFlagsAttributes
}

attributes! {
    /// Attributes of [`PrivateFlags`].
    pub PrivateFlagsAttributes, PrivateFlagsWriter = "ethtool/privflags" {
        /// The device.
        1 "ETHTOOL_A_PRIVFLAGS_HEADER" header: Nest(Header),
        /// Names and values; the names are the driver's own.
        2 "ETHTOOL_A_PRIVFLAGS_FLAGS" flags: Nest(Bitset),
    }
}

object! { PrivateFlags "private flags" }
