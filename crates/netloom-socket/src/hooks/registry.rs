//! The handlers of a socket and all that is opened beside it.

use std::{
    fmt,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use super::{
    Concerns, OnReceive, OnSend,
    chain::{Chain, Entry},
    key::Key,
};
use crate::shared::locked;

/// Handlers of one direction.
struct Direction<H: ?Sized> {
    /// Whether there are any: what is asked most is answered without the lock.
    some: AtomicBool,
    state: Mutex<State<H>>,
    /// Those that stand farther from the kernel come first.
    outward: bool,
}

/// The handlers, and their chain once somebody has asked for it: sockets come with several, which are registered one by one.
struct State<H: ?Sized> {
    entries: Vec<Arc<Entry<H>>>,
    chain: Option<Arc<Chain<H>>>,
}

impl<H: ?Sized> Direction<H> {
    fn new(outward: bool) -> Self {
        let state = Mutex::new(State { entries: Vec::new(), chain: None });
        Self { some: AtomicBool::new(false), state, outward }
    }

    #[inline]
    fn chain(&self) -> Option<Arc<Chain<H>>> {
        if self.some.load(Ordering::Acquire) { self.chain_of_some() } else { None }
    }

    fn chain_of_some(&self) -> Option<Arc<Chain<H>>> {
        let State { entries, chain } = &mut *locked(&self.state);
        if chain.is_none() {
            let mut entries = entries.clone();
            // In a layer they stay in the order of registration.
            if self.outward {
                entries.sort_by_key(|entry| std::cmp::Reverse(entry.layer));
            }
            *chain = Chain::new(entries);
        }
        chain.clone()
    }

    fn change<T>(&self, change: impl FnOnce(&mut Vec<Arc<Entry<H>>>) -> T) {
        let mut state = locked(&self.state);
        let gone = change(&mut state.entries);
        let chain = state.chain.take();
        self.some.store(!state.entries.is_empty(), Ordering::Release);
        drop(state);
        // What a handler holds may want the lock when it goes.
        drop((gone, chain));
    }

    fn remove(&self, id: u64) {
        self.change(|entries| {
            let at = entries.iter().position(|entry| entry.id == id);
            at.map(|at| entries.remove(at))
        });
    }
}

/// The handlers of both directions.
pub(crate) struct Hooks {
    send: Direction<OnSend>,
    receive: Direction<OnReceive>,
    /// That of handlers that are registered now.
    layer: AtomicU32,
}

impl Default for Hooks {
    fn default() -> Self {
        Self { send: Direction::new(true), receive: Direction::new(false), layer: AtomicU32::new(0) }
    }
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

    pub(crate) fn on_send(
        self: &Arc<Self>,
        name: &str,
        key: Key,
        slow: Option<Box<Concerns>>,
        handler: Box<OnSend>,
    ) -> Hook {
        let entry = Entry::new(name, key, self.layer(), slow, handler);
        let hook = Hook::of(self, &entry);
        self.send.change(|entries| entries.push(entry));
        hook
    }

    fn layer(&self) -> u32 {
        self.layer.load(Ordering::Relaxed)
    }

    /// Handlers that are registered from now on stand farther from the kernel.
    pub(crate) fn next_layer(&self) {
        self.layer.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn on_receive(self: &Arc<Self>, name: &str, key: Key, handler: Box<OnReceive>) -> Hook {
        let entry = Entry::new(name, key, self.layer(), None, handler);
        let hook = Hook::of(self, &entry);
        self.receive.change(|entries| entries.push(entry));
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
