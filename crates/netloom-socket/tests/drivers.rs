//! One body, every driver: blocking, tokio and async-io, on the real kernel in a namespace of its own.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

mod support;

use std::{
    collections::BTreeSet,
    future::Future,
    net::Ipv4Addr,
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use netloom_route::{Rtnetlink, address, link};
use netloom_socket::{SocketOptions, asynchronous, blocking};
use netloom_wire::{Create, Driver, Error, ErrorKind, Notice, Notifications, Operation};
use support::Space;

/// A blocking driver's futures are ready when they are polled first.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a blocking driver's future was pending"),
    }
}

/// `async fn name(io, space, options)` for each driver.
macro_rules! each_driver { ($($(#[$meta:meta])* async fn $name:ident($io:ident, $space:ident, $options:expr) $body:block)*) => { $(
    $(#[$meta])*
    mod $name {
        use super::*;

        async fn body($io: &mut impl Driver<Family = Rtnetlink>, $space: &Space) $body

        fn options(space: &Space) -> SocketOptions {
            let change: fn(SocketOptions) -> SocketOptions = $options;
            change(space.options())
        }

        #[test]
        fn blocking() {
            let Some(space) = Space::new() else { return };
            ready(body(&mut blocking::Socket::with(&options(&space)).unwrap(), &space));
        }

        #[test]
        fn tokio() {
            let Some(space) = Space::new() else { return };
            let runtime = ::tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let socket = asynchronous::Socket::with(&options(&space)).unwrap();
                body(&mut socket.client(), &space).await;
            });
        }

        #[test]
        fn async_io() {
            let Some(space) = Space::new() else { return };
            ::async_io::block_on(async {
                let socket = asynchronous::Socket::with(&options(&space)).unwrap();
                body(&mut socket.client(), &space).await;
            });
        }
    }
)* } }

async fn run<O: Operation<Family = Rtnetlink>>(
    io: &mut impl Driver<Family = Rtnetlink>,
    operation: O,
) -> Result<O::Output, Error> {
    operation.perform(io).await
}

fn on_loopback(number: u32) -> address::Add {
    address::Add::new(1, Ipv4Addr::from(0x7f01_0000 + number).into(), 32)
}

