//! neli.

use std::io::Cursor;

use anyhow::{Result, anyhow};
use neli::{
    FromBytesWithInput,
    consts::{
        genl::{CtrlAttr, CtrlCmd},
        nl::{GenlId, NlmF},
        rtnl::{Ifla, RtAddrFamily, RtScope, RtTable, Rta, Rtm, Rtn, Rtprot},
        socket::NlFamily,
    },
    genl::{AttrTypeBuilder, Genlmsghdr, GenlmsghdrBuilder, NlattrBuilder},
    nl::{NlPayload, Nlmsghdr},
    router::synchronous::NlRouter,
    rtnl::{Ifinfomsg, IfinfomsgBuilder, RtattrBuilder, Rtmsg, RtmsgBuilder},
    socket::synchronous::NlSocketHandle,
    utils::Groups,
};

use crate::bare::{self, generic::CONTROLLER};

/// Its errors carry buffers that cannot be shared among threads.
fn told(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow!("{error}")
}

fn open_router(family: NlFamily) -> Result<NlRouter> {
    Ok(NlRouter::connect(family, None, Groups::empty()).map_err(told)?.0)
}

fn reads(route: &Rtmsg) -> bool {
    let has = |number| route.rtattrs().iter().any(|a| *a.rta_type() == number);
    *route.rtm_table() == RtTable::Main && has(Rta::Dst) && has(Rta::Oif)
}

fn any_route() -> RtmsgBuilder {
    RtmsgBuilder::default()
        .rtm_family(RtAddrFamily::Inet)
        .rtm_dst_len(0)
        .rtm_src_len(0)
        .rtm_tos(0)
        .rtm_table(RtTable::Unspec)
        .rtm_protocol(Rtprot::Unspec)
        .rtm_scope(RtScope::Universe)
        .rtm_type(Rtn::Unspec)
}

/// Hands each message with a route to `on`.
fn routes(mut on: impl FnMut(Nlmsghdr<Rtm, Rtmsg>)) -> Result<()> {
    let router = open_router(NlFamily::Route)?;
    let asked = NlPayload::Payload(any_route().build()?);
    let routes = router.send::<_, _, Rtm, Rtmsg>(Rtm::Getroute, NlmF::DUMP, asked).map_err(told)?;
    for route in routes {
        on(route.map_err(told)?);
    }
    Ok(())
}

/// Streams all routes.
pub fn dump(_: u32) -> Result<u64> {
    let mut seen = 0;
    routes(|message| seen += u64::from(message.get_payload().is_some_and(reads)))?;
    Ok(seen)
}

/// Collects all routes.
pub fn collect(_: u32) -> Result<u64> {
    let mut all = Vec::new();
    routes(|message| all.push(message))?;
    Ok(all.iter().filter(|message| message.get_payload().is_some_and(reads)).count() as u64)
}

/// Adds routes one by one: it has no batches.
pub fn add(count: u32) -> Result<u64> {
    let router = open_router(NlFamily::Route)?;
    for n in 0..count {
        let attributes = [
            RtattrBuilder::default().rta_type(Rta::Dst).rta_payload(&bare::destination(n)[..]).build()?,
            RtattrBuilder::default().rta_type(Rta::Oif).rta_payload(bare::LOOPBACK).build()?,
        ];
        let route = any_route()
            .rtm_dst_len(32)
            .rtm_table(RtTable::Main)
            .rtm_protocol(Rtprot::Static)
            .rtm_scope(RtScope::Link)
            .rtm_type(Rtn::Unicast)
            .rtattrs(attributes.into_iter().collect())
            .build()?;
        let flags = NlmF::CREATE | NlmF::EXCL | NlmF::ACK;
        let asked = NlPayload::Payload(route);
        for answer in router.send::<_, _, Rtm, Rtmsg>(Rtm::Newroute, flags, asked).map_err(told)? {
            answer.map_err(told)?;
        }
    }
    Ok(count.into())
}

