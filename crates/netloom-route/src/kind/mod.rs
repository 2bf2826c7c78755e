//! Kinds of links, a file each: what a kind has to say of a link (`IFLA_INFO_DATA`), what it has to say of a port
//! (`IFLA_INFO_SLAVE_DATA`), and how to ask for it.
//!
//! The settings of a kind are the writer of its table. It knows the kind's name, so that the two cannot disagree:
//! it is the [`LinkKind`](crate::link::LinkKind), or [`PortKind`](crate::link::PortKind), that requests take.
//!
//! ```
//! use netloom_route::kind::{BridgePort, Vxlan};
//! use netloom_route::link::{LinkKind, PortKind};
//! let (vxlan, port) = (Vxlan::new(42).port(4789), BridgePort::new().isolated(true));
//! assert_eq!((vxlan.name(), port.name()), ("vxlan", "bridge"));
//! ```
#![expect(clippy::new_ret_no_self, reason = "a table's view is unsized; what one makes and fills is its writer")]

mod bond;
mod bond_port;
mod bridge;
mod bridge_port;
mod ipvlan;
mod macvlan;
mod netkit;
mod openvswitch;
mod settings;
mod team;
mod tun;
mod veth;
mod vlan;
mod vrf;
mod vxlan;

pub use bond::{
    Bond, BondAdInfo, BondAdInfoWriter, BondAdSelect, BondArpAllTargets, BondArpValidate, BondFailOverMac,
    BondLacpRate, BondMode, BondPrimaryReselect, BondWriter, BondXmitHashPolicy,
};
pub use bond_port::{BondMiiStatus, BondPort, BondPortState, BondPortWriter, LacpActorState, LacpPartnerState};
pub use bridge::{
    Bridge, BridgeId, BridgeOption, BridgeOptions, BridgeQuerier, BridgeQuerierWriter, BridgeStp, BridgeStpMode,
    BridgeWriter, MulticastRouter,
};
pub use bridge_port::{BridgePort, BridgePortWriter, StpState};
pub use ipvlan::{Ipvlan, IpvlanFlags, IpvlanMode, IpvlanWriter};
pub use macvlan::{
    Macvlan, MacvlanAddressMode, MacvlanAddresses, MacvlanAddressesWriter, MacvlanFlags, MacvlanMode, MacvlanWriter,
};
pub use netkit::{Netkit, NetkitMode, NetkitPairing, NetkitPolicy, NetkitScrub, NetkitWriter};
pub use openvswitch::{OpenVswitch, OpenVswitchPort, OpenVswitchPortWriter, OpenVswitchWriter};
pub use team::{Team, TeamWriter};
pub use tun::{Tun, TunMode, TunWriter};
pub use veth::{Veth, VethWriter};
pub use vlan::{Vlan, VlanFlag, VlanFlags, VlanProtocol, VlanQos, VlanQosMapping, VlanQosWriter, VlanWriter};
pub use vrf::{Vrf, VrfPort, VrfPortWriter, VrfWriter};
pub use vxlan::{TtlInherit, Vxlan, VxlanDf, VxlanLabelPolicy, VxlanPortRange, VxlanReservedBits, VxlanWriter};
