//! Handlers for what is received, over a played kernel: every verdict on every path, by every driver.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[path = "support/handle.rs"]
mod handle;
#[path = "support/hooked.rs"]
mod hooked;
#[path = "support/played.rs"]
mod played;

use handle::{Handle, by_async_io, by_nobody, by_tokio};
use hooked::{answer, named, on_all, raw, rename, seen, thing};
use netloom_socket::hooks::ReceiveVerdict;
use netloom_testkit::{Datagram, things::*};
use netloom_wire::{Create, Error, ErrorKind, Messages, Notice, Notifications, View, nlmsg};
use played::{Played, written};

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

    /// A handler that puts something behind everything sees what it put there, and nothing is put behind that.
    async fn one_message_becomes_several(io, kernel, |options| options) {
        let group = kernel.0.group();
        let teller = kernel.0.teller();
        kernel.serve();
        let mut things = io.watch(&[group]).unwrap();
        let hook = io.on_receive("double", NEW, |message| {
            let index = message.view::<Thing>()?.index();
            Some(ReceiveVerdict::Several(vec![thing(index, "first"), thing(index + 50, "second")]))
        });
        let list: Vec<_> = io.run(all()).await.unwrap().iter().map(|thing| (thing.index(), named(thing))).collect();
        let doubled = [0, 50, 1, 51, 2, 52].map(|index| (index, "first".to_owned()));
        assert_eq!(list, doubled);
        let mut stream = Vec::new();
        io.stream(&all(), |thing| stream.push(thing.index())).await.unwrap();
        assert_eq!(stream, doubled.iter().map(|(index, _)| *index).collect::<Vec<_>>());
        io.send(&raw(GET, nlmsg::ACK, 4711, &written(&ask(9)))).await.unwrap();
        assert_eq!(seen(&io.recv().await.unwrap()), (vec![9, 59], vec![(nlmsg::ERROR, 0)]));
        teller.tell(&Datagram::to(0).thing(0, 0, 20).thing(0, 0, 30));
        for index in [20, 70, 30, 80] {
            let Notice::Message { command: NEW, payload, .. } = things.next().await.unwrap() else { panic!("lost") };
            assert_eq!(Thing::view(payload).unwrap().index(), index);
        }
        assert!(things.try_next().unwrap().is_none());
        hook.remove();
        io.on_receive("nothing", NEW, |_| Some(ReceiveVerdict::Several(Vec::new())));
        let error = io.run(ask(5)).await.unwrap_err().to_string();
        assert!(error.ends_with("proxy `nothing`: made nothing of what came"), "{error}");
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
