//! A capture that is being written.

use std::{
    fmt,
    io::{self, Write},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use netloom_socket::Tap;
use netloom_wire::{Messages, align};

use super::pcap::{self, Direction, Packet};

/// Where the port of the sender stands in `struct nlmsghdr`.
const PORT: std::ops::Range<usize> = 12..16;

/// Writes what sockets exchange with the kernel as a capture (pcap, link type 253), for Wireshark, `netloom decode` and
/// [`Replay`](super::Replay). Give it to [`SocketOptions::tap`](crate::SocketOptions::tap).
///
/// Messages to the kernel bear the port of their socket, which tells the sockets of a capture apart.
pub struct Recording<W> {
    state: Mutex<State<W>>,
}

struct State<W> {
    out: W,
    /// The first error of `out`; nothing is written after it.
    error: Option<io::Error>,
}

impl<W: Write + Send> Recording<W> {
    /// Begins a capture.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn new(mut out: W) -> io::Result<Self> {
        pcap::begin(&mut out)?;
        Ok(Self { state: Mutex::new(State { out, error: None }) })
    }

    /// Ends it.
    ///
    /// # Errors
    /// The first with which `out` failed; what came after it is missing.
    pub fn finish(self) -> io::Result<W> {
        let State { mut out, error } = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        match error {
            Some(error) => Err(error),
            None => out.flush().map(|()| out),
        }
    }

    fn write(&self, packet: &Packet<'_>) {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let State { out, error } = &mut *self.locked();
        if error.is_none() {
            *error = pcap::packet(out, since, packet).err();
        }
    }

    fn locked(&self) -> MutexGuard<'_, State<W>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<W: Write + Send> Tap for Recording<W> {
    fn sent(&self, protocol: u16, port: u32, datagram: &[u8]) {
        let mut marked = datagram.to_vec();
        let mut start = 0usize;
        for message in Messages::new(datagram) {
            let field = marked.get_mut(start..).and_then(|message| message.get_mut(PORT));
            if let Some(field) = field.filter(|_| message.header.port() == 0) {
                field.copy_from_slice(&port.to_ne_bytes());
            }
            start = start.saturating_add(align(message.header.length()));
        }
        let direction = Direction::ToKernel;
        self.write(&Packet { direction, protocol, receiver: 0, group: 0, datagram: &marked });
    }

    fn received(&self, protocol: u16, port: u32, group: u32, datagram: &[u8]) {
        self.write(&Packet { direction: Direction::FromKernel, protocol, receiver: port, group, datagram });
    }
}

impl<W> fmt::Debug for Recording<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recording").finish_non_exhaustive()
    }
}
