//! Handlers that hold up nobody whom they do not concern: slow ones that say so at once, ones that never finish, ones that
//! send inside of each other.
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
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
        mpsc::channel,
    },
    task::{Context, Wake, Waker},
    thread,
    time::Duration,
};

use handle::{Handle, by_async_io, by_nobody, by_tokio};
use hooked::{answer, further};
use netloom_socket::{
    asynchronous,
    hooks::{Outgoing, ReceiveVerdict, Verdict},
};
use netloom_testkit::{Datagram, things::*};
use netloom_wire::{Error, ErrorKind, nlmsg};
use played::Played;
use reactors::{poll_once, within_a_second};

type Socket = asynchronous::Socket<Things>;

fn is_even(message: &Outgoing<'_>) -> bool {
    message.view::<Thing>().is_some_and(|thing| thing.index() % 2 == 0)
}

each_driver! { Things, Played, Played::new();
    async fn a_slow_handler_says_what_concerns_it(io, kernel, |options| options) {
        let log = kernel.serve();
        let hook = io.on_send_slow_if("evens", GET, is_even, further);
        let asked = [io.run(ask(3)).await, io.run(ask(4)).await, io.run(look(5)).await, io.run(look(6)).await];
        assert_eq!(asked.map(|thing| thing.unwrap().index()), [3, 104, 5, 106]);
        let mut found = Vec::new();
        io.pipeline((0..6).map(ask), |nth, thing| found.push((nth, thing.index()))).await.unwrap().into_result().unwrap();
        assert_eq!(found, [(0, 100), (1, 1), (2, 102), (3, 3), (4, 104), (5, 5)]);
        hook.remove();
        log.take();
        io.on_send_slow_if("shaky", GET, |_| panic!("which?"), |_| None);
        let error = io.run(ask(5)).await.unwrap_err();
        assert_eq!((error.kind(), &*error.to_string()), (ErrorKind::Proxy, "get thing 5: proxy `shaky`: panicked: which?"));
        assert!(log.take().is_empty());
    }
}

