//! nlink.

use std::net::Ipv4Addr;

use anyhow::{Context, Result, ensure};
use nlink::netlink::{Connection, Route, messages::RouteMessage, route::Ipv4Route};

use crate::bare;

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
        while let Some(route) = futures_util::StreamExt::next(&mut routes).await {
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
        Ok(links.iter().filter(|l| l.name().is_some_and(|name| name.starts_with('i')) && l.mtu().is_some()).count() as u64)
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
