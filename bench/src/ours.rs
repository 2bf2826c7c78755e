//! netloom.
use anyhow::{Result, bail};
macro_rules! later { ($($name:ident)*) => { $(pub fn $name(_: u32) -> Result<u64> { bail!("later") })* } }
later! { dump dump_tokio dump_tokio_buffered collect collect_boxes add add_tokio links links_tokio get get_tokio open open_tokio watch watch_tokio codec }
