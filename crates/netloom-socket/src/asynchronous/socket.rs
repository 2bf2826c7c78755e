//! An async socket.

use std::{
    fmt,
    marker::PhantomData,
    os::fd::{AsFd, BorrowedFd},
    sync::{Arc, Mutex, OnceLock},
    task::Poll,
    time::{Duration, Instant},
};

use netloom_proto::Warning;
use netloom_wire::{Driver, Dump, Error, Expect, Family, Operation, Report, Request, Result, nlmsg};

use super::{
    Client, Notifications, Stream,
    errand::{Answer, BATCH, Errand},
    limit::{self, Limit},
    reactor::{Reactor, Registration},
    state::{Advance, Batch, Bells, Caller, Letter, Sink, State},
};
use crate::{
    Features, RawSocket, SocketOptions, connection::Connection, namespace::failed, pool::Pool, shared::locked,
};

/// A netlink socket of the family `F`, shared by reference among any number of tasks and threads.
///
/// There is no task in the background. The kernel works inside `send`, so that an answer is nearly always there at the
/// first poll; where it is not, whoever is polled reads for all, and everybody who waits is woken by the reactor and by
/// whoever read something for them. So a future that is held and not polled holds up nobody.
///
/// A future may be dropped at any time. If it was never polled, nothing was sent; else the request has its effect, and
/// what still comes for it is dropped.
///
/// It waits by tokio if it was opened inside a tokio runtime (which needs IO and time enabled), else by async-io, on
/// any executor, as far as these features are on. Once opened it may be polled anywhere. Each dump runs on a socket of
/// its own, taken from a pool, so any number may run at once.
///
/// After a `fork` do not use it in both processes: they would share the sockets, and each would take the other's
/// answers. Its descriptors are closed on `exec`.
///
/// ```no_run
/// use netloom_socket::asynchronous::Socket;
/// use netloom_wire::{Operation, Result};
///
/// async fn perform<O: Operation>(operation: &O) -> Result<O::Output> {
///     let socket = Socket::<O::Family>::open()?;
///     socket.run(operation).await
/// }
/// ```
pub struct Socket<F> {
    state: Mutex<State>,
    pub(super) socket: Arc<RawSocket>,
    /// Made at the first wait, which may never come: a socket that is watched costs more to answer on.
    registration: OnceLock<Registration>,
    pub(super) reactor: Reactor,
    pub(super) pool: Arc<Pool>,
    pub(super) inactivity: Option<Duration>,
    family: PhantomData<fn() -> F>,
}

impl<F: Family> Socket<F> {
    /// Opens a socket with the default options, in the calling thread's network namespace.
    pub fn open() -> Result<Self> {
        Self::with(&SocketOptions::default())
    }

    /// Opens a socket with these options.
    pub fn with(options: &SocketOptions) -> Result<Self> {
        let reactor = Reactor::current()?;
        Self::build(reactor, RawSocket::open(F::PROTOCOL, options)?, options)
    }

    /// Goes on with a socket that is open already. `options` hold for those that are opened beside it.
    ///
    /// Fails with [`ErrorKind::Unsupported`](netloom_wire::ErrorKind::Unsupported) where there is nothing to wait by: no
    /// tokio runtime around the caller, and no feature `async-io`.
    pub fn over(socket: RawSocket, options: &SocketOptions) -> Result<Self> {
        Self::build(Reactor::current()?, socket, options)
    }

    fn build(reactor: Reactor, socket: RawSocket, options: &SocketOptions) -> Result<Self> {
        // Only so that what the reactor lacks shows here.
        drop(reactor.register(&socket)?);
        let (mut main, pool) = Pool::new(F::PROTOCOL, socket, options);
        main.exchange.limit_batch(BATCH);
        Ok(Self {
            socket: Arc::clone(main.socket()),
            state: Mutex::new(State::new(main)),
            registration: OnceLock::new(),
            reactor,
            pool: Arc::new(pool),
            inactivity: options.inactivity_limit,
            family: PhantomData,
        })
    }

