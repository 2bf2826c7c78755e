//! Ending a wait from another thread.

use std::{
    io,
    net::Shutdown,
    os::{
        fd::{AsFd, BorrowedFd},
        unix::net::UnixStream,
    },
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// Stops a blocking subscription from any thread: closing a descriptor would not wake the one that receives.
///
/// Clones stop the same subscription. What waits on it, now or later, ends with
/// [`ErrorKind::Stopped`](netloom_wire::ErrorKind::Stopped).
///
/// ```no_run
/// use netloom_route::{Rtnetlink, group};
///
/// let mut socket = netloom_socket::blocking::Socket::<Rtnetlink>::open()?;
/// let mut links = socket.watch(&[group::LINK])?;
/// let stop = links.stop_handle()?;
/// let watcher = std::thread::spawn(move || while links.next().is_ok() {});
/// stop.stop();
/// watcher.join().expect("it ends");
/// # Ok::<(), netloom_wire::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Stop(Arc<State>);

#[derive(Debug)]
struct State {
    stopped: AtomicBool,
    /// Readable from the stop on, when the other end is shut.
    bell: UnixStream,
    rope: UnixStream,
}

impl Stop {
    pub(super) fn new() -> io::Result<Self> {
        let (bell, rope) = UnixStream::pair()?;
        Ok(Self(Arc::new(State { stopped: AtomicBool::new(false), bell, rope })))
    }

    /// Stops the subscription, for good.
    pub fn stop(&self) {
        self.0.stopped.store(true, Ordering::Release);
        // Fails only when it was shut already.
        let _ = self.0.rope.shutdown(Shutdown::Both);
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::Acquire)
    }
}

impl AsFd for Stop {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.bell.as_fd()
    }
}
