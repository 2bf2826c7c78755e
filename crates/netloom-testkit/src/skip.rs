//! Skips: loud, counted, and only those that are expected.
//!
//! A test that lacks something says so by [`skip!`](crate::skip!) and ends. `cargo xtask test` names all of them in its
//! summary. With `CI=true` a skip fails the test unless `skips.allowed` has its feature; in the guest, whose kernel has
//! nearly all, unless `skips.guest` has it.

use std::{fs::OpenOptions, io::Write};

/// Where skips are noted: the variable that `cargo xtask test` sets to a file's path.
const FILE: &str = "NETLOOM_SKIPS";

/// The variable that says that this is the guest: `1`.
const GUEST: &str = "NETLOOM_GUEST";

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
/// With `CI=true` or in the guest, if `feature` may not be lacking there.
pub fn record(feature: &str, reason: &str) {
    let thread = std::thread::current();
    let test = format!("{}::{}", binary(), thread.name().unwrap_or("a test"));
    eprintln!("SKIPPED {test}: {feature}: {reason}");
    if let Some(file) = std::env::var_os(FILE) {
        // One write per line: tests run at the same time.
        let line = format!("{test}\t{feature}\t{}\n", reason.replace(['\n', '\t'], " "));
        let noted =
            OpenOptions::new().append(true).create(true).open(&file).and_then(|mut f| f.write_all(line.as_bytes()));
        noted.unwrap_or_else(|e| panic!("{file:?}: {e}"));
    }
    let place = Place::here();
    assert!(place.allows(feature), "{test} is skipped, which is not expected here ({place:?}): {feature}: {reason}");
}

/// Where tests run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// A machine about which nothing is known.
    Any,
    Ci,
    Guest,
}

impl Place {
    fn here() -> Self {
        let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|is| is == value);
        if is(GUEST, "1") {
            Self::Guest
        } else if is("CI", "true") {
            Self::Ci
        } else {
            Self::Any
        }
    }

    /// Whether tests may lack `feature` there.
    fn allows(self, feature: &str) -> bool {
        let list = match self {
            Self::Any => return true,
            Self::Ci => include_str!("../skips.allowed"),
            Self::Guest => include_str!("../skips.guest"),
        };
        list.lines().filter(|line| !line.starts_with('#')).any(|line| line.trim() == feature)
    }
}

/// The name of the running test binary, without the hash that cargo gives it.
fn binary() -> String {
    let path = std::env::current_exe().unwrap_or_default();
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    file.rsplit_once('-').map_or(file.as_str(), |(name, _)| name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_list_names() {
        for feature in ["kind netkit", "kind veth", ""] {
            assert!(Place::Any.allows(feature));
        }
        assert!(Place::Ci.allows("kind netkit") && Place::Ci.allows("groff"));
        assert!(!Place::Ci.allows("kind veth") && !Place::Ci.allows(""));
        assert!(!Place::Ci.allows("# Features that tests may lack in CI."));
        assert!(Place::Guest.allows("groff"));
        assert!(!Place::Guest.allows("kind netkit") && !Place::Guest.allows("iproute2 6.15"));
    }

    #[test]
    fn a_test_is_named_with_its_binary() {
        assert_eq!(binary(), "netloom_testkit");
    }
}
