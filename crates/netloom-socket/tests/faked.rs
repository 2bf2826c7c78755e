//! One body, every driver, over a played kernel: what the real one does not do on demand.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[path = "support/handle.rs"]
mod handle;
#[path = "support/played.rs"]
mod played;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use handle::{Handle, by_async_io, by_nobody, by_tokio};
use netloom_socket::{RawSocket, SocketOptions};
use netloom_testkit::{Asked, Datagram, attribute, things::*};
use netloom_wire::{ErrorKind, Messages, Notice, Notifications, View, nlmsg};
use played::{Played, written};

/// Counts dumps, and plays the first `disturbed` of them as interrupted.
fn interrupted(kernel: Played, disturbed: u32) -> Arc<AtomicU32> {
    let dumps = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&dumps);
    kernel.answer(move |out, request| {
        let mark = if counted.fetch_add(1, Ordering::Relaxed) < disturbed { nlmsg::DUMP_INTR } else { 0 };
        let first = out.thing(nlmsg::MULTI, request.sequence, 1);
        first.thing(nlmsg::MULTI | mark, request.sequence, 2).done(request.sequence, 0)
    });
    dumps
}

/// A thing whose message has some 2,000 bytes.
fn large(out: Datagram, flags: u16, sequence: u32) -> Datagram {
    let name = attribute(1, "x".repeat(2000).as_bytes());
    out.message(NEW, flags, sequence, &[&1u32.to_ne_bytes()[..], &name].concat())
}

/// Each message in a datagram of its own, as the kernel answers all but dumps.
fn answer_large(request: &Asked) -> Vec<Datagram> {
    let to = || Datagram::to(request.port);
    if request.is_dump() {
        return vec![large(to(), nlmsg::MULTI, request.sequence).done(request.sequence, 0)];
    }
    vec![large(to(), 0, request.sequence), to().acknowledge(request)]
}

