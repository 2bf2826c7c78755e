//! The proxy of Open vSwitch over a played kernel: with no database, and one that never answers. By every driver.
#![cfg(all(feature = "openvswitch", feature = "generic", feature = "tokio", feature = "async-io"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

#[path = "support/played.rs"]
mod played;

use std::{
    os::unix::net::UnixListener,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use netloom::{ErrorKind, Operation, Result, Rtnetlink, link, openvswitch::OpenVswitch};
use played::{Driver, GETLINK, Kernel, Say, a_link};

/// A path for a socket, which goes with this.
struct At(PathBuf);

impl At {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("netloom-played-{}-{name}.sock", std::process::id()));
        let _ = std::fs::remove_file(&path);
        Self(path)
    }
}

impl Drop for At {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// What becomes of an order while the database is at this path, and what the kernel was asked meanwhile.
fn ordered<O: Operation<Family = Rtnetlink>>(database: &Path, order: &O) -> Vec<(Result<O::Output>, Vec<String>)> {
    let kernel = Kernel::new(|asked| if asked.command == GETLINK { a_link("veth", "v0") } else { Say::Ack });
    let ordered = Driver::all(&kernel.options).into_iter().map(|mut io| {
        io.set_open_vswitch(OpenVswitch::at(database).timeout(Duration::from_millis(300)));
        (io.run(order), kernel.asked())
    });
    ordered.collect()
}

fn become_port() -> link::Set {
    link::Set::new(9).master(5).mtu(1400)
}

#[test]
fn without_a_database_all_is_the_kernel_s_affair() {
    let nowhere = Path::new("/nonexistent/db.sock");
    for (set, asked) in ordered(nowhere, &become_port()) {
        assert!(set.is_ok() && asked == ["NEW 9 mtu 1400"], "{set:?} {asked:?}");
    }
    for (deleted, asked) in ordered(nowhere, &link::Delete::new("v0")) {
        assert!(deleted.is_ok() && asked == ["DEL v0"], "{deleted:?} {asked:?}");
    }
}

/// Whoever listened was killed, and left the socket's file behind: that is as good as none.
#[test]
fn a_dead_database_is_none() {
    let at = At::new("dead");
    drop(UnixListener::bind(&at.0).unwrap());
    for (set, asked) in ordered(&at.0, &become_port()) {
        assert!(set.is_ok() && asked == ["NEW 9 mtu 1400"], "{set:?} {asked:?}");
    }
    for (deleted, asked) in ordered(&at.0, &link::Delete::new("v0")) {
        assert!(deleted.is_ok() && asked.last().map(String::as_str) == Some("DEL v0"), "{deleted:?} {asked:?}");
    }
}

/// What cannot be a port of its own making is deleted without it.
#[test]
fn other_links_go_whether_or_not_the_database_answers() {
    let at = At::new("deaf");
    let _listener = UnixListener::bind(&at.0).unwrap();
    for (deleted, asked) in ordered(&at.0, &link::Delete::new("v0")) {
        assert!(deleted.is_ok() && asked.last().map(String::as_str) == Some("DEL v0"), "{deleted:?} {asked:?}");
    }
}

/// Whether the link is one of its ports nobody can tell: nothing is sent, and the error says whom was waited for.
#[test]
fn a_silent_database_is_named() {
    let at = At::new("silent");
    let _listener = UnixListener::bind(&at.0).unwrap();
    let begin = Instant::now();
    for (set, asked) in ordered(&at.0, &become_port()) {
        let error = set.unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("set link index 9: proxy `Open vSwitch`: "), "{text}");
        assert!(error.kind() == ErrorKind::Proxy && text.contains("no answer from the database at "), "{text}");
        assert!(asked.is_empty(), "{asked:?}");
    }
    assert!(begin.elapsed() < Duration::from_secs(20));
}
