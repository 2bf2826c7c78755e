//! The XDP program of a link.

use netloom_wire::{attributes, flags, open_enum};

attributes! {
    /// The XDP program of a link (`IFLA_XDP_*`, `linux/if_link.h`).
    pub Xdp, XdpWriter = "rt-link/xdp-attrs" {
        /// Request: file descriptor of the program; -1 takes it off.
        1 "IFLA_XDP_FD" fd: i32,
        /// Where it is attached.
        2 "IFLA_XDP_ATTACHED" attached: XdpAttached,
        /// Request: how to attach it.
        3 "IFLA_XDP_FLAGS" flags: XdpFlags,
        /// Number of the program, if there is one.
        4 "IFLA_XDP_PROG_ID" prog_id: u32,
        /// Number of the program in the driver.
        5 "IFLA_XDP_DRV_PROG_ID" drv_prog_id: u32,
        /// Number of the program after the driver.
        6 "IFLA_XDP_SKB_PROG_ID" skb_prog_id: u32,
        /// Number of the program in the device.
        7 "IFLA_XDP_HW_PROG_ID" hw_prog_id: u32,
        /// Request: replace only the program of this file descriptor.
        8 "IFLA_XDP_EXPECTED_FD" expected_fd: i32,
    }
}

open_enum! {
    /// Where an XDP program is attached.
    pub XdpAttached: u8 = "xdp-attached" {
        /// Nowhere.
        0 "XDP_ATTACHED_NONE" None,
        /// In the driver.
        1 "XDP_ATTACHED_DRV" Driver,
        /// After the driver.
        2 "XDP_ATTACHED_SKB" Generic,
        /// In the device.
        3 "XDP_ATTACHED_HW" Device,
        /// In several places.
        4 "XDP_ATTACHED_MULTI" Several,
    }
}

flags! {
    /// How to attach an XDP program.
    pub XdpFlags: u32 = "xdp-flags" {
        /// Only if there is none.
        "XDP_FLAGS_UPDATE_IF_NOEXIST" UPDATE_IF_NOEXIST = 1 << 0,
        /// After the driver.
        "XDP_FLAGS_SKB_MODE" SKB_MODE = 1 << 1,
        /// In the driver.
        "XDP_FLAGS_DRV_MODE" DRV_MODE = 1 << 2,
        /// In the device.
        "XDP_FLAGS_HW_MODE" HW_MODE = 1 << 3,
        /// Only in place of the one that `expected_fd` names.
        "XDP_FLAGS_REPLACE" REPLACE = 1 << 4,
    }
}
