//! `cargo xtask test`: every test, and a count that hides nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use crate::place::Place;
use crate::{Outcome, root, tools};

/// Longer than all tests take on a slow machine, in seconds.
const LIMIT: u32 = 1700;

/// What was counted so far.
#[derive(Debug, Default)]
struct Count {
    passed: usize,
    failed: usize,
    ignored: usize,
    /// Test binaries or doc tests that did not end with a result.
    broken: Vec<String>,
}

/// Runs all tests whose name contains `filter`.
pub(crate) fn run(words: &[String]) -> Outcome {
    let filter = words.first().map_or("", String::as_str);
    tools::need(&[("ip", "iproute2"), ("strace", "strace"), ("unshare", "util-linux"), ("python3", "python3")])?;
    if let Err(reason) = tools::newer_iproute2() {
        println!("iproute2 6.15 cannot be fetched, tests compare with the machine's alone: {reason}");
    }
    let place = Place::find();
    println!("tests that need a kernel find it here: {place:?}");
    let skips = root().join("target/skips");
    let _ = fs::remove_file(&skips);

    let mut count = Count::default();
    let binaries = build()?;
    let output = run_all(&binaries, filter, place, &skips)?;
    count.read(&output);
    println!("\n== doc tests");
    count.read(&doc_tests(filter)?);

    let skipped = skipped(&skips);
    for skip in &skipped {
        println!("skipped: {skip}");
    }
    count.broken.iter().for_each(|what| println!("no result: {what}"));
    let failed = count.failed + count.broken.len();
    println!(
        "{} passed, {failed} failed, {} skipped",
        count.passed.saturating_sub(skipped.len()),
        skipped.len() + count.ignored
    );
    if failed > 0 { Err(format!("{failed} tests failed")) } else { Ok(()) }
}

/// A test binary and the folder of its package.
struct Binary {
    path: PathBuf,
    package: PathBuf,
}

/// Builds the tests of all crates and finds the binaries in what cargo says of them.
fn build() -> Result<Vec<Binary>, String> {
    let out = Command::new(cargo())
        .args(["test", "--workspace", "--all-features", "--no-run", "--message-format=json-render-diagnostics"])
        .current_dir(root())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| format!("cargo: {e}"))?;
    if !out.status.success() {
        return Err("the tests do not build".to_owned());
    }
    let text = String::from_utf8_lossy(&out.stdout);
    let mut all = Vec::new();
    // Of the profile, which the features follow: a target that may be tested says `test` too.
    for line in text.lines().filter(|line| line.contains("\"test\":true},\"features\"")) {
        let (Some(path), Some(manifest)) = (text_of(line, "executable"), text_of(line, "manifest_path")) else {
            continue;
        };
        let package = Path::new(manifest).parent().unwrap_or_else(|| Path::new(".")).to_path_buf();
        all.push(Binary { path: path.into(), package });
    }
    if all.is_empty() { Err("cargo named no test binary".to_owned()) } else { Ok(all) }
}

/// The text after `"key":"` of a line of JSON; none of those read here holds a quote.
fn text_of<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.split_once(&format!("\"{key}\":\""))?.1.split_once('"').map(|(text, _)| text)
}

fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

/// Runs the binaries, which have threads of their own, one after the other, and returns what they print. A guest has one
/// processor, so there are two of those at a time.
fn run_all(binaries: &[Binary], filter: &str, place: Place, skips: &Path) -> Result<String, String> {
    let lanes = if place == Place::UserModeLinux { 2 } else { 1 };
    let run = &|lane: usize| {
        let result = root().join(format!("target/test-output-{lane}"));
        let _ = fs::remove_file(&result);
        let mine = binaries.iter().skip(lane).step_by(lanes);
        place.run(&script(mine, filter, skips, &result), LIMIT)?;
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

/// Shell words that run the binaries; what they print goes to a file too.
fn script<'a>(binaries: impl Iterator<Item = &'a Binary>, filter: &str, skips: &Path, result: &Path) -> String {
    let mut script = String::new();
    for name in ["CI", "RUST_BACKTRACE"] {
        if let Ok(value) = std::env::var(name) {
            script += &format!("export {name}='{value}'\n");
        }
    }
    script += &format!("export NETLOOM_SKIPS='{}'\n", skips.display());
    script += &format!("exec > >(tee '{}') 2>&1\n", result.display());
    for binary in binaries {
        let (path, package) = (binary.path.display(), binary.package.display());
        script += &format!("echo '== {path}'; cd '{package}'; CARGO_MANIFEST_DIR='{package}' '{path}' '{filter}'\n");
        // A binary that dies has no result line, and must not be overlooked.
        script += &format!("rc=$?; [ $rc = 0 ] || [ $rc = 101 ] || echo \"no result: {path} ended with $rc\"\n");
    }
    script + "exec >&- 2>&-; wait\n"
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

impl Count {
    /// Adds the result lines of libtest.
    fn read(&mut self, output: &str) {
        for line in output.lines() {
            if let Some(what) = line.strip_prefix("no result: ") {
                self.broken.push(what.to_owned());
            }
            let Some(result) = line.strip_prefix("test result: ") else { continue };
            let number = |word: &str| {
                let part = result.split([';', '.']).map(str::trim).find_map(|part| part.strip_suffix(word));
                part.and_then(|number| number.trim().parse::<usize>().ok()).unwrap_or_default()
            };
            self.passed += number("passed");
            self.failed += number("failed");
            self.ignored += number("ignored");
        }
    }
}

/// The skips that tests recorded, each once: `test: feature: reason`.
fn skipped(file: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(file).unwrap_or_default();
    text.lines().map(|line| line.replace('\t', ": ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_added_up() {
        let mut count = Count::default();
        count.read("test result: ok. 7 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.0s\n");
        count.read("noise\ntest result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out\n");
        count.read("no result: target/debug/deps/x ended with 139\n");
        assert_eq!((count.passed, count.failed, count.ignored, count.broken.len()), (9, 3, 1, 1));
    }

    #[test]
    fn a_binary_in_cargos_words() {
        let line =
            r#"{"manifest_path":"/a/Cargo.toml","profile":{"test":true},"executable":"/a/target/t-1","fresh":true}"#;
        assert_eq!(text_of(line, "executable"), Some("/a/target/t-1"));
        assert_eq!(text_of(line, "absent"), None);
    }
}
