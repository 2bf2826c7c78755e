//! Namespaces and what is in them.

use std::{fs, process::Command};

use anyhow::{Context, Result, ensure};
use nix::{
    sched::{CloneFlags, unshare},
    unistd::{getgid, getuid},
};

use crate::{bare, work::Work};

/// Leaves for a network namespace of this process's own.
pub fn enter_namespace() -> Result<()> {
    let (user, group) = (getuid(), getgid());
    if unshare(CloneFlags::CLONE_NEWNET).is_err() {
        unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNET)
            .context("neither root nor allowed to make a user namespace")?;
        fs::write("/proc/self/setgroups", "deny")?;
        fs::write("/proc/self/uid_map", format!("0 {user} 1"))?;
        fs::write("/proc/self/gid_map", format!("0 {group} 1"))?;
    }
    ip(&["link", "set", "lo", "up"])
}

fn ip(words: &[&str]) -> Result<()> {
    let done = Command::new("ip").args(words).output().context("ip, of iproute2, is needed")?;
    ensure!(done.status.success(), "ip {}: {}", words.join(" "), String::from_utf8_lossy(&done.stderr));
    Ok(())
}

/// Makes what the contenders of this work share.
pub fn prepare(work: Work, count: u32) -> Result<()> {
    match work {
        Work::Dump | Work::Collect => bare::add_routes(count).map(drop),
        // The one that is read over and over.
        Work::Codec => bare::add_routes(1).map(drop),
        Work::Links => {
            let batch: String = (0..count).map(|n| format!("link add i{n} type ifb\n")).collect();
            let file = std::env::temp_dir().join(format!("netloom-bench-{}", std::process::id()));
            fs::write(&file, batch)?;
            let path = file.to_string_lossy().into_owned();
            let made = ip(&["-batch", &path]);
            fs::remove_file(&file)?;
            made
        }
        Work::Add | Work::Get | Work::Open | Work::Watch | Work::Generic | Work::Wireguard => Ok(()),
    }
}

/// A worker that changes things does it in a namespace of its own, which ends with it; so does one that wants other things
/// in there than the rest.
pub fn prepare_worker(work: Work, count: u32, differs: bool) -> Result<()> {
    let changes = matches!(work, Work::Add | Work::Watch | Work::Wireguard);
    if changes || differs {
        unshare(CloneFlags::CLONE_NEWNET)?;
        ip(&["link", "set", "lo", "up"])?;
    }
    if differs {
        prepare(work, count)?;
    }
    if work == Work::Wireguard {
        add_wireguard()?;
    }
    Ok(())
}

fn add_wireguard() -> Result<()> {
    ip(&["link", "add", bare::wireguard::DEVICE, "type", "wireguard"])
}

/// What this kernel lacks that the work needs.
pub fn lacks(work: Work) -> Option<&'static str> {
    if work != Work::Wireguard || add_wireguard().is_ok() {
        return None;
    }
    Some("this kernel has no WireGuard")
}

/// Leaves what was made to a namespace that ends, and goes on in a fresh one.
pub fn clean(work: Work) -> Result<()> {
    if matches!(work, Work::Dump | Work::Collect | Work::Codec | Work::Links | Work::Wireguard) {
        unshare(CloneFlags::CLONE_NEWNET)?;
        ip(&["link", "set", "lo", "up"])?;
    }
    Ok(())
}
