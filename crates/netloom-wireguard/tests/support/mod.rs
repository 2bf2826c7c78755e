//! A driver without a socket: keeps what is sent, answers from a script.
#![allow(dead_code, reason = "each test needs some of it")]

use std::{
    collections::VecDeque,
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use netloom_wire::{
    Buffer, Done, Driver, Dump, Errno, Error, ErrorKind, ExtendedAck, Notice, Notifications, Operation, Report,
    Request, Result, View, generic, named,
};
use netloom_wireguard::{Device, DevicePart, Get, Set, WireGuard};

type Refuse = Box<dyn Fn(&DevicePart) -> Option<Errno> + Send>;
type Obey = Box<dyn FnMut(&DevicePart) + Send>;

/// What is sent, without headers, and what comes back.
#[derive(Default)]
pub(crate) struct Recorder {
    /// The bodies of all messages.
    pub(crate) sent: Vec<Vec<u8>>,
    /// How each dump goes: its parts, and whether a change interrupts it. The last is repeated.
    pub(crate) dumps: VecDeque<(Vec<Vec<u8>>, bool)>,
    /// Says what the kernel refuses.
    pub(crate) refuse: Option<Refuse>,
    /// What becomes of an order that is not refused.
    pub(crate) obey: Option<Obey>,
}

impl Recorder {
    /// Answers a dump with these messages of generic netlink.
    pub(crate) fn answering(messages: &[Vec<u8>]) -> Self {
        let bodies = messages.iter().filter_map(|message| Some(generic::split(message)?.1.to_vec())).collect();
        Self { dumps: [(bodies, false)].into(), ..Self::default() }
    }

    /// Runs an order and gives what it sent.
    pub(crate) fn set(&mut self, set: &Set) -> Result<Vec<Vec<u8>>> {
        run(set, self)?;
        Ok(std::mem::take(&mut self.sent))
    }

    /// Reads a device.
    pub(crate) fn get(&mut self, get: &Get) -> Result<Device> {
        run(get, self)
    }
}

/// Runs an operation on the recorder, whose futures are ready at once.
pub(crate) fn run<O: Operation<Family = WireGuard>>(operation: &O, recorder: &mut Recorder) -> Result<O::Output> {
    match pin!(operation.perform(recorder)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => panic!("a recorder never waits"),
    }
}

fn body<R: Request>(request: &R) -> Result<Vec<u8>> {
    let mut buffer = Buffer::new();
    request.write(&mut buffer);
    Ok(buffer.finish()?)
}

impl Driver for Recorder {
    type Family = WireGuard;
    type Notifications = Nothing;

    async fn one<R: Request<Family = WireGuard>>(
        &mut self,
        request: &R,
        _: impl FnMut(&R::Reply) + Send,
    ) -> Result<()> {
        let body = body(request)?;
        let part = DevicePart::view(&body).ok_or_else(Error::no_reply)?;
        let refused = self.refuse.as_ref().and_then(|refuse| refuse(part));
        if let (None, Some(obey)) = (refused, &mut self.obey) {
            obey(part);
        }
        let asked = format!("{} {}", R::VERB, named(part));
        self.sent.push(body);
        refused.map_or(Ok(()), |errno| Err(Error::kernel(errno, ExtendedAck::default()).about(asked)))
    }

    async fn each<R: Request<Family = WireGuard, Kind = Dump>>(
        &mut self,
        request: &R,
        mut on_reply: impl FnMut(&R::Reply) + Send,
    ) -> Result<Done> {
        self.sent.push(body(request)?);
        let Some((parts, interrupted)) = self.dumps.front().cloned() else { return Ok(Done::default()) };
        if self.dumps.len() > 1 {
            self.dumps.pop_front();
        }
        parts.iter().filter_map(|part| R::Reply::view(part)).for_each(&mut on_reply);
        Ok(Done { interrupted })
    }

    async fn many<R: Request<Family = WireGuard>>(
        &mut self,
        _: impl Iterator<Item = R> + Send,
        _: impl FnMut(u64, &R::Reply) + Send,
    ) -> Result<Report> {
        Err(unused())
    }

    async fn watch(&mut self, _: &[u32]) -> Result<Nothing> {
        Err(unused())
    }

    fn deadline(&mut self, _: Option<Duration>) {}
}

/// No notifications.
pub(crate) enum Nothing {}

impl Notifications for Nothing {
    async fn next(&mut self) -> Result<Notice<'_>> {
        Err(unused())
    }
    fn try_next(&mut self) -> Result<Option<Notice<'_>>> {
        Err(unused())
    }
    fn deadline(&mut self, _: Option<Duration>) {}
}

fn unused() -> Error {
    Error::new(ErrorKind::Misuse, "a recorder has no such thing")
}
