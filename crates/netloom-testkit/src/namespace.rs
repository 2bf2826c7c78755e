//! A network namespace for each test that needs the real kernel.

use std::{
    fs::File,
    os::fd::AsFd,
    path::PathBuf,
    process::{Command, Output},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use crate::{Iproute2, finishes, record};

/// A network namespace of a test's own: named, so that `ip -n NAME` can judge it; its loopback device is up; gone,
/// with all that is in it, when dropped.
///
/// Root is needed, or the root of a user namespace with a mount namespace of its own (`unshare -rnm`, as
/// `cargo xtask test` runs the tests for others).
#[derive(Debug)]
pub struct Namespace {
    name: String,
}

impl Namespace {
    /// A fresh one. None, and the skip recorded, where there cannot be one; it never hangs.
    pub fn new() -> Option<Self> {
        if !Self::possible() {
            return None;
        }
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("netloom-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        run(Command::new("ip").args(["netns", "add", &name]));
        let namespace = Self { name };
        namespace.ip(&["link", "set", "lo", "up"]);
        Some(namespace)
    }

    /// Whether namespaces can be made and used here; where not, the skip is recorded. It never hangs.
    pub fn possible() -> bool {
        ready().map_err(|reason| record("network namespaces", reason)).is_ok()
    }

    /// Its name, as `ip -n` takes it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file that keeps it.
    pub fn path(&self) -> PathBuf {
        PathBuf::from("/run/netns").join(&self.name)
    }

    /// Runs the machine's `ip` in there: `&["link", "set", "v0", "up"]`.
    ///
    /// # Panics
    /// If it does not succeed.
    pub fn ip(&self, words: &[&str]) -> Output {
        run(Command::new("ip").args(["-n", &self.name]).args(words))
    }

    /// What `tool` (`ip`, `bridge`) of an iproute2 prints in there.
    ///
    /// # Panics
    /// If it does not succeed.
    pub fn judge(&self, iproute2: &Iproute2, tool: &str, words: &[&str]) -> String {
        let out = run(Command::new(iproute2.tool(tool)).args(["-n", &self.name]).args(words));
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    /// Whether the kernel makes links of this kind; tried out, which also loads the module.
    pub fn has_kind(&self, kind: &str) -> bool {
        let try_kind = |words: &[&str]| {
            let mut command = Command::new("ip");
            let _ = command.args(["-n", &self.name, "link", "add"]).args(words).args(["type", kind]);
            let known = command.output().is_ok_and(|out| {
                let complaint = String::from_utf8_lossy(&out.stderr);
                // A kind that is there may still want options; one that is not is refused by name.
                out.status.success() || !["Unknown device type", "not supported"].iter().any(|c| complaint.contains(c))
            });
            let _ = Command::new("ip").args(["-n", &self.name, "link", "del", "probe0"]).output();
            known
        };
        try_kind(&["name", "probe0"])
    }

    /// Whether bridges of the kernel filter by VLAN (`CONFIG_BRIDGE_VLAN_FILTERING`); tried out.
    pub fn has_vlan_filtering(&self) -> bool {
        let ip = |words: &[&str]| Command::new("ip").args(["-n", &self.name, "link"]).args(words).output();
        let made = ip(&["add", "probe0", "type", "bridge", "vlan_filtering", "1"]);
        let _ = ip(&["del", "probe0"]);
        made.is_ok_and(|out| out.status.success())
    }

    /// Runs `inside` on a thread that lives in the namespace; the caller's stays where it is.
    ///
    /// # Panics
    /// If `inside` does, or the namespace cannot be entered.
    pub fn enter<T: Send>(&self, inside: impl FnOnce() -> T + Send) -> T {
        let file = File::open(self.path()).unwrap_or_else(|e| panic!("{}: {e}", self.path().display()));
        let entered = thread::scope(|scope| {
            let thread = scope.spawn(|| {
                move_into_link_name_space(file.as_fd(), Some(LinkNameSpaceType::Network))
                    .unwrap_or_else(|e| panic!("setns: {e}"));
                inside()
            });
            thread.join()
        });
        entered.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        let _ = Command::new("ip").args(["netns", "del", &self.name]).output();
    }
}

/// Whether this process is root, perhaps of a user namespace.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Whether namespaces can be made here, asked once: a kernel whose rtnetlink is stuck never answers.
fn ready() -> Result<(), &'static str> {
    static READY: OnceLock<Result<(), &'static str>> = OnceLock::new();
    *READY.get_or_init(|| {
        if !finishes(Command::new("ip").arg("-V"), Duration::from_secs(10)) {
            return Err("no iproute2");
        }
        if !finishes(Command::new("unshare").args(["--net", "true"]), Duration::from_secs(10)) {
            return Err("`unshare --net` does not end well: no rights, or the kernel's rtnetlink is stuck");
        }
        if !finishes(Command::new("ip").args(["link", "show", "dev", "lo"]), Duration::from_secs(10)) {
            return Err("`ip link show` gets no answer");
        }
        Ok(())
    })
}

fn run(command: &mut Command) -> Output {
    let out = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(out.status.success(), "{command:?}: {}", String::from_utf8_lossy(&out.stderr).trim());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_empty_but_for_loopback_and_goes_away() {
        let Some(space) = Namespace::new() else { return };
        let iproute2 = Iproute2::installed().expect("asked before");
        let before = File::open("/proc/thread-self/ns/net").and_then(|f| f.metadata()).expect("own namespace");
        assert_eq!(space.judge(&iproute2, "ip", &["-br", "link"]).lines().count(), 1);
        let count = space.enter(|| std::fs::read_to_string("/proc/thread-self/net/dev").map(|t| t.lines().count()));
        assert_eq!(count.expect("readable"), 3);
        let after = File::open("/proc/thread-self/ns/net").and_then(|f| f.metadata()).expect("own namespace");
        assert_eq!(std::os::unix::fs::MetadataExt::ino(&before), std::os::unix::fs::MetadataExt::ino(&after));
        assert!(space.has_kind("veth") && !space.has_kind("no-such-kind"));
        let path = space.path();
        assert!(path.exists());
        drop(space);
        assert!(!path.exists());
    }
}
