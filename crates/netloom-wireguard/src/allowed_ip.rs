//! What may come from a peer, and goes to it.

use core::{error, fmt, net::IpAddr, str::FromStr};

use crate::{AllowedIpAttributes, AllowedIpFlags, AllowedIpWriter};

const AF_INET: u16 = 2;
const AF_INET6: u16 = 10;

/// A prefix of addresses that a peer sends from, and that packets are sent to it for.
///
/// ```
/// use netloom_wireguard::AllowedIp;
///
/// let subnet: AllowedIp = "10.0.0.0/24".parse()?;
/// let host: AllowedIp = "fd00::1".parse()?;
/// assert_eq!((subnet.prefix(), host.to_string().as_str()), (24, "fd00::1/128"));
/// # Ok::<(), netloom_wireguard::NotAnAllowedIp>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AllowedIp {
    address: IpAddr,
    prefix: u8,
}

/// A text or a pair is no prefix of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnAllowedIp;

impl fmt::Display for NotAnAllowedIp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "not an allowed IP: an address, perhaps with a prefix of 0 to 32 bits (IPv6: to 128), as 10.0.0.0/8",
        )
    }
}
impl error::Error for NotAnAllowedIp {}

impl AllowedIp {
    /// The first `prefix` bits of `address`; what lies behind them is cleared, as the kernel does.
    ///
    /// # Errors
    /// If the address has fewer bits.
    pub fn new(address: IpAddr, prefix: u8) -> Result<Self, NotAnAllowedIp> {
        let address = match address {
            IpAddr::V4(address) => {
                let host = 32u32.checked_sub(prefix.into()).ok_or(NotAnAllowedIp)?;
                let mask = u32::MAX.checked_shl(host).unwrap_or_default();
                IpAddr::V4((address.to_bits() & mask).into())
            }
            IpAddr::V6(address) => {
                let host = 128u32.checked_sub(prefix.into()).ok_or(NotAnAllowedIp)?;
                let mask = u128::MAX.checked_shl(host).unwrap_or_default();
                IpAddr::V6((address.to_bits() & mask).into())
            }
        };
        Ok(Self { address, prefix })
    }

    /// Its first address.
    pub fn address(self) -> IpAddr {
        self.address
    }

    /// Its length in bits: 0 to 32, or to 128.
    pub fn prefix(self) -> u8 {
        self.prefix
    }

    pub(crate) fn read(attributes: &AllowedIpAttributes) -> Option<Self> {
        Self::new(attributes.ipaddr()?, attributes.cidr_mask()?).ok()
    }

    pub(crate) fn write(self, remove: bool, w: AllowedIpWriter) -> AllowedIpWriter {
        let family = if self.address.is_ipv4() { AF_INET } else { AF_INET6 };
        let w = w.family(family).ipaddr(self.address).cidr_mask(self.prefix);
        if remove { w.flags(AllowedIpFlags::REMOVE_ME) } else { w }
    }
}

impl From<IpAddr> for AllowedIp {
    fn from(address: IpAddr) -> Self {
        Self { address, prefix: if address.is_ipv4() { 32 } else { 128 } }
    }
}

impl FromStr for AllowedIp {
    type Err = NotAnAllowedIp;
    fn from_str(text: &str) -> Result<Self, NotAnAllowedIp> {
        let Some((address, prefix)) = text.split_once('/') else {
            return text.parse::<IpAddr>().map(Self::from).map_err(|_| NotAnAllowedIp);
        };
        let plain = prefix.bytes().all(|byte| byte.is_ascii_digit());
        let prefix = prefix.parse().ok().filter(|_| plain).ok_or(NotAnAllowedIp)?;
        Self::new(address.parse().map_err(|_| NotAnAllowedIp)?, prefix)
    }
}

impl fmt::Display for AllowedIp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

impl fmt::Debug for AllowedIp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
