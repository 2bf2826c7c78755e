//! rtnetlink, blocking.

use std::{
    os::fd::{AsFd, BorrowedFd},
    time::Duration,
};

use netloom_route::{
    Rtnetlink,
    watch::{Event, Objects, Table, Watch},
};
use netloom_socket::{
    Namespace, SocketOptions,
    blocking::{self, Stream},
    hooks,
};
use netloom_wire::{Driver, Dump, Operation, Report, Request, Result};

use crate::{
    proxies::{carrying, proxies},
    queries::queries,
};

/// Links, addresses, routes, rules, neighbours and their kin: rtnetlink, blocking.
///
/// ```no_run
/// use netloom::{IpRoute, link, route};
///
/// # fn main() -> netloom::Result<()> {
/// let mut ipr = IpRoute::open()?;
/// for link in &ipr.run(&link::List::all())? {
///     println!("{} {} mtu {:?}", link.index(), link.name(), link.mtu());
/// }
/// ipr.run(&link::Add::new("v0").veth("v1").mtu(9000).up())?;
/// let v0 = ipr.link("v0")?;
/// # let gateway: std::net::IpAddr = [10, 0, 0, 1].into();
/// # let destination: netloom::Prefix = "10.1.0.0/16".parse().unwrap();
/// ipr.run(&route::Add::new(destination).via(gateway).dev(v0.index()))?;
///
/// let mut routes = ipr.stream(&route::List::v4().table(254))?;
/// while let Some(route) = routes.next()? {
///     println!("{route:?}"); // requests may be made in here
/// }
/// # Ok(())
/// # }
/// ```
///
/// It carries proxies for links that the kernel does not make by rtnetlink: [`Tun`](crate::kind::Tun) (`tun` and `tap`, by
/// `/dev/net/tun`) and [`Team`](crate::kind::Team) with settings (by the family `team`, or by `teamd`). They are made by
/// [`link::Add`](crate::link::Add), changed by [`link::Set`](crate::link::Set) and deleted by
/// [`link::Delete`](crate::link::Delete) as any other, and if a request is refused half way, what was made is deleted again.
///
/// ```no_run
/// use netloom::{Create, IpRoute, kind::Tun, link};
///
/// let mut ipr = IpRoute::open()?;
/// let made = ipr.run(&link::Add::new("tap%d").kind(Tun::tap().owner(1000)).mtu(1400).up().created())?;
/// println!("{} has the index {}", made.name(), made.index());
/// # Ok::<(), netloom::Error>(())
/// ```
#[derive(Debug)]
pub struct IpRoute {
    socket: blocking::Socket<Rtnetlink>,
    #[cfg(feature = "openvswitch")]
    open_vswitch: std::sync::Arc<crate::openvswitch::Proxy>,
}

/// rtnetlink without proxies: what is run goes to the kernel as it is, and what comes is the kernel's, but for the
/// [handlers](crate::socket::hooks) that its user registers.
///
/// ```no_run
/// use netloom::{RawIpRoute, link};
///
/// let link = RawIpRoute::open()?.run(&link::Get::new("lo"))?;
/// # Ok::<(), netloom::Error>(())
/// ```
pub type RawIpRoute = blocking::Socket<Rtnetlink>;

impl IpRoute {
    /// Opens a socket in the calling thread's network namespace.
    ///
    /// # Errors
    /// If the system call fails; what a socket option lacks is no error.
    pub fn open() -> Result<Self> {
        Self::with(&SocketOptions::new())
    }

    /// Opens a socket with these options.
    ///
    /// # Errors
    /// If the system call fails, or the namespace of the options cannot be entered.
    pub fn with(options: &SocketOptions) -> Result<Self> {
        Ok(carrying!(RawIpRoute::with(options)?, true))
    }

    /// Opens a socket in another network namespace; the calling thread stays where it is.
    ///
    /// ```no_run
    /// use netloom::{IpRoute, Namespace};
    ///
    /// let mut blue = IpRoute::in_namespace(Namespace::named("blue")?)?;
    /// # Ok::<(), netloom::Error>(())
    /// ```
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
    pub fn run<O: Operation<Family = Rtnetlink>>(&mut self, operation: &O) -> Result<O::Output> {
        self.socket.run(operation)
    }

    /// The same within a time: [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) if it takes longer in all.
    ///
    /// # Errors
    /// As [`IpRoute::run`]; after a timeout, whether the operation took effect is not known.
    pub fn run_within<O: Operation<Family = Rtnetlink>>(
        &mut self,
        limit: Duration,
        operation: &O,
    ) -> Result<O::Output> {
        self.socket.deadline(Some(limit));
        let outcome = self.socket.run(operation);
        self.socket.deadline(None);
        outcome
    }

    /// Runs many requests, as many in flight as the receive buffer allows, and tells the outcome of each.
    ///
    /// ```no_run
    /// use netloom::{IpRoute, Prefix, route};
    ///
    /// let adds = (0..100_000u32).map(|n| {
    ///     let destination = Prefix::from(std::net::Ipv4Addr::from(0x0a00_0000 + n));
    ///     route::Add::new(destination).dev(1)
    /// });
    /// let report = IpRoute::open()?.pipeline(adds)?;
    /// for (index, problem) in &report.failures {
    ///     eprintln!("number {index}: {problem}");
    /// }
    /// # Ok::<(), netloom::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the socket fails; what the kernel refuses is in the [`Report`].
    pub fn pipeline<R: Request<Family = Rtnetlink>>(
        &mut self,
        requests: impl IntoIterator<Item = R, IntoIter: Send>,
    ) -> Result<Report> {
        self.socket.pipeline(requests)
    }

