//! A network's address with its length.

use core::{
    error, fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use crate::af;

/// An IP prefix: an address and how many of its leading bits count.
///
/// Reads `10.0.0.0/8`, `2001:db8::/32`, an address alone (all of its bits count), and `default`, which is
/// [`Prefix::DEFAULT_V4`]. Shows address and length always; with `{:#}` as iproute2 does: `default`, and a host without
/// length.
///
/// ```
/// use netloom_route::Prefix;
///
/// let lan: Prefix = "10.1.0.0/16".parse()?;
/// assert!(lan.contains("10.1.2.3".parse()?) && !lan.contains("10.2.0.0".parse()?));
/// assert_eq!(Prefix::DEFAULT_V6.to_string(), "::/0");
/// assert_eq!(format!("{:#}", Prefix::DEFAULT_V6), "default");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Prefix {
    address: IpAddr,
    length: u8,
}

impl Prefix {
    /// All of IPv4.
    pub const DEFAULT_V4: Self = Self { address: IpAddr::V4(Ipv4Addr::UNSPECIFIED), length: 0 };
    /// All of IPv6.
    pub const DEFAULT_V6: Self = Self { address: IpAddr::V6(Ipv6Addr::UNSPECIFIED), length: 0 };

    /// None if the length is above 32 for IPv4, or above 128.
    pub const fn new(address: IpAddr, length: u8) -> Option<Self> {
        if length <= af::bits(af::of(address)) { Some(Self { address, length }) } else { None }
    }

    /// The address, with the bits after the length as they were given.
    #[inline]
    pub const fn address(&self) -> IpAddr {
        self.address
    }

    /// How many leading bits count.
    #[inline]
    pub const fn length(&self) -> u8 {
        self.length
    }

    /// Whether it is all of IPv4 or all of IPv6.
    pub const fn is_default(&self) -> bool {
        self.length == 0
    }

    /// Whether it is one address.
    pub const fn is_host(&self) -> bool {
        self.length == af::bits(af::of(self.address))
    }

    /// The same with all bits after the length cleared.
    #[must_use]
    pub fn masked(self) -> Self {
        Self { address: network(self.address, self.length), length: self.length }
    }

    /// Whether the address is in it; never one of the other version of IP.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.address.is_ipv4() == address.is_ipv4() && network(address, self.length) == self.masked().address
    }

    /// Whether all of `other` is in it.
    pub fn covers(&self, other: &Self) -> bool {
        self.length <= other.length && self.contains(other.address)
    }
}

/// `address` with the bits after the first `length` cleared.
fn network(address: IpAddr, length: u8) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32u32.saturating_sub(length.into())).unwrap_or(0);
            Ipv4Addr::from_bits(v4.to_bits() & mask).into()
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128u32.saturating_sub(length.into())).unwrap_or(0);
            Ipv6Addr::from_bits(v6.to_bits() & mask).into()
        }
    }
}

impl From<IpAddr> for Prefix {
    /// One address.
    fn from(address: IpAddr) -> Self {
        Self { address, length: af::bits(af::of(address)) }
    }
}

impl From<Ipv4Addr> for Prefix {
    /// One address.
    fn from(address: Ipv4Addr) -> Self {
        IpAddr::from(address).into()
    }
}

impl From<Ipv6Addr> for Prefix {
    /// One address.
    fn from(address: Ipv6Addr) -> Self {
        IpAddr::from(address).into()
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            prefix if f.alternate() && prefix.is_default() => f.write_str("default"),
            prefix if f.alternate() && prefix.is_host() => write!(f, "{}", self.address),
            Self { address, length } => write!(f, "{address}/{length}"),
        }
    }
}

impl fmt::Debug for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.length)
    }
}

/// A text is no prefix: an address, and perhaps `/` and a length of at most 32 or 128.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPrefix;

impl fmt::Display for NotAPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an IP prefix: an address and perhaps its length, as 10.0.0.0/8 or 2001:db8::/32")
    }
}
impl error::Error for NotAPrefix {}

impl FromStr for Prefix {
    type Err = NotAPrefix;
    fn from_str(text: &str) -> Result<Self, NotAPrefix> {
        if text == "default" {
            return Ok(Self::DEFAULT_V4);
        }
        let Some((address, length)) = text.split_once('/') else {
            return text.parse::<IpAddr>().map(Self::from).map_err(|_| NotAPrefix);
        };
        let digits = length.bytes().all(|byte| byte.is_ascii_digit());
        let length = length.parse().ok().filter(|_| digits).ok_or(NotAPrefix)?;
        address.parse().ok().and_then(|address| Self::new(address, length)).ok_or(NotAPrefix)
    }
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::ToString};

    use super::*;

    #[test]
    fn reads_what_it_shows() {
        for text in ["10.0.0.0/8", "0.0.0.0/0", "::/0", "2001:db8::/32", "10.1.2.3/32"] {
            assert_eq!(text.parse::<Prefix>().unwrap().to_string(), text);
        }
        assert_eq!("::1".parse::<Prefix>().unwrap().length(), 128);
        assert_eq!(format!("{:#} {:#}", Prefix::DEFAULT_V4, Prefix::from(Ipv6Addr::LOCALHOST)), "default ::1");
        for bad in ["", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/+8", "10/8", "::/129", "::/0x1", "any"] {
            assert_eq!(bad.parse::<Prefix>(), Err(NotAPrefix), "{bad}");
        }
    }

    #[test]
    fn the_edges_of_the_mask() {
        let all: Prefix = "255.255.255.255/0".parse().unwrap();
        assert_eq!(all.masked(), Prefix::DEFAULT_V4);
        assert!(all.contains(Ipv4Addr::LOCALHOST.into()) && !all.contains(Ipv6Addr::LOCALHOST.into()));
        let host: Prefix = "2001:db8::1".parse().unwrap();
        assert_eq!(host.masked(), host);
        assert!("2001:db8::/32".parse::<Prefix>().unwrap().covers(&host));
        assert!(!host.covers(&"2001:db8::/32".parse().unwrap()));
    }
}
