//! Runs a contender in a process of its own and reads what it used.

use std::{
    env, fs,
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, bail};
use nix::sys::resource::{UsageWho, getrusage};
use serde_json::{Value, json};

use crate::{
    setup,
    work::{PRODUCER, Work},
};

/// What one run used.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    /// Seconds in user mode.
    pub user: f64,
    /// Seconds in the kernel.
    pub system: f64,
    /// Seconds on the clock.
    pub wall: f64,
    /// Peak of resident memory, in MiB.
    pub memory: f64,
}

impl Usage {
    /// Seconds of CPU.
    pub fn cpu(&self) -> f64 {
        self.user + self.system
    }
}

fn cpu_now(who: UsageWho) -> Result<(f64, f64)> {
    let usage = getrusage(who)?;
    let seconds = |t: nix::sys::time::TimeVal| t.tv_sec() as f64 + t.tv_usec() as f64 / 1e6;
    Ok((seconds(usage.user_time()), seconds(usage.system_time())))
}

/// Does the work of one contender and prints what it used, as one line of JSON.
pub fn run_worker(work: Work, name: &str, count: u32) -> Result<()> {
    let contenders = work.contenders().iter().chain([&PRODUCER]);
    let contender = contenders.into_iter().find(|contender| contender.name == name).context("no such contender")?;
    setup::prepare_worker(work)?;
    // A command is a child of this process; everything else runs in it.
    let who = if contender.is_command { UsageWho::RUSAGE_CHILDREN } else { UsageWho::RUSAGE_SELF };
    let (before, started) = (cpu_now(who)?, Instant::now());
    let done = (contender.run)(count)?;
    let (wall, after) = (started.elapsed().as_secs_f64(), cpu_now(who)?);
    if done != u64::from(count) {
        bail!("{name} did {done} of {count}");
    }
    let memory = if contender.is_command {
        getrusage(who)?.max_rss() as f64 / 1024.0
    } else {
        peak_memory().unwrap_or_default()
    };
    println!(
        "{}",
        json!({"user": after.0 - before.0, "system": after.1 - before.1, "wall": wall, "memory": memory})
    );
    Ok(())
}

/// `VmHWM` of this process, in MiB.
fn peak_memory() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
}

/// The run with the median CPU time, or why it failed.
pub fn median(work: Work, name: &str, count: u32, runs: u32) -> Result<Usage, String> {
    let mut all = Vec::new();
    for _ in 0..runs.max(1) {
        all.push(once(work, name, count).map_err(|problem| format!("{problem:#}"))?);
    }
    all.sort_by(|a, b| a.cpu().total_cmp(&b.cpu()));
    all.get(all.len() / 2).copied().ok_or_else(|| "no run".to_owned())
}

fn once(work: Work, name: &str, count: u32) -> Result<Usage> {
    let output = Command::new(env::current_exe()?)
        .args([work.name(), "--worker", name, "--count", &count.to_string()])
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("{}", said.lines().find(|line| !line.trim().is_empty()).unwrap_or("failed").trim());
    }
    let value: Value = serde_json::from_slice(&output.stdout).context("a worker prints JSON")?;
    let number = |key: &str| value.get(key).and_then(Value::as_f64).unwrap_or_default();
    Ok(Usage { user: number("user"), system: number("system"), wall: number("wall"), memory: number("memory") })
}
