//! pyroute2: a script of ours, by a Python that has it.
//!
//! The script counts only what happens after the interpreter is up and the library is loaded, as the others do.

use std::{
    env,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{measure::Usage, work::Work};

const SCRIPT: &str = include_str!("pyroute2.py");

/// Names another Python than `python3`.
const VARIABLE: &str = "NETLOOM_BENCH_PYTHON";

fn python() -> String {
    env::var(VARIABLE).unwrap_or_else(|_| "python3".to_owned())
}

/// Does the work, and says how many objects there were and what it used.
pub fn run(work: Work, count: u32) -> Result<(u64, Usage)> {
    let python = python();
    let here = Command::new(&python).args(["-c", "import pyroute2"]).stderr(Stdio::null()).status();
    ensure!(here.is_ok_and(|status| status.success()), "{python} has no pyroute2; {VARIABLE} names another Python");
    let done = Command::new(&python)
        .args(["-c", SCRIPT, work.name(), &count.to_string()])
        .arg(env::current_exe()?)
        .stderr(Stdio::piped())
        .output()?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "{}", said.lines().last().unwrap_or("failed"));
    let value: Value = serde_json::from_slice(&done.stdout).context("the script prints JSON")?;
    let number = value.get("done").and_then(Value::as_u64).context("the script says how many")?;
    Ok((number, Usage::from_json(&value)))
}
