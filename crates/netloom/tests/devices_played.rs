//! The built-in proxies over a played kernel: what they ask it, what they undo when it refuses something, and that they
//! leave all other links alone. By every driver.
#![cfg(all(feature = "route", feature = "generic", feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[path = "support/played.rs"]
mod played;

use std::{
    fs,
    os::fd::AsRawFd,
    sync::{Arc, Mutex},
};

use netloom::{
    Errno, Error, ErrorKind, Namespace, RawIpRoute, SocketOptions,
    kind::{Team, Tun},
    link,
    tuntap::TunTap,
};
use netloom_testkit::{Asked, Namespace as Space};
use played::{Driver, GETLINK, Kernel, NEWLINK, Say, TEAM, a_link, family, is_controller};

/// A namespace whose tun and tap are real; None, and the skip recorded, where the kernel has none.
fn space() -> Option<Space> {
    let space = Space::new()?;
    match TunTap::tun("probe0").namespace(Namespace::path(space.path()).unwrap()).open() {
        Ok(_) => Some(space),
        Err(error) => {
            netloom_testkit::record("kind tun", &error.to_string());
            None
        }
    }
}

#[test]
fn other_links_are_the_kernel_s_affair() {
    let bodies = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&bodies);
    let kernel = Kernel::new(move |asked| {
        noted.lock().unwrap().push((asked.command, asked.flags, asked.payload.clone()));
        Say::Ack
    });
    let orders = |run: &mut dyn FnMut(Order)| {
        run(Order::Add(link::Add::new("v0").veth("v1").mtu(1400)));
        run(Order::Add(link::Add::new("br0").kind("bridge").up()));
        run(Order::Add(link::Add::new("team0").kind("team")));
        run(Order::Set(link::Set::new(7).mtu(1400).master(8)));
        run(Order::Set(link::Set::new("v0").no_master().down()));
        run(Order::Delete(link::Delete::new("v0")));
    };
    enum Order {
        Add(link::Add),
        Set(link::Set),
        Delete(link::Delete),
    }
    let mut raw = RawIpRoute::with(&kernel.options).unwrap();
    orders(&mut |order| match order {
        Order::Add(add) => raw.run(&add).unwrap(),
        Order::Set(set) => raw.run(&set).unwrap(),
        Order::Delete(delete) => raw.run(&delete).unwrap(),
    });
    let expected = std::mem::take(&mut *bodies.lock().unwrap());
    assert_eq!(expected.len(), 6);
    for mut io in Driver::all(&kernel.options) {
        orders(&mut |order| match order {
            Order::Add(add) => io.run(&add).unwrap(),
            Order::Set(set) => io.run(&set).unwrap(),
            Order::Delete(delete) => io.run(&delete).unwrap(),
        });
        assert_eq!(std::mem::take(&mut *bodies.lock().unwrap()), expected);
    }
}

/// What the proxy does when the kernel answers so to what is asked about the new link.
fn tap_undone(name: &str, add: &link::Add, say: fn(&Asked) -> Say) -> Option<Vec<(Error, Vec<String>)>> {
    let space = space()?;
    let ended = space.enter(|| {
        let kernel = Kernel::new(say);
        Driver::all(&kernel.options)
            .into_iter()
            .map(|mut io| {
                let error = io.run(add).unwrap_err();
                // The played kernel deletes nothing.
                space.ip(&["link", "delete", name]);
                (error, kernel.asked())
            })
            .collect()
    });
    Some(ended)
}

#[test]
fn a_tap_whose_settings_are_refused_is_deleted() {
    let add = link::Add::new("tap1").kind(Tun::tap()).mtu(1400);
    let Some(ended) = tap_undone("tap1", &add, |asked| match asked.command {
        GETLINK => a_link("tun", "tap1"),
        NEWLINK => Say::Refuse(Errno::EINVAL),
        _ => Say::Ack,
    }) else {
        return;
    };
    for (error, asked) in ended {
        let said = "add link tap1: proxy `tun/tap`: set link index 9: Invalid argument (EINVAL)";
        assert_eq!((error.kind(), &*error.to_string()), (ErrorKind::Proxy, said));
        assert_eq!(asked, ["GET tap1", "NEW 9 mtu 1400", "DEL 9"]);
    }
}

