//! Wake-on-LAN.

use netloom_wire::{attributes, message};

use crate::{bitset::Bitset, header::Header, object::object};

message! {
    /// What wakes the machine.
    pub WakeOnLan WakeOnLanAttributes
}

attributes! {
    /// Attributes of [`WakeOnLan`].
    pub WakeOnLanAttributes, WakeOnLanWriter = "ethtool/wol" {
        /// The device.
        1 "ETHTOOL_A_WOL_HEADER" header: Nest(Header),
        /// Sorts of packets that wake it: the mask has those that the device supports, the value those in force.
        2 "ETHTOOL_A_WOL_MODES" modes: Nest(Bitset),
        /// Password of a magic packet (SecureOn), 6 bytes.
        3 "ETHTOOL_A_WOL_SOPASS" password: Bytes,
    }
}

object! { WakeOnLan "Wake-on-LAN" }
