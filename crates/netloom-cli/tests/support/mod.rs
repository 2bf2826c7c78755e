//! What the tests of the command share.
//!
//! [`requests::assert_same`] is the judge of what the command asks of the kernel, for every object and also where this
//! machine's kernel refuses: it runs each line with iproute2 and with `netloom`, each in a network namespace of its
//! own under strace, and compares the messages that they send.
//!
//! ```ignore
//! mod support;
//!
//! #[test]
//! fn routes_are_asked_for_as_iproute2_does() {
//!     support::requests::assert_same(
//!         &["ip link add v0 type veth peer name v1", "ip link set v0 up"],
//!         &["route add 10.0.0.0/8 dev v0 metric 5", "-6 route add default dev v0"],
//!     );
//! }
//! ```
//!
//! [`answers::assert_same`] is the judge of what the command prints: it runs each line with `ip -j` and `netloom -j` in
//! one namespace and compares. In the same way:
//!
//! ```ignore
//! #[test]
//! fn routes_are_shown_as_iproute2_does() {
//!     support::answers::assert_same(
//!         &["ip link add v0 type veth peer name v1", "ip link set v0 up", "ip route add 10.0.0.0/8 dev v0"],
//!         &["route show", "-d route show dev v0"],
//!     );
//! }
//! ```
//!
//! A line of a setup that the kernel may refuse names the feature: `optional l3mdev: ip rule add l3mdev`. What is refused is
//! recorded as a skip, and the test goes on without it.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part of it")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

pub mod answers;
pub mod requests;
pub mod strace;
pub mod wg;

use std::collections::BTreeSet;

/// What a refused line of a setup says on standard error, before the feature.
const LACKS: &str = "the kernel lacks: ";

/// The setup as a script.
fn script(setup: &[&str]) -> String {
    let command = |line: &&str| match line.strip_prefix("optional ").and_then(|rest| rest.split_once(": ")) {
        Some((feature, command)) => format!("{command} 2>/dev/null || echo '{LACKS}{feature}' >&2\n"),
        None => format!("{line}\n"),
    };
    setup.iter().map(command).collect()
}

/// The features that the kernel refused, by what the script said on standard error.
fn lacking(said: &str) -> BTreeSet<String> {
    said.lines().filter_map(|line| line.strip_prefix(LACKS)).map(str::to_owned).collect()
}

/// Records what the kernel refused.
fn record_all(lacking: &BTreeSet<String>) {
    for feature in lacking {
        netloom_testkit::record(feature, "the kernel refuses it");
    }
}
