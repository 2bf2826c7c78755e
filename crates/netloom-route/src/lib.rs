//! rtnetlink: links, addresses, routes, rules, neighbours and their kin as tables, views and requests.
//!
//! Each module is one kind of object: its view (`link::Link`), and the requests that a socket runs on it
//! (`link::List`, `link::Get`, `link::Add`, …). Nothing here does IO.
#![no_std]
#![forbid(unsafe_code)]
// Lengths and numbers come from the other side.
#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::as_conversions)]

extern crate alloc;

pub mod address;
pub mod addrlabel;
pub mod af;
pub mod encap;
pub mod group;
mod ip_prefix;
pub mod kind;
pub mod link;
pub mod neighbour;
pub mod neighbour_table;
pub mod netconf;
pub mod nexthop;
pub mod nsid;
pub mod prefix;
pub mod route;
pub mod rule;
mod setters;
pub mod state;
pub mod stats;
mod types;
pub mod verb;
pub mod watch;

pub use ip_prefix::{NotAPrefix, Prefix};
pub use types::{Rtnetlink, message_types};
