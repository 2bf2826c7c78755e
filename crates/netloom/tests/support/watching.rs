//! A watch in a namespace of its own, by whichever driver, and fresh dumps to hold its state against.
#![allow(dead_code, reason = "each test binary uses a part of this")]

use std::{fmt, thread, time::Duration};

use netloom::{
    AsyncIpRoute, AsyncWatch, BlockingWatch, ErrorKind, IpRoute, Namespace, RawIpRoute, Result, Rtnetlink,
    SocketOptions, address, link, neighbour, nexthop, route, rule,
    watch::{Cause, Change, Event, Objects, Watch, Watched},
    wire::{Driver, Dump, Notifications as _, Request, difference},
};
use netloom_testkit::{Iproute2, Namespace as Space};

/// What blocking and async watches both do.
pub(crate) trait Watching {
    type Driver: Driver<Family = Rtnetlink>;
    async fn next(&mut self) -> Result<Event>;
    fn deadline(&mut self, limit: Option<Duration>);
    fn state(&self) -> &Watch<Self::Driver>;
}

impl Watching for BlockingWatch {
    type Driver = RawIpRoute;
    async fn next(&mut self) -> Result<Event> {
        Self::next(self)
    }
    fn deadline(&mut self, limit: Option<Duration>) {
        Self::deadline(self, limit);
    }
    fn state(&self) -> &Watch<RawIpRoute> {
        Self::state(self)
    }
}

impl<D: Driver<Family = Rtnetlink>> Watching for Watch<D> {
    type Driver = D;
    async fn next(&mut self) -> Result<Event> {
        Self::next(self).await
    }
    fn deadline(&mut self, limit: Option<Duration>) {
        self.notifications().deadline(limit);
    }
    fn state(&self) -> &Self {
        self
    }
}

/// A namespace with a pair of links in it, and a watch that has read everything.
pub(crate) struct Scene<W> {
    pub(crate) space: Space,
    pub(crate) watch: W,
    objects: Objects,
    iproute2: Iproute2,
}

/// The namespace before it is watched.
pub(crate) fn prepared() -> Option<Space> {
    let space = Space::new()?;
    for words in
        ["link add v0 type veth peer name v1", "link set v0 up", "link set v1 up", "addr add 10.9.0.1/24 dev v0"]
    {
        space.ip(&words.split(' ').collect::<Vec<_>>());
    }
    // An address that is still being probed changes by itself.
    while !space.ip(&["-6", "addr", "show", "tentative"]).stdout.is_empty() {
        thread::sleep(Duration::from_millis(100));
    }
    Some(space)
}

pub(crate) fn options(space: &Space) -> SocketOptions {
    SocketOptions::new().namespace(Namespace::path(space.path()).unwrap())
}

pub(crate) fn blocking_watch(options: &SocketOptions, objects: Objects) -> BlockingWatch {
    IpRoute::with(options).unwrap().watch(objects).unwrap()
}

pub(crate) async fn async_watch(socket: &AsyncIpRoute, objects: Objects) -> AsyncWatch<'_> {
    socket.watch(objects).await.unwrap()
}

impl<W: Watching> Scene<W> {
    pub(crate) async fn begin(space: Space, mut watch: W, objects: Objects) -> Self {
        assert_eq!(watch.next().await.unwrap(), Event::ReadBegin(Cause::Start));
        while watch.next().await.unwrap() != Event::ReadEnd(Cause::Start) {}
        let iproute2 = Iproute2::installed().expect("there is one, for there is a namespace");
        Self { space, watch, objects, iproute2 }
    }

    /// iproute2's `ip`, or with that as the first word its `bridge`.
    pub(crate) fn ip(&self, words: &str) {
        match words.strip_prefix("bridge ") {
            Some(words) => _ = self.space.judge(&self.iproute2, "bridge", &words.split(' ').collect::<Vec<_>>()),
            None => _ = self.space.ip(&words.split(' ').collect::<Vec<_>>()),
        }
    }

    /// Many lines of `ip` at once.
    pub(crate) fn batch(&self, lines: &str) {
        let file = std::env::temp_dir().join(format!("netloom-flood-{}", self.space.name()));
        std::fs::write(&file, lines).unwrap();
        self.ip(&format!("-batch {}", file.display()));
        std::fs::remove_file(&file).unwrap();
    }

    /// What is told until nothing more comes.
    pub(crate) async fn changes(&mut self) -> Vec<Event> {
        let mut told = Vec::new();
        loop {
            self.watch.deadline(Some(Duration::from_millis(120)));
            match self.watch.next().await {
                Ok(event) => told.push(event),
                Err(problem) if problem.kind() == ErrorKind::Timeout => break told,
                Err(problem) => panic!("{problem}"),
            }
        }
    }

    /// Does these things, and holds the state against fresh dumps after each.
    pub(crate) async fn after(&mut self, commands: &[&str]) -> Vec<Event> {
        let mut told = Vec::new();
        for words in commands {
            self.ip(words);
            told.extend(self.changes().await);
            told.extend(self.same_as_the_kernel(words).await);
        }
        told
    }

    /// Holds the state against fresh dumps. What the kernel changes by itself between the last message and the dump is
    /// told by a further message: then both are compared again.
    pub(crate) async fn same_as_the_kernel(&mut self, after: &str) -> Vec<Event> {
        let mut told = Vec::new();
        for _ in 0..5 {
            let Some(difference) = self.difference_from_the_kernel() else { return told };
            let mut more = self.changes().await;
            if more.is_empty() {
                // A second at most passes before the kernel tells of a carrier.
                thread::sleep(Duration::from_millis(1100));
                more = self.changes().await;
            }
            assert!(!more.is_empty(), "after {after:?}: {difference}");
            told.extend(more);
        }
        panic!("after {after:?} the kernel never comes to rest");
    }

    fn difference_from_the_kernel(&self) -> Option<String> {
        let mut fresh = RawIpRoute::with(&options(&self.space)).unwrap();
        let state = self.watch.state();
        let has = |objects| self.objects.contains(objects);
        let mut found = None;
        if has(Objects::LINKS) {
            found = found.or_else(|| compare(&mut fresh, state.links().iter(), [link::List::all()]));
        }
        if has(Objects::ADDRESSES) {
            found = found.or_else(|| compare(&mut fresh, state.addresses().iter(), [address::List::all()]));
        }
        if has(Objects::ROUTES) {
            found =
                found.or_else(|| compare(&mut fresh, state.routes().iter(), [route::List::v4(), route::List::v6()]));
        }
        if has(Objects::RULES) {
            found = found.or_else(|| compare(&mut fresh, state.rules().iter(), [rule::List::all()]));
        }
        if has(Objects::NEIGHBOURS) {
            let lists = [neighbour::List::all(), neighbour::List::all().proxies(), neighbour::List::fdb()];
            found = found.or_else(|| compare(&mut fresh, state.neighbours().iter(), lists));
        }
        if has(Objects::NEXTHOPS) {
            found = found.or_else(|| compare(&mut fresh, state.nexthops().iter(), [nexthop::List::all()]));
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
    T: Watched + fmt::Debug + ?Sized,
    L: Request<Family = Rtnetlink, Kind = Dump, Reply = T>,
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

pub(crate) fn removals(told: &[Event]) -> Vec<&Change> {
    told.iter()
        .filter_map(|event| if let Event::Change(change) = event { Some(change) } else { None })
        .filter(|c| c.is_removal())
        .collect()
}
