//! Recordings, and what plays them again.
#![cfg(feature = "route")]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::{process::Command, sync::Arc};

use netloom::{
    AsyncIpRoute, Errno, ErrorKind, Ethtool, IpRoute, SocketOptions, address,
    ethtool::commands::ListLinkState,
    link,
    record::{Recording, Replay},
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
    let (capture, _) =
        recorded(SocketOptions::new(), |options| IpRoute::with(options).unwrap().link("lo").unwrap().index());
    let file = std::env::temp_dir().join(format!("netloom-record-{}.pcap", std::process::id()));
    std::fs::write(&file, capture).unwrap();
    let said =
        Command::new("tshark").args(["-T", "fields", "-e", "netlink-route.nltype", "-r"]).arg(&file).output().unwrap();
    let _ = std::fs::remove_file(&file);
    assert_eq!(String::from_utf8_lossy(&said.stdout).lines().collect::<Vec<_>>(), ["18", "16"], "{said:?}");
}
