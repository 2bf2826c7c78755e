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
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part of it")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

pub mod answers;
pub mod requests;
pub mod strace;