each_driver! { Things, Played, Played::new();
    async fn commands_gets_and_dumps(io, kernel, |options| options) {
        kernel.answer(Datagram::served);
        io.run(add(4)).await.unwrap();
        assert_eq!(io.run(ask(5)).await.unwrap().index(), 5);
        let all: Vec<u32> = io.run(all()).await.unwrap().iter().map(Thing::index).collect();
        assert_eq!(all, [0, 1, 2]);
    }

    /// The answers to five requests, after all five were asked and a dump besides: in the reverse order, in one datagram,
    /// the acknowledgement now behind its reply and now in the next datagram.
    async fn late_answers_out_of_order_find_who_asked(io, kernel, |options| options) {
        kernel.0.serve_late(Duration::from_millis(5), |_, asked| {
            let mut datagrams = vec![Datagram::default()];
            for (nth, request) in asked.iter().rev().enumerate() {
                let out = datagrams.pop().filter(|out| out.port() == request.port);
                let out = out.unwrap_or_else(|| Datagram::to(request.port));
                if request.is_dump() || nth % 3 != 0 {
                    datagrams.push(out.served(request));
                } else {
                    datagrams.push(out.message(NEW, 0, request.sequence, &request.payload));
                    datagrams.push(Datagram::to(request.port).acknowledge(request));
                }
            }
            datagrams
        });
        let mut asked = Vec::new();
        for index in 0..5 {
            asked.push((index, io.put(GET, 0, &written(&ask(index))).await.unwrap()));
        }
        let dump = io.put(GET, nlmsg::DUMP, &written(&all())).await.unwrap();
        assert_eq!(io.run(ask(77)).await.unwrap().index(), 77, "others go on");
        for (index, sequence) in asked.into_iter().rev() {
            let answer = io.get(sequence).await.unwrap();
            let replies: Vec<_> = Messages::new(&answer).collect();
            assert_eq!((replies.len(), replies[0].payload), (1, &index.to_ne_bytes()[..]));
            assert_eq!(io.get(sequence).await.unwrap_err().kind(), ErrorKind::Misuse, "it was given once");
        }
        assert_eq!(Messages::new(&io.get(dump).await.unwrap()).count(), 3);
    }

    /// One datagram with the end of a request, another's answers, and a notification.
    async fn what_is_nobodys_is_passed_over(io, kernel, |options| options) {
        kernel.answer(|out, request| {
            let stale = request.sequence.wrapping_sub(1);
            let out = out.thing(0, stale, 9).acknowledge(&Asked { sequence: stale, ..request.clone() });
            let notice = Datagram::to(0).thing(0, 0, 9);
            assert_eq!(notice.port(), 0);
            out.thing(nlmsg::MULTI, 0, 9).done(stale, 1).served(request)
        });
        for index in 0..3 {
            assert_eq!(io.run(ask(index)).await.unwrap().index(), index);
            assert_eq!(io.run(all()).await.unwrap().len(), 3);
        }
    }

    /// Pipelined, with the answers to many requests in few datagrams, one in ten failing.
    async fn a_pipeline_places_each_failure(io, kernel, |options| options) {
        kernel.answer(|out, request| match u32::from_ne_bytes(*request.payload.first_chunk().unwrap()) {
            index if index % 10 == 3 => out.answer(request, libc::EEXIST, index % 20 == 3, &attribute(1, b"taken\0")),
            _ => out.served(request),
        });
        let report = io.pipeline((0..1000).map(add), |_, _| ()).await.unwrap();
        assert_eq!((report.total, report.succeeded()), (1000, 900));
        assert!(report.failures.iter().all(|(index, error)| index % 10 == 3 && error.is_exists()));
        assert_eq!(report.failures[1].1.to_string(), "add thing 13: File exists (EEXIST): taken");
        let mut replies = Vec::new();
        let report = io.pipeline((0..100).map(ask), |nth, thing| replies.push((nth, thing.index()))).await.unwrap();
        assert_eq!(report.failures.len(), 10);
        assert!(replies.iter().all(|(nth, index)| *nth == u64::from(*index)) && replies.len() == 90);
    }

    async fn a_dump_is_tried_again_when_it_was_interrupted(io, kernel, |options| options) {
        let dumps = interrupted(kernel, 2);
        let all = io.run(all()).await.unwrap();
        assert_eq!((dumps.load(Ordering::Relaxed), all.len(), all.is_interrupted()), (3, 2, false));
    }

    async fn a_dump_that_is_always_interrupted_is_marked(io, kernel, |options| options) {
        let dumps = interrupted(kernel, u32::MAX);
        let all = io.run(all()).await.unwrap();
        assert_eq!((dumps.load(Ordering::Relaxed), all.len(), all.is_interrupted()), (8, 2, true));
    }

    async fn a_stream_says_at_its_end_that_it_was_interrupted(io, kernel, |options| options) {
        interrupted(kernel, 1);
        for expected in [true, false] {
            let mut count = 0;
            assert_eq!(io.stream(&all(), |_| count += 1).await.unwrap(), expected);
            assert_eq!(count, 2);
        }
    }

    /// An errno in `NLMSG_DONE`, an end without a payload, an end in a datagram of its own.
    async fn the_end_of_a_dump(io, kernel, |options| options) {
        let dumps = AtomicU32::new(0);
        kernel.0.serve(move |_, asked| {
            let (to, sequence) = (asked[0].port, asked[0].sequence);
            let data = Datagram::to(to).thing(nlmsg::MULTI, sequence, 1);
            match dumps.fetch_add(1, Ordering::Relaxed) {
                0 => vec![data.done(sequence, libc::ENODEV)],
                1 => vec![data.message(nlmsg::DONE, nlmsg::MULTI, sequence, &[])],
                2 => vec![data, Datagram::to(to).done(sequence, 0)],
                _ => vec![Datagram::to(to).answer(&asked[0], libc::EOPNOTSUPP, true, &[])],
            }
        });
        assert_eq!(io.run(all()).await.unwrap_err().to_string(), "list thing 0: No such device (ENODEV)");
        assert_eq!(io.run(all()).await.unwrap().len(), 1);
        assert_eq!(io.run(all()).await.unwrap().len(), 1);
        let refused = io.run(all()).await.unwrap_err();
        assert!(refused.to_string().starts_with("list thing 0: Operation not supported"), "{refused}");
    }

    /// A receive buffer of ours that is too small at first: collected dumps, gets and pipelines are none the worse, a
    /// stream fails, a subscription tells a loss.
    async fn truncation_loses_nothing_in_silence(io, kernel, |options| options.largest_datagram(512)) {
        let again = kernel.options().largest_datagram(512);
        kernel.0.serve(|_, asked| asked.iter().flat_map(answer_large).collect());
        let name = "x".repeat(2000);
        assert_eq!(io.run(all()).await.unwrap().first().and_then(|thing| thing.name()), Some(&*name));
        assert_eq!(H::open(&again).run(ask(1)).await.unwrap().name(), Some(&*name));
        let mut io = H::open(&again);
        let report = io.pipeline((0..3).map(ask), |_, thing| assert_eq!(thing.name(), Some(&*name))).await.unwrap();
        assert_eq!(report.into_result().unwrap(), 3);
        let mut io = H::open(&again);
        let error = io.stream(&all(), |_| ()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Truncated);
        assert!(error.to_string().starts_with("list thing 0: the answer was longer"), "{error}");
        let mut count = 0;
        io.stream(&all(), |_| count += 1).await.unwrap();
        assert_eq!(count, 1, "the buffer has grown since");
    }

    async fn a_truncated_notification_is_a_loss(io, kernel, |options| options.largest_datagram(512)) {
        let mut things = io.watch(&[kernel.0.group()]).unwrap();
        kernel.0.tell(&large(Datagram::to(0), 0, 0));
        assert!(matches!(things.next().await.unwrap(), Notice::Lost));
        kernel.0.tell(&large(Datagram::to(0), 0, 0));
        let Notice::Message { command: NEW, payload, .. } = things.next().await.unwrap() else { panic!("lost again") };
        assert_eq!(Thing::view(payload).and_then(|thing| thing.name()).map(str::len), Some(2000));
        assert!(things.try_next().unwrap().is_none());
    }

    /// More notifications than the buffer holds: the loss is told once, what is older is not told, and it goes on.
    async fn a_flood_is_told_as_a_loss(io, kernel, |options| options.receive_buffer(4096)) {
        let mut things = io.watch(&[kernel.0.group()]).unwrap();
        (0..500).for_each(|index| kernel.0.tell(&Datagram::to(0).thing(0, 0, index)));
        assert!(matches!(things.next().await.unwrap(), Notice::Lost));
        assert!(things.try_next().unwrap().is_none());
        kernel.0.tell(&Datagram::to(0).thing(0, 0, 1000));
        assert!(matches!(things.next().await.unwrap(), Notice::Message { command: NEW, .. }));
        assert!(io.overruns() > 0);
    }

    /// The first answers are lost, and the receive buffer has told that something is: their outcomes are unknown, none is
    /// wrong, and the socket goes on.
    async fn answers_that_are_lost_are_unknown(io, kernel, |options| options.receive_buffer(8192)) {
        drop(io);
        let mut io = H::open(&kernel.options().receive_buffer(8192).group(kernel.0.group()));
        (0..100).for_each(|index| kernel.0.tell(&Datagram::to(0).thing(0, 0, index)));
        let mut left = 5;
        kernel.0.serve(move |_, mut asked| {
            asked.retain(|request| {
                let lost = request.command == NEW && left > 0;
                left -= u32::from(lost);
                !lost
            });
            asked.iter().map(|request| Datagram::to(request.port).served(request)).collect()
        });
        let report = io.pipeline((0..50).map(add), |_, _| ()).await.unwrap();
        assert_eq!((report.total, io.overruns()), (50, 1));
        assert!(report.outcome(0).unwrap().is_err_and(netloom_wire::Error::is_unknown));
        assert!(report.failures.iter().all(|(index, error)| error.is_unknown() && *index < 20), "{report:?}");
        assert_eq!(io.run(ask(5)).await.unwrap().index(), 5);
    }

    /// Another process tells the same group of things: it is not who we talk to.
    async fn what_others_tell_is_dropped_and_counted(io, kernel, |options| options) {
        let mut things = io.watch(&[kernel.0.group()]).unwrap();
        let stranger = RawSocket::open(2, &SocketOptions::new()).unwrap();
        stranger.send_to(Datagram::to(0).thing(0, 0, 666).bytes(), 0, 1 << (kernel.0.group() - 1)).unwrap();
        kernel.0.tell(&Datagram::to(0).thing(0, 0, 1));
        let Notice::Message { payload, .. } = things.next().await.unwrap() else { panic!("nothing was lost") };
        assert_eq!(Thing::view(payload).map(Thing::index), Some(1));
        assert_eq!(io.foreign(), 1);
    }

    async fn warnings_and_cookies_come_with_success(io, kernel, |options| options) {
        kernel.answer(|out, request| match request.sequence {
            // Not capped: behind the whole request.
            1 => out.answer(request, 0, false, &attribute(3, &[1, 2, 3, 4, 5, 6, 7, 8])),
            _ => out.answer(request, 0, true, &attribute(1, b"that is deprecated\0")),
        });
        io.run(add(0)).await.unwrap();
        let returned = io.warnings();
        assert_eq!(returned.len(), 1);
        assert_eq!(returned[0].ack.cookie.as_deref(), Some(&[1, 2, 3, 4, 5, 6, 7, 8][..]));
        assert_eq!(returned[0].to_string(), "add thing 0: cookie 01 02 03 04 05 06 07 08");
        io.run(add(1)).await.unwrap();
        io.pipeline([add(2)].into_iter(), |_, _| ()).await.unwrap().into_result().unwrap();
        let doubts: Vec<_> = io.warnings().iter().map(ToString::to_string).collect();
        assert_eq!(doubts, [1, 2].map(|index| format!("add thing {index}: that is deprecated")));
        assert!(io.warnings().is_empty());
    }

    /// Header 16, index 4, THING_NAME at 20 (8 bytes), THING_WEIGHT at 28, THING_PART at 36, PART_SIZE at 40.
    async fn a_refusal_names_the_attribute(io, kernel, |options| options) {
        kernel.answer(|out, request| {
            let policy = [attribute(1, &4u32.to_ne_bytes()), attribute(5, &9u64.to_ne_bytes())].concat();
            let said = match request.sequence {
                1 => [attribute(2, &28u32.to_ne_bytes()), attribute(4 | 0x8000, &policy)].concat(),
                2 => [attribute(1, b"too large\0"), attribute(2, &40u32.to_ne_bytes())].concat(),
                _ => [attribute(5, &4u32.to_ne_bytes()), attribute(6, &36u32.to_ne_bytes())].concat(),
            };
            out.answer(request, libc::EINVAL, request.sequence == 1, &said)
        });
        let mut texts = Vec::new();
        for _ in 0..3 {
            texts.push(io.run(add(4)).await.unwrap_err().to_string());
        }
        assert_eq!(
            texts,
            [
                "add thing 4: Invalid argument (EINVAL), at THING_WEIGHT (wanted: U32 at most 9)",
                "add thing 4: Invalid argument (EINVAL): too large, at THING_PART > PART_SIZE",
                "add thing 4: Invalid argument (EINVAL), missing THING_PART > PART_SIZE",
            ]
        );
    }

    async fn an_acknowledgement_alone_is_no_answer(io, kernel, |options| options) {
        kernel.answer(|out, request| if request.flags & nlmsg::ACK == 0 { out } else { out.acknowledge(request) });
        assert_eq!(io.run(ask(4)).await.unwrap_err().kind(), ErrorKind::NoReply);
        let report = io.pipeline([ask(5), ask(6)].into_iter(), |_, _| ()).await.unwrap();
        let texts: Vec<String> = report.failures.iter().map(|(_, error)| error.to_string()).collect();
        assert_eq!(texts, [5, 6].map(|index| format!("get thing {index}: acknowledged without a reply")));
    }

    /// It keeps silent about the first request, and answers it with the second.
    async fn silence_is_a_timeout_and_the_socket_goes_on(
        io, kernel, |options| options.inactivity_limit(Some(Duration::from_millis(800)))
    ) {
        kernel.answer(|out, request| match request.sequence {
            1 => out,
            _ => out.served(&Asked { sequence: 1, ..request.clone() }).served(request),
        });
        let started = Instant::now();
        let error = io.run(ask(1)).await.unwrap_err();
        assert_eq!(error.to_string(), "get thing 1: no answer in time");
        assert!(error.is_timeout() && started.elapsed() >= Duration::from_millis(800));
        assert_eq!(io.run(ask(2)).await.unwrap().index(), 2);
    }

    /// 4294967292 to 4294967295, then 1: 0 is what notifications have.
    async fn sequence_numbers_wrap(io, kernel, |options| options.first_sequence(u32::MAX - 3)) {
        let (sender, seen) = std::sync::mpsc::channel();
        kernel.answer(move |out, request| {
            if !request.is_dump() {
                sender.send(request.sequence).unwrap();
            }
            out.served(request)
        });
        for index in 0..3 {
            assert_eq!(io.run(ask(index)).await.unwrap().index(), index);
        }
        let report = io.pipeline((0..4).map(ask), |nth, thing| assert_eq!(nth, thing.index().into())).await.unwrap();
        assert_eq!(report.into_result().unwrap(), 4);
        let mut dumps = 0;
        for _ in 0..6 {
            dumps += io.run(all()).await.unwrap().len();
        }
        assert_eq!(dumps, 18);
        let wrapped = [u32::MAX - 3, u32::MAX - 2, u32::MAX - 1, u32::MAX, 1, 2, 3];
        assert_eq!(seen.try_iter().collect::<Vec<_>>(), wrapped);
    }
}
