//! Other libraries and commands, each used as its own examples show.

pub mod bindings;
pub mod commands;
pub mod neli;
pub mod nlink;
pub mod pyroute2;
pub mod rtnetlink;
