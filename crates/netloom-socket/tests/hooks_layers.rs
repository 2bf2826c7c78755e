//! Layers: what a registered handler forwards or rewrites goes on to those of the kit, and the other way round, by every
//! driver.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[path = "support/handle.rs"]
mod handle;
#[path = "support/hooked.rs"]
mod hooked;
#[path = "support/played.rs"]
mod played;

use std::sync::{Arc, LazyLock, Mutex};

use handle::{Handle, by_async_io, by_nobody, by_tokio};
use hooked::{answer, named, raw, refuse, seen, streamed};
use netloom_socket::hooks::{Hook, Incoming, Kit, Outgoing, ReceiveVerdict, Verdict};
use netloom_testkit::things::*;
use netloom_wire::{Errno, Message, View, Write, nlmsg};
use played::{Played, written};

/// The thing that a message is about, with so much added to its number.
fn moved(message: &Outgoing<'_>, by: u32) -> Option<Verdict> {
    let asked = message.view::<Thing>()?;
    let thing = Thing::build(ThingHeader { index: asked.index() + by }, |w| w.copy(asked.tlvs()));
    Some(message.with_body(thing.ok()?.bytes()).into())
}

/// The thing that came, with a word behind its name.
fn called(message: &Incoming<'_>, word: &str) -> Option<ReceiveVerdict> {
    let came = message.view::<Thing>()?;
    let name = format!("{}{word}", came.name().unwrap_or_default());
    let thing = Thing::build(ThingHeader { index: came.index() }, |w| w.name(&name));
    Some(ReceiveVerdict::Rewrite(thing.ok()?.bytes().to_vec()))
}

/// A kit whose handlers note that they were called.
type Calls = Mutex<String>;

static KIT: LazyLock<Kit<Calls>> = LazyLock::new(|| {
    let note = |calls: &Calls, name: &str| calls.lock().unwrap().push_str(name);
    Kit::new()
        .on_send::<Things>("a", GET, move |calls, _| {
            note(calls, "a");
            None
        })
        .on_send_slow_if::<Things>(
            "b",
            GET,
            |_, message| message.view::<Thing>().is_some_and(|thing| thing.index() < 1000),
            move |calls, message| {
                note(calls, "b");
                moved(message, 1)
            },
        )
        .on_send::<Things>("c", GET, |_, message| {
            assert!(message.view::<Thing>().is_some_and(|thing| thing.index() >= 1000), "b has decided");
            None
        })
        .on_receive::<Things>("first", NEW, |_, message| called(message, " a"))
        .on_receive::<Things>("second", NEW, |_, _| panic!("the first has decided"))
});

/// Registers a handler that notes that it was called.
fn on(
    io: &impl Handle<Things>,
    calls: &Arc<Calls>,
    name: &'static str,
    slow: bool,
    decide: fn(&Outgoing<'_>) -> Option<Verdict>,
) -> Hook {
    let calls = Arc::clone(calls);
    let handler = move |message: &Outgoing<'_>| {
        calls.lock().unwrap().push_str(name);
        decide(message)
    };
    if slow { io.on_send_slow(name, GET, handler) } else { io.on_send(name, GET, handler) }
}

each_driver! { Things, Played, Played::new();
    async fn what_is_sent_goes_inward(io, kernel, |options| options) {
        let log = kernel.serve();
        let calls = Arc::new(Calls::default());
        io.carry(&KIT, &calls).unwrap();
        let called = || std::mem::take(&mut *calls.lock().unwrap());
        for slow in [false, true] {
            let mut hooks = vec![on(&io, &calls, "d", slow, |message| moved(message, 10))];
            hooks.push(on(&io, &calls, "e", slow, |_| panic!("d has decided")));
            assert_eq!(io.run(ask(5)).await.unwrap().index(), 16);
            assert_eq!(called(), "dab");
            io.run(all()).await.unwrap();
            streamed(&mut io).await.unwrap();
            assert_eq!(called(), "dabdab");
            let put = io.put(GET, 0, &written(&ask(6))).await.unwrap();
            assert_eq!(seen(&io.get(put).await.unwrap()).0, [17]);
            io.send(&raw(GET, nlmsg::ACK, 4711, &written(&ask(7)))).await.unwrap();
            assert_eq!(seen(&io.recv().await.unwrap()).0, [18]);
            let mut found = Vec::new();
            io.pipeline((0..3).map(ask), |nth, thing| found.push((nth, thing.index()))).await.unwrap().into_result().unwrap();
            assert_eq!(found, [(0, 11), (1, 12), (2, 13)]);
            let asked: Vec<u32> = log.take().iter().map(|asked| u32::from_ne_bytes(*asked.payload.first_chunk().unwrap())).collect();
            assert_eq!(asked, [16, 11, 11, 17, 18, 11, 12, 13]);
            hooks.iter().for_each(Hook::remove);
            called();
            // What is forwarded goes on, too, as it was.
            hooks.push(on(&io, &calls, "f", slow, |_| Some(Verdict::Forward)));
            hooks.push(on(&io, &calls, "g", slow, |_| panic!("f has decided")));
            assert_eq!(io.run(ask(5)).await.unwrap().index(), 6);
            assert_eq!(io.run(ask(1005)).await.unwrap().index(), 1005);
            assert_eq!(called(), "fabfa");
            hooks.iter().for_each(Hook::remove);
            log.take();
            // Who answers or refuses ends it.
            hooks.push(on(&io, &calls, "h", slow, |message| if message.view::<Thing>()?.index() == 1 { answer(message) } else { None }));
            hooks.push(on(&io, &calls, "i", slow, refuse));
            assert_eq!(io.run(ask(1)).await.unwrap().index(), 41);
            assert_eq!(io.run(ask(2)).await.unwrap_err().errno(), Some(Errno::EBUSY));
            assert_eq!(called(), "hhi");
            hooks.iter().for_each(Hook::remove);
            assert!(log.take().is_empty());
        }
    }

    async fn what_is_received_goes_outward(io, kernel, |options| options) {
        kernel.serve();
        // Registered before the kit came, it stands farther out all the same.
        let early = io.on_receive("early", NEW, |message| {
            let came = message.view::<Thing>()?.name()?.to_owned();
            assert!(came.ends_with(" a"), "{came}");
            (came == "xx a").then_some(ReceiveVerdict::Forward)
        });
        io.carry(&KIT, &Arc::default()).unwrap();
        io.on_receive("late", NEW, |message| called(message, " b"));
        assert_eq!(named(&io.run(netloom_wire::Create::created(add(3))).await.unwrap()), "xx a", "the early one has decided");
        assert_eq!(named(&io.run(ask(1000)).await.unwrap()), " a b");
        early.remove();
        assert_eq!(named(&io.run(netloom_wire::Create::created(add(3))).await.unwrap()), "xx a b");
        let mut found = Vec::new();
        io.stream(&all(), |thing| found.push(named(thing))).await.unwrap();
        assert_eq!(found, [" a b"; 3]);
        assert_eq!(io.run(all()).await.unwrap().iter().map(named).collect::<Vec<_>>(), [" a b"; 3]);
        io.send(&raw(GET, nlmsg::ACK, 4711, &written(&ask(7)))).await.unwrap();
        let came = io.recv().await.unwrap();
        let thing = netloom_wire::Messages::new(&came).next().unwrap();
        assert_eq!(named(Thing::view(thing.payload).unwrap()), " a b");
    }
}
