//! Make sure, flush, wait until: written once, run by each driver; judged by `ip`.
#![cfg(all(feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use netloom::{
    AsyncIpRoute, Errno, ErrorKind, IpRoute, Namespace, Operation, Prefix, Result, Rtnetlink, SocketOptions, address,
    addrlabel, group,
    link::{self, Link},
    neighbour::{self, NeighbourFlags, NeighbourState},
    nexthop, route, rule,
    state::{Absent, Flush, Matching, Outcome, Present, Until},
};
use netloom_testkit::Namespace as Space;

/// A namespace with a pair of links, and a socket in it for each world.
struct Scene {
    space: Space,
    blocking: IpRoute,
    runtime: tokio::runtime::Runtime,
    tokio: AsyncIpRoute,
    async_io: AsyncIpRoute,
}

fn scene() -> Option<Scene> {
    let space = Space::new()?;
    let options = SocketOptions::new().namespace(Namespace::path(space.path()).unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let tokio = runtime.block_on(async { AsyncIpRoute::with(&options) }).unwrap();
    let async_io = async_io::block_on(async { AsyncIpRoute::with(&options) }).unwrap();
    let scene = Scene { blocking: IpRoute::with(&options).unwrap(), runtime, tokio, async_io, space };
    scene.space.ip(&["link", "add", "v0", "type", "veth", "peer", "name", "v1"]);
    scene.space.ip(&["link", "set", "v0", "up"]);
    scene.space.ip(&["link", "set", "v1", "up"]);
    Some(scene)
}

impl Scene {
    /// Blocking first, then by tokio, then by async-io.
    fn by_each<O: Operation<Family = Rtnetlink>>(&mut self, operation: &O) -> [Result<O::Output>; 3] {
        let blocking = self.blocking.run(operation);
        let tokio = self.runtime.block_on(self.tokio.run(operation));
        [blocking, tokio, async_io::block_on(self.async_io.run(operation))]
    }

    /// Makes sure; what the first did, since the others have nothing left to do.
    fn first(&mut self, operation: &impl Operation<Family = Rtnetlink, Output = Outcome>) -> Outcome {
        let [first, second, third] = self.by_each(operation).map(Result::unwrap);
        assert_eq!((second, third), (Outcome::Unchanged, Outcome::Unchanged), "after {first:?}");
        first
    }

    /// What `ip` prints.
    fn ip(&self, words: &str) -> String {
        String::from_utf8(self.space.ip(&words.split(' ').collect::<Vec<_>>()).stdout).unwrap()
    }

    fn index(&mut self, name: &str) -> u32 {
        self.blocking.link(name).unwrap().index()
    }
}

#[test]
fn a_link_is_made_once_changed_when_asked_for_otherwise_and_then_left_alone() {
    let Some(mut scene) = scene() else { return };
    let bridge = Present::new(link::Add::new("br0").kind("bridge").mtu(1400).up());
    assert_eq!(scene.first(&bridge), Outcome::Created);
    scene.ip("link set br0 mtu 1300");
    assert_eq!(scene.first(&bridge), Outcome::Updated);
    assert!(scene.ip("link show br0").contains("mtu 1400"));
    scene.ip("link set br0 down");
    assert_eq!(scene.first(&bridge), Outcome::Updated);

    let other_kind = Present::new(link::Add::new("br0").veth("br1"));
    for result in scene.by_each(&other_kind) {
        let problem = result.unwrap_err();
        assert_eq!(problem.kind(), ErrorKind::InvalidInput);
        assert!(problem.to_string().contains("bridge"), "{problem}");
    }
    let absent = Absent::new(link::Delete::new("br0"));
    assert_eq!(scene.first(&absent), Outcome::Removed);
}

#[test]
fn addresses_routes_rules_and_neighbours_are_made_sure_of() {
    let Some(mut scene) = scene() else { return };
    let v0 = scene.index("v0");
    let own: IpAddr = [10, 7, 0, 1].into();
    let address = Present::new(address::Add::new(v0, own, 24).broadcast([10, 7, 0, 255].into()));
    assert_eq!(scene.first(&address), Outcome::Created);
    let six = Present::new(address::Add::new(v0, "2001:db8::7".parse().unwrap(), 64));
    assert_eq!(scene.first(&six), Outcome::Created);

    let to: Prefix = "10.99.0.0/16".parse().unwrap();
    let by = |router: u8| Present::new(route::Add::new(to).via(IpAddr::from([10, 7, 0, router])));
    assert_eq!(scene.first(&by(2)), Outcome::Created);
    assert_eq!(scene.first(&by(3)), Outcome::Updated);
    assert!(scene.ip("route show 10.99.0.0/16").contains("via 10.7.0.3"));
    let six: Prefix = "2001:db8:9::/48".parse().unwrap();
    let six = Present::new(route::Add::new(six).dev(v0));
    assert_eq!(scene.first(&six), Outcome::Created);

    let rule = Present::new(rule::Add::v4().src([10, 99, 0, 0].into(), 16).table(77));
    assert_eq!(scene.first(&rule), Outcome::Created);
    let lladdr = [2, 0, 0, 0, 0, 9];
    let neighbour = Present::new(neighbour::Add::new(v0, [10, 7, 0, 9].into()).lladdr(lladdr));
    assert_eq!(scene.first(&neighbour), Outcome::Created);
}

#[test]
fn next_hop_objects_forwarding_entries_proxies_and_labels_are_made_sure_of() {
    let Some(mut scene) = scene() else { return };
    let (v0, v1) = (scene.index("v0"), scene.index("v1"));
    scene.ip("addr add 10.7.0.1/24 dev v0");
    let hop = |router: u8| nexthop::Add::new(7).via(IpAddr::from([10, 7, 0, router])).dev(v0);
    assert_eq!(scene.first(&Present::new(hop(2))), Outcome::Created);
    assert_eq!(scene.first(&Present::new(hop(3))), Outcome::Updated);
    assert!(scene.ip("nexthop show id 7").contains("via 10.7.0.3"));
    assert_eq!(scene.first(&Present::new(nexthop::Add::new(8).blackhole())), Outcome::Created);
    assert_eq!(scene.first(&Present::new(nexthop::Add::new(9).group(&[(7, 1)]))), Outcome::Created);
    scene.first(&Present::new(nexthop::Add::new(6).via(IpAddr::from([10, 7, 0, 6])).dev(v0)));
    assert_eq!(scene.first(&Present::new(nexthop::Add::new(9).group(&[(6, 1), (7, 3)]))), Outcome::Updated);
    assert!(scene.ip("nexthop show id 9").contains("group 6/7,3"));

    scene.ip("link add br0 type bridge");
    scene.ip("link set v1 master br0");
    let entry = |state| neighbour::Add::fdb(v1, [2, 0, 0, 0, 0, 9]).flags(NeighbourFlags::MASTER).state(state);
    assert_eq!(scene.first(&Present::new(entry(NeighbourState::PERMANENT))), Outcome::Created);
    assert_eq!(scene.first(&Present::new(entry(NeighbourState::NOARP))), Outcome::Updated);
    assert!(scene.ip("-d neigh show").is_empty(), "it is an entry of the bridge");
    scene.ip("link add vx0 type vxlan id 5 dstport 4789 dev v0");
    let vx0 = scene.index("vx0");
    let remote = |dst: u8| neighbour::Add::fdb(vx0, [2, 0, 0, 0, 0, 7]).dst(IpAddr::from([10, 7, 0, dst]));
    assert_eq!(scene.first(&Present::new(remote(7).on_device())), Outcome::Created);
    let proxy = Present::new(neighbour::Add::proxy(v0, [10, 7, 0, 77].into()));
    assert_eq!(scene.first(&proxy), Outcome::Created);

    let label = |number| addrlabel::Add::new("2001:db8::1".parse().unwrap(), 32).label(number);
    assert_eq!(scene.first(&Present::new(label(99))), Outcome::Created);
    assert_eq!(scene.first(&Present::new(label(98))), Outcome::Updated);
    assert!(scene.ip("addrlabel list").contains("prefix 2001:db8::/32 label 98"));
    assert_eq!(scene.first(&Present::new(label(99).device(v0))), Outcome::Created);
}

/// Each is made by `ip`, and gone for the first who asks.
#[test]
fn of_every_object_it_can_be_made_sure_that_it_is_absent() {
    let Some(mut scene) = scene() else { return };
    let (v0, v1) = (scene.index("v0"), scene.index("v1"));
    scene.ip("link add br0 type bridge");
    for words in [
        "addr add 10.7.0.1/24 dev v0",
        "addr add 10.7.0.2/24 dev v0",
        "-6 addr add 2001:db8::7/64 dev v0",
        "route add 10.99.0.0/16 via 10.7.0.9",
        "-6 route add 2001:db8:9::/48 dev v0",
        "rule add from 10.99.0.0/16 table 77",
        "neigh add 10.7.0.9 lladdr 02:00:00:00:00:09 dev v0",
        "neigh add proxy 10.7.0.77 dev v0",
        "nexthop add id 7 via 10.7.0.9 dev v0",
        "addrlabel add prefix 2001:db8::/32 label 99",
        "link set v1 master br0",
    ] {
        scene.ip(words);
    }
    let entry = neighbour::Add::fdb(v1, [2, 0, 0, 0, 0, 9]).flags(NeighbourFlags::MASTER);
    scene.blocking.run(&entry.state(NeighbourState::PERMANENT)).unwrap();
    let prefix = |text: &str| -> Prefix { text.parse().unwrap() };
    macro_rules! absent { ($($name:literal $delete:expr;)*) => { $(
        assert_eq!(scene.first(&Absent::new($delete)), Outcome::Removed, $name);
    )* } }
    absent! {
        "address" address::Delete::new(v0, [10, 7, 0, 2].into(), 24);
        "address of IPv6" address::Delete::new(v0, "2001:db8::7".parse().unwrap(), 64);
        "route" route::Delete::new(prefix("10.99.0.0/16"));
        "route of IPv6" route::Delete::new(prefix("2001:db8:9::/48")).dev(v0);
        "rule" rule::Delete::v4().src([10, 99, 0, 0].into(), 16).table(77);
        "neighbour" neighbour::Delete::new(v0, [10, 7, 0, 9].into());
        "proxy" neighbour::Delete::proxy(v0, [10, 7, 0, 77].into());
        "forwarding entry" neighbour::Delete::fdb(v1, [2, 0, 0, 0, 0, 9]).flags(NeighbourFlags::MASTER);
        "next hop object" nexthop::Delete::new(7);
        "address label" addrlabel::Delete::new("2001:db8::".parse().unwrap(), 32);
        "link" link::Delete::new("br0");
    }
    // What cannot be deleted for another reason is an error.
    for result in scene.by_each(&Absent::new(link::Delete::new("lo"))) {
        assert_eq!(result.unwrap_err().errno(), Some(Errno::EOPNOTSUPP));
    }
}

#[test]
fn a_flush_takes_what_the_list_names_and_says_how_many() {
    let Some(mut scene) = scene() else { return };
    let v0 = scene.index("v0");
    for n in 0..50u8 {
        scene.ip(&format!("addr add 10.8.{n}.1/24 dev v0"));
    }
    scene.ip("addr add 10.8.0.2/24 dev v0"); // a secondary, which goes with its primary
    scene.ip("addr add 10.9.0.1/24 dev v1");
    let flush = Flush::new(address::List::v4().device(v0));
    let [first, second, third] = scene.by_each(&flush).map(Result::unwrap);
    assert!((50..=51).contains(&first), "{first}");
    assert_eq!((second, third), (0, 0));
    assert_eq!(scene.ip("-4 -o addr show dev v0"), "");
    assert!(scene.ip("-4 -o addr show dev v1").contains("10.9.0.1"));

    for n in 0..20u8 {
        scene.ip(&format!("route add 10.40.{n}.0/24 via 10.9.0.2 table 55"));
    }
    assert_eq!(scene.by_each(&Flush::new(route::List::v4().table(55))).map(Result::unwrap), [20, 0, 0]);
    assert_eq!(
        scene.by_each(&Flush::new(route::List::v4().table(4711))).map(Result::unwrap),
        [0, 0, 0],
        "no such table"
    );
}

#[test]
fn links_are_looked_up_by_any_attribute() {
    let Some(mut scene) = scene() else { return };
    for words in ["link set v0 alias uplink", "link set v1 txqueuelen 77", "link property add dev v1 altname other"] {
        scene.ip(words);
    }
    let names = |list: &netloom::List<Link>| list.iter().map(|link| link.name().to_owned()).collect::<Vec<_>>();
    type Wanted = fn(&Link) -> bool;
    let by: [(Wanted, &[&str]); 5] = [
        (|link| link.ifalias() == Some("uplink"), &["v0"]),
        (|link| link.txqlen() == Some(77), &["v1"]),
        (|link| link.is_named("other"), &["v1"]),
        (|link| link.kind() == Some("veth") && link.is_up(), &["v1", "v0"]),
        (|link| link.mtu() == Some(1), &[]),
    ];
    for (wanted, found) in by {
        for list in scene.by_each(&Matching::new(link::List::all(), wanted)) {
            assert_eq!(names(&list.unwrap()), found);
        }
    }
    let mut stream = scene.blocking.stream(&Matching::new(link::List::all(), by[0].0)).unwrap();
    assert_eq!(stream.next().unwrap().map(Link::name), Some("v0"));
    assert!(stream.next().unwrap().is_none());
    let flushed = scene.blocking.run(&Flush::new(Matching::new(link::List::all(), by[1].0))).unwrap();
    assert_eq!(flushed, 1);
    assert!(!scene.ip("link").contains("v0"), "the other end goes along");
}

#[test]
fn waiting_ends_with_the_change_or_with_the_time() {
    let Some(mut scene) = scene() else { return };
    let up = |link: Option<&Link>| link.is_some_and(Link::is_up);
    let until = Until::new(link::Get::new("late"), &[group::LINK], up);
    let in_time = until.within(Duration::from_secs(20));
    let name = scene.space.name().to_owned();
    let maker = thread::spawn(move || {
        for words in ["link add late type ifb", "link set late up"] {
            thread::sleep(Duration::from_millis(300));
            let status = std::process::Command::new("ip").args(["-n", &name]).args(words.split(' ')).status();
            assert!(status.unwrap().success());
        }
    });
    let [first, second, third] = scene.by_each(&in_time).map(Result::unwrap);
    assert!(first.is_some_and(|link| link.is_up()) && second.is_some() && third.is_some());
    maker.join().unwrap();

    let never = Until::new(link::Get::new("never"), &[group::LINK], |link: Option<&Link>| link.is_some());
    for result in scene.by_each(&never.within(Duration::from_millis(300))) {
        assert!(result.as_ref().is_err_and(netloom::Error::is_timeout), "{result:?}");
        assert_eq!(result.unwrap_err().to_string(), "get link never: no answer in time");
    }
}

/// The time of whoever runs it holds for all that it waits for, also where it sets none itself or a longer one, and while
/// messages never cease.
#[test]
fn waiting_ends_with_the_time_of_its_driver() {
    let Some(mut scene) = scene() else { return };
    let busy = Arc::new(AtomicBool::new(true));
    let going = Arc::clone(&busy);
    let options = SocketOptions::new().namespace(Namespace::path(scene.space.path()).unwrap());
    let changes = thread::spawn(move || {
        let mut socket = IpRoute::with(&options).unwrap();
        for mtu in (1400..1500).cycle().take_while(|_| going.load(Ordering::Relaxed)) {
            socket.run(&link::Set::new("v0").mtu(mtu)).unwrap();
        }
    });
    let never = || Until::new(link::Get::new("never"), &[group::LINK], |link: Option<&Link>| link.is_some());
    let limit = Duration::from_millis(300);
    for flooded in [true, false] {
        for until in [never(), never().within(Duration::from_secs(60))] {
            let by_tokio = scene.runtime.block_on(scene.tokio.run_within(limit, &until));
            let by_async_io = async_io::block_on(scene.async_io.run_within(limit, &until));
            for result in [scene.blocking.run_within(limit, &until), by_tokio, by_async_io] {
                assert!(result.unwrap_err().is_timeout());
            }
        }
        if flooded {
            assert!(
                scene.by_each(&never().within(limit)).map(Result::unwrap_err).iter().all(netloom::Error::is_timeout)
            );
            busy.store(false, Ordering::Relaxed);
        }
    }
    changes.join().unwrap();
    assert!(scene.blocking.link("v0").is_ok(), "the time was that one run's");
}

#[test]
fn errors_name_the_object_the_attribute_and_the_kernels_words() {
    let Some(mut scene) = scene() else { return };
    let to: Prefix = "10.5.0.0/16".parse().unwrap();
    for result in scene.by_each(&route::Add::new(to).via(IpAddr::from([192, 0, 2, 1]))) {
        let problem = result.unwrap_err();
        assert_eq!(problem.errno(), Some(Errno::ENETUNREACH));
        let said = problem.to_string();
        assert!(said.starts_with("add route 10.5.0.0/16"), "{said}");
        assert!(said.contains("Network is unreachable (ENETUNREACH): Nexthop has invalid gateway"), "{said}");
    }
    for result in scene.by_each(&link::Add::new("a-name-that-is-much-too-long").kind("bridge")) {
        let problem = result.unwrap_err().to_string();
        assert!(problem.contains("ERANGE") && problem.contains("at IFLA_IFNAME"), "{problem}");
    }
}
