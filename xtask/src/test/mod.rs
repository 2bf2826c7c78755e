//! `cargo xtask test`: every test, on this machine and in the guest, and a count that hides nothing.

mod binaries;
mod count;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use crate::place::Place;
use crate::{Outcome, guest, root, tools};
pub(crate) use binaries::{Binary, build, script};
pub(crate) use count::{Count, summary};

/// Longer than all tests take on a slow machine, in seconds.
const LIMIT: u32 = 1700;

/// Whether the guest's tests have to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guest {
    IfPossible,
    Required,
}

/// Runs all tests whose name contains the filter.
pub(crate) fn run(words: &[String], policy: Guest) -> Outcome {
    let filter = words.first().map_or("", String::as_str);
    prepare()?;
    let place = Place::find();
    println!("tests that need a kernel find it here: {place:?}");
    let skips = root().join("target/skips");
    let _ = fs::remove_file(&skips);

    let binaries = build()?;
    let mut here = Count::default();
    here.read(&run_all(&binaries, filter, place, &skips)?);
    println!("\n== doc tests");
    here.read(&doc_tests(filter)?);
    here.read_skips(&fs::read_to_string(&skips).unwrap_or_default());

    let inside = match guest::suite::possible(policy == Guest::Required) {
        Ok(kernel) => Some(guest::suite::run(&kernel, &binaries, filter)),
        Err(reason) if policy == Guest::Required => return Err(reason),
        Err(reason) => {
            println!("\nthe tests of the guest are left out: {reason}");
            None
        }
    };
    told(&here, inside.as_ref())
}

/// What tests need on this machine.
pub(crate) fn prepare() -> Outcome {
    tools::need(&[
        ("ip", "iproute2"),
        ("strace", "strace"),
        ("unshare", "util-linux"),
        ("python3", "python3"),
        ("wg", "wireguard-tools"),
        ("ethtool", "ethtool"),
        ("ovs-vswitchd", "openvswitch-switch"),
    ])?;
    if let Err(reason) = tools::newer_iproute2() {
        println!("iproute2 6.15 cannot be fetched, tests compare with the machine's alone: {reason}");
    }
    if let Err(reason) = tools::newer_ethtool() {
        println!("no newer ethtool can be fetched, tests compare with the machine's alone: {reason}");
    }
    Ok(())
}

/// Prints the sum.
pub(crate) fn told(here: &Count, guest: Option<&Count>) -> Outcome {
    let (text, failed) = summary(here, guest);
    println!("\n{text}");
    if failed > 0 { Err(format!("{failed} tests failed")) } else { Ok(()) }
}

fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

/// Runs the binaries, which have threads of their own, one after the other, and returns what they print. User Mode Linux
/// has one processor, so there are two of those at a time.
fn run_all(binaries: &[Binary], filter: &str, place: Place, skips: &Path) -> Result<String, String> {
    let lanes = if place == Place::UserModeLinux { 2 } else { 1 };
    let run = &|lane: usize| {
        let result = root().join(format!("target/test-output-{lane}"));
        let _ = fs::remove_file(&result);
        let mine = binaries.iter().skip(lane).step_by(lanes);
        place.run(&kept(&script(mine, filter), skips, &result), LIMIT)?;
        fs::read_to_string(&result).map_err(|e| format!("{}: {e}", result.display()))
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..lanes).map(|lane| scope.spawn(move || run(lane))).collect();
        let join = |thread: thread::ScopedJoinHandle<'_, Result<String, String>>| {
            thread.join().unwrap_or_else(|_| Err("panic".to_owned()))
        };
        threads.into_iter().map(join).collect()
    })
}

/// The script with what it needs around it; what it prints goes to a file too.
fn kept(script: &str, skips: &Path, result: &Path) -> String {
    let variables = ["CI", "RUST_BACKTRACE"].into_iter().filter_map(|name| Some((name, std::env::var(name).ok()?)));
    let exports: String = variables.map(|(name, value)| format!("export {name}='{value}'\n")).collect();
    format!(
        "{exports}export NETLOOM_SKIPS='{}'\nexec > >(tee '{}') 2>&1\n{script}exec >&- 2>&-; wait\n",
        skips.display(),
        result.display()
    )
}

fn doc_tests(filter: &str) -> Result<String, String> {
    let mut command = Command::new("timeout");
    command.args(["-k", "5", &LIMIT.to_string(), &cargo()]);
    let out = command
        .args(["test", "--workspace", "--all-features", "--doc", "--no-fail-fast", "--", filter])
        .current_dir(root())
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("cargo: {e}"))?;
    let mut text = String::from_utf8_lossy(&out.stdout).into_owned();
    let errors = String::from_utf8_lossy(&out.stderr);
    print!("{text}");
    if !out.status.success() {
        eprint!("{errors}");
        if !text.contains("test result: FAILED") {
            text += "no result: doc tests\n";
        }
    }
    Ok(text)
}
