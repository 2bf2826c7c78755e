//! Handlers for what is sent, over a played kernel: every verdict on every path, by every driver.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[path = "support/handle.rs"]
mod handle;
#[path = "support/hooked.rs"]
mod hooked;
#[path = "support/played.rs"]
mod played;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering},
};

use handle::{Handle, by_async_io, by_nobody, by_tokio};
use hooked::{all_fail, answer, further, listed, on_all, raw, refuse, seen, seen_by_get, streamed};
use netloom_socket::hooks::{Hook, Outgoing, Verdict};
use netloom_testkit::things::*;
use netloom_wire::{Create, Errno, Error, ErrorKind, ExtendedAck, Messages, View, nlmsg};
use played::{Played, written};

each_driver! { Things, Played, Played::new();
    /// A handler sees each message once, however it is sent; what it does not decide goes its way unchanged.
    async fn forwarded_messages_are_unchanged(io, kernel, |options| options) {
        let log = kernel.serve();
        let calls = Arc::new(Mutex::new(Vec::new()));
        for (verdict, slow) in [(false, false), (true, false), (false, true), (true, true)] {
            let noted = Arc::clone(&calls);
            let handler = move |message: &Outgoing<'_>| {
                let index = message.view::<Thing>().unwrap().index();
                noted.lock().unwrap().push((message.command(), message.flags(), index, message.body().len()));
                verdict.then_some(Verdict::Forward)
            };
            let handler = Arc::new(handler);
            let hooks = [NEW, GET].map(|command| {
                let handler = Arc::clone(&handler);
                match slow {
                    true => io.on_send_slow("watcher", command, move |message| handler(message)),
                    false => io.on_send("watcher", command, move |message| handler(message)),
                }
            });
            assert_eq!(io.run(ask(5)).await.unwrap().index(), 5);
            assert_eq!(io.run(look(6)).await.unwrap().index(), 6);
            io.run(add(7)).await.unwrap();
            assert_eq!(io.run(add(8).created()).await.unwrap().index(), 8);
            assert_eq!(listed(&io.run(all()).await.unwrap()), [0, 1, 2]);
            assert_eq!(streamed(&mut io).await.unwrap(), [0, 1, 2]);
            io.pipeline((10..12).map(add), |_, _| ()).await.unwrap().into_result().unwrap();
            let put = io.put(GET, 0, &written(&ask(13))).await.unwrap();
            assert_eq!(seen_by_get(&io.get(put).await.unwrap()), [13]);
            io.send(&[raw(GET, 0, 77, &written(&ask(14))), raw(NEW, nlmsg::ACK, 78, &written(&add(15)))].concat()).await.unwrap();
            assert_eq!(seen(&io.recv().await.unwrap()), (vec![14], vec![(nlmsg::ERROR, 0)]));
            let asked = log.take();
            let expected: Vec<_> = asked.iter().map(|asked| {
                let index = u32::from_ne_bytes(*asked.payload.first_chunk().unwrap());
                (asked.command, asked.flags & !(nlmsg::REQUEST | nlmsg::ACK), index, asked.payload.len())
            }).collect();
            let seen = std::mem::take(&mut *calls.lock().unwrap());
            assert_eq!((seen.len(), &seen), (11, &expected));
            hooks.iter().for_each(Hook::remove);
        }
        io.run(ask(5)).await.unwrap();
        assert!(calls.lock().unwrap().is_empty(), "they were removed");
    }

    async fn rewritten_messages_are_what_the_kernel_gets(io, kernel, |options| options) {
        let log = kernel.serve();
        for slow in [false, true] {
            let hooks = on_all(&io, "further", slow, further);
            let got = io.run(ask(5)).await.unwrap();
            assert_eq!((got.index(), got.name()), (105, Some("further")));
            assert_eq!(io.run(look(5)).await.unwrap().index(), 105);
            io.run(add(6)).await.unwrap();
            assert_eq!(io.run(add(7).created()).await.unwrap().index(), 107);
            io.run(all()).await.unwrap();
            streamed(&mut io).await.unwrap();
            let mut found = Vec::new();
            let report = io.pipeline((0..300).map(ask), |nth, thing| found.push((nth, thing.index()))).await.unwrap();
            assert_eq!(report.into_result().unwrap(), 300);
            assert_eq!(found, (0..300).map(|nth| (nth, nth as u32 + 100)).collect::<Vec<_>>());
            let put = io.put(GET, 0, &written(&ask(8))).await.unwrap();
            assert_eq!(seen_by_get(&io.get(put).await.unwrap()), [108]);
            io.send(&raw(GET, nlmsg::ACK, 4711, &written(&ask(9)))).await.unwrap();
            let datagram = io.recv().await.unwrap();
            assert_eq!(seen(&datagram), (vec![109], vec![(nlmsg::ERROR, 0)]));
            assert!(Messages::new(&datagram).all(|message| message.header.sequence() == 4711));
            let asked = log.take();
            assert!(asked.iter().all(|asked| Thing::view(&asked.payload).unwrap().name() == Some("further")));
            // What was there besides is still there: the part of a thing that is added.
            assert!(Thing::view(&asked[2].payload).unwrap().part().is_some_and(|part| part.size() == Some(1)));
            assert_eq!(asked.iter().filter(|asked| asked.is_dump()).count(), 2);
            hooks.iter().for_each(Hook::remove);
        }
    }

    /// Another command and other flags, too.
    async fn an_order_may_become_another(io, kernel, |options| options) {
        let log = kernel.serve();
        io.on_send("turn", NEW, |message| {
            let mut other = message.with_body(message.body());
            (other.command, other.flags) = (GET, nlmsg::REPLACE);
            Some(other.into())
        });
        io.run(add(5)).await.unwrap();
        let asked = log.take();
        assert_eq!((asked.len(), asked[0].command), (1, GET));
        assert_eq!(asked[0].flags, nlmsg::REQUEST | nlmsg::ACK | nlmsg::REPLACE);
    }

    async fn what_is_returned_is_as_the_kernel_s(io, kernel, |options| options) {
        let log = kernel.serve();
        for slow in [false, true] {
            let hooks = on_all(&io, "answer", slow, answer);
            let got = io.run(ask(5)).await.unwrap();
            assert_eq!((got.index(), got.name()), (45, Some("made up")));
            assert_eq!(io.run(look(5)).await.unwrap().index(), 45);
            io.run(add(6)).await.unwrap();
            assert_eq!(io.run(add(7).created()).await.unwrap().index(), 47);
            let list = io.run(all()).await.unwrap();
            assert_eq!((listed(&list), list.is_interrupted()), (vec![40, 41, 42], false));
            assert_eq!(streamed(&mut io).await.unwrap(), [40, 41, 42]);
            let mut found = Vec::new();
            let report = io.pipeline((0..300).map(ask), |nth, thing| found.push((nth, thing.index()))).await.unwrap();
            assert_eq!(report.into_result().unwrap(), 300);
            assert_eq!(found, (0..300).map(|nth| (nth, nth as u32 + 40)).collect::<Vec<_>>());
            io.pipeline((0..300).map(add), |_, _| ()).await.unwrap().into_result().unwrap();
            let (one, all) = (io.put(GET, 0, &written(&ask(8))).await.unwrap(), io.put(GET, nlmsg::DUMP, &written(&all())).await.unwrap());
            let answer = io.get(all).await.unwrap();
            assert!(Messages::new(&answer).all(|message| message.header.sequence() == all));
            assert_eq!(seen_by_get(&answer), [40, 41, 42]);
            assert_eq!(seen_by_get(&io.get(one).await.unwrap()), [48]);
            assert_eq!(io.get(one).await.unwrap_err().kind(), ErrorKind::Misuse, "it was given once");
            assert!(log.take().is_empty(), "nothing reached the kernel");
            hooks.iter().for_each(Hook::remove);
            assert_eq!(io.run(ask(5)).await.unwrap().index(), 5, "the socket goes on");
            assert_eq!(log.take().len(), 1);
        }
    }

    /// Messages of one datagram, some of which a handler answers: the answers come in the order of the requests.
    async fn bytes_are_answered_in_their_order(io, kernel, |options| options) {
        let log = kernel.serve();
        io.on_send("even", GET, |message| {
            if message.is_dump() || message.view::<Thing>()?.index() % 2 == 0 { answer(message) } else { None }
        });
        let asks = [2, 1, 4, 6].map(|index| raw(GET, nlmsg::ACK, index, &written(&ask(index))));
        io.send(&asks.concat()).await.unwrap();
        let mut datagrams = Vec::new();
        for _ in 0..4 {
            datagrams.push(seen(&io.recv().await.unwrap()));
        }
        // The played kernel is another thread: what it says may come late.
        let own: Vec<_> = datagrams.iter().filter(|(things, _)| things[0] >= 40).cloned().collect();
        let acknowledged = |index| (vec![index], vec![(nlmsg::ERROR, 0)]);
        assert_eq!(own, [acknowledged(42), acknowledged(44), acknowledged(46)]);
        assert!(datagrams.contains(&acknowledged(1)));
        io.send(&raw(GET, nlmsg::DUMP, 5, &written(&all()))).await.unwrap();
        let datagram = io.recv().await.unwrap();
        assert_eq!(seen(&datagram), (vec![40, 41, 42], vec![(nlmsg::DONE, 0)]));
        assert!(Messages::new(&datagram).all(|message| message.header.flags() & nlmsg::MULTI != 0));
        assert!(Messages::new(&datagram).all(|message| message.header.port() == io.port()));
        assert_eq!(log.take().len(), 1);
    }

    /// What a handler answers and nobody receives is lost as what the kernel does: with an error, and the socket goes on.
    async fn answers_that_nobody_receives_are_bounded(io, kernel, |options| options.receive_buffer(1 << 16)) {
        let log = kernel.serve();
        io.on_send("answer", GET, answer);
        for sequence in 1..1000 {
            io.send(&raw(GET, nlmsg::ACK, sequence, &written(&ask(1)))).await.unwrap();
        }
        let mut kept = 0;
        let lost = loop {
            match io.recv().await {
                Ok(_) => kept += 1,
                Err(error) => break error,
            }
        };
        assert!((10..500).contains(&kept), "{kept}");
        assert_eq!((lost.errno(), io.overruns()), (Some(Errno::ENOBUFS), 1));
        io.send(&raw(GET, nlmsg::ACK, 2000, &written(&ask(1)))).await.unwrap();
        assert_eq!(seen(&io.recv().await.unwrap()).0, [41]);
        assert!(log.take().is_empty());
    }

    /// One in three is answered by a handler, the others by the kernel.
    async fn a_pipeline_keeps_the_order_of_replies(io, kernel, |options| options) {
        let log = kernel.serve();
        for slow in [false, true] {
            let handler = |message: &Outgoing<'_>| if message.view::<Thing>()?.index() % 3 == 0 { answer(message) } else { None };
            let hook = if slow { io.on_send_slow("third", GET, handler) } else { io.on_send("third", GET, handler) };
            let mut found = Vec::new();
            let report = io.pipeline((0..200).map(ask), |nth, thing| found.push((nth, thing.index()))).await.unwrap();
            assert_eq!(report.into_result().unwrap(), 200);
            let expected = |nth: u32| if nth % 3 == 0 { nth + 40 } else { nth };
            assert_eq!(found, (0..200).map(|nth| (u64::from(nth), expected(nth))).collect::<Vec<_>>());
            assert_eq!(log.take().len(), 133);
            hook.remove();
        }
    }

    async fn what_is_refused_is_as_by_the_kernel(io, kernel, |options| options) {
        let log = kernel.serve();
        for slow in [false, true] {
            let hooks = on_all(&io, "mine", slow, refuse);
            for error in all_fail(&mut io).await {
                assert_eq!((error.kind(), error.errno()), (ErrorKind::Kernel, Some(Errno::EBUSY)));
                assert!(error.to_string().ends_with(": Device or resource busy (EBUSY): that is mine"), "{error}");
                assert!(error.asked().is_some_and(|asked| asked.contains("thing ")), "{error}");
            }
            let put = io.put(GET, 0, &written(&ask(8))).await.unwrap();
            assert_eq!(io.get(put).await.unwrap_err().to_string(), "Device or resource busy (EBUSY): that is mine");
            io.send(&[raw(GET, 0, 1, &written(&ask(1))), raw(GET, nlmsg::DUMP, 2, &written(&all()))].concat()).await.unwrap();
            assert_eq!(seen(&io.recv().await.unwrap()), (vec![], vec![(nlmsg::ERROR, -libc::EBUSY)]));
            assert_eq!(seen(&io.recv().await.unwrap()), (vec![], vec![(nlmsg::DONE, -libc::EBUSY)]));
            assert!(log.take().is_empty(), "nothing reached the kernel");
            hooks.iter().for_each(Hook::remove);
        }
    }

    async fn an_error_names_its_handler(io, kernel, |options| options) {
        let log = kernel.serve();
        for slow in [false, true] {
            let hooks = on_all(&io, "guard", slow, |_| Some(Error::new(ErrorKind::InvalidInput, "not today").into()));
            for error in all_fail(&mut io).await {
                assert_eq!((error.kind(), error.errno()), (ErrorKind::Proxy, None));
                assert!(error.to_string().ends_with(": proxy `guard`: not today"), "{error}");
                assert!(error.asked().is_some_and(|asked| asked.contains("thing ")), "{error}");
            }
            let put = io.put(GET, 0, &written(&ask(8))).await.unwrap_err();
            assert_eq!(put.to_string(), "proxy `guard`: not today");
            let two = [raw(41, 0, 1, &written(&ask(1))), raw(GET, 0, 2, &written(&ask(2)))].concat();
            assert_eq!(io.send(&two).await.unwrap_err().to_string(), "proxy `guard`: not today");
            assert!(log.take().is_empty(), "nothing reached the kernel, nor what came before in the datagram");
            hooks.iter().for_each(Hook::remove);
        }
        // What the kernel told the handler stays readable.
        io.on_send("asks", NEW, |_| Some(Error::kernel(Errno::ENODEV, ExtendedAck::default()).about("get link v0").into()));
        let error = io.run(add(1)).await.unwrap_err();
        assert_eq!(error.to_string(), "add thing 1: proxy `asks`: get link v0: No such device (ENODEV)");
        assert!(error.is_not_found() && error.kind() == ErrorKind::Proxy);
    }

    /// Another family's numbers, other commands, and messages that only look alike.
    async fn other_commands_pass(io, kernel, |options| options) {
        let log = kernel.serve();
        let calls = Arc::new(AtomicU32::new(0));
        for command in [NEW + 64, GET + 64, GET + 1, nlmsg::DONE, 0] {
            let (sent, received) = (Arc::clone(&calls), Arc::clone(&calls));
            io.on_send("other", command, move |_| { sent.fetch_add(1, Ordering::Relaxed); None });
            io.on_receive("other", command, move |_| { received.fetch_add(1, Ordering::Relaxed); None });
        }
        io.run(ask(5)).await.unwrap();
        io.run(add(5)).await.unwrap();
        io.run(all()).await.unwrap();
        io.send(&raw(GET, nlmsg::ACK, 4711, &written(&ask(9)))).await.unwrap();
        io.recv().await.unwrap();
        assert_eq!((calls.load(Ordering::Relaxed), log.take().len()), (0, 4));
    }
}
