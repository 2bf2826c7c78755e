//! Who wakes a task when its socket has something to read: tokio or async-io, chosen when a socket is opened.

use std::{
    os::fd::OwnedFd,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use netloom_wire::Result;

#[cfg(feature = "async-io")]
use super::with_async_io;
#[cfg(feature = "tokio")]
use super::with_tokio;
use crate::RawSocket;

/// The reactor of a socket and of all sockets that it opens.
#[derive(Clone, Debug)]
pub(crate) enum Reactor {
    /// The runtime that the socket was opened in; its sockets may be polled anywhere.
    #[cfg(feature = "tokio")]
    Tokio(with_tokio::Runtime),
    /// The thread that async-io starts by itself.
    #[cfg(feature = "async-io")]
    AsyncIo,
}

impl Reactor {
    /// Tokio where the caller is inside a runtime, else async-io.
    pub(crate) fn current() -> Result<Self> {
        #[cfg(feature = "tokio")]
        if let Some(runtime) = with_tokio::Runtime::current() {
            return Ok(Self::Tokio(runtime?));
        }
        #[cfg(feature = "async-io")]
        return Ok(Self::AsyncIo);
        #[cfg(not(feature = "async-io"))]
        return Err(netloom_wire::Error::new(
            netloom_wire::ErrorKind::Unsupported,
            "an async socket must be opened inside a tokio runtime, or with the feature `async-io` of netloom",
        ));
    }

    /// Fails if the reactor cannot watch sockets, so that this shows where one is opened and not at the first wait.
    #[cfg_attr(not(feature = "tokio"), expect(unused_variables, reason = "async-io is there whenever it is asked"))]
    pub(crate) fn prove(&self, socket: &RawSocket) -> Result<()> {
        match self {
            #[cfg(feature = "tokio")]
            Self::Tokio(runtime) => runtime.prove(socket.shared_fd()),
            #[cfg(feature = "async-io")]
            Self::AsyncIo => Ok(()),
        }
    }

    /// Has the reactor watch a socket.
    pub(crate) fn register(&self, socket: &RawSocket) -> Result<Registration> {
        self.register_descriptor(socket.shared_fd())
    }

    /// Has the reactor watch a descriptor.
    pub(crate) fn register_descriptor(&self, fd: &Arc<OwnedFd>) -> Result<Registration> {
        match self {
            #[cfg(feature = "tokio")]
            Self::Tokio(runtime) => runtime.register(fd).map(Registration::Tokio),
            #[cfg(feature = "async-io")]
            Self::AsyncIo => with_async_io::Registration::new(fd).map(Registration::AsyncIo),
        }
    }

    /// A timer that ends at `at`.
    pub(crate) fn timer(&self, at: Instant) -> Timer {
        match self {
            #[cfg(feature = "tokio")]
            Self::Tokio(runtime) => Timer::Tokio(runtime.timer(at)),
            #[cfg(feature = "async-io")]
            Self::AsyncIo => Timer::AsyncIo(with_async_io::Timer::new(at)),
        }
    }

    /// Runs blocking work on a thread for such work. It goes on to its end even if this is dropped.
    pub(crate) async fn unblock<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        match self {
            #[cfg(feature = "tokio")]
            Self::Tokio(runtime) => runtime.unblock(work).await,
            #[cfg(feature = "async-io")]
            Self::AsyncIo => with_async_io::unblock(work).await,
        }
    }

    /// Lets other tasks run once in a while: requests seldom wait, so a loop of them would starve its neighbours.
    #[inline]
    pub(crate) async fn pause(&self) {
        match self {
            #[cfg(feature = "tokio")]
            Self::Tokio(_) => tokio::task::coop::consume_budget().await,
            #[cfg(feature = "async-io")]
            Self::AsyncIo => with_async_io::pause().await,
        }
    }
}

/// A descriptor that a reactor watches. Any number of tasks may wait for it at once, and all are woken.
#[derive(Debug)]
pub(crate) enum Registration {
    #[cfg(feature = "tokio")]
    Tokio(with_tokio::Registration),
    #[cfg(feature = "async-io")]
    AsyncIo(with_async_io::Registration),
}

impl Registration {
    /// Calls `attempt` until it is ready: at once, whenever the descriptor may have become readable, and when the task is
    /// woken for another reason.
    ///
    /// `attempt` reads until nothing is there, and leaves its waker wherever else it wants to be woken from, before it
    /// says that it is pending.
    pub(crate) async fn drive<T>(&self, attempt: impl FnMut(&mut Context<'_>) -> Poll<Result<T>>) -> Result<T> {
        match self {
            #[cfg(feature = "tokio")]
            Self::Tokio(registration) => registration.drive(attempt).await,
            #[cfg(feature = "async-io")]
            Self::AsyncIo(registration) => registration.drive(attempt).await,
        }
    }
}

/// A moment to be woken at.
pub(crate) enum Timer {
    #[cfg(feature = "tokio")]
    Tokio(with_tokio::Timer),
    #[cfg(feature = "async-io")]
    AsyncIo(with_async_io::Timer),
}

impl Timer {
    /// Whether the moment has come; wakes the task when it does.
    pub(crate) fn has_come(&mut self, cx: &mut Context<'_>) -> bool {
        match self {
            #[cfg(feature = "tokio")]
            Self::Tokio(timer) => timer.has_come(cx),
            #[cfg(feature = "async-io")]
            Self::AsyncIo(timer) => timer.has_come(cx),
        }
    }
}