#[test]
fn a_tap_that_cannot_be_found_again_is_deleted_by_its_name() {
    let add = link::Add::new("tap1").kind(Tun::tap());
    let Some(ended) = tap_undone("tap1", &add, |asked| match asked.command {
        GETLINK => Say::Refuse(Errno::ENOBUFS),
        _ => Say::Ack,
    }) else {
        return;
    };
    for (error, asked) in ended {
        assert!(error.to_string().ends_with("get link tap1: No buffer space available (ENOBUFS)"), "{error}");
        assert_eq!(asked, ["GET tap1", "DEL tap1"]);
    }
}

#[test]
fn a_tap_that_cannot_be_deleted_is_named() {
    let add = link::Add::new("t%dx").kind(Tun::tap()).mtu(1400);
    let Some(ended) = tap_undone("t0x", &add, |asked| match asked.command {
        GETLINK => a_link("tun", "t0x"),
        NEWLINK => Say::Refuse(Errno::EINVAL),
        _ => Say::Refuse(Errno::EPERM),
    }) else {
        return;
    };
    for (error, asked) in ended {
        let left = "; the link t0x was made and is left: delete link index 9: Operation not permitted (EPERM)";
        assert!(error.to_string().ends_with(left), "{error}");
        assert_eq!(asked, ["GET t0x", "NEW 9 mtu 1400", "DEL 9"]);
    }
}

/// The kernel moves a link first: here it is the real one.
#[test]
fn a_tap_that_was_moved_before_it_was_refused_is_named() {
    let (Some(space), Some(far)) = (space(), Space::new()) else { return };
    let there = fs::File::open(far.path()).unwrap();
    let options = SocketOptions::new().namespace(Namespace::path(space.path()).unwrap());
    for mut io in Driver::all(&options) {
        let add = link::Add::new("tap1").kind(Tun::tap()).namespace(there.as_raw_fd()).mtu(1 << 30);
        let error = io.run(&add).unwrap_err().to_string();
        let shown = far.ip(&["-br", "link"]).stdout;
        let is_there = String::from_utf8_lossy(&shown).contains("tap1");
        let left = "; the link tap1 was made, and is in the namespace that it was to move to";
        assert!(is_there && error.ends_with(left), "{error}");
        far.ip(&["link", "delete", "tap1"]);
    }
}

#[test]
fn a_team_whose_options_are_refused_is_deleted() {
    let kernel = Kernel::new(|asked| match asked.command {
        NEWLINK if is_controller(asked) => family(),
        NEWLINK => a_link("team", "team1"),
        TEAM => Say::Refuse(Errno::EBUSY),
        _ => Say::Ack,
    });
    for mut io in Driver::all(&kernel.options) {
        let error = io.run(&link::Add::new("team1").kind(Team::new().mode("random"))).unwrap_err();
        let said = "add link team1: proxy `team`: set team with index 9: mode: Device or resource busy (EBUSY)";
        assert_eq!(error.to_string(), said);
        assert_eq!(kernel.asked(), ["NEW team1", "which family?", "team 1", "DEL 9"]);
    }
}

#[test]
fn a_team_that_cannot_be_made_is_no_team() {
    let kernel = Kernel::new(|_| Say::Refuse(Errno::EOPNOTSUPP));
    for mut io in Driver::all(&kernel.options) {
        let error = io.run(&link::Add::new("team1").kind(Team::new().mode("random"))).unwrap_err();
        assert!(
            error.is_unsupported() && error.to_string().starts_with("add link team1: proxy `team`: add link team1: ")
        );
        assert_eq!(kernel.asked(), ["NEW team1"]);
    }
}
