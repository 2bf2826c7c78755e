//! Waiting by async-io, for any executor.

use std::{
    cell::Cell,
    future::{Future, poll_fn},
    os::fd::OwnedFd,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
    thread,
    time::Instant,
};

use async_io::Async;
use netloom_wire::{Error, ErrorKind, Result};

use crate::{namespace::failed, shared::locked};

/// A descriptor in async-io's reactor.
#[derive(Debug)]
pub(crate) struct Registration(Async<Arc<OwnedFd>>);

impl Registration {
    pub(crate) fn new(fd: &Arc<OwnedFd>) -> Result<Self> {
        // The descriptor stays in blocking mode: each call says whether it waits.
        let registered = Async::new_nonblocking(Arc::clone(fd));
        registered.map(Self).map_err(|e| failed(&e, "register a descriptor with async-io"))
    }

    pub(crate) async fn drive<T>(&self, mut attempt: impl FnMut(&mut Context<'_>) -> Poll<Result<T>>) -> Result<T> {
        loop {
            let mut readable = pin!(self.0.readable());
            let waited = poll_fn(|cx| match attempt(cx) {
                Poll::Ready(result) => Poll::Ready(Err(result)),
                // This asks whether there is something to read, so what came since the attempt is not lost.
                Poll::Pending => readable.as_mut().poll(cx).map(Ok),
            });
            match waited.await {
                Err(result) => return result,
                Ok(Ok(())) => {}
                Ok(Err(e)) => return Err(failed(&e, "wait for a descriptor")),
            }
        }
    }
}

/// A timer of async-io's.
pub(crate) struct Timer(async_io::Timer);

impl Timer {
    pub(crate) fn new(at: Instant) -> Self {
        Self(async_io::Timer::at(at))
    }

    pub(crate) fn has_come(&mut self, cx: &mut Context<'_>) -> bool {
        Pin::new(&mut self.0).poll(cx).is_ready()
    }
}

/// Requests of one thread between two pauses.
const TURN: u32 = 64;

/// Gives way to other tasks at each 64th call of a thread: executors without a budget have no other way to get a turn.
pub(crate) async fn pause() {
    thread_local! { static TURNS: Cell<u32> = const { Cell::new(0) }; }
    let turn = TURNS.with(|turns| {
        let turn = turns.get().wrapping_add(1);
        turns.set(turn);
        turn
    });
    let mut is_due = turn % TURN == 0;
    poll_fn(|cx| {
        if !std::mem::take(&mut is_due) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Where a thread leaves its result, and whom it wakes.
struct Desk<T> {
    result: Option<thread::Result<T>>,
    waker: Option<Waker>,
}

/// Runs `work` on a thread of its own, since async-io has none for blocking work; it goes on to its end even if this is
/// dropped.
pub(crate) async fn unblock<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let desk = Arc::new(Mutex::new(Desk { result: None, waker: None }));
    let left = Arc::clone(&desk);
    let run = move || {
        let result = catch_unwind(AssertUnwindSafe(work));
        let mut desk = locked(&left);
        desk.result = Some(result);
        let waker = desk.waker.take();
        drop(desk);
        if let Some(waker) = waker {
            waker.wake();
        }
    };
    thread::Builder::new().name("netloom-slow".into()).spawn(run).map_err(|e| failed(&e, "start a thread"))?;
    let result = poll_fn(|cx| {
        let mut desk = locked(&desk);
        match desk.result.take() {
            Some(result) => Poll::Ready(result),
            None => {
                desk.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    })
    .await;
    result.map_err(|_| Error::new(ErrorKind::Stopped, "blocking work panicked"))
}
