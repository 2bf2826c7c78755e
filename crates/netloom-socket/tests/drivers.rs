//! One body, every driver: blocking, tokio and async-io, on the real kernel in a namespace of its own.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[path = "support/handle.rs"]
mod handle;
#[path = "support/route.rs"]
mod route;
mod support;

use std::{collections::BTreeSet, net::Ipv4Addr, time::Duration};

use handle::{Handle, by_async_io, by_nobody, by_tokio};
use netloom_route::{Rtnetlink, address, link};
use netloom_socket::{RawSocket, asynchronous, blocking};
use netloom_testkit::{Asked, Datagram};
use netloom_wire::{Create, Driver, ErrorKind, Messages, Notice, Notifications, Operation, View, nlmsg};
use support::Space;

fn on_loopback(number: u32) -> address::Add {
    address::Add::new(1, Ipv4Addr::from(0x7f01_0000 + number).into(), 32)
}

fn routes(count: u32, table: u32, reachable: fn(u32) -> bool) -> impl Iterator<Item = route::Add> + Send {
    (0..count).map(move |number| route::Add { number, table, reachable: reachable(number) })
}

each_driver! { Rtnetlink, Space, Space::new();
    async fn commands_gets_and_dumps(io, space, |options| options) {
        io.run(link::Add::new("v0").veth("v1")).await.unwrap();
        let v0 = io.run(link::Get::new("v0")).await.unwrap();
        assert_eq!(v0.ifname(), Some("v0"));
        let again = io.run(link::Add::new("v0").veth("v1")).await.unwrap_err();
        assert!(again.is_exists());
        assert!(again.to_string().starts_with("add link v0: File exists (EEXIST)"), "{again}");
        let absent = io.run(link::Get::new("absent")).await.unwrap_err();
        assert!(absent.is_not_found());
        assert_eq!(absent.to_string(), "get link absent: No such device (ENODEV)");
        let all = io.run(link::List::all()).await.unwrap();
        let names: BTreeSet<_> = all.iter().filter_map(|link| link.ifname()).collect();
        assert_eq!(names, ["lo", "v0", "v1"].into());
        assert!(!all.is_interrupted());
        io.run(link::Delete::new("v0")).await.unwrap();
        assert_eq!(io.run(link::List::all()).await.unwrap().len(), 1);
    }

    /// The name and the index of what the kernel named, also in a pipeline, whose commands it takes long over.
    async fn what_was_made_comes_back(io, space, |options| options) {
        let made = io.run(link::Add::new("veth%d").veth("peer%d").created()).await.unwrap();
        assert_eq!(made.ifname(), Some("veth0"));
        assert!(made.index() > 1);
        let mut names = Vec::new();
        let adds = (0..5).map(|n| link::Add::new("veth%d").veth(&format!("p{n}")).created());
        let report = io.pipeline(adds, |index, link| names.push((index, link.ifname().unwrap().to_owned()))).await.unwrap();
        assert_eq!(report.into_result().unwrap(), 5);
        assert_eq!(names, (0..5).map(|n| (n, format!("veth{}", n + 1))).collect::<Vec<_>>());
    }

    /// 5,000 commands with the default receive buffer, one in ten failing: the outcome of each, and nothing is lost.
    async fn a_pipeline_places_each_failure(io, space, |options| options) {
        let taken = (0..500).map(|n| on_loopback(n * 10));
        assert_eq!(io.pipeline(taken, |_, _| ()).await.unwrap().into_result().unwrap(), 500);
        let report = io.pipeline((0..5_000).map(on_loopback), |_, _| ()).await.unwrap();
        assert_eq!((report.total, report.succeeded()), (5_000, 4_500));
        assert!(report.failures.iter().all(|(index, error)| index % 10 == 0 && error.is_exists()));
        let (_, first) = &report.failures[1];
        assert!(first.to_string().contains("127.1.0.10"), "{first}");
        // lo has 127.0.0.1 besides.
        let all = io.run(address::List::v4()).await.unwrap();
        assert_eq!(all.len(), 5_001);
    }

    /// Requests that ask for a reply each, failing ones among them.
    async fn a_pipeline_of_gets(io, space, |options| options) {
        let mut found = Vec::new();
        let gets = (0..500).map(|n| link::Get::new(if n % 5 == 0 { "absent" } else { "lo" }));
        let report = io.pipeline(gets, |index, link| found.push((index, link.index()))).await.unwrap();
        assert_eq!((report.total, report.failures.len(), found.len()), (500, 100, 400));
        assert!(found.iter().all(|(index, link)| index % 5 != 0 && *link == 1));
        assert!(report.failures.iter().all(|(index, error)| index % 5 == 0 && error.is_not_found()));
    }

    /// Links whose messages have 13 KB and 40 KB.
    async fn large_links_are_in_every_dump(io, space, |options| options) {
        io.run(link::Add::new("v0").veth("v1")).await.unwrap();
        for (device, count) in [("v0", 90), ("v1", 300)] {
            let names: Vec<String> = (0..count).map(|n| format!("{device}-{n:0>110}")).collect();
            let index = io.run(link::Get::new(device)).await.unwrap().index();
            io.run(link::AddNames::new(index, names)).await.unwrap();
        }
        let all = io.run(link::List::all()).await.unwrap();
        assert_eq!(all.len(), 3);
        let longest = all.iter().map(|link| link.bytes().len()).max();
        assert!(longest.is_some_and(|longest| longest > 35_000), "{longest:?}");
        let mut streamed = 0;
        io.stream(&link::List::all(), |_| streamed += 1).await.unwrap();
        assert_eq!(streamed, 3);
    }

    async fn notifications_of_a_group(io, space, |options| options) {
        let mut links = io.watch(&[1]).unwrap(); // RTNLGRP_LINK
        assert!(links.try_next().unwrap().is_none());
        io.run(link::Add::new("v0").veth("v1")).await.unwrap();
        let mut seen = BTreeSet::new();
        while seen.len() < 2 {
            let Notice::Message { command: 16, payload, nsid: None, .. } = links.next().await.unwrap() else { panic!() };
            let link = link::Link::view(payload).unwrap();
            seen.insert(link.ifname().unwrap().to_owned());
        }
        assert_eq!(seen, ["v0".to_owned(), "v1".to_owned()].into());
        links.deadline(Some(Duration::from_millis(20)));
        while let Ok(notice) = links.next().await {
            assert!(matches!(notice, Notice::Message { .. }));
        }
        assert!(links.next().await.unwrap_err().is_timeout());
    }

    /// A buffer that is too small for a flood: the loss is told once, and the subscription goes on.
    async fn a_flood_is_told_as_a_loss(io, space, |options| options.receive_buffer(4096)) {
        let mut addresses = io.watch(&[5]).unwrap(); // RTNLGRP_IPV4_IFADDR
        io.pipeline((0..500).map(on_loopback), |_, _| ()).await.unwrap().into_result().unwrap();
        assert!(matches!(addresses.next().await.unwrap(), Notice::Lost));
        assert!(addresses.try_next().unwrap().is_none());
        io.run(on_loopback(1000)).await.unwrap();
        assert!(matches!(addresses.next().await.unwrap(), Notice::Message { command: 20, .. }));
    }

    /// A pipeline through a tiny receive buffer still learns each outcome.
    async fn a_tiny_buffer_only_slows(io, space, |options| options.receive_buffer(2048)) {
        io.pipeline((0..300).map(|n| on_loopback(n * 3)), |_, _| ()).await.unwrap().into_result().unwrap();
        let report = io.pipeline((0..900).map(on_loopback), |_, _| ()).await.unwrap();
        assert_eq!((report.total, report.failures.len()), (900, 300));
        assert!(report.failures.iter().all(|(index, error)| index % 3 == 0 && error.is_exists()));
    }

    /// With the default receive buffer, and without losing one.
    async fn a_hundred_thousand_routes_each_with_an_outcome(io, space, |options| options) {
        let report = io.pipeline(routes(100_000, 1000, |_| true), |_, _| ()).await.unwrap();
        assert_eq!((report.total, report.failures.len()), (100_000, 0));
        let report = io.pipeline(routes(100_000, 1001, |number| number % 10 != 3), |_, _| ()).await.unwrap();
        assert_eq!((report.total, report.succeeded()), (100_000, 90_000));
        assert!(report.failures.iter().enumerate().all(|(at, (index, _))| *index == at as u64 * 10 + 3));
        let (_, error) = &report.failures[2];
        // Newer kernels say at which attribute, too.
        let expected = "add route 10.0.0.23/32: Network is unreachable (ENETUNREACH): Nexthop has invalid gateway";
        assert!(error.to_string().starts_with(expected), "{error}");
        assert_eq!(io.overruns(), 0);
        // The judge: what is there.
        let mut count = 0;
        let list = route::List { table: 1001 };
        let interrupted = io.stream(&list, |route| {
            assert!(route.oif() == Some(1) && route.table() == Some(1001));
            count += 1;
        });
        assert!(!interrupted.await.unwrap());
        assert_eq!(count, 90_000);
        assert!(io.run(route::List { table: 77 }).await.unwrap().is_empty(), "there is no such table");
    }

    /// Answers are lost because notifications fill the same buffer: some outcomes are unknown, none is wrong.
    async fn an_overrun_is_survived(io, space, |options| options.receive_buffer(8192).group(5)) {
        let taken = (0..1000).map(|number| on_loopback(number * 2));
        let mut other = H::open(&space.options());
        other.pipeline(taken, |_, _| ()).await.unwrap().into_result().unwrap();
        let report = io.pipeline((0..2000).map(on_loopback), |_, _| ()).await.unwrap();
        assert!(io.overruns() > 0, "nothing was lost");
        assert_eq!(report.total, 2000);
        for index in 0..2000 {
            match report.outcome(index).unwrap() {
                Ok(()) => assert_eq!(index % 2, 1, "{index} was there before"),
                Err(error) => assert!(error.is_unknown() || (error.is_exists() && index % 2 == 0), "{error}"),
            }
        }
        assert_eq!(io.run(address::List::v4()).await.unwrap().len(), 2001, "all were worked through");
        assert_eq!(io.run(link::Get::new("lo")).await.unwrap().index(), 1);
    }

    /// A buffer of ours that is too small at first: a collected dump is tried again, a stream fails, a get is asked
    /// again, a subscription tells a loss.
    async fn truncation_loses_nothing_in_silence(io, space, |options| options.largest_datagram(512)) {
        let small = || H::open(&space.options().largest_datagram(512));
        assert_eq!(io.run(link::List::all()).await.unwrap().first().unwrap().ifname(), Some("lo"));
        assert_eq!(small().run(link::Get::new("lo")).await.unwrap().ifname(), Some("lo"));
        let mut io = small();
        let error = io.stream(&link::List::all(), |_| ()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Truncated);
        assert!(error.to_string().starts_with("list link: the answer was longer"), "{error}");
        io.stream(&link::List::all(), |link| assert_eq!(link.ifname(), Some("lo"))).await.unwrap();
        let gets = [link::Get::new("lo"), link::Get::new("lo")].into_iter();
        let report = small().pipeline(gets, |_, link| assert_eq!(link.ifname(), Some("lo"))).await.unwrap();
        assert_eq!(report.into_result().unwrap(), 2);
        let mut io = small();
        let mut links = io.watch(&[1]).unwrap();
        space.ip(&["link", "set", "lo", "mtu", "1400"]);
        assert!(matches!(links.next().await.unwrap(), Notice::Lost));
        space.ip(&["link", "set", "lo", "mtu", "1500"]);
        assert!(matches!(links.next().await.unwrap(), Notice::Message { command: 16, .. }));
    }

    /// A forged answer and a forged notification of another process, which knows our port.
    async fn what_the_kernel_did_not_send_is_dropped_and_counted(io, space, |options| options) {
        let stranger = RawSocket::open(0, &space.options()).unwrap();
        // What looks like the answers to the first request, which has the sequence number 1.
        let forge = |port: u32| {
            let request = Asked { command: 18, flags: 5, sequence: 1, port, payload: vec![0; 16] };
            let forged = Datagram::to(port).answer(&request, 1, true, &[]).message(16, 0, 1, &[0xff; 16]);
            stranger.send_to(forged.bytes(), port, 0).unwrap();
        };
        (0..3).for_each(|_| forge(io.port()));
        assert_eq!(io.run(link::Get::new("lo")).await.unwrap().ifname(), Some("lo"));
        assert_eq!(io.foreign(), 3);
        // Whoever wants them gets them.
        let mut open = H::open(&space.options().user_senders(true));
        forge(open.port());
        let error = open.run(link::Get::new("lo")).await.unwrap_err();
        assert!(error.is_permission() && open.foreign() == 0, "{error}");
    }

    async fn answers_by_sequence_number(io, space, |options| options) {
        let of = |index: u8| [0, 0, 0, 0, index, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let mut dumps = [0; 3];
        for dump in &mut dumps {
            *dump = io.put(18, nlmsg::DUMP, &of(0)).await.unwrap();
        }
        let (lo, absent) = (io.put(18, 0, &of(1)).await.unwrap(), io.put(18, 0, &of(99)).await.unwrap());
        assert_eq!(io.run(link::Get::new("lo")).await.unwrap().index(), 1, "others go on");
        assert_eq!(io.get(absent).await.unwrap_err().errno().map(|e| e.0), Some(libc::ENODEV));
        let answer = io.get(lo).await.unwrap();
        let links: Vec<_> = Messages::new(&answer).collect();
        assert_eq!((links.len(), links[0].header.command(), links[0].header.sequence()), (1, 16, lo));
        assert_eq!(link::Link::view(links[0].payload).unwrap().ifname(), Some("lo"));
        for dump in dumps.into_iter().rev() {
            assert_eq!(Messages::new(&io.get(dump).await.unwrap()).count(), 1);
        }
        assert_eq!(io.get(lo).await.unwrap_err().kind(), ErrorKind::Misuse);
        // Closed while one is pending.
        io.put(18, nlmsg::DUMP, &of(0)).await.unwrap();
    }

    /// The kernel takes any number for a sequence number; 0 is what its notifications have, and is left out.
    async fn sequence_numbers_wrap(io, space, |options| options.first_sequence(u32::MAX - 3)) {
        let gets = (0..10).map(|n| link::Get::new(if n % 2 == 0 { "lo" } else { "absent" }));
        let report = io.pipeline(gets, |index, _| assert_eq!(index % 2, 0)).await.unwrap();
        assert_eq!((report.total, report.failures.len()), (10, 5));
        for _ in 0..8 {
            assert_eq!(io.run(link::Get::new("lo")).await.unwrap().index(), 1);
            assert_eq!(io.run(link::List::all()).await.unwrap().len(), 1);
        }
        assert_eq!(io.put(18, nlmsg::DUMP, &[0; 16]).await.unwrap(), 15, "18 requests, of which the fifth has number 1");
    }

    async fn a_stream_says_that_it_was_interrupted(io, space, |options| options) {
        io.pipeline((0..2000).map(on_loopback), |_, _| ()).await.unwrap().into_result().unwrap();
        let mut other = blocking::Socket::with(&space.options()).unwrap();
        let mut change = Some(on_loopback(5000));
        let mut count = 0;
        let list = address::List::v4();
        let interrupted = io.stream(&list, |_| {
            count += 1;
            // More addresses than one datagram holds, so that the change comes in the middle of the dump.
            if let Some(change) = change.take() {
                other.run(&change).unwrap();
            }
        });
        assert!(interrupted.await.unwrap());
        assert!(count >= 2000, "{count}");
        assert!(!io.stream(&address::List::v4(), |_| ()).await.unwrap());
    }
}

#[test]
fn a_deadline_that_has_passed() {
    async fn body(io: &mut impl Driver<Family = Rtnetlink>) {
        io.deadline(Some(Duration::ZERO));
        let error = link::Get::new("lo").perform(io).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert_eq!(error.to_string(), "get link lo: no answer in time");
        assert!(link::List::all().perform(io).await.unwrap_err().is_timeout());
        io.deadline(None);
        link::Get::new("lo").perform(io).await.unwrap();
    }
    let Some(space) = Space::new() else { return };
    by_nobody(body(&mut blocking::Socket::with(&space.options()).unwrap()));
    let client = async || body(&mut asynchronous::Socket::with(&space.options()).unwrap().client()).await;
    by_tokio(client());
    by_async_io(client());
}
