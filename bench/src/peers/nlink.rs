//! nlink.

use std::net::Ipv4Addr;

use anyhow::{Context, Result, anyhow, ensure};
use futures_util::StreamExt;
use nlink::netlink::{
    Connection, Generic, NetworkEvent, Route, RtnetlinkGroup, Wireguard,
    genl::wireguard::{AllowedIp, WgPeerBuilder},
    messages::RouteMessage,
    parse::FromNetlink,
    route::Ipv4Route,
};

use crate::bare::{
    self,
    wireguard::{ALLOWED, DEVICE, allowed, key},
};

fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

fn reads(route: &RouteMessage) -> bool {
    route.destination().is_some() && route.oif() == Some(bare::LOOPBACK) && route.table_id() == 254
}

/// Streams all routes.
pub fn dump(_: u32) -> Result<u64> {
    block_on(async {
        let connection = Connection::<Route>::new()?;
        let mut routes = std::pin::pin!(connection.stream_routes().await?);
        let mut seen = 0;
        while let Some(route) = routes.next().await {
            seen += u64::from(reads(&route?));
        }
        Ok(seen)
    })
}

/// Collects all routes.
pub fn collect(_: u32) -> Result<u64> {
    block_on(async {
        let routes = Connection::<Route>::new()?.get_routes().await?;
        Ok(routes.iter().filter(|route| reads(route)).count() as u64)
    })
}

/// Adds routes by its batch.
pub fn add(count: u32) -> Result<u64> {
    block_on(async {
        let connection = Connection::<Route>::new()?;
        let mut batch = connection.batch();
        for n in 0..count {
            batch = batch.add_route(Ipv4Route::new(Ipv4Addr::from(bare::destination(n)), 32).dev_index(bare::LOOPBACK));
        }
        let results = batch.execute().await?;
        ensure!(results.error_count() == 0, "{} of {count} failed", results.error_count());
        Ok(count.into())
    })
}

/// Dumps links.
pub fn links(_: u32) -> Result<u64> {
    block_on(async {
        let links = Connection::<Route>::new()?.get_links().await?;
        Ok(links.iter().filter(|l| l.name().is_some_and(|name| name.starts_with('i')) && l.mtu().is_some()).count()
            as u64)
    })
}

/// Gets one link, over and over.
pub fn get(count: u32) -> Result<u64> {
    block_on(async {
        let connection = Connection::<Route>::new()?;
        let mut seen = 0;
        for _ in 0..count {
            let link = connection.get_link_by_name("lo").await?.context("no lo")?;
            seen += u64::from(link.mtu().is_some());
        }
        Ok(seen)
    })
}

/// Opens a connection for each get.
pub fn open(count: u32) -> Result<u64> {
    block_on(async {
        let mut seen = 0;
        for _ in 0..count {
            let link = Connection::<Route>::new()?.get_link_by_name("lo").await?.context("no lo")?;
            seen += u64::from(link.mtu().is_some());
        }
        Ok(seen)
    })
}

/// Receives notifications.
pub fn watch(count: u32) -> Result<u64> {
    block_on(async {
        let connection = Connection::<Route>::new()?;
        connection.socket().set_rcvbuf(bare::WATCH_BUFFER)?;
        connection.subscribe(&[RtnetlinkGroup::Ipv4Route])?;
        let mut events = connection.events().await;
        let _producer = bare::produce(count)?;
        let mut seen = 0;
        while seen < u64::from(count) {
            let event = events.next().await.context("the stream ended")?;
            if let NetworkEvent::NewRoute(route) = event.map_err(|e| anyhow!("{e} after {seen} of {count}"))? {
                seen += u64::from(reads(&route));
            }
        }
        Ok(seen)
    })
}

/// Parses one message in memory.
pub fn codec(count: u32) -> Result<u64> {
    let sample = bare::sample()?;
    (0..count).try_fold(0, |seen, _| {
        let route = RouteMessage::from_bytes(std::hint::black_box(&sample))?;
        Ok(seen + u64::from(reads(&route)))
    })
}

/// Gets a family by its name, the only way it has, over and over.
pub fn generic(count: u32) -> Result<u64> {
    block_on(async {
        let connection = Connection::<Generic>::new()?;
        let mut seen = 0;
        for _ in 0..count {
            connection.clear_cache();
            seen += u64::from(connection.get_family("nlctrl").await?.id == bare::generic::CONTROLLER);
        }
        Ok(seen)
    })
}

/// Sets peers and reads them back.
pub fn wireguard(count: u32) -> Result<u64> {
    let peer = |n| {
        let allowed = (0..ALLOWED).map(move |k| AllowedIp::v4(allowed(n, k).into(), 32));
        WgPeerBuilder::new(key(n)).allowed_ips(allowed)
    };
    block_on(async {
        let connection = Connection::<Wireguard>::new_async().await?;
        connection
            .set_device_by_name(DEVICE, |device| (0..count).map(peer).fold(device, |d, peer| d.peer(peer)))
            .await?;
        let device = connection.get_device_by_name(DEVICE).await?;
        Ok(device.peers.iter().filter(|peer| peer.allowed_ips.len() == ALLOWED as usize).count() as u64)
    })
}
