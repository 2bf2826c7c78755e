//! Many callers of one async socket at once, on the real kernel.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

mod support;

use std::{
    future::{Future, poll_fn},
    net::Ipv4Addr,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
    thread,
    time::{Duration, Instant},
};

use netloom_route::{Rtnetlink, address, link};
use netloom_socket::{RawSocket, asynchronous, blocking};
use netloom_testkit::Datagram;
use netloom_wire::{ErrorKind, Notice};
use support::Space;

type Socket = asynchronous::Socket<Rtnetlink>;

fn by_tokio<T>(threads: usize, future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build().unwrap();
    runtime.block_on(future)
}

/// Polls a future once; what it gave if it was ready.
async fn poll_once<F: Future>(mut future: Pin<&mut F>) -> Option<F::Output> {
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

fn addresses(count: u32) -> impl Iterator<Item = address::Add> {
    (0..count).map(|number| address::Add::new(1, Ipv4Addr::from(0x7f01_0000 + number).into(), 32))
}

/// Waits for all, each in a task of its own.
async fn in_tasks<F: Future<Output = ()> + Send + 'static>(tasks: impl Iterator<Item = F>) {
    let handles: Vec<_> = tasks.map(tokio::spawn).collect();
    for handle in handles {
        handle.await.unwrap();
    }
}

/// Gets, failing gets, whole dumps, dumps given up half way, and requests dropped after one poll.
#[test]
fn sixty_four_tasks() {
    let Some(space) = Space::new() else { return };
    by_tokio(4, async {
        let socket = Arc::new(Socket::with(&space.options()).unwrap());
        socket.pipeline(addresses(1000)).await.unwrap().into_result().unwrap();
        in_tasks((0..64).map(|task| {
            let socket = Arc::clone(&socket);
            async move {
                for turn in 0..20 {
                    match (task + turn) % 5 {
                        0 => assert_eq!(socket.run(&link::Get::new("lo")).await.unwrap().index(), 1),
                        1 => assert!(socket.run(&link::Get::new("absent")).await.unwrap_err().is_not_found()),
                        2 => assert_eq!(socket.run(&address::List::v4()).await.unwrap().len(), 1001),
                        3 => {
                            let mut stream = socket.stream(&address::List::v4()).unwrap();
                            for _ in 0..300 {
                                assert!(stream.next().await.unwrap().is_some());
                            }
                        }
                        _ => {
                            let get = link::Get::new("lo");
                            let mut dropped = pin!(socket.run(&get));
                            drop(poll_once(dropped.as_mut()).await);
                        }
                    }
                }
            }
        }))
        .await;
        assert_eq!(socket.overruns(), 0);
    });
}

/// The kernel allows one dump for each socket; nobody sees that.
#[test]
fn dumps_at_once() {
    let Some(space) = Space::new() else { return };
    let body = async {
        let socket = Socket::with(&space.options()).unwrap();
        socket.pipeline(addresses(2000)).await.unwrap().into_result().unwrap();
        let mut streams: Vec<_> = (0..16).map(|_| socket.stream(&address::List::v4()).unwrap()).collect();
        let mut counts = [0; 16];
        // In turns, one object of each, so that all are under way all the time.
        for _ in 0..2001 {
            for (stream, count) in streams.iter_mut().zip(&mut counts) {
                *count += u32::from(stream.next().await.unwrap().is_some());
            }
        }
        assert_eq!(counts, [2001; 16]);
        for stream in &mut streams {
            assert!(stream.next().await.unwrap().is_none());
            assert!(!stream.interrupted());
        }
    };
    async_io::block_on(body);
}

/// What is buffered is taken without a future, and nothing is missing.
#[test]
fn a_stream_by_what_is_buffered() {
    let Some(space) = Space::new() else { return };
    by_tokio(1, async {
        let socket = Socket::with(&space.options()).unwrap();
        socket.pipeline(addresses(2000)).await.unwrap().into_result().unwrap();
        let mut stream = socket.stream(&address::List::v4()).unwrap();
        let (mut count, mut waits) = (0, 0);
        while stream.more().await.unwrap() {
            waits += 1;
            while stream.buffered().unwrap().is_some() {
                count += 1;
            }
        }
        assert_eq!(count, 2001);
        assert!(waits < 200, "{waits}");
    });
}

/// Links come and go while they are listed: the list is tried again, and either is consistent or says that it is not.
#[test]
fn a_dump_that_changes_interrupt() {
    let Some(space) = Space::new() else { return };
    let mut socket = blocking::Socket::<Rtnetlink>::with(&space.options()).unwrap();
    let pairs = (0..60).map(|n| link::Add::new(&format!("i{n}")).veth(&format!("p{n}")));
    socket.pipeline(pairs).unwrap().into_result().unwrap();
    let mut stream = socket.stream(&link::List::all()).unwrap();
    assert!(stream.next().unwrap().is_some());
    socket.run(&link::Add::new("late0").veth("late1")).unwrap();
    while stream.next().unwrap().is_some() {}
    assert!(stream.interrupted(), "a link was added between two datagrams");

    let over = Arc::new(AtomicBool::new(false));
    let churn = thread::spawn({
        let over = Arc::clone(&over);
        let options = space.options();
        move || {
            let mut socket = blocking::Socket::<Rtnetlink>::with(&options).unwrap();
            while !over.load(Ordering::Relaxed) {
                socket.run(&link::Add::new("churn0").veth("churn1")).unwrap();
                socket.run(&link::Delete::new("churn0")).unwrap();
            }
        }
    });
    let (mut consistent, mut marked) = (0, 0);
    for _ in 0..20 {
        let links = socket.run(&link::List::all()).unwrap();
        if links.is_interrupted() {
            marked += 1;
        } else {
            consistent += 1;
            // lo, 60 pairs and the late one; the churning pair, or half of it while it is being made or unmade.
            assert!((123..=125).contains(&links.len()), "{}", links.len());
        }
    }
    over.store(true, Ordering::Relaxed);
    churn.join().unwrap();
    assert_eq!(consistent + marked, 20);
}

