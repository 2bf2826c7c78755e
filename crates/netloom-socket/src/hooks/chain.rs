//! Handlers in their order, and how one is called.

use std::{
    cell::RefCell,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use netloom_wire::{Error, ErrorKind, Result};

use super::{Concerns, key::Key, kit::Knowledge};

/// A handler, and what it is for.
pub(crate) struct Entry<H: ?Sized> {
    pub(super) id: u64,
    pub(super) name: Arc<str>,
    pub(super) key: Key,
    /// It may do IO, and is only called for messages that this says yes to.
    pub(super) slow: Option<Box<Concerns>>,
    pub(super) handler: Box<H>,
}

impl<H: ?Sized> fmt::Debug for Entry<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("name", &self.name).field("key", &self.key).finish_non_exhaustive()
    }
}

/// All handlers of one direction, as they were when this was taken.
pub(crate) struct Chain<H: ?Sized> {
    /// Which message types there are handlers for, by their last seven bits: rtnetlink has no type that needs more.
    types: u128,
    pub(super) entries: Arc<[Arc<Entry<H>>]>,
    /// What those of a [`Kit`](super::Kit) know.
    pub(super) known: Option<Knowledge>,
}

impl<H: ?Sized> fmt::Debug for Chain<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&*self.entries).finish()
    }
}

fn bit(message_type: u16) -> u128 {
    1 << (message_type & 127)
}

impl<H: ?Sized> Chain<H> {
    pub(super) fn empty() -> Self {
        Self::new(Vec::new(), None)
    }

    pub(super) fn new(entries: Vec<Arc<Entry<H>>>, known: Option<Knowledge>) -> Self {
        let types = entries.iter().fold(0, |types, entry| types | bit(entry.key.message_type()));
        Self { types, entries: entries.into(), known }
    }

    pub(super) fn push(&mut self, entry: Arc<Entry<H>>) {
        let entries = self.entries.iter().cloned().chain([entry]).collect();
        *self = Self::new(entries, self.known.take());
    }

    /// The same handlers for a socket that has given them this to know.
    pub(super) fn knowing(&self, known: Knowledge) -> Self {
        Self { types: self.types, entries: Arc::clone(&self.entries), known: Some(known) }
    }

    /// Whether there may be a handler for messages of this type. Nearly all messages that none is for end here.
    #[inline]
    pub(crate) fn may_be_for(&self, message_type: u16) -> bool {
        self.types & bit(message_type) != 0
    }

    /// Whether there is one for a message.
    pub(crate) fn is_for(&self, message_type: u16, payload: &[u8]) -> bool {
        self.of(message_type, payload).next().is_some()
    }

    /// Those for a message, in their order, but for the ones that run on this thread already: what a handler itself
    /// sends and receives does not come back to it.
    pub(super) fn of<'c>(&'c self, message_type: u16, payload: &'c [u8]) -> impl Iterator<Item = &'c Arc<Entry<H>>> {
        let entries = if self.may_be_for(message_type) { &*self.entries } else { &[] };
        entries.iter().filter(move |entry| entry.key.is_of(message_type, payload) && !is_running(entry.id))
    }
}

thread_local! {
    /// Handlers that this thread is inside of.
    static RUNNING: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

fn is_running(id: u64) -> bool {
    RUNNING.with_borrow(|running| running.contains(&id))
}

/// The handlers that something is done inside of, to go on with on another thread.
#[derive(Debug, Default)]
pub(crate) struct Inside(Vec<u64>);

impl Inside {
    /// Those that this thread is inside of.
    pub(crate) fn now() -> Self {
        Self(RUNNING.with_borrow(Clone::clone))
    }

    /// Works inside of them.
    pub(crate) fn run<T>(self, work: impl FnOnce() -> T) -> T {
        let _outside = Outside(RUNNING.replace(self.0));
        work()
    }
}

/// What a thread was inside of before; so it is again when this is dropped.
struct Outside(Vec<u64>);

impl Drop for Outside {
    fn drop(&mut self) {
        RUNNING.set(std::mem::take(&mut self.0));
    }
}

impl<H: ?Sized> Entry<H> {
    pub(super) fn new(name: &str, key: Key, slow: Option<Box<Concerns>>, handler: Box<H>) -> Arc<Self> {
        // Of all handlers of the process, since one may run inside of another.
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Arc::new(Self { id: NEXT.fetch_add(1, Ordering::Relaxed), name: name.into(), key, slow, handler })
    }

    /// Calls the handler. A panic is an error that names it.
    pub(super) fn call<T>(&self, call: impl FnOnce(&H) -> T) -> Result<T> {
        RUNNING.with_borrow_mut(|running| running.push(self.id));
        // What a handler leaves half done is its own.
        let called = catch_unwind(AssertUnwindSafe(|| call(&self.handler)));
        RUNNING.with_borrow_mut(|running| running.pop());
        called.map_err(|panic| {
            let said = panic.downcast_ref::<&str>().copied();
            let said = said.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no text");
            self.fault(format!("panicked: {said}"))
        })
    }

    /// The handler did something that it must not.
    #[cold]
    pub(super) fn fault(&self, what: impl Into<String>) -> Error {
        Error::new(ErrorKind::Proxy, what.into()).by_proxy(&self.name)
    }
}
