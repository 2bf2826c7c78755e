//! The state of a watch equals a fresh dump, whatever happens; judged by the kernel itself.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test says what failed by panicking")]

use std::{thread, time::Duration};

use netloom::{
    BlockingWatch, ErrorKind, IpRoute, Namespace, RawIpRoute, SocketOptions, View,
    socket::blocking,
    watch::{AnyObject, Cause, Change, Event, Objects, Watch, Watched},
    wire::{Dump, Request, difference},
};
use netloom_testkit::Namespace as Space;

/// A namespace with a pair of links in it, and a watch that has read everything.
struct Scene {
    space: Space,
    watch: BlockingWatch,
    objects: Objects,
}

fn watching(objects: Objects) -> Option<Scene> {
    watching_with(objects, |options| options)
}

fn watching_with(objects: Objects, more: impl FnOnce(SocketOptions) -> SocketOptions) -> Option<Scene> {
    let space = Space::new()?;
    let options = more(SocketOptions::new().namespace(Namespace::path(space.path()).unwrap()));
    for words in
        ["link add v0 type veth peer name v1", "link set v0 up", "link set v1 up", "addr add 10.9.0.1/24 dev v0"]
    {
        space.ip(&words.split(' ').collect::<Vec<_>>());
    }
    // An address that is still being probed changes by itself.
    while !space.ip(&["-6", "addr", "show", "tentative"]).stdout.is_empty() {
        thread::sleep(Duration::from_millis(100));
    }
    let mut watch = IpRoute::with(&options).unwrap().watch(objects).unwrap();
    assert_eq!(watch.next().unwrap(), Event::ReadBegin(Cause::Start));
    while watch.next().unwrap() != Event::ReadEnd(Cause::Start) {}
    Some(Scene { space, watch, objects })
}

impl Scene {
    fn ip(&self, words: &str) {
        self.space.ip(&words.split(' ').collect::<Vec<_>>());
    }

    /// What is told until nothing more comes.
    fn changes(&mut self) -> Vec<Event> {
        let mut told = Vec::new();
        loop {
            self.watch.deadline(Some(Duration::from_millis(400)));
            match self.watch.next() {
                Ok(event) => told.push(event),
                Err(problem) if problem.kind() == ErrorKind::Timeout => break told,
                Err(problem) => panic!("{problem}"),
            }
        }
    }

    /// Does these things, and holds the state against fresh dumps after each.
    fn after(&mut self, commands: &[&str]) -> Vec<Event> {
        let mut told = Vec::new();
        for words in commands {
            self.ip(words);
            told.extend(self.changes());
            told.extend(self.same_as_the_kernel(words));
        }
        told
    }

    /// Holds the state against fresh dumps. What the kernel changes by itself between the last message and the dump is
    /// told by a further message: then both are compared again.
    fn same_as_the_kernel(&mut self, after: &str) -> Vec<Event> {
        let mut told = Vec::new();
        for _ in 0..5 {
            let Some(difference) = self.difference_from_the_kernel() else { return told };
            let more = self.changes();
            assert!(!more.is_empty(), "after {after:?}: {difference}");
            told.extend(more);
        }
        panic!("after {after:?} the kernel never comes to rest");
    }

    fn difference_from_the_kernel(&self) -> Option<String> {
        let options = SocketOptions::new().namespace(Namespace::path(self.space.path()).unwrap());
        let mut fresh = RawIpRoute::with(&options).unwrap();
        let state = self.watch.state();
        let has = |objects| self.objects.contains(objects);
        let mut found = None;
        if has(Objects::LINKS) {
            found = found.or_else(|| compare(&mut fresh, state.links().iter(), [netloom::link::List::all()]));
        }
        if has(Objects::ADDRESSES) {
            found = found.or_else(|| compare(&mut fresh, state.addresses().iter(), [netloom::address::List::all()]));
        }
        if has(Objects::ROUTES) {
            let lists = [netloom::route::List::v4(), netloom::route::List::v6()];
            found = found.or_else(|| compare(&mut fresh, state.routes().iter(), lists));
        }
        if has(Objects::RULES) {
            found = found.or_else(|| compare(&mut fresh, state.rules().iter(), [netloom::rule::List::all()]));
        }
        if has(Objects::NEXTHOPS) {
            found = found.or_else(|| compare(&mut fresh, state.nexthops().iter(), [netloom::nexthop::List::all()]));
        }
        found
    }
}

