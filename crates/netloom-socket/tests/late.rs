//! Waiting, which the real kernel hardly ever makes an async socket do: a fake one that answers late.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[path = "support/handle.rs"]
mod handle;
#[path = "support/reactors.rs"]
mod reactors;

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

use handle::{by_async_io, by_tokio};
use netloom_socket::{RawSocket, SocketOptions, asynchronous};
use netloom_testkit::{Asked, Datagram, FakeKernel, things::*};
use netloom_wire::{Driver, ErrorKind, Operation, nlmsg};
use reactors::{both, poll_once, within_a_second};

type Socket = asynchronous::Socket<Things>;

/// A socket, and the kernel that it talks to.
fn faked() -> (Arc<Socket>, FakeKernel) {
    let kernel = FakeKernel::new();
    let socket = Socket::with(&SocketOptions::new().peer(kernel.port())).unwrap();
    (Arc::new(socket), kernel)
}

/// Asks for a thing; the answer has its number.
async fn number(socket: &Socket, index: u32) -> u32 {
    socket.run(&ask(index)).await.unwrap().index()
}

/// Answers late, in the reverse order, many requests in one datagram, and now and then a reply and its acknowledgement
/// apart.
fn late_kernel(kernel: FakeKernel) {
    let mut answered = 0u32;
    kernel.serve_late(Duration::from_millis(1), move |_, asked| {
        let mut datagrams = vec![Datagram::to(asked[0].port)];
        for request in asked.iter().rev() {
            let out = datagrams.pop().unwrap_or_default();
            answered += 1;
            if answered % 3 == 0 {
                datagrams.push(out.message(NEW, 0, request.sequence, &request.payload));
                datagrams.push(Datagram::to(request.port).acknowledge(request));
            } else {
                datagrams.push(out.served(request));
            }
        }
        datagrams
    });
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
fn answer(kernel: &FakeKernel) {
    let asked = kernel.receive().unwrap();
    kernel.send(&asked.iter().fold(Datagram::to(asked[0].port), Datagram::served));
}

each_reactor! {
    /// B reads A's answer before the reactor has seen that it came. The reactor then stays silent, since it asks the
    /// socket, and only the bell of A's mailbox can wake A.
    async fn an_answer_read_by_another_wakes_its_owner() {
        let (socket, kernel) = faked();
        let flag = Arc::new(Flag::default());
        let waker = Waker::from(Arc::clone(&flag));
        let mut a = pin!(number(&socket, 1));
        assert!(a.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        answer(&kernel);
        // The reactor does not run between these lines.
        flag.0.store(false, Ordering::Relaxed);
        let mut b = pin!(number(&socket, 2));
        assert!(poll_once(b.as_mut()).await);
        assert!(flag.0.load(Ordering::Relaxed), "a lost wake-up");
        assert!(a.as_mut().poll(&mut Context::from_waker(&waker)).is_ready());
        answer(&kernel);
        assert_eq!(within_a_second(b).await, Some(2));
    }

    /// Polled once, then held and not polled: it must not stop the others, and gets its own answer later.
    async fn a_held_future_stops_nobody() {
        let (socket, kernel) = faked();
        late_kernel(kernel);
        let mut held = Box::pin(number(&socket, 99));
        assert!(poll_once(held.as_mut()).await);
        for turn in 0..20 {
            assert_eq!(within_a_second(number(&socket, turn)).await, Some(turn));
        }
        assert_eq!(within_a_second(held).await, Some(99));
    }

    /// Dropped before the first poll, nothing is sent; dropped later, what comes for it disturbs nobody.
    async fn a_dropped_future_leaves_no_trace() {
        let (socket, kernel) = faked();
        drop(number(&socket, 1));
        assert!(kernel.try_receive().is_err(), "it was sent without a poll");

        let mut dropped = Box::pin(number(&socket, 2));
        assert!(poll_once(dropped.as_mut()).await);
        let request = kernel.receive().unwrap().remove(0);
        kernel.send(&Datagram::to(request.port).message(NEW, 0, request.sequence, &request.payload));
        assert!(poll_once(dropped.as_mut()).await, "the acknowledgement is still to come");
        drop(dropped);
        kernel.send(&Datagram::to(request.port).acknowledge(&request));

        let mut next = Box::pin(number(&socket, 3));
        assert!(poll_once(next.as_mut()).await);
        answer(&kernel);
        assert_eq!(within_a_second(next).await, Some(3));
    }

    /// Nothing comes: the request ends, with its name, and the socket goes on.
    async fn silence_ends_in_a_timeout() {
        let kernel = FakeKernel::new();
        let options = SocketOptions::new().peer(kernel.port()).inactivity_limit(Some(Duration::from_millis(30)));
        let socket = Socket::over(RawSocket::open(2, &options).unwrap(), &options).unwrap();
        let error = within_a_second(socket.run(&ask(1))).await.unwrap().unwrap_err();
        assert!(error.is_timeout());
        assert_eq!(error.to_string(), "get thing 1: no answer in time");
        answer(&kernel);
        let mut next = Box::pin(number(&socket, 3));
        assert!(poll_once(next.as_mut()).await);
        answer(&kernel);
        assert_eq!(within_a_second(next).await, Some(3));
    }

    /// A deadline is one caller's: the other waits on.
    async fn a_deadline_ends_one_caller_only() {
        let (socket, kernel) = faked();
        let hurried = async {
            let mut client = socket.client();
            client.deadline(Some(Duration::from_millis(30)));
            let started = Instant::now();
            let error = ask(1).perform(&mut client).await.unwrap_err();
            assert!(error.is_timeout() && started.elapsed() >= Duration::from_millis(30));
            // From then on, at once.
            assert!(ask(2).perform(&mut client).await.unwrap_err().is_timeout());
            client.deadline(None);
            answer(&kernel);
        };
        let (patient, ()) = within_a_second(both(number(&socket, 3), hurried)).await.unwrap();
        assert_eq!(patient, 3);
    }

    /// Closed while requests are pending: they end, and so do all that come later.
    async fn closing_ends_what_is_pending() {
        let (socket, _kernel) = faked();
        let closer = async {
            async_io::Timer::after(Duration::from_millis(20)).await;
            socket.close();
        };
        let (pending, ()) = within_a_second(both(socket.run(&ask(1)), closer)).await.unwrap();
        let error = pending.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Stopped);
        assert_eq!(error.to_string(), "get thing 1: the socket was closed");
        assert_eq!(socket.run(&ask(2)).await.unwrap_err().kind(), ErrorKind::Stopped);
    }

    /// The same of what waits elsewhere than on the socket itself: dumps, slow commands, bytes past the exchange.
    async fn closing_ends_what_is_pending_elsewhere() {
        let (socket, kernel) = faked();
        let closer = async {
            async_io::Timer::after(Duration::from_millis(20)).await;
            socket.close();
        };
        let pending = async {
            let slow = AddSlowly { index: 3 };
            both(both(socket.run(&all()), socket.run(&slow)), socket.recv()).await
        };
        let (((dump, slow), bytes), ()) = within_a_second(both(pending, closer)).await.unwrap();
        assert_eq!(dump.unwrap_err().to_string(), "list thing 0: the socket was closed");
        assert_eq!(slow.unwrap_err().to_string(), "add thing 3: the socket was closed");
        assert_eq!(bytes.unwrap_err().kind(), ErrorKind::Stopped);
        // What was sent was sent; what comes later is not.
        let sent = [kernel.receive(), kernel.receive()].map(|asked| asked.unwrap().remove(0));
        let slow = sent.iter().find(|asked| asked.command == NEW).unwrap();
        assert!(sent.iter().any(Asked::is_dump));
        // A thread waits for it, and the runtime for the thread.
        kernel.send(&Datagram::to(slow.port).acknowledge(slow));
        for index in 0..2 {
            let begun_later = match index {
                0 => within_a_second(socket.run(&all())).await.unwrap().map(drop),
                _ => within_a_second(socket.run(&AddSlowly { index })).await.unwrap(),
            };
            assert_eq!(begun_later.unwrap_err().kind(), ErrorKind::Stopped);
        }
        assert!(kernel.try_receive().is_err());
    }

    /// Any number of slow commands at once take a bounded number of threads and sockets; those that are given up while they
    /// wait for a turn hold up nobody.
    async fn slow_commands_take_turns() {
        let (socket, kernel) = faked();
        let mut commands: Vec<_> = (0..60u32)
            .map(|index| {
                let socket = Arc::clone(&socket);
                Box::pin(async move { socket.run(&AddSlowly { index }).await })
            })
            .collect();
        for command in &mut commands {
            assert!(poll_once(command.as_mut()).await);
        }
        async_io::Timer::after(Duration::from_millis(200)).await;
        let under_way: Vec<_> = std::iter::from_fn(|| kernel.try_receive().ok()).flatten().collect();
        assert_eq!(under_way.len(), 16);
        // Of those that wait.
        commands.drain(20..30);
        let answering = thread::spawn(move || {
            under_way.iter().for_each(|asked| kernel.send(&Datagram::to(asked.port).acknowledge(asked)));
            (16..50).for_each(|_| answer(&kernel));
        });
        for command in commands {
            within_a_second(command).await.unwrap().unwrap();
        }
        answering.join().unwrap();
    }

    /// A deadline ends the wait for a slow command too, wherever that is held up.
    async fn a_deadline_ends_a_slow_command() {
        let (socket, _kernel) = faked();
        let mut client = socket.client();
        client.deadline(Some(Duration::from_millis(30)));
        let error = within_a_second(AddSlowly { index: 3 }.perform(&mut client)).await.unwrap().unwrap_err();
        assert_eq!(error.to_string(), "add thing 3: no answer in time");
    }

    /// Bytes out and in, past all of it.
    async fn raw_datagrams() {
        let (socket, kernel) = faked();
        socket.send(Datagram::to(0).message(GET, nlmsg::REQUEST, 4711, b"anything").bytes()).await.unwrap();
        let request = kernel.receive().unwrap().remove(0);
        assert_eq!((request.sequence, request.payload, request.port), (4711, b"anything".to_vec(), socket.port()));
        let mut received = Box::pin(socket.recv());
        assert!(poll_once(received.as_mut()).await);
        let back = Datagram::to(request.port).message(NEW, 0, 4711, b"back");
        kernel.send(&back);
        assert_eq!(within_a_second(received).await.unwrap().unwrap(), back.bytes());
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
                    let wanted = task * 100 + turn;
                    if (task + turn) % 3 != 0 {
                        assert_eq!(number(&socket, wanted).await, wanted);
                        continue;
                    }
                    let mut asked = pin!(number(&socket, wanted));
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
    let socket = RawSocket::open(2, &SocketOptions::new()).unwrap();
    let error = runtime.block_on(async { Socket::over(socket, &SocketOptions::new()) }).unwrap_err();
    assert_eq!(error.to_string(), "the tokio runtime was built without `enable_io`");
}
