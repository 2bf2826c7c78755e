//! rtnetlink, async.

use std::{
    os::fd::{AsFd, BorrowedFd},
    time::Duration,
};

use netloom_route::{
    Rtnetlink,
    watch::{Objects, Watch},
};
use netloom_socket::{
    Namespace, SocketOptions,
    asynchronous::{self, Client, Stream},
    hooks,
};
use netloom_wire::{Driver, Dump, Operation, Report, Request, Result};

use crate::{
    proxies::{carrying, proxies},
    queries::queries,
};

/// Links, addresses, routes, rules, neighbours and their kin: rtnetlink, async, under tokio or async-io.
///
/// Shared by reference among any number of tasks; there is no task in the background. Opened inside a tokio runtime it
/// waits by that, elsewhere by async-io, as far as the features are on. Dropping a future gives its request up: not
/// sent yet, it never is; sent, its effect stands. It carries the proxies of [`IpRoute`](crate::IpRoute).
///
/// ```no_run
/// # #[cfg(feature = "tokio")]
/// # async fn example() -> netloom::Result<()> {
/// use netloom::{AsyncIpRoute, link};
///
/// let ipr = AsyncIpRoute::open()?;
/// let up = link::List::all().up();
/// let (lo, up) = tokio::join!(ipr.link("lo"), ipr.run(&up));
/// println!("{} of {} links are up, {}", up?.len(), ipr.links().await?.len(), lo?.name());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct AsyncIpRoute {
    socket: asynchronous::Socket<Rtnetlink>,
    #[cfg(feature = "openvswitch")]
    open_vswitch: std::sync::Arc<crate::openvswitch::Proxy>,
}

/// Async rtnetlink without proxies: what is run goes to the kernel as it is, and what comes is the kernel's, but for the
/// [handlers](crate::socket::hooks) that its user registers.
pub type AsyncRawIpRoute = asynchronous::Socket<Rtnetlink>;

/// The state of the kernel and its changes, async; see [`AsyncIpRoute::watch`].
pub type AsyncWatch<'s> = Watch<Client<'s, Rtnetlink>>;

impl AsyncIpRoute {
    /// Opens a socket in the calling thread's network namespace.
    ///
    /// # Errors
    /// If the system call fails, or there is no runtime to wait by.
    pub fn open() -> Result<Self> {
        Self::with(&SocketOptions::new())
    }

    /// Opens a socket with these options.
    ///
    /// # Errors
    /// As [`AsyncIpRoute::open`], or if the namespace of the options cannot be entered.
    pub fn with(options: &SocketOptions) -> Result<Self> {
        Ok(carrying!(AsyncRawIpRoute::with(options)?, false))
    }

    /// Opens a socket in another network namespace; no thread of the caller's leaves its own.
    ///
    /// # Errors
    /// If the namespace cannot be entered: that takes CAP_SYS_ADMIN in it and over one's own.
    pub fn in_namespace(namespace: Namespace) -> Result<Self> {
        Self::with(&SocketOptions::new().namespace(namespace))
    }

    /// Runs a request or an operation: `()` of a command, `Box<T>` of a get, [`List<T>`](crate::List) of a dump.
    ///
    /// # Errors
    /// What the kernel refuses, with what was asked, the kernel's own words and the attribute; see
    /// [`Error`](crate::Error).
    pub async fn run<O: Operation<Family = Rtnetlink>>(&self, operation: &O) -> Result<O::Output> {
        self.socket.run(operation).await
    }

    /// The same within a time: [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) if it takes longer in all.
    ///
    /// # Errors
    /// As [`AsyncIpRoute::run`]; after a timeout, whether the operation took effect is not known.
    pub async fn run_within<O: Operation<Family = Rtnetlink>>(
        &self,
        limit: Duration,
        operation: &O,
    ) -> Result<O::Output> {
        let mut client = self.client();
        client.deadline(Some(limit));
        operation.perform(&mut client).await
    }

