//! Blocking sockets: no runtime, no thread of their own; `recv` waits.
//!
//! [`Socket`] runs requests and operations, [`Families`] those of several families of generic netlink, [`Stream`] reads a
//! dump object by object, [`Notifications`] subscribes to multicast groups, and [`Stop`] ends a subscription from another
//! thread.

mod core;
mod families;
mod letters;
mod notifications;
mod socket;
mod speaker;
mod stop;
mod stream;

#[cfg(any(feature = "tokio", feature = "async-io"))]
pub(crate) use core::Core;

pub use families::Families;
pub use notifications::Notifications;
pub use socket::{Socket, ready};
pub use speaker::Speaker;
pub use stop::Stop;
pub use stream::Stream;
