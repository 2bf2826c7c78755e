//! iproute2 and pyroute2, as commands.

use std::{
    fmt::Write as _,
    fs,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

use crate::bare;

fn run(program: &str, words: &[&str]) -> Result<()> {
    let done = Command::new(program)
        .args(words)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .with_context(|| format!("{program} is not here"))?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "{}", said.lines().last().unwrap_or("failed"));
    Ok(())
}

/// `ip route show`, which prints all it reads.
pub fn dump(count: u32) -> Result<u64> {
    run("ip", &["-4", "route", "show"])?;
    Ok(count.into())
}

/// pyroute2's `IPRoute.get_routes`.
pub fn dump_pyroute2(count: u32) -> Result<u64> {
    run("python3", &["-c", "import pyroute2; list(pyroute2.IPRoute().get_routes(family=2))"])?;
    Ok(count.into())
}

/// `ip -batch`.
pub fn add(count: u32) -> Result<u64> {
    let mut batch = String::new();
    for n in 0..count {
        let [a, b, c, d] = bare::destination(n);
        writeln!(batch, "route add {a}.{b}.{c}.{d}/32 dev lo")?;
    }
    let file = std::env::temp_dir().join(format!("netloom-bench-add-{}", std::process::id()));
    fs::write(&file, batch)?;
    let path = file.to_string_lossy().into_owned();
    let added = run("ip", &["-batch", &path]);
    fs::remove_file(&file)?;
    added.map(|()| count.into())
}

/// `ip link show`.
pub fn links(count: u32) -> Result<u64> {
    run("ip", &["link", "show"])?;
    Ok(count.into())
}
