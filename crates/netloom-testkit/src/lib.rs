//! What the tests of netloom's crates share: golden bytes, namespaces of their own on the real kernel, a kernel that is
//! played, and skips that nobody overlooks. Not published; panics where a test could only panic itself.
#![forbid(unsafe_code)]

mod canonical;
mod child;
mod ethtool;
mod fake;
mod golden;
mod guest;
mod iproute2;
mod namespace;
mod ovs;
mod rights;
mod skip;
pub mod things;

pub use canonical::canonical;
pub use child::finishes;
pub use ethtool::EthtoolJudge;
pub use fake::{Asked, Datagram, FakeKernel, attribute};
pub use golden::{Direction, Golden};
pub use guest::{Card, Simulated, device_of, tell_monitor, wait_for};
pub use iproute2::Iproute2;
pub use namespace::{Namespace, is_root};
pub use ovs::OvsDaemons;
pub use rights::{as_user, inside, inside_after};
pub use skip::record;

use std::path::{Path, PathBuf};

/// The top of the source tree.
pub fn tree() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}
