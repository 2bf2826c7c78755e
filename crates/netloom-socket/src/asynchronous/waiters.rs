//! Tasks that wait for something that comes to no mailbox.

use std::{collections::VecDeque, sync::Mutex, task::Waker};

use crate::shared::locked;

/// Tasks by their numbers, which count up.
#[derive(Debug, Default)]
pub(super) struct Waiters {
    next: u64,
    wakers: VecDeque<(u64, Waker)>,
}

impl Waiters {
    fn position(&self, number: u64) -> Option<usize> {
        self.wakers.binary_search_by_key(&number, |(number, _)| *number).ok()
    }

    /// The one that has waited longest, who waits no more.
    pub(super) fn take_first(&mut self) -> Option<Waker> {
        self.wakers.pop_front().map(|(_, waker)| waker)
    }

    /// All of them, who wait no more.
    pub(super) fn take(&mut self) -> impl Iterator<Item = Waker> + use<> {
        std::mem::take(&mut self.wakers).into_iter().map(|(_, waker)| waker)
    }
}

/// A task's place among the waiters that something shared has. Dropped, it is woken no more.
pub(super) struct Place<'s, S> {
    shared: &'s Mutex<S>,
    among: fn(&mut S) -> &mut Waiters,
    number: Option<u64>,
}

impl<'s, S> Place<'s, S> {
    pub(super) fn new(shared: &'s Mutex<S>, among: fn(&mut S) -> &mut Waiters) -> Self {
        Self { shared, among, number: None }
    }

    /// Wakes this task when the waiters are.
    pub(super) fn wait(&mut self, shared: &mut S, waker: &Waker) {
        let waiters = (self.among)(shared);
        let known = self.number.and_then(|number| waiters.position(number));
        match known.and_then(|position| waiters.wakers.get_mut(position)) {
            Some((_, known)) => known.clone_from(waker),
            None => {
                self.number = Some(waiters.next);
                waiters.wakers.push_back((waiters.next, waker.clone()));
                waiters.next = waiters.next.wrapping_add(1);
            }
        }
    }

    /// Gives the place up. Whether that was taken by who wakes.
    pub(super) fn leave(&mut self) -> bool {
        let Some(number) = self.number.take() else { return false };
        let mut shared = locked(self.shared);
        let waiters = (self.among)(&mut shared);
        let waker = waiters.position(number).and_then(|position| waiters.wakers.remove(position));
        // With the lock given back: what a waker does when it goes is not ours.
        drop(shared);
        waker.is_none()
    }
}

impl<S> Drop for Place<'_, S> {
    fn drop(&mut self) {
        self.leave();
    }
}
