//! Bytes to trees and back, by the static description alone.

mod check;
mod covers;
mod debug;
mod fields;
#[cfg(feature = "serde")]
mod json;
mod parts;
mod path;
mod reencode;

pub use check::{DecodeError, Problem, check};
pub use covers::difference;
pub use debug::debug_flags;
pub use fields::{Fields, Node};
pub use path::{Path, missing_path, path};
pub use reencode::reencode;
