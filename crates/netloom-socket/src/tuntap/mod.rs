//! tun and tap: links whose packets a program reads and writes (`/dev/net/tun`, `linux/if_tun.h`).
//!
//! The kernel makes them by ioctls, not by netlink. A [`TunTap`] says what is wanted: a persistent link
//! ([`TunTap::create`]), or one that is open ([`TunTap::open`]) with a [`Queue`] for each descriptor. What became of it
//! is among the attributes of the link (`IFLA_TUN_*`).
//!
//! ```no_run
//! use std::io::{Read, Write};
//! use netloom_socket::tuntap::TunTap;
//!
//! let device = TunTap::tap("tap%d").open()?;
//! println!("{} is there as long as it is open", device.name());
//! for mut queue in device.into_queues() {
//!     let mut frame = [0; 1514];
//!     let length = queue.read(&mut frame)?;
//!     queue.write_all(&frame[..length])?;
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(any(feature = "tokio", feature = "async-io"))]
mod async_queue;
mod device;
mod queue;
mod wanted;

#[cfg(any(feature = "tokio", feature = "async-io"))]
pub use async_queue::AsyncQueue;
pub use device::Device;
pub use queue::{Offload, Queue};
pub use wanted::{Mode, TunTap};
