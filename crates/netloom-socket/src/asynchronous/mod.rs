//! Async sockets: shared by reference, without a task in the background, over tokio or async-io.
//!
//! [`Socket`] runs requests and operations, [`Families`] those of several families of generic netlink, [`Stream`] reads a
//! dump object by object, [`Notifications`] subscribes to multicast groups, and [`Stop`] ends a subscription from elsewhere.
//! A [`Client`] is a driver with a deadline.

mod client;
mod core;
mod errand;
mod families;
mod limit;
mod notifications;
pub(crate) mod reactor;
mod socket;
mod state;
mod stop;
mod stream;
mod turns;
mod waiters;
#[cfg(feature = "async-io")]
mod with_async_io;
#[cfg(feature = "tokio")]
mod with_tokio;

pub use client::Client;
pub use families::Families;
pub use notifications::Notifications;
pub use socket::Socket;
pub use stop::Stop;
pub use stream::Stream;
