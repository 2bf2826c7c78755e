//! Address families (`AF_*`, `linux/socket.h`), as the headers of rtnetlink hold them: one byte.

use core::net::IpAddr;

/// `AF_UNSPEC`: any family.
pub const UNSPEC: u8 = 0;
/// `AF_INET`: IPv4.
pub const INET: u8 = 2;
/// `AF_BRIDGE`: forwarding databases and ports of bridges.
pub const BRIDGE: u8 = 7;
/// `AF_INET6`: IPv6.
pub const INET6: u8 = 10;
/// `AF_PACKET`: frames.
pub const PACKET: u8 = 17;
/// `AF_MPLS`.
pub const MPLS: u8 = 28;

/// Family of an address.
pub const fn of(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => INET,
        IpAddr::V6(_) => INET6,
    }
}

/// Bits of an address of this family; 0 for a family that is neither IPv4 nor IPv6.
pub const fn bits(family: u8) -> u8 {
    match family {
        INET => 32,
        INET6 => 128,
        _ => 0,
    }
}
