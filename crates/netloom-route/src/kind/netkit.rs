//! `netkit`: a pair of links, or a single one, whose packets BPF programs decide on.

use netloom_wire::{attributes, open_enum};

use crate::link::Link;

attributes! {
    /// Settings of a netkit (`IFLA_NETKIT_*`, `linux/if_link.h`).
    pub Netkit, NetkitWriter = "rt-link/linkinfo-netkit-attrs" {
        /// The other end, as a message of its own; written only.
        1 "IFLA_NETKIT_PEER_INFO" peer_info: Message(Link),
        /// This is the end that may be changed; read only.
        2 "IFLA_NETKIT_PRIMARY" primary: Switch,
        /// What becomes of packets where no program is attached.
        3 "IFLA_NETKIT_POLICY" policy: NetkitPolicy,
        /// The same at the other end.
        4 "IFLA_NETKIT_PEER_POLICY" peer_policy: NetkitPolicy,
        /// With or without Ethernet headers.
        5 "IFLA_NETKIT_MODE" mode: NetkitMode,
        /// Whether packets lose their mark and priority here.
        6 "IFLA_NETKIT_SCRUB" scrub: NetkitScrub,
        /// The same at the other end.
        7 "IFLA_NETKIT_PEER_SCRUB" peer_scrub: NetkitScrub,
        /// Bytes that packets keep free before their data.
        8 "IFLA_NETKIT_HEADROOM" headroom: u16,
        /// Bytes that packets keep free after their data.
        9 "IFLA_NETKIT_TAILROOM" tailroom: u16,
        /// Whether there is another end.
        10 "IFLA_NETKIT_PAIRING" pairing: NetkitPairing,
    }
}

open_enum! {
    /// What becomes of packets where no program is attached (`linux/if_link.h`).
    pub NetkitPolicy: u32 = "netkit-policy" {
        0 "NETKIT_PASS" Forward,
        2 "NETKIT_DROP" Blackhole,
    }
}
open_enum! {
    /// With or without Ethernet headers (`linux/if_link.h`).
    pub NetkitMode: u32 = "netkit-mode" { 0 "NETKIT_L2" L2, 1 "NETKIT_L3" L3 }
}
open_enum! {
    /// Whether packets lose their mark and priority (`linux/if_link.h`).
    pub NetkitScrub: u32 = "netkit-scrub" { 0 "NETKIT_SCRUB_NONE" None, 1 "NETKIT_SCRUB_DEFAULT" Default }
}
open_enum! {
    /// Whether a netkit has another end (`linux/if_link.h`).
    pub NetkitPairing: u32 = "netkit-pairing" { 0 "NETKIT_DEVICE_PAIR" Pair, 1 "NETKIT_DEVICE_SINGLE" Single }
}

super::settings::kind! { NetkitWriter, "netkit" }
super::settings::peer! { NetkitWriter, 1 }

impl Netkit {
    /// Settings of a netkit.
    ///
    /// ```
    /// use netloom_route::kind::{Netkit, NetkitMode, NetkitPolicy};
    /// let netkit = Netkit::new(NetkitMode::L3).policy(NetkitPolicy::Blackhole).peer(|w| w.ifname("nk1"));
    /// ```
    pub fn new(mode: NetkitMode) -> NetkitWriter {
        NetkitWriter::default().mode(mode)
    }
}
