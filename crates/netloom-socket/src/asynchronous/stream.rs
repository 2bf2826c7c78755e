//! A dump, object by object, for async code.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
    time::{Duration, Instant},
};

use netloom_wire::{Done, Dump, Error, RawMessage, Request, Result, View};

use super::{
    core::{Core, decide},
    limit::{self, Limit},
    reactor::{Reactor, Registration},
};
use crate::{
    address::Address,
    connection::Progress,
    cursor::{Cursor, Step, about},
    hooks::{Decision, Draft, Passage},
    pool::Pool,
};

/// What slow handlers decide of a dump.
struct Entering {
    address: Address,
    /// It is polled by who may change this; behind a lock it may be referred to by anybody.
    deciding: Mutex<Pin<Box<dyn Future<Output = Result<Decision>> + Send>>>,
}

impl Entering {
    fn new(reactor: Reactor, address: &Address, passage: Passage) -> Self {
        Self { address: address.clone(), deciding: Mutex::new(Box::pin(decide(reactor, passage))) }
    }
}

/// A dump under way on a socket of its own.
pub(super) struct Underway {
    /// Not there before the handlers have decided, and while this is dropped.
    cursor: Option<Cursor>,
    entering: Option<Entering>,
    pool: Arc<Pool>,
    reactor: Reactor,
    /// Only made if something has to be waited for: the kernel has the next part ready when the last one was read.
    registration: Option<Registration>,
    inactivity: Option<Duration>,
    deadline: Option<Instant>,
}

impl Underway {
    pub(super) fn start<R: Request<Kind = Dump>>(
        core: &Core,
        address: &Address,
        request: &R,
        deadline: Option<Instant>,
    ) -> Result<Self> {
        let (decided, entering) = match Draft::of(core.pool.shared().hooks().sending().as_ref(), address, request)? {
            None => (Some(Decision::Forward), None),
            Some(passage) => match passage.decide_quickly() {
                Ok(decided) => (Some(decided.map_err(|error| about(request, error))?), None),
                Err(passage) => (None, Some(Entering::new(core.reactor.clone(), address, passage))),
            },
        };
        let mut dump = Self {
            cursor: None,
            entering,
            pool: Arc::clone(&core.pool),
            reactor: core.reactor.clone(),
            registration: None,
            inactivity: core.inactivity,
            deadline,
        };
        if let Some(decision) = decided {
            dump.open(address, request, decision)?;
        }
        Ok(dump)
    }

    fn open<R: Request<Kind = Dump>>(&mut self, address: &Address, request: &R, decision: Decision) -> Result<()> {
        let connection = self.pool.take().map_err(|error| about(request, error))?;
        self.cursor = Some(Cursor::start(connection, address, request, decision));
        Ok(())
    }

    /// Waits for slow handlers, if they have not decided yet.
    #[inline]
    async fn begin<R: Request<Kind = Dump>>(&mut self, request: &R) -> Result<()> {
        if self.entering.is_some() { self.enter(request).await } else { Ok(()) }
    }

    async fn enter<R: Request<Kind = Dump>>(&mut self, request: &R) -> Result<()> {
        let Self { entering: Some(Entering { address, deciding }), reactor, deadline, .. } = self else {
            return Ok(());
        };
        let deciding = deciding.get_mut().unwrap_or_else(PoisonError::into_inner);
        // Given up half way, or timed out, it may be waited for again.
        let decided =
            limit::within(reactor, *deadline, deciding.as_mut()).await.map_err(|error| about(request, error))?;
        let address = address.clone();
        self.entering = None;
        self.open(&address, request, decided.map_err(|error| about(request, error))?)
    }

    /// The next object that has been received.
    #[inline]
    pub(super) fn buffered<R: Request<Kind = Dump>>(&mut self, request: &R) -> Result<Option<&R::Reply>> {
        let Some(cursor) = &mut self.cursor else { return Ok(None) };
        match cursor.step(request)? {
            Step::Object(at) => Ok(R::Reply::view(cursor.object(at))),
            Step::End | Step::Receive => Ok(None),
        }
    }

    /// Waits for more to be received; false at the end.
    #[inline]
    pub(super) async fn more<R: Request<Kind = Dump>>(&mut self, request: &R) -> Result<bool> {
        self.begin(request).await?;
        let Some(cursor) = &self.cursor else { return Ok(false) };
        if cursor.has_more() {
            return Ok(true);
        }
        if cursor.done().is_some() {
            return Ok(false);
        }
        self.receive().await.map_err(|error| about(request, error))?;
        Ok(true)
    }

