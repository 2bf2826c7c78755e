//! Handlers that fail, and verdicts of all sorts, in the path to the real kernel: iproute2 says what came of it.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[path = "support/handle.rs"]
mod handle;
mod support;

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use handle::{Handle, by_async_io, by_nobody, by_tokio};
use netloom_route::{Rtnetlink, group, link, link::Link};
use netloom_socket::hooks::{Hook, Outgoing, ReceiveVerdict, Replies, Verdict};
use netloom_testkit::Datagram;
use netloom_wire::{Create, Errno, Error, ErrorKind, Message, Messages, Notice, Notifications, View, nlmsg};
use support::Space;

const NEWLINK: u16 = 16;
const GETLINK: u16 = 18;

/// Names of the links of a namespace, as iproute2 shows them.
fn shown(space: &Space) -> Vec<String> {
    let shown = space.text(&["-br", "link"]);
    shown.lines().filter_map(|line| Some(line.split(['@', ' ']).next()?.to_owned())).collect()
}

/// A link with this index and name.
fn made_up(index: u32, name: &str) -> Box<Link> {
    Link::build(link::LinkHeader { index, ..Default::default() }, |w| w.ifname(name)).unwrap()
}

fn pair() -> link::Add {
    link::Add::new("v0").veth("v1")
}

