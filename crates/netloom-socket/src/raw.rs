//! A netlink socket without any protocol above it: bytes out, bytes in.

use std::{
    fmt, io,
    os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd},
    sync::{Arc, OnceLock},
    time::Duration,
};

use netloom_wire::{Header, Result, nlmsg};

use crate::{Features, Filter, Namespace, SocketOptions, Tap, ancillary, namespace::failed, sys};

/// A netlink socket: sends and receives bytes, knows nothing of what they mean. Closed on `exec` and when dropped.
///
/// May be used from any thread, also several at once: each datagram goes to one of them. After a `fork` parent and child
/// share the socket and take each other's answers: open one of its own in the child.
///
/// ```no_run
/// use netloom_socket::{RawSocket, SocketOptions};
/// use netloom_wire::Messages;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let socket = RawSocket::open(0, &SocketOptions::new().group(1))?; // NETLINK_ROUTE, RTNLGRP_LINK
/// let mut buffer = vec![0; 1 << 20];
/// let received = socket.receive(&mut buffer)?;
/// for message in Messages::new(received.bytes(&buffer)) {
///     println!("{:?}", message.header);
/// }
/// # Ok(())
/// # }
/// ```
pub struct RawSocket {
    fd: Arc<OwnedFd>,
    /// What was granted at once, and with what is asked for later.
    first: Features,
    all: OnceLock<Features>,
    capped_ack: bool,
    receive_buffer: usize,
    tap: Option<Tapped>,
    /// A process plays the kernel.
    played: bool,
}

/// Who sees the datagrams, and the protocol that it is told.
struct Tapped {
    tap: Arc<dyn Tap>,
    protocol: u16,
}

/// What is known of a datagram beside its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Received {
    /// How many bytes of the buffer are filled.
    pub length: usize,
    /// How long the datagram was, in bytes: more than `length` if it was cut.
    pub sent: usize,
    /// Port of the sender; 0 is the kernel.
    pub port: u32,
    /// Groups that it was sent to, as a mask of the first 32; 0 if it was sent to this socket alone.
    pub groups: u32,
    /// Number of the group that it was sent to; known with [`SocketOptions::packet_info`] only.
    pub group: Option<u32>,
    /// Id of the namespace that it comes from; None for the socket's own. See [`SocketOptions::listen_all_nsid`].
    pub nsid: Option<i32>,
}

impl Received {
    #[inline]
    fn new(message: &sys::Message, space: usize) -> Self {
        let (port, groups) = message.sender.map_or((0, 0), |sender| (sender.nl_pid, sender.nl_groups));
        // With MSG_TRUNC the kernel tells the whole length of the datagram.
        Self { length: message.length.min(space), sent: message.length, port, groups, group: None, nsid: None }
    }

    /// Whether bytes were lost because the buffer was too small.
    #[inline]
    pub fn is_truncated(&self) -> bool {
        self.sent > self.length
    }

    /// Whether the kernel sent it.
    #[inline]
    pub fn is_from_kernel(&self) -> bool {
        self.port == 0
    }

    /// The datagram, out of the buffer that it was received into.
    #[inline]
    pub fn bytes<'a>(&self, buffer: &'a [u8]) -> &'a [u8] {
        buffer.get(..self.length).unwrap_or(buffer)
    }
}

impl RawSocket {
    /// Opens a socket of a netlink protocol (`NETLINK_*`, `linux/netlink.h`).
    pub fn open(protocol: u16, options: &SocketOptions) -> Result<Self> {
        Self::configure(Self::make(protocol, options)?, options, true).map(Self::complete)
    }

    /// The same, bound only where the options need it: the kernel binds a socket when it sends first. What only many
    /// answers at once need is asked for when somebody looks at [`RawSocket::features`].
    pub(crate) fn open_for_requests(protocol: u16, options: &SocketOptions) -> Result<Self> {
        let bind = options.port != 0 || !options.groups.is_empty();
        Self::configure(Self::make(protocol, options)?, options, bind)
    }

    fn make(protocol: u16, options: &SocketOptions) -> Result<OwnedFd> {
        let protocol = options.protocol.unwrap_or(protocol);
        let made = match &options.namespace {
            None => sys::socket(protocol),
            Some(namespace) => namespace.within(|| sys::socket(protocol))?,
        };
        made.map_err(|e| failed(&e, format!("open a netlink socket of protocol {protocol}")))
    }

    /// Takes over a socket that is open already, inherited or received from another process, and sets its options; it
    /// stays in the namespace where it is.
    pub fn from_fd(fd: impl Into<OwnedFd>, options: &SocketOptions) -> Result<Self> {
        let fd = fd.into();
        sys::set_close_on_exec(fd.as_fd()).map_err(|e| failed(&e, "set close-on-exec"))?;
        Self::configure(fd, options, true).map(Self::complete)
    }

