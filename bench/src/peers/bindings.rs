//! netlink-bindings with netlink-socket2.

use anyhow::{Result, anyhow, ensure};
use netlink_bindings::{nlctrl, rt_link, rt_route, traits::NetlinkRequest, wireguard};
use netlink_socket2::{MulticastSocketRaw, NetlinkSocket};

use crate::bare::{
    self,
    generic::CONTROLLER,
    wireguard::{ALLOWED, DEVICE},
};

/// Streams all routes.
pub fn dump(_: u32) -> Result<u64> {
    let mut socket = NetlinkSocket::new();
    let header = rt_route::Rtmsg { rtm_family: 2, ..Default::default() };
    let request = rt_route::Request::new().op_getroute_dump(&header);
    let mut routes = socket.request(&request)?;
    let mut seen = 0;
    while let Some((header, attributes)) = routes.recv().transpose().map_err(|e| anyhow!("{e}"))? {
        let read = attributes.get_dst().is_ok() && attributes.get_oif().is_ok();
        seen += u64::from(header.rtm_table == 254 && read);
    }
    Ok(seen)
}

/// Adds routes one by one: its chained requests are for transactions.
pub fn add(count: u32) -> Result<u64> {
    let mut socket = NetlinkSocket::new();
    let header = rt_route::Rtmsg {
        rtm_family: 2,
        rtm_dst_len: 32,
        rtm_table: 254,
        rtm_protocol: 4,
        rtm_scope: 253,
        rtm_type: 1,
        ..Default::default()
    };
    for n in 0..count {
        let mut request = rt_route::Request::new().set_create().set_excl().op_newroute_do(&header);
        request.encode().push_dst(bare::destination(n).into()).push_oif(bare::LOOPBACK);
        socket.request(&request)?.recv_ack().map_err(|e| anyhow!("{e}"))?;
    }
    Ok(count.into())
}

/// Dumps links.
pub fn links(_: u32) -> Result<u64> {
    let mut socket = NetlinkSocket::new();
    let request = rt_link::Request::new().op_getlink_dump(&Default::default());
    let mut links = socket.request(&request)?;
    let mut seen = 0;
    while let Some((_, attributes)) = links.recv().transpose().map_err(|e| anyhow!("{e}"))? {
        let ours = attributes.get_ifname().is_ok_and(|name| name.to_bytes().starts_with(b"i"));
        seen += u64::from(ours && attributes.get_mtu().is_ok());
    }
    Ok(seen)
}

fn get_once(socket: &mut NetlinkSocket) -> Result<bool> {
    let mut request = rt_link::Request::new().op_getlink_do(&Default::default());
    request.encode().push_ext_mask(1).push_ifname_bytes(b"lo");
    let mut reply = socket.request(&request)?;
    let (_, attributes) = reply.recv_one().map_err(|e| anyhow!("{e}"))?;
    let found = attributes.get_mtu().is_ok();
    // Nothing more comes but the acknowledgement that it always asks for.
    ensure!(reply.recv().is_none(), "a second reply");
    Ok(found)
}

/// Gets one link, over and over.
pub fn get(count: u32) -> Result<u64> {
    let mut socket = NetlinkSocket::new();
    (0..count).try_fold(0, |seen, _| Ok(seen + u64::from(get_once(&mut socket)?)))
}

/// Opens a socket for each get.
pub fn open(count: u32) -> Result<u64> {
    (0..count).try_fold(0, |seen, _| Ok(seen + u64::from(get_once(&mut NetlinkSocket::new())?)))
}

/// Reads one message in memory.
pub fn codec(count: u32) -> Result<u64> {
    let sample = bare::sample()?;
    let mut seen = 0;
    for _ in 0..count {
        let (_, attributes) = rt_route::OpGetrouteDump::decode_reply(std::hint::black_box(&sample));
        seen += u64::from(attributes.get_dst().is_ok() && attributes.get_oif().is_ok());
    }
    Ok(seen)
}

/// Receives notifications. Its receive buffer is the system's own and cannot be set.
pub fn watch(count: u32) -> Result<u64> {
    let mut socket = MulticastSocketRaw::new(0)?;
    socket.listen(bare::IPV4_ROUTE_GROUP)?;
    let _producer = bare::produce(count)?;
    let mut seen = 0;
    while seen < u64::from(count) {
        let (_, payload) = socket.recv().map_err(|e| anyhow!("{e} after {seen} of {count}"))?;
        let (_, attributes) = rt_route::OpGetrouteDump::decode_reply(payload);
        seen += u64::from(attributes.get_dst().is_ok() && attributes.get_oif().is_ok());
    }
    Ok(seen)
}

/// Gets a family, over and over.
pub fn generic(count: u32) -> Result<u64> {
    let mut socket = NetlinkSocket::new();
    let mut seen = 0;
    for _ in 0..count {
        let mut request = nlctrl::Request::new().op_getfamily_do();
        request.encode().push_family_id(CONTROLLER);
        let mut reply = socket.request(&request)?;
        seen += u64::from(reply.recv_one().map_err(|e| anyhow!("{e}"))?.get_family_name().is_ok());
        ensure!(reply.recv().is_none(), "a second reply");
    }
    Ok(seen)
}

/// Sets peers and reads them back.
pub fn wireguard(count: u32) -> Result<u64> {
    let mut socket = NetlinkSocket::new();
    // It does not split: no more than fits a message.
    for first in (0..count).step_by(256) {
        let mut request = wireguard::Request::new().op_set_device_do();
        let mut peers = request.encode().push_ifname_bytes(DEVICE.as_bytes()).array_peers();
        for n in first..(first + 256).min(count) {
            let mut allowed = peers.entry_nested().push_public_key(&bare::wireguard::key(n)).array_allowedips();
            for k in 0..ALLOWED {
                let address = bare::wireguard::allowed(n, k).into();
                allowed = allowed.entry_nested().push_family(2).push_ipaddr(address).push_cidr_mask(32).end_nested();
            }
            peers = allowed.end_array().end_nested();
        }
        peers.end_array();
        socket.request(&request)?.recv_ack().map_err(|e| anyhow!("{e}"))?;
    }
    let mut request = wireguard::Request::new().op_get_device_dump();
    request.encode().push_ifname_bytes(DEVICE.as_bytes());
    let mut parts = socket.request(&request)?;
    let mut allowed = 0;
    while let Some(part) = parts.recv().transpose().map_err(|e| anyhow!("{e}"))? {
        for peer in part.get_peers()? {
            allowed += peer.get_allowedips().map_or(0, Iterator::count) as u64;
        }
    }
    Ok(allowed / u64::from(ALLOWED))
}
