//! netlink-bindings with netlink-socket2.

use anyhow::{Result, anyhow};
use netlink_bindings::{rt_link, rt_route, traits::NetlinkRequest};
use netlink_socket2::NetlinkSocket;

use crate::bare;

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
    Ok(attributes.get_mtu().is_ok())
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
