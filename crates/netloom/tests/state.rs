//! Make sure, flush, wait until: written once, run blocking and under tokio; judged by `ip`.
#![cfg(feature = "tokio")]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::{net::IpAddr, thread, time::Duration};

use netloom::{
    AsyncIpRoute, Errno, ErrorKind, IpRoute, Namespace, Operation, Prefix, Result, Rtnetlink, SocketOptions, address,
    group,
    link::{self, Link},
    neighbour, route, rule,
    state::{Absent, Flush, Outcome, Present, Until},
};
use netloom_testkit::Namespace as Space;

/// A namespace with a pair of links, and a socket in it for each world.
struct Scene {
    space: Space,
    blocking: IpRoute,
    runtime: tokio::runtime::Runtime,
    tokio: AsyncIpRoute,
}

fn scene() -> Option<Scene> {
    let space = Space::new()?;
    let options = SocketOptions::new().namespace(Namespace::path(space.path()).unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let tokio = runtime.block_on(async { AsyncIpRoute::with(&options) }).unwrap();
    let scene = Scene { blocking: IpRoute::with(&options).unwrap(), runtime, tokio, space };
    scene.space.ip(&["link", "add", "v0", "type", "veth", "peer", "name", "v1"]);
    scene.space.ip(&["link", "set", "v0", "up"]);
    scene.space.ip(&["link", "set", "v1", "up"]);
    Some(scene)
}

impl Scene {
    /// Blocking first, then under tokio.
    fn both<O: Operation<Family = Rtnetlink>>(&mut self, operation: &O) -> [Result<O::Output>; 2] {
        [self.blocking.run(operation), self.runtime.block_on(self.tokio.run(operation))]
    }

    /// What `ip` prints.
    fn ip(&self, words: &str) -> String {
        String::from_utf8(self.space.ip(&words.split(' ').collect::<Vec<_>>()).stdout).unwrap()
    }

    fn index(&mut self, name: &str) -> u32 {
        self.blocking.link(name).unwrap().index()
    }
}

fn outcomes(results: [Result<Outcome>; 2]) -> [Outcome; 2] {
    results.map(|result| result.unwrap())
}

#[test]
fn a_link_is_made_once_changed_when_asked_for_otherwise_and_then_left_alone() {
    let Some(mut scene) = scene() else { return };
    let bridge = Present::new(link::Add::new("br0").kind("bridge").mtu(1400).up());
    assert_eq!(outcomes(scene.both(&bridge)), [Outcome::Created, Outcome::Unchanged]);
    scene.ip("link set br0 mtu 1300");
    assert_eq!(outcomes(scene.both(&bridge)), [Outcome::Updated, Outcome::Unchanged]);
    assert!(scene.ip("link show br0").contains("mtu 1400"));
    scene.ip("link set br0 down");
    assert_eq!(outcomes(scene.both(&bridge)), [Outcome::Updated, Outcome::Unchanged]);

    let other_kind = Present::new(link::Add::new("br0").veth("br1"));
    for result in scene.both(&other_kind) {
        let problem = result.unwrap_err();
        assert_eq!(problem.kind(), ErrorKind::InvalidInput);
        assert!(problem.to_string().contains("bridge"), "{problem}");
    }
    let absent = Absent::new(link::Delete::new("br0"));
    assert_eq!(outcomes(scene.both(&absent)), [Outcome::Removed, Outcome::Unchanged]);
}

#[test]
fn addresses_routes_rules_and_neighbours_are_made_sure_of() {
    let Some(mut scene) = scene() else { return };
    let v0 = scene.index("v0");
    let own: IpAddr = [10, 7, 0, 1].into();
    let address = Present::new(address::Add::new(v0, own, 24).broadcast([10, 7, 0, 255].into()));
    assert_eq!(outcomes(scene.both(&address)), [Outcome::Created, Outcome::Unchanged]);
    let six = Present::new(address::Add::new(v0, "2001:db8::7".parse().unwrap(), 64));
    assert_eq!(outcomes(scene.both(&six)), [Outcome::Created, Outcome::Unchanged]);

    let to: Prefix = "10.99.0.0/16".parse().unwrap();
    let by = |router: u8| Present::new(route::Add::new(to).via(IpAddr::from([10, 7, 0, router])));
    assert_eq!(outcomes(scene.both(&by(2))), [Outcome::Created, Outcome::Unchanged]);
    assert_eq!(outcomes(scene.both(&by(3))), [Outcome::Updated, Outcome::Unchanged]);
    assert!(scene.ip("route show 10.99.0.0/16").contains("via 10.7.0.3"));
    let six: Prefix = "2001:db8:9::/48".parse().unwrap();
    let six = Present::new(route::Add::new(six).dev(v0));
    assert_eq!(outcomes(scene.both(&six)), [Outcome::Created, Outcome::Unchanged]);

    let rule = Present::new(rule::Add::v4().src([10, 99, 0, 0].into(), 16).table(77));
    assert_eq!(outcomes(scene.both(&rule)), [Outcome::Created, Outcome::Unchanged]);
    let lladdr = [2, 0, 0, 0, 0, 9];
    let neighbour = Present::new(neighbour::Add::new(v0, [10, 7, 0, 9].into()).lladdr(lladdr));
    assert_eq!(outcomes(scene.both(&neighbour)), [Outcome::Created, Outcome::Unchanged]);
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
    let [first, second] = scene.both(&flush).map(Result::unwrap);
    assert!((50..=51).contains(&first), "{first}");
    assert_eq!(second, 0);
    assert_eq!(scene.ip("-4 -o addr show dev v0"), "");
    assert!(scene.ip("-4 -o addr show dev v1").contains("10.9.0.1"));

    for n in 0..20u8 {
        scene.ip(&format!("route add 10.40.{n}.0/24 via 10.9.0.2 table 55"));
    }
    assert_eq!(scene.both(&Flush::new(route::List::v4().table(55))).map(Result::unwrap), [20, 0]);
    assert_eq!(scene.both(&Flush::new(route::List::v4().table(4711))).map(Result::unwrap), [0, 0], "no such table");
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
    let [first, second] = scene.both(&in_time).map(Result::unwrap);
    assert!(first.is_some_and(|link| link.is_up()) && second.is_some());
    maker.join().unwrap();

    let never = Until::new(link::Get::new("never"), &[group::LINK], |link: Option<&Link>| link.is_some());
    for result in scene.both(&never.within(Duration::from_millis(300))) {
        assert!(result.unwrap_err().is_timeout());
    }
}

#[test]
fn errors_name_the_object_the_attribute_and_the_kernels_words() {
    let Some(mut scene) = scene() else { return };
    let to: Prefix = "10.5.0.0/16".parse().unwrap();
    for result in scene.both(&route::Add::new(to).via(IpAddr::from([192, 0, 2, 1]))) {
        let problem = result.unwrap_err();
        assert_eq!(problem.errno(), Some(Errno::ENETUNREACH));
        let said = problem.to_string();
        assert!(said.starts_with("add route 10.5.0.0/16"), "{said}");
        assert!(said.contains("Network is unreachable (ENETUNREACH): Nexthop has invalid gateway"), "{said}");
    }
    for result in scene.both(&link::Add::new("a-name-that-is-much-too-long").kind("bridge")) {
        let problem = result.unwrap_err().to_string();
        assert!(problem.contains("ERANGE") && problem.contains("at IFLA_IFNAME"), "{problem}");
    }
}