    /// The same; `on_reply` sees each reply with the index of its request, counted from 0.
    ///
    /// # Errors
    /// As [`IpRoute::pipeline`].
    pub fn pipeline_with<R: Request<Family = Rtnetlink>>(
        &mut self,
        requests: impl IntoIterator<Item = R, IntoIter: Send>,
        on_reply: impl FnMut(u64, &R::Reply) + Send,
    ) -> Result<Report> {
        self.socket.pipeline_with(requests, on_reply)
    }

    /// A dump in constant memory, object by object; requests may be made while it goes on.
    ///
    /// # Errors
    /// If no further socket can be opened.
    pub fn stream<R: Request<Family = Rtnetlink, Kind = Dump> + Clone>(&mut self, request: &R) -> Result<Stream<R>> {
        self.socket.stream(request)
    }

    /// Follows the state of these objects.
    ///
    /// ```no_run
    /// use netloom::{IpRoute, watch::{Event, Objects}};
    ///
    /// let mut watch = IpRoute::open()?.watch(Objects::LINKS | Objects::ROUTES)?;
    /// loop {
    ///     match watch.next()? {
    ///         Event::Change(change) => println!("{change}"),
    ///         other => println!("{other:?}"),
    ///     }
    /// }
    /// # #[expect(unreachable_code, reason = "it goes on for ever")]
    /// # Ok::<(), netloom::Error>(())
    /// ```
    ///
    /// # Errors
    /// If no further sockets can be opened, or the groups cannot be joined.
    #[inline] // compiled where it is called, like the watch itself
    pub fn watch(&mut self, objects: Objects) -> Result<BlockingWatch> {
        Ok(BlockingWatch(blocking::ready(Watch::start(self.socket.sibling()?, objects))?))
    }

    /// The same, and tells each message as the kernel sent it, before the changes that it makes: those of these
    /// [groups](crate::group), and those by which the objects are followed.
    ///
    /// # Errors
    /// As [`IpRoute::watch`].
    #[inline]
    pub fn watch_with_messages(&mut self, objects: Objects, groups: &[u32]) -> Result<BlockingWatch> {
        Ok(BlockingWatch(blocking::ready(Watch::with_messages(self.socket.sibling()?, objects, groups))?))
    }

    /// Subscribes to multicast groups ([`group`](crate::group)) and gets their messages as they come.
    ///
    /// # Errors
    /// If no further socket can be opened, or a group cannot be joined.
    pub fn subscribe(&mut self, groups: &[u32]) -> Result<blocking::Notifications> {
        self.socket.watch(groups)
    }

    /// The socket underneath, with the same proxies: raw messages, sequence numbers, what the kernel granted. It is the
    /// [`Driver`](crate::wire::Driver) of operations that are functions.
    ///
    /// ```no_run
    /// use netloom::{IpRoute, Operation, Result, Rtnetlink, link, socket::blocking::ready, wire::Driver};
    ///
    /// /// Written once, for both worlds.
    /// async fn swap(io: &mut impl Driver<Family = Rtnetlink>, a: &str, b: &str) -> Result<()> {
    ///     link::Rename::new(a, "swap").perform(io).await?;
    ///     link::Rename::new(b, a).perform(io).await?;
    ///     link::Rename::new("swap", b).perform(io).await
    /// }
    ///
    /// let mut ipr = IpRoute::open()?;
    /// ready(swap(ipr.socket(), "v0", "v1"))?; // of AsyncIpRoute: swap(&mut ipr.client(), "v0", "v1").await
    /// # Ok::<(), netloom::Error>(())
    /// ```
    pub fn socket(&mut self) -> &mut RawIpRoute {
        &mut self.socket
    }

    proxies!(socket);

    /// Sets which Open vSwitch makes links of the kind `openvswitch`; that of this machine if nothing is said. See
    /// [`openvswitch`](crate::openvswitch).
    #[cfg(feature = "openvswitch")]
    pub fn set_open_vswitch(&self, open_vswitch: crate::openvswitch::OpenVswitch) {
        self.open_vswitch.set(open_vswitch);
    }

    queries!([] socket);
}

impl AsFd for IpRoute {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

/// The state of the kernel and its changes, blocking; see [`IpRoute::watch`].
#[derive(Debug)]
pub struct BlockingWatch(Watch<RawIpRoute>);

impl BlockingWatch {
    /// Waits for the next event.
    ///
    /// # Errors
    /// [`ErrorKind::Stopped`](crate::ErrorKind::Stopped) after [`blocking::Stop::stop`]; what the socket fails with. A
    /// loss of messages is no error: the watch reads everything again.
    #[expect(clippy::should_implement_trait, reason = "it borrows nothing, but it fails")]
    #[inline]
    pub fn next(&mut self) -> Result<Event> {
        blocking::ready(self.0.next())
    }

    /// [`BlockingWatch::next`] ends with [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) when so long has passed from
    /// now; None lifts it.
    pub fn deadline(&mut self, limit: Option<Duration>) {
        self.0.notifications().deadline(limit);
    }

    /// A handle that stops the watch from another thread.
    ///
    /// # Errors
    /// If the descriptors that ring it cannot be made.
    pub fn stop_handle(&mut self) -> Result<blocking::Stop> {
        self.0.notifications().stop_handle()
    }

    /// The state: what is known of each object.
    pub fn state(&self) -> &Watch<RawIpRoute> {
        &self.0
    }

    /// Known links; the other tables are in [`BlockingWatch::state`].
    pub fn links(&self) -> &Table<netloom_route::link::Link> {
        self.0.links()
    }
}
