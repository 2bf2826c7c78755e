//! Channels: interrupts with their queues (`ethtool -l`).

use netloom_wire::{attributes, message};

use crate::{header::Header, object::object};

message! {
    /// How many interrupt channels a device has, each with its queues.
    pub Channels ChannelsAttributes
}

attributes! {
    /// Attributes of [`Channels`].
    pub ChannelsAttributes, ChannelsWriter = "ethtool/channels" {
        /// The device.
        1 "ETHTOOL_A_CHANNELS_HEADER" header: Nest(Header),
        /// Greatest number of channels for receiving alone.
        2 "ETHTOOL_A_CHANNELS_RX_MAX" rx_max: u32,
        /// Greatest number of channels for sending alone.
        3 "ETHTOOL_A_CHANNELS_TX_MAX" tx_max: u32,
        /// Greatest number of channels for anything else.
        4 "ETHTOOL_A_CHANNELS_OTHER_MAX" other_max: u32,
        /// Greatest number of channels for receiving and sending.
        5 "ETHTOOL_A_CHANNELS_COMBINED_MAX" combined_max: u32,
        /// Channels for receiving alone.
        6 "ETHTOOL_A_CHANNELS_RX_COUNT" rx: u32,
        /// Channels for sending alone.
        7 "ETHTOOL_A_CHANNELS_TX_COUNT" tx: u32,
        /// Channels for anything else, as link interrupts.
        8 "ETHTOOL_A_CHANNELS_OTHER_COUNT" other: u32,
        /// Channels for receiving and sending.
        9 "ETHTOOL_A_CHANNELS_COMBINED_COUNT" combined: u32,
    }
}

object! { Channels "channels" }
