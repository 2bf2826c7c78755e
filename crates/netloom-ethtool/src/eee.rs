//! Energy-efficient Ethernet.

use netloom_wire::{attributes, message};

use crate::{bitset::Bitset, header::Header, object::object};

message! {
    /// Energy-efficient Ethernet.
    pub Eee EeeAttributes
}

attributes! {
    /// Attributes of [`Eee`].
    pub EeeAttributes, EeeWriter = "ethtool/eee" {
        /// The device.
        1 "ETHTOOL_A_EEE_HEADER" header: Nest(Header),
        /// Modes: the mask has those that the device supports with EEE, the value those that it advertises.
        2 "ETHTOOL_A_EEE_MODES_OURS" modes_ours: Nest(Bitset),
        /// Modes that the other end advertises with EEE.
        3 "ETHTOOL_A_EEE_MODES_PEER" modes_peer: Nest(Bitset),
        /// Whether both ends agreed on it.
        4 "ETHTOOL_A_EEE_ACTIVE" active: Switch,
        /// Whether it is on.
        5 "ETHTOOL_A_EEE_ENABLED" enabled: Switch,
        /// Whether the device goes into low-power idle when there is nothing to send.
        6 "ETHTOOL_A_EEE_TX_LPI_ENABLED" tx_lpi_enabled: Switch,
        /// Microseconds without anything to send, after which it does.
        7 "ETHTOOL_A_EEE_TX_LPI_TIMER" tx_lpi_timer: u32,
    }
}

object! { Eee "EEE" }
