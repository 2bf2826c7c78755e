//! Handlers that make garbage, panic, remove themselves, ask the kernel; several of them, in order.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[path = "support/handle.rs"]
mod handle;
#[path = "support/hooked.rs"]
mod hooked;
#[path = "support/played.rs"]
mod played;

use std::sync::{Arc, Mutex, OnceLock};

use handle::{Handle, by_async_io, by_nobody, by_tokio};
use hooked::{all_fail, answer, further, named, on_all, raw, rename, streamed, thing};
use netloom_socket::hooks::{Hook, Outgoing, ReceiveVerdict, Replies, Verdict};
use netloom_testkit::things::*;
use netloom_wire::{Create, Errno, Error, ErrorKind, View, nlmsg};
use played::{Played, written};

each_driver! { Things, Played, Played::new();
    /// What a handler makes is checked before anybody gets it.
    async fn garbage_is_refused(io, kernel, |options| options) {
        let log = kernel.serve();
        // An attribute that is longer than the message; a weight of two bytes; no header.
        let broken: [&[u8]; 3] = [&[1, 0, 0, 0, 200, 0, 1, 0], &[1, 0, 0, 0, 6, 0, 2, 0, 9, 9, 0, 0], &[1, 2]];
        let texts = ["4 bytes that are no attribute", "THING_WEIGHT (test/thing-attrs) at offset 4: 2 bytes are not u32", "shorter than its header"];
        for (broken, text) in broken.into_iter().zip(texts) {
            for slow in [false, true] {
                let rewrite = move |message: &Outgoing<'_>| Some(message.with_body(broken).into());
                let hook = if slow { io.on_send_slow("scribble", GET, rewrite) } else { io.on_send("scribble", GET, rewrite) };
                let wrong = |error: Error, what: &str| {
                    let said = error.to_string();
                    assert_eq!(error.kind(), ErrorKind::Proxy, "{said}");
                    assert!(said.contains("proxy `scribble`: ") && said.contains(what), "{said}");
                };
                wrong(io.run(ask(5)).await.unwrap_err(), text);
                wrong(io.run(all()).await.unwrap_err(), text);
                wrong(streamed(&mut io).await.unwrap_err(), text);
                wrong(io.put(GET, 0, &written(&ask(5))).await.unwrap_err(), text);
                wrong(io.send(&raw(GET, 0, 1, &written(&ask(5)))).await.unwrap_err(), text);
                let report = io.pipeline((0..3).map(ask), |_, _| ()).await.unwrap();
                assert_eq!((report.total, report.failures.len()), (3, 3));
                report.failures.into_iter().for_each(|(_, error)| wrong(error, text));
                hook.remove();
                let hook = io.on_send("scribble", GET, move |_| Some(Replies::new().reply(NEW, thing(1, "")).reply(NEW, broken).into()));
                wrong(io.run(ask(5)).await.unwrap_err(), text);
                wrong(io.run(all()).await.unwrap_err(), text);
                wrong(io.put(GET, 0, &written(&ask(5))).await.unwrap_err(), text);
                hook.remove();
                assert!(log.take().is_empty(), "nothing reached the kernel");
                let hook = io.on_receive("scribble", NEW, move |_| Some(ReceiveVerdict::Rewrite(broken.to_vec())));
                wrong(io.run(ask(5)).await.unwrap_err(), text);
                wrong(io.run(all()).await.unwrap_err(), text);
                let report = io.pipeline((0..3).map(ask), |_, _| ()).await.unwrap();
                report.failures.into_iter().for_each(|(_, error)| wrong(error, text));
                io.send(&raw(GET, nlmsg::ACK, 1, &written(&ask(5)))).await.unwrap();
                wrong(io.recv().await.unwrap_err(), text);
                hook.remove();
                log.take();
            }
        }
        for errno in [0, -1, 4096] {
            let hook = io.on_send("scribble", GET, move |_| Some(Replies::new().refuse(Errno(errno), "no").into()));
            let error = io.run(ask(5)).await.unwrap_err();
            assert!(error.to_string().ends_with(&format!("refused with the errno {errno}, which there is not")), "{error}");
            hook.remove();
        }
        let hook = io.on_send("scribble", GET, move |_| Some(Replies::new().reply(2, thing(1, "")).into()));
        assert!(io.run(ask(5)).await.unwrap_err().to_string().ends_with("a message of type 2, which there is not"));
        hook.remove();
        let hook = io.on_send("scribble", GET, |message| {
            let mut other = message.with_body(message.body());
            other.flags ^= nlmsg::DUMP;
            Some(other.into())
        });
        for error in [io.run(ask(5)).await.unwrap_err(), io.run(all()).await.unwrap_err()] {
            assert!(error.to_string().contains("proxy `scribble`: ") && error.to_string().contains("dump"), "{error}");
        }
        hook.remove();
        io.on_send("scribble", GET, |message| {
            let mut other = message.with_body(message.body());
            other.command = nlmsg::DONE;
            Some(other.into())
        });
        assert!(io.run(ask(5)).await.unwrap_err().to_string().ends_with("there is no command 3"));
        assert!(log.take().is_empty(), "nothing reached the kernel");
        assert_eq!(io.run(add(5)).await.map_err(|error| error.to_string()), Ok(()));
    }

    async fn a_panic_is_an_error(io, kernel, |options| options) {
        let log = kernel.serve();
        for slow in [false, true] {
            let hooks = on_all(&io, "shaky", slow, |message| panic!("no {}", message.command()));
            for error in all_fail(&mut io).await {
                assert_eq!(error.kind(), ErrorKind::Proxy);
                assert!(error.to_string().contains(": proxy `shaky`: panicked: no 1"), "{error}");
            }
            assert!(io.put(GET, 0, &written(&ask(1))).await.unwrap_err().to_string().contains("panicked"));
            hooks.iter().for_each(Hook::remove);
        }
        assert!(log.take().is_empty());
        let hook = io.on_receive("shaky", NEW, |_| panic!("and again"));
        let error = io.run(ask(1)).await.unwrap_err();
        assert_eq!(error.to_string(), "get thing 1: proxy `shaky`: panicked: and again");
        assert!(streamed(&mut io).await.is_err());
        hook.remove();
        assert_eq!(io.run(ask(1)).await.unwrap().index(), 1, "nothing is left behind");
        assert_eq!(streamed(&mut io).await.unwrap(), [0, 1, 2]);
    }

    async fn the_first_that_decides_wins(io, kernel, |options| options) {
        kernel.serve();
        let order = Arc::new(Mutex::new(String::new()));
        let note = |word: &'static str| {
            let order = Arc::clone(&order);
            move || order.lock().unwrap().push_str(word)
        };
        let [a, b, c, d] = ["a", "b", "c", "d"].map(note);
        io.on_send("first", GET, move |_| { a(); None });
        let second = io.on_send_slow("second", GET, move |message| {
            b();
            (message.view::<Thing>()?.index() == 1).then_some(Verdict::Forward)
        });
        let third = io.on_send("third", GET, move |message| { c(); answer(message) });
        io.on_send("fourth", GET, move |_| { d(); None });
        for (index, came, called) in [(1, 1, "ab"), (2, 42, "abc")] {
            assert_eq!(io.run(ask(index)).await.unwrap().index(), came);
            assert_eq!(std::mem::take(&mut *order.lock().unwrap()), called);
        }
        third.remove();
        assert_eq!(io.run(ask(2)).await.unwrap().index(), 2);
        assert_eq!(std::mem::take(&mut *order.lock().unwrap()), "abd");
        second.remove();
        second.remove();
        assert_eq!(io.run(ask(1)).await.unwrap().index(), 1);
        assert_eq!(std::mem::take(&mut *order.lock().unwrap()), "ad");
        let [a, b] = ["A", "B"].map(note);
        io.on_receive("first", NEW, move |message| { a(); (message.view::<Thing>()?.index() == 3).then_some(ReceiveVerdict::Forward) });
        io.on_receive("second", NEW, move |message| { b(); rename(message) });
        assert_eq!(named(&io.run(add(3).created()).await.unwrap()), "xx");
        assert_eq!(named(&io.run(add(4).created()).await.unwrap()), "thing-4-replied");
        assert_eq!(*order.lock().unwrap(), "AAB");
    }

    async fn a_handler_removes_itself_and_registers_another(io, kernel, |options| options) {
        kernel.serve();
        let itself = Arc::new(OnceLock::<Hook>::new());
        let handle = Arc::clone(&itself);
        let hook = io.on_send("once", GET, move |message| {
            handle.get().unwrap().remove();
            answer(message)
        });
        assert_eq!(hook.name(), "once");
        itself.set(hook).unwrap();
        assert_eq!(io.run(ask(1)).await.unwrap().index(), 41);
        assert_eq!(io.run(ask(1)).await.unwrap().index(), 1);
        let itself = Arc::new(OnceLock::<Hook>::new());
        let handle = Arc::clone(&itself);
        let hook = io.on_receive("once", NEW, move |message| {
            handle.get().unwrap().remove();
            rename(message)
        });
        itself.set(hook).unwrap();
        let names: Vec<String> = io.run(add(1).created()).await.iter().map(|made| named(made)).collect();
        assert_eq!(names, ["thing-1-replied"]);
        assert_eq!(named(&io.run(add(1).created()).await.unwrap()), "xx");
    }

    /// On a socket of its own, and with handlers of its own on that.
    async fn a_handler_asks_the_kernel(io, kernel, |options| options) {
        let options = kernel.options();
        let log = kernel.serve();
        for slow in [false, true] {
            let own = Mutex::new(netloom_socket::blocking::Socket::<Things>::with(&options).unwrap());
            own.lock().unwrap().on_send("inner", GET, further);
            let handler = move |message: &Outgoing<'_>| {
                let index = message.view::<Thing>()?.index();
                let found = match own.lock().unwrap().run(&ask(index + 1)) {
                    Ok(found) => found,
                    Err(error) => return Some(error.into()),
                };
                Some(Replies::new().reply(NEW, found.bytes()).into())
            };
            let hook = if slow { io.on_send_slow("asks", GET, handler) } else { io.on_send("asks", GET, handler) };
            assert_eq!(io.run(ask(1)).await.unwrap().index(), 102);
            let report = io.pipeline((0..10).map(ask), |nth, thing| assert_eq!(u64::from(thing.index()), nth + 101)).await.unwrap();
            assert_eq!(report.into_result().unwrap(), 10);
            assert_eq!(log.take().len(), 11);
            hook.remove();
        }
    }
}
