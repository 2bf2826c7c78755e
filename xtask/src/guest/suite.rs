//! Which tests run in the guest, and how: the same binaries as outside, all in one boot. There `NETLOOM_GUEST=1` makes a skip
//! a failure.

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use super::kernel::Kernel;
use super::{machine, packages, prepared};
use crate::test::{Binary, Count};
use crate::{Outcome, test};

/// Packages whose integration tests need a kernel, each with those of its binaries that learn nothing from another one:
/// they ask nothing of it, or compare what is sent, which is the same everywhere, or play it. Emulation makes them slow.
const PACKAGES: [(&str, &[&str]); 3] = [
    ("netloom", &[]),
    ("netloom-cli", &["command", "exit_codes", "human", "objects_requests", "route"]),
    (
        "netloom-socket",
        &[
            "blocking",
            "concurrent",
            "drivers",
            "faked",
            "hooks",
            "hooks_faults",
            "hooks_received",
            "hooks_waiting",
            "late",
            "raw",
            "tracing",
        ],
    ),
];

/// The binaries that take longest, which begin, so that all guests end at about the same time.
const SLOWEST: [&str; 7] =
    ["watch", "objects_shown", "link", "monitor", "route_shown", "link_kinds_shown", "link_kinds"];

/// Longer than all tests take in there on a slow machine, in seconds.
const LIMIT: u32 = 1500;

/// Guests at a time.
const LANES: usize = 2;

/// Where tests note their skips in there, and what stands before each in the output.
const SKIPS: &str = "/run/skips";
const SKIP: &str = "skip of the guest: ";

/// The kernel, if the guest can run. What is missing is installed when root or if the guest is `required`; else the error
/// says what is missing.
pub(crate) fn possible(required: bool) -> Result<Kernel, String> {
    if required || netloom_testkit::is_root() {
        return prepared(false);
    }
    if !packages::has_qemu() {
        return Err("no QEMU; `cargo xtask guest setup` says what to install".to_owned());
    }
    Kernel::cached().ok_or_else(|| "no kernel yet; run `cargo xtask guest setup`".to_owned())
}

/// `cargo xtask guest test`.
pub(super) fn only(filter: &str) -> Outcome {
    let kernel = possible(true)?;
    test::prepare()?;
    let count = run(&kernel, &test::build()?, filter);
    test::told(&count, None)
}

/// Runs those of the binaries that belong in the guest; its death is counted as a failure.
pub(crate) fn run(kernel: &Kernel, binaries: &[Binary], filter: &str) -> Count {
    let mut wanted: Vec<&Binary> = binaries.iter().filter(|binary| is_wanted(binary)).collect();
    let rank = |name: &str| SLOWEST.iter().position(|slow| *slow == name).unwrap_or(SLOWEST.len());
    wanted.sort_by_key(|binary| (rank(&binary.name), &binary.path));
    println!("\n== {} test binaries in the guest, Linux {}", wanted.len(), kernel.release);
    let started = Instant::now();
    // Each guest has one processor.
    let count = Mutex::new(Count::default());
    let lanes = LANES.min(wanted.len());
    thread::scope(|scope| {
        for lane in 0..lanes {
            let mine = wanted.iter().copied().skip(lane).step_by(lanes);
            let count = &count;
            scope.spawn(move || {
                let (output, died) = run_lane(kernel, &script(mine, filter));
                let mut count = count.lock().unwrap_or_else(PoisonError::into_inner);
                count.read(&output);
                let skips: Vec<&str> = output.lines().filter_map(|line| line.strip_prefix(SKIP)).collect();
                count.read_skips(&skips.join("\n"));
                died.into_iter().for_each(|reason| count.broken(reason));
            });
        }
    });
    println!("the guest took {} s", started.elapsed().as_secs());
    count.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// What a guest printed, and why it died if it did.
fn run_lane(kernel: &Kernel, script: &str) -> (String, Option<String>) {
    let mut output = String::new();
    let ended = machine::run(kernel, script, LIMIT, |line| {
        print!("{line}");
        output += line;
    });
    let died = match ended {
        Ok(0) => None,
        Ok(status) => Some(format!("the script of the guest ended with {status}")),
        Err(reason) => Some(reason),
    };
    (output, died)
}

/// Runs the binaries and tells the skips at the end.
fn script<'a>(binaries: impl Iterator<Item = &'a Binary>, filter: &str) -> String {
    let tests = test::script(binaries, filter);
    // Tests wait more than they reckon: two at a time, also with one processor.
    format!(
        "export NETLOOM_SKIPS={SKIPS} RUST_TEST_THREADS=${{RUST_TEST_THREADS:-2}}; touch {SKIPS}\n\
         {tests}sed 's/^/{SKIP}/' {SKIPS}\n"
    )
}

fn is_wanted(binary: &Binary) -> bool {
    let package = binary.package.file_name().unwrap_or_default();
    let row = PACKAGES.iter().find(|(name, _)| package == *name);
    binary.integration && row.is_some_and(|(_, without)| !without.contains(&binary.name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integration_tests_that_need_a_kernel() {
        let binary = |package: &str, name: &str, integration| Binary {
            package: format!("/src/crates/{package}").into(),
            name: name.to_owned(),
            integration,
            ..Binary::default()
        };
        assert!(is_wanted(&binary("netloom-cli", "link_kinds_shown", true)));
        assert!(!is_wanted(&binary("netloom-cli", "command", true)));
        assert!(!is_wanted(&binary("netloom-cli", "netloom", false)));
        assert!(!is_wanted(&binary("netloom-wire", "tables", true)));
    }
}
