//! rtnetlink and netlink-packet-route.

use std::{net::Ipv4Addr, time::Duration};

use anyhow::{Context, Result, bail};
use futures_util::{StreamExt, TryStreamExt};
use netlink_packet_generic::{
    GenlMessage,
    ctrl::{GenlCtrl, GenlCtrlCmd, nlas::GenlCtrlAttrs},
};
use rtnetlink::{
    Handle, MulticastGroup, RouteMessageBuilder, new_connection, new_multicast_connection,
    packet_core::{NLM_F_ACK, NLM_F_REQUEST, NetlinkMessage, NetlinkPayload, Parseable},
    packet_route::{
        AddressFamily, RouteNetlinkMessage,
        link::LinkAttribute,
        route::{RouteAttribute, RouteMessage, RouteScope},
    },
    sys::AsyncSocket as _,
};

use crate::bare::{self, generic::CONTROLLER};

fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

fn open_handle() -> Result<Handle> {
    let (connection, handle, _) = new_connection()?;
    tokio::spawn(connection);
    Ok(handle)
}

fn reads(route: &RouteMessage) -> bool {
    let has = |what: fn(&RouteAttribute) -> bool| route.attributes.iter().any(what);
    has(|a| matches!(a, RouteAttribute::Destination(_))) && has(|a| matches!(a, RouteAttribute::Oif(_)))
}

/// Streams all routes.
pub fn dump(_: u32) -> Result<u64> {
    block_on(async {
        let request = RouteMessageBuilder::<Ipv4Addr>::new().build();
        let handle = open_handle()?;
        let mut routes = handle.route().get(request).execute();
        let mut seen = 0;
        while let Some(route) = routes.try_next().await? {
            seen += u64::from(route.header.table == 254 && reads(&route));
        }
        Ok(seen)
    })
}

/// Collects all routes.
pub fn collect(_: u32) -> Result<u64> {
    block_on(async {
        let request = RouteMessageBuilder::<Ipv4Addr>::new().build();
        let all: Vec<RouteMessage> = open_handle()?.route().get(request).execute().try_collect().await?;
        Ok(all.iter().filter(|route| route.header.table == 254 && reads(route)).count() as u64)
    })
}

/// Adds routes, 64 in flight.
pub fn add(count: u32) -> Result<u64> {
    block_on(async {
        let handle = open_handle()?;
        let adds = futures_util::stream::iter(0..count).map(|n| {
            let route = RouteMessageBuilder::<Ipv4Addr>::new()
                .destination_prefix(bare::destination(n).into(), 32)
                .output_interface(bare::LOOPBACK)
                .scope(RouteScope::Link)
                .build();
            handle.route().add(route).execute()
        });
        adds.buffer_unordered(64).try_for_each(|()| async { Ok(()) }).await?;
        Ok(count.into())
    })
}

/// Dumps links.
pub fn links(_: u32) -> Result<u64> {
    block_on(async {
        let handle = open_handle()?;
        let mut links = handle.link().get().execute();
        let mut seen = 0;
        while let Some(link) = links.try_next().await? {
            let ours =
                link.attributes.iter().any(|a| matches!(a, LinkAttribute::IfName(name) if name.starts_with('i')));
            seen += u64::from(ours && link.attributes.iter().any(|a| matches!(a, LinkAttribute::Mtu(_))));
        }
        Ok(seen)
    })
}

async fn get_once(handle: &Handle) -> Result<bool> {
    let mut links = handle.link().get().match_name("lo".to_owned()).execute();
    let link = links.try_next().await?.context("no reply")?;
    Ok(link.attributes.iter().any(|a| matches!(a, LinkAttribute::Mtu(_))))
}

/// Gets one link, over and over.
pub fn get(count: u32) -> Result<u64> {
    block_on(async {
        let handle = open_handle()?;
        let mut seen = 0;
        for _ in 0..count {
            seen += u64::from(get_once(&handle).await?);
        }
        Ok(seen)
    })
}

/// Opens a connection for each get.
pub fn open(count: u32) -> Result<u64> {
    block_on(async {
        let mut seen = 0;
        for _ in 0..count {
            seen += u64::from(get_once(&open_handle()?).await?);
        }
        Ok(seen)
    })
}

/// Receives notifications.
pub fn watch(count: u32) -> Result<u64> {
    block_on(async {
        let (mut connection, _, mut messages) = new_multicast_connection(&[MulticastGroup::Ipv4Route])?;
        bare::grow(connection.socket_mut().socket_ref())?;
        tokio::spawn(connection);
        let _producer = bare::produce(count)?;
        let mut seen = 0;
        while seen < u64::from(count) {
            let next = tokio::time::timeout(Duration::from_secs(3), messages.next()).await;
            let Ok(Some((message, _))) = next else {
                bail!("lost {} of {count} notifications", u64::from(count) - seen);
            };
            if let NetlinkPayload::InnerMessage(RouteNetlinkMessage::NewRoute(route)) = message.payload {
                seen += u64::from(reads(&route));
            }
        }
        Ok(seen)
    })
}

/// Parses one message in memory.
pub fn codec(count: u32) -> Result<u64> {
    let sample = bare::sample()?;
    let mut seen = 0;
    for _ in 0..count {
        let route = RouteMessage::parse(std::hint::black_box(&sample[..]))?;
        seen += u64::from(route.header.address_family == AddressFamily::Inet && reads(&route));
    }
    Ok(seen)
}

/// Gets a family, over and over.
pub fn generic(count: u32) -> Result<u64> {
    block_on(async {
        let (connection, mut handle, _) = genetlink::new_connection()?;
        tokio::spawn(connection);
        let mut seen = 0;
        for _ in 0..count {
            let asked = GenlCtrl { cmd: GenlCtrlCmd::GetFamily, nlas: vec![GenlCtrlAttrs::FamilyId(CONTROLLER)] };
            let mut request = NetlinkMessage::from(GenlMessage::from_payload(asked));
            request.header.flags = NLM_F_REQUEST | NLM_F_ACK;
            let mut replies = handle.request(request).await?;
            while let Some(reply) = replies.next().await {
                if let NetlinkPayload::InnerMessage(family) = reply?.payload {
                    seen += u64::from(family.payload.nlas.iter().any(|a| matches!(a, GenlCtrlAttrs::FamilyName(_))));
                }
            }
        }
        Ok(seen)
    })
}
