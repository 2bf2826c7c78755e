//! Waiting, which the real kernel hardly ever makes an async socket do: a fake one that answers late.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

mod support;

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    thread,
    time::{Duration, Instant},
};

use netloom_route::{Rtnetlink, link};
use netloom_socket::{SocketOptions, asynchronous};
use netloom_wire::{Driver, ErrorKind, Operation};
use support::{acknowledge, asked, late_kernel, message, pair};

type Socket = asynchronous::Socket<Rtnetlink>;

/// Runs a future by tokio, on one thread.
fn by_tokio<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Runs a future by async-io.
fn by_async_io<T>(future: impl Future<Output = T>) -> T {
    async_io::block_on(future)
}

/// The same test by each reactor.
macro_rules! each_reactor { ($($(#[$meta:meta])* async fn $name:ident() $body:block)*) => { $(
    $(#[$meta])*
    mod $name {
        use super::*;
        async fn body() $body
        #[test]
        fn tokio() { by_tokio(body()) }
        #[test]
        fn async_io() { by_async_io(body()) }
    }
)* } }

/// A socket whose kernel is the other end.
fn faked() -> (Arc<Socket>, std::os::unix::net::UnixDatagram) {
    let (socket, kernel) = pair();
    (Arc::new(Socket::over(socket, &SocketOptions::new()).unwrap()), kernel)
}

async fn name(socket: &Socket, name: &str) -> String {
    socket.run(&link::Get::new(name)).await.unwrap().ifname().unwrap().to_owned()
}

/// Polls a future once; whether it is still pending.
async fn poll_once(mut future: Pin<&mut impl Future>) -> bool {
    poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx).is_pending())).await
}

/// Ends with None when a second has passed, whichever reactor runs it.
async fn within_a_second<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut timer = async_io::Timer::after(Duration::from_secs(1));
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => Pin::new(&mut timer).poll(cx).map(|_| None),
    })
    .await
}

