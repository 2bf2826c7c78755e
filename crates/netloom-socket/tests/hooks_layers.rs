//! Handlers in layers: what one forwards or rewrites goes on to the next layer, by every driver.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[path = "support/handle.rs"]
mod handle;
#[path = "support/hooked.rs"]
mod hooked;
#[path = "support/played.rs"]
mod played;

use std::sync::{Arc, Mutex};

use handle::{Handle, by_async_io, by_nobody, by_tokio};
use hooked::{answer, named, raw, refuse, seen, streamed};
use netloom_socket::hooks::{Hook, Incoming, Outgoing, ReceiveVerdict, Verdict};
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

/// Handlers that note that they were called.
struct Order {
    calls: Arc<Mutex<String>>,
    slow: bool,
}

impl Order {
    fn on(&self, io: &impl Handle<Things>, name: &'static str, decide: fn(&Outgoing<'_>) -> Option<Verdict>) -> Hook {
        let calls = Arc::clone(&self.calls);
        let handler = move |message: &Outgoing<'_>| {
            calls.lock().unwrap().push_str(name);
            decide(message)
        };
        if self.slow { io.on_send_slow(name, GET, handler) } else { io.on_send(name, GET, handler) }
    }
}

each_driver! { Things, Played, Played::new();
    async fn what_is_sent_goes_inward(io, kernel, |options| options) {
        let log = kernel.serve();
        for slow in [false, true] {
            let order = Order { calls: Arc::default(), slow };
            let called = || std::mem::take(&mut *order.calls.lock().unwrap());
            let mut hooks = vec![order.on(&io, "a", |_| None), order.on(&io, "b", |message| moved(message, 1)), order.on(&io, "c", |_| panic!("b has decided"))];
            io.next_layer();
            hooks.push(order.on(&io, "d", |message| moved(message, 10)));
            hooks.push(order.on(&io, "e", |_| panic!("d has decided")));
            io.next_layer();
            hooks.push(order.on(&io, "f", |_| Some(Verdict::Forward)));
            assert_eq!(io.run(ask(5)).await.unwrap().index(), 16);
            assert_eq!(called(), "fdab");
            io.run(all()).await.unwrap();
            streamed(&mut io).await.unwrap();
            assert_eq!(called(), "fdabfdab");
            let put = io.put(GET, 0, &written(&ask(6))).await.unwrap();
            assert_eq!(seen(&io.get(put).await.unwrap()).0, [17]);
            io.send(&raw(GET, nlmsg::ACK, 4711, &written(&ask(7)))).await.unwrap();
            assert_eq!(seen(&io.recv().await.unwrap()).0, [18]);
            let mut found = Vec::new();
            io.pipeline((0..3).map(ask), |nth, thing| found.push((nth, thing.index()))).await.unwrap().into_result().unwrap();
            assert_eq!(found, [(0, 11), (1, 12), (2, 13)]);
            let asked: Vec<u32> = log.take().iter().map(|asked| u32::from_ne_bytes(*asked.payload.first_chunk().unwrap())).collect();
            assert_eq!(asked, [16, 11, 11, 17, 18, 11, 12, 13]);
            called();
            // Who answers or refuses ends it, in whichever layer.
            hooks[5].remove();
            hooks.push(order.on(&io, "g", |message| if message.view::<Thing>()?.index() == 1 { answer(message) } else { None }));
            hooks.push(order.on(&io, "h", refuse));
            assert_eq!(io.run(ask(1)).await.unwrap().index(), 41);
            assert_eq!(io.run(ask(2)).await.unwrap_err().errno(), Some(Errno::EBUSY));
            assert_eq!(called(), "ggh");
            hooks.iter().for_each(Hook::remove);
            assert!(log.take().is_empty());
        }
    }

    async fn what_is_received_goes_outward(io, kernel, |options| options) {
        kernel.serve();
        io.on_receive("first", NEW, |message| called(message, " a"));
        io.on_receive("second", NEW, |_| panic!("the first has decided"));
        io.next_layer();
        io.on_receive("third", NEW, |message| {
            let came = message.view::<Thing>()?.name()?.to_owned();
            (came == "xx a").then_some(ReceiveVerdict::Forward)
        });
        let fourth = io.on_receive("fourth", NEW, |message| called(message, " never"));
        io.next_layer();
        io.on_receive("fifth", NEW, |message| called(message, " b"));
        let made = io.run(netloom_wire::Create::created(add(3))).await.unwrap();
        assert_eq!((made.index(), named(&made)), (3, "xx a b".to_owned()));
        assert_eq!(named(&io.run(ask(4)).await.unwrap()), " a never b");
        fourth.remove();
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
