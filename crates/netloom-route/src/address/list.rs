//! Asking for addresses.

use alloc::string::String;
use core::marker::PhantomData;

use netloom_wire::{Buffer, Dump, Request, Write};

use super::{
    Address, AddressFlags, AddressHeader, AddressWriter, RTM_GETADDR, RTM_GETANYCAST, RTM_GETMULTICAST, RTM_NEWADDR,
};
use crate::{Rtnetlink, af};

/// Lists addresses of links.
///
/// ```
/// use netloom_route::address::{AddressFlags, List};
///
/// let of_a_link = List::all().device(2);
/// let still_probed = List::v6().with(AddressFlags::TENTATIVE);
/// ```
pub type List = Listing<Unicast>;

/// Lists the multicast groups that links have joined; of IPv4 from Linux 6.15 on, before that of IPv6 only.
///
/// ```
/// let groups = netloom_route::address::ListMulticast::v6().device(2);
/// ```
pub type ListMulticast = Listing<Multicast>;

/// Lists the anycast addresses of links; IPv6 only, where a router has some.
///
/// ```
/// let anycast = netloom_route::address::ListAnycast::v6();
/// ```
pub type ListAnycast = Listing<Anycast>;

/// A sort of address to list; sealed.
pub trait Sort: sealed::Sealed + Clone + core::fmt::Debug + Send + Sync + 'static {
    #[doc(hidden)]
    const COMMAND: u16;
    #[doc(hidden)]
    const REPLY: u16;
}

mod sealed {
    #[expect(unnameable_types, reason = "that is what seals it")]
    pub trait Sealed {}
}

macro_rules! sorts { ($($(#[$doc:meta])* $sort:ident $command:expr, $reply:expr;)*) => { $(
    $(#[$doc])*
    #[derive(Clone, Copy, Debug)]
    pub enum $sort {}
    impl sealed::Sealed for $sort {}
    impl Sort for $sort {
        const COMMAND: u16 = $command;
        const REPLY: u16 = $reply;
    }
)* } }
sorts! {
    /// Addresses of one receiver.
    Unicast RTM_GETADDR, RTM_NEWADDR;
    /// Groups.
    Multicast RTM_GETMULTICAST, RTM_GETMULTICAST;
    /// Addresses that several may have, of which the nearest answers.
    Anycast RTM_GETANYCAST, RTM_GETANYCAST;
}

/// A list of addresses of one sort: [`List`], [`ListMulticast`], [`ListAnycast`].
#[derive(Clone, Debug)]
pub struct Listing<S> {
    header: AddressHeader,
    scope: Option<u8>,
    label: Option<String>,
    protocol: Option<u8>,
    with: AddressFlags,
    without: AddressFlags,
    target_nsid: Option<i32>,
    sort: PhantomData<S>,
}

impl<S: Sort> Listing<S> {
    /// Of all families.
    pub fn all() -> Self {
        Self::family(af::UNSPEC)
    }

    /// Of IPv4.
    pub fn v4() -> Self {
        Self::family(af::INET)
    }

    /// Of IPv6.
    pub fn v6() -> Self {
        Self::family(af::INET6)
    }

    /// Of a family (`AF_*`).
    pub fn family(family: u8) -> Self {
        Self {
            header: AddressHeader { family, ..Default::default() },
            scope: None,
            label: None,
            protocol: None,
            with: AddressFlags::empty(),
            without: AddressFlags::empty(),
            target_nsid: None,
            sort: PhantomData,
        }
    }

    /// Only of the link with this index.
    #[must_use]
    pub fn device(mut self, index: u32) -> Self {
        self.header.index = index;
        self
    }

    /// Only those with this scope (`RT_SCOPE_*`).
    #[must_use]
    pub fn scope(self, scope: u8) -> Self {
        Self { scope: Some(scope), ..self }
    }

    /// Only those with this label.
    #[must_use]
    pub fn label(self, label: impl Into<String>) -> Self {
        Self { label: Some(label.into()), ..self }
    }

    /// Only those that this protocol made (`IFAPROT_*`).
    #[must_use]
    pub fn protocol(self, protocol: u8) -> Self {
        Self { protocol: Some(protocol), ..self }
    }

    /// Only those that have all of these flags.
    #[must_use]
    pub fn with(self, flags: AddressFlags) -> Self {
        Self { with: self.with | flags, ..self }
    }

    /// Only those that have none of these flags.
    #[must_use]
    pub fn without(self, flags: AddressFlags) -> Self {
        Self { without: self.without | flags, ..self }
    }

    /// Of another network namespace, as the socket's own numbers it.
    #[must_use]
    pub fn target_nsid(self, nsid: i32) -> Self {
        Self { target_nsid: Some(nsid), ..self }
    }
}

impl<S: Sort> Request for Listing<S> {
    type Family = Rtnetlink;
    type Body = Address;
    type Reply = Address;
    type Kind = Dump;
    const COMMAND: u16 = S::COMMAND;
    const REPLY: u16 = S::REPLY;
    const VERB: &'static str = "list";

    fn write(&self, out: &mut Buffer) {
        // A strict kernel filters by the index and refuses the other fields of the header.
        out.message(self.header, |w: AddressWriter| w.some(self.target_nsid, AddressWriter::target_nsid));
    }

    fn accepts(&self, address: &Address) -> bool {
        let (family, index) = (self.header.family, self.header.index);
        (family == af::UNSPEC || address.family() == family)
            && (index == 0 || address.index() == index)
            && self.scope.is_none_or(|scope| address.scope() == scope)
            && self.label.as_deref().is_none_or(|label| address.label() == Some(label))
            && self.protocol.is_none_or(|protocol| address.protocol() == Some(protocol))
            && address.flags().contains(self.with)
            && !address.flags().intersects(self.without)
    }
}
