//! How many may do slow work at once.

use std::{
    future::poll_fn,
    sync::{Arc, Mutex},
    task::{Poll, Waker},
};

use super::waiters::{Place, Waiters};
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
    waiting: Waiters,
}

impl State {
    /// Who is next, if there is a turn to be had.
    fn next_in_line(&mut self) -> Option<Waker> {
        if self.working < AT_ONCE { self.waiting.take_first() } else { None }
    }
}

impl Turns {
    /// Waits for a turn.
    pub(super) async fn take(self: &Arc<Self>) -> Turn {
        let mut in_line = InLine { turns: self, place: Place::new(&self.0, |state| &mut state.waiting) };
        poll_fn(|cx| {
            let mut state = locked(&self.0);
            if state.working < AT_ONCE {
                state.working = state.working.saturating_add(1);
                return Poll::Ready(());
            }
            in_line.place.wait(&mut state, cx.waker());
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

/// Somebody who waits for a turn.
struct InLine<'t> {
    turns: &'t Turns,
    place: Place<'t, State>,
}

impl Drop for InLine<'_> {
    fn drop(&mut self) {
        if self.place.leave() {
            // It was woken, and may not have taken its turn.
            self.turns.wake_next();
        }
    }
}
