//! `ipvlan`, `ipvtap`: links that share the hardware address of another one.

use netloom_wire::{attributes, flags, open_enum};

attributes! {
    /// Settings of an ipvlan or ipvtap (`IFLA_IPVLAN_*`, `linux/if_link.h`).
    pub Ipvlan, IpvlanWriter = "ipvlan/attrs" {
        /// What is looked at to deliver a packet; all links over the same device have the same.
        1 "IFLA_IPVLAN_MODE" mode: IpvlanMode,
        /// Whether they see each other.
        2 "IFLA_IPVLAN_FLAGS" flags: IpvlanFlags,
    }
}

open_enum! {
    /// How packets are delivered (`linux/if_link.h`).
    pub IpvlanMode: u16 = "ipvlan-mode" {
        /// By address, with ARP and neighbour discovery of its own.
        0 "IPVLAN_MODE_L2" L2,
        /// By address, routed in the namespace of the device.
        1 "IPVLAN_MODE_L3" L3,
        /// As L3, and packets pass netfilter and conntrack there.
        2 "IPVLAN_MODE_L3S" L3s,
    }
}
flags! {
    /// Whether the links over a device see each other (`linux/if_link.h`); they do if no bit is set.
    pub IpvlanFlags: u16 = "ipvlan-flags" {
        /// They do not.
        "IPVLAN_F_PRIVATE" PRIVATE = 1,
        /// They do by way of a switch that sends packets back.
        "IPVLAN_F_VEPA" VEPA = 2,
    }
}

super::settings::kind! { IpvlanWriter, "ipvlan" }
super::settings::tap! { IpvlanWriter, "ipvtap" }

impl Ipvlan {
    /// Settings of an ipvlan.
    ///
    /// ```
    /// use netloom_route::kind::{Ipvlan, IpvlanFlags, IpvlanMode};
    /// let ipvlan = Ipvlan::new().mode(IpvlanMode::L3s).flags(IpvlanFlags::PRIVATE);
    /// let ipvtap = Ipvlan::new().mode(IpvlanMode::L2).tap();
    /// ```
    pub fn new() -> IpvlanWriter {
        IpvlanWriter::default()
    }
}
