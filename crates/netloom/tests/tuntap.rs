//! tun and tap by the requests for all links; iproute2 is the judge.
#![cfg(all(feature = "route", feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[path = "support/played.rs"]
mod played;

use std::{fs::File, os::fd::AsRawFd};

use netloom::{
    AsyncIpRoute, Create, Errno, ErrorKind, IpRoute, Namespace, RawIpRoute, SocketOptions,
    kind::{Tun, TunMode},
    link::{self, LinkData},
    socket::hooks::Replies,
    tuntap::TunTap,
    watch::{Event, Objects},
    wire::Buffer,
};
use netloom_testkit::{Iproute2, Namespace as Space, wait_for};
use played::Driver;
use serde_json::{Value, json};

fn options(space: &Space) -> SocketOptions {
    SocketOptions::new().namespace(Namespace::path(space.path()).unwrap())
}

/// A namespace in which the kernel makes such links; None, and the skip recorded, where it does not.
fn space() -> Option<Space> {
    let space = Space::new()?;
    let probe = TunTap::tun("probe0").namespace(Namespace::path(space.path()).unwrap());
    match probe.open() {
        Ok(_) => Some(space),
        Err(error) => {
            assert!(error.is_permission() || error.to_string().contains("open /dev/net/tun"), "{error}");
            netloom_testkit::record("kind tun", &error.to_string());
            None
        }
    }
}

fn judged(space: &Space, words: &[&str]) -> Value {
    let all = [&["-j", "-d", "link", "show"], words].concat();
    serde_json::from_str(&space.judge(&Iproute2::installed().unwrap(), "ip", &all)).unwrap()
}

#[test]
fn a_link_like_any_other() {
    let Some(space) = space() else { return };
    let mut ipr = IpRoute::with(&options(&space)).unwrap();
    let mac = [2, 0, 0, 0, 0, 9];
    let tap = Tun::tap().owner(0).group(5).multi_queue(true).vnet_hdr(true).pi(true);
    ipr.run(&link::Add::new("tap0").kind(tap).mtu(1400).address(mac).txqlen(77).up()).unwrap();
    let shown = judged(&space, &["tap0"]);
    let data = json!({
        "type": "tap", "pi": true, "vnet_hdr": true, "multi_queue": true, "numqueues": 0, "numdisabled": 0,
        "persist": true, "user": "root", "group": "tty",
    });
    assert_eq!(shown[0]["linkinfo"], json!({"info_kind": "tun", "info_data": data}));
    let said = ["mtu", "address", "txqlen"].map(|key| shown[0][key].clone());
    assert_eq!(said, [json!(1400), json!("02:00:00:00:00:09"), json!(77)]);
    assert!(shown[0]["flags"].as_array().unwrap().contains(&json!("UP")));

    let seen = ipr.link("tap0").unwrap();
    let Some(LinkData::Tun(tun)) = seen.linkinfo().and_then(|info| info.data()) else { panic!("{seen:?}") };
    assert_eq!((tun.tun_type(), tun.multi_queue()), (Some(TunMode::Tap), Some(true)));
    assert!(ipr.run(&link::List::all().kind("tun")).unwrap().iter().any(|link| link.name() == "tap0"));
    ipr.run(&link::Set::new("tap0").mtu(1300)).unwrap();
    assert_eq!(judged(&space, &["tap0"])[0]["mtu"], 1300);
    ipr.run(&link::Delete::new("tap0")).unwrap();
    assert_eq!(judged(&space, &[]).as_array().unwrap().len(), 1);
}

