//! A recording that plays the kernel.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
};

use netloom_socket::{RawSocket, SocketOptions};
use netloom_wire::{Errno, Error, ErrorKind, Messages, Result};

use super::script::{Script, refusal};

/// `NETLINK_USERSOCK`, by which processes talk to each other.
const USERSOCK: u16 = 2;
/// What a request may be long, in bytes; netloom's own are shorter.
const LONGEST: usize = 1 << 18;

/// Plays the kernel as it was when a [`Recording`](super::Recording) was made, until it is dropped.
///
/// A request is known by its type, flags and body. What was asked several times is answered in that order, then as the last
/// time; what was never asked is refused with `EOPNOTSUPP`, and counted. Notifications are not played. Sockets of any
/// family that are opened with [`Replay::options`] talk to it, in this network namespace.
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
        let script = Script::read(capture).ok_or_else(|| {
            Error::new(ErrorKind::InvalidInput, "this is not a whole recording of this machine's kind")
        })?;
        let options = SocketOptions::new().user_senders(true);
        let kernel = RawSocket::open(USERSOCK, &options)?;
        let bell = RawSocket::open(USERSOCK, &options)?;
        let (port, ringer) = (kernel.port(), bell.port());
        let strange = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&strange);
        let started =
            thread::Builder::new().name("netloom-replay".into()).spawn(move || play(&kernel, script, ringer, &counter));
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

fn play(kernel: &RawSocket, mut script: Script, ringer: u32, strange: &AtomicU64) {
    let mut buffer = vec![0; LONGEST];
    loop {
        let received = match kernel.receive(&mut buffer) {
            Ok(received) if received.port == ringer => return,
            Ok(received) => received,
            // Whoever sent more than fits waits in vain, as with a kernel that has no memory left.
            Err(error) if error.raw_os_error() == Some(Errno::ENOBUFS.0) => continue,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return,
        };
        for request in Messages::new(received.bytes(&buffer)) {
            let answer = script.answer(&request, received.port).unwrap_or_else(|| {
                strange.fetch_add(1, Ordering::Relaxed);
                vec![refusal(&request, received.port)]
            });
            for datagram in answer {
                // Who asked may be gone.
                let _ = kernel.send_to(&datagram, received.port, 0);
            }
        }
    }
}
