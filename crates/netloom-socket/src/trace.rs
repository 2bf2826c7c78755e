//! Events for the `tracing` feature; without it, nothing.

use crate::RawSocket;

/// Defines one function for each event: with the feature it speaks, without it is empty.
macro_rules! events { ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) $body:block)*) => { $(
    $(#[$doc])*
    #[cfg_attr(not(feature = "tracing"), inline(always))]
    pub(crate) fn $name($($argument: $type),*) {
        #[cfg(feature = "tracing")]
        $body
        #[cfg(not(feature = "tracing"))]
        { $(let _ = $argument;)* }
    }
)* } }

events! {
    /// A socket was opened or taken over.
    opened(socket: &RawSocket) {
        tracing::debug!(target: "netloom", port = socket.port(), features = ?socket.granted(), "socket opened");
    }
    /// The receive buffer was full: answers or notifications were lost.
    overrun(socket: &RawSocket) {
        tracing::debug!(target: "netloom", port = socket.port(), "overrun: datagrams were lost");
    }
    /// A datagram of another process was dropped.
    foreign(socket: &RawSocket, sender: u32) {
        tracing::debug!(target: "netloom", port = socket.port(), sender, "dropped a datagram that is not the kernel's");
    }
    /// A dump was interrupted by changes.
    interrupted(noun: &'static str) {
        tracing::debug!(target: "netloom", noun, "dump interrupted by changes");
    }
}
