//! Handlers that sockets come with.

use std::{any::Any, fmt, marker::PhantomData, sync::Arc};

use netloom_wire::Family;

use super::{
    Incoming, OnReceive, OnSend, Outgoing, ReceiveVerdict, Verdict,
    chain::{Chain, Entry},
    key::Key,
};
use crate::address::Address;

/// What the handlers of a kit know of the socket that they work for.
pub(super) type Knowledge = Arc<dyn Any + Send + Sync>;

/// Handlers that belong together: made once, and shared by all sockets that carry them. With each message they get what the
/// socket of it has given them to know.
///
/// So it costs a socket next to nothing to come with many handlers. They stay for as long as it lives.
///
/// ```no_run
/// use std::sync::{Arc, LazyLock, atomic::{AtomicU64, Ordering}};
///
/// use netloom_route::{Rtnetlink, link};
/// use netloom_socket::{blocking::Socket, hooks::Kit};
///
/// const RTM_NEWLINK: u16 = 16;
/// static COUNTING: LazyLock<Kit<AtomicU64>> = LazyLock::new(|| {
///     Kit::new().on_receive::<Rtnetlink>("count", RTM_NEWLINK, |seen: &AtomicU64, _| {
///         seen.fetch_add(1, Ordering::Relaxed);
///         None
///     })
/// });
///
/// let mut socket = Socket::<Rtnetlink>::open()?;
/// let seen = Arc::new(AtomicU64::new(0));
/// socket.carry(&COUNTING, Arc::clone(&seen))?;
/// let links = socket.run(&link::List::all())?;
/// assert_eq!(seen.load(Ordering::Relaxed), links.len() as u64);
/// # Ok::<(), netloom_wire::Error>(())
/// ```
pub struct Kit<C> {
    pub(super) send: Chain<OnSend>,
    pub(super) receive: Chain<OnReceive>,
    knows: PhantomData<fn(&C)>,
}

impl<C: Send + Sync + 'static> Kit<C> {
    /// No handlers.
    #[must_use]
    pub fn new() -> Self {
        Self { send: Chain::empty(), receive: Chain::empty(), knows: PhantomData }
    }

    /// Adds a handler for what is sent, for messages of this type of a family that is a protocol by itself. `name` is what
    /// errors call it.
    #[must_use]
    pub fn on_send<F: Family>(
        mut self,
        name: &str,
        command: u16,
        handler: impl Fn(&C, &Outgoing<'_>) -> Option<Verdict> + Send + Sync + 'static,
    ) -> Self {
        let handler = move |message: &Outgoing<'_>| handler(known(message.known)?, message);
        self.send.push(Entry::new(name, key::<F>(command), None, Box::new(handler)));
        self
    }

    /// The same for a handler that does IO, for messages that `concerns` says yes to, at once and without IO.
    #[must_use]
    pub fn on_send_slow_if<F: Family>(
        mut self,
        name: &str,
        command: u16,
        concerns: impl Fn(&C, &Outgoing<'_>) -> bool + Send + Sync + 'static,
        handler: impl Fn(&C, &Outgoing<'_>) -> Option<Verdict> + Send + Sync + 'static,
    ) -> Self {
        let concerns = move |message: &Outgoing<'_>| known(message.known).is_some_and(|known| concerns(known, message));
        let handler = move |message: &Outgoing<'_>| handler(known(message.known)?, message);
        self.send.push(Entry::new(name, key::<F>(command), Some(Box::new(concerns)), Box::new(handler)));
        self
    }

    /// Adds a handler for what is received, for messages of this type of a family that is a protocol by itself.
    #[must_use]
    pub fn on_receive<F: Family>(
        mut self,
        name: &str,
        command: u16,
        handler: impl Fn(&C, &Incoming<'_>) -> Option<ReceiveVerdict> + Send + Sync + 'static,
    ) -> Self {
        let handler = move |message: &Incoming<'_>| handler(known(message.known)?, message);
        self.receive.push(Entry::new(name, key::<F>(command), None, Box::new(handler)));
        self
    }
}

impl<C: Send + Sync + 'static> Default for Kit<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C> fmt::Debug for Kit<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kit").field("send", &self.send).field("receive", &self.receive).finish()
    }
}

fn known<C: 'static>(known: Option<&(dyn Any + Send + Sync)>) -> Option<&C> {
    known?.downcast_ref()
}

/// The number of a family of generic netlink is known by a socket only.
fn key<F: Family>(command: u16) -> Key {
    const { assert!(F::GENERIC.is_none(), "a family that is a protocol by itself") };
    Key::of::<F>(&Address::default(), command)
}
