//! Making, changing and removing addresses.

use alloc::string::String;
use core::{
    marker::PhantomData,
    net::{IpAddr, Ipv4Addr},
};

use netloom_wire::{Buffer, Command, Request, Write};

use super::{Address, AddressCacheInfo, AddressFlags, AddressHeader, AddressWriter, FOREVER, RTM_DELADDR, RTM_NEWADDR};
use crate::{
    Rtnetlink, af,
    verb::{self, Verb},
};

const RT_SCOPE_HOST: u8 = 254;

/// Adds an address to a link; an error if it has it.
///
/// ```no_run
/// # fn run(mut ipr: impl FnMut(netloom_route::address::Add)) {
/// use netloom_route::address::Add;
///
/// ipr(Add::new(2, "192.0.2.1".parse().unwrap(), 24).broadcast("192.0.2.255".parse().unwrap()));
/// ipr(Add::new(2, "2001:db8::1".parse().unwrap(), 64).valid(3600).preferred(1800));
/// # }
/// ```
pub type Add = Order<verb::Add>;

/// Adds an address to a link, or changes the properties of the one that it has.
///
/// ```
/// use netloom_route::address::Replace;
///
/// let forever = Replace::new(2, "192.0.2.1".parse()?, 24).valid(netloom_route::address::FOREVER);
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
pub type Replace = Order<verb::Replace>;

/// Changes the properties of an address; in IPv6 an error if the link does not have it.
///
/// ```
/// use netloom_route::address::Change;
///
/// let deprecated = Change::new(2, "2001:db8::1".parse()?, 64).valid(600).preferred(0);
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
pub type Change = Order<verb::Change>;

/// Removes an address from a link; an error if the link does not have it.
///
/// ```
/// use netloom_route::address::Delete;
///
/// let delete = Delete::new(2, "192.0.2.1".parse()?, 24);
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
pub type Delete = Order<verb::Delete>;

/// What is to be done with an address of a link: [`Add`], [`Replace`], [`Change`], [`Delete`].
#[derive(Clone, Debug)]
pub struct Order<V> {
    header: AddressHeader,
    own: Option<IpAddr>,
    peer: Option<IpAddr>,
    any_prefix: bool,
    label: Option<String>,
    broadcast: Option<Ipv4Addr>,
    anycast: Option<IpAddr>,
    flags: AddressFlags,
    metric: Option<u32>,
    protocol: Option<u8>,
    lifetimes: Option<AddressCacheInfo>,
    verb: PhantomData<V>,
}

impl<V: Verb> Order<V> {
    /// An address and the length of its network's prefix, in bits, on the link with this index.
    ///
    /// The scope is `host` for an IPv4 address out of 127.0.0.0/8, else `universe`, as `ip address` has it.
    pub fn new(index: u32, own: IpAddr, prefix_length: u8) -> Self {
        let loopback = matches!(own, IpAddr::V4(own) if own.is_loopback()) && !V::DELETES;
        let scope = if loopback { RT_SCOPE_HOST } else { 0 };
        let header = AddressHeader { family: af::of(own), prefix_length, low_flags: 0, scope, index };
        Self { own: Some(own), ..Self::bare(header) }
    }

    fn bare(header: AddressHeader) -> Self {
        Self {
            header,
            own: None,
            peer: None,
            any_prefix: false,
            label: None,
            broadcast: None,
            anycast: None,
            flags: AddressFlags::empty(),
            metric: None,
            protocol: None,
            lifetimes: None,
            verb: PhantomData,
        }
    }

    /// The address at the other end of a point-to-point link; the prefix length is then the peer's.
    #[must_use]
    pub fn peer(self, peer: IpAddr) -> Self {
        Self { peer: Some(peer), ..self }
    }

    /// Name for an IPv4 address: the link's name, or that and a `:` before more; at most 15 bytes.
    #[must_use]
    pub fn label(self, label: impl Into<String>) -> Self {
        Self { label: Some(label.into()), ..self }
    }

