//! How many may do slow work at once.

use std::{
    collections::VecDeque,
    future::poll_fn,
    sync::{Arc, Mutex},
    task::{Poll, Waker},
};

use crate::shared::locked;

/// No more slow commands are under way at once: each takes a thread and a socket, and the kernel works through them one
/// after the other anyway.
const AT_ONCE: usize = 16;

/// Who works and who waits for a turn.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    working: usize,
    next: u64,
    /// In the order of their numbers.
    waiting: VecDeque<(u64, Waker)>,
}

impl State {
    /// Who is next, if there is a turn to be had.
    fn next_in_line(&mut self) -> Option<Waker> {
        if self.working < AT_ONCE { self.waiting.pop_front().map(|(_, waker)| waker) } else { None }
    }
}

impl Turns {
    /// Waits for a turn.
    pub(super) async fn take(self: &Arc<Self>) -> Turn {
        let mut place = Place { turns: self, number: None };
        poll_fn(|cx| {
            let mut state = locked(&self.0);
            if state.working < AT_ONCE {
                state.working = state.working.saturating_add(1);
                return Poll::Ready(());
            }
            place.wait(&mut state, cx.waker());
            Poll::Pending
        })
        .await;
        Turn(Arc::clone(self))
    }

    fn wake_next(&self) {
        let next = locked(&self.0).next_in_line();
        if let Some(next) = next {
            next.wake();
        }
    }
}

/// The right to work; dropped, the next one has it.
#[derive(Debug)]
pub(super) struct Turn(Arc<Turns>);

impl Drop for Turn {
    fn drop(&mut self) {
        let mut state = locked(&self.0.0);
        state.working = state.working.saturating_sub(1);
        drop(state);
        self.0.wake_next();
    }
}

/// A place in the line.
struct Place<'t> {
    turns: &'t Turns,
    number: Option<u64>,
}

impl Place<'_> {
    fn wait(&mut self, state: &mut State, waker: &Waker) {
        let known = self.number.and_then(|number| state.waiting.iter_mut().find(|(known, _)| *known == number));
        match known {
            Some((_, known)) => known.clone_from(waker),
            None => {
                self.number = Some(state.next);
                state.waiting.push_back((state.next, waker.clone()));
                state.next = state.next.wrapping_add(1);
            }
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let Some(number) = self.number else { return };
        let mut state = locked(&self.turns.0);
        let at = state.waiting.binary_search_by_key(&number, |(number, _)| *number).ok();
        let waker = at.and_then(|at| state.waiting.remove(at));
        drop(state);
        if waker.is_none() {
            // It was woken, and may not have taken its turn.
            self.turns.wake_next();
        }
    }
}
