//! Prefixes that routers advertise (`RTM_NEWPREFIX`, `linux/rtnetlink.h`): the kernel tells them as they come, in group
//! `RTNLGRP_IPV6_PREFIX`, and keeps no list that could be asked for.

use core::{fmt, net::Ipv6Addr};

use netloom_wire::{Object, attributes, fixed, flags, message};

message! {
    /// A prefix out of a router's advertisement.
    pub AdvertisedPrefix, AdvertisedPrefixHeader = "prefixmsg" AdvertisedPrefixAttributes {
        /// Address family: `AF_INET6`.
        pub family: u8,
        #[doc(hidden)]
        pub _pad1: u8,
        #[doc(hidden)]
        pub _pad2: u16,
        /// Index of the link that it came by.
        pub index: i32,
        /// Option of the advertisement (RFC 4861): 3, prefix information.
        pub option: u8,
        /// Length of the prefix, in bits.
        pub prefix_length: u8,
        /// Properties, [`PrefixFlags`].
        pub flags: u8,
        #[doc(hidden)]
        pub _pad3: u8,
    }
}

attributes! {
    /// Attributes of an advertised prefix (`PREFIX_*`, `linux/rtnetlink.h`).
    pub AdvertisedPrefixAttributes, AdvertisedPrefixWriter = "rt-prefix/prefix-attrs" {
        /// The prefix.
        1 "PREFIX_ADDRESS" address: Ipv6Addr,
        /// Lifetimes.
        2 "PREFIX_CACHEINFO" cache_info: PrefixLifetimes,
    }
}

fixed! {
    /// Lifetimes of an advertised prefix (`struct prefix_cacheinfo`), in seconds; `u32::MAX` is without end.
    pub PrefixLifetimes = "prefix_cacheinfo" {
        /// For which addresses made of it are preferred.
        pub preferred: u32,
        /// For which it is valid.
        pub valid: u32,
    }
}

flags! {
    /// Properties of an advertised prefix (`IF_PREFIX_*` of `net/if_inet6.h`).
    pub PrefixFlags: u8 = "prefix-flags" {
        /// Its addresses are on the link.
        "IF_PREFIX_ONLINK" ONLINK = 0x1,
        /// Hosts may make addresses of it (RFC 4862).
        "IF_PREFIX_AUTOCONF" AUTOCONF = 0x2,
    }
}

/// What makes a prefix this one and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AdvertisedPrefixKey {
    /// Index of the link.
    pub index: i32,
    /// The prefix.
    pub prefix: Option<Ipv6Addr>,
    /// Its length, in bits.
    pub prefix_length: u8,
}

impl Object for AdvertisedPrefix {
    type Key = AdvertisedPrefixKey;
    const NOUN: &'static str = "prefix";
    fn key(&self) -> AdvertisedPrefixKey {
        AdvertisedPrefixKey { index: self.index(), prefix: self.address(), prefix_length: self.prefix_length() }
    }
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(prefix) = self.address() {
            write!(f, "{prefix}/{} ", self.prefix_length())?;
        }
        write!(f, "dev {}", self.index())
    }
}
