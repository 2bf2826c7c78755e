//! An async subscription to multicast groups.

use std::{
    os::fd::{AsFd, BorrowedFd},
    task::Poll,
    time::{Duration, Instant},
};

use netloom_wire::{Error, Notice, Result};

use super::{
    Stop,
    limit::Limit,
    reactor::{Reactor, Registration},
};
use crate::subscription::{Found, Subscription, stopped};

/// A subscription to multicast groups, on a socket of its own; made by [`Socket::watch`](super::Socket::watch).
///
/// [`Notice::Lost`] says that messages were lost; what is known must then be read again. What was queued before the loss
/// is skipped, since it would be older than what is read. A future of [`Notifications::next`] that is dropped loses
/// nothing.
///
/// ```no_run
/// use netloom_wire::{Notice, Result};
/// # async fn print(socket: &netloom_socket::asynchronous::Socket<impl netloom_wire::Family>) -> Result<()> {
/// let mut links = socket.watch(&[1])?; // RTNLGRP_LINK
/// loop {
///     match links.next().await? {
///         Notice::Message { command, payload, .. } => println!("{command}: {} bytes", payload.len()),
///         _ => println!("lost some"),
///     }
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Notifications {
    subscription: Subscription,
    registration: Registration,
    reactor: Reactor,
    stop: Stop,
}

impl Notifications {
    pub(super) fn new(subscription: Subscription, reactor: &Reactor) -> Result<Self> {
        Ok(Self {
            registration: reactor.register(subscription.socket())?,
            subscription,
            reactor: reactor.clone(),
            stop: Stop::default(),
        })
    }

    /// Waits for the next notice. Ends with [`ErrorKind::Stopped`](netloom_wire::ErrorKind::Stopped) when it was
    /// stopped, with [`ErrorKind::Timeout`](netloom_wire::ErrorKind::Timeout) at the deadline.
    pub async fn next(&mut self) -> Result<Notice<'_>> {
        // A flood of notices must not keep other tasks from running.
        self.reactor.pause().await;
        let deadline = self.subscription.deadline()?;
        let found = match self.find()? {
            Some(found) => found,
            None => self.wait(deadline).await?,
        };
        Ok(self.subscription.notice(found))
    }

    /// The next notice that is here already, without waiting.
    pub fn try_next(&mut self) -> Result<Option<Notice<'_>>> {
        let found = self.find()?;
        Ok(found.map(|found| self.subscription.notice(found)))
    }

    /// Waiting ends when `limit` has passed from now; None lifts that.
    pub fn deadline(&mut self, limit: Option<Duration>) {
        self.subscription.set_deadline(limit);
    }

    /// A handle that stops this subscription from elsewhere.
    pub fn stop_handle(&self) -> Stop {
        self.stop.clone()
    }

    fn find(&mut self) -> Result<Option<Found>> {
        if self.stop.is_stopped() {
            return Err(stopped());
        }
        self.subscription.find()
    }

    async fn wait(&mut self, deadline: Option<Instant>) -> Result<Found> {
        let Self { subscription, registration, reactor, stop } = self;
        let mut limit = Limit::new(reactor, None, deadline);
        registration
            .drive(|cx| {
                // Left before it is looked at, so that a stop in between is not missed.
                stop.leave_waker(cx.waker());
                if stop.is_stopped() {
                    return Poll::Ready(Err(stopped()));
                }
                match subscription.find() {
                    Ok(Some(found)) => Poll::Ready(Ok(found)),
                    Ok(None) if limit.has_passed(cx) => Poll::Ready(Err(Error::timeout())),
                    Ok(None) => Poll::Pending,
                    Err(error) => Poll::Ready(Err(error)),
                }
            })
            .await
    }
}

impl netloom_wire::Notifications for Notifications {
    async fn next(&mut self) -> Result<Notice<'_>> {
        Self::next(self).await
    }
    fn try_next(&mut self) -> Result<Option<Notice<'_>>> {
        Self::try_next(self)
    }
    fn deadline(&mut self, limit: Option<Duration>) {
        Self::deadline(self, limit);
    }
}

impl AsFd for Notifications {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.subscription.socket().as_fd()
    }
}
