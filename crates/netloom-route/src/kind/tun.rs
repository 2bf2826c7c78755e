//! `tun`: links whose packets a program reads and writes.

use netloom_wire::{attributes, open_enum};

attributes! {
    /// State of a tun or tap (`IFLA_TUN_*`, `linux/if_link.h`); read only: such links are made through `/dev/net/tun`.
    pub Tun, TunWriter = "rt-link/linkinfo-tun-attrs" {
        /// User who may open it.
        1 "IFLA_TUN_OWNER" owner: u32,
        /// Group that may open it.
        2 "IFLA_TUN_GROUP" group: u32,
        /// Packets or frames.
        3 "IFLA_TUN_TYPE" tun_type: TunMode,
        /// Each packet has `struct tun_pi` before it.
        4 "IFLA_TUN_PI" pi: Switch,
        /// Each packet has `struct virtio_net_hdr` before it.
        5 "IFLA_TUN_VNET_HDR" vnet_hdr: Switch,
        /// Stays when nobody has it open.
        6 "IFLA_TUN_PERSIST" persist: Switch,
        /// May be opened several times.
        7 "IFLA_TUN_MULTI_QUEUE" multi_queue: Switch,
        /// Queues.
        8 "IFLA_TUN_NUM_QUEUES" num_queues: u32,
        /// Queues that are turned off.
        9 "IFLA_TUN_NUM_DISABLED_QUEUES" num_disabled_queues: u32,
    }
}

open_enum! {
    /// What a tun carries (`linux/if_tun.h`).
    pub TunMode: u8 = "tun-type" {
        /// IP packets.
        1 "IFF_TUN" Tun,
        /// Ethernet frames.
        2 "IFF_TAP" Tap,
    }
}
