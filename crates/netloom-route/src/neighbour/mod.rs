//! Neighbours and forwarding databases: the table and the view (`RTM_*NEIGH`, `linux/neighbour.h`).
//!
//! A neighbour of IPv4 or IPv6 tells the hardware address of an IP address on a link. An entry of family `AF_BRIDGE`
//! belongs to a forwarding database (FDB): it tells by which port of a bridge, or at which end of a vxlan, a hardware
//! address is found.

use core::{fmt, net::IpAddr};

use netloom_wire::{Be16, HardwareAddress, Object, attributes, fixed, flags, message};

mod flush;
mod list;
mod order;

pub use flush::FlushFdb;
pub use list::{Get, List};
pub use order::{Add, Append, Change, Delete, Order, Replace};

use crate::af;

message! {
    /// A neighbour, or an entry of a forwarding database.
    pub Neighbour, NeighbourHeader = "ndmsg" NeighbourAttributes {
        /// Address family (`AF_*`); `AF_BRIDGE` in an entry of a forwarding database.
        pub family: u8,
        #[doc(hidden)]
        pub _pad1: u8,
        #[doc(hidden)]
        pub _pad2: u16,
        /// Index of the link; of the port, in a bridge's entry.
        pub index: i32,
        /// What the kernel knows of it (`NUD_*`); [`Neighbour::state`] names the bits.
        pub nud: u16,
        /// Properties (`NTF_*`); [`Neighbour::flags`] names the bits.
        pub ntf: u8,
        /// Route type that it serves (`RTN_*`).
        pub route_type: u8,
    }
}

attributes! {
    /// Attributes of a neighbour (`NDA_*`, `linux/neighbour.h`).
    pub NeighbourAttributes, NeighbourWriter = "rt-neigh/neighbour-attrs" {
        /// The neighbour's address; in a vxlan's entry the other end of the tunnel.
        1 "NDA_DST" dst: IpAddr,
        /// Hardware address.
        2 "NDA_LLADDR" lladdr: HardwareAddress,
        /// When it was used and confirmed, and by how many.
        3 "NDA_CACHEINFO" cache_info: NeighbourCacheInfo,
        /// Probes sent without an answer.
        4 "NDA_PROBES" probes: u32,
        /// VLAN of a bridge's entry.
        5 "NDA_VLAN" vlan: u16,
        /// UDP port of the tunnel's other end; [`Neighbour::port`] is the plain number.
        6 "NDA_PORT" udp_port: UdpPort,
        /// Virtual network at the tunnel's other end, 24 bits.
        7 "NDA_VNI" vni: u32,
        /// Index of the link by which the tunnel's other end is reached.
        8 "NDA_IFINDEX" via: u32,
        /// Index of the link's master: the bridge; in a request the filter of that name.
        9 "NDA_MASTER" master: u32,
        /// Network namespace of [`NeighbourAttributes::via`], as the link's own numbers it.
        10 "NDA_LINK_NETNSID" link_nsid: i32,
        /// Virtual network that the entry belongs to, in a vxlan that carries several; 24 bits.
        11 "NDA_SRC_VNI" src_vni: u32,
        /// Who made it (`RTPROT_*`).
        12 "NDA_PROTOCOL" protocol: u8,
        /// Next hop object that leads there.
        13 "NDA_NH_ID" nexthop_id: u32,
        /// How activity of a bridge's entry is tracked.
        14 "NDA_FDB_EXT_ATTRS" activity: Nest(FdbActivity),
        /// More properties.
        15 "NDA_FLAGS_EXT" extended_flags: NeighbourExtendedFlags,
        /// Which bits of the header's state count, when a forwarding database is flushed.
        16 "NDA_NDM_STATE_MASK" state_mask: u16,
        /// Which bits of the header's flags count, when a forwarding database is flushed.
        17 "NDA_NDM_FLAGS_MASK" flags_mask: u8,
    }
}

attributes! {
    /// How activity of an entry is tracked (`NFEA_*`).
    pub FdbActivity, FdbActivityWriter = "rt-neigh/fdb-ext-attrs" {
        /// Bits: 1 track and notify, 2 is inactive.
        1 "NFEA_ACTIVITY_NOTIFY" notify: u8,
        /// A change does not count as activity.
        2 "NFEA_DONT_REFRESH" dont_refresh: Flag,
    }
}

fixed! {
    /// Times and references (`struct nda_cacheinfo`); times are ages in hundredths of a second.
    pub NeighbourCacheInfo = "nda_cacheinfo" {
        /// Since the neighbour proved that it is reachable.
        pub confirmed: u32,
        /// Since it was used.
        pub used: u32,
        /// Since it was changed.
        pub updated: u32,
        /// How many use it.
        pub references: u32,
    }
}

fixed! {
    /// A UDP port in network byte order, other than the kernel's spec says.
    pub UdpPort = "udp_port" {
        /// The number.
        pub number: Be16,
    }
}

flags! {
    /// What the kernel knows of a neighbour (`NUD_*`).
    pub NeighbourState: u16 = "nud-state" {
        /// Asked for the first time.
        "NUD_INCOMPLETE" INCOMPLETE = 0x01,
        /// Proved to be reachable a short while ago.
        "NUD_REACHABLE" REACHABLE = 0x02,
        /// Was reachable once; proven again when it is used.
        "NUD_STALE" STALE = 0x04,
        /// Used while stale; a proof may come from above.
        "NUD_DELAY" DELAY = 0x08,
        /// Asked again.
        "NUD_PROBE" PROBE = 0x10,
        /// Does not answer.
        "NUD_FAILED" FAILED = 0x20,
        /// Needs no resolution.
        "NUD_NOARP" NOARP = 0x40,
        /// Never changed by the kernel.
        "NUD_PERMANENT" PERMANENT = 0x80,
    }
}

