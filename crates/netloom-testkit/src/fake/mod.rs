//! A kernel that is played, in any order and shape that the real one may choose.
//!
//! It is a socket of `NETLINK_USERSOCK`, by which processes talk to each other: queues, groups, overruns and truncation
//! are the real kernel's own. The sockets under test name its port with `SocketOptions::peer`.

mod datagram;

use std::{
    io,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::Duration,
};

use rustix::net::{
    AddressFamily, Protocol, RecvFlags, SendFlags, SocketFlags, SocketType, bind, getsockname,
    netlink::SocketAddrNetlink, recvfrom, sendto, socket_with, sockopt,
};

pub use datagram::{Asked, Datagram, attribute};

/// `NETLINK_USERSOCK`.
const PROTOCOL: u32 = 2;

/// Where a kernel would be.
#[derive(Debug)]
pub struct FakeKernel {
    socket: OwnedFd,
    port: u32,
    group: u32,
}

impl FakeKernel {
    /// A played kernel; many sockets may talk to it.
    ///
    /// # Panics
    /// If this machine has no `NETLINK_USERSOCK`.
    #[expect(clippy::new_without_default, reason = "it opens a socket")]
    pub fn new() -> Self {
        let opened = Self::open();
        opened.unwrap_or_else(|error| panic!("open a socket of NETLINK_USERSOCK: {error}"))
    }

    fn open() -> io::Result<Self> {
        let protocol = std::num::NonZero::new(PROTOCOL).map(Protocol::from_raw);
        let socket = socket_with(AddressFamily::NETLINK, SocketType::RAW, SocketFlags::CLOEXEC, protocol)?;
        bind(&socket, &SocketAddrNetlink::new(0, 0))?;
        let port = SocketAddrNetlink::try_from(getsockname(&socket)?)?.pid();
        // All processes of a network namespace share the groups.
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let group = NEXT.fetch_add(1, Ordering::Relaxed).wrapping_add(std::process::id()) % 32 + 1;
        Ok(Self { socket, port, group })
    }

    /// What `SocketOptions::peer` is to be.
    pub fn port(&self) -> u32 {
        self.port
    }

    /// The same kernel, to tell things from elsewhere while it is served.
    ///
    /// # Panics
    /// If no further descriptor can be had.
    pub fn teller(&self) -> Self {
        let socket = self.socket.try_clone();
        let socket = socket.unwrap_or_else(|error| panic!("another descriptor of the played kernel: {error}"));
        Self { socket, port: self.port, group: self.group }
    }

    /// The multicast group of what it tells; other kernels that are played meanwhile have others.
    pub fn group(&self) -> u32 {
        self.group
    }

    /// Waits for one datagram and gives its requests.
    ///
    /// # Errors
    /// Nothing came within 10 s.
    pub fn receive(&self) -> io::Result<Vec<Asked>> {
        self.receive_within(Duration::from_secs(10))
    }

    /// The requests of a datagram that is here already, if there is one.
    ///
    /// # Errors
    /// As of `recvfrom`.
    pub fn try_receive(&self) -> io::Result<Vec<Asked>> {
        self.take(RecvFlags::DONTWAIT)
    }

    fn receive_within(&self, limit: Duration) -> io::Result<Vec<Asked>> {
        sockopt::set_socket_timeout(&self.socket, sockopt::Timeout::Recv, Some(limit))?;
        self.take(RecvFlags::empty())
    }

    fn take(&self, flags: RecvFlags) -> io::Result<Vec<Asked>> {
        let mut buffer = vec![0; 1 << 18];
        let (length, _, sender) = recvfrom(&self.socket, &mut buffer[..], flags)?;
        let sender = sender.and_then(|sender| SocketAddrNetlink::try_from(sender).ok());
        Ok(Asked::all(&buffer[..length], sender.map_or(0, |sender| sender.pid())))
    }

    /// Sends a datagram to the socket that it is for. What does not fit that one's buffer is lost, as by the kernel.
    pub fn send(&self, datagram: &Datagram) {
        self.send_to(SocketAddrNetlink::new(datagram.port(), 0), datagram);
    }

    /// Sends a datagram to all members of its group; who has no room for it is told of an overrun.
    pub fn tell(&self, datagram: &Datagram) {
        self.send_to(SocketAddrNetlink::new(0, 1 << (self.group - 1)), datagram);
    }

    fn send_to(&self, to: SocketAddrNetlink, datagram: &Datagram) {
        // Who asked may be gone, or have no room.
        let _ = sendto(&self.socket, datagram.bytes(), SendFlags::DONTWAIT, &to);
    }

    /// Answers requests by what `script` makes of them, on a thread of its own, until nothing was asked for a minute: a
    /// machine that has much to do must not end it.
    pub fn serve(self, mut script: impl FnMut(&Self, Vec<Asked>) -> Vec<Datagram> + Send + 'static) {
        thread::spawn(move || {
            while let Ok(asked) = self.receive_within(Duration::from_secs(60)) {
                script(&self, asked).iter().for_each(|datagram| self.send(datagram));
            }
        });
    }

    /// The same, but late: it waits for more requests for as long as some come within `patience`.
    pub fn serve_late(
        self,
        patience: Duration,
        mut script: impl FnMut(&Self, Vec<Asked>) -> Vec<Datagram> + Send + 'static,
    ) {
        self.serve(move |kernel, mut asked| {
            while let Ok(more) = kernel.receive_within(patience) {
                asked.extend(more);
            }
            script(kernel, asked)
        });
    }
}

impl AsFd for FakeKernel {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}