#[test]
fn what_was_made_comes_back() {
    let Some(space) = space() else { return };
    let mut ipr = IpRoute::with(&options(&space)).unwrap();
    let made = ipr.run(&link::Add::new("t%dx").kind(Tun::tun()).index(77).mtu(900).created()).unwrap();
    assert_eq!((made.name(), made.index(), made.mtu()), ("t0x", 77, Some(900)));
    let second = ipr.run(&link::Add::new("t%dx").kind(Tun::tun()).created()).unwrap();
    assert_eq!(second.name(), "t1x");
    assert_eq!(judged(&space, &["t1x"])[0]["ifindex"], second.index());
    let unnamed = ipr.run(&link::Add::new("").kind(Tun::tap()).created()).unwrap();
    assert_eq!(unnamed.name(), "tap0");
    let report = ipr.pipeline((0..3).map(|n| link::Add::new(&format!("p{n}")).kind(Tun::tap()))).unwrap();
    assert_eq!((report.total, report.failures.len()), (3, 0));
    assert_eq!(judged(&space, &["p2"])[0]["linkinfo"]["info_data"]["type"], "tap");
}

#[test]
fn a_port_of_a_bridge_and_a_traveller() {
    let (Some(space), Some(far)) = (space(), Space::new()) else { return };
    let mut ipr = IpRoute::with(&options(&space)).unwrap();
    let bridge = ipr.run(&link::Add::new("br0").kind("bridge").created()).unwrap().index();
    ipr.run(&link::Add::new("tap0").kind(Tun::tap()).master(bridge).up()).unwrap();
    assert_eq!(judged(&space, &["tap0"])[0]["master"], "br0");
    let there = File::open(far.path()).unwrap();
    let made = ipr.run(&link::Add::new("tap1").kind(Tun::tap()).namespace(there.as_raw_fd()).created()).unwrap();
    assert_eq!(made.name(), "tap1");
    assert_eq!(judged(&far, &["tap1"])[0]["linkinfo"]["info_kind"], "tun");
    assert!(ipr.link("tap1").unwrap_err().is_not_found());
}

#[test]
fn errors_name_the_link_and_leave_none() {
    let Some(space) = space() else { return };
    let mut ipr = IpRoute::with(&options(&space)).unwrap();
    ipr.run(&link::Add::new("tap0").kind(Tun::tap())).unwrap();
    let again = ipr.run(&link::Add::new("tap0").kind(Tun::tap())).unwrap_err();
    assert!(again.is_exists());
    assert_eq!(again.kind(), ErrorKind::Proxy);
    let said = "create tap tap0: a link has this name: File exists (EEXIST)";
    assert_eq!(again.to_string(), format!("add link tap0: proxy `tun/tap`: {said}"));

    let mut refused = |add: link::Add| {
        let said = ipr.run(&add).unwrap_err().to_string();
        // A child that another test starts has it open until it becomes its program.
        let gone = || ipr.link("tap1").is_err_and(|error| error.is_not_found()).then_some(());
        assert_eq!(wait_for(gone), Some(()), "tap1 is left: {said}");
        said
    };
    let large = refused(link::Add::new("tap1").kind(Tun::tap()).address([2, 0, 0, 0, 0, 1]).mtu(1 << 30));
    assert!(large.starts_with("add link tap1: proxy `tun/tap`: set link index "), "{large}");
    assert!(large.contains("Invalid argument (EINVAL)"), "{large}");
    let nobody = refused(link::Add::new("tap1").kind(Tun::tap().owner(u32::MAX)));
    assert_eq!(nobody, "add link tap1: proxy `tun/tap`: create tap tap1: TUNSETOWNER: Invalid argument (EINVAL)");
    let none = refused(link::Add::new("tap1").kind("tun"));
    assert_eq!(none, "add link tap1: proxy `tun/tap`: a tun or a tap? say which (IFLA_TUN_TYPE)");
    let queues = refused(link::Add::new("tap1").kind(Tun::tap()).num_tx_queues(4));
    assert_eq!(queues, "add link tap1: proxy `tun/tap`: such a link cannot be given IFLA_NUM_TX_QUEUES");
    let passing = refused(link::Add::new("tap1").kind(Tun::tap().persist(false)));
    assert!(passing.contains("use netloom::tuntap"), "{passing}");
    // Without proxies the kernel's own word counts.
    let raw = RawIpRoute::with(&options(&space)).unwrap().run(&link::Add::new("tap2").kind(Tun::tap())).unwrap_err();
    assert!(raw.is_unsupported(), "{raw}");
}

