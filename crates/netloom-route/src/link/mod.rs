//! Links: network interfaces (`RTM_NEWLINK` and its kin, `linux/if_link.h`).

mod attributes;
mod bridge;
mod family;
mod info;
mod names;
mod port;
mod stats;
mod vf;
mod xdp;

pub use attributes::{
    Link, LinkAttributes, LinkHeader, LinkMap, LinkWriter, Pin, PinWriter, ProtoDownReason, ProtoDownReasonWriter,
};
pub use bridge::{
    BridgeSpec, BridgeSpecWriter, BridgeVlanFlags, BridgeVlanInfo, MstEntry, MstEntryWriter, MstInfo, MstInfoWriter,
    VlanTunnel, VlanTunnelWriter,
};
pub use family::{
    AddressGeneration, AfSpec, CacheInfo, FamilySpecs, FamilySpecsWriter, Inet6Flags, Inet6Spec, Inet6SpecWriter,
    InetSpec, InetSpecWriter, MctpSpec, MctpSpecWriter, ProtocolInfo,
};
pub use info::{LinkData, LinkInfo, LinkInfoWriter, LinkKind, PortData, PortKind};
pub use names::{ExtMask, LinkEvent, LinkFlags, LinkMode, OperState};
pub use port::{PortInfo, PortInfoWriter, PortVsi, VfPorts, VfPortsWriter};
pub use stats::{LinkStats, LinkStats64};
pub use vf::{
    VfBroadcast, VfGuid, VfInfo, VfInfoWriter, VfLinkState, VfLinkStatePolicy, VfList, VfListWriter, VfMac, VfRate,
    VfSetting, VfStats, VfStatsWriter, VfTxRate, VfVlan, VfVlanInfo, VfVlanList, VfVlanListWriter,
};
pub use xdp::{Xdp, XdpAttached, XdpFlags, XdpWriter};
