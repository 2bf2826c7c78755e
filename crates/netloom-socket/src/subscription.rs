//! The place in a stream of notifications. Blocking and async subscriptions only differ in how they wait for more.

use std::{
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use netloom_proto::Handled;
use netloom_wire::{Error, ErrorKind, Notice, Origin, Result, generic};

use crate::{
    RawSocket,
    connection::{self, Connection, Progress},
};

/// Where a notice lies.
#[derive(Debug)]
pub(crate) enum Found {
    Message(Range<usize>),
    Lost,
}

/// A connection that only receives notifications.
#[derive(Debug)]
pub(crate) struct Subscription {
    connection: Connection,
    /// Its messages have the header of generic netlink.
    generic: bool,
    /// When waiting ends.
    deadline: Option<Instant>,
    /// It ends then at the latest: what made the subscription must.
    latest: Option<Instant>,
    /// A handler could not tell it something.
    missed: Arc<AtomicBool>,
}

impl Subscription {
    pub(crate) fn new(mut connection: Connection, protocol: u16) -> Self {
        // Silence is no fault here.
        connection.set_inactivity_limit(None);
        let generic = protocol == generic::PROTOCOL;
        Self { connection, generic, deadline: None, latest: None, missed: Arc::default() }
    }

    /// Lets handlers know to which groups it is, and tell it what they have to.
    pub(crate) fn to(self, groups: &[u32]) -> Self {
        let missed = self.connection.shared().hooks().listeners().subscribed(self.connection.socket(), groups);
        Self { missed, ..self }
    }

    /// Waiting for it ends at this moment at the latest.
    pub(crate) fn until(self, latest: Option<Instant>) -> Self {
        Self { deadline: latest, latest, ..self }
    }

    /// Waiting ends when `limit` has passed from now.
    pub(crate) fn set_deadline(&mut self, limit: Option<Duration>) {
        let own = limit.and_then(|limit| Instant::now().checked_add(limit));
        self.deadline = own.into_iter().chain(self.latest).min();
    }

    /// When waiting ends; an error if it has ended.
    #[inline]
    pub(crate) fn deadline(&self) -> Result<Option<Instant>> {
        match self.deadline {
            Some(deadline) if deadline <= Instant::now() => Err(Error::timeout()),
            deadline => Ok(deadline),
        }
    }

    /// The next notice that is here already.
    pub(crate) fn find(&mut self) -> Result<Option<Found>> {
        loop {
            if let Some(found) = self.buffered()? {
                return Ok(Some(found));
            }
            if self.connection.try_receive()? == Progress::Empty {
                return Ok(None);
            }
        }
    }

    /// The next notice that was received already.
    pub(crate) fn buffered(&mut self) -> Result<Option<Found>> {
        if self.missed.load(Ordering::Acquire) && self.missed.swap(false, Ordering::AcqRel) {
            self.connection.overrun();
        }
        while let Some(connection::Found { handled, command, at }) = self.connection.next() {
            if handled == Handled::Notification && !self.connection.is_stale() {
                return self.connection.pass(command, at, Origin::Notification).map(|at| Some(Found::Message(at)));
            }
        }
        Ok(self.connection.take_lost().then_some(Found::Lost))
    }

    /// What was found, until something else is.
    pub(crate) fn notice(&self, found: Found) -> Notice<'_> {
        let message = match found {
            Found::Message(at) => self.connection.message(at),
            Found::Lost => None,
        };
        match message {
            Some(message) => {
                let message_type = message.header.command();
                let parts = if self.generic { generic::split(message.payload) } else { None };
                let (command, payload) = parts.unwrap_or((message_type, message.payload));
                let flags = message.header.flags();
                Notice::Message { message_type, command, flags, payload, nsid: self.connection.nsid() }
            }
            None => Notice::Lost,
        }
    }

    /// To wait for more.
    pub(crate) fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    pub(crate) fn socket(&self) -> &Arc<RawSocket> {
        self.connection.socket()
    }
}

/// What a wait for notifications that were stopped ends with.
#[cold]
pub(crate) fn stopped() -> Error {
    Error::new(ErrorKind::Stopped, "the subscription was stopped")
}
