//! Subscriptions of a handle, and what a handler tells them as if the kernel had.

use std::{
    fmt, io,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use netloom_wire::Result;

use crate::{RawSocket, namespace::failed, shared::locked};

/// What is called when somebody has subscribed, with the groups.
pub(crate) type OnSubscribe = dyn Fn(&[u32]) + Send + Sync;

/// A subscription.
struct Listener {
    socket: Weak<RawSocket>,
    groups: Box<[u32]>,
    /// Something could not be told.
    missed: Arc<AtomicBool>,
}

impl Listener {
    fn is_there(&self) -> bool {
        self.socket.strong_count() > 0
    }
}

/// The subscriptions of a handle and its siblings.
#[derive(Default)]
pub(crate) struct Listeners {
    listening: Mutex<Vec<Listener>>,
    handlers: Mutex<Vec<Arc<OnSubscribe>>>,
    /// What tells them: datagrams of another socket lie among the kernel's in their buffers, and wake whoever polls.
    teller: Mutex<Option<RawSocket>>,
    /// Its port, which the kernel gives to no other socket of the namespace; 0 if there is none.
    port: AtomicU32,
}

impl fmt::Debug for Listeners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listeners").field("listening", &locked(&self.listening).len()).finish_non_exhaustive()
    }
}

impl Listeners {
    pub(crate) fn on_subscribe(&self, handler: Arc<OnSubscribe>) {
        locked(&self.handlers).push(handler);
    }

    /// Somebody has subscribed. What is to be set when something could not be told to it.
    pub(crate) fn subscribed(&self, socket: &Arc<RawSocket>, groups: &[u32]) -> Arc<AtomicBool> {
        let missed = Arc::<AtomicBool>::default();
        let handlers = locked(&self.handlers).clone();
        if !handlers.is_empty() {
            let listener =
                Listener { socket: Arc::downgrade(socket), groups: groups.into(), missed: Arc::clone(&missed) };
            let mut listening = locked(&self.listening);
            listening.retain(Listener::is_there);
            listening.push(listener);
        }
        handlers.iter().for_each(|handler| handler(groups));
        missed
    }

    /// Whether a message from this port is one of ours.
    pub(crate) fn is_teller(&self, port: u32) -> bool {
        port != 0 && self.port.load(Ordering::Acquire) == port
    }

    /// Whether somebody listens to a group.
    pub(crate) fn has(&self, group: u32) -> bool {
        let mut listening = locked(&self.listening);
        listening.retain(Listener::is_there);
        listening.iter().any(|listener| listener.groups.contains(&group))
    }

    /// Tells all who listen to a group a datagram. `open` makes the socket that it comes from.
    pub(crate) fn tell(&self, group: u32, datagram: &[u8], open: impl FnOnce() -> Result<RawSocket>) -> Result<()> {
        if !self.has(group) {
            return Ok(());
        }
        let mut teller = locked(&self.teller);
        let teller = match &mut *teller {
            Some(teller) => teller,
            none => {
                let made = none.insert(open()?);
                self.port.store(made.port(), Ordering::Release);
                made
            }
        };
        let mut told = Ok(());
        for listener in locked(&self.listening).iter().filter(|listener| listener.groups.contains(&group)) {
            let Some(socket) = listener.socket.upgrade() else { continue };
            match teller.try_send_to(datagram, socket.port()) {
                Ok(()) => {}
                // Its buffer is full, so it has something to read before it learns of this.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    listener.missed.store(true, Ordering::Release);
                }
                Err(error) => told = Err(failed(&error, "tell a subscription")),
            }
        }
        told
    }
}
