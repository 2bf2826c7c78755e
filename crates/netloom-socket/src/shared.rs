//! What all sockets of one handle share: counters, warnings, how large a buffer must be, handlers.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use netloom_proto::Warning;
use netloom_wire::nlmsg::HEADER;

use crate::hooks::Hooks;

/// No more warnings are kept; the oldest go first.
const WARNINGS: usize = 256;

/// Locks; a thread that panicked meanwhile left nothing half done in here.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Debug)]
pub(crate) struct Shared {
    capacity: AtomicUsize,
    foreign: AtomicU64,
    overruns: AtomicU64,
    warnings: Mutex<Vec<Warning>>,
    hooks: Arc<Hooks>,
}

impl Shared {
    /// `capacity` is how long a receive buffer is at first, in bytes.
    pub(crate) fn new(capacity: usize, hooks: Arc<Hooks>) -> Self {
        Self {
            capacity: AtomicUsize::new(capacity.max(HEADER)),
            foreign: AtomicU64::new(0),
            overruns: AtomicU64::new(0),
            warnings: Mutex::default(),
            hooks,
        }
    }

    /// The handlers in the path of messages.
    #[inline]
    pub(crate) fn hooks(&self) -> &Arc<Hooks> {
        &self.hooks
    }

    /// How long a receive buffer should be, in bytes.
    #[inline]
    pub(crate) fn capacity(&self) -> usize {
        self.capacity.load(Ordering::Relaxed)
    }

    /// A datagram of `length` bytes did not fit. All sockets of the handle get a larger buffer before they receive again,
    /// so that the dump that is tried again, on whichever socket, fits.
    pub(crate) fn grow(&self, length: usize) {
        let wanted = length.checked_next_power_of_two().unwrap_or(length);
        self.capacity.fetch_max(wanted, Ordering::Relaxed);
    }

    pub(crate) fn count_foreign(&self) {
        self.foreign.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn foreign(&self) -> u64 {
        self.foreign.load(Ordering::Relaxed)
    }

    pub(crate) fn count_overrun(&self) {
        self.overruns.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn overruns(&self) -> u64 {
        self.overruns.load(Ordering::Relaxed)
    }

    /// Keeps what the kernel remarked.
    pub(crate) fn keep_warning(&self, warning: Option<Box<Warning>>) {
        let Some(warning) = warning else { return };
        let mut warnings = locked(&self.warnings);
        if warnings.len() >= WARNINGS {
            warnings.remove(0);
        }
        warnings.push(*warning);
    }

    pub(crate) fn take_warnings(&self) -> Vec<Warning> {
        std::mem::take(&mut *locked(&self.warnings))
    }
}
