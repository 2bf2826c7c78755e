//! Slow handlers of async sockets: they hold up nobody else, and nothing is lost where a wait for one is given up.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[path = "support/handle.rs"]
mod handle;
#[path = "support/hooked.rs"]
mod hooked;
#[path = "support/played.rs"]
mod played;
#[path = "support/reactors.rs"]
mod reactors;

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use handle::by_nobody;
use hooked::{answer, raw, seen, seen_by_get};
use netloom_socket::{
    asynchronous,
    hooks::{Hook, Verdict},
};
use netloom_testkit::things::*;
use netloom_wire::{Driver, Error, Operation, nlmsg};
use played::{Log, Played, written};
use reactors::{both, poll_once, within_a_second};

type Socket = asynchronous::Socket<Things>;

fn served() -> (Arc<Socket>, Log) {
    let kernel = Played::new().unwrap();
    let socket = Socket::with(&kernel.options()).unwrap();
    (Arc::new(socket), kernel.serve())
}

/// A slow handler for a command that waits until something is sent to it, or the sender is gone.
fn gate(socket: &Socket, command: u16) -> (Sender<Option<Verdict>>, Arc<AtomicU32>, Hook) {
    let (sender, receiver) = channel();
    let (receiver, calls): (Mutex<Receiver<Option<Verdict>>>, _) = (Mutex::new(receiver), Arc::new(AtomicU32::new(0)));
    let counted = Arc::clone(&calls);
    let hook = socket.on_send_slow("gate", command, move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        receiver.lock().unwrap().recv().ok().flatten()
    });
    (sender, calls, hook)
}

fn wait_for(calls: &AtomicU32, count: u32) {
    let started = Instant::now();
    while calls.load(Ordering::SeqCst) < count {
        assert!(started.elapsed() < Duration::from_secs(10), "{} of {count} calls", calls.load(Ordering::SeqCst));
        thread::sleep(Duration::from_millis(1));
    }
}

/// Others go on while a future waits for the gate; then it ends.
async fn passes<T>(
    socket: &Socket,
    calls: &AtomicU32,
    open: &Sender<Option<Verdict>>,
    future: impl Future<Output = T>,
) -> T {
    let before = calls.load(Ordering::SeqCst);
    let mut future = pin!(future);
    assert!(poll_once(future.as_mut()).await);
    wait_for(calls, before + 1);
    assert!(poll_once(future.as_mut()).await);
    for index in 0..3 {
        within_a_second(socket.run(&add(index))).await.expect("it goes on").unwrap();
    }
    open.send(None).unwrap();
    within_a_second(future).await.expect("it ends")
}

