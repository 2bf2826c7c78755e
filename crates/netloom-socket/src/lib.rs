//! Netlink sockets over the sans-IO exchange: blocking, and async with tokio or async-io.
//!
//! [`RawSocket`] sends and receives bytes. What opening one may ask for is in [`SocketOptions`], also a [`Namespace`] to
//! be in and a [`Filter`].

#![deny(unsafe_code)]
// Lengths and numbers come from the other side.
#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::as_conversions)]

mod address;
mod ancillary;
#[cfg(any(feature = "tokio", feature = "async-io"))]
pub mod asynchronous;
mod beside;
pub mod blocking;
pub mod bpf;
mod connection;
mod cursor;
mod filter;
pub mod hooks;
mod namespace;
mod options;
mod pipeline;
mod pool;
mod raw;
mod shared;
mod spare;
mod subscription;
#[expect(unsafe_code, reason = "system calls; all unsafe code of the workspace is in there")]
mod sys;
mod tap;
mod trace;
pub mod tuntap;

pub use netloom_proto::Warning;

pub use beside::Beside;
pub use filter::{Filter, Instruction};
pub use namespace::Namespace;
pub use options::{Features, SocketOptions};
pub use raw::{RawSocket, Received};
pub use tap::Tap;
