//! Addresses of links: the table and the view (`RTM_*ADDR`, `linux/if_addr.h`).

use core::{fmt, net::IpAddr};

use netloom_wire::{Object, attributes, fixed, flags, message};

mod list;
mod order;

pub use list::{Anycast, List, ListAnycast, ListMulticast, Listing, Multicast, Sort, Unicast};
pub use order::{Add, Change, Delete, Order, Replace};

use crate::af;

message! {
    /// An address of a link.
    pub Address, AddressHeader = "ifaddrmsg" AddressAttributes {
        /// Address family (`AF_*`).
        pub family: u8,
        /// Length of the network's prefix, in bits.
        pub prefix_length: u8,
        /// The lower eight [`AddressFlags`]; [`Address::flags`] has them all.
        pub low_flags: u8,
        /// Where the address is valid (`RT_SCOPE_*`).
        pub scope: u8,
        /// Index of the link.
        pub index: u32,
    }
}

attributes! {
    /// Attributes of an address (`IFA_*`, `linux/if_addr.h`).
    pub AddressAttributes, AddressWriter = "rt-addr/addr-attrs" {
        /// The peer's address on a point-to-point link, else the same as `local`; in IPv6 the address itself if there is no
        /// `local`. [`Address::own`] and [`Address::peer`] tell them apart.
        1 "IFA_ADDRESS" address: IpAddr,
        /// The link's own address.
        2 "IFA_LOCAL" local: IpAddr,
        /// Name for the address, at most 15 bytes: the link's name, or that and a `:` before more. IPv4 only.
        3 "IFA_LABEL" label: str,
        /// Broadcast address of the network.
        4 "IFA_BROADCAST" broadcast: Ipv4Addr,
        /// An anycast address, in replies to [`ListAnycast`].
        5 "IFA_ANYCAST" anycast: IpAddr,
        /// Lifetimes.
        6 "IFA_CACHEINFO" cache_info: AddressCacheInfo,
        /// A multicast group, in replies to [`ListMulticast`].
        7 "IFA_MULTICAST" multicast: IpAddr,
        /// All flags; [`Address::flags`] has the header's where this is missing.
        8 "IFA_FLAGS" all_flags: AddressFlags,
        /// Metric of the prefix route that comes with the address.
        9 "IFA_RT_PRIORITY" metric: u32,
        /// Network namespace to ask instead of the socket's own, as that numbers it.
        10 "IFA_TARGET_NETNSID" target_nsid: i32,
        /// Who made the address (`IFAPROT_*`): 1 loopback, 2 router advertisement, 3 link-local.
        11 "IFA_PROTO" protocol: u8,
        /// How many sockets joined the multicast group.
        12 "IFA_MC_USERS" users: u32,
    }
}

fixed! {
    /// Lifetimes of an address (`struct ifa_cacheinfo`).
    pub AddressCacheInfo = "ifa_cacheinfo" {
        /// Seconds until the address is deprecated; [`FOREVER`] if never.
        pub preferred: u32,
        /// Seconds until the address is removed; [`FOREVER`] if never.
        pub valid: u32,
        /// When it was made, in hundredths of a second since boot.
        pub created: u32,
        /// When it was changed last, in hundredths of a second since boot.
        pub updated: u32,
    }
}

/// A lifetime without end (`INFINITY_LIFE_TIME`).
pub const FOREVER: u32 = u32::MAX;

flags! {
    /// Properties of an address (`IFA_F_*`, `linux/if_addr.h`).
    pub AddressFlags: u32 = "ifa-flags" {
        /// In IPv4 not the first of its network; in IPv6 temporary (RFC 8981).
        "IFA_F_SECONDARY" SECONDARY = 0x01,
        /// Not probed for duplicates.
        "IFA_F_NODAD" NODAD = 0x02,
        /// Usable while it is probed for duplicates (RFC 4429).
        "IFA_F_OPTIMISTIC" OPTIMISTIC = 0x04,
        /// A duplicate was found.
        "IFA_F_DADFAILED" DADFAILED = 0x08,
        /// Home address of Mobile IPv6 (RFC 6275).
        "IFA_F_HOMEADDRESS" HOMEADDRESS = 0x10,
        /// Past its preferred lifetime.
        "IFA_F_DEPRECATED" DEPRECATED = 0x20,
        /// Being probed for duplicates.
        "IFA_F_TENTATIVE" TENTATIVE = 0x40,
        /// Without end: not learned from a router.
        "IFA_F_PERMANENT" PERMANENT = 0x80,
        /// The kernel makes temporary addresses beside this one (RFC 8981).
        "IFA_F_MANAGETEMPADDR" MANAGETEMPADDR = 0x100,
        /// No route for its prefix is made or removed with it.
        "IFA_F_NOPREFIXROUTE" NOPREFIXROUTE = 0x200,
        /// The kernel joins this multicast group.
        "IFA_F_MCAUTOJOIN" MCAUTOJOIN = 0x400,
        /// Made of a secret, so that it is stable and tells nothing (RFC 7217).
        "IFA_F_STABLE_PRIVACY" STABLE_PRIVACY = 0x800,
    }
}

impl Address {
    /// All flags, whether the kernel sent 8 or 32.
    pub fn flags(&self) -> AddressFlags {
        self.all_flags().unwrap_or_else(|| AddressFlags::from_bits_retain(self.low_flags().into()))
    }

    /// The link's own address; the group where this is a multicast or an anycast address.
    pub fn own(&self) -> Option<IpAddr> {
        self.local().or_else(|| self.address()).or_else(|| self.multicast()).or_else(|| self.anycast())
    }

    /// The address at the other end of a point-to-point link.
    pub fn peer(&self) -> Option<IpAddr> {
        self.address().filter(|address| self.local().is_some_and(|local| local != *address))
    }
}

/// What makes an address this one and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AddressKey {
    /// Index of the link.
    pub index: u32,
    /// The link's own address.
    pub own: Option<IpAddr>,
    /// The peer's; IPv4 tells addresses apart by it.
    pub peer: Option<IpAddr>,
    /// Length of the prefix; always 0 in IPv6, where a link has an address once, whatever its prefix.
    pub prefix_length: u8,
}

impl Object for Address {
    type Key = AddressKey;
    const NOUN: &'static str = "address";
    fn key(&self) -> AddressKey {
        let v6 = self.family() == af::INET6;
        AddressKey {
            index: self.index(),
            own: self.own(),
            peer: self.peer().filter(|_| !v6),
            prefix_length: if v6 { 0 } else { self.prefix_length() },
        }
    }
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if let Some(own) = self.own() {
            write!(f, "{own}")?;
            if let Some(peer) = self.peer() {
                write!(f, " peer {peer}")?;
            }
            write!(f, "/{}", self.prefix_length())?;
            separator = " ";
        }
        if self.index() != 0 { write!(f, "{separator}dev {}", self.index()) } else { Ok(()) }
    }
}

pub(crate) const RTM_NEWADDR: u16 = 20;
pub(crate) const RTM_DELADDR: u16 = 21;
const RTM_GETADDR: u16 = 22;
const RTM_GETMULTICAST: u16 = 58;
const RTM_GETANYCAST: u16 = 62;
