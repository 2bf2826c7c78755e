//! How long a wait may take.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use netloom_wire::{Error, Result};

use super::reactor::{Reactor, Timer};

/// The end of a wait: a time without anything coming, or a moment. A timer is only made for a wait that happens.
pub(super) struct Limit<'a> {
    reactor: &'a Reactor,
    inactivity: Option<Duration>,
    deadline: Option<Instant>,
    timer: Option<Timer>,
}

impl<'a> Limit<'a> {
    pub(super) fn new(reactor: &'a Reactor, inactivity: Option<Duration>, deadline: Option<Instant>) -> Self {
        Self { reactor, inactivity, deadline, timer: None }
    }

    /// Something came: the time without anything begins again.
    pub(super) fn restart(&mut self) {
        self.timer = None;
    }

    /// Whether the wait is over; the task is woken when it is.
    pub(super) fn has_passed(&mut self, cx: &mut Context<'_>) -> bool {
        if self.timer.is_none() {
            let silence = self.inactivity.and_then(|limit| Instant::now().checked_add(limit));
            let end = silence.into_iter().chain(self.deadline).min();
            self.timer = end.map(|end| self.reactor.timer(end));
        }
        self.timer.as_mut().is_some_and(|timer| timer.has_come(cx))
    }
}

/// An error when a deadline has passed.
pub(super) fn check(deadline: Option<Instant>) -> Result<()> {
    match deadline {
        Some(deadline) if deadline <= Instant::now() => Err(Error::timeout()),
        _ => Ok(()),
    }
}

/// Waits for something that is not of a socket, until a deadline.
pub(super) async fn within<T>(
    reactor: &Reactor,
    deadline: Option<Instant>,
    mut work: Pin<&mut (impl Future<Output = T> + ?Sized)>,
) -> Result<T> {
    let mut limit = Limit::new(reactor, None, deadline);
    poll_fn(|cx| match work.as_mut().poll(cx) {
        Poll::Ready(done) => Poll::Ready(Ok(done)),
        Poll::Pending if limit.has_passed(cx) => Poll::Ready(Err(Error::timeout())),
        Poll::Pending => Poll::Pending,
    })
    .await
}
