//! Where a peer is reached: `struct sockaddr_in` or `struct sockaddr_in6`.

use core::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use netloom_wire::{Buffer, Kind, Payload};

const AF_INET: u16 = 2;
const AF_INET6: u16 = 10;

/// Address and UDP port of a peer; with IPv6 the index of the link that a link-local address belongs to.
///
/// ```
/// use netloom_wireguard::Endpoint;
///
/// let endpoint = Endpoint("[fe80::1%2]:51820".parse().unwrap());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Endpoint(pub SocketAddr);

impl Payload for Endpoint {
    type Get<'a> = Self;
    const KIND: Kind = Kind::Bytes;

    fn get(payload: &[u8]) -> Option<Self> {
        let (family, rest) = payload.split_first_chunk::<2>()?;
        let (port, rest) = rest.split_first_chunk::<2>()?;
        let port = u16::from_be_bytes(*port);
        match u16::from_ne_bytes(*family) {
            AF_INET => {
                let address = Ipv4Addr::from(*rest.first_chunk::<4>()?);
                Some(Self(SocketAddrV4::new(address, port).into()))
            }
            AF_INET6 => {
                let (flow, rest) = rest.split_first_chunk::<4>()?;
                let (address, rest) = rest.split_first_chunk::<16>()?;
                let scope = u32::from_ne_bytes(*rest.first_chunk::<4>()?);
                // As std has it: the bits of `sin6_flowinfo` as they lie.
                let flow = u32::from_ne_bytes(*flow);
                Some(Self(SocketAddrV6::new(Ipv6Addr::from(*address), port, flow, scope).into()))
            }
            _ => None,
        }
    }

    fn put(value: Self, number: u16, out: &mut Buffer) {
        let open = out.open(number);
        match value.0 {
            SocketAddr::V4(at) => {
                out.raw(&AF_INET.to_ne_bytes());
                out.raw(&at.port().to_be_bytes());
                out.raw(&at.ip().octets());
                out.raw(&[0; 8]);
            }
            SocketAddr::V6(at) => {
                out.raw(&AF_INET6.to_ne_bytes());
                out.raw(&at.port().to_be_bytes());
                out.raw(&at.flowinfo().to_ne_bytes());
                out.raw(&at.ip().octets());
                out.raw(&at.scope_id().to_ne_bytes());
            }
        }
        out.close(open);
    }
}