#[test]
fn it_is_changed_like_any_other() {
    let Some(space) = space() else { return };
    let mut ipr = IpRoute::with(&options(&space)).unwrap();
    ipr.run(&link::Add::new("tap0").kind(Tun::tap().owner(5).pi(true).multi_queue(true))).unwrap();
    ipr.run(&link::Set::new("tap0").kind(Tun::tap().group(5).vnet_hdr(true)).mtu(1400).up()).unwrap();
    let shown = judged(&space, &["tap0"]);
    let data = &shown[0]["linkinfo"]["info_data"];
    assert_eq!((&data["pi"], &data["vnet_hdr"], &data["multi_queue"]), (&json!(true), &json!(true), &json!(true)));
    assert_eq!((&shown[0]["mtu"], &data["group"]), (&json!(1400), &json!("tty")));
    let index = ipr.link("tap0").unwrap().index();
    ipr.run(&link::Set::new(index).kind(Tun::tap().owner(0).pi(false))).unwrap();
    // What is there is changed, too, by a request that would make it.
    ipr.run(&link::Add::new("tap0").or_change().kind(Tun::tap()).mtu(1300)).unwrap();
    ipr.run(&link::Add::new("tap1").or_change().kind(Tun::tap()).mtu(1200)).unwrap();
    let shown = judged(&space, &["tap0"]);
    let data = &shown[0]["linkinfo"]["info_data"];
    assert_eq!((&data["user"], &data["pi"], &shown[0]["mtu"]), (&json!("root"), &json!(false), &json!(1300)));
    assert_eq!(judged(&space, &["tap1"])[0]["mtu"], 1200);
    // Somebody has it open: what is as wanted is no reason to open it too.
    let open = TunTap::tap("tap1").namespace(Namespace::path(space.path()).unwrap()).open().unwrap();
    ipr.run(&link::Set::new("tap1").kind(Tun::tap().pi(false)).mtu(1100)).unwrap();
    let busy = ipr.run(&link::Set::new("tap1").kind(Tun::tap().owner(7))).unwrap_err().to_string();
    assert_eq!(busy, "set link tap1: proxy `tun/tap`: open tap tap1: TUNSETIFF: Device or resource busy (EBUSY)");
    drop(open);
    let other = ipr.run(&link::Set::new("tap0").kind(Tun::tun())).unwrap_err().to_string();
    assert!(other.starts_with("set link tap0: proxy `tun/tap`: its mode, and whether it persists"), "{other}");
    assert!(ipr.run(&link::Set::new("absent0").kind(Tun::tap())).unwrap_err().is_not_found());
}

#[test]
fn it_is_told_like_any_other() {
    let Some(space) = space() else { return };
    let mut ipr = IpRoute::with(&options(&space)).unwrap();
    let mut watch = ipr.watch(Objects::LINKS).unwrap();
    watch.deadline(Some(std::time::Duration::from_secs(20)));
    let mut until = |removal: bool| {
        loop {
            if let Event::Change(change) = watch.next().unwrap() {
                if change.is_removal() == removal && format!("{change:?}").contains("\"tap0\"") {
                    return;
                }
            }
        }
    };
    ipr.run(&link::Add::new("tap0").kind(Tun::tap()).up()).unwrap();
    until(false);
    ipr.run(&link::Delete::new("tap0")).unwrap();
    until(true);
}

async fn by_async(options: &SocketOptions, name: &str) -> String {
    let ipr = AsyncIpRoute::with(options).unwrap();
    let made = ipr.run(&link::Add::new(name).kind(Tun::tap()).up().created()).await.unwrap();
    assert!(made.is_up());
    let again = ipr.run(&link::Add::new(made.name()).kind(Tun::tap())).await.unwrap_err();
    assert!(again.is_exists());
    made.name().to_owned()
}

