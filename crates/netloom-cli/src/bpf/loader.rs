//! The loader: aya.

#[path = "object.rs"]
mod object;
#[path = "pinned.rs"]
mod pinned;

pub(super) use object::xdp;
pub(super) use pinned::pinned;