    /// Runs many requests, as many in flight as the receive buffer allows, and tells the outcome of each.
    ///
    /// # Errors
    /// If the socket fails; what the kernel refuses is in the [`Report`].
    pub async fn pipeline<R: Request<Family = Rtnetlink>>(
        &self,
        requests: impl IntoIterator<Item = R, IntoIter: Send>,
    ) -> Result<Report> {
        self.socket.pipeline(requests).await
    }

    /// The same; `on_reply` sees each reply with the index of its request, counted from 0. It is called while the socket is
    /// held, and must not use it.
    ///
    /// # Errors
    /// As [`AsyncIpRoute::pipeline`].
    pub async fn pipeline_with<R: Request<Family = Rtnetlink>>(
        &self,
        requests: impl IntoIterator<Item = R, IntoIter: Send>,
        on_reply: impl FnMut(u64, &R::Reply) + Send,
    ) -> Result<Report> {
        self.socket.pipeline_with(requests, on_reply).await
    }

    /// A dump in constant memory, object by object; requests may be made while it goes on.
    ///
    /// # Errors
    /// If no further socket can be opened.
    pub fn stream<R: Request<Family = Rtnetlink, Kind = Dump> + Clone>(&self, request: &R) -> Result<Stream<R>> {
        self.socket.stream(request)
    }

    /// Follows the state of these objects.
    ///
    /// ```no_run
    /// # async fn example() -> netloom::Result<()> {
    /// use netloom::{AsyncIpRoute, watch::{Event, Objects}};
    ///
    /// let ipr = AsyncIpRoute::open()?;
    /// let mut watch = ipr.watch(Objects::LINKS).await?;
    /// while let Event::Change(_) | Event::ReadBegin(_) = watch.next().await? {}
    /// println!("{} links", watch.links().len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If no further sockets can be opened, or the groups cannot be joined.
    pub async fn watch(&self, objects: Objects) -> Result<AsyncWatch<'_>> {
        Watch::start(self.client(), objects).await
    }

    /// The same, and tells each message as the kernel sent it, before the changes that it makes: those of these
    /// [groups](crate::group), and those by which the objects are followed.
    ///
    /// # Errors
    /// As [`AsyncIpRoute::watch`].
    pub async fn watch_with_messages(&self, objects: Objects, groups: &[u32]) -> Result<AsyncWatch<'_>> {
        Watch::with_messages(self.client(), objects, groups).await
    }

    /// Subscribes to multicast groups ([`group`](crate::group)) and gets their messages as they come.
    ///
    /// # Errors
    /// If no further socket can be opened, or a group cannot be joined.
    pub fn subscribe(&self, groups: &[u32]) -> Result<asynchronous::Notifications> {
        self.socket.watch(groups)
    }

    /// One caller of this socket: the [`Driver`](crate::wire::Driver) of operations that are functions, with a deadline of
    /// its own. See [`IpRoute::socket`](crate::IpRoute::socket) for one that both worlds run.
    ///
    /// ```no_run
    /// # async fn example() -> netloom::Result<()> {
    /// use std::time::Duration;
    /// use netloom::{AsyncIpRoute, Result, Rtnetlink, link, state::Flush, wire::{Driver, Operation}};
    ///
    /// async fn clear(io: &mut impl Driver<Family = Rtnetlink>) -> Result<u64> {
    ///     io.deadline(Some(Duration::from_secs(5)));
    ///     Flush::new(link::List::all().kind("veth")).perform(io).await
    /// }
    ///
    /// let ipr = AsyncIpRoute::open()?;
    /// println!("{} links are gone", clear(&mut ipr.client()).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn client(&self) -> Client<'_, Rtnetlink> {
        self.socket.client()
    }

    /// The socket underneath: raw messages, sequence numbers, what the kernel granted.
    pub fn socket(&self) -> &AsyncRawIpRoute {
        &self.socket
    }

    proxies!(socket);

    /// Sets which Open vSwitch makes links of the kind `openvswitch`; that of this machine if nothing is said. See
    /// [`openvswitch`](crate::openvswitch).
    #[cfg(feature = "openvswitch")]
    pub fn set_open_vswitch(&self, open_vswitch: crate::openvswitch::OpenVswitch) {
        self.open_vswitch.set(open_vswitch);
    }

    queries!([async] socket);
}

impl AsFd for AsyncIpRoute {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}
