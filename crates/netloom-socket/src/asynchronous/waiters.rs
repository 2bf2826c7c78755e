//! Tasks that wait for something that comes to no mailbox.

use std::{collections::VecDeque, sync::Mutex, task::Waker};

use super::state::State;
use crate::shared::locked;

/// Tasks by their numbers, which count up.
#[derive(Default)]
pub(super) struct Waiters {
    next: u64,
    wakers: VecDeque<(u64, Waker)>,
}

impl Waiters {
    fn position(&self, number: u64) -> Option<usize> {
        self.wakers.binary_search_by_key(&number, |(number, _)| *number).ok()
    }

    /// All of them, who wait no more.
    pub(super) fn take(&mut self) -> impl Iterator<Item = Waker> + use<> {
        std::mem::take(&mut self.wakers).into_iter().map(|(_, waker)| waker)
    }
}

/// A task's place among the waiters of a socket. Dropped, it is woken no more.
pub(super) struct Place<'s> {
    state: &'s Mutex<State>,
    among: fn(&mut State) -> &mut Waiters,
    number: Option<u64>,
}

impl<'s> Place<'s> {
    pub(super) fn new(state: &'s Mutex<State>, among: fn(&mut State) -> &mut Waiters) -> Self {
        Self { state, among, number: None }
    }

    /// Wakes this task when the waiters are.
    pub(super) fn wait(&mut self, state: &mut State, waker: &Waker) {
        let waiters = (self.among)(state);
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
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let Some(number) = self.number else { return };
        let mut state = locked(self.state);
        let waiters = (self.among)(&mut state);
        let waker = waiters.position(number).and_then(|position| waiters.wakers.remove(position));
        // With the lock given back: what a waker does when it goes is not ours.
        drop(state);
        drop(waker);
    }
}
