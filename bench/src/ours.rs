//! netloom.

pub mod generic;
pub mod wireguard;

use std::{hint::black_box, net::Ipv4Addr};

use anyhow::{Context, Result, ensure};
use netloom::{
    AsyncIpRoute, IpRoute, List, Prefix, RawIpRoute, SocketOptions, View, group, link,
    route::{self, Route},
    wire::Notice,
};

use crate::bare;

fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

/// Whether a route of the main table has the two attributes that everybody reads.
#[inline]
fn reads(route: &Route) -> bool {
    route.low_table() == 254 && route.destination().is_some() && route.oif().is_some()
}

fn count<'a>(routes: impl IntoIterator<Item = &'a Route>) -> u64 {
    routes.into_iter().map(|route| u64::from(reads(route))).sum()
}

/// Streams all routes.
pub fn dump(_: u32) -> Result<u64> {
    dump_by(IpRoute::open()?)
}

/// Streams all routes past proxies for links.
pub fn dump_past_proxies(_: u32) -> Result<u64> {
    const RTM_NEWLINK: u16 = 16;
    const RTM_GETLINK: u16 = 18;
    let ipr = IpRoute::open()?;
    ipr.on_send("none", RTM_GETLINK, |_| None);
    ipr.on_send_slow("none", RTM_NEWLINK, |_| None);
    ipr.on_receive("none", RTM_NEWLINK, |_| None);
    dump_by(ipr)
}

/// Streams all routes past a proxy that sees each and lets it pass.
pub fn dump_through_proxy(_: u32) -> Result<u64> {
    const RTM_NEWROUTE: u16 = 24;
    let ipr = IpRoute::open()?;
    ipr.on_receive("all", RTM_NEWROUTE, |message| {
        black_box(message.body());
        None
    });
    dump_by(ipr)
}

fn dump_by(mut ipr: IpRoute) -> Result<u64> {
    let mut routes = ipr.stream(&route::List::v4())?;
    let mut seen = 0;
    while let Some(route) = routes.next()? {
        seen += u64::from(reads(route));
    }
    Ok(seen)
}

/// Streams all routes under tokio, one future each.
pub fn dump_tokio(_: u32) -> Result<u64> {
    block_on(async {
        let ipr = AsyncIpRoute::open()?;
        let mut routes = ipr.stream(&route::List::v4())?;
        let mut seen = 0;
        while let Some(route) = routes.next().await? {
            seen += u64::from(reads(route));
        }
        Ok(seen)
    })
}

/// Streams all routes under tokio, one future for each datagram.
pub fn dump_tokio_buffered(_: u32) -> Result<u64> {
    block_on(async {
        let ipr = AsyncIpRoute::open()?;
        let mut routes = ipr.stream(&route::List::v4())?;
        let mut seen = 0;
        while routes.more().await? {
            while let Some(route) = routes.buffered()? {
                seen += u64::from(reads(route));
            }
        }
        Ok(seen)
    })
}

/// Collects all routes in one arena.
pub fn collect(_: u32) -> Result<u64> {
    let routes: List<Route> = IpRoute::open()?.run(&route::List::v4())?;
    Ok(count(&routes))
}

/// Collects all routes, each owning its bytes.
pub fn collect_boxes(_: u32) -> Result<u64> {
    let mut ipr = IpRoute::open()?;
    let mut routes = ipr.stream(&route::List::v4())?;
    let mut all: Vec<Box<Route>> = Vec::new();
    while let Some(route) = routes.next()? {
        all.push(route.to_owned());
    }
    Ok(count(all.iter().map(|route| &**route)))
}

fn adds(count: u32) -> impl Iterator<Item = route::Add> {
    (0..count).map(|n| route::Add::new(Prefix::from(Ipv4Addr::from(bare::destination(n)))).dev(bare::LOOPBACK))
}

/// Adds routes in a pipeline.
pub fn add(count: u32) -> Result<u64> {
    let report = IpRoute::open()?.pipeline(adds(count))?;
    ensure!(report.failures.is_empty(), "{report}");
    Ok(report.total)
}

