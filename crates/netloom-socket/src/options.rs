//! What a socket may be asked to be.

use std::{sync::Arc, time::Duration};

use crate::{Filter, Namespace, Tap};

/// `NETLINK_USERSOCK` (`linux/netlink.h`).
const USERSOCK: u16 = 2;

/// Size of the receive buffer that is asked for unless told otherwise, in bytes.
const RECEIVE_BUFFER: usize = 1 << 20;
/// Length of the buffer that datagrams are received into, unless told otherwise, in bytes. A link with 300 names of its
/// own takes 40 KB; what is not used of it costs no memory.
const LARGEST_DATAGRAM: usize = 1 << 20;
/// How long nothing may come while something is awaited, unless told otherwise.
const INACTIVITY_LIMIT: Duration = Duration::from_secs(30);

/// How a socket is opened.
///
/// What the kernel (or a sandbox) may refuse without harm is asked for and forgotten when refused;
/// [`Features`] says what came of it. Groups, a port, a filter and a namespace are not like that: without them the socket
/// would not be the one that was asked for, so opening fails.
///
/// ```
/// use std::time::Duration;
/// use netloom_socket::SocketOptions;
///
/// let options = SocketOptions::new().receive_buffer(8 << 20).inactivity_limit(Some(Duration::from_secs(5)));
/// ```
#[derive(Clone, Debug)]
pub struct SocketOptions {
    pub(crate) receive_buffer: usize,
    pub(crate) send_buffer: Option<usize>,
    pub(crate) largest_datagram: usize,
    pub(crate) groups: Vec<u32>,
    pub(crate) extended_ack: bool,
    pub(crate) capped_ack: bool,
    pub(crate) strict_check: bool,
    pub(crate) listen_all_nsid: bool,
    pub(crate) packet_info: bool,
    pub(crate) user_senders: bool,
    pub(crate) port: u32,
    pub(crate) peer: u32,
    pub(crate) first_sequence: u32,
    pub(crate) inactivity_limit: Option<Duration>,
    pub(crate) namespace: Option<Namespace>,
    pub(crate) filter: Option<Filter>,
    pub(crate) tap: Option<Arc<dyn Tap>>,
    /// Instead of the family's own.
    pub(crate) protocol: Option<u16>,
}

impl Default for SocketOptions {
    fn default() -> Self {
        Self {
            receive_buffer: RECEIVE_BUFFER,
            send_buffer: None,
            largest_datagram: LARGEST_DATAGRAM,
            groups: Vec::new(),
            extended_ack: true,
            capped_ack: true,
            strict_check: true,
            listen_all_nsid: false,
            packet_info: false,
            user_senders: false,
            port: 0,
            peer: 0,
            first_sequence: 1,
            inactivity_limit: Some(INACTIVITY_LIMIT),
            namespace: None,
            filter: None,
            tap: None,
            protocol: None,
        }
    }
}

