//! The kernel's network sockets: netlink for Rust, blocking and async.
#![forbid(unsafe_code)]

pub mod names;
