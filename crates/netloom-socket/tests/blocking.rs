//! What only blocking sockets do, on the real kernel in a namespace of its own.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[path = "support/route.rs"]
mod route;
mod support;

use std::{
    future::Future,
    net::Ipv4Addr,
    pin::pin,
    task::{Context, Poll, Waker},
    thread,
    time::{Duration, Instant},
};

use netloom_route::{Rtnetlink, address, link};
use netloom_socket::blocking::{Notifications, Socket, Stream};
use netloom_testkit::Datagram;
use netloom_wire::{Done, Driver, Dump, ErrorKind, Messages, Operation, Report, Request, Result, nlmsg};
use support::Space;

fn open(space: &Space) -> Socket<Rtnetlink> {
    Socket::with(&space.options()).unwrap()
}

fn on_loopback(number: u32) -> address::Add {
    address::Add::new(1, Ipv4Addr::from(0x7f01_0000 + number).into(), 32)
}

fn routes(count: u32, table: u32, reachable: fn(u32) -> bool) -> impl Iterator<Item = route::Add> + Send {
    (0..count).map(move |number| route::Add { number, table, reachable: reachable(number) })
}

#[test]
fn it_may_change_threads() {
    fn is_send<T: Send>() {}
    is_send::<Socket<Rtnetlink>>();
    is_send::<Stream<link::List>>();
    is_send::<Notifications>();
    let Some(space) = Space::new() else { return };
    // Opened in one namespace, used by a thread that is in another: pooled sockets stay where the first one is.
    space.ip(&["link", "add", "v0", "type", "veth", "peer", "name", "v1"]);
    let mut socket = open(&space);
    let names = thread::spawn(move || {
        let all = socket.run(&link::List::all()).unwrap();
        all.iter().filter_map(|link| link.ifname().map(str::to_owned)).collect::<Vec<_>>()
    });
    let mut names = names.join().unwrap();
    names.sort();
    assert_eq!(names, ["lo", "v0", "v1"]);
}

/// A driver during whose first dumps an address comes or goes.
struct Disturbed {
    io: Socket<Rtnetlink>,
    other: Socket<Rtnetlink>,
    dumps: u32,
    disturbed: u32,
}

impl Driver for Disturbed {
    type Family = Rtnetlink;
    type Notifications = Notifications;
    async fn one<R: Request<Family = Rtnetlink>>(
        &mut self,
        request: &R,
        on_reply: impl FnMut(&R::Reply) + Send,
    ) -> Result<()> {
        self.io.one(request, on_reply).await
    }
    async fn each<R: Request<Family = Rtnetlink, Kind = Dump>>(
        &mut self,
        request: &R,
        mut on_reply: impl FnMut(&R::Reply) + Send,
    ) -> Result<Done> {
        self.dumps += 1;
        let mut change = (self.dumps <= self.disturbed).then(|| on_loopback(9000 + self.dumps));
        let other = &mut self.other;
        let disturb = |reply: &R::Reply| {
            if let Some(change) = change.take() {
                other.run(&change).unwrap();
            }
            on_reply(reply);
        };
        self.io.each(request, disturb).await
    }
    async fn many<R: Request<Family = Rtnetlink>>(
        &mut self,
        requests: impl Iterator<Item = R> + Send,
        on_reply: impl FnMut(u64, &R::Reply) + Send,
    ) -> Result<Report> {
        self.io.many(requests, on_reply).await
    }
    async fn watch(&mut self, groups: &[u32]) -> Result<Notifications> {
        self.io.watch(groups)
    }
    fn deadline(&mut self, limit: Option<Duration>) {
        self.io.deadline(limit);
    }
}

#[test]
fn a_collected_dump_is_tried_again_and_then_marked() {
    let Some(space) = Space::new() else { return };
    for (disturbed, dumps, marked) in [(0, 1, false), (2, 3, false), (1000, 8, true)] {
        let mut io = open(&space);
        io.pipeline((0..2000).map(|number| on_loopback(number + 10_000 * disturbed))).unwrap();
        let mut driver = Disturbed { io, other: open(&space), dumps: 0, disturbed };
        let list = address::List::v4();
        let Poll::Ready(all) = pin!(list.perform(&mut driver)).poll(&mut Context::from_waker(Waker::noop())) else {
            panic!("a blocking driver's future was pending");
        };
        let all = all.unwrap();
        assert_eq!((driver.dumps, all.is_interrupted()), (dumps, marked));
        assert!(all.len() > 2000);
        space.ip(&["addr", "flush", "dev", "lo"]);
    }
}

#[test]
fn a_stream_that_is_given_up_leaves_nothing_behind() {
    let Some(space) = Space::new() else { return };
    let mut socket = open(&space);
    socket.pipeline(routes(20_000, 1000, |_| true)).unwrap().into_result().unwrap();
    for _ in 0..5 {
        let mut stream = socket.stream(&route::List { table: 1000 }).unwrap();
        for _ in 0..500 {
            assert!(stream.next().unwrap().is_some());
        }
        // Requests go on meanwhile, other dumps too.
        assert_eq!(socket.run(&link::List::all()).unwrap().len(), 1);
    }
    let mut stream = socket.stream(&route::List { table: 1000 }).unwrap();
    let mut count = 0;
    while let Some(message) = stream.next_raw().unwrap() {
        assert_eq!(message.header.command(), 24);
        count += 1;
    }
    assert!(count >= 20_000, "with what the table has not");
}

#[test]
fn raw_bytes_go_out_and_come_in() {
    let Some(space) = Space::new() else { return };
    let mut socket = open(&space);
    let request = Datagram::to(0).message(18, nlmsg::REQUEST | nlmsg::DUMP, 4711, &[0; 16]);
    socket.send(request.bytes()).unwrap();
    let bytes = socket.recv().unwrap().to_vec();
    assert!(Messages::new(&bytes).all(|message| message.header.sequence() == 4711));
    assert_eq!(Messages::new(&bytes).next().map(|message| message.header.command()), Some(16));
}

#[test]
fn a_subscription_is_stopped_by_another_thread() {
    let Some(space) = Space::new() else { return };
    let mut links = open(&space).watch(&[1]).unwrap();
    let stop = links.stop_handle().unwrap();
    let started = Instant::now();
    let stopper = thread::spawn(move || {
        thread::sleep(Duration::from_millis(50));
        stop.stop();
    });
    let error = links.next().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Stopped);
    assert!(started.elapsed() >= Duration::from_millis(40));
    stopper.join().unwrap();
    assert_eq!(links.next().unwrap_err().kind(), ErrorKind::Stopped, "for good");
}
