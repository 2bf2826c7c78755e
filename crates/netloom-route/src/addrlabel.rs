//! Labels of IPv6 prefixes, by which source addresses are chosen (`RTM_*ADDRLABEL`, `linux/if_addrlabel.h`, RFC 6724).

use core::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

use netloom_wire::{self as wire, Buffer, Command, Dump, Object, Request, Write, attributes, message};

use crate::{
    Rtnetlink, af,
    verb::{self, Verb},
};

message! {
    /// The label of a prefix.
    pub AddressLabel, AddressLabelHeader = "ifaddrlblmsg" AddressLabelAttributes {
        /// Address family: `AF_INET6`.
        pub family: u8,
        #[doc(hidden)]
        pub _reserved: u8,
        /// Length of the prefix, in bits.
        pub prefix_length: u8,
        /// None are defined.
        pub flags: u8,
        /// Index of the link that the label is for; 0 for all.
        pub index: u32,
        /// Counts changes of the table.
        pub sequence: u32,
    }
}

attributes! {
    /// Attributes of a prefix's label (`IFAL_*`, `linux/if_addrlabel.h`).
    pub AddressLabelAttributes, AddressLabelWriter = "rt-addrlabel/addrlabel-attrs" {
        /// The prefix; the address to look up, in a [`Get`].
        1 "IFAL_ADDRESS" address: IpAddr,
        /// The label: a number that source and destination should share.
        2 "IFAL_LABEL" label: u32,
    }
}

/// What makes a label this one and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AddressLabelKey {
    /// The prefix.
    pub prefix: Option<IpAddr>,
    /// Its length, in bits.
    pub prefix_length: u8,
    /// Index of the link; 0 for all.
    pub index: u32,
}

impl Object for AddressLabel {
    type Key = AddressLabelKey;
    const NOUN: &'static str = "address label";
    fn key(&self) -> AddressLabelKey {
        AddressLabelKey { prefix: self.address(), prefix_length: self.prefix_length(), index: self.index() }
    }
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(prefix) = self.address() {
            write!(f, "{prefix}/{}", self.prefix_length())?;
            if self.index() != 0 {
                write!(f, " dev {}", self.index())?;
            }
        }
        Ok(())
    }
}

pub(crate) const RTM_NEWADDRLABEL: u16 = 72;
pub(crate) const RTM_DELADDRLABEL: u16 = 73;
const RTM_GETADDRLABEL: u16 = 74;

/// Lists the labels of prefixes.
///
/// ```
/// let labels = netloom_route::addrlabel::List::all();
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct List;

impl List {
    /// All labels.
    pub fn all() -> Self {
        Self
    }
}

impl Request for List {
    type Family = Rtnetlink;
    type Body = AddressLabel;
    type Reply = AddressLabel;
    type Kind = Dump;
    const COMMAND: u16 = RTM_GETADDRLABEL;
    const REPLY: u16 = RTM_NEWADDRLABEL;
    const VERB: &'static str = "list";

    fn write(&self, out: &mut Buffer) {
        let header = AddressLabelHeader { family: af::INET6, ..Default::default() };
        out.message(header, |w: AddressLabelWriter| w);
    }
}

/// Gets the label that an address has: that of the longest prefix it lies in.
///
/// ```
/// let label = netloom_route::addrlabel::Get::new("2001:db8::1".parse()?);
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Get {
    address: Ipv6Addr,
    index: u32,
}

impl Get {
    /// Of this address.
    pub fn new(address: Ipv6Addr) -> Self {
        Self { address, index: 0 }
    }

    /// As the link with this index has it.
    #[must_use]
    pub fn device(self, index: u32) -> Self {
        Self { index, ..self }
    }
}

impl Request for Get {
    type Family = Rtnetlink;
    type Body = AddressLabel;
    type Reply = AddressLabel;
    type Kind = wire::Get;
    const COMMAND: u16 = RTM_GETADDRLABEL;
    const REPLY: u16 = RTM_NEWADDRLABEL;
    const VERB: &'static str = "get";
    const ALWAYS_REPLIES: bool = true;

    fn write(&self, out: &mut Buffer) {
        let header =
            AddressLabelHeader { family: af::INET6, prefix_length: 128, index: self.index, ..Default::default() };
        out.message(header, |w: AddressLabelWriter| w.address(self.address.into()));
    }
}

/// Gives a prefix a label; an error if it has one.
///
/// ```
/// let add = netloom_route::addrlabel::Add::new("2001:db8::".parse()?, 32).label(99);
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
pub type Add = Order<verb::Add>;

/// Gives a prefix a label, or another than it has.
///
/// ```
/// let replace = netloom_route::addrlabel::Replace::new("2001:db8::".parse()?, 32).label(98);
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
pub type Replace = Order<verb::Replace>;

/// Takes a prefix's label away; an error if it has none.
///
/// ```
/// let delete = netloom_route::addrlabel::Delete::new("2001:db8::".parse()?, 32);
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
pub type Delete = Order<verb::Delete>;

/// What is to be done with a prefix's label: [`Add`], [`Replace`], [`Delete`].
#[derive(Clone, Copy, Debug)]
pub struct Order<V> {
    prefix: Ipv6Addr,
    prefix_length: u8,
    index: u32,
    label: Option<u32>,
    verb: core::marker::PhantomData<V>,
}

impl<V: Verb> Order<V> {
    /// Of a prefix and its length in bits, 0 to 128.
    pub fn new(prefix: Ipv6Addr, prefix_length: u8) -> Self {
        Self { prefix, prefix_length, index: 0, label: None, verb: core::marker::PhantomData }
    }

    /// For the link with this index alone.
    #[must_use]
    pub fn device(self, index: u32) -> Self {
        Self { index, ..self }
    }

    /// The label: any number but `u32::MAX`.
    #[must_use]
    pub fn label(self, label: u32) -> Self {
        Self { label: Some(label), ..self }
    }
}

impl Delete {
    /// Takes away this very label; None if it is not one of an IPv6 prefix.
    pub fn of(label: &AddressLabel) -> Option<Self> {
        let IpAddr::V6(prefix) = label.address()? else { return None };
        Some(Self { label: label.label(), ..Self::new(prefix, label.prefix_length()).device(label.index()) })
    }
}

impl<V: Verb> Request for Order<V> {
    type Family = Rtnetlink;
    type Body = AddressLabel;
    type Reply = AddressLabel;
    type Kind = Command;
    const COMMAND: u16 = if V::DELETES { RTM_DELADDRLABEL } else { RTM_NEWADDRLABEL };
    const REPLY: u16 = RTM_NEWADDRLABEL;
    const VERB: &'static str = V::NAME;

    fn flags(&self) -> u16 {
        V::FLAGS
    }

    fn write(&self, out: &mut Buffer) {
        let header = AddressLabelHeader {
            family: af::INET6,
            prefix_length: self.prefix_length,
            index: self.index,
            ..Default::default()
        };
        // The kernel wants a label of a delete too, and ignores it.
        let label = self.label.or(if V::DELETES { Some(0) } else { None });
        out.message(header, |w: AddressLabelWriter| {
            w.address(self.prefix.into()).some(label, AddressLabelWriter::label)
        });
    }
}
