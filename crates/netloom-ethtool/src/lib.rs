//! Settings and state of network devices beyond those of rtnetlink: the `ethtool` family of generic netlink.
//!
//! Each module is a group of settings: its messages as views, their attributes. The requests are in [`commands`]: for
//! rings there are [`GetRings`](commands::GetRings) of one device, [`ListRings`](commands::ListRings) of all,
//! [`SetRings`](commands::SetRings). Each begins with the device; setters leave alone what they do not name:
//!
//! ```
//! use netloom_ethtool::commands::{GetRings, ListRings, SetRings};
//!
//! let get = GetRings::of("eth0");
//! let list = ListRings::all();
//! let set = SetRings::of("eth0", |w| w.rx(512).tx(512));
//! # let _ = (get, list, set);
//! ```
//!
//! A request without a device cannot be made:
//!
//! ```compile_fail
//! let get = netloom_ethtool::commands::GetRings::default();
//! ```
//!
//! Notifications of all changes go to one multicast group, [`GROUP`]; the bitsets of these are words. Features,
//! link modes and more are
//! [bitsets](bitset::Bitset): named bits, which the kernel sends by name, or where
//! [asked](DeviceRef::compact) as words.
#![no_std]
#![forbid(unsafe_code)]
// Lengths and numbers come from the other side.
#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::as_conversions)]

extern crate alloc;

pub mod bitset;
pub mod cable;
pub mod channels;
pub mod coalesce;
pub mod commands;
pub mod debug;
pub mod eee;
pub mod features;
pub mod fec;
pub mod header;
pub mod linkinfo;
pub mod linkmodes;
pub mod linkstate;
pub mod mm;
pub mod module;
pub mod mse;
mod object;
pub mod pause;
pub mod phc;
pub mod phy;
pub mod plca;
pub mod privflags;
pub mod pse;
mod request;
pub mod rings;
pub mod rss;
pub mod statistics;
pub mod strings;
pub mod timestamping;
pub mod tunnel;
mod uint_flags;
pub mod wol;

pub use commands::Ethtool;
pub use header::{DeviceRef, HeaderFlags};
pub use object::DeviceKey;
pub use request::{Answered, Answers};

use netloom_wire::MessageType;

/// The multicast group that notifications go to.
pub const GROUP: &str = "monitor";

/// Messages of the family, with their layouts; for decoders and schemas.
pub fn message_types() -> &'static [MessageType] {
    Ethtool::message_types()
}
