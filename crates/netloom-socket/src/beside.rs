//! Further sockets in the network namespace of one.

use std::sync::{Arc, Weak};

use netloom_wire::{Family, Result};

use crate::{
    Namespace, RawSocket, SocketOptions,
    blocking::Socket,
    hooks::{Hooks, append},
};

/// Opens blocking sockets in the network namespace of one, from whichever thread, and with no handlers: what a
/// [handler](crate::hooks) asks the kernel by.
///
/// ```no_run
/// use netloom_route::{Rtnetlink, link};
/// use netloom_socket::{blocking::Socket, hooks::Verdict};
/// use netloom_wire::{Errno, Error};
///
/// const RTM_DELLINK: u16 = 17;
/// let socket = Socket::<Rtnetlink>::open()?;
/// let beside = socket.beside();
/// // No link is deleted while `keep0` exists.
/// socket.on_send_slow("keeper", RTM_DELLINK, move |_| {
///     let asked = beside.open::<Rtnetlink>().and_then(|mut kernel| kernel.run(&link::Get::new("keep0")));
///     asked.is_ok().then(|| Verdict::Return(netloom_socket::hooks::Replies::new().refuse(Errno::EBUSY, "keep0 is there")))
/// });
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Beside(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    main: Arc<RawSocket>,
    options: SocketOptions,
    protocol: u16,
    /// Handlers hold this, and these hold the handlers.
    hooks: Weak<Hooks>,
}

impl Beside {
    pub(crate) fn new(main: &Arc<RawSocket>, options: &SocketOptions, protocol: u16, hooks: &Arc<Hooks>) -> Self {
        let (main, hooks) = (Arc::clone(main), Arc::downgrade(hooks));
        Self(Arc::new(Inner { main, options: options.for_requests(), protocol, hooks }))
    }

    /// Whether the socket, or one that shares its handlers, has a subscription to this group.
    pub fn has_subscription(&self, group: u32) -> bool {
        self.0.hooks.upgrade().is_some_and(|hooks| hooks.listeners().has(group))
    }

    /// Tells those subscriptions a message of this type as if the kernel had: it lies among the kernel's own, wakes who
    /// waits, and passes the handlers. One whose buffer is full learns that it has lost something. Subscriptions that were
    /// made before the first [`on_subscribe`](Socket::on_subscribe) get nothing.
    ///
    /// ```no_run
    /// use netloom_route::{Rtnetlink, group};
    /// use netloom_wire::Notice;
    ///
    /// const RTM_DELLINK: u16 = 17;
    /// let mut socket = netloom_socket::blocking::Socket::<Rtnetlink>::open()?;
    /// socket.on_subscribe(|groups| println!("somebody listens to {groups:?}"));
    /// let mut links = socket.watch(&[group::LINK])?;
    /// let lo = [0, 0, 4, 3, 1, 0, 0, 0, 73, 0, 1, 0, 0, 0, 0, 0]; // struct ifinfomsg
    /// socket.beside().notify(group::LINK, RTM_DELLINK, &lo)?;
    /// assert!(matches!(links.next()?, Notice::Message { command: RTM_DELLINK, .. }));
    /// # Ok::<(), netloom_wire::Error>(())
    /// ```
    ///
    /// # Errors
    /// Without `CAP_NET_ADMIN`, which the kernel wants of whoever sends to another socket.
    pub fn notify(&self, group: u32, message_type: u16, body: &[u8]) -> Result<()> {
        let Some(hooks) = self.0.hooks.upgrade() else { return Ok(()) };
        let mut datagram = Vec::new();
        append(&mut datagram, message_type, 0, 0, 0, body);
        hooks.listeners().tell(group, &datagram, || self.0.main.open_beside(self.0.protocol, &self.0.options))
    }

    /// Opens a socket of a family there.
    ///
    /// # Errors
    /// If the system call fails; from a thread in another namespace it takes the right to enter that of the first socket.
    pub fn open<F: Family>(&self) -> Result<Socket<F>> {
        Socket::over(self.0.main.open_beside(F::PROTOCOL, &self.0.options)?, &self.0.options)
    }

    /// The namespace.
    ///
    /// # Errors
    /// If the caller may not ask which one it is, for want of `CAP_NET_ADMIN` in it, and is in another.
    pub fn namespace(&self) -> Result<Namespace> {
        self.0.main.namespace()
    }
}
