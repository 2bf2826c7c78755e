//! The kernel's network sockets: netlink for Rust, blocking and async.
#![forbid(unsafe_code)]

pub mod names;

#[cfg(feature = "route")]
pub use netloom_route::{
    NotAPrefix, Prefix, Rtnetlink, address, addrlabel, af, encap, group, kind, link, message_types, neighbour,
    neighbour_table, netconf, nexthop, nsid, prefix, route, rule, state, stats, verb,
};
/// Sockets of any family, their options, network namespaces.
pub use netloom_socket as socket;
/// The codec: tables, views, requests, errors.
pub use netloom_wire as wire;
