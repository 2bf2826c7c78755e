//! `vlan`: one VLAN of a link.

use netloom_wire::{attributes, fixed, flags, open_enum};

attributes! {
    /// Settings of a VLAN (`IFLA_VLAN_*`, `linux/if_link.h`).
    pub Vlan, VlanWriter = "rt-link/linkinfo-vlan-attrs" {
        /// Its number: 0 to 4094.
        1 "IFLA_VLAN_ID" id: u16,
        /// Switches; written with the bits that are meant.
        2 "IFLA_VLAN_FLAGS" flags: VlanFlags,
        /// From the priority of a packet to the priority in its tag.
        3 "IFLA_VLAN_EGRESS_QOS" egress_qos: Nest(VlanQos),
        /// From the priority in a tag to the priority of the packet.
        4 "IFLA_VLAN_INGRESS_QOS" ingress_qos: Nest(VlanQos),
        /// Type of the tag.
        5 "IFLA_VLAN_PROTOCOL" protocol: VlanProtocol,
    }
}

attributes! {
    /// Map of priorities (`IFLA_VLAN_QOS_*`, `linux/if_link.h`).
    pub VlanQos, VlanQosWriter = "rt-link/ifla-vlan-qos" {
        /// One of its pairs.
        1 "IFLA_VLAN_QOS_MAPPING" mapping: Many(VlanQosMapping),
    }
}

fixed! {
    /// A pair of priorities.
    pub VlanQosMapping = "ifla_vlan_qos_mapping" {
        /// What is looked for.
        pub from: u32,
        /// What it becomes.
        pub to: u32,
    }
}

fixed! {
    /// Some of a VLAN's switches: see [`VlanFlag`] for the bits.
    pub VlanFlags = "ifla_vlan_flags" {
        /// Which are on.
        pub flags: u32,
        /// Which are meant.
        pub mask: u32,
    }
}

impl VlanFlags {
    /// Turns `flags` on or off, leaves the others.
    pub fn set(flags: VlanFlag, on: bool) -> Self {
        Self::default().and(flags, on)
    }

    /// The same for further ones.
    #[must_use]
    pub fn and(self, flags: VlanFlag, on: bool) -> Self {
        let value = if on { self.flags | flags.bits() } else { self.flags & !flags.bits() };
        Self { flags: value, mask: self.mask | flags.bits() }
    }

    /// The switches that are on.
    pub fn get(self) -> VlanFlag {
        VlanFlag::from_bits_retain(self.flags)
    }
}

flags! {
    /// Switches of a VLAN (`VLAN_FLAG_*`, `linux/if_vlan.h`).
    pub VlanFlag: u32 = "vlan-flags" {
        /// Frames look as if they had no tag.
        "VLAN_FLAG_REORDER_HDR" REORDER_HDR = 1,
        /// Tell switches of it by GVRP.
        "VLAN_FLAG_GVRP" GVRP = 2,
        /// Does not follow the state of the device.
        "VLAN_FLAG_LOOSE_BINDING" LOOSE_BINDING = 4,
        /// Tell switches of it by MVRP.
        "VLAN_FLAG_MVRP" MVRP = 8,
        /// Its carrier follows the ports of the bridge that have this VLAN.
        "VLAN_FLAG_BRIDGE_BINDING" BRIDGE_BINDING = 16,
    }
}

open_enum! {
    /// Type of a tag (`linux/if_ether.h`).
    pub VlanProtocol: u16 as Be16 = "vlan-protocols" {
        0x8100 "ETH_P_8021Q" Dot1Q,
        0x88a8 "ETH_P_8021AD" Dot1Ad,
    }
}

super::settings::kind! { VlanWriter, "vlan" }

impl Vlan {
    /// Settings of VLAN `id`.
    ///
    /// ```
    /// use netloom_route::kind::{Vlan, VlanFlag, VlanFlags, VlanProtocol, VlanQosMapping};
    /// let vlan = Vlan::new(42)
    ///     .protocol(VlanProtocol::Dot1Ad)
    ///     .flags(VlanFlags::set(VlanFlag::GVRP, true))
    ///     .egress_qos(|q| q.mapping(VlanQosMapping { from: 1, to: 5 }));
    /// ```
    pub fn new(id: u16) -> VlanWriter {
        VlanWriter::default().id(id)
    }
}