    /// Runs a request or an operation: `()` of a command, `Box<T>` of a get, [`List<T>`](netloom_wire::List) of a dump.
    ///
    /// Errors say what was asked, and what the kernel said about which attribute. A dump that changes interrupt is
    /// tried again a bounded number of times and then returned, marked as interrupted.
    pub async fn run<O: Operation<Family = F>>(&self, operation: &O) -> Result<O::Output> {
        operation.perform(&mut self.client()).await
    }

    /// Runs many requests, [at most 128](Socket) in one datagram, and tells the outcome of each.
    ///
    /// The iterator is asked for requests while other callers may use the socket.
    pub async fn pipeline<R: Request<Family = F>>(
        &self,
        requests: impl IntoIterator<Item = R, IntoIter: Send>,
    ) -> Result<Report> {
        self.client().many(requests.into_iter(), |_, _| ()).await
    }

    /// The same; `on_reply` sees each reply with the index of its request, counted from 0.
    ///
    /// ```no_run
    /// # async fn example() -> netloom_wire::Result<()> {
    /// use netloom_route::{Rtnetlink, link};
    /// use netloom_wire::Create;
    ///
    /// let socket = netloom_socket::asynchronous::Socket::<Rtnetlink>::open()?;
    /// let pairs = (0..100).map(|_| link::Add::new("veth%d").veth("peer%d").created());
    /// let mut names = Vec::new();
    /// let report = socket.pipeline_with(pairs, |_, made| names.push(made.name().to_owned())).await?;
    /// println!("{report}: {names:?}");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn pipeline_with<R: Request<Family = F>>(
        &self,
        requests: impl IntoIterator<Item = R, IntoIter: Send>,
        on_reply: impl FnMut(u64, &R::Reply) + Send,
    ) -> Result<Report> {
        self.client().many(requests.into_iter(), on_reply).await
    }

    /// A dump in constant memory, object by object, on a socket of its own.
    pub fn stream<R: Request<Family = F, Kind = Dump> + Clone>(&self, request: &R) -> Result<Stream<R>> {
        self.client().stream(request)
    }

    /// Subscribes to multicast groups by number, on a socket of its own.
    pub fn watch(&self, groups: &[u32]) -> Result<Notifications> {
        Notifications::new(self.pool.subscribe(groups)?, &self.reactor)
    }

    /// One caller of this socket: a driver for operations, with a deadline of its own.
    pub fn client(&self) -> Client<'_, F> {
        Client::new(self)
    }

    /// Ends all that is under way on this socket, and all that is begun on it later, with
    /// [`ErrorKind::Stopped`](netloom_wire::ErrorKind::Stopped). Streams and subscriptions go on.
    pub fn close(&self) {
        let bells = locked(&self.state).close();
        bells.ring();
    }

    /// What the kernel remarked about requests that succeeded, since this was asked last. The last 256 are kept.
    ///
    /// ```no_run
    /// # async fn example() -> netloom_wire::Result<()> {
    /// use netloom_route::{Rtnetlink, link};
    ///
    /// let socket = netloom_socket::asynchronous::Socket::<Rtnetlink>::open()?;
    /// socket.run(&link::Set::new("eth0").mtu(9000)).await?;
    /// for warning in socket.take_warnings() {
    ///     eprintln!("{warning}"); // set link eth0: what the kernel has to say
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn take_warnings(&self) -> Vec<Warning> {
        self.pool.shared().take_warnings()
    }

    /// How many datagrams were dropped because they did not come from the kernel.
    pub fn foreign_datagrams(&self) -> u64 {
        self.pool.shared().foreign()
    }

    /// How often the receive buffer of a socket was full, so that answers or notifications were lost.
    pub fn overruns(&self) -> u64 {
        self.pool.shared().overruns()
    }

    /// Which options the kernel granted.
    pub fn features(&self) -> &Features {
        self.socket.features()
    }

    /// The socket's own port.
    pub fn port(&self) -> u32 {
        self.socket.port()
    }

    /// Sends a message and gives its sequence number, for [`Socket::get`]. `body` is what follows the `nlmsghdr`.
    ///
    /// `flags` are those beyond `NLM_F_REQUEST` and `NLM_F_ACK`; with `NLM_F_DUMP` it is a dump, which runs on this very
    /// socket and waits for one that runs already.
    ///
    /// ```no_run
    /// # async fn example() -> netloom_wire::Result<()> {
    /// use netloom_route::Rtnetlink;
    /// use netloom_wire::{Messages, nlmsg};
    ///
    /// let socket = netloom_socket::asynchronous::Socket::<Rtnetlink>::open()?;
    /// let links = socket.put(18, nlmsg::DUMP, &[0; 16])?; // RTM_GETLINK
    /// let addresses = socket.put(22, nlmsg::DUMP, &[0; 8])?; // RTM_GETADDR
    /// println!("{} addresses", Messages::new(&socket.get(addresses).await?).count());
    /// println!("{} links", Messages::new(&socket.get(links).await?).count());
    /// # Ok(())
    /// # }
    /// ```
    pub fn put(&self, command: u16, flags: u16, body: &[u8]) -> Result<u32> {
        let expect = if flags & nlmsg::DUMP == nlmsg::DUMP { Expect::Dump } else { Expect::Reply };
        locked(&self.state).put(|exchange| exchange.submit_raw(command, flags, expect, None, body))
    }

    /// Waits for the end of what [`Socket::put`] began, and gives all its replies, headers included; walk them with
    /// [`Messages`](netloom_wire::Messages). They may be asked for in any order. Dropped half way, the answer is given up.
    pub async fn get(&self, sequence: u32) -> Result<Vec<u8>> {
        let own = locked(&self.state).take_put(sequence)?;
        let mut answer = Answer::default();
        self.wait(Ticket { state: &self.state, caller: Caller::new(own, &mut answer) }, None).await?;
        self.pool.shared().keep_warning(answer.outcome?.warning);
        Ok(answer.replies)
    }

    /// Sends bytes as they are. Nothing is kept of them: read the answers with [`Socket::recv`], before other requests
    /// are made on this socket.
    pub fn send(&self, datagram: &[u8]) -> Result<()> {
        self.socket.send(datagram).map_err(|error| failed(&error, "send"))
    }

    /// Waits for a datagram and gives its bytes as they are; walk them with [`Messages`](netloom_wire::Messages).
    ///
    /// Fails with `ENOBUFS` if the receive buffer was full, and with
    /// [`ErrorKind::Truncated`](netloom_wire::ErrorKind::Truncated) if the datagram is longer than netloom's own buffer,
    /// which then grows; the socket goes on.
    pub async fn recv(&self) -> Result<Vec<u8>> {
        let mut limit = Limit::new(&self.reactor, self.inactivity, None);
        self.registration()?
            .drive(|cx| match locked(&self.state).connection.try_receive_datagram() {
                Ok(Some(datagram)) => Poll::Ready(Ok(datagram.to_vec())),
                Ok(None) if limit.has_passed(cx) => Poll::Ready(Err(Error::timeout())),
                Ok(None) => Poll::Pending,
                Err(error) => Poll::Ready(Err(error)),
            })
            .await
    }

    /// The socket's place in the reactor.
    fn registration(&self) -> Result<&Registration> {
        if let Some(registration) = self.registration.get() {
            return Ok(registration);
        }
        // Under the lock, since a reactor takes a descriptor once only.
        let _alone = locked(&self.state);
        if let Some(registration) = self.registration.get() {
            return Ok(registration);
        }
        let made = self.reactor.register(&self.socket)?;
        Ok(self.registration.get_or_init(|| made))
    }

    /// Runs requests that were submitted in one go, and waits until they have ended.
    #[inline]
    pub(super) async fn exchange<E: Errand>(&self, errand: &mut E, deadline: Option<Instant>) -> Result<()> {
        limit::check(deadline)?;
        self.reactor.pause().await;
        if E::SLOW {
            return self.offload(errand, deadline).await;
        }
        let (ticket, advance) = self.begin(errand)?;
        match advance? {
            Advance::Done => Ok(()),
            _ => self.wait(ticket, deadline).await,
        }
    }

    /// Submits, sends, and reads what is there, which nearly always is all.
    fn begin<'s, E: Errand>(&'s self, errand: &'s mut E) -> Result<(Ticket<'s, E>, Result<Advance>)> {
        // Declared before the lock so that it is dropped after it, even when the errand panics: its drop locks too.
        let mut ticket;
        let mut bells = Bells::default();
        let mut state = locked(&self.state);
        state.check_open()?;
        let own = Batch::submit(&mut state.connection.exchange, errand);
        ticket = Ticket { state: &self.state, caller: Caller::new(own, errand) };
        let advance = state.advance(&mut ticket.caller, &mut bells);
        drop(state);
        bells.ring();
        Ok((ticket, advance))
    }

    /// Runs requests that the kernel takes long over on a thread for such work and a socket of their own: neither this
    /// thread nor other requests wait for them.
    async fn offload(&self, errand: &mut impl Errand, deadline: Option<Instant>) -> Result<()> {
        let mut connection = self.pool.take()?;
        errand.submit(&mut connection.exchange);
        let work = move || {
            let mut letters = Vec::new();
            let result = finish(&mut connection, deadline, &mut letters);
            (connection, letters, result)
        };
        let (connection, letters, result) = self.reactor.unblock(work).await?;
        self.pool.give(connection);
        letters.into_iter().for_each(|letter| letter.open(|token, item| errand.take(token, item)));
        result
    }

    /// Waits until the requests of a ticket have ended, each with a timeout at the latest.
    async fn wait(&self, mut ticket: Ticket<'_, impl Sink>, deadline: Option<Instant>) -> Result<()> {
        let mut limit = Limit::new(&self.reactor, self.inactivity, deadline);
        self.registration()?
            .drive(|cx| {
                let mut bells = Bells::default();
                let mut state = locked(&self.state);
                let own = ticket.caller.own;
                let poll = match state.advance(&mut ticket.caller, &mut bells) {
                    Err(error) => Poll::Ready(Err(error)),
                    Ok(Advance::Done) => Poll::Ready(Ok(())),
                    Ok(came) => {
                        if came == Advance::Some {
                            limit.restart();
                        }
                        if limit.has_passed(cx) {
                            state.expire(&mut ticket.caller, &mut bells);
                            Poll::Ready(Ok(()))
                        } else {
                            state.leave_waker(own, cx.waker());
                            Poll::Pending
                        }
                    }
                };
                drop(state);
                bells.ring();
                poll
            })
            .await
    }
}

/// The requests of one caller. Dropped early, it gives them up without a trace for the others.
struct Ticket<'s, S> {
    state: &'s Mutex<State>,
    caller: Caller<'s, S>,
}

impl<S> Drop for Ticket<'_, S> {
    fn drop(&mut self) {
        if !self.caller.is_done() {
            locked(self.state).forget(&self.caller);
        }
    }
}

/// Waits, blocking, until all requests on a connection have ended.
fn finish(connection: &mut Connection, deadline: Option<Instant>, letters: &mut Vec<Letter>) -> Result<()> {
    loop {
        connection.flush();
        while let Some((token, outcome)) = connection.exchange.poll_done() {
            letters.push(Letter::Done(token, outcome));
        }
        if connection.exchange.is_idle() {
            return Ok(());
        }
        connection.receive(deadline)?;
        connection.deliver(|token, message| letters.push(Letter::reply(token, message)));
    }
}

impl<F> AsFd for Socket<F> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

impl<F: Family> fmt::Debug for Socket<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").field("family", &F::NAME).field("socket", &self.socket).finish_non_exhaustive()
    }
}
