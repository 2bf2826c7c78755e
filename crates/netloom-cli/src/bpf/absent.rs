//! Without a loader.

use std::os::fd::OwnedFd;

use super::Order;

/// That nothing can be loaded.
pub(super) fn load(order: &Order<'_>, _: bool) -> Result<(OwnedFd, String), String> {
    Err(format!(
        "cannot load {:?}, {}: netloom was built without the feature `bpf`, or for a machine that its loader does not know",
        order.file, order.wanted
    ))
}
