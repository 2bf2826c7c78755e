//! A blocking subscription to multicast groups.

use std::{
    ops::Range,
    os::fd::{AsFd, BorrowedFd},
    time::{Duration, Instant},
};

use netloom_proto::Handled;
use netloom_wire::{Error, ErrorKind, Notice, Result};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
};

use super::Stop;
use crate::{
    connection::{Connection, Progress},
    namespace::failed,
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
    connection: Connection,
    stop: Option<Stop>,
    deadline: Option<Instant>,
}

/// Where a notice lies.
enum Found {
    Message(Range<usize>),
    Lost,
}

impl Notifications {
    pub(super) fn new(mut connection: Connection) -> Self {
        // Silence is no fault here.
        connection.set_inactivity_limit(None);
        Self { connection, stop: None, deadline: None }
    }

    /// Waits for the next notice. Ends with [`ErrorKind::Stopped`] when it was stopped, with [`ErrorKind::Timeout`] at
    /// the deadline.
    #[expect(clippy::should_implement_trait, reason = "it lends, which an iterator cannot")]
    pub fn next(&mut self) -> Result<Notice<'_>> {
        let found = loop {
            self.check_stopped()?;
            if let Some(found) = self.buffered() {
                break found;
            }
            match &self.stop {
                None => _ = self.connection.receive(self.deadline)?,
                Some(stop) => {
                    if self.connection.try_receive()? == Progress::Empty {
                        wait(&self.connection, stop, self.deadline)?;
                    }
                }
            }
        };
        Ok(self.notice(found))
    }

    /// The next notice that is here already, without waiting.
    pub fn try_next(&mut self) -> Result<Option<Notice<'_>>> {
        let found = loop {
            self.check_stopped()?;
            if let Some(found) = self.buffered() {
                break found;
            }
            if self.connection.try_receive()? == Progress::Empty {
                return Ok(None);
            }
        };
        Ok(Some(self.notice(found)))
    }

    /// Waiting ends when `limit` has passed from now; None lifts that.
    pub fn deadline(&mut self, limit: Option<Duration>) {
        self.deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
    }

    /// A handle that stops this subscription from another thread.
    pub fn stop_handle(&mut self) -> Result<Stop> {
        match &self.stop {
            Some(stop) => Ok(stop.clone()),
            None => {
                let stop = Stop::new().map_err(|e| failed(&e, "make an eventfd"))?;
                Ok(self.stop.insert(stop).clone())
            }
        }
    }

    fn check_stopped(&self) -> Result<()> {
        match &self.stop {
            Some(stop) if stop.is_stopped() => Err(Error::new(ErrorKind::Stopped, "the subscription was stopped")),
            _ => Ok(()),
        }
    }

    fn buffered(&mut self) -> Option<Found> {
        while let Some((handled, at)) = self.connection.next() {
            if handled == Handled::Notification && !self.connection.is_stale() {
                return Some(Found::Message(at));
            }
        }
        self.connection.take_lost().then_some(Found::Lost)
    }

    fn notice(&self, found: Found) -> Notice<'_> {
        let message = match found {
            Found::Message(at) => self.connection.message(at),
            Found::Lost => None,
        };
        match message {
            Some(message) => Notice::Message {
                command: message.header.command(),
                flags: message.header.flags(),
                payload: message.payload,
                nsid: self.connection.nsid(),
            },
            None => Notice::Lost,
        }
    }
}

/// Waits until the socket is readable, or until the stop, or the deadline.
fn wait(connection: &Connection, stop: &Stop, deadline: Option<Instant>) -> Result<()> {
    let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
    if left.is_some_and(|left| left.is_zero()) {
        return Err(Error::timeout());
    }
    // A time too long for the kernel is as good as for ever.
    let left = left.and_then(|left| Timespec::try_from(left).ok());
    let socket = connection.socket().as_fd();
    let mut both = [PollFd::from_borrowed_fd(socket, PollFlags::IN), PollFd::new(stop, PollFlags::IN)];
    match poll(&mut both, left.as_ref()) {
        Ok(_) | Err(Errno::INTR) => Ok(()),
        Err(error) => Err(failed(&error.into(), "poll")),
    }
}

impl netloom_wire::Notifications for Notifications {
    async fn next(&mut self) -> Result<Notice<'_>> {
        Notifications::next(self)
    }
    fn try_next(&mut self) -> Result<Option<Notice<'_>>> {
        Notifications::try_next(self)
    }
    fn deadline(&mut self, limit: Option<Duration>) {
        Notifications::deadline(self, limit);
    }
}

impl AsFd for Notifications {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.connection.socket().as_fd()
    }
}
