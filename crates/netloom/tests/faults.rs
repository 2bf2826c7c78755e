//! A watch whose futures are dropped half way, and whose socket fails now and then, is none the worse; nor are state verbs
//! whose dumps are interrupted.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test says what failed by panicking")]

#[path = "support/watching.rs"]
mod watching;

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
    time::Duration,
};

use netloom::{
    Error, ErrorKind, Operation, RawIpRoute, Report, Request, Result, Rtnetlink, address, link,
    socket::blocking::{Notifications, ready},
    state::{Flush, Outcome, Present},
    watch::{Cause, Event, Objects, Watch},
    wire::{Done, Driver, Dump},
};
use watching::{Scene, Watching, options, prepared};

/// What happens to every third question.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    /// It has to be waited for.
    Wait,
    /// It fails.
    Fail,
    /// A dump is interrupted, and lacks all objects.
    Interrupt,
}

/// A driver with faults.
struct Faulty {
    socket: RawIpRoute,
    fault: Fault,
    questions: u32,
}

impl Faulty {
    async fn falter(&mut self) -> Result<()> {
        self.questions += 1;
        match self.fault {
            Fault::Fail if self.questions % 3 == 0 => Err(Error::new(ErrorKind::Service, "a fault")),
            Fault::Wait if self.questions % 3 == 0 => {
                let mut waited = false;
                poll_fn(|_| if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }).await;
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

impl Driver for Faulty {
    type Family = Rtnetlink;
    type Notifications = Notifications;

    async fn one<R: Request<Family = Rtnetlink>>(
        &mut self,
        request: &R,
        on_reply: impl FnMut(&R::Reply) + Send,
    ) -> Result<()> {
        self.falter().await?;
        self.socket.one(request, on_reply).await
    }

    async fn each<R: Request<Family = Rtnetlink, Kind = Dump>>(
        &mut self,
        request: &R,
        on_reply: impl FnMut(&R::Reply) + Send,
    ) -> Result<Done> {
        self.falter().await?;
        if self.fault == Fault::Interrupt && self.questions % 3 == 1 {
            return Ok(Done { interrupted: true });
        }
        self.socket.each(request, on_reply).await
    }

    async fn many<R: Request<Family = Rtnetlink>>(
        &mut self,
        requests: impl Iterator<Item = R> + Send,
        on_reply: impl FnMut(u64, &R::Reply) + Send,
    ) -> Result<Report> {
        self.socket.many(requests, on_reply).await
    }

    async fn watch(&mut self, groups: &[u32]) -> Result<Notifications> {
        Driver::watch(&mut self.socket, groups).await
    }

    fn deadline(&mut self, limit: Option<Duration>) {
        Driver::deadline(&mut self.socket, limit);
    }
}

/// A watch by such a driver. Its futures are dropped when they are not ready at once.
struct Faltering {
    watch: Watch<Faulty>,
    faults: u32,
}

impl Watching for Faltering {
    type Driver = Faulty;

    async fn next(&mut self) -> Result<Event> {
        loop {
            let polled = {
                let mut next = pin!(self.watch.next());
                poll_fn(|cx| Poll::Ready(next.as_mut().poll(cx))).await
            };
            match polled {
                Poll::Ready(Err(problem)) if problem.kind() == ErrorKind::Service => self.faults += 1,
                Poll::Ready(told) => return told,
                Poll::Pending => self.faults += 1,
            }
            assert!(self.faults < 1000, "it never comes to an end");
        }
    }

    fn deadline(&mut self, limit: Option<Duration>) {
        self.watch.notifications().deadline(limit);
    }

    fn state(&self) -> &Watch<Faulty> {
        &self.watch
    }
}

fn goes_on(fault: Fault) {
    let Some(space) = prepared() else { return };
    let body = async {
        let socket = RawIpRoute::with(&options(&space).receive_buffer(8 * 1024))?;
        let watch = Watch::start(Faulty { socket, fault, questions: 0 }, Objects::all()).await?;
        let mut watched = Scene::begin(space, Faltering { watch, faults: 0 }, Objects::all()).await;
        watched
            .after(&[
                "route add 10.77.0.0/16 via 10.9.0.2",
                "nexthop add id 5 via 10.9.0.2 dev v0",
                "link add br0 type bridge",
                "link set v1 master br0",
                "link set v1 alias first",
                "link set v0 down",
                "link set v0 up",
            ])
            .await;
        assert!(watched.watch.faults > 5, "{}", watched.watch.faults);
        let (before, mut batch) = (watched.watch.faults, String::new());
        (0..1000).for_each(|n| batch += &format!("route add 10.{}.{}.0/24 dev v0\n", 100 + n / 250, n % 250));
        watched.batch(&batch);
        let told = watched.changes().await;
        let at = |wanted: &Event| told.iter().filter(|event| *event == wanted).count();
        assert_eq!((at(&Event::ReadBegin(Cause::Lost)), at(&Event::ReadEnd(Cause::Lost))), (1, 1), "told once each");
        watched.same_as_the_kernel("a flood").await;
        assert!(watched.watch.faults > before, "the reading was disturbed");
        Ok(())
    };
    ready(body).unwrap();
}

#[test]
fn dumps_that_are_interrupted() {
    let Some(space) = prepared() else { return };
    let body = async {
        let io = &mut Faulty { socket: RawIpRoute::with(&options(&space))?, fault: Fault::Interrupt, questions: 0 };
        let v0 = link::Get::new("v0").perform(io).await?.index();
        io.questions = 0;
        let address = Present::new(address::Add::new(v0, [10, 9, 0, 1].into(), 24));
        assert_eq!(address.perform(io).await?, Outcome::Unchanged);
        io.questions = 0;
        assert_eq!(Flush::new(address::List::v4().device(v0)).perform(io).await?, 1);
        assert!(space.ip(&["-4", "addr", "show", "dev", "v0"]).stdout.is_empty());
        Ok(())
    };
    ready(body).unwrap();
}

#[test]
fn futures_that_are_dropped() {
    goes_on(Fault::Wait);
}

#[test]
fn questions_that_fail() {
    goes_on(Fault::Fail);
}