/// Registers a handler for new links, a slow one or not.
fn on_new(io: &impl Handle<Rtnetlink>, name: &str, slow: bool, handler: fn(&Outgoing<'_>) -> Option<Verdict>) -> Hook {
    if slow { io.on_send_slow(name, NEWLINK, handler) } else { io.on_send(name, NEWLINK, handler) }
}

each_driver! { Rtnetlink, Space, Space::new();
    /// Garbage, a panic, an error: each names the handler, and nothing is sent, in a pipeline neither.
    async fn a_handler_that_fails_makes_no_link(io, space, |options| options) {
        type Handler = fn(&Outgoing<'_>) -> Option<Verdict>;
        let cases: [(Handler, &str); 4] = [
            (|message| Some(message.with_body([1, 2, 3]).into()), "shorter than its header"),
            (|message| Some(message.with_body([message.body(), &[5, 0, 4, 0, 1, 0, 0, 0]].concat()).into()), "IFLA_MTU"),
            (|_| panic!("no links today"), "panicked: no links today"),
            (|_| Some(Error::new(ErrorKind::InvalidInput, "no links today").into()), "no links today"),
        ];
        for (handler, said) in cases {
            for slow in [false, true] {
                let hook = on_new(&io, "failing", slow, handler);
                let mut errors = vec![io.run(pair()).await.unwrap_err(), io.run(pair().created()).await.unwrap_err()];
                let report = io.pipeline((0..3).map(|_| pair()), |_, _| ()).await.unwrap();
                assert_eq!((report.total, report.failures.len()), (3, 3));
                errors.extend(report.failures.into_iter().map(|(_, error)| error));
                for error in errors {
                    let text = error.to_string();
                    assert!(error.kind() == ErrorKind::Proxy && text.contains("proxy `failing`: ") && text.contains(said), "{text}");
                }
                assert_eq!(shown(&space), ["lo"]);
                hook.remove();
            }
        }
        io.run(pair()).await.unwrap();
        assert_eq!(shown(&space).len(), 3);
    }

    /// What is well formed and wrong is for the kernel to refuse.
    async fn what_a_handler_makes_of_it_is_the_kernel_s_to_judge(io, space, |options| options) {
        for slow in [false, true] {
            let hook = on_new(&io, "other", slow, |message| {
                let asked = message.view::<Link>()?;
                let name = format!("{}-or-a-name-that-is-too-long", asked.ifname()?);
                let body = Link::build(link::LinkHeader::default(), |w| w.ifname(&name).linkinfo(|info| info.kind("ifb")));
                Some(message.with_body(body.ok()?.bytes()).into())
            });
            let error = io.run(pair()).await.unwrap_err();
            assert_eq!((error.kind(), error.errno()), (ErrorKind::Kernel, Some(Errno(libc::ERANGE))), "{error}");
            hook.remove();
            assert_eq!(shown(&space), ["lo"]);
        }
    }

    async fn answers_stand_where_the_kernel_s_would(io, space, |options| options) {
        space.ip(&["link", "add", "v0", "type", "veth", "peer", "name", "v1"]);
        let all = io.run(link::List::all()).await.unwrap();
        let indexes: Vec<u32> = all.iter().map(Link::index).collect();
        for slow in [false, true] {
            // Every second one is answered by the handler, the others by the kernel: in order.
            let answer = |message: &Outgoing<'_>| {
                let asked = message.view::<Link>()?;
                let replies = Replies::new().reply(NEWLINK, made_up(asked.index(), "made up").bytes());
                (asked.index() % 2 == 0 || message.is_dump()).then(|| replies.into())
            };
            let hook = if slow { io.on_send_slow("even", GETLINK, answer) } else { io.on_send("even", GETLINK, answer) };
            let asked: Vec<u32> = indexes.iter().copied().cycle().take(200).collect();
            let mut seen = Vec::new();
            let report = io.pipeline(asked.iter().map(|index| link::Get::new(*index)), |nth, link| {
                seen.push((nth, link.index(), link.ifname() == Some("made up")));
            }).await.unwrap();
            assert_eq!(report.into_result().unwrap(), 200);
            let expected = asked.iter().enumerate().map(|(nth, index)| (nth as u64, *index, index % 2 == 0));
            assert_eq!(seen, expected.collect::<Vec<_>>());
            assert_eq!(io.run(link::List::all()).await.unwrap().iter().map(Link::name).collect::<Vec<_>>(), ["made up"]);
            // As bytes, too, with the sequence number of the request.
            let dump = Datagram::to(0).message(GETLINK, nlmsg::REQUEST | nlmsg::DUMP, 4711, &[0; 16]).into_bytes();
            io.send(&dump).await.unwrap();
            let came = io.recv().await.unwrap();
            let came: Vec<_> = Messages::new(&came).map(|message| (message.header.command(), message.header.sequence())).collect();
            assert_eq!(came, [(NEWLINK, 4711), (nlmsg::DONE, 4711)]);
            hook.remove();
        }
    }

    /// It panics or refuses while what comes is read: the request fails, a subscription goes on, the socket too.
    async fn a_receiver_that_fails(io, space, |options| options) {
        let mut links = io.watch(&[group::LINK]).unwrap();
        links.deadline(Some(Duration::from_secs(20)));
        type Handler = fn() -> Option<ReceiveVerdict>;
        let cases: [(Handler, &str); 3] = [
            (|| panic!("not seen"), "panicked: not seen"),
            (|| Some(Error::new(ErrorKind::InvalidInput, "not seen").into()), "not seen"),
            (|| Some(ReceiveVerdict::Rewrite(vec![0; 3])), "shorter than its header"),
        ];
        for (fail, said) in cases {
            let hook = io.on_receive("blind", NEWLINK, move |_| fail());
            let is_named = |error: Error| {
                let text = error.to_string();
                assert!(text.contains("proxy `blind`: ") && text.contains(said), "{text}");
            };
            is_named(io.run(link::Get::new("lo")).await.unwrap_err());
            is_named(io.run(link::List::all()).await.unwrap_err());
            let report = io.pipeline((0..3).map(|_| link::Get::new(1)), |_, _| ()).await.unwrap();
            assert_eq!(report.failures.len(), 3);
            report.failures.into_iter().for_each(|(_, error)| is_named(error));
            space.ip(&["link", "set", "lo", "up"]);
            space.ip(&["link", "set", "lo", "down"]);
            is_named(links.next().await.map(drop).unwrap_err());
            hook.remove();
            assert_eq!(io.run(link::Get::new("lo")).await.unwrap().index(), 1);
            space.ip(&["link", "set", "lo", "txqlen", "77"]);
            space.ip(&["link", "set", "lo", "txqlen", "78"]);
            // What waits was told before, or is it.
            loop {
                let Notice::Message { payload, .. } = links.next().await.unwrap() else { panic!("lost") };
                if Link::view(payload).unwrap().txqlen() == Some(78) {
                    break;
                }
            }
        }
    }

    async fn a_handler_that_removes_itself(io, space, |options| options) {
        for slow in [false, true] {
            let itself = Arc::new(OnceLock::<Hook>::new());
            let calls = Arc::new(AtomicU32::new(0));
            let (handle, counted) = (Arc::clone(&itself), Arc::clone(&calls));
            let once = move |_: &Outgoing<'_>| {
                counted.fetch_add(1, Ordering::SeqCst);
                handle.get().unwrap().remove();
                Some(Replies::new().refuse(Errno::EBUSY, "once").into())
            };
            let hook = if slow { io.on_send_slow("once", NEWLINK, once) } else { io.on_send("once", NEWLINK, once) };
            itself.set(hook).unwrap();
            assert_eq!(io.run(pair()).await.unwrap_err().to_string(), "add link v0: Device or resource busy (EBUSY): once");
            io.run(pair()).await.unwrap();
            assert_eq!((calls.load(Ordering::SeqCst), shown(&space).len()), (1, 3));
            space.ip(&["link", "delete", "v0"]);
        }
    }
}
