//! Handlers in the path of messages, over a played kernel: every verdict on every path, by every driver.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[path = "support/handle.rs"]
mod handle;
#[path = "support/played.rs"]
mod played;

use std::sync::{
    Arc, Mutex, OnceLock,
    atomic::{AtomicU32, Ordering},
};

use handle::{Handle, by_async_io, by_nobody, by_tokio};
use netloom_socket::hooks::{Hook, Incoming, Outgoing, ReceiveVerdict, Replies, Verdict};
use netloom_testkit::{Datagram, things::*};
use netloom_wire::{
    Create, Errno, Error, ErrorKind, ExtendedAck, Message, Messages, Notice, Notifications, View, Write, nlmsg,
};
use played::{Played, written};

/// A thing with this number and this name, as its body.
fn thing(index: u32, name: &str) -> Vec<u8> {
    Thing::build(ThingHeader { index }, |w: ThingWriter| w.name(name)).unwrap().bytes().to_vec()
}

/// The same message about the thing 100 places further, with a name, so that it is longer.
fn further(message: &Outgoing<'_>) -> Option<Verdict> {
    let asked = message.view::<Thing>()?;
    let moved = Thing::build(ThingHeader { index: asked.index() + 100 }, |w: ThingWriter| {
        w.copy(asked.tlvs().filter(|tlv| tlv.number() != 1)).name("further")
    });
    Some(message.with_body(moved.unwrap().bytes()).into())
}

/// A message as a request to be sent as bytes.
fn raw(command: u16, flags: u16, sequence: u32, body: &[u8]) -> Vec<u8> {
    Datagram::to(0).message(command, flags | nlmsg::REQUEST, sequence, body).into_bytes()
}

/// Numbers of the things in a datagram, and its other messages as type and errno.
fn seen(datagram: &[u8]) -> (Vec<u32>, Vec<(u16, i32)>) {
    let (mut things, mut ends) = (Vec::new(), Vec::new());
    for message in Messages::new(datagram) {
        match message.header.command() {
            NEW => things.push(Thing::view(message.payload).unwrap().index()),
            other => ends.push((other, i32::from_ne_bytes(*message.payload.first_chunk().unwrap()))),
        }
    }
    (things, ends)
}

fn seen_by_get(replies: &[u8]) -> Vec<u32> {
    seen(replies).0
}

fn listed(list: &netloom_wire::List<Thing>) -> Vec<u32> {
    list.iter().map(Thing::index).collect()
}

async fn streamed(io: &mut impl Handle<Things>) -> netloom_wire::Result<Vec<u32>> {
    let mut indexes = Vec::new();
    io.stream(&all(), |thing| indexes.push(thing.index())).await?;
    Ok(indexes)
}

/// Replies as the fake kernel would give them, but of things from 40 on.
fn answer(message: &Outgoing<'_>) -> Option<Verdict> {
    if message.command() == NEW && message.flags() & nlmsg::ECHO == 0 {
        return Some(Replies::new().into());
    }
    let index = message.view::<Thing>()?.index();
    let replies = if message.is_dump() {
        (40..43).fold(Replies::new(), |all, index| all.reply(NEW, thing(index, "made up")))
    } else {
        Replies::new().reply(NEW, thing(index + 40, "made up"))
    };
    Some(replies.into())
}

fn refuse(_: &Outgoing<'_>) -> Option<Verdict> {
    Some(Replies::new().refuse(Errno::EBUSY, "that is mine").into())
}

/// All ways to ask fail, and nothing reaches the kernel; the texts, without what was asked.
async fn all_fail(io: &mut impl Handle<Things>) -> Vec<Error> {
    let mut errors = vec![
        io.run(ask(1)).await.unwrap_err(),
        io.run(add(1)).await.unwrap_err(),
        io.run(all()).await.unwrap_err(),
        streamed(io).await.unwrap_err(),
    ];
    let report = io.pipeline((0..3).map(ask), |_, _| ()).await.unwrap();
    assert_eq!((report.total, report.failures.len()), (3, 3));
    errors.extend(report.failures.into_iter().map(|(_, error)| error));
    let report = io.pipeline((0..3).map(add), |_, _| ()).await.unwrap();
    assert_eq!((report.total, report.failures.len()), (3, 3));
    errors.extend(report.failures.into_iter().map(|(_, error)| error));
    errors
}

