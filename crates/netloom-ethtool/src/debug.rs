//! Which messages of a driver go to the kernel's log.

use netloom_wire::{attributes, message};

use crate::{bitset::Bitset, header::Header, object::object};

message! {
    /// Which sorts of messages a driver writes to the kernel's log.
    pub DebugMessages DebugMessagesAttributes
}

attributes! {
    /// Attributes of [`DebugMessages`].
    pub DebugMessagesAttributes, DebugMessagesWriter = "ethtool/debug" {
        /// The device.
        1 "ETHTOOL_A_DEBUG_HEADER" header: Nest(Header),
        /// Sorts of messages.
        2 "ETHTOOL_A_DEBUG_MSGMASK" messages: Nest(Bitset),
    }
}

object! { DebugMessages "debug messages" }