/// Adds routes in a pipeline under tokio.
pub fn add_tokio(count: u32) -> Result<u64> {
    block_on(async {
        let report = AsyncIpRoute::open()?.pipeline(adds(count)).await?;
        ensure!(report.failures.is_empty(), "{report}");
        Ok(report.total)
    })
}

fn is_ours(link: &link::Link) -> bool {
    link.name().starts_with('i') && link.mtu().is_some()
}

/// Dumps links.
pub fn links(_: u32) -> Result<u64> {
    let mut ipr = IpRoute::open()?;
    let mut links = ipr.stream(&link::List::all())?;
    let mut seen = 0;
    while let Some(link) = links.next()? {
        seen += u64::from(is_ours(link));
    }
    Ok(seen)
}

/// Dumps links under tokio.
pub fn links_tokio(_: u32) -> Result<u64> {
    block_on(async {
        let ipr = AsyncIpRoute::open()?;
        let mut links = ipr.stream(&link::List::all())?;
        let mut seen = 0;
        while let Some(link) = links.next().await? {
            seen += u64::from(is_ours(link));
        }
        Ok(seen)
    })
}

/// Gets one link, over and over.
pub fn get(count: u32) -> Result<u64> {
    let mut ipr = IpRoute::open()?;
    let lo = link::Get::new("lo");
    (0..count).try_fold(0, |seen, _| Ok(seen + u64::from(ipr.run(&lo)?.mtu().is_some())))
}

/// Gets one link under tokio, over and over.
pub fn get_tokio(count: u32) -> Result<u64> {
    block_on(async {
        let (ipr, lo) = (AsyncIpRoute::open()?, link::Get::new("lo"));
        let mut seen = 0;
        for _ in 0..count {
            seen += u64::from(ipr.run(&lo).await?.mtu().is_some());
        }
        Ok(seen)
    })
}

/// Opens a socket for each get.
pub fn open(count: u32) -> Result<u64> {
    (0..count).try_fold(0, |seen, _| Ok(seen + u64::from(IpRoute::open()?.link("lo")?.mtu().is_some())))
}

/// Opens a socket for each get, under tokio.
/// What the peers open: a socket that carries no proxies.
pub fn open_raw(count: u32) -> Result<u64> {
    let get = link::Get::new("lo");
    (0..count).try_fold(0, |seen, _| Ok(seen + u64::from(RawIpRoute::open()?.run(&get)?.mtu().is_some())))
}
pub fn open_tokio(count: u32) -> Result<u64> {
    block_on(async {
        let mut seen = 0;
        for _ in 0..count {
            seen += u64::from(AsyncIpRoute::open()?.link("lo").await?.mtu().is_some());
        }
        Ok(seen)
    })
}

fn seen_in(notice: &Notice<'_>) -> Result<u64> {
    match notice {
        Notice::Message { payload, .. } => Ok(u64::from(Route::view(payload).is_some_and(reads))),
        _ => anyhow::bail!("lost notifications"),
    }
}

fn watching() -> SocketOptions {
    SocketOptions::new().receive_buffer(bare::WATCH_BUFFER)
}

/// Receives notifications.
pub fn watch(count: u32) -> Result<u64> {
    let mut ipr = IpRoute::with(&watching())?;
    let mut notifications = ipr.subscribe(&[group::IPV4_ROUTE])?;
    let _producer = bare::produce(count)?;
    let mut seen = 0;
    while seen < u64::from(count) {
        seen += seen_in(&notifications.next()?)?;
    }
    Ok(seen)
}

/// Receives notifications under tokio.
pub fn watch_tokio(count: u32) -> Result<u64> {
    block_on(async {
        let ipr = AsyncIpRoute::with(&watching())?;
        let mut notifications = ipr.subscribe(&[group::IPV4_ROUTE])?;
        let _producer = bare::produce(count)?;
        let mut seen = 0;
        while seen < u64::from(count) {
            seen += seen_in(&notifications.next().await?)?;
        }
        Ok(seen)
    })
}

/// Reads one route in memory.
pub fn codec(count: u32) -> Result<u64> {
    let sample = bare::sample()?;
    (0..count).try_fold(0, |seen, _| {
        let route = Route::view(black_box(&sample)).context("no route")?;
        Ok(seen + u64::from(reads(route)))
    })
}
