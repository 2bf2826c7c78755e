//! Generic netlink.

use anyhow::Result;
use futures_util::{StreamExt, TryStreamExt, stream};
use netloom::{
    AsyncGeneric, Generic,
    wire::controller::{Controller, Get},
};

use super::block_on;
use crate::bare::generic::CONTROLLER;

/// Requests under way at a time.
const IN_FLIGHT: usize = 64;

/// Gets the controller's description, over and over.
pub fn get(count: u32) -> Result<u64> {
    let mut socket = Generic::<Controller>::open()?;
    let get = Get::numbered(CONTROLLER);
    (0..count).try_fold(0, |seen, _| Ok(seen + u64::from(socket.run(&get)?.name().is_some())))
}

/// The same under tokio, one after the other.
pub fn get_tokio(count: u32) -> Result<u64> {
    block_on(async {
        let socket = AsyncGeneric::<Controller>::open()?;
        let get = Get::numbered(CONTROLLER);
        let mut seen = 0;
        for _ in 0..count {
            seen += u64::from(socket.run(&get).await?.name().is_some());
        }
        Ok(seen)
    })
}

/// The same under tokio, many under way.
pub fn get_tokio_many(count: u32) -> Result<u64> {
    block_on(async {
        let socket = AsyncGeneric::<Controller>::open()?;
        let get = Get::numbered(CONTROLLER);
        let families = stream::iter(0..count).map(|_| socket.run(&get)).buffer_unordered(IN_FLIGHT);
        Ok(families.try_fold(0, |seen, family| async move { Ok(seen + u64::from(family.name().is_some())) }).await?)
    })
}
