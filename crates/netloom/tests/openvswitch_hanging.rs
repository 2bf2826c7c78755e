//! A database of Open vSwitch that hangs, and who does not wait for it.
#![cfg(all(feature = "openvswitch", feature = "tokio"))]

#[path = "support/ovs.rs"]
mod ovs;

use std::{
    cell::Cell,
    fs,
    os::unix::net::{UnixListener, UnixStream},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use netloom::{
    AsyncIpRoute, View, group,
    link::{self, Link},
    openvswitch::OpenVswitch as Database,
    wire::Notice,
};
use netloom_testkit::Namespace;

use ovs::{Lab, enter, kind, netdev};

/// A database that takes connections and never says a word.
struct Silent {
    listener: thread::JoinHandle<()>,
    path: PathBuf,
    over: Arc<AtomicBool>,
}

impl Silent {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("netloom-silent-{}.sock", std::process::id()));
        let _ = fs::remove_file(&path);
        let listener = UnixListener::bind(&path).expect("bound");
        let over = Arc::<AtomicBool>::default();
        let flag = Arc::clone(&over);
        let listener = thread::spawn(move || {
            let mut taken = Vec::new();
            while !flag.load(Ordering::Acquire) {
                taken.extend(listener.accept());
            }
        });
        Self { listener, path, over }
    }

    fn end(self) {
        self.over.store(true, Ordering::Release);
        let _ = UnixStream::connect(&self.path);
        self.listener.join().expect("ended");
        let _ = fs::remove_file(&self.path);
    }
}

/// Less than a database is waited for.
const AT_ONCE: Duration = Duration::from_millis(900);

#[test]
fn no_task_waits_for_a_database_that_hangs() {
    let Some(space) = Namespace::new() else { return };
    let silent = Silent::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    // How often another task of the same thread has had its turn.
    let turns = Cell::new(0);
    runtime.block_on(async {
        let ipr = AsyncIpRoute::in_namespace(enter(&space)).expect("opened");
        ipr.set_open_vswitch(Database::at(&silent.path).timeout(Duration::from_secs(2)));
        let mut told = ipr.subscribe(&[group::LINK]).expect("subscribed");
        let work = async {
            // The first question waits for the database, and nobody else; the links show as the kernel has them.
            let (before, begin) = (turns.get(), Instant::now());
            assert_eq!(ipr.link("lo").await.expect("there").name(), "lo");
            assert!(begin.elapsed() > Duration::from_millis(200), "it was not asked");
            assert!(turns.get() > before + 20, "{} turns", turns.get() - before);

            let begin = Instant::now();
            for _ in 0..20 {
                assert_eq!(ipr.run(&link::List::all()).await.expect("listed").len(), 1);
            }
            ipr.run(&link::Add::new("v0").veth("v1")).await.expect("made");
            loop {
                if let Notice::Message { command: 16, payload, .. } = told.next().await.expect("told") {
                    if Link::view(payload).expect("a link").name() == "v0" {
                        break;
                    }
                }
            }
            assert!(begin.elapsed() < AT_ONCE, "{:?}", begin.elapsed());

            let begin = Instant::now();
            ipr.run(&link::Delete::new("v0")).await.expect("no affair of Open vSwitch");
            assert!(begin.elapsed() < AT_ONCE, "{:?}", begin.elapsed());

            let before = turns.get();
            let error = ipr.run(&link::Add::new("br0").kind(netdev())).await.expect_err("silence").to_string();
            assert!(error.contains("no answer from the database at "), "{error}");
            assert!(turns.get() > before + 20, "{} turns", turns.get() - before);
        };
        let other = async {
            loop {
                tokio::time::sleep(Duration::from_millis(1)).await;
                turns.set(turns.get() + 1);
            }
        };
        tokio::select! { () = work => {}, () = other => {} }
    });
    silent.end();
}

#[test]
fn what_is_known_shows_while_the_database_hangs() {
    let Some(mut lab) = Lab::new() else { return };
    lab.bridge("br0");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let ipr = AsyncIpRoute::in_namespace(enter(lab.daemons.space())).expect("opened");
        ipr.set_open_vswitch(Database::at(lab.daemons.socket()));
        assert_eq!(kind(&ipr.link("br0").await.expect("there")), Some("openvswitch"));
        lab.daemons.pause_database();
        let begin = Instant::now();
        for _ in 0..20 {
            assert_eq!(kind(&ipr.link("br0").await.expect("there")), Some("openvswitch"));
        }
        assert!(begin.elapsed() < AT_ONCE, "{:?}", begin.elapsed());
        lab.daemons.resume();
    });
}