    /// Broadcast address of the network; the kernel sets none by itself.
    #[must_use]
    pub fn broadcast(self, broadcast: Ipv4Addr) -> Self {
        Self { broadcast: Some(broadcast), ..self }
    }

    /// Anycast address of the network.
    #[must_use]
    pub fn anycast(self, anycast: IpAddr) -> Self {
        Self { anycast: Some(anycast), ..self }
    }

    /// Where the address is valid (`RT_SCOPE_*`): 0 everywhere, 253 on the link, 254 on the host.
    #[must_use]
    pub fn scope(mut self, scope: u8) -> Self {
        self.header.scope = scope;
        self
    }

    /// Properties, beside those that were given before.
    #[must_use]
    pub fn flags(self, flags: AddressFlags) -> Self {
        Self { flags: self.flags | flags, ..self }
    }

    /// Metric of the prefix route that comes with the address.
    #[must_use]
    pub fn metric(self, metric: u32) -> Self {
        Self { metric: Some(metric), ..self }
    }

    /// Who makes it (`IFAPROT_*`); Linux 5.18 and later keep it.
    #[must_use]
    pub fn protocol(self, protocol: u8) -> Self {
        Self { protocol: Some(protocol), ..self }
    }

    /// Seconds until the address is removed; [`FOREVER`] by default.
    #[must_use]
    pub fn valid(self, seconds: u32) -> Self {
        self.lifetime(|lifetimes| lifetimes.valid = seconds)
    }

    /// Seconds until the address is deprecated, at most those of [`Order::valid`]; [`FOREVER`] by default.
    #[must_use]
    pub fn preferred(self, seconds: u32) -> Self {
        self.lifetime(|lifetimes| lifetimes.preferred = seconds)
    }

    fn lifetime(mut self, set: impl FnOnce(&mut AddressCacheInfo)) -> Self {
        let forever = AddressCacheInfo { preferred: FOREVER, valid: FOREVER, ..Default::default() };
        set(self.lifetimes.get_or_insert(forever));
        self
    }
}

impl Delete {
    /// Removes an IPv4 address whatever the prefix that it was given with.
    pub fn with_any_prefix(index: u32, own: Ipv4Addr) -> Self {
        Self { any_prefix: true, ..Self::new(index, own.into(), 32) }
    }

    /// Removes this very address.
    pub fn of(address: &Address) -> Self {
        Self {
            own: address.own(),
            peer: address.peer(),
            label: address.label().map(Into::into),
            ..Self::bare(AddressHeader { low_flags: 0, ..address.header() })
        }
    }
}

impl<V: Verb> Request for Order<V> {
    type Family = Rtnetlink;
    type Body = Address;
    type Reply = Address;
    type Kind = Command;
    const COMMAND: u16 = if V::DELETES { RTM_DELADDR } else { RTM_NEWADDR };
    const REPLY: u16 = RTM_NEWADDR;
    const VERB: &'static str = V::NAME;

    fn flags(&self) -> u16 {
        V::FLAGS
    }

    fn write(&self, out: &mut Buffer) {
        let bits = self.flags.bits();
        // Flags that do not fit the header's byte go into the attribute, all of them.
        let low_flags = u8::try_from(bits).unwrap_or_default();
        out.message(AddressHeader { low_flags, ..self.header }, |w: AddressWriter| {
            w.some(self.own, AddressWriter::local)
                .some(self.peer.or(self.own).filter(|_| !self.any_prefix), AddressWriter::address)
                .some(self.broadcast, AddressWriter::broadcast)
                .some(self.anycast, AddressWriter::anycast)
                .some(self.label.as_deref(), |w, label| w.label(label))
                .some(self.metric, AddressWriter::metric)
                .some(self.protocol, AddressWriter::protocol)
                .some((bits > 0xff).then_some(self.flags), AddressWriter::all_flags)
                .some(self.lifetimes, AddressWriter::cache_info)
        });
    }
}
