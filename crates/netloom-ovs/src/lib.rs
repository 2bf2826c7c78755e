//! Open vSwitch: its bridges, their ports and tunnels, by the database that `ovs-vswitchd` follows.
//!
//! [`OpenVswitch`] speaks OVSDB's management protocol ([RFC 7047](https://www.rfc-editor.org/rfc/rfc7047)) on the
//! database's Unix socket, in transactions, and starts no `ovs-vsctl`. It says which things there are
//! ([`Inventory`]), follows them ([`Mirror`]) and changes them: a [`Change`] of any number of steps is one transaction.
//! A call returns once `ovs-vswitchd` has done what the database asks of it. If that cannot be done, the change is taken
//! back, and the error says why in Open vSwitch's own words; what cannot be taken back, it names.
//!
//! Everything here blocks. Async programs call it on a thread for blocking work (tokio's `spawn_blocking`).
//!
//! # Example
//!
//! ```no_run
//! use netloom_ovs::{Change, NewBridge, NewPort, OpenVswitch, Tunnel};
//!
//! # fn main() -> netloom_ovs::Result<()> {
//! let ovs = OpenVswitch::new();
//! ovs.apply(
//!     &Change::new()
//!         .add_bridge(NewBridge::new("br0"))
//!         .add_port("br0", NewPort::new("eth1").tag(10))
//!         .add_port("br0", NewPort::vxlan("vx0", Tunnel::to("192.0.2.1".parse().expect("an address")).key(42))),
//! )?;
//! for bridge in ovs.list()?.bridges() {
//!     println!("{}: {} ports", bridge.name, bridge.ports.len());
//! }
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]
// What the database says comes from the other side.
#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::as_conversions)]

mod bridge;
mod change;
mod commit;
mod frames;
mod inventory;
mod mirror;
mod notation;
mod plan;
mod port;
mod session;
mod switch;
mod tunnel;
mod undo;

pub use bridge::{FailMode, NewBridge, SetBridge};
pub use change::Change;
pub use inventory::{Bridge, Interface, Inventory, Place, Port};
pub use mirror::{Ear, Mirror, Moment};
pub use netloom_wire::{Error, ErrorKind, Result};
pub use port::{NewPort, NotAVlanMode, SetPort, VlanMode};
pub use switch::OpenVswitch;
pub use tunnel::Tunnel;
