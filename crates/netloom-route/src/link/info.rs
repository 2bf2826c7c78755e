//! The kind of a link, and what kinds have to say.

use netloom_wire::{Buffer, attributes, select};

use crate::kind::{
    Bond, BondPort, Bridge, BridgePort, Ipvlan, Macvlan, Netkit, OpenVswitch, OpenVswitchPort, Team, Tun, Veth, Vlan,
    Vrf, VrfPort, Vxlan,
};

attributes! {
    /// Kind of a link, and what that kind has to say (`IFLA_INFO_*`, `linux/if_link.h`).
    pub LinkInfo, LinkInfoWriter = "rt-link/linkinfo-attrs" {
        /// Kind: `vxlan`; there is none on real devices.
        1 "IFLA_INFO_KIND" kind: str,
        /// What the kind has to say.
        2 "IFLA_INFO_DATA" data: Select(LinkData, kind),
        /// Counters of the kind.
        3 "IFLA_INFO_XSTATS" xstats: Bytes,
        /// Kind of the link that this is a port of: `bridge`.
        4 "IFLA_INFO_SLAVE_KIND" port_kind: str,
        /// What that kind has to say of its port.
        5 "IFLA_INFO_SLAVE_DATA" port_data: Select(PortData, port_kind),
    }
}

select! {
    /// What a kind of link has to say, by its name.
    pub LinkData = str {
        "bond" => Bond(Nest(Bond)),
        "bridge" => Bridge(Nest(Bridge)),
        "ipvlan" => Ipvlan(Nest(Ipvlan)),
        "ipvtap" => Ipvtap(Nest(Ipvlan)),
        "macvlan" => Macvlan(Nest(Macvlan)),
        "macvtap" => Macvtap(Nest(Macvlan)),
        "netkit" => Netkit(Nest(Netkit)),
        "openvswitch" => OpenVswitch(Nest(OpenVswitch)),
        "team" => Team(Nest(Team)),
        "tun" => Tun(Nest(Tun)),
        "veth" => Veth(Nest(Veth)),
        "vlan" => Vlan(Nest(Vlan)),
        "vrf" => Vrf(Nest(Vrf)),
        "vxlan" => Vxlan(Nest(Vxlan)),
    }
}

select! {
    /// What a kind of link has to say of its port, by its name.
    pub PortData = str {
        "bond" => Bond(Nest(BondPort)),
        "bridge" => Bridge(Nest(BridgePort)),
        "openvswitch" => OpenVswitch(Nest(OpenVswitchPort)),
        "vrf" => Vrf(Nest(VrfPort)),
    }
}

/// What a link of a kind is to be: the kind's name and its data, so that they cannot disagree.
///
/// The writer of a kind's table is one (`VxlanWriter`, from `Vxlan::new(42)`); so is the bare name of a kind that wants
/// no data: `"dummy"`.
pub trait LinkKind {
    /// Name of the kind (`IFLA_INFO_KIND`).
    fn name(&self) -> &str;
    /// Its data (`IFLA_INFO_DATA`), attribute after attribute; empty for none.
    fn into_data(self) -> Buffer;
}

impl LinkKind for &str {
    fn name(&self) -> &str {
        self
    }
    fn into_data(self) -> Buffer {
        Buffer::new()
    }
}

/// A kind that has no type in this crate: its name and its data.
impl LinkKind for (&str, Buffer) {
    fn name(&self) -> &str {
        self.0
    }
    fn into_data(self) -> Buffer {
        self.1
    }
}

/// What a port is to be: the name of the kind that it is a port of, and that kind's data for it.
///
/// As [`LinkKind`], for `IFLA_INFO_SLAVE_KIND` and `IFLA_INFO_SLAVE_DATA`.
pub trait PortKind {
    /// Name of the kind that it is a port of (`IFLA_INFO_SLAVE_KIND`): `bridge`.
    fn name(&self) -> &str;
    /// Its data (`IFLA_INFO_SLAVE_DATA`), attribute after attribute.
    fn into_data(self) -> Buffer;
}

/// A port of a kind that has no type in this crate: the kind's name and its data.
impl PortKind for (&str, Buffer) {
    fn name(&self) -> &str {
        self.0
    }
    fn into_data(self) -> Buffer {
        self.1
    }
}