/// Both at once, in one task.
async fn both<A, B>(a: impl Future<Output = A>, b: impl Future<Output = B>) -> (A, B) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut first, mut second) = (None, None);
    poll_fn(|cx| {
        if first.is_none() {
            if let Poll::Ready(output) = a.as_mut().poll(cx) {
                first = Some(output);
            }
        }
        if second.is_none() {
            if let Poll::Ready(output) = b.as_mut().poll(cx) {
                second = Some(output);
            }
        }
        if first.is_some() && second.is_some() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    (first.unwrap(), second.unwrap())
}

/// Remembers that it was woken.
#[derive(Default)]
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Answers everything that was asked.
fn answer(kernel: &std::os::unix::net::UnixDatagram) {
    let mut out = Vec::new();
    for request in asked(kernel).unwrap() {
        message(&mut out, request.command - 2, 0, request.sequence, &request.payload);
        acknowledge(&mut out, request.sequence, 0);
    }
    kernel.send(&out).unwrap();
}

each_reactor! {
    /// B reads A's answer before the reactor has seen that it came. The reactor then stays silent, since it asks the
    /// socket, and only the bell of A's mailbox can wake A.
    async fn an_answer_read_by_another_wakes_its_owner() {
        let (socket, kernel) = faked();
        let flag = Arc::new(Flag::default());
        let waker = Waker::from(Arc::clone(&flag));
        let mut a = pin!(name(&socket, "a"));
        assert!(a.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        answer(&kernel);
        // The reactor does not run between these lines.
        flag.0.store(false, Ordering::Relaxed);
        let mut b = pin!(name(&socket, "b"));
        assert!(poll_once(b.as_mut()).await);
        assert!(flag.0.load(Ordering::Relaxed), "a lost wake-up");
        assert!(a.as_mut().poll(&mut Context::from_waker(&waker)).is_ready());
        answer(&kernel);
        assert_eq!(within_a_second(b).await.as_deref(), Some("b"));
    }

    /// Polled once, then held and not polled: it must not stop the others, and gets its own answer later.
    async fn a_held_future_stops_nobody() {
        let (socket, kernel) = faked();
        late_kernel(kernel);
        let mut held = Box::pin(name(&socket, "held"));
        assert!(poll_once(held.as_mut()).await);
        for turn in 0..20 {
            let wanted = format!("f{turn}");
            assert_eq!(within_a_second(name(&socket, &wanted)).await, Some(wanted));
        }
        assert_eq!(within_a_second(held).await.as_deref(), Some("held"));
    }

    /// Dropped before the first poll, nothing is sent; dropped later, what comes for it disturbs nobody.
    async fn a_dropped_future_leaves_no_trace() {
        let (socket, kernel) = faked();
        kernel.set_nonblocking(true).unwrap();
        drop(name(&socket, "never"));
        assert!(asked(&kernel).is_err(), "it was sent without a poll");

        let mut dropped = Box::pin(name(&socket, "dropped"));
        assert!(poll_once(dropped.as_mut()).await);
        let request = asked(&kernel).unwrap().remove(0);
        let mut half = Vec::new();
        message(&mut half, request.command - 2, 0, request.sequence, &request.payload);
        kernel.send(&half).unwrap();
        assert!(poll_once(dropped.as_mut()).await, "the acknowledgement is still to come");
        drop(dropped);
        let mut rest = Vec::new();
        acknowledge(&mut rest, request.sequence, 0);
        kernel.send(&rest).unwrap();

        let mut next = Box::pin(name(&socket, "next"));
        assert!(poll_once(next.as_mut()).await);
        answer(&kernel);
        assert_eq!(within_a_second(next).await.as_deref(), Some("next"));
    }

    /// Nothing comes: the request ends, with its name, and the socket goes on.
    async fn silence_ends_in_a_timeout() {
        let (raw, kernel) = pair();
        let options = SocketOptions::new().inactivity_limit(Some(Duration::from_millis(30)));
        let socket = Socket::over(raw, &options).unwrap();
        let error = within_a_second(socket.run(&link::Get::new("gone"))).await.unwrap().unwrap_err();
        assert!(error.is_timeout());
        assert_eq!(error.to_string(), "get link gone: no answer in time");
        let late = asked(&kernel).unwrap().remove(0);
        let mut out = Vec::new();
        message(&mut out, late.command - 2, 0, late.sequence, &late.payload);
        acknowledge(&mut out, late.sequence, 0);
        kernel.send(&out).unwrap();
        let mut next = Box::pin(name(&socket, "next"));
        assert!(poll_once(next.as_mut()).await);
        answer(&kernel);
        assert_eq!(within_a_second(next).await.as_deref(), Some("next"));
    }

    /// A deadline is one caller's: the other waits on.
    async fn a_deadline_ends_one_caller_only() {
        let (socket, kernel) = faked();
        let hurried = async {
            let mut client = socket.client();
            client.deadline(Some(Duration::from_millis(30)));
            let started = Instant::now();
            let error = link::Get::new("hurried").perform(&mut client).await.unwrap_err();
            assert!(error.is_timeout() && started.elapsed() >= Duration::from_millis(30));
            // From then on, at once.
            assert!(link::Get::new("again").perform(&mut client).await.unwrap_err().is_timeout());
            client.deadline(None);
            answer(&kernel);
        };
        let (patient, ()) = within_a_second(both(name(&socket, "patient"), hurried)).await.unwrap();
        assert_eq!(patient, "patient");
    }

    /// Closed while requests are pending: they end, and so do all that come later.
    async fn closing_ends_what_is_pending() {
        let (socket, _kernel) = faked();
        let closer = async {
            async_io::Timer::after(Duration::from_millis(20)).await;
            socket.close();
        };
        let (pending, ()) = within_a_second(both(socket.run(&link::Get::new("pending")), closer)).await.unwrap();
        let error = pending.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Stopped);
        assert_eq!(error.to_string(), "get link pending: the socket was closed");
        assert_eq!(socket.run(&link::Get::new("later")).await.unwrap_err().kind(), ErrorKind::Stopped);
    }

    /// By sequence number, in any order, beside requests.
    async fn put_and_got_by_sequence_number() {
        let (socket, kernel) = faked();
        late_kernel(kernel);
        let body = |name: &str| {
            let mut out = netloom_wire::Buffer::new();
            netloom_wire::Request::write(&link::Get::new(name), &mut out);
            out.finish().unwrap()
        };
        let sequences: Vec<u32> = (0..5).map(|n| socket.put(18, 0, &body(&format!("p{n}"))).unwrap()).collect();
        assert_eq!(name(&socket, "between").await, "between");
        for (n, sequence) in sequences.into_iter().enumerate().rev() {
            let replies = within_a_second(socket.get(sequence)).await.unwrap().unwrap();
            let reply = netloom_wire::Messages::new(&replies).next().unwrap();
            assert_eq!(reply.payload, body(&format!("p{n}")));
            assert_eq!(socket.get(sequence).await.unwrap_err().kind(), ErrorKind::Misuse);
        }
    }

    /// Bytes out and in, past all of it.
    async fn raw_datagrams() {
        let (socket, kernel) = faked();
        socket.send(b"anything").unwrap();
        let mut buffer = [0; 16];
        assert_eq!(kernel.recv(&mut buffer).unwrap(), 8);
        let mut received = Box::pin(socket.recv());
        assert!(poll_once(received.as_mut()).await);
        kernel.send(b"back").unwrap();
        assert_eq!(within_a_second(received).await.unwrap().unwrap(), b"back");
    }
}

/// 64 tasks of 40 requests, a third of them given up at any point.
async fn storm(spawn: impl Fn(Pin<Box<dyn Future<Output = ()> + Send>>) -> Pin<Box<dyn Future<Output = ()> + Send>>) {
    let (socket, kernel) = faked();
    late_kernel(kernel);
    let tasks: Vec<_> = (0..64u32)
        .map(|task| {
            let socket = Arc::clone(&socket);
            spawn(Box::pin(async move {
                for turn in 0..40u32 {
                    let wanted = format!("t{task}-{turn}");
                    if (task + turn) % 3 != 0 {
                        assert_eq!(name(&socket, &wanted).await, wanted);
                        continue;
                    }
                    let mut asked = pin!(name(&socket, &wanted));
                    let patience = Duration::from_micros(u64::from((task * 37 + turn * 91) % 2500));
                    let mut timer = async_io::Timer::after(patience);
                    poll_fn(|cx| match asked.as_mut().poll(cx) {
                        Poll::Ready(found) => {
                            assert_eq!(found, wanted);
                            Poll::Ready(())
                        }
                        Poll::Pending => Pin::new(&mut timer).poll(cx).map(|_| ()),
                    })
                    .await;
                }
            }))
        })
        .collect();
    for task in tasks {
        task.await;
    }
}

#[test]
fn storm_by_tokio_on_one_thread() {
    by_tokio(storm(|task| {
        let handle = tokio::spawn(task);
        Box::pin(async move { handle.await.unwrap() })
    }));
}

#[test]
fn storm_by_tokio_on_four_threads() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    runtime.block_on(storm(|task| {
        let handle = tokio::spawn(task);
        Box::pin(async move { handle.await.unwrap() })
    }));
}

#[test]
fn storm_by_async_io_on_a_thread_for_each_task() {
    by_async_io(storm(|task| {
        let handle = thread::spawn(|| by_async_io(task));
        Box::pin(async move { handle.join().unwrap() })
    }));
}

#[test]
fn a_runtime_without_drivers_is_an_error() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let error = runtime.block_on(async { Socket::open() }).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(error.to_string(), "the tokio runtime was built without `enable_time`");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let (socket, _kernel) = pair();
    let error = runtime.block_on(async { Socket::over(socket, &SocketOptions::new()) }).unwrap_err();
    assert_eq!(error.to_string(), "the tokio runtime was built without `enable_io`");
}
