//! Recordings, and what plays them again.
#![cfg(feature = "route")]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::{
    net::Ipv4Addr,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use netloom::{
    AsyncIpRoute, Errno, ErrorKind, Ethtool, IpRoute, Prefix, SocketOptions, address,
    ethtool::commands::ListLinkState,
    group, link,
    record::{Recording, Replay},
    route,
    socket::blocking::Notifications,
    watch::{Event, Objects},
    wire::Notice,
};
use netloom_testkit::Namespace;

/// Records what `work` exchanges with the kernel.
fn recorded<T>(options: SocketOptions, work: impl FnOnce(&SocketOptions) -> T) -> (Vec<u8>, T) {
    let recording = Arc::new(Recording::new(Vec::new()).unwrap());
    let outcome = work(&options.tap(recording.clone()));
    (Arc::into_inner(recording).unwrap().finish().unwrap(), outcome)
}

fn names(links: &netloom::List<link::Link>) -> Vec<String> {
    links.iter().map(|link| format!("{:?}", link)).collect()
}

#[test]
fn a_session_is_played_again_without_its_namespace() {
    let Some(space) = Namespace::new() else { return };
    let session = |options: &SocketOptions| {
        let mut ipr = IpRoute::with(options).unwrap();
        let before = names(&ipr.links().unwrap());
        ipr.run(&link::Add::new("rec0").veth("rec1").mtu(1400)).unwrap();
        let again = ipr.run(&link::Add::new("rec0").veth("rec1").mtu(1400)).unwrap_err().to_string();
        let index = ipr.link("rec0").unwrap().index();
        let addresses =
            [1, 2, 3].map(|last| address::Add::new(index, [10, 0, 0, last].into(), 24).label(format!("rec0:{last}")));
        let report = ipr.pipeline(addresses).unwrap().to_string();
        (before, again, names(&ipr.links().unwrap()), names_of(&mut ipr), report)
    };
    let (capture, seen) =
        recorded(SocketOptions::new().namespace(netloom::Namespace::path(space.path()).unwrap()), session);
    drop(space);
    let replay = Replay::start(&capture).unwrap();
    assert_eq!(session(&replay.options()), seen);
    assert_eq!(replay.strange_requests(), 0);
    let mut ipr = IpRoute::with(&replay.options()).unwrap();
    let error = ipr.link("nowhere").unwrap_err();
    assert_eq!((error.errno().map(|e| e.0), replay.strange_requests()), (Some(Errno::EOPNOTSUPP.0), 1));
}

fn names_of(ipr: &mut IpRoute) -> Vec<String> {
    ipr.addresses().unwrap().iter().map(|address| format!("{address:?}")).collect()
}

#[tokio::test]
async fn dumps_at_once_are_kept_apart_and_families_found() {
    let (capture, seen) = recorded(SocketOptions::new(), |options| {
        let mut ethtool = Ethtool::with(options).unwrap();
        let states = ethtool.run(&ListLinkState::all()).unwrap().len();
        let mut ipr = IpRoute::with(options).unwrap();
        (states, names(&ipr.links().unwrap()), names_of(&mut ipr))
    });
    let replay = Replay::start(&capture).unwrap();
    let mut ethtool = Ethtool::with(&replay.options()).unwrap();
    assert_eq!(ethtool.run(&ListLinkState::all()).unwrap().len(), seen.0);
    let ipr = AsyncIpRoute::with(&replay.options()).unwrap();
    let (links, addresses) = tokio::join!(ipr.links(), ipr.addresses());
    let addresses: Vec<_> = addresses.unwrap().iter().map(|address| format!("{address:?}")).collect();
    assert_eq!((names(&links.unwrap()), addresses), (seen.1, seen.2));
}

