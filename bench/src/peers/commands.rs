//! iproute2 and wireguard-tools, as commands; what they print is counted.

use std::{
    fmt::Write as _,
    fs,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

use crate::bare::{
    self,
    wireguard::{ALLOWED, DEVICE, allowed, key},
};

/// Runs a command and counts the lines of its output that are `wanted`, up to so many: then it is ended.
fn count_lines(program: &str, words: &[&str], most: u64, wanted: impl Fn(&str) -> bool) -> Result<u64> {
    start_and_count(program, words, most, wanted, || Ok(()))
}

fn start_and_count(
    program: &str,
    words: &[&str],
    most: u64,
    wanted: impl Fn(&str) -> bool,
    started: impl FnOnce() -> Result<()>,
) -> Result<u64> {
    let mut command = Command::new(program);
    command.args(words).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("{program} is not here"))?;
    let (mut seen, mut line) = (0, String::new());
    let mut output = BufReader::with_capacity(1 << 16, child.stdout.take().context("no output")?);
    started()?;
    while seen < most && output.read_line(&mut line)? > 0 {
        seen += u64::from(wanted(&line));
        line.clear();
    }
    if seen < most {
        let ended = child.wait_with_output()?;
        let said = String::from_utf8_lossy(&ended.stderr);
        ensure!(ended.status.success() && said.is_empty(), "{}", said.lines().last().unwrap_or("failed"));
    } else {
        // It may have more to print, or never end by itself.
        drop(output);
        let _ = child.kill();
        child.wait()?;
    }
    Ok(seen)
}

/// Runs a command that prints nothing.
fn run(program: &str, words: &[&str]) -> Result<()> {
    let printed = count_lines(program, words, u64::MAX, |_| true)?;
    ensure!(printed == 0, "it printed {printed} lines");
    Ok(())
}

/// Calls `with` with the path of a file that has this content meanwhile.
fn with_file<T>(content: String, with: impl FnOnce(&str) -> Result<T>) -> Result<T> {
    let file = std::env::temp_dir().join(format!("netloom-bench-input-{}", std::process::id()));
    fs::write(&file, content)?;
    let outcome = with(&file.to_string_lossy());
    fs::remove_file(&file)?;
    outcome
}

/// `ip route show`, which prints all it reads.
pub fn dump(_: u32) -> Result<u64> {
    count_lines("ip", &["-4", "route", "show"], u64::MAX, |line| line.starts_with("10.") && line.contains(" dev lo"))
}

/// `ip -batch`; whether the routes are there is seen afterwards.
pub fn add(count: u32) -> Result<u64> {
    let mut batch = String::new();
    for n in 0..count {
        let [a, b, c, d] = bare::destination(n);
        writeln!(batch, "route add {a}.{b}.{c}.{d}/32 dev lo")?;
    }
    with_file(batch, |path| run("ip", &["-batch", path]))?;
    Ok(count.into())
}

/// `ip link show`.
pub fn links(_: u32) -> Result<u64> {
    count_lines("ip", &["-o", "link", "show"], u64::MAX, |line| line.contains(": i") && line.contains(" mtu "))
}

/// `ip -batch` of as many `ip link show dev lo`.
pub fn get(count: u32) -> Result<u64> {
    let batch = "link show dev lo\n".repeat(count as usize);
    with_file(batch, |path| count_lines("ip", &["-o", "-batch", path], u64::MAX, |line| line.contains(" mtu ")))
}

/// `ip monitor route`, with the receive buffer of the others.
pub fn watch(count: u32) -> Result<u64> {
    let buffer = bare::WATCH_BUFFER.to_string();
    let words = ["-4", "-rc", &buffer, "monitor", "route"];
    let wanted = |line: &str| line.starts_with("10.");
    start_and_count("ip", &words, count.into(), wanted, || {
        // Nothing tells that it listens.
        std::thread::sleep(std::time::Duration::from_millis(300));
        bare::produce(count).map(drop)
    })
}

/// `wg setconf`, then `wg show dump`.
pub fn wireguard(count: u32) -> Result<u64> {
    let mut config = String::new();
    for n in 0..count {
        let addresses = (0..ALLOWED).map(|k| std::net::Ipv4Addr::from(allowed(n, k)).to_string() + "/32");
        let addresses = addresses.collect::<Vec<_>>().join(",");
        writeln!(
            config,
            "[Peer]\nPublicKey={}\nAllowedIPs={addresses}",
            netloom::wireguard::PublicKey::from_bytes(key(n))
        )?;
    }
    with_file(config, |path| run("wg", &["setconf", DEVICE, path]))?;
    let commas = ALLOWED as usize - 1;
    count_lines("wg", &["show", DEVICE, "dump"], u64::MAX, |line| line.matches(',').count() == commas)
}
