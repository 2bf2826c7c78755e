//! An async socket.

use std::{
    fmt,
    marker::PhantomData,
    os::fd::{AsFd, BorrowedFd},
    task::Poll,
};

use netloom_proto::{Exchange, Warning};
use netloom_wire::{
    Driver, Dump, Error, Expect, Family, Operation, Report, Request, Result, controller::FamilyInfo, nlmsg,
};

use super::{
    Client, Notifications, Stream,
    core::{Core, Ticket},
    errand::Answer,
    limit::Limit,
    reactor::Reactor,
    state::Caller,
    waiters::Place,
};
use crate::{
    Beside, Features, RawSocket, SocketOptions,
    address::Address,
    blocking,
    connection::Connection,
    hooks::{Decision, Draft, Pieces, registration},
    namespace::failed,
    pool::Pool,
    shared::locked,
    subscription::Subscription,
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
/// Orders that the kernel takes long over, such as those that make and delete links, run on threads for such work, each over a
/// socket of its own; no more than 16 at once, the others wait for their turn.
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
    core: Core,
    address: Address,
    family: PhantomData<fn() -> F>,
}

impl<F: Family> Socket<F> {
    /// Opens a socket with the default options, in the calling thread's network namespace.
    ///
    /// For a family of generic netlink it asks for its number, which also loads its module; an error says which that is.
    pub fn open() -> Result<Self> {
        Self::with(&SocketOptions::default())
    }

    /// Opens a socket with these options.
    pub fn with(options: &SocketOptions) -> Result<Self> {
        Self::build(Reactor::current()?, Pool::open_main(F::PROTOCOL, options)?, options)
    }

    /// Goes on with a socket that is open already. `options` hold for those that are opened beside it.
    ///
    /// Fails with [`ErrorKind::Unsupported`](netloom_wire::ErrorKind::Unsupported) where there is nothing to wait by: no
    /// tokio runtime around the caller, and no feature `async-io`.
    pub fn over(socket: RawSocket, options: &SocketOptions) -> Result<Self> {
        Self::build(Reactor::current()?, Pool::new(F::PROTOCOL, socket, options), options)
    }

    fn build(reactor: Reactor, sockets: (Connection, Pool), options: &SocketOptions) -> Result<Self> {
        let (blocking::Core { main, pool, .. }, address) = blocking::Core::addressed::<F>(sockets)?;
        Ok(Self { core: Core::new(main, pool, reactor, options)?, address, family: PhantomData })
    }

    /// Opens blocking sockets of any family in the same network namespace, for handlers.
    pub fn beside(&self) -> Beside {
        self.core.pool.beside()
    }

    /// What the controller says of the socket's family of generic netlink: number, version, groups. None elsewhere.
    pub fn family(&self) -> Option<&FamilyInfo> {
        self.address.info()
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

    /// The same; `on_reply` sees each reply with the index of its request, counted from 0. It is called while the socket is
    /// held, and must not use it.
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
        Notifications::new(self.core.pool.subscribe(groups)?, &self.core.reactor)
    }

    /// Subscribes to multicast groups of a family of generic netlink by name, on a socket of its own.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](netloom_wire::ErrorKind::InvalidInput) if the family has no such group; what the
    /// kernel refuses.
    pub fn watch_groups(&self, names: &[&str]) -> Result<Notifications> {
        self.watch(&self.address.groups::<F>(names)?)
    }

    /// Gives the socket to those who only listen: what comes on it from now on is a notice. For families that send events
    /// to the socket that asked for them, instead of to a group.
    pub fn into_notifications(self) -> Result<Notifications> {
        let (connection, reactor) = self.core.into_connection();
        Notifications::new(Subscription::new(connection, F::PROTOCOL), &reactor)
    }

