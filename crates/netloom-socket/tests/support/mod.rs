//! What tests of sockets share: a namespace for each.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part of this")]

use std::process::Command;

use netloom_socket::{Namespace, SocketOptions};

/// A network namespace of a test's own, with a loopback device that is up; gone when dropped.
pub struct Space(netloom_testkit::Namespace);

impl Space {
    /// None, and the skip recorded, where there cannot be one.
    pub fn new() -> Option<Self> {
        netloom_testkit::Namespace::new().map(Self)
    }

    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// iproute2's `ip` in there.
    pub fn ip(&self, arguments: &[&str]) {
        self.0.ip(arguments);
    }

    /// What it shows.
    pub fn text(&self, arguments: &[&str]) -> String {
        String::from_utf8(self.0.ip(arguments).stdout).unwrap()
    }

    /// Runs `inside` on a thread that lives in there.
    pub fn enter<T: Send>(&self, inside: impl FnOnce() -> T + Send) -> T {
        self.0.enter(inside)
    }

    pub fn namespace(&self) -> Namespace {
        Namespace::named(self.name()).unwrap()
    }

    pub fn options(&self) -> SocketOptions {
        SocketOptions::new().namespace(self.namespace())
    }
}

pub fn run(program: &str, arguments: &[&str]) {
    let status = Command::new(program).args(arguments).status();
    let status = status.unwrap_or_else(|e| panic!("{program}: {e}"));
    assert!(status.success(), "{program} {arguments:?}: {status}");
}
