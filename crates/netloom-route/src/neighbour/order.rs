//! Making, changing and removing neighbours and entries of forwarding databases.

use core::{marker::PhantomData, net::IpAddr};

use netloom_wire::{Buffer, Command, HardwareAddress, Request, Write};

use super::{
    Neighbour, NeighbourExtendedFlags, NeighbourFlags, NeighbourHeader, NeighbourState, NeighbourWriter, RTM_DELNEIGH,
    RTM_NEWNEIGH, UdpPort,
};
use crate::{
    Rtnetlink, af,
    setters::setters,
    verb::{self, Verb},
};

/// Adds a neighbour or an entry of a forwarding database; an error if it is there.
///
/// ```
/// use netloom_route::neighbour::Add;
///
/// let gateway = Add::new(2, "192.0.2.1".parse()?).lladdr([2, 0, 0, 0, 0, 1]);
/// let answered_for = Add::proxy(2, "192.0.2.7".parse()?);
/// let behind_a_tunnel = Add::fdb(5, [2, 0, 0, 0, 0, 9]).on_device().dst("198.51.100.2".parse()?);
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
pub type Add = Order<verb::Add>;

/// Adds a neighbour or an entry of a forwarding database, or changes the one that is there.
///
/// ```
/// use netloom_route::neighbour::{NeighbourState, Replace};
///
/// let stale = Replace::new(2, "192.0.2.1".parse()?).lladdr([2, 0, 0, 0, 0, 1]).state(NeighbourState::STALE);
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
pub type Replace = Order<verb::Replace>;

/// Changes a neighbour or an entry of a forwarding database; an error if it is not there.
///
/// ```
/// let moved = netloom_route::neighbour::Change::new(2, "192.0.2.1".parse()?).lladdr([2, 0, 0, 0, 0, 2]);
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
pub type Change = Order<verb::Change>;

/// Adds a further tunnel's end to an entry of a vxlan's forwarding database.
///
/// ```
/// let flood_to = netloom_route::neighbour::Append::fdb(5, [0; 6]).on_device().dst("198.51.100.2".parse()?);
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
pub type Append = Order<verb::Append>;

/// Removes a neighbour or an entry of a forwarding database; an error if it is not there.
///
/// ```
/// let delete = netloom_route::neighbour::Delete::new(2, "192.0.2.1".parse()?);
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
pub type Delete = Order<verb::Delete>;

/// What is to be done with a neighbour: [`Add`], [`Replace`], [`Change`], [`Append`], [`Delete`].
#[derive(Clone, Debug)]
pub struct Order<V> {
    header: NeighbourHeader,
    dst: Option<IpAddr>,
    lladdr: Option<HardwareAddress>,
    vlan: Option<u16>,
    port: Option<u16>,
    vni: Option<u32>,
    via: Option<u32>,
    src_vni: Option<u32>,
    protocol: Option<u8>,
    nexthop_id: Option<u32>,
    activity: Option<u8>,
    dont_refresh: bool,
    extended_flags: NeighbourExtendedFlags,
    verb: PhantomData<V>,
}

impl<V: Verb> Order<V> {
    /// The neighbour with an address, on the link with this index; permanent, unless another state is given.
    pub fn new(index: u32, dst: IpAddr) -> Self {
        Self { dst: Some(dst), ..Self::bare(index, af::of(dst)) }.state(NeighbourState::PERMANENT)
    }

    /// An address that the link with this index answers for on behalf of another machine.
    pub fn proxy(index: u32, dst: IpAddr) -> Self {
        Self::new(index, dst).flags(NeighbourFlags::PROXY)
    }

    /// The entry of a hardware address in a forwarding database, that of the bridge to which the port with this index
    /// belongs unless [`Order::on_device`] says otherwise. Permanent and local, unless another state is given.
    pub fn fdb(index: u32, lladdr: impl Into<HardwareAddress>) -> Self {
        let state = NeighbourState::PERMANENT | NeighbourState::NOARP;
        Self::bare(index, af::BRIDGE).lladdr(lladdr).state(state).flags(NeighbourFlags::MASTER)
    }

    fn bare(index: u32, family: u8) -> Self {
        Self {
            // An index beyond what the kernel can number finds no link, and the kernel says so.
            header: NeighbourHeader { family, index: i32::try_from(index).unwrap_or(i32::MAX), ..Default::default() },
            dst: None,
            lladdr: None,
            vlan: None,
            port: None,
            vni: None,
            via: None,
            src_vni: None,
            protocol: None,
            nexthop_id: None,
            activity: None,
            dont_refresh: false,
            extended_flags: NeighbourExtendedFlags::empty(),
            verb: PhantomData,
        }
    }