    /// One caller of this socket: a driver for operations, with a deadline of its own.
    pub fn client(&self) -> Client<'_, F> {
        Client::new(&self.core, self.address.clone())
    }

    /// Ends all that is under way on this socket, and all that is begun on it later, with
    /// [`ErrorKind::Stopped`](netloom_wire::ErrorKind::Stopped); what was sent has its effect. Streams and subscriptions
    /// that there are go on.
    pub fn close(&self) {
        let bells = locked(&self.core.state).close();
        bells.ring();
    }

    registration!("ordinary blocking code, on a thread for such work; no other request waits for it.");

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
        self.core.pool.shared().take_warnings()
    }

    /// How many datagrams were dropped because they did not come from the kernel.
    pub fn foreign_datagrams(&self) -> u64 {
        self.core.pool.shared().foreign()
    }

    /// How often the receive buffer of a socket was full, so that answers or notifications were lost.
    pub fn overruns(&self) -> u64 {
        self.core.pool.shared().overruns()
    }

    /// Which options the kernel granted.
    pub fn features(&self) -> &Features {
        self.core.socket.features()
    }

    /// The socket's own port.
    pub fn port(&self) -> u32 {
        self.core.socket.port()
    }

    /// Sends a message and gives its sequence number, for [`Socket::get`]. `body` is what follows the `nlmsghdr`.
    ///
    /// `flags` are those beyond `NLM_F_REQUEST` and `NLM_F_ACK`; with `NLM_F_DUMP` it is a dump, which runs on this very
    /// socket and waits for one that runs already. This itself only waits for [slow handlers](Socket::on_send_slow).
    ///
    /// ```no_run
    /// # async fn example() -> netloom_wire::Result<()> {
    /// use netloom_route::Rtnetlink;
    /// use netloom_wire::{Messages, nlmsg};
    ///
    /// let socket = netloom_socket::asynchronous::Socket::<Rtnetlink>::open()?;
    /// let links = socket.put(18, nlmsg::DUMP, &[0; 16]).await?; // RTM_GETLINK
    /// let addresses = socket.put(22, nlmsg::DUMP, &[0; 8]).await?; // RTM_GETADDR
    /// println!("{} addresses", Messages::new(&socket.get(addresses).await?).count());
    /// println!("{} links", Messages::new(&socket.get(links).await?).count());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn put(&self, command: u16, flags: u16, body: &[u8]) -> Result<u32> {
        let expect = if flags & nlmsg::DUMP == nlmsg::DUMP { Expect::Dump } else { Expect::Reply };
        let chain = self.core.pool.shared().hooks().sending();
        let decision = match Draft::raw(chain.as_ref(), command, flags, body) {
            None => Decision::Forward,
            Some(passage) => self.core.decide(passage, None).await??,
        };
        let answer = if let Decision::Answer(answer) = &decision { Some(answer) } else { None };
        let submit = |exchange: &mut Exchange| match &decision {
            Decision::Send(draft) => draft.submit(exchange, expect, None),
            _ => exchange.submit_raw(command, flags, expect, None, body),
        };
        locked(&self.core.state).put(submit, answer)
    }

    /// Waits for the end of what [`Socket::put`] began, and gives all its replies, headers included; walk them with
    /// [`Messages`](netloom_wire::Messages). They may be asked for in any order. Dropped half way, the answer is given up.
    pub async fn get(&self, sequence: u32) -> Result<Vec<u8>> {
        let own = locked(&self.core.state).take_put(sequence)?;
        let mut answer = Answer::default();
        self.core.wait(Ticket { state: &self.core.state, caller: Caller::new(own, &mut answer) }, None).await?;
        self.core.pool.shared().keep_warning(answer.outcome?.warning);
        Ok(answer.replies)
    }

    /// Sends bytes as they are. Nothing is kept of them: read the answers with [`Socket::recv`], before other requests
    /// are made on this socket. This only waits for [slow handlers](Socket::on_send_slow).
    pub async fn send(&self, datagram: &[u8]) -> Result<()> {
        let Some(chain) = self.core.pool.shared().hooks().sending() else {
            return self.core.socket.send(datagram).map_err(|error| failed(&error, "send"));
        };
        let mut pieces = Pieces::of(datagram);
        while let Some((message, passage)) = pieces.next(&chain) {
            pieces.put(&message, self.core.decide(passage, None).await??);
        }
        let bells = locked(&self.core.state).send(pieces.into_pieces())?;
        bells.ring();
        Ok(())
    }

    /// Waits for a datagram and gives its bytes as they are; walk them with [`Messages`](netloom_wire::Messages).
    ///
    /// Fails with `ENOBUFS` if the receive buffer was full, and with
    /// [`ErrorKind::Truncated`](netloom_wire::ErrorKind::Truncated) if the datagram is longer than netloom's own buffer,
    /// which then grows; the socket goes on.
    pub async fn recv(&self) -> Result<Vec<u8>> {
        let mut limit = Limit::new(&self.core.reactor, self.core.inactivity, None);
        let mut receiver = Place::new(&self.core.state, |state| &mut state.receivers);
        let received = self
            .core
            .registration()?
            .drive(|cx| {
                let received = locked(&self.core.state).receive(&mut receiver, cx.waker());
                match received {
                    Ok(Some(datagram)) => Poll::Ready(Ok(datagram)),
                    Ok(None) if limit.has_passed(cx) => Poll::Ready(Err(Error::timeout())),
                    Ok(None) => Poll::Pending,
                    Err(error) => Poll::Ready(Err(error)),
                }
            })
            .await?;
        let made = match self.core.pool.shared().hooks().receiving() {
            Some(chain) => chain.pass_datagram(&received)?,
            None => None,
        };
        Ok(made.unwrap_or(received))
    }
}

impl<F> AsFd for Socket<F> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.core.socket.as_fd()
    }
}

impl<F: Family> fmt::Debug for Socket<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").field("family", &F::NAME).field("socket", &self.core.socket).finish_non_exhaustive()
    }
}
