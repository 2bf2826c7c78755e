//! The kernel's network sockets: netlink for Rust, blocking and async.
#![forbid(unsafe_code)]

pub mod names;

#[cfg(feature = "route")]
pub use netloom_route::{Rtnetlink, kind, link, message_types};
/// The codec: tables, views, requests, errors.
pub use netloom_wire as wire;
