//! What a route is, beyond its attributes.

use core::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use netloom_wire::{Object, Via};

use super::{NextHop, Route, RouteAddress, RouteFlags, RouteType, TABLE_MAIN};
use crate::{Prefix, af};

impl Route {
    /// The table that it is in.
    #[inline]
    pub fn table(&self) -> u32 {
        self.wide_table().unwrap_or_else(|| self.low_table().into())
    }

    /// What is done with packets.
    #[inline]
    pub fn kind(&self) -> RouteType {
        self.route_type().into()
    }

    /// Its properties.
    #[inline]
    pub fn route_flags(&self) -> RouteFlags {
        RouteFlags::from_bits_retain(self.flags())
    }

    /// The destination; None for MPLS.
    #[inline]
    pub fn destination(&self) -> Option<Prefix> {
        let address = match (self.family(), self.dst(self.family())) {
            (af::INET, Some(RouteAddress::V4(address))) => address.into(),
            (af::INET6, Some(RouteAddress::V6(address))) => address.into(),
            (af::INET, None) => Ipv4Addr::UNSPECIFIED.into(),
            (af::INET6, None) => Ipv6Addr::UNSPECIFIED.into(),
            _ => return None,
        };
        Prefix::new(address, self.dst_length())
    }

    /// The label that packets must have; None for IP.
    pub fn label(&self) -> Option<u32> {
        match self.dst(self.family())? {
            RouteAddress::Mpls(label) => Some(label.label()),
            _ => None,
        }
    }

    /// The source that packets must have; None if any.
    pub fn source(&self) -> Option<Prefix> {
        match self.src() {
            Some(address) => Prefix::new(address, self.src_length()),
            None if self.src_length() > 0 => Prefix::new(unspecified(self.family())?, self.src_length()),
            None => None,
        }
    }

    /// The router, of whatever family; None if there is none or there are several.
    pub fn router(&self) -> Option<IpAddr> {
        self.gateway().or_else(|| self.via()?.ip())
    }

    /// Whether packets may leave by the link with this index.
    pub fn uses(&self, index: u32) -> bool {
        self.oif() == Some(index) || self.multipath().is_some_and(|mut hops| hops.any(|hop| hop.index() == index))
    }
}

fn unspecified(family: u8) -> Option<IpAddr> {
    match family {
        af::INET => Some(Ipv4Addr::UNSPECIFIED.into()),
        af::INET6 => Some(Ipv6Addr::UNSPECIFIED.into()),
        _ => None,
    }
}

impl NextHop {
    /// Its properties.
    pub fn hop_flags(&self) -> RouteFlags {
        RouteFlags::from_bits_retain(self.flags().into())
    }

    /// Its share of the packets, beside those of the others.
    pub fn weight(&self) -> u16 {
        u16::from(self.hops()).saturating_add(1)
    }

    /// The router, of whatever family.
    pub fn router(&self) -> Option<IpAddr> {
        self.gateway().or_else(|| self.via()?.ip())
    }
}

/// What packets a route is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RouteTarget {
    /// Those to addresses of a prefix.
    Prefix(Prefix),
    /// Those with a label.
    Label(u32),
    /// None that this version can name.
    Unknown,
}

/// What makes a route this one and no other.
///
/// In IPv4 a second route with the same key can only be appended to the first; in IPv6 it is another next hop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RouteKey {
    /// Address family (`AF_*`).
    pub family: u8,
    /// The table.
    pub table: u32,
    /// The destination.
    pub target: RouteTarget,
    /// The source; IPv6 only.
    pub source: Option<Prefix>,
    /// Type of service.
    pub tos: u8,
    /// Order among routes to the same destination.
    pub priority: u32,
    /// Router, link and next hop object; IPv6 only, and only if there is one next hop.
    pub next_hop: Option<(Option<IpAddr>, Option<u32>, Option<u32>)>,
}

impl Object for Route {
    type Key = RouteKey;
    const NOUN: &'static str = "route";

    fn key(&self) -> RouteKey {
        let prefix = self.destination().map(|prefix| RouteTarget::Prefix(prefix.masked()));
        let target = prefix.or_else(|| self.label().map(RouteTarget::Label)).unwrap_or(RouteTarget::Unknown);
        let alone = self.family() == af::INET6 && self.multipath().is_none();
        RouteKey {
            family: self.family(),
            table: self.table(),
            target,
            source: self.source().map(Prefix::masked),
            tos: self.tos(),
            priority: self.priority().unwrap_or_default(),
            next_hop: alone.then(|| (self.router(), self.oif(), self.nh_id())),
        }
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut blank = "";
        let mut say = |f: &mut fmt::Formatter<'_>, what: fmt::Arguments<'_>| {
            write!(f, "{blank}{what}")?;
            blank = " ";
            Ok(())
        };
        // A list names no destination; its header says nothing else either.
        let listed = self.dst_length() == 0 && self.dst(self.family()).is_none() && self.scope() == 0;
        match (self.destination(), self.label()) {
            _ if listed && self.kind() == RouteType::Unspecified => {}
            (Some(prefix), _) => say(f, format_args!("{prefix:#}"))?,
            (_, Some(label)) => say(f, format_args!("label {label}"))?,
            _ => {}
        }
        if let Some(source) = self.source() {
            say(f, format_args!("from {source:#}"))?;
        }
        if let Some(via) = self.gateway().map(Via::from).or_else(|| self.via()) {
            say(f, format_args!("via {via}"))?;
        }
        if self.tos() > 0 {
            say(f, format_args!("tos {}", self.tos()))?;
        }
        match self.table() {
            0 | TABLE_MAIN => Ok(()),
            table => say(f, format_args!("table {table}")),
        }
    }
}