/// Who wants to hear of other processes gets what they tell.
#[test]
fn a_subscription_may_admit_others() {
    let Some(space) = Space::new() else { return };
    async_io::block_on(async {
        let socket = Socket::with(&space.options().user_senders(true)).unwrap();
        let mut links = socket.watch(&[1]).unwrap();
        let port = RawSocket::from_fd(std::os::fd::AsFd::as_fd(&links).try_clone_to_owned().unwrap(), &space.options())
            .unwrap()
            .port();
        let forged = Datagram::to(0).message(16, 0, 0, &[0; 16]);
        RawSocket::open(0, &space.options()).unwrap().send_to(forged.bytes(), port, 0).unwrap();
        assert!(matches!(links.next().await.unwrap(), Notice::Message { command: 16, .. }));
    });
}

/// A command that the kernel takes long over is worked on elsewhere: its future is pending at once, although the kernel
/// works inside `send`, and other requests go on.
#[test]
fn slow_commands_hold_up_nobody() {
    let Some(space) = Space::new() else { return };
    let body = async {
        let socket = Socket::with(&space.options()).unwrap();
        let adds = (0..20).map(|n| link::Add::new(&format!("s{n}")).veth(&format!("t{n}")));
        let mut adding = pin!(socket.pipeline(adds));
        // On a single processor the thread that does them may be done before its caller goes on.
        let several = thread::available_parallelism().is_ok_and(|processors| processors.get() > 1);
        let at_once = poll_once(adding.as_mut()).await;
        assert!(!several || at_once.is_none());
        assert_eq!(socket.run(&link::Get::new("lo")).await.unwrap().index(), 1);
        let added = match at_once {
            Some(added) => added,
            None => adding.await,
        };
        assert_eq!(added.unwrap().into_result().unwrap(), 20);
        let delete = link::Delete::new("s0");
        let mut deleting = pin!(socket.run(&delete));
        match poll_once(deleting.as_mut()).await {
            Some(deleted) => {
                assert!(!several);
                deleted.unwrap();
            }
            None => deleting.await.unwrap(),
        }
        assert_eq!(socket.run(&link::List::all()).await.unwrap().len(), 39);
    };
    async_io::block_on(body);
    by_tokio(1, async {
        let socket = Socket::with(&space.options()).unwrap();
        socket.run(&link::Delete::new("s1")).await.unwrap();
    });
}

#[test]
fn a_subscription_is_stopped_from_elsewhere() {
    let Some(space) = Space::new() else { return };
    let body = async {
        let socket = Socket::with(&space.options()).unwrap();
        let mut links = socket.watch(&[1]).unwrap();
        let stop = links.stop_handle();
        let stopper = thread::spawn(move || {
            thread::sleep(Duration::from_millis(50));
            stop.stop();
        });
        let started = Instant::now();
        assert_eq!(links.next().await.unwrap_err().kind(), ErrorKind::Stopped);
        assert!(started.elapsed() < Duration::from_secs(5));
        assert_eq!(links.try_next().unwrap_err().kind(), ErrorKind::Stopped);
        stopper.join().unwrap();
    };
    async_io::block_on(body);
    let mut socket = blocking::Socket::<Rtnetlink>::with(&space.options()).unwrap();
    let mut links = socket.watch(&[1]).unwrap();
    let stop = links.stop_handle().unwrap();
    let stopper = thread::spawn(move || {
        thread::sleep(Duration::from_millis(50));
        stop.stop();
    });
    assert_eq!(links.next().unwrap_err().kind(), ErrorKind::Stopped);
    stopper.join().unwrap();
}

/// Made by one thread, used by others at once.
#[test]
fn used_from_other_threads() {
    let Some(space) = Space::new() else { return };
    let socket = Arc::new(async_io::block_on(async { Socket::with(&space.options()) }).unwrap());
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let socket = Arc::clone(&socket);
            thread::spawn(move || {
                async_io::block_on(async {
                    for _ in 0..100 {
                        assert_eq!(socket.run(&link::Get::new("lo")).await.unwrap().index(), 1);
                    }
                });
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    let mut blocking = blocking::Socket::<Rtnetlink>::with(&space.options()).unwrap();
    thread::spawn(move || assert_eq!(blocking.run(&link::Get::new("lo")).unwrap().index(), 1)).join().unwrap();
}
