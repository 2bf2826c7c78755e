//! A blocking socket.

use std::{
    fmt,
    future::Future,
    marker::PhantomData,
    os::fd::{AsFd, BorrowedFd},
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use netloom_proto::Warning;
use netloom_wire::{
    Done, Driver, Dump, Error, ErrorKind, Expect, Family, Operation, Report, Request, Result, controller::FamilyInfo,
    nlmsg,
};

use super::{Notifications, Speaker, Stream, core::Core};
use crate::{
    Beside, Features, RawSocket, SocketOptions,
    address::Address,
    connection::Connection,
    hooks::{Decision, Draft, Passage, Pieces, registration},
    namespace::failed,
    pool::Pool,
    subscription::Subscription,
};

/// A netlink socket of the family `F`, for one thread at a time.
///
/// [`Socket::run`] takes any request or operation of the family. Each dump runs on a socket of its own, taken from a
/// pool, since the kernel allows one dump per socket; so requests may be made while a [`Stream`] is read.
///
/// It may be sent to another thread and used there; its sockets stay in the network namespace where it was opened.
///
/// After a `fork` do not use it in both processes: they would share the sockets, and each would take the other's
/// answers. Open another one in the child. Its descriptors are closed on `exec`.
///
/// ```no_run
/// use netloom_socket::{SocketOptions, blocking::Socket};
/// use netloom_wire::{Operation, Result};
///
/// fn perform<O: Operation>(operation: &O) -> Result<O::Output> {
///     let mut socket = Socket::<O::Family>::open()?;
///     socket.run(operation)
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
        Self::build(Pool::open_main(F::PROTOCOL, options)?)
    }

    /// Goes on with a socket that is open already. `options` hold for those that are opened beside it.
    ///
    /// ```no_run
    /// use netloom_route::Rtnetlink;
    /// use netloom_socket::{RawSocket, SocketOptions, blocking::Socket};
    ///
    /// /// A socket that a process with more rights opened, and handed over.
    /// fn inherited(fd: std::os::fd::OwnedFd) -> netloom_wire::Result<Socket<Rtnetlink>> {
    ///     let options = SocketOptions::new();
    ///     Socket::over(RawSocket::from_fd(fd, &options)?, &options)
    /// }
    /// ```
    pub fn over(socket: RawSocket, options: &SocketOptions) -> Result<Self> {
        Self::build(Pool::new(F::PROTOCOL, socket, options))
    }

    fn build(sockets: (Connection, Pool)) -> Result<Self> {
        let (core, address) = Core::addressed::<F>(sockets)?;
        Ok(Self { core, address, family: PhantomData })
    }

    /// Opens another socket like this one, in the same network namespace. Both have the same [handlers](crate::hooks).
    pub fn sibling(&self) -> Result<Self> {
        let core = Core::new(self.core.pool.sibling()?);
        Ok(Self { core, address: self.address.clone(), family: PhantomData })
    }

    /// Opens sockets of any family in the same network namespace, for handlers.
    pub fn beside(&self) -> Beside {
        self.core.pool.beside()
    }

    /// What the controller says of the socket's family of generic netlink: number, version, groups. None elsewhere.
    pub fn family(&self) -> Option<&FamilyInfo> {
        self.address.info()
    }

    fn speaker(&mut self) -> Speaker<'_, F> {
        Speaker::new(&mut self.core, &self.address)
    }

    /// Runs a request or an operation: `()` of a command, `Box<T>` of a get, [`List<T>`](netloom_wire::List) of a dump.
    ///
    /// Errors say what was asked, and what the kernel said about which attribute. A dump that changes interrupt is
    /// tried again a bounded number of times and then returned, marked as interrupted.
    pub fn run<O: Operation<Family = F>>(&mut self, operation: &O) -> Result<O::Output> {
        ready(operation.perform(self))
    }

    /// Runs many requests, as many in flight as the receive buffer allows, and tells the outcome of each.
    ///
    /// ```no_run
    /// use netloom_route::{Prefix, Rtnetlink, route};
    ///
    /// let mut socket = netloom_socket::blocking::Socket::<Rtnetlink>::open()?;
    /// let adds = (0..100_000u32).map(|n| route::Add::new(Prefix::from(std::net::Ipv4Addr::from(n))).dev(1));
    /// for (index, problem) in &socket.pipeline(adds)?.failures {
    ///     eprintln!("number {index}: {problem}");
    /// }
    /// # Ok::<(), netloom_wire::Error>(())
    /// ```
    pub fn pipeline<R: Request<Family = F>>(
        &mut self,
        requests: impl IntoIterator<Item = R, IntoIter: Send>,
    ) -> Result<Report> {
        ready(self.many(requests.into_iter(), |_, _| ()))
    }

    /// The same; `on_reply` sees each reply with the index of its request, counted from 0.
    ///
    /// ```no_run
    /// use netloom_route::{Rtnetlink, link};
    /// use netloom_wire::Create;
    ///
    /// let mut socket = netloom_socket::blocking::Socket::<Rtnetlink>::open()?;
    /// let pairs = (0..100).map(|_| link::Add::new("veth%d").veth("peer%d").created());
    /// let mut names = Vec::new();
    /// let report = socket.pipeline_with(pairs, |_, made| names.push(made.name().to_owned()))?;
    /// println!("{report}: {names:?}");
    /// # Ok::<(), netloom_wire::Error>(())
    /// ```
    pub fn pipeline_with<R: Request<Family = F>>(
        &mut self,
        requests: impl IntoIterator<Item = R, IntoIter: Send>,
        on_reply: impl FnMut(u64, &R::Reply) + Send,
    ) -> Result<Report> {
        ready(self.many(requests.into_iter(), on_reply))
    }

    /// A dump in constant memory, object by object, on a socket of its own.
    pub fn stream<R: Request<Family = F, Kind = Dump> + Clone>(&mut self, request: &R) -> Result<Stream<R>> {
        self.speaker().stream(request)
    }

    /// Subscribes to multicast groups by number, on a socket of its own.
    pub fn watch(&mut self, groups: &[u32]) -> Result<Notifications> {
        Ok(Notifications::new(self.core.pool.subscribe(groups)?))
    }

    /// Subscribes to multicast groups of a family of generic netlink by name, on a socket of its own.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] if the family has no such group; what the kernel refuses.
    pub fn watch_groups(&mut self, names: &[&str]) -> Result<Notifications> {
        let groups = self.address.groups::<F>(names)?;
        self.watch(&groups)
    }

    /// Gives the socket to those who only listen: what comes on it from now on is a notice. For families that send events
    /// to the socket that asked for them, instead of to a group.
    pub fn into_notifications(self) -> Notifications {
        Notifications::new(Subscription::new(self.core.main, F::PROTOCOL))
    }

    registration!("ordinary blocking code, which the request waits for.");

    /// What the kernel remarked about requests that succeeded, since this was asked last. The last 256 are kept.
    ///
    /// ```no_run
    /// use netloom_route::{Rtnetlink, link};
    ///
    /// let mut socket = netloom_socket::blocking::Socket::<Rtnetlink>::open()?;
    /// socket.run(&link::Set::new("eth0").mtu(9000))?;
    /// for warning in socket.take_warnings() {
    ///     eprintln!("{warning}"); // set link eth0: what the kernel has to say
    /// }
    /// # Ok::<(), netloom_wire::Error>(())
    /// ```
    pub fn take_warnings(&mut self) -> Vec<Warning> {
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
        self.core.main.socket().features()
    }

    /// The socket's own port.
    pub fn port(&self) -> u32 {
        self.core.main.socket().port()
    }

    /// Sends a message and gives its sequence number, for [`Socket::get`]. `body` is what follows the `nlmsghdr`.
    ///
    /// `flags` are those beyond `NLM_F_REQUEST` and `NLM_F_ACK`; with `NLM_F_DUMP` it is a dump, which runs on this very
    /// socket and waits for one that runs already.
    ///
    /// ```no_run
    /// use netloom_route::Rtnetlink;
    /// use netloom_wire::{Messages, nlmsg};
    ///
    /// let mut socket = netloom_socket::blocking::Socket::<Rtnetlink>::open()?;
    /// let links = socket.put(18, nlmsg::DUMP, &[0; 16])?; // RTM_GETLINK
    /// let addresses = socket.put(22, nlmsg::DUMP, &[0; 8])?; // RTM_GETADDR
    /// println!("{} addresses", Messages::new(&socket.get(addresses)?).count());
    /// println!("{} links", Messages::new(&socket.get(links)?).count());
    /// # Ok::<(), netloom_wire::Error>(())
    /// ```
    pub fn put(&mut self, command: u16, flags: u16, body: &[u8]) -> Result<u32> {
        let expect = if flags & nlmsg::DUMP == nlmsg::DUMP { Expect::Dump } else { Expect::Reply };
        // More may be put before the answer to this is got.
        self.core.main.widen();
        let Core { main, letters, pool, .. } = &mut self.core;
        let hooks = pool.shared().hooks();
        let passage = Draft::raw(hooks.sending().as_ref(), command, flags, body);
        let decision = passage.map_or(Ok(Decision::Forward), Passage::decide)?;
        let token = match &decision {
            Decision::Send(draft) => draft.submit(&mut main.exchange, expect, None),
            _ => main.exchange.submit_raw(command, flags, expect, None, body),
        };
        let sequence = main.exchange.sequence(token);
        letters.expect(sequence, token)?;
        if let Decision::Answer(answer) = decision {
            // It has a sequence number and is never sent.
            main.exchange.cancel(token);
            let outcome =
                answer.deliver(sequence, hooks.receiving().as_deref(), |message| letters.keep(token, message));
            letters.end(token, outcome, pool.shared());
        }
        self.core.main.flush();
        self.core.sort();
        Ok(sequence)
    }

    /// Waits for the end of what [`Socket::put`] began, and gives all its replies, headers included; walk them with
    /// [`Messages`](netloom_wire::Messages). They may be asked for in any order.
    pub fn get(&mut self, sequence: u32) -> Result<Vec<u8>> {
        let deadline = self.core.deadline;
        loop {
            if let Some(answer) = self.core.letters.take(sequence)? {
                return answer;
            }
            self.core.main.flush();
            self.core.sort();
            if !self.core.letters.is_answered(sequence) {
                self.core.main.receive(deadline)?;
                self.core.sort();
            }
        }
    }

    /// Sends bytes as they are. Nothing is kept of them: read the answers with [`Socket::recv`], before other requests
    /// are made on this socket.
    ///
    /// ```no_run
    /// use netloom_route::Rtnetlink;
    /// use netloom_wire::{Header, Messages, nlmsg};
    ///
    /// let mut socket = netloom_socket::blocking::Socket::<Rtnetlink>::open()?;
    /// let header = Header::new(16, nlmsg::NOOP, nlmsg::REQUEST | nlmsg::ACK, 4711, 0);
    /// socket.send(header.bytes())?;
    /// assert!(Messages::new(socket.recv()?).any(|message| message.header.sequence() == 4711));
    /// # Ok::<(), netloom_wire::Error>(())
    /// ```
    pub fn send(&mut self, datagram: &[u8]) -> Result<()> {
        let Core { main, pool, .. } = &mut self.core;
        let Some(chain) = pool.shared().hooks().sending() else {
            return main.socket().send(datagram).map_err(|error| failed(&error, "send"));
        };
        let mut pieces = Pieces::of(datagram);
        while let Some((message, passage)) = pieces.next(&chain) {
            pieces.put(&message, passage.decide()?);
        }
        main.send_pieces(pieces.into_pieces()).map(drop)
    }

    /// Waits for a datagram and gives its bytes as they are; walk them with [`Messages`](netloom_wire::Messages).
    ///
    /// Fails with `ENOBUFS` if the receive buffer was full, and with [`ErrorKind::Truncated`] if the datagram is longer
    /// than netloom's own buffer, which then grows; the socket goes on.
    pub fn recv(&mut self) -> Result<&[u8]> {
        self.core.main.receive_datagram(self.core.deadline)
    }
}

