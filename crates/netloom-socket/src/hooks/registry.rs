//! The handlers of a socket and all that is opened beside it.

use std::{
    fmt,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicBool, Ordering},
    },
};

use netloom_wire::{Error, ErrorKind, Result};

use super::{
    Concerns, Kit, OnReceive, OnSend,
    chain::{Chain, Entry},
    key::Key,
    kit::Knowledge,
    listeners::Listeners,
};
use crate::shared::locked;

/// Handlers of one direction.
struct Direction<H: ?Sized> {
    /// Whether there are any: what is asked most is answered without the lock.
    some: AtomicBool,
    /// None where there are none.
    chain: Mutex<Option<Arc<Chain<H>>>>,
}

impl<H: ?Sized> Default for Direction<H> {
    fn default() -> Self {
        Self { some: AtomicBool::new(false), chain: Mutex::new(None) }
    }
}

impl<H: ?Sized> Direction<H> {
    #[inline]
    fn chain(&self) -> Option<Arc<Chain<H>>> {
        if self.some.load(Ordering::Acquire) { locked(&self.chain).clone() } else { None }
    }

    fn change(&self, change: impl FnOnce(Option<&Chain<H>>) -> Chain<H>) {
        let mut chain = locked(&self.chain);
        let new = change(chain.as_deref());
        let some = !new.entries.is_empty();
        let gone = std::mem::replace(&mut *chain, some.then(|| Arc::new(new)));
        self.some.store(some, Ordering::Release);
        drop(chain);
        // What a handler holds may want the lock when it goes.
        drop(gone);
    }

    /// Sets other handlers in the place of those that there are.
    fn change_entries(&self, change: impl FnOnce(&mut Vec<Arc<Entry<H>>>)) {
        self.change(|chain| {
            let mut entries = chain.map(|chain| chain.entries.to_vec()).unwrap_or_default();
            change(&mut entries);
            Chain::new(entries, chain.and_then(|chain| chain.known.clone()))
        });
    }

    fn remove(&self, id: u64) {
        self.change_entries(|entries| entries.retain(|entry| entry.id != id));
    }

    /// Puts handlers that know something behind those that there are, and know nothing.
    fn carry(&self, kit: &Chain<H>, known: Knowledge) {
        self.change(|chain| match chain {
            None => kit.knowing(known),
            Some(chain) => Chain::new(chain.entries.iter().chain(&*kit.entries).cloned().collect(), Some(known)),
        });
    }
}

/// The handlers of both directions.
#[derive(Default)]
pub(crate) struct Hooks {
    send: Direction<OnSend>,
    receive: Direction<OnReceive>,
    listeners: Listeners,
    carries: AtomicBool,
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks").field("send", &self.sending()).field("receive", &self.receiving()).finish()
    }
}

impl Hooks {
    /// The handlers for what is sent, as they are now; None if there are none.
    #[inline]
    pub(crate) fn sending(&self) -> Option<Arc<Chain<OnSend>>> {
        self.send.chain()
    }

    /// The handlers for what is received, as they are now; None if there are none.
    #[inline]
    pub(crate) fn receiving(&self) -> Option<Arc<Chain<OnReceive>>> {
        self.receive.chain()
    }

    /// Subscriptions, and who wants to know of them.
    #[inline]
    pub(crate) fn listeners(&self) -> &Listeners {
        &self.listeners
    }

    /// Puts the handlers of a kit behind those that there are.
    pub(crate) fn carry<C: Send + Sync + 'static>(&self, kit: &Kit<C>, known: &Arc<C>) -> Result<()> {
        if self.carries.swap(true, Ordering::AcqRel) {
            return Err(Error::new(ErrorKind::Misuse, "a socket carries one kit of handlers"));
        }
        self.send.carry(&kit.send, Arc::<C>::clone(known));
        self.receive.carry(&kit.receive, Arc::<C>::clone(known));
        Ok(())
    }

    pub(crate) fn on_send(
        self: &Arc<Self>,
        name: &str,
        key: Key,
        slow: Option<Box<Concerns>>,
        handler: Box<OnSend>,
    ) -> Hook {
        let entry = Entry::new(name, key, slow, handler);
        let hook = Hook::of(self, &entry);
        self.send.change_entries(|entries| entries.push(entry));
        hook
    }

    pub(crate) fn on_receive(self: &Arc<Self>, name: &str, key: Key, handler: Box<OnReceive>) -> Hook {
        let entry = Entry::new(name, key, None, handler);
        let hook = Hook::of(self, &entry);
        self.receive.change_entries(|entries| entries.push(entry));
        hook
    }
}

/// A handler that was registered. It stays when this is dropped, as long as the socket does; clones are the same one.
///
/// ```no_run
/// use netloom_route::Rtnetlink;
/// use netloom_socket::{blocking::Socket, hooks::Verdict};
///
/// const RTM_DELLINK: u16 = 17;
/// let socket = Socket::<Rtnetlink>::open()?;
/// let hook = socket.on_send("careful", RTM_DELLINK, |_| Some(Verdict::Return(Default::default())));
/// // Here links are said to be deleted, and are not.
/// hook.remove();
/// # Ok::<(), netloom_wire::Error>(())
/// ```
#[derive(Clone)]
pub struct Hook {
    hooks: Weak<Hooks>,
    id: u64,
    name: Arc<str>,
}

impl Hook {
    fn of<H: ?Sized>(hooks: &Arc<Hooks>, entry: &Entry<H>) -> Self {
        Self { hooks: Arc::downgrade(hooks), id: entry.id, name: Arc::clone(&entry.name) }
    }

    /// What errors call the handler.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Takes the handler off. Messages that have come to it by then still pass it. A handler may remove itself.
    pub fn remove(&self) {
        if let Some(hooks) = self.hooks.upgrade() {
            hooks.send.remove(self.id);
            hooks.receive.remove(self.id);
        }
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hook").field("name", &self.name).finish_non_exhaustive()
    }
}
