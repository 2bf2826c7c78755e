//! Flushing forwarding databases.

use core::net::IpAddr;

use netloom_wire::{Buffer, Command, Request, Write, nlmsg};

use super::{
    Neighbour, NeighbourFlags, NeighbourHeader, NeighbourState, NeighbourWriter, RTM_DELNEIGH, RTM_NEWNEIGH, UdpPort,
};
use crate::{Rtnetlink, af, setters::setters};

/// Removes many entries of a forwarding database with one message; bridges from Linux 5.19 on, vxlans from 6.7 on.
///
/// ```
/// use netloom_route::neighbour::{FlushFdb, NeighbourState};
///
/// // What was learned on a VLAN of the bridge with index 4, but nothing permanent.
/// let learned = FlushFdb::of_device(4).vlan(10).states(NeighbourState::empty(), NeighbourState::PERMANENT);
/// ```
#[derive(Clone, Debug)]
pub struct FlushFdb {
    header: NeighbourHeader,
    port: Option<u32>,
    vlan: Option<u16>,
    state_mask: Option<NeighbourState>,
    flags_mask: Option<NeighbourFlags>,
    vni: Option<u32>,
    src_vni: Option<u32>,
    nexthop_id: Option<u32>,
    udp_port: Option<u16>,
    dst: Option<IpAddr>,
}

impl FlushFdb {
    /// Of the bridge or vxlan with this index.
    pub fn of_device(index: u32) -> Self {
        let header = NeighbourHeader {
            family: af::BRIDGE,
            index: i32::try_from(index).unwrap_or(i32::MAX),
            ntf: NeighbourFlags::SELF.bits(),
            ..Default::default()
        };
        Self {
            header,
            port: None,
            vlan: None,
            state_mask: None,
            flags_mask: None,
            vni: None,
            src_vni: None,
            nexthop_id: None,
            udp_port: None,
            dst: None,
        }
    }

    /// Of the bridge that the port with this index belongs to.
    pub fn of_master(index: u32) -> Self {
        let mut flush = Self::of_device(index);
        flush.header.ntf = NeighbourFlags::MASTER.bits();
        flush
    }

    setters! {
        /// Only those of this VLAN.
        vlan: u16;
        /// Only those with this virtual network at the tunnel's other end.
        vni: u32;
        /// Only those with this next hop object.
        nexthop_id: u32;
        /// Only those with this UDP port at the tunnel's other end.
        udp_port: u16;
        /// Only those with this other end of the tunnel.
        dst: IpAddr;
        /// Only those of the port with this index.
        port: u32;
        /// Only those of this virtual network.
        src_vni: u32;
    }

    /// Only those whose state, as far as `mask` goes, is `states`.
    #[must_use]
    pub fn states(mut self, states: NeighbourState, mask: NeighbourState) -> Self {
        self.header.nud = states.bits();
        Self { state_mask: Some(mask), ..self }
    }

    /// Only those whose flags, as far as `mask` goes, are `flags`.
    #[must_use]
    pub fn flags(mut self, flags: NeighbourFlags, mask: NeighbourFlags) -> Self {
        let place = NeighbourFlags::SELF | NeighbourFlags::MASTER;
        self.header.ntf = self.header.ntf & place.bits() | flags.difference(place).bits();
        Self { flags_mask: Some(mask), ..self }
    }
}

impl Request for FlushFdb {
    type Family = Rtnetlink;
    type Body = Neighbour;
    type Reply = Neighbour;
    type Kind = Command;
    const COMMAND: u16 = RTM_DELNEIGH;
    const REPLY: u16 = RTM_NEWNEIGH;
    const VERB: &'static str = "flush";

    fn flags(&self) -> u16 {
        nlmsg::BULK
    }

    fn write(&self, out: &mut Buffer) {
        let port = self.udp_port.map(|port| UdpPort { number: port.into() });
        out.message(self.header, |w: NeighbourWriter| {
            w.some(self.port, NeighbourWriter::via)
                .some(self.vlan, NeighbourWriter::vlan)
                .some(self.src_vni, NeighbourWriter::src_vni)
                .some(self.vni, NeighbourWriter::vni)
                .some(self.nexthop_id, NeighbourWriter::nexthop_id)
                .some(port, NeighbourWriter::udp_port)
                .some(self.dst, NeighbourWriter::dst)
                .some(self.flags_mask.map(|mask| mask.bits()), NeighbourWriter::flags_mask)
                .some(self.state_mask.map(|mask| mask.bits()), NeighbourWriter::state_mask)
        });
    }
}