impl<F: Family> Driver for Socket<F> {
    type Family = F;
    type Notifications = Notifications;

    async fn one<R: Request<Family = F>>(&mut self, request: &R, on_reply: impl FnMut(&R::Reply) + Send) -> Result<()> {
        self.speaker().one(request, on_reply).await
    }

    async fn each<R: Request<Family = F, Kind = Dump>>(
        &mut self,
        request: &R,
        on_reply: impl FnMut(&R::Reply) + Send,
    ) -> Result<Done> {
        self.speaker().each(request, on_reply).await
    }

    async fn many<R: Request<Family = F>>(
        &mut self,
        requests: impl Iterator<Item = R> + Send,
        on_reply: impl FnMut(u64, &R::Reply) + Send,
    ) -> Result<Report> {
        self.speaker().many(requests, on_reply).await
    }

    async fn watch(&mut self, groups: &[u32]) -> Result<Notifications> {
        self.speaker().watch(groups).await
    }

    fn deadline(&mut self, limit: Option<Duration>) {
        self.speaker().deadline(limit);
    }
}

impl<F> AsFd for Socket<F> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.core.main.socket().as_fd()
    }
}

impl<F: Family> fmt::Debug for Socket<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket")
            .field("family", &F::NAME)
            .field("socket", self.core.main.socket())
            .finish_non_exhaustive()
    }
}

/// Runs a future that awaits nothing but a blocking driver: it is ready when it is polled first.
///
/// # Errors
/// What the future ends with; [`ErrorKind::Misuse`] if it waits for something else.
///
/// ```no_run
/// use netloom_route::{Rtnetlink, link};
/// use netloom_socket::blocking::{Socket, ready};
/// use netloom_wire::{Driver, Operation, Result};
///
/// /// Written once, for both worlds.
/// async fn rename(io: &mut impl Driver<Family = Rtnetlink>) -> Result<()> {
///     link::Set::new("eth0").down().perform(io).await?;
///     link::Rename::new("eth0", "uplink").perform(io).await
/// }
///
/// let mut socket = Socket::open()?;
/// ready(rename(&mut socket))?;
/// # Ok::<(), netloom_wire::Error>(())
/// ```
pub fn ready<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => {
            Err(Error::new(ErrorKind::Misuse, "an operation awaits something other than its driver, which blocks"))
        }
    }
}
