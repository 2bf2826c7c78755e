//! Waiting by tokio.

use std::{
    cell::Cell,
    future::{Future, poll_fn},
    os::fd::OwnedFd,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use netloom_wire::{Error, ErrorKind, Result};
use tokio::{
    io::unix::AsyncFd,
    runtime::{self, Handle},
    time::Sleep,
};

use crate::{namespace::failed, sys};

thread_local! {
    /// The last runtime that was found to have timers and IO: a look costs as much as a question to the kernel.
    static PROVEN: Cell<Option<runtime::Id>> = const { Cell::new(None) };
}

/// The runtime that a socket was opened in.
#[derive(Clone, Debug)]
pub(crate) struct Runtime(Handle);

impl Runtime {
    /// The runtime that the caller is in, if there is one; an error if it has no timers.
    pub(crate) fn current() -> Option<Result<Self>> {
        let handle = Handle::try_current().ok()?;
        if PROVEN.get() == Some(handle.id()) {
            return Some(Ok(Self(handle)));
        }
        // Tokio tells a missing driver by a panic only.
        let timers = catch_unwind(|| drop(tokio::time::sleep(Duration::ZERO)));
        Some(timers.map(|()| Self(handle)).map_err(|_| lacking("enable_time")))
    }

    /// Fails if the runtime has no IO.
    pub(crate) fn prove(&self, fd: &Arc<OwnedFd>) -> Result<()> {
        let id = Some(self.0.id());
        if PROVEN.get() != id {
            drop(self.register(fd)?);
            PROVEN.set(id);
        }
        Ok(())
    }

    pub(crate) fn register(&self, fd: &Arc<OwnedFd>) -> Result<Registration> {
        let _inside = self.0.enter();
        // Nothing is left half done by a panic, which tells that there is no IO driver.
        let registered = catch_unwind(AssertUnwindSafe(|| sys::register(fd)));
        let registered = registered.map_err(|_| lacking("enable_io"))?;
        registered.map(Registration).map_err(|e| failed(&e, "register a descriptor with tokio"))
    }

    pub(crate) fn timer(&self, at: Instant) -> Timer {
        let _inside = self.0.enter();
        Timer(Box::pin(tokio::time::sleep_until(at.into())))
    }

    pub(crate) async fn unblock<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        self.0.spawn_blocking(work).await.map_err(|e| {
            let why = if e.is_cancelled() { "the tokio runtime is shutting down" } else { "blocking work panicked" };
            Error::new(ErrorKind::Stopped, why)
        })
    }
}

#[cold]
fn lacking(method: &str) -> Error {
    Error::new(ErrorKind::Unsupported, format!("the tokio runtime was built without `{method}`"))
}

/// A descriptor in tokio's reactor.
#[derive(Debug)]
pub(crate) struct Registration(AsyncFd<Arc<OwnedFd>>);

impl Registration {
    pub(crate) async fn drive<T>(&self, mut attempt: impl FnMut(&mut Context<'_>) -> Poll<Result<T>>) -> Result<T> {
        loop {
            let mut readable = pin!(self.0.readable());
            let waited = poll_fn(|cx| {
                // Readiness is taken before the attempt, so that what comes after it is not cleared with it.
                let ready = readable.as_mut().poll(cx);
                match attempt(cx) {
                    Poll::Ready(result) => Poll::Ready(Err(result)),
                    Poll::Pending => ready.map(Ok),
                }
            });
            match waited.await {
                Err(result) => return result,
                Ok(Ok(mut guard)) => guard.clear_ready(),
                Ok(Err(e)) => return Err(failed(&e, "wait for a descriptor")),
            }
        }
    }
}

/// A timer of tokio's.
pub(crate) struct Timer(Pin<Box<Sleep>>);

impl Timer {
    pub(crate) fn has_come(&mut self, cx: &mut Context<'_>) -> bool {
        self.0.as_mut().poll(cx).is_ready()
    }
}
