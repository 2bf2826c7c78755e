//! A recording that plays the kernel.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use netloom_socket::{RawSocket, SocketOptions};
use netloom_wire::{Errno, Error, ErrorKind, Messages, Result};

use super::{
    notices::Notices,
    outbox::Outbox,
    script::{Script, refusal},
};

/// `NETLINK_USERSOCK`, by which processes talk to each other.
const USERSOCK: u16 = 2;
/// What a request may be long, in bytes; netloom's own are shorter.
const LONGEST: usize = 1 << 18;

/// Plays the kernel as it was when a [`Recording`](super::Recording) was made, until it is dropped.
///
/// A request is known by its type, flags and body. What was asked several times is answered in that order, then as the last
/// time; what was never asked is refused with `EOPNOTSUPP`, and counted. A notification is told to its group when as many
/// requests were made as before it, and as many sockets are in the group as had it told. Sockets of any family that are
/// opened with [`Replay::options`] talk to it, in this network namespace.
///
/// What proxies do beside netlink (ioctls, daemons, databases) they do in earnest: sockets without them are
/// `RawIpRoute` and its twin.
#[derive(Debug)]
pub struct Replay {
    port: u32,
    strange: Arc<AtomicU64>,
    /// Tells the thread to end.
    bell: RawSocket,
    thread: Option<JoinHandle<()>>,
}

impl Replay {
    /// Begins to play a capture, on a thread of its own.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] if it is not what a [`Recording`](super::Recording) writes on a machine of this byte
    /// order; if no socket can be opened.
    pub fn start(capture: &[u8]) -> Result<Self> {
        let (script, notices) = Script::read(capture).ok_or_else(|| {
            Error::new(ErrorKind::InvalidInput, "this is not a whole recording of this machine's kind")
        })?;
        let options = SocketOptions::new().user_senders(true);
        let kernel = RawSocket::open(USERSOCK, &options)?;
        let bell = RawSocket::open(USERSOCK, &options)?;
        let (port, ringer) = (kernel.port(), bell.port());
        let strange = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&strange);
        let started = thread::Builder::new().name("netloom-replay".into()).spawn(move || {
            Player { kernel, script, notices, outbox: Outbox::default() }.play(ringer, &counter);
        });
        let thread = started.map_err(|error| Error::new(ErrorKind::System, format!("start a thread: {error}")))?;
        Ok(Self { port, strange, bell, thread: Some(thread) })
    }

    /// Options of sockets that are to talk to it.
    pub fn options(&self) -> SocketOptions {
        SocketOptions::new().played_by(self.port)
    }

    /// How many requests were refused because the capture does not have them.
    pub fn strange_requests(&self) -> u64 {
        self.strange.load(Ordering::Relaxed)
    }
}

impl Drop for Replay {
    fn drop(&mut self) {
        // Any datagram of that port ends it.
        if self.bell.send_to(&[0], self.port, 0).is_ok() {
            if let Some(thread) = self.thread.take() {
                let _ = thread.join();
            }
        }
    }
}

/// How often is looked whether there is room for what waits.
const PAUSE: Duration = Duration::from_millis(2);

struct Player {
    kernel: RawSocket,
    script: Script,
    notices: Notices,
    outbox: Outbox,
}

impl Player {
    fn play(mut self, ringer: u32, strange: &AtomicU64) {
        let mut buffer = vec![0; LONGEST];
        loop {
            for port in self.outbox.send(&self.kernel) {
                self.notices.forget(port);
            }
            let limit = if self.outbox.is_empty() { None } else { Some(PAUSE) };
            if self.kernel.set_receive_timeout(limit).is_err() {
                return;
            }
            match self.kernel.receive(&mut buffer) {
                Ok(received) if received.port == ringer => return,
                Ok(received) => self.hear(received.bytes(&buffer), received.port, strange),
                // Whoever sent more than fits waits in vain, as with a kernel that has no memory left.
                Err(error) if error.raw_os_error() == Some(Errno::ENOBUFS.0) => {}
                Err(error) if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => {}
                Err(_) => return,
            }
        }
    }

    /// Answers requests, and tells what is to be told then.
    fn hear(&mut self, datagram: &[u8], port: u32, strange: &AtomicU64) {
        for request in Messages::new(datagram) {
            if !self.notices.heeds(&request, port) {
                let answer = self.script.answer(&request, port).unwrap_or_else(|| {
                    strange.fetch_add(1, Ordering::Relaxed);
                    vec![refusal(&request, port)]
                });
                answer.into_iter().for_each(|datagram| self.outbox.put(port, datagram));
            }
            for (ports, datagram) in self.notices.due(self.script.asked()) {
                ports.into_iter().for_each(|port| self.outbox.put(port, datagram.clone()));
            }
        }
    }
}