/// Dumps links.
pub fn links(_: u32) -> Result<u64> {
    let router = open_router(NlFamily::Route)?;
    let asked = NlPayload::Payload(IfinfomsgBuilder::default().ifi_family(RtAddrFamily::Unspecified).build()?);
    let mut seen = 0;
    for link in router.send::<_, _, Rtm, Ifinfomsg>(Rtm::Getlink, NlmF::DUMP, asked).map_err(told)? {
        let link = link.map_err(told)?;
        if let NlPayload::Payload(link) = link.nl_payload() {
            let find = |number| link.rtattrs().iter().find(|a| *a.rta_type() == number);
            let ours = find(Ifla::Ifname).is_some_and(|name| name.rta_payload().as_ref().starts_with(b"i"));
            seen += u64::from(ours && find(Ifla::Mtu).is_some());
        }
    }
    Ok(seen)
}

fn get_once(router: &NlRouter) -> Result<u64> {
    let name = RtattrBuilder::default().rta_type(Ifla::Ifname).rta_payload("lo").build()?;
    let mask = RtattrBuilder::default().rta_type(Ifla::ExtMask).rta_payload(1u32).build()?;
    let attributes = [mask, name].into_iter().collect();
    let asked = IfinfomsgBuilder::default().ifi_family(RtAddrFamily::Unspecified).rtattrs(attributes).build()?;
    let asked = NlPayload::Payload(asked);
    let mut seen = 0;
    for link in router.send::<_, _, Rtm, Ifinfomsg>(Rtm::Getlink, NlmF::ACK, asked).map_err(told)? {
        let link = link.map_err(told)?;
        if let NlPayload::Payload(link) = link.nl_payload() {
            seen += u64::from(link.rtattrs().iter().any(|a| *a.rta_type() == Ifla::Mtu));
        }
    }
    Ok(seen)
}

/// Gets one link, over and over.
pub fn get(count: u32) -> Result<u64> {
    let router = open_router(NlFamily::Route)?;
    (0..count).try_fold(0, |seen, _| Ok(seen + get_once(&router)?))
}

/// Opens a router for each get.
pub fn open(count: u32) -> Result<u64> {
    (0..count).try_fold(0, |seen, _| Ok(seen + get_once(&open_router(NlFamily::Route)?)?))
}

/// Receives notifications on a bare handle, whose receive buffer can be set, up to the system's limit.
pub fn watch(count: u32) -> Result<u64> {
    let groups = Groups::new_groups(&[bare::IPV4_ROUTE_GROUP]);
    let socket = NlSocketHandle::connect(NlFamily::Route, None, groups).map_err(told)?;
    socket.set_recv_buffer_size(bare::WATCH_BUFFER).map_err(told)?;
    let _producer = bare::produce(count)?;
    let mut seen = 0;
    while seen < u64::from(count) {
        let received = socket.recv::<Rtm, Rtmsg>().map_err(|e| anyhow!("{e} after {seen} of {count}"));
        for route in received?.0 {
            if let NlPayload::Payload(route) = route.map_err(told)?.nl_payload() {
                seen += u64::from(reads(route));
            }
        }
    }
    Ok(seen)
}

/// Parses one message in memory.
pub fn codec(count: u32) -> Result<u64> {
    let sample = bare::sample()?;
    (0..count).try_fold(0, |seen, _| {
        let mut bytes = Cursor::new(std::hint::black_box(&sample[..]));
        let route = Rtmsg::from_bytes_with_input(&mut bytes, sample.len()).map_err(told)?;
        Ok(seen + u64::from(reads(&route)))
    })
}

/// Gets a family, over and over.
pub fn generic(count: u32) -> Result<u64> {
    let router = open_router(NlFamily::Generic)?;
    let mut seen = 0;
    for _ in 0..count {
        let number = AttrTypeBuilder::default().nla_type(CtrlAttr::FamilyId).build()?;
        let id = NlattrBuilder::default().nla_type(number).nla_payload(CONTROLLER).build()?;
        let asked = GenlmsghdrBuilder::default().cmd(CtrlCmd::Getfamily).version(2).attrs([id].into_iter().collect());
        let asked = NlPayload::Payload(asked.build()?);
        let replies = router.send::<_, _, GenlId, Genlmsghdr<CtrlCmd, CtrlAttr>>(GenlId::Ctrl, NlmF::ACK, asked);
        for reply in replies.map_err(told)? {
            if let NlPayload::Payload(family) = reply.map_err(told)?.nl_payload() {
                seen += u64::from(family.attrs().iter().any(|a| *a.nla_type().nla_type() == CtrlAttr::FamilyName));
            }
        }
    }
    Ok(seen)
}
