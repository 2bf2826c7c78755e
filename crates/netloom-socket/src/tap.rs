//! Seeing what goes over a socket.

use std::fmt;

/// Sees each datagram of a socket and of those that are opened beside it, as bytes: what was sent, acknowledgements and the
/// ends of dumps too. It decides nothing; [handlers](crate::hooks) do that. Set by
/// [`SocketOptions::tap`](crate::SocketOptions::tap).
///
/// ```
/// use std::sync::{Arc, atomic::{AtomicUsize, Ordering}};
/// use netloom_socket::{RawSocket, SocketOptions, Tap};
///
/// #[derive(Debug, Default)]
/// struct Sent(AtomicUsize);
///
/// impl Tap for Sent {
///     fn sent(&self, _protocol: u16, _port: u32, datagram: &[u8]) {
///         self.0.fetch_add(datagram.len(), Ordering::Relaxed);
///     }
///     fn received(&self, _protocol: u16, _port: u32, _group: u32, _datagram: &[u8]) {}
/// }
///
/// const USERSOCK: u16 = 2;
/// let listener = RawSocket::open(USERSOCK, &SocketOptions::new())?;
/// let tap = Arc::new(Sent::default());
/// let options = SocketOptions::new().peer(listener.port()).tap(tap.clone());
/// RawSocket::open(USERSOCK, &options)?.send(b"four")?;
/// assert_eq!(tap.0.load(Ordering::Relaxed), 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Tap: Send + Sync + fmt::Debug {
    /// A socket with this port has sent a datagram over this protocol (`NETLINK_*`).
    fn sent(&self, protocol: u16, port: u32, datagram: &[u8]);
    /// A socket with this port has received a datagram, or as much of it as its buffer takes; 0 is the group of what was
    /// sent to it alone.
    fn received(&self, protocol: u16, port: u32, group: u32, datagram: &[u8]);
}
