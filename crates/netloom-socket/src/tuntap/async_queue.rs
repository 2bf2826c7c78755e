//! A queue that tasks wait for.

use std::{
    io::{self, Read, Write},
    os::fd::AsFd,
    sync::Arc,
    task::Poll,
};

use netloom_wire::Result;

use super::Queue;
use crate::{
    asynchronous::reactor::{Reactor, Registration},
    namespace::failed,
};

/// A [`Queue`] for async code, over tokio or async-io as the async sockets are; shared by reference.
///
/// ```no_run
/// use netloom_socket::tuntap::{AsyncQueue, TunTap};
///
/// async fn echo() -> Result<(), netloom_wire::Error> {
///     let mut queues = TunTap::tap("tap0").open()?.into_queues();
///     let Some(queue) = queues.pop() else { return Ok(()) };
///     let queue = AsyncQueue::new(queue)?;
///     let mut frame = [0; 1514];
///     loop {
///         let length = queue.receive(&mut frame).await?;
///         queue.send(&frame[..length]).await?;
///     }
/// }
/// ```
#[derive(Debug)]
pub struct AsyncQueue {
    registration: Registration,
    reactor: Reactor,
    queue: Queue,
}

impl AsyncQueue {
    /// Has the reactor of the caller's runtime watch the queue, which no longer blocks.
    pub fn new(queue: Queue) -> Result<Self> {
        queue.set_nonblocking(true)?;
        // The reactor holds a descriptor of its own: it must not be closed under it.
        let watched = queue.as_fd().try_clone_to_owned().map_err(|e| failed(&e, "dup"))?;
        let reactor = Reactor::current()?;
        let registration = reactor.register_descriptor(&Arc::new(watched))?;
        Ok(Self { registration, reactor, queue })
    }

    /// The queue, for its settings.
    pub fn queue(&self) -> &Queue {
        &self.queue
    }

    /// Receives one packet, and returns its length, in bytes. Of one that is longer than the buffer the rest is lost. If
    /// this is dropped, nothing is.
    pub async fn receive(&self, buffer: &mut [u8]) -> Result<usize> {
        self.reactor.pause().await;
        let mut queue = &self.queue;
        self.registration
            .drive(|_| match queue.read(buffer) {
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => Poll::Pending,
                other => Poll::Ready(other.map_err(|e| failed(&e, "read"))),
            })
            .await
    }

    /// Sends one packet.
    pub async fn send(&self, packet: &[u8]) -> Result<()> {
        self.reactor.pause().await;
        // The kernel handles it inside the call; only a limit on what is under way, which nobody sets, makes it wait.
        let mut queue = &self.queue;
        queue.write(packet).map(drop).map_err(|e| failed(&e, "write"))
    }
}