    /// Opens another socket in the namespace of this one, whichever the calling thread is in.
    pub(crate) fn open_beside(&self, protocol: u16, options: &SocketOptions) -> Result<Self> {
        let opened = Self::open_for_requests(protocol, options)?;
        if self.is_beside(opened.as_fd()) {
            return Ok(opened);
        }
        // Opened by one thread and used by another, which is in another namespace.
        Self::open_for_requests(protocol, &options.clone().namespace(self.own_namespace()?))
    }

    /// The namespace of this socket. Who may not ask for it, for want of `CAP_NET_ADMIN`, gets it if the calling thread is
    /// in it.
    pub(crate) fn namespace(&self) -> Result<Namespace> {
        self.own_namespace().or_else(|refused| {
            let here = sys::socket(0).map_err(|e| failed(&e, "open a netlink socket"))?;
            if self.is_beside(here.as_fd()) { Namespace::current() } else { Err(refused) }
        })
    }

    fn own_namespace(&self) -> Result<Namespace> {
        sys::namespace_of(self.as_fd())
            .map(Namespace::from_fd)
            .map_err(|e| failed(&e, "find the network namespace that the socket was opened in"))
    }

    /// Whether another socket is in the same namespace; so it is taken to be before Linux 5.14, where there is nothing to
    /// compare by.
    fn is_beside(&self, other: BorrowedFd<'_>) -> bool {
        match (sys::namespace_cookie(self.as_fd()), sys::namespace_cookie(other)) {
            (Ok(here), Ok(there)) => here == there,
            _ => true,
        }
    }

    fn configure(fd: OwnedFd, options: &SocketOptions, bind_now: bool) -> Result<Self> {
        let mut socket = Self {
            fd: Arc::new(fd),
            first: Features::default(),
            all: OnceLock::new(),
            capped_ack: options.capped_ack,
            receive_buffer: options.receive_buffer,
            tap: None,
            played: options.protocol.is_some(),
        };
        if let Some(tap) = options.tap.clone() {
            let protocol = sys::protocol(socket.as_fd()).map_err(|e| failed(&e, "ask for the protocol of a socket"))?;
            socket.tap = Some(Tapped { tap, protocol });
        }
        let wanted = |on: bool, option: i32| on && sys::set_netlink_option(socket.as_fd(), option, 1).is_ok();
        let mut features = Features {
            extended_ack: wanted(options.extended_ack, libc::NETLINK_EXT_ACK),
            strict_check: wanted(options.strict_check, libc::NETLINK_GET_STRICT_CHK),
            listen_all_nsid: wanted(options.listen_all_nsid, libc::NETLINK_LISTEN_ALL_NSID),
            // Who sees the datagrams is told their group.
            packet_info: wanted(options.packet_info || options.tap.is_some(), libc::NETLINK_PKTINFO),
            ..Features::default()
        };
        if let Some(size) = options.send_buffer {
            let _ = socket.set_send_buffer(size);
        }
        if let Some(filter) = &options.filter {
            socket.attach(filter)?;
        }
        // Not bound, the kernel does it at the first message, but never delivers a notification.
        let bound = if bind_now { sys::bind(socket.as_fd(), options.port) } else { Ok(()) };
        features.bound = bound.is_ok();
        if options.port != 0 || !options.groups.is_empty() {
            bound.map_err(|e| failed(&e, format!("bind a netlink socket to port {}", options.port)))?;
        }
        if options.peer != 0 {
            sys::connect(socket.as_fd(), options.peer)
                .map_err(|e| failed(&e, format!("talk to netlink port {}", options.peer)))?;
        }
        socket.first = features;
        if !options.groups.is_empty() {
            // Before anything comes.
            socket.features();
        }
        for group in &options.groups {
            socket.join(*group)?;
        }
        crate::trace::opened(&socket);
        Ok(socket)
    }

    /// Which options were granted.
    pub fn features(&self) -> &Features {
        self.all.get_or_init(|| Features {
            capped_ack: self.capped_ack && sys::set_netlink_option(self.as_fd(), libc::NETLINK_CAP_ACK, 1).is_ok(),
            receive_buffer: self.grow_receive_buffer(),
            ..self.first
        })
    }

    /// Those that were granted so far; asks for nothing.
    pub(crate) fn granted(&self) -> &Features {
        self.all.get().unwrap_or(&self.first)
    }

    fn complete(self) -> Self {
        self.features();
        self
    }

