//! Links: network interfaces (`RTM_NEWLINK` and its kin, `linux/if_link.h`).

mod add;
mod attributes;
mod bridge;
mod change;
mod delete;
mod family;
mod info;
mod names;
mod object;
mod port;
mod query;
mod reference;
mod settings;
mod stats;
mod vf;
mod vf_settings;
mod xdp;

pub use add::Add;
pub use attributes::{
    Link, LinkAttributes, LinkHeader, LinkMap, LinkWriter, Pin, PinWriter, ProtoDownReason, ProtoDownReasonWriter,
};
pub use bridge::{
    BridgeSpec, BridgeSpecWriter, BridgeVlanFlags, BridgeVlanInfo, MstEntry, MstEntryWriter, MstInfo, MstInfoWriter,
    VlanTunnel, VlanTunnelWriter,
};
pub use change::{Rename, Set};
pub use delete::{AddNames, Delete, DeleteNames};
pub use family::{
    AddressGeneration, AfSpec, CacheInfo, FamilySpecs, FamilySpecsWriter, Inet6Flags, Inet6Spec, Inet6SpecWriter,
    InetSpec, InetSpecWriter, MctpSpec, MctpSpecWriter, ProtocolInfo,
};
pub use info::{LinkData, LinkInfo, LinkInfoWriter, LinkKind, PortData, PortKind};
pub use names::{ExtMask, LinkEvent, LinkFlags, LinkMode, OperState};
pub use object::{AF_BRIDGE, LinkKey};
pub use port::{PortInfo, PortInfoWriter, PortVsi, VfPorts, VfPortsWriter};
pub use query::{Get, List};
pub use reference::LinkRef;
pub use stats::{LinkStats, LinkStats64};
pub use vf::{
    VfBroadcast, VfGuid, VfInfo, VfInfoWriter, VfLinkState, VfLinkStatePolicy, VfList, VfListWriter, VfMac, VfRate,
    VfSetting, VfStats, VfStatsWriter, VfTxRate, VfVlan, VfVlanInfo, VfVlanList, VfVlanListWriter,
};
pub use vf_settings::Vf;
pub use xdp::{Xdp, XdpAttached, XdpFlags, XdpWriter};

pub(crate) use delete::DELLINK as RTM_DELLINK;
pub(crate) use query::NEWLINK as RTM_NEWLINK;