    setters! {
        /// The other end of the tunnel, in an entry of a vxlan.
        dst: IpAddr;
        /// VLAN of a bridge's entry.
        vlan: u16;
        /// UDP port of the tunnel's other end; the vxlan's own by default.
        port: u16;
        /// Virtual network at the tunnel's other end, 24 bits; the vxlan's own by default.
        vni: u32;
        /// Index of the link by which the tunnel's other end is reached.
        via: u32;
        /// Virtual network that the entry belongs to, in a vxlan that carries several; 24 bits.
        src_vni: u32;
        /// Who makes it (`RTPROT_*`).
        protocol: u8;
        /// Next hop object that leads there.
        nexthop_id: u32;
        /// Tracks activity of a bridge's entry; bits: 1 track and notify, 2 is inactive.
        activity: u8;
    }

    /// Hardware address.
    #[must_use]
    pub fn lladdr(self, lladdr: impl Into<HardwareAddress>) -> Self {
        Self { lladdr: Some(lladdr.into()), ..self }
    }

    /// State, instead of the one before.
    #[must_use]
    pub fn state(mut self, state: NeighbourState) -> Self {
        self.header.nud = state.bits();
        self
    }

    /// Properties, beside those that were given before.
    #[must_use]
    pub fn flags(mut self, flags: NeighbourFlags) -> Self {
        self.header.ntf |= flags.bits();
        self
    }

    /// More properties, beside those that were given before; Linux 5.16 and later.
    #[must_use]
    pub fn extended_flags(self, flags: NeighbourExtendedFlags) -> Self {
        Self { extended_flags: self.extended_flags | flags, ..self }
    }

    /// An entry of the device itself (a vxlan, or the hardware's filter) instead of the bridge.
    #[must_use]
    pub fn on_device(mut self) -> Self {
        self.header.ntf = self.header.ntf & !NeighbourFlags::MASTER.bits() | NeighbourFlags::SELF.bits();
        self
    }

    /// The change does not count as activity of a bridge's entry.
    #[must_use]
    pub fn dont_refresh(self) -> Self {
        Self { dont_refresh: true, ..self }
    }
}

impl Delete {
    /// Removes this very neighbour.
    pub fn of(neighbour: &Neighbour) -> Self {
        let flags = neighbour.flags() & (NeighbourFlags::PROXY | NeighbourFlags::SELF);
        let flags = if neighbour.is_of_master() { flags | NeighbourFlags::MASTER } else { flags };
        Self {
            header: NeighbourHeader { nud: 0, ntf: flags.bits(), ..neighbour.header() },
            dst: neighbour.dst(),
            lladdr: neighbour.lladdr().filter(|_| neighbour.is_fdb()),
            vlan: neighbour.vlan(),
            port: neighbour.port(),
            vni: neighbour.vni(),
            via: neighbour.via(),
            src_vni: neighbour.src_vni(),
            nexthop_id: neighbour.nexthop_id(),
            ..Self::bare(0, 0)
        }
    }
}

impl<V: Verb> Request for Order<V> {
    type Family = Rtnetlink;
    type Body = Neighbour;
    type Reply = Neighbour;
    type Kind = Command;
    const COMMAND: u16 = if V::DELETES { RTM_DELNEIGH } else { RTM_NEWNEIGH };
    const REPLY: u16 = RTM_NEWNEIGH;
    const VERB: &'static str = V::NAME;

    fn flags(&self) -> u16 {
        V::FLAGS
    }

    fn write(&self, out: &mut Buffer) {
        let port = self.port.map(|port| UdpPort { number: port.into() });
        let extended = Some(self.extended_flags).filter(|flags| !flags.is_empty());
        let tracked = self.activity.is_some() || self.dont_refresh;
        out.message(self.header, |w: NeighbourWriter| {
            w.some(self.protocol, NeighbourWriter::protocol)
                .some(self.dst, NeighbourWriter::dst)
                .some(self.lladdr, NeighbourWriter::lladdr)
                .some(self.vlan, NeighbourWriter::vlan)
                .some(self.nexthop_id, NeighbourWriter::nexthop_id)
                .some(port, NeighbourWriter::udp_port)
                .some(self.vni, NeighbourWriter::vni)
                .some(self.src_vni, NeighbourWriter::src_vni)
                .some(self.via, NeighbourWriter::via)
                .some(extended, NeighbourWriter::extended_flags)
                .some(tracked.then_some(()), |w, ()| {
                    w.activity(|a| {
                        let a = a.some(self.activity, |a, notify| a.notify(notify));
                        if self.dont_refresh { a.dont_refresh() } else { a }
                    })
                })
        });
    }
}