    /// Asks for the receive buffer of the options and tells what there is now, in bytes.
    fn grow_receive_buffer(&self) -> usize {
        let size = self.receive_buffer;
        match sys::set_buffer_size(self.as_fd(), libc::SO_RCVBUFFORCE, size) {
            // The kernel takes the double, 2,304 bytes at least (`sock_setsockopt`, `net/core/sock.c`).
            Ok(()) => size.saturating_mul(2).max(2304),
            Err(_) => {
                // What stays without both is the system's default.
                let _ = sys::set_buffer_size(self.as_fd(), libc::SO_RCVBUF, size);
                sys::receive_buffer_size(self.as_fd()).unwrap_or(0)
            }
        }
    }

    /// The socket's own port; 0 if it could not be bound. Notifications and replies carry it.
    pub fn port(&self) -> u32 {
        match self.bound_port() {
            0 => {
                // Refused, it is bound when it sends first.
                let _ = sys::bind(self.as_fd(), 0);
                self.bound_port()
            }
            port => port,
        }
    }

    fn bound_port(&self) -> u32 {
        sys::bound_port(self.as_fd()).unwrap_or(0)
    }

    /// Joins a multicast group, by its number from 1.
    pub fn join(&self, group: u32) -> Result<()> {
        self.set_membership(libc::NETLINK_ADD_MEMBERSHIP, group)
            .map_err(|e| failed(&e, format!("join netlink group {group}")))
    }

    /// Leaves a multicast group, by its number from 1.
    pub fn leave(&self, group: u32) -> Result<()> {
        self.set_membership(libc::NETLINK_DROP_MEMBERSHIP, group)
            .map_err(|e| failed(&e, format!("leave netlink group {group}")))
    }

    fn set_membership(&self, option: i32, group: u32) -> io::Result<()> {
        if self.played {
            return sys::send(self.as_fd(), &membership(option == libc::NETLINK_ADD_MEMBERSHIP, group));
        }
        sys::set_netlink_option(self.as_fd(), option, group)
    }

    /// Has the kernel run a program on each datagram before it queues it; it replaces the one before.
    pub fn attach(&self, filter: &Filter) -> Result<()> {
        sys::attach_filter(self.as_fd(), filter.program()).map_err(|e| failed(&e, "attach a filter"))
    }

    /// How long [`RawSocket::receive`] waits, before it ends with [`io::ErrorKind::WouldBlock`]; None for ever.
    pub fn set_receive_timeout(&self, limit: Option<Duration>) -> io::Result<()> {
        // The kernel takes zero for "for ever".
        let limit = limit.map_or(Duration::ZERO, |limit| limit.max(Duration::from_micros(1)));
        sys::set_receive_timeout(self.as_fd(), limit)
    }

    fn set_send_buffer(&self, size: usize) -> io::Result<()> {
        sys::set_buffer_size(self.as_fd(), libc::SO_SNDBUFFORCE, size)
            .or_else(|_| sys::set_buffer_size(self.as_fd(), libc::SO_SNDBUF, size))
    }

    /// Sends a datagram to the kernel, which works through it before this returns. Grows the send buffer if the datagram
    /// does not fit, as far as that is allowed; else `EMSGSIZE`.
    pub fn send(&self, datagram: &[u8]) -> io::Result<()> {
        self.send_growing(datagram, || sys::send(self.as_fd(), datagram))
    }

