//! Endpoints: names and scopes on the way in, names of links on the way out.

use crate::context::Context;
use crate::devices::Devices;
use crate::failure::Outcome;
use netloom::wireguard::Device;
use std::net::{IpAddr, SocketAddr, SocketAddrV6, ToSocketAddrs as _};

/// The address that `HOST:PORT` or `[IPv6]:PORT` means. A name is resolved where this program runs; the link that a scope
/// names is one of the namespace that is worked in.
pub(super) fn resolve(cx: &mut Context, text: &str) -> Result<SocketAddr, String> {
    let wrong = || format!("{text:?} is not an endpoint: HOST:PORT is expected, an IPv6 address in brackets");
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => rest.split_once("]:").ok_or_else(wrong)?,
        None => text.rsplit_once(':').ok_or_else(wrong)?,
    };
    let port = super::settings::port(port)?;
    if host.is_empty() {
        return Err(wrong());
    }
    let (address, scope) = host.split_once('%').map_or((host, None), |(address, scope)| (address, Some(scope)));
    match (address.parse(), scope) {
        (Ok(IpAddr::V6(address)), Some(scope)) => {
            let index = match scope.parse() {
                Ok(index) => index,
                Err(_) => cx.device(scope).map_err(|failure| format!("{text}: {failure}"))?,
            };
            Ok(SocketAddrV6::new(address, port, 0, index).into())
        }
        (Ok(address), None) => Ok(SocketAddr::new(address, port)),
        _ => {
            let mut found = (host, port).to_socket_addrs().map_err(|error| format!("{text}: {error}"))?;
            found.next().ok_or_else(|| format!("{text}: the name has no address"))
        }
    }
}

/// Learns the names of the links that endpoints name.
pub(super) fn learn_scopes(cx: &mut Context, device: &Device) -> Outcome {
    let scopes = device.peers.iter().filter_map(|peer| match peer.endpoint? {
        SocketAddr::V6(endpoint) => Some(endpoint.scope_id()).filter(|scope| *scope != 0),
        SocketAddr::V4(_) => None,
    });
    scopes.collect::<Vec<_>>().into_iter().try_for_each(|scope| cx.learn_device(scope))
}

/// The text of an endpoint, with the name of its link where that is known.
pub(super) fn show(endpoint: &SocketAddr, devices: &Devices) -> String {
    match endpoint {
        SocketAddr::V6(v6) if devices.knows(v6.scope_id()) => {
            format!("[{}%{}]:{}", v6.ip(), devices.name(v6.scope_id()), v6.port())
        }
        other => other.to_string(),
    }
}