    /// Receives a datagram.
    async fn receive(&mut self) -> Result<()> {
        // Once for each datagram, so that a long dump lets other tasks run.
        self.reactor.pause().await;
        limit::check(self.deadline)?;
        let Self { cursor: Some(cursor), reactor, registration, inactivity, deadline, .. } = self else {
            return Ok(());
        };
        let connection = cursor.connection();
        connection.flush();
        if connection.try_receive()? == Progress::Some {
            return Ok(());
        }
        let registration = match registration {
            Some(registration) => registration,
            none => none.insert(reactor.register(connection.socket())?),
        };
        let mut limit = Limit::new(reactor, *inactivity, *deadline);
        registration
            .drive(|cx| match connection.try_receive() {
                Ok(Progress::Some) => Poll::Ready(Ok(())),
                Ok(Progress::Empty) if limit.has_passed(cx) => Poll::Ready(Err(Error::timeout())),
                Ok(Progress::Empty) => Poll::Pending,
                Err(error) => Poll::Ready(Err(error)),
            })
            .await
    }

    pub(super) fn done(&self) -> Done {
        self.cursor.as_ref().and_then(Cursor::done).unwrap_or_default()
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        // Out of the reactor before the socket goes back.
        self.registration = None;
        if let Some(cursor) = self.cursor.take() {
            self.pool.give(cursor.into_connection());
        }
    }
}

/// A dump under way: `while let Some(route) = routes.next().await? { … }`.
///
/// Each object is a view into the receive buffer and lives until the next call. The stream has a socket of its own, so
/// requests may be made meanwhile; given up half way, that socket is closed, which ends the dump. A future of
/// [`Stream::next`] that is dropped loses nothing.
///
/// For large dumps, take what is there without a future:
///
/// ```no_run
/// # use netloom_socket::asynchronous::Socket;
/// # use netloom_wire::{Dump, Request, Result};
/// # async fn count<R: Request<Kind = Dump> + Clone>(socket: &Socket<R::Family>, request: &R) -> Result<usize> {
/// let mut count = 0;
/// let mut stream = socket.stream(request)?;
/// while stream.more().await? {
///     while let Some(_object) = stream.buffered()? {
///         count += 1;
///     }
/// }
/// # Ok(count)
/// # }
/// ```
pub struct Stream<R: Request<Kind = Dump>> {
    dump: Underway,
    request: R,
}

impl<R: Request<Kind = Dump>> Stream<R> {
    pub(super) fn start(core: &Core, address: &Address, request: R, deadline: Option<Instant>) -> Result<Self> {
        Ok(Self { dump: Underway::start(core, address, &request, deadline)?, request })
    }

    /// The next object that the request accepts; None at the end.
    #[inline]
    pub async fn next(&mut self) -> Result<Option<&R::Reply>> {
        let Self { dump, request } = self;
        dump.begin(request).await?;
        loop {
            let Some(cursor) = &mut dump.cursor else { return Ok(None) };
            match cursor.step(request)? {
                Step::Object(at) => {
                    return Ok(dump.cursor.as_ref().and_then(|cursor| R::Reply::view(cursor.object(at))));
                }
                Step::End => return Ok(None),
                Step::Receive => dump.receive().await.map_err(|error| about(request, error))?,
            }
        }
    }

    /// The next object that has been received, without waiting; None says nothing of the end: see [`Stream::more`].
    #[inline]
    pub fn buffered(&mut self) -> Result<Option<&R::Reply>> {
        self.dump.buffered(&self.request)
    }

    /// Waits until there may be something [buffered](Stream::buffered); false at the end.
    #[inline]
    pub async fn more(&mut self) -> Result<bool> {
        self.dump.more(&self.request).await
    }

    /// The next message as it is, with its header, whether or not it is what was asked for; None at the end.
    pub async fn next_raw(&mut self) -> Result<Option<RawMessage<'_>>> {
        let Self { dump, request } = self;
        dump.begin(request).await?;
        loop {
            let Some(cursor) = &mut dump.cursor else { return Ok(None) };
            match cursor.step_raw(request)? {
                Step::Object(at) => return Ok(dump.cursor.as_ref().and_then(|cursor| cursor.message(at))),
                Step::End => return Ok(None),
                Step::Receive => dump.receive().await.map_err(|error| about(request, error))?,
            }
        }
    }

    /// Whether the table changed while it was read, so that objects may be missing or twice. Known at the end only.
    pub fn interrupted(&self) -> bool {
        self.dump.done().interrupted
    }
}

impl<R: Request<Kind = Dump>> fmt::Debug for Stream<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream")
            .field("done", &self.dump.cursor.as_ref().and_then(Cursor::done))
            .finish_non_exhaustive()
    }
}
