//! Blocking sockets: on the real kernel in a namespace of its own, and against a played one where the real one cannot
//! be made to do it.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[path = "support/route.rs"]
mod route;
mod support;

use std::{
    future::Future,
    net::Ipv4Addr,
    os::unix::net::UnixDatagram,
    pin::pin,
    task::{Context, Poll, Waker},
    thread,
    time::{Duration, Instant},
};

use netloom_route::{Rtnetlink, address, link};
use netloom_socket::{
    RawSocket, SocketOptions,
    blocking::{Notifications, Socket, Stream},
};
use netloom_wire::{Done, Driver, Dump, ErrorKind, Messages, Notice, Operation, Report, Request, Result, View, nlmsg};
use support::{Space, acknowledge, asked, message, pair};

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

/// More addresses than one datagram holds, so that a change comes in the middle of the dump.
#[test]
fn a_stream_says_that_it_was_interrupted() {
    let Some(space) = Space::new() else { return };
    let mut socket = open(&space);
    socket.pipeline((0..2000).map(on_loopback)).unwrap().into_result().unwrap();
    let mut addresses = socket.stream(&address::List::v4()).unwrap();
    addresses.next().unwrap().unwrap();
    socket.run(&on_loopback(5000)).unwrap();
    let mut count = 1;
    while addresses.next().unwrap().is_some() {
        count += 1;
    }
    assert!(addresses.interrupted() && count >= 2000, "{count}");
    drop(addresses);
    let mut again = socket.stream(&address::List::v4()).unwrap();
    while again.next().unwrap().is_some() {}
    assert!(!again.interrupted());
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

/// All outcomes, with the default receive buffer, and without losing one.
#[test]
fn a_hundred_thousand_routes() {
    let Some(space) = Space::new() else { return };
    let mut socket = open(&space);
    let report = socket.pipeline(routes(100_000, 1000, |_| true)).unwrap();
    assert_eq!((report.total, report.failures.len()), (100_000, 0));
    let report = socket.pipeline(routes(100_000, 1001, |number| number % 10 != 3)).unwrap();
    assert_eq!((report.total, report.succeeded()), (100_000, 90_000));
    assert!(report.failures.iter().enumerate().all(|(at, (index, _))| *index == at as u64 * 10 + 3));
    let (_, error) = &report.failures[2];
    // Newer kernels say at which attribute, too.
    let expected = "add route 10.0.0.23/32: Network is unreachable (ENETUNREACH): Nexthop has invalid gateway";
    assert!(error.to_string().starts_with(expected), "{error}");
    assert_eq!(socket.overruns(), 0);

    // The judge: what is there.
    let mut stream = socket.stream(&route::List { table: 1001 }).unwrap();
    let mut count = 0;
    while let Some(route) = stream.next().unwrap() {
        assert!(route.oif() == Some(1) && route.table() == Some(1001));
        count += 1;
    }
    assert!(count == 90_000 && !stream.interrupted());
    assert!(socket.run(&route::List { table: 77 }).unwrap().is_empty(), "there is no such table");
}

/// Answers are lost because notifications fill the same buffer: some outcomes are unknown, none is wrong.
#[test]
fn an_overrun_is_survived() {
    let Some(space) = Space::new() else { return };
    let mut socket: Socket<Rtnetlink> = Socket::with(&space.options().receive_buffer(8192).group(5)).unwrap();
    let mut other = open(&space);
    let taken = (0..1000).map(|number| on_loopback(number * 2));
    other.pipeline(taken).unwrap().into_result().unwrap();
    let report = socket.pipeline((0..2000).map(on_loopback)).unwrap();
    assert!(socket.overruns() > 0, "nothing was lost");
    assert_eq!(report.total, 2000);
    for index in 0..2000 {
        match report.outcome(index).unwrap() {
            Ok(()) => assert_eq!(index % 2, 1, "{index} was there before"),
            Err(error) => assert!(error.is_unknown() || (error.is_exists() && index % 2 == 0), "{error}"),
        }
    }
    assert_eq!(socket.run(&address::List::v4()).unwrap().len(), 2001, "all were worked through");
    assert_eq!(socket.run(&link::Get::new("lo")).unwrap().index(), 1);
}

#[test]
fn what_the_kernel_did_not_send_is_dropped_and_counted() {
    let Some(space) = Space::new() else { return };
    let mut socket = open(&space);
    let stranger = RawSocket::open(0, &space.options()).unwrap();
    // What looks like the answers to the first request, which has the sequence number 1.
    let mut forged = Vec::new();
    message(&mut forged, 16, 0, 1, &[0xff; 16]);
    acknowledge(&mut forged, 1, libc::EPERM);
    for _ in 0..3 {
        stranger.send_to(&forged, socket.port(), 0).unwrap();
    }
    assert_eq!(socket.run(&link::Get::new("lo")).unwrap().ifname(), Some("lo"));
    assert_eq!(socket.foreign_datagrams(), 3);
    // Whoever wants them gets them.
    let mut open: Socket<Rtnetlink> = Socket::with(&space.options().user_senders(true)).unwrap();
    stranger.send_to(&forged, open.port(), 0).unwrap();
    assert_eq!(open.recv().unwrap(), forged);
    assert_eq!(open.foreign_datagrams(), 0);
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
fn answers_by_sequence_number() {
    let Some(space) = Space::new() else { return };
    let mut socket = open(&space);
    let header = [0; 16];
    let dumps = [(); 3].map(|()| socket.put(18, nlmsg::DUMP, &header).unwrap());
    let lo = {
        let mut h = header;
        h[4] = 1;
        socket.put(18, 0, &h).unwrap()
    };
    let absent = {
        let mut h = header;
        h[4] = 99;
        socket.put(18, 0, &h).unwrap()
    };
    assert_eq!(socket.run(&link::Get::new("lo")).unwrap().index(), 1, "others go on");
    assert_eq!(socket.get(absent).unwrap_err().errno().map(|e| e.0), Some(libc::ENODEV));
    let answer = socket.get(lo).unwrap();
    let links: Vec<_> = Messages::new(&answer).collect();
    assert_eq!((links.len(), links[0].header.command(), links[0].header.sequence()), (1, 16, lo));
    assert_eq!(link::Link::view(links[0].payload).unwrap().ifname(), Some("lo"));
    for dump in dumps.into_iter().rev() {
        assert_eq!(Messages::new(&socket.get(dump).unwrap()).count(), 1);
    }
    assert_eq!(socket.get(lo).unwrap_err().kind(), ErrorKind::Misuse);
    // Closed while one is pending.
    socket.put(18, nlmsg::DUMP, &header).unwrap();
}

#[test]
fn raw_bytes_go_out_and_come_in() {
    let Some(space) = Space::new() else { return };
    let mut socket = open(&space);
    let mut request = Vec::new();
    message(&mut request, 18, nlmsg::REQUEST | nlmsg::DUMP, 4711, &[0; 16]);
    socket.send(&request).unwrap();
    let bytes = socket.recv().unwrap().to_vec();
    assert!(Messages::new(&bytes).all(|message| message.header.sequence() == 4711));
    assert_eq!(Messages::new(&bytes).next().map(|message| message.header.command()), Some(16));
}

/// A buffer of ours that is too small at first: a collected dump is tried again, a stream fails, a get is asked again,
/// a subscription tells a loss.
#[test]
fn truncation_loses_nothing_in_silence() {
    let Some(space) = Space::new() else { return };
    let small = || -> Socket<Rtnetlink> { Socket::with(&space.options().largest_datagram(512)).unwrap() };
    assert_eq!(small().run(&link::List::all()).unwrap().first().unwrap().ifname(), Some("lo"));
    assert_eq!(small().run(&link::Get::new("lo")).unwrap().ifname(), Some("lo"));
    let mut socket = small();
    let mut stream = socket.stream(&link::List::all()).unwrap();
    let error = stream.next().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Truncated);
    assert!(error.to_string().starts_with("list link: the answer was longer"), "{error}");
    assert!(stream.next().unwrap().is_none());
    let mut again = socket.stream(&link::List::all()).unwrap();
    assert_eq!(again.next().unwrap().unwrap().ifname(), Some("lo"));

    let mut socket = small();
    let report = socket.pipeline_with([link::Get::new("lo"), link::Get::new("lo")], |_, link| {
        assert_eq!(link.ifname(), Some("lo"));
    });
    assert_eq!(report.unwrap().into_result().unwrap(), 2);

    let mut socket = small();
    let mut links = socket.watch(&[1]).unwrap();
    space.ip(&["link", "set", "lo", "mtu", "1400"]);
    assert!(matches!(links.next().unwrap(), Notice::Lost));
    space.ip(&["link", "set", "lo", "mtu", "1500"]);
    assert!(matches!(links.next().unwrap(), Notice::Message { command: 16, .. }));
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

/// A kernel that is played by a thread: `answer` sees each request.
fn played(answer: impl Fn(&support::Asked, &mut Vec<u8>) + Send + 'static) -> RawSocket {
    let (ours, theirs) = pair();
    thread::spawn(move || serve(&theirs, answer));
    ours
}

fn serve(kernel: &UnixDatagram, answer: impl Fn(&support::Asked, &mut Vec<u8>)) {
    while let Ok(requests) = asked(kernel) {
        if requests.is_empty() {
            return;
        }
        let mut out = Vec::new();
        requests.iter().for_each(|request| answer(request, &mut out));
        if !out.is_empty() && kernel.send(&out).is_err() {
            return;
        }
    }
}

#[test]
fn silence_is_a_timeout_and_the_socket_goes_on() {
    let kernel = played(|request, out| {
        // It keeps silent about the first request, and answers it with the second.
        if request.sequence == 2 {
            for sequence in 1..=2 {
                message(out, 16, 0, sequence, &request.payload);
                acknowledge(out, sequence, 0);
            }
        }
    });
    let options = SocketOptions::new().inactivity_limit(Some(Duration::from_millis(50)));
    let mut socket: Socket<Rtnetlink> = Socket::over(kernel, &options).unwrap();
    let started = Instant::now();
    let error = socket.run(&link::Get::new("v0")).unwrap_err();
    assert_eq!(error.to_string(), "get link v0: no answer in time");
    assert!(error.is_timeout() && started.elapsed() >= Duration::from_millis(50));
    assert_eq!(socket.run(&link::Get::new("v1")).unwrap().ifname(), Some("v1"));
}

#[test]
fn a_warning_is_surfaced() {
    let kernel = played(|request, out| {
        let mut payload = vec![0; 20];
        let mut said = netloom_wire::Buffer::new();
        said.put(1, b"that is deprecated\0");
        payload.extend_from_slice(said.bytes());
        message(out, nlmsg::ERROR, nlmsg::CAPPED | nlmsg::ACK_TLVS, request.sequence, &payload);
    });
    let mut socket: Socket<Rtnetlink> = Socket::over(kernel, &SocketOptions::new()).unwrap();
    socket.run(&link::Delete::new("v0")).unwrap();
    let warnings: Vec<String> = socket.take_warnings().iter().map(ToString::to_string).collect();
    assert_eq!(warnings, ["delete link v0: that is deprecated"]);
    assert!(socket.take_warnings().is_empty());
}

#[test]
fn an_acknowledgement_alone_is_no_answer() {
    let kernel = played(|request, out| acknowledge(out, request.sequence, 0));
    let mut socket: Socket<Rtnetlink> = Socket::over(kernel, &SocketOptions::new()).unwrap();
    assert_eq!(socket.run(&link::Get::new("v0")).unwrap_err().kind(), ErrorKind::NoReply);
    let report = socket.pipeline([link::Get::new("v0"), link::Get::new("v1")]).unwrap();
    let texts: Vec<String> = report.failures.iter().map(|(_, error)| error.to_string()).collect();
    assert_eq!(texts, ["v0", "v1"].map(|name| format!("get link {name}: acknowledged without a reply")));
}
