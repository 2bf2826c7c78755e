//! Asking for neighbours.

use core::net::IpAddr;

use netloom_wire::{self as wire, Buffer, Dump, HardwareAddress, Request, Write};

use super::{Neighbour, NeighbourFlags, NeighbourHeader, NeighbourState, NeighbourWriter, RTM_GETNEIGH, RTM_NEWNEIGH};
use crate::{
    Rtnetlink, af,
    setters::{families, setters},
};

/// Lists neighbours, proxies or entries of forwarding databases.
///
/// ```
/// use netloom_route::neighbour::{List, NeighbourState};
///
/// let usable = List::v4().device(2).states(NeighbourState::REACHABLE | NeighbourState::PERMANENT);
/// let answered_for = List::v6().proxies();
/// let of_a_bridge = List::fdb().master(4).vlan(10);
/// ```
#[derive(Clone, Debug, Default)]
pub struct List {
    family: u8,
    proxies: bool,
    device: Option<u32>,
    master: Option<u32>,
    states: Option<NeighbourState>,
    protocol: Option<u8>,
    vlan: Option<u16>,
}

impl List {
    families! {
        /// Neighbours of all families, without forwarding databases.
        all;
        /// Neighbours of IPv4.
        v4;
        /// Neighbours of IPv6.
        v6;
        /// Of a family (`AF_*`).
        family;
    }

    /// Entries of forwarding databases.
    pub fn fdb() -> Self {
        Self::family(af::BRIDGE)
    }

    /// The addresses that links answer for on behalf of others, instead of neighbours.
    #[must_use]
    pub fn proxies(self) -> Self {
        Self { proxies: true, ..self }
    }

    /// Only of links that are nobody's port; Linux 5.18 and later, before that none.
    #[must_use]
    pub fn without_master(self) -> Self {
        Self { master: Some(u32::MAX), ..self }
    }

    setters! {
        /// Only of the link with this index; of a forwarding database, only of the port with it.
        device: u32;
        /// Only of links with this master; of a forwarding database, only of the bridge with this index.
        ///
        /// The kernel filters by it; what it sends does not tell the master of every link.
        master: u32;
        /// Only those in one of these states.
        states: NeighbourState;
        /// Only those that this protocol made (`RTPROT_*`).
        protocol: u8;
        /// Only those of this VLAN.
        vlan: u16;
    }
}

impl Request for List {
    type Family = Rtnetlink;
    type Body = Neighbour;
    type Reply = Neighbour;
    type Kind = Dump;
    const COMMAND: u16 = RTM_GETNEIGH;
    const REPLY: u16 = RTM_NEWNEIGH;
    const VERB: &'static str = "list";

    fn write(&self, out: &mut Buffer) {
        let ntf = if self.proxies { NeighbourFlags::PROXY.bits() } else { 0 };
        // The index goes into an attribute: a strict kernel refuses it in the header, forwarding databases aside.
        out.message(NeighbourHeader { family: self.family, ntf, ..Default::default() }, |w: NeighbourWriter| {
            w.some(self.device, NeighbourWriter::via).some(self.master, NeighbourWriter::master)
        });
    }

    fn accepts(&self, neighbour: &Neighbour) -> bool {
        (self.family == af::UNSPEC || neighbour.family() == self.family)
            && self.device.is_none_or(|index| i64::from(neighbour.index()) == i64::from(index))
            && self.states.is_none_or(|states| neighbour.state().intersects(states))
            && self.protocol.is_none_or(|protocol| neighbour.protocol() == Some(protocol))
            && self.vlan.is_none_or(|vlan| neighbour.vlan() == Some(vlan))
    }
}

/// Gets one neighbour, proxy or entry of a forwarding database.
///
/// ```
/// use netloom_route::neighbour::Get;
///
/// let gateway = Get::new(2, "192.0.2.1".parse()?);
/// let port_of = Get::fdb([2, 0, 0, 0, 0, 9]).master(4).vlan(10);
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Get {
    header: NeighbourHeader,
    dst: Option<IpAddr>,
    lladdr: Option<HardwareAddress>,
    master: Option<u32>,
    vlan: Option<u16>,
    vni: Option<u32>,
}

impl Get {
    /// The neighbour with an address, on the link with this index.
    pub fn new(index: u32, dst: IpAddr) -> Self {
        Self { dst: Some(dst), ..Self::bare(af::of(dst)) }.device(index)
    }

    /// An address that the link with this index answers for; 0 for all links.
    pub fn proxy(index: u32, dst: IpAddr) -> Self {
        let mut get = Self::new(index, dst);
        get.header.ntf = NeighbourFlags::PROXY.bits();
        get
    }

    /// The entry of a hardware address in a forwarding database; which one, [`Get::device`] or [`Get::master`] says.
    pub fn fdb(lladdr: impl Into<HardwareAddress>) -> Self {
        Self { lladdr: Some(lladdr.into()), ..Self::bare(af::BRIDGE) }
    }

    fn bare(family: u8) -> Self {
        let header = NeighbourHeader { family, ..Default::default() };
        Self { header, dst: None, lladdr: None, master: None, vlan: None, vni: None }
    }

    /// Of the link with this index: of a vxlan, of a bridge, or of the bridge that the port with it belongs to.
    #[must_use]
    pub fn device(mut self, index: u32) -> Self {
        self.header.index = i32::try_from(index).unwrap_or(i32::MAX);
        self
    }

    /// Of the bridge with this index.
    #[must_use]
    pub fn master(self, index: u32) -> Self {
        Self { master: Some(index), ..self }
    }

    /// Of the device itself, or of its master.
    #[must_use]
    pub fn flags(mut self, flags: NeighbourFlags) -> Self {
        self.header.ntf |= flags.bits();
        self
    }

    /// Of this VLAN.
    #[must_use]
    pub fn vlan(self, vlan: u16) -> Self {
        Self { vlan: Some(vlan), ..self }
    }

    /// Of this virtual network, 24 bits.
    #[must_use]
    pub fn vni(self, vni: u32) -> Self {
        Self { vni: Some(vni), ..self }
    }
}

impl Request for Get {
    type Family = Rtnetlink;
    type Body = Neighbour;
    type Reply = Neighbour;
    type Kind = wire::Get;
    const COMMAND: u16 = RTM_GETNEIGH;
    const REPLY: u16 = RTM_NEWNEIGH;
    const VERB: &'static str = "get";
    const ALWAYS_REPLIES: bool = true;

    fn write(&self, out: &mut Buffer) {
        out.message(self.header, |w: NeighbourWriter| {
            w.some(self.dst, NeighbourWriter::dst)
                .some(self.lladdr, NeighbourWriter::lladdr)
                .some(self.master, NeighbourWriter::master)
                .some(self.vlan, NeighbourWriter::vlan)
                .some(self.vni, NeighbourWriter::vni)
        });
    }
}