/// Registers the same handler for all messages that are sent.
fn on_all(
    io: &impl Handle<Things>,
    name: &str,
    slow: bool,
    handler: fn(&Outgoing<'_>) -> Option<Verdict>,
) -> [Hook; 2] {
    [NEW, GET].map(|command| match slow {
        true => io.on_send_slow(name, command, handler),
        false => io.on_send(name, command, handler),
    })
}

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

/// Renames the thing that a message is about, and counts.
fn rename(message: &Incoming<'_>) -> Option<ReceiveVerdict> {
    let seen = message.view::<Thing>()?;
    let name = format!("thing-{}-{}", seen.index(), if message.is_notification() { "told" } else { "replied" });
    let renamed = Thing::build(ThingHeader { index: seen.index() }, |w: ThingWriter| {
        w.copy(seen.tlvs().filter(|tlv| tlv.number() != 1)).name(&name)
    });
    Some(ReceiveVerdict::Rewrite(renamed.unwrap().bytes().to_vec()))
}

fn named(thing: &Thing) -> String {
    thing.name().unwrap_or("nameless").to_owned()
}

each_driver! { Things, Played, Played::new();
    async fn received_messages_are_rewritten(io, kernel, |options| options) {
        let group = kernel.0.group();
        let teller = kernel.0.teller();
        kernel.serve();
        let mut things = io.watch(&[group]).unwrap();
        io.on_receive("rename", NEW, rename);
        let replied = |index: u32| format!("thing-{index}-replied");
        assert_eq!(named(&io.run(ask(5)).await.unwrap()), replied(5));
        assert_eq!(named(&io.run(look(6)).await.unwrap()), replied(6));
        assert_eq!(named(&io.run(add(7).created()).await.unwrap()), replied(7));
        io.run(add(7)).await.unwrap();
        let list: Vec<String> = io.run(all()).await.unwrap().iter().map(named).collect();
        assert_eq!(list, [0, 1, 2].map(replied));
        let mut stream = Vec::new();
        io.stream(&all(), |thing| stream.push(named(thing))).await.unwrap();
        assert_eq!(stream, [0, 1, 2].map(replied));
        let mut found = Vec::new();
        let report = io.pipeline((0..300).map(ask), |nth, thing| found.push((nth, named(thing)))).await.unwrap();
        assert_eq!(report.into_result().unwrap(), 300);
        assert_eq!(found, (0..300u32).map(|nth| (u64::from(nth), replied(nth))).collect::<Vec<_>>());
        let put = io.put(GET, 0, &written(&ask(8))).await.unwrap();
        let names = |datagram: &[u8]| -> Vec<String> {
            let things = Messages::new(datagram).filter(|message| message.header.command() == NEW);
            things.map(|message| named(Thing::view(message.payload).unwrap())).collect()
        };
        assert_eq!(names(&io.get(put).await.unwrap()), [replied(8)]);
        io.send(&raw(GET, nlmsg::ACK, 4711, &written(&ask(9)))).await.unwrap();
        let datagram = io.recv().await.unwrap();
        assert_eq!((names(&datagram), seen(&datagram)), (vec![replied(9)], (vec![9], vec![(nlmsg::ERROR, 0)])));
        assert!(Messages::new(&datagram).all(|message| message.header.sequence() == 4711));
        for index in 20..23 {
            teller.tell(&Datagram::to(0).thing(0, 0, index).thing(0, 0, index + 10));
        }
        for index in [20, 30, 21, 31, 22, 32] {
            let Notice::Message { command: NEW, payload, .. } = things.next().await.unwrap() else { panic!("lost") };
            assert_eq!(named(Thing::view(payload).unwrap()), format!("thing-{index}-told"));
        }
        assert!(things.try_next().unwrap().is_none());
    }

    /// Also what a handler for what is sent returned.
    async fn what_is_returned_is_received(io, kernel, |options| options) {
        let log = kernel.serve();
        on_all(&io, "answer", false, answer);
        io.on_receive("rename", NEW, rename);
        assert_eq!(named(&io.run(ask(5)).await.unwrap()), "thing-45-replied");
        assert_eq!(named(io.run(all()).await.unwrap().first().unwrap()), "thing-40-replied");
        let mut found = Vec::new();
        io.pipeline((0..2).map(ask), |_, thing| found.push(named(thing))).await.unwrap().into_result().unwrap();
        assert_eq!(found, ["thing-40-replied", "thing-41-replied"]);
        let put = io.put(GET, 0, &written(&ask(8))).await.unwrap();
        let got = io.get(put).await.unwrap();
        assert_eq!(named(Thing::view(Messages::new(&got).next().unwrap().payload).unwrap()), "thing-48-replied");
        io.send(&raw(GET, nlmsg::ACK, 4711, &written(&ask(9)))).await.unwrap();
        let got = io.recv().await.unwrap();
        assert_eq!(named(Thing::view(Messages::new(&got).next().unwrap().payload).unwrap()), "thing-49-replied");
        assert!(log.take().is_empty());
    }

    async fn what_is_refused_on_its_way_in_ends_the_request(io, kernel, |options| options) {
        let group = kernel.0.group();
        let teller = kernel.0.teller();
        kernel.serve();
        let mut things = io.watch(&[group]).unwrap();
        let hook = io.on_receive("censor", NEW, |message| {
            let index = message.view::<Thing>()?.index();
            (index % 2 == 1).then(|| Error::new(ErrorKind::InvalidInput, "odd").into())
        });
        let is_refused = |error: &Error| error.kind() == ErrorKind::Proxy && error.to_string().ends_with(": proxy `censor`: odd");
        assert!(is_refused(&io.run(ask(5)).await.unwrap_err()));
        assert_eq!(io.run(ask(6)).await.unwrap().index(), 6);
        assert!(is_refused(&io.run(look(7)).await.unwrap_err()));
        assert!(is_refused(&io.run(all()).await.unwrap_err()));
        let mut seen_first = Vec::new();
        let error = io.stream(&all(), |thing| seen_first.push(thing.index())).await.unwrap_err();
        assert!(is_refused(&error) && seen_first == [0], "{error}");
        let mut found = Vec::new();
        let report = io.pipeline((0..100).map(ask), |nth, thing| found.push((nth, thing.index()))).await.unwrap();
        assert_eq!((report.total, report.failures.len(), found.len()), (100, 50, 50));
        assert!(report.failures.iter().all(|(nth, error)| nth % 2 == 1 && is_refused(error)));
        let put = io.put(GET, 0, &written(&ask(9))).await.unwrap();
        assert_eq!(io.get(put).await.unwrap_err().to_string(), "proxy `censor`: odd");
        io.send(&raw(GET, nlmsg::ACK, 4711, &written(&ask(9)))).await.unwrap();
        assert_eq!(io.recv().await.unwrap_err().to_string(), "proxy `censor`: odd");
        // A subscription goes on.
        (1..4).for_each(|index| teller.tell(&Datagram::to(0).thing(0, 0, index)));
        assert_eq!(things.next().await.unwrap_err().to_string(), "proxy `censor`: odd");
        let Notice::Message { payload, .. } = things.next().await.unwrap() else { panic!("lost") };
        assert_eq!(Thing::view(payload).unwrap().index(), 2);
        assert!(things.next().await.is_err());
        hook.remove();
        teller.tell(&Datagram::to(0).thing(0, 0, 5));
        assert!(matches!(things.next().await.unwrap(), Notice::Message { .. }));
        assert_eq!(io.run(ask(5)).await.unwrap().index(), 5);
    }

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
                hook.remove();
                log.take();
            }
        }
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

    /// Registered while a stream is read and a subscription is open, it is called from the next datagram on; a handler
    /// for what is sent also of sockets that are opened later.
    async fn a_handler_is_for_all_sockets_of_a_handle(io, kernel, |options| options) {
        let group = kernel.0.group();
        let teller = kernel.0.teller();
        kernel.serve();
        let mut things = io.watch(&[group]).unwrap();
        teller.tell(&Datagram::to(0).thing(0, 0, 1));
        assert!(matches!(things.next().await.unwrap(), Notice::Message { payload: &[1, 0, 0, 0], .. }));
        let hook = io.on_receive("rename", NEW, rename);
        teller.tell(&Datagram::to(0).thing(0, 0, 2));
        let Notice::Message { payload, .. } = things.next().await.unwrap() else { panic!("lost") };
        assert_eq!(named(Thing::view(payload).unwrap()), "thing-2-told");
        hook.remove();
        teller.tell(&Datagram::to(0).thing(0, 0, 3));
        assert!(matches!(things.next().await.unwrap(), Notice::Message { payload: &[3, 0, 0, 0], .. }));
    }

    /// A body that is longer than netloom's own buffer.
    async fn a_long_rewritten_object(io, kernel, |options| options.largest_datagram(256)) {
        kernel.serve();
        let name = "y".repeat(5000);
        let longer = name.clone();
        io.on_receive("longer", NEW, move |message| {
            Some(ReceiveVerdict::Rewrite(thing(message.view::<Thing>()?.index(), &longer)))
        });
        let mut indexes = Vec::new();
        io.stream(&all(), |thing| {
            assert_eq!(thing.name(), Some(&*name));
            indexes.push(thing.index());
        }).await.unwrap();
        assert_eq!(indexes, [0, 1, 2]);
        assert_eq!(io.run(ask(4)).await.unwrap().name(), Some(&*name));
    }
}
