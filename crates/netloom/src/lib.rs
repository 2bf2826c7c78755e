//! The kernel's network sockets: netlink for Rust, blocking and async.
#![forbid(unsafe_code)]

pub mod names;

#[cfg(feature = "route")]
pub use netloom_route::{
    Rtnetlink, address, addrlabel, af, kind, link, message_types, neighbour, neighbour_table, netconf, nsid, prefix,
    rule, state, stats, verb,
};
/// Sockets of any family, their options, network namespaces.
pub use netloom_socket as socket;
/// The codec: tables, views, requests, errors.
pub use netloom_wire as wire;