impl SocketOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Receive buffer, in bytes; 1 MiB by default. The kernel reserves the double, and grants at most
    /// `net.core.rmem_max` to those without `CAP_NET_ADMIN`. It bounds how much a pipeline has in flight, and how long a
    /// subscription may go unread.
    #[must_use]
    pub fn receive_buffer(self, bytes: usize) -> Self {
        Self { receive_buffer: bytes, ..self }
    }

    /// Send buffer, in bytes; the kernel's default is `net.core.wmem_default`. It grows by itself for a message
    /// that does not fit.
    #[must_use]
    pub fn send_buffer(self, bytes: usize) -> Self {
        Self { send_buffer: Some(bytes), ..self }
    }

    /// Longest datagram that can be received at first, in bytes; 1 MiB by default, of which only what is used takes
    /// memory. After one that was longer, all sockets of the handle can receive that.
    #[must_use]
    pub fn largest_datagram(self, bytes: usize) -> Self {
        Self { largest_datagram: bytes, ..self }
    }

    /// Joins a multicast group, by its number (`RTNLGRP_*`), from 1; not a bit of a mask.
    #[must_use]
    pub fn group(mut self, group: u32) -> Self {
        self.groups.push(group);
        self
    }

    /// Joins several multicast groups, by number.
    #[must_use]
    pub fn groups(mut self, groups: &[u32]) -> Self {
        self.groups.extend_from_slice(groups);
        self
    }

    /// Whether the kernel may say more than a number about errors (`NETLINK_EXT_ACK`, Linux 4.12); on by default.
    #[must_use]
    pub fn extended_ack(self, on: bool) -> Self {
        Self { extended_ack: on, ..self }
    }

    /// Whether the kernel may leave the request out of acknowledgements (`NETLINK_CAP_ACK`, Linux 4.3); on by default.
    #[must_use]
    pub fn capped_ack(self, on: bool) -> Self {
        Self { capped_ack: on, ..self }
    }

    /// Whether the kernel checks dump requests, and filters by them (`NETLINK_GET_STRICT_CHK`, Linux 4.20); on by
    /// default.
    #[must_use]
    pub fn strict_check(self, on: bool) -> Self {
        Self { strict_check: on, ..self }
    }

    /// Whether notifications of all namespaces that have an id in the socket's come too (`NETLINK_LISTEN_ALL_NSID`);
    /// needs `CAP_NET_BROADCAST`. Off by default.
    #[must_use]
    pub fn listen_all_nsid(self, on: bool) -> Self {
        Self { listen_all_nsid: on, ..self }
    }

    /// Whether each datagram says the number of the group that it was sent to (`NETLINK_PKTINFO`): see
    /// [`Received::group`](crate::Received::group). Off by default.
    #[must_use]
    pub fn packet_info(self, on: bool) -> Self {
        Self { packet_info: on, ..self }
    }

    /// Whether messages that do not come from the kernel are taken too; off by default: they are dropped and counted,
    /// since any process may send to a port that it knows.
    #[must_use]
    pub fn user_senders(self, on: bool) -> Self {
        Self { user_senders: on, ..self }
    }

    /// Port to bind to; 0, the default, lets the kernel choose.
    #[must_use]
    pub fn port(self, port: u32) -> Self {
        Self { port, ..self }
    }

    /// Talks to the process whose socket has this port instead of the kernel: what a netlink service or a test does by
    /// `NETLINK_USERSOCK`. Most other protocols allow it with `CAP_NET_ADMIN` only.
    ///
    /// ```
    /// use netloom_socket::{RawSocket, SocketOptions};
    ///
    /// const USERSOCK: u16 = 2;
    /// let service = RawSocket::open(USERSOCK, &SocketOptions::new())?;
    /// let client = RawSocket::open(USERSOCK, &SocketOptions::new().peer(service.port()))?;
    /// client.send(b"a request")?;
    /// let mut buffer = [0; 64];
    /// let received = service.receive(&mut buffer)?;
    /// assert_eq!((received.bytes(&buffer), received.port), (&b"a request"[..], client.port()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn peer(self, port: u32) -> Self {
        Self { peer: port, ..self }
    }

    /// Talks to a process that plays the kernel, whatever the family: to the socket of `NETLINK_USERSOCK` that has this
    /// port.
    ///
    /// Who joins a group tells it so: by a message of the type `NLMSG_NOOP` without flags, which holds two `u32`, the number
    /// of the group and 1 (0: who leaves it). What the group is told is then to be sent to that port.
    #[must_use]
    pub fn played_by(self, port: u32) -> Self {
        Self { peer: port, protocol: Some(USERSOCK), ..self }
    }

    /// Sequence number of the first request; 1 if not said. 0 is left out, since notifications have it.
    #[must_use]
    pub fn first_sequence(self, number: u32) -> Self {
        Self { first_sequence: number, ..self }
    }

    /// How long nothing may come while an answer is awaited, before that ends with
    /// [`ErrorKind::Timeout`](netloom_wire::ErrorKind::Timeout); 30 s by default, None for ever.
    #[must_use]
    pub fn inactivity_limit(self, limit: Option<Duration>) -> Self {
        Self { inactivity_limit: limit, ..self }
    }

    /// The network namespace to be in; the calling thread's by default.
    #[must_use]
    pub fn namespace(self, namespace: Namespace) -> Self {
        Self { namespace: Some(namespace), ..self }
    }

    /// A program that decides which datagrams are queued for the socket.
    #[must_use]
    pub fn filter(self, filter: Filter) -> Self {
        Self { filter: Some(filter), ..self }
    }

    /// Shows each datagram of the socket, and of those beside it, to `tap`.
    #[must_use]
    pub fn tap(self, tap: Arc<dyn Tap>) -> Self {
        Self { tap: Some(tap), ..self }
    }

    /// Options of a further socket for requests: what belongs to one socket alone is left out.
    pub(crate) fn for_requests(&self) -> Self {
        Self { groups: Vec::new(), port: 0, filter: None, listen_all_nsid: false, packet_info: false, ..self.clone() }
    }

    /// Options of a socket that receives notifications of `groups`, beside one that has these options.
    pub(crate) fn for_notifications(&self, groups: &[u32]) -> Self {
        Self { groups: groups.to_vec(), port: 0, ..self.clone() }
    }
}

/// Which of the [`SocketOptions`] that may be refused were granted.
///
/// ```no_run
/// use netloom_route::Rtnetlink;
/// use netloom_socket::{SocketOptions, blocking::Socket};
///
/// let socket = Socket::<Rtnetlink>::with(&SocketOptions::new().listen_all_nsid(true))?;
/// if !socket.features().listen_all_nsid {
///     eprintln!("notifications of this namespace only");
/// }
/// # Ok::<(), netloom_wire::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Features {
    /// Errors come with the kernel's words.
    pub extended_ack: bool,
    /// Acknowledgements come without the request.
    pub capped_ack: bool,
    /// Dumps are checked and filtered by the kernel.
    pub strict_check: bool,
    /// Notifications of other namespaces come too.
    pub listen_all_nsid: bool,
    /// Datagrams say their group.
    pub packet_info: bool,
    /// The socket is bound, or will be when it sends first: it has a port, and may be in groups.
    pub bound: bool,
    /// The receive buffer, in bytes as the kernel counts: what is queued takes more than its length.
    pub receive_buffer: usize,
}
