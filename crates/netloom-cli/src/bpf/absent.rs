//! Without a loader.

use std::os::fd::OwnedFd;

use super::{Purpose, Wanted};

const WHY: &str = "netloom was built without the feature `bpf`, or for a machine that its loader does not know";

/// That nothing can be looked up.
pub(super) fn pinned(purpose: Purpose, path: &str) -> Result<OwnedFd, String> {
    Err(format!("cannot open the program pinned at {path:?} ({}): {WHY}", purpose.name()))
}

/// That nothing can be loaded.
pub(super) fn xdp(file: &str, wanted: Wanted<'_>, _: bool) -> Result<OwnedFd, String> {
    Err(format!("cannot load {file:?}, {wanted}: {WHY}"))
}
