//! `macvlan`, `macvtap`: links with hardware addresses of their own over another one.

use netloom_wire::{attributes, flags, open_enum};

attributes! {
    /// Settings of a macvlan or macvtap (`IFLA_MACVLAN_*`, `linux/if_link.h`).
    pub Macvlan, MacvlanWriter = "macvlan/attrs" {
        /// Who sees whom.
        1 "IFLA_MACVLAN_MODE" mode: MacvlanMode,
        /// Behaviour of the mode passthru and of source addresses.
        2 "IFLA_MACVLAN_FLAGS" flags: MacvlanFlags,
        /// What to do with the source addresses of the mode source; written only.
        3 "IFLA_MACVLAN_MACADDR_MODE" macaddr_mode: MacvlanAddressMode,
        /// A source address to add or to delete; written only.
        4 "IFLA_MACVLAN_MACADDR" macaddr: HardwareAddress,
        /// The source addresses; written with `MacvlanAddressMode::Set`.
        5 "IFLA_MACVLAN_MACADDR_DATA" macaddr_data: Nest(MacvlanAddresses),
        /// How many source addresses there are; read only.
        6 "IFLA_MACVLAN_MACADDR_COUNT" macaddr_count: u32,
        /// Broadcasts that may wait, as asked for here; the largest of all links over the device counts.
        7 "IFLA_MACVLAN_BC_QUEUE_LEN" bc_queue_len: u32,
        /// Broadcasts that may wait, as it is; read only.
        8 "IFLA_MACVLAN_BC_QUEUE_LEN_USED" bc_queue_len_used: u32,
        /// Multicasts that fewer links than this want do not wait in the queue; negative: none waits.
        9 "IFLA_MACVLAN_BC_CUTOFF" bc_cutoff: i32,
    }
}

attributes! {
    /// Source addresses of a macvlan (`IFLA_MACVLAN_MACADDR` in `IFLA_MACVLAN_MACADDR_DATA`).
    pub MacvlanAddresses, MacvlanAddressesWriter = "macvlan/macaddr-data" {
        /// One of them.
        4 "IFLA_MACVLAN_MACADDR" macaddr: Many(HardwareAddress),
    }
}

open_enum! {
    /// Who sees whom among the macvlans over a device (`linux/if_link.h`).
    pub MacvlanMode: u32 = "macvlan-mode" {
        /// Nobody.
        1 "MACVLAN_MODE_PRIVATE" Private,
        /// Each other, by way of a switch that sends frames back.
        2 "MACVLAN_MODE_VEPA" Vepa,
        /// Each other.
        4 "MACVLAN_MODE_BRIDGE" Bridge,
        /// There is only one, and it has the device's address.
        8 "MACVLAN_MODE_PASSTHRU" Passthru,
        /// Frames come by their source address.
        16 "MACVLAN_MODE_SOURCE" Source,
    }
}
open_enum! {
    /// What to do with the source addresses of a macvlan (`linux/if_link.h`).
    pub MacvlanAddressMode: u32 = "macvlan-macaddr-mode" {
        0 "MACVLAN_MACADDR_ADD" Add,
        1 "MACVLAN_MACADDR_DEL" Delete,
        2 "MACVLAN_MACADDR_FLUSH" Flush,
        3 "MACVLAN_MACADDR_SET" Set,
    }
}
flags! {
    /// Behaviour of a macvlan (`linux/if_link.h`).
    pub MacvlanFlags: u16 = "macvlan-flags" {
        /// Passthru does not make the device promiscuous.
        "MACVLAN_FLAG_NOPROMISC" NOPROMISC = 1,
        /// Frames from a source address go to no other macvlan.
        "MACVLAN_FLAG_NODST" NODST = 2,
    }
}

super::settings::kind! { MacvlanWriter, "macvlan" }
super::settings::tap! { MacvlanWriter, "macvtap" }

impl Macvlan {
    /// Settings of a macvlan.
    ///
    /// ```
    /// use netloom_route::kind::{Macvlan, MacvlanFlags, MacvlanMode};
    /// let macvlan = Macvlan::new(MacvlanMode::Bridge).bc_queue_len(2000);
    /// let macvtap = Macvlan::new(MacvlanMode::Passthru).flags(MacvlanFlags::NOPROMISC).tap();
    /// ```
    pub fn new(mode: MacvlanMode) -> MacvlanWriter {
        MacvlanWriter::default().mode(mode)
    }
}
