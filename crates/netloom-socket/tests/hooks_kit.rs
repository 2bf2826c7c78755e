//! Kits: handlers that are made once, and told of each socket what it has given them to know.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[path = "support/handle.rs"]
mod handle;
#[path = "support/played.rs"]
mod played;

use std::sync::{
    Arc, LazyLock,
    atomic::{AtomicU32, Ordering},
};

use handle::{Handle, by_async_io, by_nobody, by_tokio};
use netloom_socket::hooks::{Kit, ReceiveVerdict, Replies, Verdict};
use netloom_testkit::{Datagram, things::*};
use netloom_wire::{Errno, ErrorKind, Notice, Notifications, View};
use played::Played;

/// What a socket gives to know: whom it does not let pass, and what it has seen.
#[derive(Debug, Default)]
struct Known {
    barred: u32,
    asked: AtomicU32,
    slow: AtomicU32,
}

/// Refuses to add what is barred, at once or slowly, and shows things with 1,000 more than they have.
static KIT: LazyLock<Kit<Known>> = LazyLock::new(|| {
    let refused = || Some(Verdict::Return(Replies::new().refuse(Errno::EPERM, "barred")));
    Kit::new()
        .on_send::<Things>("at once", NEW, move |known: &Known, message| {
            known.asked.fetch_add(1, Ordering::Relaxed);
            let thing = message.view::<Thing>()?;
            if thing.index() == known.barred { refused() } else { None }
        })
        .on_send_slow_if::<Things>(
            "slowly",
            NEW,
            |known: &Known, message| message.view::<Thing>().is_some_and(|thing| thing.index() == known.barred + 1),
            move |known, _| {
                known.slow.fetch_add(1, Ordering::Relaxed);
                refused()
            },
        )
        .on_receive::<Things>("shown", NEW, |known: &Known, message| {
            let thing = message.view::<Thing>()?;
            let mut body = message.body().to_vec();
            body.get_mut(..4)?.copy_from_slice(&(thing.index() + 1000 + known.barred).to_ne_bytes());
            Some(ReceiveVerdict::Rewrite(body))
        })
});

fn knowing(barred: u32) -> Arc<Known> {
    Arc::new(Known { barred, ..Known::default() })
}

each_driver! { Things, Played, Played::new();
    async fn each_socket_of_a_kit_has_its_own_knowledge(io, kernel, |options| options) {
        let mut other = H::open(&kernel.options());
        let log = kernel.serve();
        let (first, second) = (knowing(3), knowing(5));
        io.carry(&KIT, &first).unwrap();
        other.carry(&KIT, &second).unwrap();
        for (io, barred) in [(&mut io, 3), (&mut other, 5)] {
            for index in 1..8 {
                let outcome = io.run(add(index)).await;
                assert_eq!(outcome.is_err(), (barred..=barred + 1).contains(&index), "{index} of {barred}: {outcome:?}");
            }
            assert_eq!(io.run(ask(1)).await.unwrap().index(), 1001 + barred);
        }
        for known in [first, second] {
            assert_eq!([&known.asked, &known.slow].map(|seen| seen.load(Ordering::Relaxed)), [7, 1], "{known:?}");
        }
        assert_eq!(log.take().len(), 2 * 6, "what was refused was sent");
    }

    /// In the order of registration, and what is registered and removed beside a kit leaves that as it is.
    async fn a_kit_stands_among_other_handlers(io, kernel, |options| options) {
        let _log = kernel.serve();
        let known = knowing(3);
        let before = io.on_send("before", NEW, |message| {
            (message.view::<Thing>()?.index() == 3).then_some(Verdict::Return(Replies::new()))
        });
        io.carry(&KIT, &known).unwrap();
        let behind = io.on_send("behind", NEW, |_| Some(Verdict::Return(Replies::new().refuse(Errno::EBUSY, "full"))));
        io.run(add(3)).await.unwrap();
        assert_eq!(io.run(add(1)).await.unwrap_err().errno(), Some(Errno::EBUSY));
        before.remove();
        behind.remove();
        assert_eq!(io.run(add(3)).await.unwrap_err().errno(), Some(Errno::EPERM));
        io.run(add(1)).await.unwrap();
        assert_eq!(io.run(ask(1)).await.unwrap().index(), 1004);
    }

    async fn a_socket_carries_one_kit(io, kernel, |options| options) {
        let _log = kernel.serve();
        io.carry(&KIT, &knowing(3)).unwrap();
        assert_eq!(io.carry(&KIT, &knowing(1)).unwrap_err().kind(), ErrorKind::Misuse);
        io.run(add(1)).await.unwrap();
        assert!(io.run(add(3)).await.is_err());
    }

    async fn subscriptions_have_the_kit_of_their_socket(io, kernel, |options| options) {
        io.carry(&KIT, &knowing(3)).unwrap();
        let mut things = io.watch(&[kernel.0.group()]).unwrap();
        kernel.0.tell(&Datagram::to(0).thing(0, 0, 1));
        let Notice::Message { payload, .. } = things.next().await.unwrap() else { panic!("lost") };
        assert_eq!(Thing::view(payload).map(Thing::index), Some(1004));
    }
}