#[test]
fn under_tokio_and_async_io() {
    let Some(space) = space() else { return };
    let options = options(&space);
    assert_eq!(async_io::block_on(by_async(&options, "a%d")), "a0");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    assert_eq!(runtime.block_on(by_async(&options, "a%d")), "a1");
    assert_eq!(judged(&space, &["a1"])[0]["linkinfo"]["info_data"]["type"], "tap");
}

/// What the user's handlers refuse is not made, and what they make of a request is what is made: they stand before the
/// proxies that are built in.
#[test]
fn handlers_of_the_user_come_first() {
    let Some(space) = space() else { return };
    for mut io in Driver::all(&options(&space)) {
        let guard = io.on_send("guard", 16, |_| Some(Replies::new().refuse(Errno::EPERM, "no links here").into()));
        let refused = io.run(&link::Add::new("tap0").kind(Tun::tap())).unwrap_err().to_string();
        assert_eq!(refused, "add link tap0: Operation not permitted (EPERM): no links here");
        assert_eq!(judged(&space, &[]).as_array().unwrap().len(), 1);
        guard.remove();
        io.on_send("small", 16, |message| {
            let mut body = Buffer::after(message.body().to_vec());
            body.put(4, &1300u32.to_ne_bytes()); // IFLA_MTU
            Some(message.with_body(body.finish().ok()?).into())
        });
        io.run(&link::Add::new("tap0").kind(Tun::tap())).unwrap();
        let shown = judged(&space, &["tap0"]);
        assert_eq!((&shown[0]["mtu"], &shown[0]["linkinfo"]["info_data"]["type"]), (&json!(1300), &json!("tap")));
        io.run(&link::Delete::new("tap0")).unwrap();
    }
}

/// By every driver: the error says what is missing, and there is no link.
#[test]
fn without_a_device_node_there_is_no_link() {
    netloom_testkit::inside_after("without_a_device_node_there_is_no_link", "mount -t tmpfs none /dev/net", || {
        for mut io in Driver::all(&SocketOptions::new()) {
            let error = io.run(&link::Add::new("tap0").kind(Tun::tap()).mtu(1400)).unwrap_err().to_string();
            let said = "open /dev/net/tun, which the module tun provides: No such file or directory (ENOENT)";
            assert_eq!(error, format!("add link tap0: proxy `tun/tap`: create tap tap0: {said}"));
            assert_eq!(io.run(&link::List::all()).unwrap().len(), 1);
        }
    });
}

/// A device node that everybody may open does not make links of those without rights.
#[test]
fn without_rights_there_is_no_link() {
    if space().is_none() {
        return;
    }
    let prepare = "mount -t tmpfs none /dev/net && mknod -m 666 /dev/net/tun c 10 200";
    netloom_testkit::inside_after("without_rights_there_is_no_link", prepare, || {
        let mut ipr = IpRoute::open().unwrap();
        ipr.run(&link::Add::new("own0").kind(Tun::tap().owner(1234).multi_queue(true))).unwrap();
        netloom_testkit::as_user(1234, 1, || {
            let mut ipr = IpRoute::open().unwrap();
            let refused = ipr.run(&link::Add::new("tap0").kind(Tun::tap())).unwrap_err();
            let said = "add link tap0: proxy `tun/tap`: create tap tap0: TUNSETIFF: Operation not permitted (EPERM)";
            assert!(refused.is_permission() && refused.to_string() == said, "{refused}");
            // Its owner opens it, by which the kernel lets its settings be changed, and nothing else.
            TunTap::tap("own0").multi_queue(true).open().unwrap();
            ipr.run(&link::Set::new("own0").kind(Tun::tap().pi(true))).unwrap();
            let refused = ipr.run(&link::Set::new("own0").mtu(1400)).unwrap_err().to_string();
            assert_eq!(refused, "set link own0: Operation not permitted (EPERM)");
        });
        let shown = std::process::Command::new("ip").args(["-j", "-d", "link", "show"]).output().unwrap();
        let shown: Value = serde_json::from_slice(&shown.stdout).unwrap();
        assert_eq!(shown.as_array().unwrap().len(), 2);
        assert_eq!(shown[1]["linkinfo"]["info_data"]["pi"], true);
    });
}