each_reactor! {
    /// Answered by the handler behind it, such a request has ended when it was polled first.
    async fn what_does_not_concern_it_waits_for_no_thread() {
        let kernel = Played::new().unwrap();
        let socket = Socket::with(&kernel.options()).unwrap();
        let (threads, seen) = channel();
        let threads = Mutex::new(threads);
        socket.on_send_slow_if("evens", GET, is_even, move |_| {
            threads.lock().unwrap().send(thread::current().id()).ok()?;
            None
        });
        socket.on_send("answer", GET, answer);
        let odd = ask(3);
        let mut odd = pin!(socket.run(&odd));
        assert!(!poll_once(odd.as_mut()).await);
        assert!(seen.try_recv().is_err());
        assert_eq!(socket.run(&ask(4)).await.unwrap().index(), 44);
        assert_ne!(seen.try_recv().unwrap(), thread::current().id());
    }

    /// Each sends what the other is for, on whichever thread that runs: neither is called inside of itself.
    async fn handlers_inside_of_each_other() {
        let kernel = Played::new().unwrap();
        let socket = Arc::new(Socket::with(&kernel.options()).unwrap());
        let log = kernel.serve();
        let calls = Arc::new(AtomicU32::new(0));
        for (name, command) in [("adds", GET), ("asks", NEW)] {
            let (weak, calls) = (Arc::downgrade(&socket), Arc::clone(&calls));
            socket.on_send_slow(name, command, move |message| {
                let index = message.view::<Thing>()?.index();
                let socket = weak.upgrade()?;
                if calls.fetch_add(1, Ordering::SeqCst) > 10 {
                    return Some(Error::new(ErrorKind::InvalidInput, "again and again").into());
                }
                let sent = async_io::block_on(async {
                    if command == GET { socket.run(&add(index + 1)).await } else { socket.run(&ask(index + 1)).await.map(drop) }
                });
                sent.err().map(Verdict::Error)
            });
        }
        within_a_second(socket.run(&add(1))).await.expect("it ends").unwrap();
        assert_eq!(calls.swap(0, Ordering::SeqCst), 2);
        let asked: Vec<u32> = log.take().iter().map(|asked| u32::from_ne_bytes(*asked.payload.first_chunk().unwrap())).collect();
        assert_eq!(asked, [3, 2, 1]);
        within_a_second(socket.run(&ask(1))).await.expect("it ends").unwrap();
        assert_eq!(calls.load(Ordering::SeqCst), 2);
    }

    /// It holds the thread that called it, and no lock: other threads go on with the same socket.
    async fn one_that_never_finishes_holds_up_its_own_thread_alone() {
        let kernel = Played::new().unwrap();
        let socket = Arc::new(Socket::with(&kernel.options()).unwrap());
        kernel.serve();
        for sending in [true, false] {
            let (entered, enter) = channel();
            let (open, gate) = channel::<()>();
            let (entered, gate) = (Mutex::new(entered), Mutex::new(gate));
            let wait = move || {
                entered.lock().unwrap().send(()).unwrap();
                let _ = gate.lock().unwrap().recv();
            };
            let hook = if sending {
                socket.on_send("stuck", GET, move |_| { wait(); None })
            } else {
                socket.on_receive("stuck", NEW, move |_| { wait(); None })
            };
            let stuck = Arc::clone(&socket);
            let stuck = thread::spawn(move || async_io::block_on(stuck.run(&ask(1))).map(|thing| thing.index()));
            // On a thread of its own, since the reactor has to go on meanwhile.
            let entered = thread::spawn(move || enter.recv_timeout(Duration::from_secs(10)));
            while !entered.is_finished() {
                async_io::Timer::after(Duration::from_millis(1)).await;
            }
            entered.join().unwrap().unwrap();
            for index in 0..3 {
                within_a_second(socket.run(&add(index))).await.expect("it goes on").unwrap();
            }
            hook.remove();
            assert_eq!(within_a_second(socket.run(&ask(7))).await.expect("it goes on").unwrap().index(), 7);
            drop(open);
            while !stuck.is_finished() {
                async_io::Timer::after(Duration::from_millis(1)).await;
            }
            assert_eq!(stuck.join().unwrap().unwrap(), 1);
        }
    }

    /// The reply was refused; that the request ends well for the kernel does not make it good, whoever is registered then.
    async fn what_was_refused_stays_refused() {
        let kernel = Played::new().unwrap();
        let socket = Socket::with(&kernel.options()).unwrap();
        let hook = socket.on_receive("censor", NEW, |_| Some(ReceiveVerdict::Error(Error::new(ErrorKind::InvalidInput, "no"))));
        let request = ask(5);
        let mut future = pin!(socket.run(&request));
        assert!(poll_once(future.as_mut()).await);
        let asked = kernel.0.receive().unwrap().remove(0);
        kernel.0.send(&Datagram::to(asked.port).message(NEW, 0, asked.sequence, &asked.payload));
        assert!(poll_once(future.as_mut()).await);
        hook.remove();
        assert!(asked.flags & nlmsg::ACK != 0);
        kernel.0.send(&Datagram::to(asked.port).acknowledge(&asked));
        let error = within_a_second(future).await.expect("it ends").unwrap_err();
        assert_eq!(error.to_string(), "get thing 5: proxy `censor`: no");
    }

    /// A wait for bytes that is given up keeps nothing of its task.
    async fn who_receives_no_more_is_forgotten() {
        struct Task;
        impl Wake for Task {
            fn wake(self: Arc<Self>) {}
        }
        let kernel = Played::new().unwrap();
        let socket = Socket::with(&kernel.options()).unwrap();
        let task = Arc::new(Task);
        let waker = Waker::from(Arc::clone(&task));
        for _ in 0..3 {
            let mut received = Box::pin(socket.recv());
            assert!(received.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        }
        drop(waker);
        // A reactor takes its time to forget timers.
        let forgotten = async {
            while Arc::strong_count(&task) > 1 {
                async_io::Timer::after(Duration::from_millis(1)).await;
            }
        };
        within_a_second(forgotten).await.expect("it is forgotten");
    }
}
