//! Skips: loud, counted, and only those that are expected.
//!
//! A test that lacks something says so by [`skip!`](crate::skip!) and ends. `cargo xtask test` names all of them in its
//! summary. With `CI=true` a skip fails the test unless `crates/netloom-testkit/skips.allowed` has its feature.

use std::{fs::OpenOptions, io::Write};

/// Where skips are noted: the variable that `cargo xtask test` sets to a file's path.
const FILE: &str = "NETLOOM_SKIPS";

/// Records that the running test lacks `feature`, and ends it: `skip!("kind netkit", "the kernel has none")`.
#[macro_export]
macro_rules! skip {
    ($feature:expr, $reason:expr $(,)?) => {{
        $crate::record($feature, $reason);
        return;
    }};
}

/// What [`skip!`](crate::skip!) does before it returns.
///
/// # Panics
/// With `CI=true`, if `feature` may not be lacking.
pub fn record(feature: &str, reason: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    eprintln!("SKIPPED {test}: {feature}: {reason}");
    if let Some(file) = std::env::var_os(FILE) {
        // One write per line: tests run at the same time.
        let line = format!("{test}\t{feature}\t{}\n", reason.replace(['\n', '\t'], " "));
        let noted =
            OpenOptions::new().append(true).create(true).open(&file).and_then(|mut f| f.write_all(line.as_bytes()));
        noted.unwrap_or_else(|e| panic!("{file:?}: {e}"));
    }
    let strict = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!strict || allowed(feature), "{test} is skipped, which CI does not expect: {feature}: {reason}");
}

/// Whether tests may lack `feature` in CI.
pub fn allowed(feature: &str) -> bool {
    let list = include_str!("../skips.allowed");
    list.lines().filter(|line| !line.starts_with('#')).any(|line| line.trim() == feature)
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_what_the_list_names() {
        assert!(super::allowed("kind netkit"));
        assert!(!super::allowed("kind veth") && !super::allowed(""));
        assert!(!super::allowed("# Features that tests may lack in CI."));
    }
}