flags! {
    /// Properties of a neighbour (`NTF_*`).
    pub NeighbourFlags: u8 = "ntf-flags" {
        /// Resolved at once, as if it were used.
        "NTF_USE" USE = 0x01,
        /// Entry of the device itself: of a vxlan, or of the hardware's filter.
        "NTF_SELF" SELF = 0x02,
        /// Entry of the device's master: of the bridge.
        "NTF_MASTER" MASTER = 0x04,
        /// Answered for on behalf of another machine.
        "NTF_PROXY" PROXY = 0x08,
        /// Learned by a control plane outside the kernel.
        "NTF_EXT_LEARNED" EXT_LEARNED = 0x10,
        /// In the hardware as well.
        "NTF_OFFLOADED" OFFLOADED = 0x20,
        /// Does not move to another port.
        "NTF_STICKY" STICKY = 0x40,
        /// Is a router.
        "NTF_ROUTER" ROUTER = 0x80,
    }
}

flags! {
    /// More properties of a neighbour (`NTF_EXT_*`).
    pub NeighbourExtendedFlags: u32 = "ntf-ext-flags" {
        /// Kept resolved by the kernel.
        "NTF_EXT_MANAGED" MANAGED = 0x1,
        /// Seen on a locked port: not let in.
        "NTF_EXT_LOCKED" LOCKED = 0x2,
        /// Validated by a control plane outside the kernel.
        "NTF_EXT_EXT_VALIDATED" EXT_VALIDATED = 0x4,
    }
}

impl Neighbour {
    /// What the kernel knows of it.
    pub fn state(&self) -> NeighbourState {
        NeighbourState::from_bits_retain(self.nud())
    }

    /// Properties.
    pub fn flags(&self) -> NeighbourFlags {
        NeighbourFlags::from_bits_retain(self.ntf())
    }

    /// UDP port of the tunnel's other end.
    pub fn port(&self) -> Option<u16> {
        self.udp_port().map(|port| port.number.get())
    }

    /// Whether it is an entry in the forwarding database of the link's master, rather than of the link itself.
    pub fn is_of_master(&self) -> bool {
        let flags = self.flags();
        !flags.contains(NeighbourFlags::SELF) && (flags.contains(NeighbourFlags::MASTER) || self.master().is_some())
    }

    /// Whether it is an entry of a forwarding database.
    pub fn is_fdb(&self) -> bool {
        self.family() == af::BRIDGE
    }
}

/// What makes a neighbour this one and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NeighbourKey {
    /// Address family (`AF_*`).
    pub family: u8,
    /// Index of the link.
    pub index: i32,
    /// Its address; in a vxlan's entry the other end of the tunnel.
    pub dst: Option<IpAddr>,
    /// Whether it is a proxy's.
    pub proxy: bool,
    /// What else an entry of a forwarding database goes by.
    pub fdb: Option<FdbKey>,
}

/// What an entry of a forwarding database goes by, beside the link and the tunnel's other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FdbKey {
    /// Hardware address.
    pub lladdr: HardwareAddress,
    /// VLAN.
    pub vlan: u16,
    /// Whether it is an entry of the device's master, rather than of the device itself.
    pub master: bool,
    /// Virtual network at the tunnel's other end.
    pub vni: Option<u32>,
    /// UDP port of the tunnel's other end.
    pub port: Option<u16>,
    /// Index of the link by which that is reached.
    pub via: Option<u32>,
    /// Virtual network that the entry belongs to.
    pub src_vni: Option<u32>,
    /// Next hop object.
    pub nexthop_id: Option<u32>,
}

impl Object for Neighbour {
    type Key = NeighbourKey;
    const NOUN: &'static str = "neighbour";
    fn key(&self) -> NeighbourKey {
        let fdb = || FdbKey {
            lladdr: self.lladdr().unwrap_or_default(),
            vlan: self.vlan().unwrap_or_default(),
            master: self.is_of_master(),
            vni: self.vni(),
            port: self.port(),
            via: self.via(),
            src_vni: self.src_vni(),
            nexthop_id: self.nexthop_id(),
        };
        NeighbourKey {
            family: self.family(),
            index: self.index(),
            dst: self.dst(),
            proxy: self.flags().contains(NeighbourFlags::PROXY),
            fdb: self.is_fdb().then(fdb),
        }
    }
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        let mut say = |f: &mut fmt::Formatter<'_>, what: fmt::Arguments<'_>| {
            write!(f, "{separator}{what}")?;
            separator = " ";
            Ok(())
        };
        if self.flags().contains(NeighbourFlags::PROXY) {
            say(f, format_args!("proxy"))?;
        }
        match (self.is_fdb(), self.lladdr(), self.dst()) {
            (true, Some(lladdr), _) => say(f, format_args!("{lladdr}"))?,
            (false, _, Some(dst)) => say(f, format_args!("{dst}"))?,
            _ => {}
        }
        if let Some(vlan) = self.vlan() {
            say(f, format_args!("vlan {vlan}"))?;
        }
        if let (true, Some(dst)) = (self.is_fdb(), self.dst()) {
            say(f, format_args!("dst {dst}"))?;
        }
        match (self.index(), self.master()) {
            (0, None) => Ok(()),
            (0, Some(master)) => say(f, format_args!("master {master}")),
            (index, _) => say(f, format_args!("dev {index}")),
        }
    }
}

pub(crate) const RTM_NEWNEIGH: u16 = 28;
pub(crate) const RTM_DELNEIGH: u16 = 29;
const RTM_GETNEIGH: u16 = 30;