each_driver! {
    async fn commands_gets_and_dumps(io, _space, |options| options) {
        run(io, link::Add::new("v0").veth("v1")).await.unwrap();
        let v0 = run(io, link::Get::new("v0")).await.unwrap();
        assert_eq!(v0.ifname(), Some("v0"));
        let again = run(io, link::Add::new("v0").veth("v1")).await.unwrap_err();
        assert!(again.is_exists());
        assert!(again.to_string().starts_with("add link v0: File exists (EEXIST)"), "{again}");
        let absent = run(io, link::Get::new("absent")).await.unwrap_err();
        assert!(absent.is_not_found());
        assert_eq!(absent.to_string(), "get link absent: No such device (ENODEV)");
        let all = run(io, link::List::all()).await.unwrap();
        let names: BTreeSet<_> = all.iter().filter_map(|link| link.ifname()).collect();
        assert_eq!(names, ["lo", "v0", "v1"].into());
        assert!(!all.is_interrupted());
        run(io, link::Delete::new("v0")).await.unwrap();
        assert_eq!(run(io, link::List::all()).await.unwrap().len(), 1);
    }

    /// The name and the index of what the kernel named, also in a pipeline, whose commands it takes long over.
    async fn what_was_made_comes_back(io, _space, |options| options) {
        let made = run(io, link::Add::new("veth%d").veth("peer%d").created()).await.unwrap();
        assert_eq!(made.ifname(), Some("veth0"));
        assert!(made.index() > 1);
        let mut names = Vec::new();
        let adds = (0..5).map(|n| link::Add::new("veth%d").veth(&format!("p{n}")).created());
        let report = io.many(adds, |index, link| names.push((index, link.ifname().unwrap().to_owned()))).await.unwrap();
        assert_eq!(report.into_result().unwrap(), 5);
        assert_eq!(names, (0..5).map(|n| (n, format!("veth{}", n + 1))).collect::<Vec<_>>());
    }

    /// 5,000 commands with the default receive buffer, one in ten failing: the outcome of each, and nothing is lost.
    async fn a_pipeline_places_each_failure(io, _space, |options| options) {
        let taken = (0..500).map(|n| on_loopback(n * 10));
        assert_eq!(io.many(taken, |_, _| ()).await.unwrap().into_result().unwrap(), 500);
        let report = io.many((0..5_000).map(on_loopback), |_, _| ()).await.unwrap();
        assert_eq!((report.total, report.succeeded()), (5_000, 4_500));
        assert!(report.failures.iter().all(|(index, error)| index % 10 == 0 && error.is_exists()));
        let (_, first) = &report.failures[1];
        assert!(first.to_string().contains("127.1.0.10"), "{first}");
        // lo has 127.0.0.1 besides.
        let all = run(io, address::List::v4()).await.unwrap();
        assert_eq!(all.len(), 5_001);
    }

    /// Requests that ask for a reply each, failing ones among them.
    async fn a_pipeline_of_gets(io, _space, |options| options) {
        let mut found = Vec::new();
        let gets = (0..500).map(|n| link::Get::new(if n % 5 == 0 { "absent" } else { "lo" }));
        let report = io.many(gets, |index, link| found.push((index, link.index()))).await.unwrap();
        assert_eq!((report.total, report.failures.len(), found.len()), (500, 100, 400));
        assert!(found.iter().all(|(index, link)| index % 5 != 0 && *link == 1));
        assert!(report.failures.iter().all(|(index, error)| index % 5 == 0 && error.is_not_found()));
    }

    /// Links whose messages have 13 KB and 40 KB.
    async fn large_links_are_in_every_dump(io, _space, |options| options) {
        run(io, link::Add::new("v0").veth("v1")).await.unwrap();
        for (device, count) in [("v0", 90), ("v1", 300)] {
            let names: Vec<String> = (0..count).map(|n| format!("{device}-{n:0>110}")).collect();
            let index = run(io, link::Get::new(device)).await.unwrap().index();
            run(io, link::AddNames::new(index, names)).await.unwrap();
        }
        let all = run(io, link::List::all()).await.unwrap();
        assert_eq!(all.len(), 3);
        let longest = all.iter().map(|link| netloom_wire::View::bytes(link).len()).max();
        assert!(longest.is_some_and(|longest| longest > 35_000), "{longest:?}");
        let mut streamed = 0;
        io.each(&link::List::all(), |_| streamed += 1).await.unwrap();
        assert_eq!(streamed, 3);
    }

    async fn notifications_of_a_group(io, _space, |options| options) {
        let mut links = io.watch(&[1]).await.unwrap(); // RTNLGRP_LINK
        assert!(links.try_next().unwrap().is_none());
        run(io, link::Add::new("v0").veth("v1")).await.unwrap();
        let mut seen = BTreeSet::new();
        while seen.len() < 2 {
            let Notice::Message { command: 16, payload, nsid: None, .. } = links.next().await.unwrap() else { panic!() };
            let link: &link::Link = netloom_wire::View::view(payload).unwrap();
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
    async fn a_flood_is_told_as_a_loss(io, _space, |options| options.receive_buffer(4096)) {
        let mut addresses = io.watch(&[5]).await.unwrap(); // RTNLGRP_IPV4_IFADDR
        io.many((0..500).map(on_loopback), |_, _| ()).await.unwrap().into_result().unwrap();
        assert!(matches!(addresses.next().await.unwrap(), Notice::Lost));
        assert!(addresses.try_next().unwrap().is_none());
        run(io, on_loopback(1000)).await.unwrap();
        assert!(matches!(addresses.next().await.unwrap(), Notice::Message { command: 20, .. }));
    }

    /// A pipeline through a tiny receive buffer still learns each outcome.
    async fn a_tiny_buffer_only_slows(io, _space, |options| options.receive_buffer(2048)) {
        io.many((0..300).map(|n| on_loopback(n * 3)), |_, _| ()).await.unwrap().into_result().unwrap();
        let report = io.many((0..900).map(on_loopback), |_, _| ()).await.unwrap();
        assert_eq!((report.total, report.failures.len()), (900, 300));
        assert!(report.failures.iter().all(|(index, error)| index % 3 == 0 && error.is_exists()));
    }

    async fn a_deadline_that_has_passed(io, _space, |options| options) {
        io.deadline(Some(Duration::ZERO));
        let error = run(io, link::Get::new("lo")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert_eq!(error.to_string(), "get link lo: no answer in time");
        assert!(run(io, link::List::all()).await.unwrap_err().is_timeout());
        io.deadline(None);
        run(io, link::Get::new("lo")).await.unwrap();
    }
}