/// What a subscription hears, what a watch makes of it, and what the caller itself set off, which bears its sequence
/// number: in the order of the capture, to each who listens.
#[test]
fn notifications_are_told_again() {
    let Some(space) = Namespace::new() else { return };
    let played = AtomicBool::new(false);
    let session = |options: &SocketOptions| {
        let ip = |words: &[&str]| {
            if !played.load(Ordering::Relaxed) {
                drop(space.ip(words))
            }
        };
        let mut ipr = IpRoute::with(options).unwrap();
        let mut links = ipr.subscribe(&[group::LINK]).unwrap();
        let mut both = ipr.subscribe(&[group::LINK, group::IPV4_ROUTE]).unwrap();
        ip(&["link", "add", "rec0", "type", "veth", "peer", "name", "rec1"]);
        let mut told = vec![heard(&mut links, 2)];
        let rec0 = ipr.link("rec0").unwrap().index();
        ipr.run(&link::Set::new(rec0).mtu(1400).up()).unwrap();
        ipr.run(&address::Add::new(rec0, [10, 0, 0, 1].into(), 24)).unwrap();
        ipr.run(&route::Add::new("10.9.0.0/16".parse().unwrap()).dev(1)).unwrap();
        ip(&["link", "set", "rec1", "mtu", "1300"]);
        told.push(heard(&mut links, 2));
        told.push(heard(&mut both, 6));
        let mut watch = ipr.watch(Objects::LINKS).unwrap();
        let mut changes = Vec::new();
        watch.deadline(Some(Duration::from_secs(20)));
        ip(&["link", "set", "rec1", "alias", "other"]);
        while !changes.iter().any(|change: &String| change.contains("other")) {
            if let Event::Change(change) = watch.next().unwrap() {
                changes.push(format!("{change:?}"));
            }
        }
        told.push(changes);
        told
    };
    let (capture, seen) =
        recorded(SocketOptions::new().namespace(netloom::Namespace::path(space.path()).unwrap()), session);
    assert!(seen[2].iter().any(|message| message.starts_with("24 ")), "{seen:?}");
    played.store(true, Ordering::Relaxed);
    let replay = Replay::start(&capture).unwrap();
    assert_eq!(session(&replay.options()), seen);
    assert_eq!(replay.strange_requests(), 0);
}

/// So many messages: type and body.
fn heard(notifications: &mut Notifications, count: usize) -> Vec<String> {
    notifications.deadline(Some(Duration::from_secs(20)));
    let mut told = Vec::new();
    for _ in 0..count {
        match notifications.next().unwrap() {
            Notice::Message { command, payload, .. } => told.push(format!("{command} {payload:?}")),
            other => panic!("{other:?}"),
        }
    }
    told
}

/// A dump that nobody reads on holds up neither who asks besides, nor the end.
#[test]
fn who_does_not_read_holds_up_nobody() {
    let Some(space) = Namespace::new() else { return };
    let adds = || (0..40_000u32).map(|n| route::Add::new(Prefix::from(Ipv4Addr::from(0x0a00_0000 + n))).dev(1));
    let options = SocketOptions::new().namespace(netloom::Namespace::path(space.path()).unwrap());
    let mut ipr = IpRoute::with(&options).unwrap();
    assert!(ipr.pipeline(adds()).unwrap().failures.is_empty());
    let session = |options: &SocketOptions| {
        let mut ipr = IpRoute::with(options).unwrap();
        let mut stream = ipr.stream(&route::List::v4()).unwrap();
        stream.next().unwrap().unwrap();
        let index = ipr.link("lo").unwrap().index();
        let mut count = 1;
        while stream.next().unwrap().is_some() {
            count += 1;
        }
        (index, count)
    };
    let (capture, seen) = recorded(options, session);
    assert!(seen.1 >= 40_000, "{seen:?}");
    let replay = Replay::start(&capture).unwrap();
    assert_eq!(session(&replay.options().receive_buffer(1 << 16)), seen);
    let replay = Replay::start(&capture).unwrap();
    let mut ipr = IpRoute::with(&replay.options().receive_buffer(1 << 16)).unwrap();
    let mut stream = ipr.stream(&route::List::v4()).unwrap();
    stream.next().unwrap().unwrap();
    drop(replay);
    drop(stream);
}

#[test]
fn other_files_are_refused() {
    let (capture, _) =
        recorded(SocketOptions::new(), |options| IpRoute::with(options).unwrap().link("lo").unwrap().index());
    for wrong in [&b""[..], b"something else", &capture[..capture.len() - 1]] {
        assert_eq!(Replay::start(wrong).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
}

/// Wireshark's own reader, where it is installed, sees netlink in it.
#[test]
fn others_read_it() {
    if Command::new("tshark").arg("-v").output().is_err() {
        netloom_testkit::skip!("tshark", "not installed");
    }
    let Some(space) = Namespace::new() else { return };
    let (capture, _) =
        recorded(SocketOptions::new().namespace(netloom::Namespace::path(space.path()).unwrap()), |options| {
            let mut ipr = IpRoute::with(options).unwrap();
            let mut links = ipr.subscribe(&[group::LINK]).unwrap();
            ipr.link("lo").unwrap();
            space.ip(&["link", "set", "lo", "mtu", "1400"]);
            heard(&mut links, 1);
        });
    let file = std::env::temp_dir().join(format!("netloom-record-{}.pcap", std::process::id()));
    std::fs::write(&file, capture).unwrap();
    let said =
        Command::new("tshark").args(["-T", "fields", "-e", "netlink-route.nltype", "-r"]).arg(&file).output().unwrap();
    let _ = std::fs::remove_file(&file);
    assert_eq!(String::from_utf8_lossy(&said.stdout).lines().collect::<Vec<_>>(), ["18", "16", "16"], "{said:?}");
}
