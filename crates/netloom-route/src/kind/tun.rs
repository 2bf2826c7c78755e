//! `tun`: links whose packets a program reads and writes.
//!
//! The kernel makes them by ioctls of `/dev/net/tun`: `netloom::IpRoute` has a proxy that does so.

use netloom_wire::{attributes, open_enum};

attributes! {
    /// State of a tun or tap (`IFLA_TUN_*`, `linux/if_link.h`). The kernel only tells it; what one is to be is read by the
    /// proxy of `netloom::IpRoute`.
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

super::settings::kind! { TunWriter, "tun" }

impl Tun {
    /// A persistent link of IP packets.
    ///
    /// ```
    /// use netloom_route::{kind::Tun, link::Add};
    /// let request = Add::new("vpn0").kind(Tun::tun().owner(1000)).mtu(1400).up();
    /// ```
    pub fn tun() -> TunWriter {
        TunWriter::default().tun_type(TunMode::Tun)
    }

    /// A persistent link of Ethernet frames.
    ///
    /// ```
    /// use netloom_route::{kind::Tun, link::Add};
    /// let request = Add::new("tap%d").kind(Tun::tap().multi_queue(true).vnet_hdr(true));
    /// ```
    pub fn tap() -> TunWriter {
        TunWriter::default().tun_type(TunMode::Tap)
    }
}
