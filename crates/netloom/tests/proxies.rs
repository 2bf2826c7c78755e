//! Proxies of the named sockets, on the real kernel: what the named sockets and their watches show and do.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[expect(unreachable_pub, dead_code, reason = "it is a program")]
#[path = "../../netloom-socket/examples/rename.rs"]
mod rename;

use std::time::Duration;

use netloom::{
    AsyncIpRoute, Errno, ErrorKind, IpRoute, Namespace, SocketOptions, link,
    socket::hooks::{Outgoing, Replies, Verdict},
    watch::{Event, Objects},
};
use netloom_testkit::Namespace as Space;
use rename::rename;

const RTM_NEWLINK: u16 = 16;
const RTM_DELLINK: u16 = 17;

fn space() -> Option<Space> {
    let space = Space::new()?;
    space.ip(&["link", "add", "v0", "type", "veth", "peer", "name", "v1"]);
    Some(space)
}

fn options(space: &Space) -> SocketOptions {
    SocketOptions::new().namespace(Namespace::path(space.path()).unwrap())
}

/// Links of one kind are somebody else's.
fn reserve(message: &Outgoing<'_>) -> Option<Verdict> {
    let asked = message.view::<link::Link>()?;
    (asked.kind() == Some("bridge")).then(|| Replies::new().refuse(Errno::EPERM, "bridges are made elsewhere").into())
}

/// What a watch says of the links of the first namespace, until nothing more comes.
macro_rules! told { ($watch:ident, $deadline:expr, [$($await:tt)*]) => { {
    let mut told = Vec::new();
    $deadline(Some(Duration::from_millis(400)));
    loop {
        match $watch.next()$($await)* {
            Ok(Event::Change(change)) => told.push(change.to_string()),
            Ok(_) => {}
            Err(error) if error.is_timeout() => break told,
            Err(error) => panic!("{error}"),
        }
    }
} } }

fn judge(before: &[String], after: &[String]) {
    let names = |text: &str, name: &str| text.split_whitespace().any(|word| word.trim_end_matches([',', ':']) == name);
    assert!(before.iter().chain(after).all(|text| !names(text, "v0")), "{before:?} {after:?}");
    assert!(
        before.iter().any(|text| names(text, "uplink")) && before.iter().any(|text| names(text, "v1")),
        "{before:?}"
    );
    assert!(after.iter().any(|text| names(text, "uplink")), "{after:?}");
}

#[test]
fn blocking() {
    let Some(space) = space() else { return };
    let mut ipr = IpRoute::with(&options(&space)).unwrap();
    let hooks = [RTM_NEWLINK, RTM_DELLINK].map(|command| ipr.on_receive("renamer", command, rename("v0", "uplink")));
    ipr.on_send("reserved", RTM_NEWLINK, reserve);
    assert_eq!(ipr.link("v0").unwrap().name(), "uplink");
    assert!(ipr.links().unwrap().iter().all(|link| link.name() != "v0"));
    let refused = ipr.run(&link::Add::new("b0").kind("bridge")).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Kernel);
    assert_eq!(refused.to_string(), "add link b0: Operation not permitted (EPERM): bridges are made elsewhere");
    assert!(ipr.link("b0").unwrap_err().is_not_found());
    let mut watch = ipr.watch(Objects::LINKS).unwrap();
    let before = told!(watch, |limit| watch.deadline(limit), []);
    assert!(watch.links().iter().any(|link| link.name() == "uplink"));
    space.ip(&["link", "delete", "v0"]);
    let after = told!(watch, |limit| watch.deadline(limit), []);
    assert!(watch.links().iter().all(|link| link.name() == "lo"));
    judge(&before, &after);
    hooks.iter().for_each(netloom::socket::hooks::Hook::remove);
    space.ip(&["link", "add", "v0", "type", "veth", "peer", "name", "v1"]);
    assert_eq!(ipr.link("v0").unwrap().name(), "v0");
}

async fn asynchronous(space: Space) {
    let ipr = AsyncIpRoute::with(&options(&space)).unwrap();
    for command in [RTM_NEWLINK, RTM_DELLINK] {
        ipr.on_receive("renamer", command, rename("v0", "uplink"));
    }
    ipr.on_send_slow("reserved", RTM_NEWLINK, reserve);
    assert_eq!(ipr.link("v0").await.unwrap().name(), "uplink");
    let refused = ipr.run(&link::Add::new("b0").kind("bridge")).await.unwrap_err();
    assert_eq!(refused.to_string(), "add link b0: Operation not permitted (EPERM): bridges are made elsewhere");
    let mut watch = ipr.watch(Objects::LINKS).await.unwrap();
    let before = told!(watch, |limit| watch.notifications().deadline(limit), [.await]);
    space.ip(&["link", "delete", "v0"]);
    let after = told!(watch, |limit| watch.notifications().deadline(limit), [.await]);
    judge(&before, &after);
}

#[test]
fn tokio() {
    let Some(space) = space() else { return };
    ::tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(asynchronous(space));
}

#[test]
fn async_io() {
    let Some(space) = space() else { return };
    ::async_io::block_on(asynchronous(space));
}