    /// Sends a datagram to another socket of this protocol: to `port`, or to the `groups` of a mask. Most protocols allow
    /// that with `CAP_NET_ADMIN` only; `NETLINK_USERSOCK` allows it to all.
    ///
    /// ```
    /// use netloom_socket::{RawSocket, SocketOptions};
    ///
    /// const USERSOCK: u16 = 2;
    /// let listener = RawSocket::open(USERSOCK, &SocketOptions::new().group(7))?;
    /// let teller = RawSocket::open(USERSOCK, &SocketOptions::new())?;
    /// teller.send_to(b"to all of group 7", 0, 1 << 6)?;
    /// let mut buffer = [0; 64];
    /// assert_eq!(listener.receive(&mut buffer)?.bytes(&buffer), b"to all of group 7");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn send_to(&self, datagram: &[u8], port: u32, groups: u32) -> io::Result<()> {
        match self.send_growing(datagram, || sys::send_to(self.as_fd(), datagram, port, groups, 0)) {
            // After the groups the kernel tries port 0, itself, which many protocols do not listen at.
            Err(e) if groups != 0 && port == 0 && e.kind() == io::ErrorKind::ConnectionRefused => Ok(()),
            sent => sent,
        }
    }

    /// Sends a datagram to another socket of this protocol, to `port`, if that one has room for it; else ends with
    /// [`io::ErrorKind::WouldBlock`].
    ///
    /// ```
    /// use netloom_socket::{RawSocket, SocketOptions};
    ///
    /// const USERSOCK: u16 = 2;
    /// let (near, far) = (RawSocket::open(USERSOCK, &SocketOptions::new())?, RawSocket::open(USERSOCK, &SocketOptions::new())?);
    /// let full = (0..100_000).find_map(|_| near.try_send_to(&[0; 4096], far.port()).err()).map(|error| error.kind());
    /// assert_eq!(full, Some(std::io::ErrorKind::WouldBlock));
    /// # Ok::<(), netloom_wire::Error>(())
    /// ```
    pub fn try_send_to(&self, datagram: &[u8], port: u32) -> io::Result<()> {
        self.send_growing(datagram, || sys::send_to(self.as_fd(), datagram, port, 0, libc::MSG_DONTWAIT))
    }

    fn send_growing(&self, datagram: &[u8], send: impl Fn() -> io::Result<()>) -> io::Result<()> {
        match send() {
            Err(error) if error.raw_os_error() == Some(libc::EMSGSIZE) => {
                // The kernel takes 32 bytes of the buffer for itself.
                self.set_send_buffer(datagram.len().saturating_add(64)).map_err(|_| error)?;
                send()
            }
            sent => sent,
        }?;
        if let Some(Tapped { tap, protocol }) = &self.tap {
            // The kernel has bound it by now.
            tap.sent(*protocol, self.bound_port(), datagram);
        }
        Ok(())
    }

    /// Receives a datagram, waiting for it; see [`RawSocket::set_receive_timeout`].
    ///
    /// `ENOBUFS` says that datagrams were lost since the buffer was full; the socket goes on.
    #[inline]
    pub fn receive(&self, buffer: &mut [u8]) -> io::Result<Received> {
        self.receive_with(buffer, libc::MSG_TRUNC)
    }

    /// Receives a datagram if one is there, else ends with [`io::ErrorKind::WouldBlock`].
    ///
    /// ```
    /// use netloom_socket::{RawSocket, SocketOptions};
    ///
    /// let socket = RawSocket::open(0, &SocketOptions::new())?;
    /// let nothing = socket.try_receive(&mut [0; 64]).unwrap_err();
    /// assert_eq!(nothing.kind(), std::io::ErrorKind::WouldBlock);
    /// # Ok::<(), netloom_wire::Error>(())
    /// ```
    #[inline]
    pub fn try_receive(&self, buffer: &mut [u8]) -> io::Result<Received> {
        self.receive_with(buffer, libc::MSG_TRUNC | libc::MSG_DONTWAIT)
    }

    #[inline]
    fn receive_with(&self, buffer: &mut [u8], flags: i32) -> io::Result<Received> {
        let received = self.receive_untapped(buffer, flags)?;
        if let Some(Tapped { tap, protocol }) = &self.tap {
            tap.received(*protocol, self.bound_port(), received.group.unwrap_or(0), received.bytes(buffer));
        }
        Ok(received)
    }

    #[inline]
    fn receive_untapped(&self, buffer: &mut [u8], flags: i32) -> io::Result<Received> {
        if self.first.listen_all_nsid || self.first.packet_info {
            return self.receive_message(buffer, flags);
        }
        let message = sys::receive(self.as_fd(), buffer, flags)?;
        Ok(Received::new(&message, buffer.len()))
    }

    /// The same by `recvmsg`, which is slower, for what comes beside the bytes.
    fn receive_message(&self, buffer: &mut [u8], flags: i32) -> io::Result<Received> {
        let mut control = sys::Control([0; 128]);
        let message = sys::receive_message(self.as_fd(), buffer, &mut control, flags)?;
        let ancillary::Ancillary { group, nsid } = ancillary::read(&control.0);
        Ok(Received { group, nsid, ..Received::new(&message, buffer.len()) })
    }

    /// The descriptor, to be held by a reactor too.
    #[cfg(any(feature = "tokio", feature = "async-io"))]
    pub(crate) fn shared_fd(&self) -> &Arc<OwnedFd> {
        &self.fd
    }
}

/// What tells the process that plays the kernel who joins a group, and who leaves it.
fn membership(joins: bool, group: u32) -> Vec<u8> {
    const LENGTH: u32 = 24;
    let header = Header::new(LENGTH, nlmsg::NOOP, 0, 0, 0);
    [header.bytes(), &group.to_ne_bytes(), &u32::from(joins).to_ne_bytes()].concat()
}

impl AsFd for RawSocket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

impl AsRawFd for RawSocket {
    fn as_raw_fd(&self) -> RawFd {
        self.fd.as_raw_fd()
    }
}

impl fmt::Debug for RawSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawSocket")
            .field("fd", &self.as_raw_fd())
            .field("port", &self.bound_port())
            .field("features", self.granted())
            .finish()
    }
}
