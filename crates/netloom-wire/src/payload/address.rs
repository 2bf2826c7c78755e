//! Addresses.

use core::{
    error, fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use super::Payload;
use crate::{Buffer, Kind};

impl Payload for IpAddr {
    type Get<'a> = Self;
    const KIND: Kind = Kind::Ip;
    #[inline]
    fn get(payload: &[u8]) -> Option<Self> {
        match <[u8; 4]>::try_from(payload) {
            Ok(bytes) => Some(bytes.into()),
            Err(_) => Some(<[u8; 16]>::try_from(payload).ok()?.into()),
        }
    }
    fn put(value: Self, number: u16, out: &mut Buffer) {
        match value {
            Self::V4(address) => out.put(number, &address.octets()),
            Self::V6(address) => out.put(number, &address.octets()),
        }
    }
}

macro_rules! addresses { ($($type:ident $kind:ident $bytes:literal,)*) => { $(
    impl Payload for $type {
        type Get<'a> = $type;
        const KIND: Kind = Kind::$kind;
        fn get(payload: &[u8]) -> Option<$type> {
            Some(<[u8; $bytes]>::try_from(payload).ok()?.into())
        }
        fn put(value: $type, number: u16, out: &mut Buffer) {
            out.put(number, &value.octets());
        }
    }
)* } }
addresses! { Ipv4Addr Ip4 4, Ipv6Addr Ip6 16, }

/// A hardware address: 6 bytes on Ethernet, up to 32 elsewhere (20 on InfiniBand, 4 or 16 on tunnels).
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HardwareAddress {
    length: u8,
    bytes: [u8; 32],
}

impl HardwareAddress {
    /// None if longer than 32 bytes, the kernel's `MAX_ADDR_LEN`.
    pub fn new(address: &[u8]) -> Option<Self> {
        let mut bytes = [0; 32];
        bytes.get_mut(..address.len())?.copy_from_slice(address);
        Some(Self { length: u8::try_from(address.len()).ok()?, bytes })
    }

    /// The bytes that count.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }

    /// The 6 bytes of an Ethernet address; None if it has another length.
    pub fn as_ethernet(&self) -> Option<[u8; 6]> {
        self.as_bytes().try_into().ok()
    }
}

impl From<[u8; 6]> for HardwareAddress {
    fn from(ethernet: [u8; 6]) -> Self {
        Self::new(&ethernet).unwrap_or_default()
    }
}

impl fmt::Display for HardwareAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes()
            .iter()
            .enumerate()
            .try_for_each(|(at, byte)| write!(f, "{}{byte:02x}", if at > 0 { ":" } else { "" }))
    }
}

impl fmt::Debug for HardwareAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text is no hardware address: bytes in hexadecimal with a `:` between each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAHardwareAddress;

impl fmt::Display for NotAHardwareAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a hardware address: 1 to 32 bytes in hexadecimal, as 02:00:00:00:00:01")
    }
}
impl error::Error for NotAHardwareAddress {}

impl FromStr for HardwareAddress {
    type Err = NotAHardwareAddress;
    fn from_str(text: &str) -> Result<Self, NotAHardwareAddress> {
        let (mut bytes, mut length) = ([0; 32], 0usize);
        for part in text.split([':', '-']) {
            let plain = matches!(part.len(), 1 | 2) && part.bytes().all(|b| b.is_ascii_hexdigit());
            let byte = u8::from_str_radix(part, 16).ok().filter(|_| plain).ok_or(NotAHardwareAddress)?;
            *bytes.get_mut(length).ok_or(NotAHardwareAddress)? = byte;
            length = length.saturating_add(1);
        }
        Self::new(bytes.get(..length).unwrap_or_default()).ok_or(NotAHardwareAddress)
    }
}

impl Payload for HardwareAddress {
    type Get<'a> = Self;
    const KIND: Kind = Kind::HardwareAddress;
    fn get(payload: &[u8]) -> Option<Self> {
        Self::new(payload)
    }
    fn put(value: Self, number: u16, out: &mut Buffer) {
        out.put(number, value.as_bytes());
    }
}

const AF_INET: u16 = 2;
const AF_INET6: u16 = 10;

/// A gateway of another family than the route's (`struct rtvia`, `linux/rtnetlink.h`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Via {
    /// Address family (`AF_*`).
    pub family: u16,
    address: HardwareAddress,
}

impl Via {
    /// Of any family; None if the address is longer than 32 bytes.
    pub fn new(family: u16, address: &[u8]) -> Option<Self> {
        Some(Self { family, address: HardwareAddress::new(address)? })
    }

    /// The address of the gateway, if it is one of IPv4 or IPv6.
    pub fn ip(&self) -> Option<IpAddr> {
        let ip = IpAddr::get(self.address.as_bytes())?;
        (self.family == if ip.is_ipv4() { AF_INET } else { AF_INET6 }).then_some(ip)
    }

    /// The bytes of the address.
    pub fn as_bytes(&self) -> &[u8] {
        self.address.as_bytes()
    }
}

impl From<IpAddr> for Via {
    fn from(ip: IpAddr) -> Self {
        let (family, address) = match ip {
            IpAddr::V4(ip) => (AF_INET, HardwareAddress::new(&ip.octets())),
            IpAddr::V6(ip) => (AF_INET6, HardwareAddress::new(&ip.octets())),
        };
        Self { family, address: address.unwrap_or_default() }
    }
}

impl fmt::Display for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ip() {
            Some(ip) => fmt::Display::fmt(&ip, f),
            None => write!(f, "{} (family {})", self.address, self.family),
        }
    }
}

impl fmt::Debug for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Payload for Via {
    type Get<'a> = Self;
    const KIND: Kind = Kind::Via;
    fn get(payload: &[u8]) -> Option<Self> {
        let (family, address) = payload.split_first_chunk::<2>()?;
        Self::new(u16::from_ne_bytes(*family), address)
    }
    fn put(value: Self, number: u16, out: &mut Buffer) {
        let open = out.open(number);
        out.raw(&value.family.to_ne_bytes());
        out.raw(value.as_bytes());
        out.close(open);
    }
}