each_reactor! {
    async fn a_slow_handler_holds_up_its_own_request_alone() {
        let (socket, _log) = served();
        let (open, calls, _hook) = gate(&socket, GET);
        let (one, two) = (ask(5), look(6));
        assert_eq!(passes(&socket, &calls, &open, socket.run(&one)).await.unwrap().index(), 5);
        assert_eq!(passes(&socket, &calls, &open, socket.run(&two)).await.unwrap().index(), 6);
        assert_eq!(passes(&socket, &calls, &open, socket.run(&all())).await.unwrap().len(), 3);
        let report = passes(&socket, &calls, &open, socket.pipeline([ask(7)])).await.unwrap();
        assert_eq!(report.into_result().unwrap(), 1);
        let body = written(&ask(8));
        let put = passes(&socket, &calls, &open, socket.put(GET, 0, &body)).await.unwrap();
        assert_eq!(seen_by_get(&socket.get(put).await.unwrap()), [8]);
        let mut stream = socket.stream(&all()).unwrap();
        let first = passes(&socket, &calls, &open, async { stream.next().await.unwrap().unwrap().index() }).await;
        assert_eq!((first, stream.next().await.unwrap().unwrap().index()), (0, 1));
        let mut stream = socket.stream(&all()).unwrap();
        assert!(stream.buffered().unwrap().is_none());
        assert!(passes(&socket, &calls, &open, stream.more()).await.unwrap());
        let bytes = raw(GET, nlmsg::ACK, 4711, &written(&ask(9)));
        passes(&socket, &calls, &open, socket.send(&bytes)).await.unwrap();
        assert_eq!(seen(&socket.recv().await.unwrap()).0, [9]);
    }

    /// Each waits on a thread of its own: the later ones end first.
    async fn slow_handlers_run_at_once() {
        let (socket, log) = served();
        let (mut opened, mut waiting) = (Vec::new(), Vec::new());
        let (sender, receiver) = channel::<(u32, Sender<()>)>();
        let sender = Mutex::new(sender);
        socket.on_send_slow("gate", GET, move |message| {
            let (open, wait) = channel();
            let index = message.view::<Thing>()?.index();
            sender.lock().unwrap().send((index, open)).ok()?;
            wait.recv().ok()?;
            None
        });
        for index in 0..4 {
            let socket = Arc::clone(&socket);
            let mut future = Box::pin(async move { socket.run(&ask(index)).await.unwrap().index() });
            assert!(poll_once(future.as_mut()).await);
            waiting.push(future);
            opened.push(receiver.recv_timeout(Duration::from_secs(10)).unwrap());
        }
        assert!(log.take().is_empty());
        while let Some(future) = waiting.pop() {
            let (index, open) = opened.pop().unwrap();
            open.send(()).unwrap();
            assert_eq!(within_a_second(future).await, Some(index));
        }
    }

    /// Its caller's time runs out, be it a request, a dump, a stream or a pipeline; nothing was sent, and others go on.
    async fn one_that_never_finishes() {
        let (socket, log) = served();
        let (never, calls, hook) = gate(&socket, GET);
        let timed_out = |error: Error| assert!(error.is_timeout() && error.to_string().contains(" thing "), "{error}");
        let within = || {
            let mut client = socket.client();
            client.deadline(Some(Duration::from_millis(40)));
            client
        };
        timed_out(ask(5).perform(&mut within()).await.unwrap_err());
        timed_out(all().perform(&mut within()).await.unwrap_err());
        timed_out(within().many([ask(5)].into_iter(), |_, _| ()).await.unwrap_err());
        let mut stream = within().stream(&all()).unwrap();
        timed_out(stream.next().await.map(|_| ()).unwrap_err());
        assert!(log.take().is_empty(), "nothing reached the kernel");
        socket.run(&add(1)).await.unwrap();
        hook.remove();
        assert_eq!(socket.run(&ask(5)).await.unwrap().index(), 5);
        wait_for(&calls, 1);
        // So that the threads end, and the runtime with them.
        drop(never);
    }

    /// A wait that is given up is taken up again where it was.
    async fn a_stream_whose_futures_are_dropped() {
        let (socket, log) = served();
        let (open, calls, _hook) = gate(&socket, GET);
        let mut stream = socket.stream(&all()).unwrap();
        for _ in 0..3 {
            assert!(poll_once(pin!(stream.next())).await);
            assert!(poll_once(pin!(stream.more())).await);
        }
        open.send(None).unwrap();
        for expected in [Some(0), Some(1), Some(2), None] {
            let next = within_a_second(stream.next()).await.expect("it comes").unwrap();
            assert_eq!(next.map(Thing::index), expected);
        }
        assert_eq!((calls.load(Ordering::SeqCst), log.take().len()), (1, 1), "decided once, asked once");
        // Given up before it was decided, nothing is asked.
        let mut stream = socket.stream(&all()).unwrap();
        assert!(poll_once(pin!(stream.next())).await);
        wait_for(&calls, 2);
        drop(stream);
        open.send(None).unwrap();
        socket.run(&add(1)).await.unwrap();
        assert_eq!(log.take().len(), 1);
    }

    /// One task receives, another sends what a handler answers.
    async fn an_answer_wakes_who_receives() {
        let (socket, log) = served();
        let _hook = socket.on_send("answer", GET, answer);
        let sending = async {
            let bytes = raw(GET, nlmsg::ACK, 4711, &written(&ask(9)));
            reactors::turn().await;
            socket.send(&bytes).await.unwrap();
        };
        let (received, ()) = within_a_second(both(socket.recv(), sending)).await.expect("it is woken");
        assert_eq!(seen(&received.unwrap()), (vec![49], vec![(nlmsg::ERROR, 0)]));
        assert!(log.take().is_empty());
    }

    /// No lock is held while a handler runs, and what it sends does not come back to it.
    async fn a_handler_sends_on_the_same_socket() {
        let (socket, log) = served();
        let put = Arc::new(OnceLock::new());
        let (weak, noted) = (Arc::downgrade(&socket), Arc::clone(&put));
        let hook = socket.on_send("more", NEW, move |message| {
            let index = message.view::<Thing>()?.index();
            let socket = weak.upgrade()?;
            let sequence = by_nobody(socket.put(NEW, 0, &written(&add(index + 1)))).ok()?;
            noted.set(sequence).ok()?;
            None
        });
        socket.run(&add(1)).await.unwrap();
        assert!(socket.get(*put.get().unwrap()).await.unwrap().is_empty());
        let indexes = |log: &Log| -> Vec<u32> {
            log.take().iter().map(|asked| u32::from_ne_bytes(*asked.payload.first_chunk().unwrap())).collect()
        };
        assert_eq!(indexes(&log), [2, 1]);
        hook.remove();
        // A slow one, with whole requests; and one for what comes.
        let weak = Arc::downgrade(&socket);
        socket.on_send_slow("asks", NEW, move |message| {
            let index = message.view::<Thing>()?.index();
            let socket = weak.upgrade()?;
            let found = async_io::block_on(socket.run(&ask(index + 1))).unwrap().index();
            async_io::block_on(socket.run(&add(found + 1))).unwrap();
            None
        });
        within_a_second(socket.run(&add(1))).await.expect("it ends").unwrap();
        assert_eq!(indexes(&log), [2, 3, 1]);
        let (weak, puts) = (Arc::downgrade(&socket), Arc::new(Mutex::new(Vec::new())));
        let noted = Arc::clone(&puts);
        socket.on_receive("counts", NEW, move |_| {
            let socket = weak.upgrade()?;
            noted.lock().unwrap().push(by_nobody(socket.put(GET, 0, &written(&ask(50)))).ok()?);
            socket.on_receive("another", GET, |_| None).remove();
            None
        });
        let report = within_a_second(socket.pipeline((10..14).map(ask))).await.expect("it ends").unwrap();
        assert_eq!(report.into_result().unwrap(), 4);
        let puts = std::mem::take(&mut *puts.lock().unwrap());
        assert_eq!(puts.len(), 4);
        for put in puts {
            assert_eq!(seen_by_get(&socket.get(put).await.unwrap()), [50]);
        }
    }
}
