//! `cargo xtask ci`: every check that a change has to pass, each with its time.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::place::Place;
use crate::{Outcome, fuzz, msrv, root, test, tools};

/// What the judge of the tables holds us to (`conformance.py`).
const MINIMUM: [&str; 11] = [
    "rt-addr=100",
    "rt-route=100",
    "rt-rule=100",
    "rt-neigh=100",
    "rt-link=79",
    "rt-link/link-attrs=100",
    "nlctrl/ctrl-attrs=100",
    "nlctrl/op-attrs=100",
    "wireguard=100",
    "team=100",
    "ethtool=100",
];

type Step = fn() -> Outcome;

/// Runs all steps, also behind one that fails.
pub(crate) fn run() -> Outcome {
    let started = Instant::now();
    let steps: [(&str, Step); 10] = [
        ("format", format),
        ("clippy", clippy),
        ("combinations of features", features),
        ("licences and sources of dependencies", dependencies),
        ("documentation", || {
            cargo(&["doc", "--workspace", "--all-features", "--no-deps"], &[("RUSTDOCFLAGS", "-Dwarnings")])
        }),
        ("tests", || test::run(&[], test::Guest::Required)),
        ("oldest Rust, 32 bit, big endian", msrv::run),
        ("conformance with the kernel's specs", conformance),
        ("fuzzing", || fuzz::run(&["--seconds".to_owned(), "60".to_owned()])),
        ("figures, in short", bench),
    ];
    let mut failed = Vec::new();
    let mut times = Vec::new();
    for (name, step) in steps {
        println!("\n=== {name}");
        let begin = Instant::now();
        let outcome = step();
        let seconds = begin.elapsed().as_secs();
        if let Err(reason) = &outcome {
            println!("{name} failed: {reason}");
            failed.push(name);
        }
        println!("=== {name}: {seconds} s");
        times.push(format!("{:>5} s  {}  {name}", seconds, if outcome.is_ok() { "ok    " } else { "FAILED" }));
    }
    println!("\n{}\n{:>5} s in all", times.join("\n"), started.elapsed().as_secs());
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

fn cargo(words: &[&str], variables: &[(&str, &str)]) -> Outcome {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let status = Command::new(program)
        .args(words)
        .envs(variables.iter().copied())
        .current_dir(root())
        .stdin(Stdio::null())
        .status()
        .map_err(|e| format!("cargo: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("`cargo {}`", words.join(" "))) }
}

/// Workspaces beside the main one.
const BESIDE: [&str; 2] = ["bench", "fuzz"];

fn format() -> Outcome {
    cargo(&["fmt", "--all", "--check"], &[])?;
    BESIDE.iter().try_for_each(|folder| {
        let manifest = format!("{folder}/Cargo.toml");
        cargo(&["fmt", "--manifest-path", &manifest, "--check"], &[])
    })
}

fn clippy() -> Outcome {
    cargo(&["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"], &[])?;
    BESIDE.iter().try_for_each(|folder| {
        let (manifest, target) = (format!("{folder}/Cargo.toml"), format!("{folder}/target"));
        cargo(&["clippy", "--manifest-path", &manifest, "--target-dir", &target, "--", "-D", "warnings"], &[])
    })
}

/// Sets of features of the facade that users choose; each must build without the others.
const FEATURES: [&str; 11] = [
    "",
    "tokio",
    "async-io",
    "route",
    "route,async-io",
    "generic,tokio",
    "wireguard",
    "ethtool,serde",
    "openvswitch",
    "record",
    "tracing",
];

fn features() -> Outcome {
    FEATURES.iter().try_for_each(|features| {
        let words = ["check", "--quiet", "--package", "netloom", "--no-default-features", "--features", features];
        cargo(&[&words[..], &["--target-dir", "target/features"]].concat(), &[("RUSTFLAGS", "-Dwarnings")])
    })
}

/// What `deny.toml` allows.
fn dependencies() -> Outcome {
    let program = tools::cargo_program("cargo-deny", &["--no-default-features"])?;
    tools::must(Command::new(program).args(["check", "licenses", "bans", "sources"]).current_dir(root())).map(drop)
}

/// Holds our tables against the kernel's own, where the judge is at hand.
fn conformance() -> Outcome {
    let judge = root().join("../shared/tools/conformance.py");
    if !judge.exists() {
        println!("left out: {} is not there", judge.display());
        return Ok(());
    }
    let schema = Command::new("cargo")
        .args(["run", "--quiet", "--package", "netloom-cli", "--", "schema", "--json"])
        .current_dir(root())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| format!("cargo: {e}"))?;
    if !schema.status.success() {
        return Err("`netloom schema --json`".to_owned());
    }
    let mut child = Command::new("python3")
        .arg(&judge)
        .arg("-")
        .args(MINIMUM.iter().flat_map(|minimum| ["--min", minimum]))
        .stdin(Stdio::piped())
        .spawn()
        .map_err(|e| format!("python3: {e}"))?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(&schema.stdout).map_err(|e| e.to_string())?;
    }
    let status = child.wait().map_err(|e| e.to_string())?;
    if status.success() { Ok(()) } else { Err("the tables differ from the kernel's".to_owned()) }
}

/// Only that it runs: figures need a quiet machine.
fn bench() -> Outcome {
    let folder = root().join("bench");
    if !folder.join("Cargo.toml").exists() {
        println!("left out: no bench/");
        return Ok(());
    }
    cargo(
        &["build", "--quiet", "--release", "--manifest-path", "bench/Cargo.toml", "--target-dir", "bench/target"],
        &[],
    )?;
    let script = format!("cd '{}' && target/release/netloom-bench --count 200 --runs 1", folder.display());
    match Place::find().run(&script, 600)? {
        0 => Ok(()),
        code => Err(format!("bench ended with {code}")),
    }
}