/// How keys and values, in the order of the keys, differ.
fn compare<'a, T, L, const N: usize>(
    fresh: &mut RawIpRoute,
    known: impl Iterator<Item = &'a T>,
    lists: [L; N],
) -> Option<String>
where
    T: Watched + std::fmt::Debug + ?Sized,
    L: Request<Family = netloom::Rtnetlink, Kind = Dump, Reply = T>,
{
    let mut there: Vec<Box<T>> = Vec::new();
    for list in &lists {
        there.extend(fresh.run(list).unwrap().to_boxes());
    }
    there.retain(|object| object.is_watched());
    there.sort_by_key(|object| object.key());
    let known: Vec<&T> = known.collect();
    let keys = |objects: &[&T]| objects.iter().map(|object| object.key()).collect::<Vec<_>>();
    let there: Vec<&T> = there.iter().map(|object| &**object).collect();
    let (ours, theirs) = (keys(&known), keys(&there));
    if ours != theirs {
        return Some(format!("{} that are known: {ours:?}, and that are there: {theirs:?}", T::NOUN));
    }
    known.iter().zip(&there).find(|(known, there)| !known.same(there)).map(|(known, there)| {
        let different = difference(T::layout(), known.bytes(), there.bytes(), &[]);
        format!("{different:?} of\nknown {known:?}\nthere {there:?}")
    })
}

fn removals(told: &[Event]) -> Vec<&Change> {
    told.iter()
        .filter_map(|event| if let Event::Change(change) = event { Some(change) } else { None })
        .filter(|c| c.is_removal())
        .collect()
}

#[test]
fn routes_that_vanish_with_their_device_are_told_as_synthetic() {
    let Some(mut watched) = watching(Objects::all()) else { return };
    watched.after(&["route add 10.77.0.0/16 via 10.9.0.2", "route add 10.78.0.0/16 dev v0 metric 7"]);
    let told = watched.after(&["link set v0 down"]);
    let routes: Vec<_> = removals(&told)
        .into_iter()
        .filter(|change| matches!(change.object(), Some(AnyObject::Route(route)) if route.family() == 2))
        .collect();
    let to = |text: &str| routes.iter().filter(|c| c.to_string().contains(text)).collect::<Vec<_>>();
    for vanished in ["10.77.0.0/16", "10.78.0.0/16"] {
        let [change] = to(vanished)[..] else { panic!("{vanished} among {routes:?}") };
        assert!(change.synthetic, "the kernel says nothing of {vanished}");
    }
}

#[test]
fn a_deleted_next_hop_object_takes_its_routes_along() {
    let Some(mut watched) = watching(Objects::all()) else { return };
    watched.after(&["nexthop add id 5 via 10.9.0.2 dev v0", "route add 10.80.0.0/16 nhid 5"]);
    let told = watched.after(&["nexthop del id 5"]);
    let gone: Vec<_> = removals(&told).iter().map(|change| (change.to_string(), change.synthetic)).collect();
    assert!(gone.iter().any(|(what, synthetic)| what.contains("10.80.0.0/16") && *synthetic), "{gone:?}");
    assert!(gone.iter().any(|(what, synthetic)| what.starts_with("nexthop") && !*synthetic), "{gone:?}");
}

#[test]
fn a_port_that_leaves_its_bridge_is_still_a_link() {
    let Some(mut watched) = watching(Objects::all()) else { return };
    let told = watched.after(&[
        "link add br0 type bridge",
        "link set v0 master br0",
        "link set br0 up",
        "link set v0 nomaster",
    ]);
    assert!(removals(&told).iter().all(|change| !matches!(change.object(), Some(AnyObject::Link(_)))), "{told:?}");
    watched.after(&["link del br0"]);
}

