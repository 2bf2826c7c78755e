//! What can be said of a virtual function.

use netloom_wire::{Buffer, HardwareAddress, Write};

use super::{
    VfGuid, VfInfoWriter, VfLinkState, VfLinkStatePolicy, VfListWriter, VfMac, VfRate, VfSetting, VfVlan, VfVlanInfo,
};
use crate::kind::VlanProtocol;

/// What a virtual function is to be, for [`Set::vf`](super::Set::vf). What the driver cannot do it refuses.
///
/// ```
/// use netloom_route::link::{Set, Vf};
///
/// let guest = Vf::new(3).mac([2, 0, 0, 0, 0, 3]).vlan(100, 0).rate(0, 1000).spoofchk(true).trust(false);
/// let request = Set::new("eth0").vf(guest).vf(Vf::new(4).vlan(0, 0));
/// ```
#[derive(Clone, Debug)]
pub struct Vf {
    number: u32,
    info: Buffer,
}

impl Vf {
    /// The virtual function with this number, from 0 on.
    pub fn new(number: u32) -> Self {
        Self { number, info: Buffer::new() }
    }

    fn with(mut self, write: impl FnOnce(u32, VfInfoWriter) -> VfInfoWriter) -> Self {
        self.info = write(self.number, VfInfoWriter::from_buffer(self.info)).into_buffer();
        self
    }

    /// Hardware address.
    #[must_use]
    pub fn mac(self, address: impl Into<HardwareAddress>) -> Self {
        let address = address.into();
        let mut mac = [0; 32];
        mac.iter_mut().zip(address.as_bytes()).for_each(|(to, from)| *to = *from);
        self.with(|vf, w| w.mac(VfMac { vf, mac }))
    }

    /// Confined to this VLAN (802.1Q), 1 to 4094, with this priority, 0 to 7; VLAN 0: to none.
    #[must_use]
    pub fn vlan(self, vlan: u16, priority: u8) -> Self {
        self.with(|vf, w| w.vlan(VfVlan { vf, vlan: vlan.into(), qos: priority.into() }))
    }

    /// Confined to a VLAN in these tags, the outermost first, each with VLAN and priority. The kernel takes one tag.
    #[must_use]
    pub fn tags(self, tags: &[(VlanProtocol, u16, u8)]) -> Self {
        self.with(|vf, w| {
            w.vlan_list(|list| {
                tags.iter().fold(list, |list, (protocol, vlan, priority)| {
                    let (vlan, qos) = (u32::from(*vlan), u32::from(*priority));
                    list.info(VfVlanInfo { vf, vlan, qos, vlan_proto: u16::from(*protocol).into(), _pad: [0; 2] })
                })
            })
        })
    }

    /// Smallest and largest rate of sending, in Mbit/s; 0: no limit.
    #[must_use]
    pub fn rate(self, min: u32, max: u32) -> Self {
        self.with(|vf, w| w.rate(VfRate { vf, min_tx_rate: min, max_tx_rate: max }))
    }

    /// Whether packets with another hardware address are refused.
    #[must_use]
    pub fn spoofchk(self, on: bool) -> Self {
        self.with(|vf, w| w.spoofchk(VfSetting { vf, setting: on.into() }))
    }

    /// Whether it may do what others may not, as promiscuous mode.
    #[must_use]
    pub fn trust(self, on: bool) -> Self {
        self.with(|vf, w| w.trust(VfSetting { vf, setting: on.into() }))
    }

    /// Whether it may ask how received packets are spread.
    #[must_use]
    pub fn rss_query(self, on: bool) -> Self {
        self.with(|vf, w| w.rss_query_en(VfSetting { vf, setting: on.into() }))
    }

    /// Whether its carrier follows the device's.
    #[must_use]
    pub fn link_state(self, policy: VfLinkStatePolicy) -> Self {
        self.with(|vf, w| w.link_state(VfLinkState { vf, link_state: policy.into() }))
    }

    /// Node identity on InfiniBand.
    #[must_use]
    pub fn node_guid(self, guid: u64) -> Self {
        self.with(|vf, w| w.ib_node_guid(VfGuid { vf, _pad: 0, guid }))
    }

    /// Port identity on InfiniBand.
    #[must_use]
    pub fn port_guid(self, guid: u64) -> Self {
        self.with(|vf, w| w.ib_port_guid(VfGuid { vf, _pad: 0, guid }))
    }

    pub(super) fn write(&self, list: VfListWriter) -> VfListWriter {
        list.info(|w| w.append(&self.info))
    }
}
