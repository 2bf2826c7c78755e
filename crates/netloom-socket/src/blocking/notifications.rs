//! A blocking subscription to multicast groups.

use std::{
    os::fd::{AsFd, BorrowedFd},
    time::{Duration, Instant},
};

use netloom_wire::{Error, Notice, Result};

use super::Stop;
use crate::{
    RawSocket,
    namespace::failed,
    subscription::{Subscription, stopped},
    sys,
};

/// A subscription to multicast groups, on a socket of its own; made by [`Socket::watch`](super::Socket::watch).
///
/// [`Notice::Lost`] says that messages were lost; what is known must then be read again. What was queued before the loss
/// is skipped, since it would be older than what is read.
///
/// ```no_run
/// use netloom_wire::{Notice, Result};
/// # fn print(mut socket: netloom_socket::blocking::Socket<impl netloom_wire::Family>) -> Result<()> {
/// let mut links = socket.watch(&[1])?; // RTNLGRP_LINK
/// let stop = links.stop_handle()?;
/// std::thread::spawn(move || {
///     std::thread::sleep(std::time::Duration::from_secs(10));
///     stop.stop();
/// });
/// loop {
///     match links.next() {
///         Ok(Notice::Message { command, payload, .. }) => println!("{command}: {} bytes", payload.len()),
///         Ok(_) => println!("lost some"),
///         Err(error) if error.kind() == netloom_wire::ErrorKind::Stopped => return Ok(()),
///         Err(error) => return Err(error),
///     }
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Notifications {
    subscription: Subscription,
    stop: Option<Stop>,
}

impl Notifications {
    pub(super) fn new(subscription: Subscription) -> Self {
        Self { subscription, stop: None }
    }

    /// Waits for the next notice. Ends with [`ErrorKind::Stopped`](netloom_wire::ErrorKind::Stopped) when it was stopped,
    /// with [`ErrorKind::Timeout`](netloom_wire::ErrorKind::Timeout) at the deadline.
    #[expect(clippy::should_implement_trait, reason = "it lends, which an iterator cannot")]
    pub fn next(&mut self) -> Result<Notice<'_>> {
        let deadline = self.subscription.deadline()?;
        let found = loop {
            self.check_stopped()?;
            let found = match &self.stop {
                None => self.subscription.buffered()?,
                Some(_) => self.subscription.find()?,
            };
            match (found, &self.stop) {
                (Some(found), _) => break found,
                (None, None) => _ = self.subscription.connection().receive(deadline)?,
                (None, Some(stop)) => wait(self.subscription.socket(), stop, deadline)?,
            }
        };
        Ok(self.subscription.notice(found))
    }

    /// The next notice that is here already, without waiting.
    pub fn try_next(&mut self) -> Result<Option<Notice<'_>>> {
        self.check_stopped()?;
        let found = self.subscription.find()?;
        Ok(found.map(|found| self.subscription.notice(found)))
    }

    /// Waiting ends when `limit` has passed from now; None lifts that.
    pub fn deadline(&mut self, limit: Option<Duration>) {
        self.subscription.set_deadline(limit);
    }

    /// A handle that stops this subscription from another thread.
    pub fn stop_handle(&mut self) -> Result<Stop> {
        match &self.stop {
            Some(stop) => Ok(stop.clone()),
            None => {
                let stop = Stop::new().map_err(|e| failed(&e, "make a socket pair"))?;
                Ok(self.stop.insert(stop).clone())
            }
        }
    }

    fn check_stopped(&self) -> Result<()> {
        match &self.stop {
            Some(stop) if stop.is_stopped() => Err(stopped()),
            _ => Ok(()),
        }
    }
}

/// Waits until the socket is readable, or until the stop, or the deadline.
fn wait(socket: &RawSocket, stop: &Stop, deadline: Option<Instant>) -> Result<()> {
    let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
    if left.is_some_and(|left| left.is_zero()) {
        return Err(Error::timeout());
    }
    sys::wait_readable(socket.as_fd(), stop.as_fd(), left).map_err(|e| failed(&e, "poll"))
}

impl netloom_wire::Notifications for Notifications {
    async fn next(&mut self) -> Result<Notice<'_>> {
        Self::next(self)
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