#[test]
fn renames_and_moves_to_another_namespace() {
    let Some(mut watched) = watching(Objects::all()) else { return };
    let Some(other) = Space::new() else { return };
    watched.after(&[
        "rule add iif v1 table 77",
        "link set v1 down",
        "link set v1 name w1",
        "link set w1 up",
        "link set v0 alias first",
    ]);
    watched.after(&[&format!("link set w1 netns {}", other.name())]);
    let names: Vec<_> = watched.watch.links().iter().map(|link| link.name().to_owned()).collect();
    assert_eq!(names, ["lo", "v0"]);
}

#[test]
fn routes_that_share_a_key_are_kept_apart() {
    let Some(mut watched) = watching(Objects::ROUTES) else { return };
    watched.after(&[
        "route add 10.81.0.0/16 via 10.9.0.2",
        "route append 10.81.0.0/16 via 10.9.0.3",
        "route append 10.81.0.0/16 via 10.9.0.4",
        "route del 10.81.0.0/16 via 10.9.0.3",
        "route replace 10.81.0.0/16 via 10.9.0.5",
        "-6 route add 2001:db8:1::/48 dev v0 metric 50",
        "-6 route append 2001:db8:1::/48 dev v1 metric 50",
        "addr add 10.9.0.9/32 dev v0",
        "route add 10.82.0.0/16 dev v0 src 10.9.0.9",
        "addr del 10.9.0.9/32 dev v0",
    ]);
}

#[test]
fn a_flood_that_overruns_a_small_buffer_is_read_over_and_said() {
    let Some(mut watched) = watching_with(Objects::ROUTES, |options| options.receive_buffer(8 * 1024)) else { return };
    let batch: String =
        (0..3000).map(|n| format!("route add 10.{}.{}.0/24 dev v0\n", 100 + n / 250, n % 250)).collect();
    let file = std::env::temp_dir().join(format!("netloom-flood-{}", std::process::id()));
    std::fs::write(&file, batch).unwrap();
    watched.ip(&format!("-batch {}", file.display()));
    std::fs::remove_file(&file).unwrap();
    let told = watched.changes();
    let begin = told.iter().position(|event| *event == Event::ReadBegin(Cause::Lost)).expect("an overrun");
    let end = told.iter().rposition(|event| *event == Event::ReadEnd(Cause::Lost)).expect("its end");
    assert!(begin < end);
    watched.same_as_the_kernel("a flood");
    assert!(watched.watch.state().routes().len() > 3000);
}

#[test]
fn a_watch_is_stopped_from_another_thread() {
    let Some(mut watched) = watching(Objects::LINKS) else { return };
    let stop = watched.watch.stop_handle().unwrap();
    let stopper = thread::spawn(move || {
        thread::sleep(Duration::from_millis(100));
        stop.stop();
    });
    let problem = loop {
        if let Err(problem) = watched.watch.next() {
            break problem;
        }
    };
    assert_eq!(problem.kind(), ErrorKind::Stopped);
    stopper.join().unwrap();
}

#[test]
fn several_watches_of_one_namespace_do_not_disturb_each_other() {
    let Some(mut first) = watching(Objects::LINKS) else { return };
    let options = SocketOptions::new().namespace(Namespace::path(first.space.path()).unwrap());
    let socket = RawIpRoute::with(&options).unwrap();
    let mut second: Watch<RawIpRoute> = blocking::ready(Watch::start(socket, Objects::ADDRESSES)).unwrap();
    while blocking::ready(second.next()).unwrap() != Event::ReadEnd(Cause::Start) {}
    first.after(&["addr add 10.9.1.1/24 dev v1", "link set v1 mtu 1400"]);
    let Event::Change(change) = blocking::ready(second.next()).unwrap() else { panic!("a change") };
    assert!(change.to_string().contains("10.9.1.1"), "{change}");
    assert!(second.addresses().iter().all(|address| !address.bytes().is_empty()));
}
