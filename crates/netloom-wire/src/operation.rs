//! Operations of one or more requests, and what they may ask of a socket.

use alloc::vec::Vec;
use core::{fmt, future::Future, time::Duration};

use crate::{Dump, Error, Family, Object, Request, RequestKind, Result};

/// Anything that can be run: every request by itself, and operations of several steps.
///
/// An operation awaits nothing but its [`Driver`], so that the same text serves a blocking socket, whose futures are
/// ready when they are polled first.
pub trait Operation: Send + Sync {
    /// Where it may run.
    type Family: Family;
    /// What it returns.
    type Output: Send;
    /// Runs it.
    fn perform<D: Driver<Family = Self::Family>>(
        &self,
        io: &mut D,
    ) -> impl Future<Output = Result<Self::Output>> + Send;
}

impl<R: Request> Operation for R {
    type Family = R::Family;
    type Output = <R::Kind as RequestKind>::Output<R::Reply>;
    fn perform<D: Driver<Family = R::Family>>(&self, io: &mut D) -> impl Future<Output = Result<Self::Output>> + Send {
        R::Kind::run(self, io)
    }
}

/// How a dump ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// The kernel said that the table changed meanwhile (`NLM_F_DUMP_INTR`): objects may be missing or twice.
    pub interrupted: bool,
}

/// What an operation may ask of a socket.
pub trait Driver: Send {
    /// What the socket speaks.
    type Family: Family;
    /// A subscription to notifications.
    type Notifications: Notifications;

    /// Runs a command, a get or an echo; `on_reply` sees each reply before the acknowledgement ends it.
    fn one<R: Request<Family = Self::Family>>(
        &mut self,
        request: &R,
        on_reply: impl FnMut(&R::Reply) + Send,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Runs a dump once, object by object; what the request does not accept is left out.
    fn each<R: Request<Family = Self::Family, Kind = Dump>>(
        &mut self,
        request: &R,
        on_reply: impl FnMut(&R::Reply) + Send,
    ) -> impl Future<Output = Result<Done>> + Send;

    /// Runs many commands, gets or echoes, as many in flight as the receive buffer allows.
    ///
    /// `on_reply` sees each reply with the index of its request.
    fn many<R: Request<Family = Self::Family>>(
        &mut self,
        requests: impl Iterator<Item = R> + Send,
        on_reply: impl FnMut(u64, &R::Reply) + Send,
    ) -> impl Future<Output = Result<Report>> + Send;

    /// Subscribes to multicast groups, on a socket of its own. The [deadline](Driver::deadline) holds for it too.
    fn watch(&mut self, groups: &[u32]) -> impl Future<Output = Result<Self::Notifications>> + Send;

    /// From now on, all that this driver does ends with [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) when `limit`
    /// has passed; `None` lifts it.
    fn deadline(&mut self, limit: Option<Duration>);
}

/// A subscription to multicast groups.
pub trait Notifications: Send {
    /// Waits for the next notice.
    fn next(&mut self) -> impl Future<Output = Result<Notice<'_>>> + Send;
    /// The next notice that is here already, without waiting.
    fn try_next(&mut self) -> Result<Option<Notice<'_>>>;
    /// [`Notifications::next`] ends with [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) when `limit` has passed from
    /// now; `None` lifts it.
    fn deadline(&mut self, limit: Option<Duration>);
}

/// What a subscription has to tell.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Notice<'a> {
    /// A message of a group.
    Message {
        /// Message type; with generic netlink the number of the family.
        message_type: u16,
        /// Command: the message type, with generic netlink what its own header says.
        command: u16,
        /// `NLM_F_*` bits: whether it replaces, or is appended to, what was there.
        flags: u16,
        /// Header and attributes.
        payload: &'a [u8],
        /// Namespace that it is about, as the socket's own namespace numbers it; None for the socket's own.
        nsid: Option<i32>,
    },
    /// Messages were lost: the buffer was full, or a datagram was cut. What is known must be read again.
    Lost,
}

/// Outcome of each of many requests. Those that succeeded take no memory.
#[derive(Debug, Default)]
pub struct Report {
    /// How many requests were run.
    pub total: u64,
    /// Index and error of each that failed, or whose outcome is [unknown](Error::is_unknown); by rising index.
    pub failures: Vec<(u64, Error)>,
}

impl Report {
    /// How many succeeded.
    pub fn succeeded(&self) -> u64 {
        self.total.saturating_sub(u64::try_from(self.failures.len()).unwrap_or(u64::MAX))
    }

    /// How many ran, or the first error.
    pub fn into_result(self) -> Result<u64> {
        match self.failures.into_iter().next() {
            Some((_, error)) => Err(error),
            None => Ok(self.total),
        }
    }

    /// Outcome of the request with this index, counted from 0.
    pub fn outcome(&self, index: u64) -> Option<Result<(), &Error>> {
        let at = self.failures.binary_search_by_key(&index, |(at, _)| *at).ok();
        let failure = at.and_then(|at| self.failures.get(at)).map(|(_, error)| error);
        (index < self.total).then(|| failure.map_or(Ok(()), Err))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} succeeded", self.succeeded(), self.total)
    }
}

/// Names an object with its noun, for messages to people: `link eth0`.
pub fn named<T: Object + ?Sized>(object: &T) -> impl fmt::Display + '_ {
    struct Named<'a, T: ?Sized>(&'a T);
    impl<T: Object + ?Sized> fmt::Display for Named<'_, T> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{} ", T::NOUN)?;
            self.0.describe(f)
        }
    }
    Named(object)
}
