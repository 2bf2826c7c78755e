//! `cargo xtask fuzz [--seconds N]`: every fuzz target for its share of the time, from the golden bytes on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use netloom_testkit::Golden;

use crate::{Outcome, root, tools};

/// Fuzzes for `--seconds` in all, 60 if not said.
pub(crate) fn run(words: &[String]) -> Outcome {
    let seconds: u64 = match words {
        [] => 60,
        [flag, number] if flag == "--seconds" => number.parse().map_err(|e| format!("--seconds {number}: {e}"))?,
        _ => return Err("usage: cargo xtask fuzz [--seconds N]".to_owned()),
    };
    let program = tools::cargo_program("cargo-fuzz", &[])?;
    let targets = targets()?;
    let mut summary = Vec::new();
    let share = (seconds / targets.len() as u64).max(1);
    for target in &targets {
        println!("== {target}, {share} s");
        let corpus = seeds(target)?;
        let run = Command::new(&program)
            .args(["fuzz", "run", target])
            .arg(&corpus)
            .args([
                "--",
                &format!("-max_total_time={share}"),
                "-rss_limit_mb=4096",
                "-timeout=20",
                "-print_final_stats=1",
            ])
            .current_dir(root())
            .env("RUSTC_BOOTSTRAP", "1")
            .stdin(Stdio::null())
            .output()
            .map_err(|e| format!("{}: {e}", program.display()))?;
        let said = String::from_utf8_lossy(&run.stderr);
        if !run.status.success() {
            return Err(format!("{said}\nfuzz target {target} failed; what it found is in fuzz/artifacts/{target}"));
        }
        let count = statistic(&said, "number_of_executed_units").ok_or("libFuzzer does not say how often it ran")?;
        let speed = statistic(&said, "average_exec_per_sec").unwrap_or_default();
        let new = statistic(&said, "new_units_added").unwrap_or_default();
        summary.push(format!("{target:<10} {count:>10} executions, {speed} a second, {new} new inputs kept"));
    }
    println!("\n{}", summary.join("\n"));
    Ok(())
}

/// A figure of those that libFuzzer prints at its end: `stat::NAME: FIGURE`.
fn statistic(said: &str, name: &str) -> Option<u64> {
    let line = said.lines().find_map(|line| line.strip_prefix("stat::")?.strip_prefix(name));
    line?.strip_prefix(':')?.trim().parse().ok()
}

fn targets() -> Result<Vec<String>, String> {
    let folder = root().join("fuzz/fuzz_targets");
    let files = fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut all: Vec<String> =
        files.filter_map(|file| Some(file.ok()?.path().file_stem()?.to_string_lossy().into_owned())).collect();
    all.sort();
    if all.is_empty() { Err("no fuzz targets".to_owned()) } else { Ok(all) }
}

/// Crates with golden bytes.
const CRATES: [&str; 4] = ["netloom-route", "netloom-ethtool", "netloom-wireguard", "netloom-generic"];

/// The corpus of a target; the golden messages are in it from the start.
fn seeds(target: &str) -> Result<PathBuf, String> {
    let folder = root().join("fuzz/corpus").join(target);
    fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    for golden in CRATES.iter().flat_map(|name| Golden::in_crate(name)) {
        for (nth, message) in golden.messages.iter().enumerate().filter(|(_, message)| message.len() < 4096) {
            write(&folder.join(format!("golden-{}-{}-{nth}", golden.object, golden.name)), message)?;
        }
    }
    Ok(folder)
}

fn write(file: &Path, bytes: &[u8]) -> Outcome {
    fs::write(file, bytes).map_err(|e| format!("{}: {e}", file.display()))
}
