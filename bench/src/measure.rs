//! Runs a contender in a process of its own and reads what it used.

use std::{
    env, fs,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use nix::sys::resource::{UsageWho, getrusage};
use serde_json::{Value, json};

use crate::{
    bare,
    contenders::{self, PRODUCER},
    setup,
    work::Work,
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

    /// What these have used so far.
    pub fn now(who: UsageWho) -> Result<Self> {
        let usage = getrusage(who)?;
        let seconds = |t: nix::sys::time::TimeVal| t.tv_sec() as f64 + t.tv_usec() as f64 / 1e6;
        let memory = match who {
            UsageWho::RUSAGE_CHILDREN => usage.max_rss() as f64 / 1024.0,
            // The other is that of the process that started this one, if that was greater.
            _ => peak_memory().unwrap_or_default(),
        };
        Ok(Self { user: seconds(usage.user_time()), system: seconds(usage.system_time()), wall: 0.0, memory })
    }

    /// What was used since then, in so many seconds.
    pub fn since(self, before: &Self, wall: f64) -> Self {
        Self { user: self.user - before.user, system: self.system - before.system, wall, memory: self.memory }
    }

    /// The times of so many times the work.
    fn scaled(self, by: f64) -> Self {
        Self { user: self.user * by, system: self.system * by, wall: self.wall * by, memory: self.memory }
    }

    fn to_json(self) -> Value {
        json!({"user": self.user, "system": self.system, "wall": self.wall, "memory": self.memory})
    }

    /// What a worker or a script printed.
    pub fn from_json(value: &Value) -> Self {
        let number = |key: &str| value.get(key).and_then(Value::as_f64).unwrap_or_default();
        Self { user: number("user"), system: number("system"), wall: number("wall"), memory: number("memory") }
    }
}

/// Does the work of one contender and prints what it used, as one line of JSON.
pub fn run_worker(work: Work, name: &str, count: u32) -> Result<()> {
    let mut contenders = contenders::of(work).iter().chain([&PRODUCER]);
    let contender = contenders.find(|contender| contender.name == name).context("no such contender")?;
    let share = contender.share(count);
    setup::prepare_worker(work, share, share != count)?;
    let (done, used) = contender.run(work, share)?;
    // Whatever it says of itself: those that are there count.
    let done = if work == Work::Add { done.min(bare::dump(share)?) } else { done };
    if done != u64::from(share) {
        bail!("{name} did {done} of {share}");
    }
    println!("{}", used.scaled(f64::from(count) / f64::from(share)).to_json());
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
        let first = said.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("failed");
        bail!("{}", first.strip_prefix("Error: ").unwrap_or(first));
    }
    let value: Value = serde_json::from_slice(&output.stdout).context("a worker prints JSON")?;
    Ok(Usage::from_json(&value))
}
