//! Families of generic netlink that are small: task statistics, teams of links, thermal zones, ACPI events, quota warnings; and the
//! [controller] that tells of all others.
//!
//! Each module is one family: its commands as requests, its messages as views. A family of one's own takes a table of
//! attributes and a table of commands:
//!
//! ```no_run
//! use netloom_wire::{Object, attributes, commands, message};
//!
//! commands! {
//!     /// TCP metrics.
//!     pub TcpMetrics = "tcp_metrics" version 1 in "" {
//!         /// Lists what is known of destinations.
//!         1 "TCP_METRICS_CMD_GET" "get" List: Dump(Metrics) -> 1 Metrics,
//!     }
//! }
//! message! {
//!     /// What is known of a destination.
//!     pub Metrics MetricsAttributes
//! }
//! attributes! {
//!     /// Attributes of it.
//!     pub MetricsAttributes, MetricsWriter = "tcp_metrics/tcp-metrics" {
//!         /// The destination.
//!         1 "TCP_METRICS_ATTR_ADDR_IPV4" address: Ipv4Addr,
//!         /// Milliseconds since it was used.
//!         3 "TCP_METRICS_ATTR_AGE" age: u64,
//!     }
//! }
//! impl Object for Metrics {
//!     type Key = Option<std::net::Ipv4Addr>;
//!     const NOUN: &'static str = "TCP metrics";
//!     fn key(&self) -> Self::Key {
//!         self.address()
//!     }
//!     fn describe(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
//!         self.address().map_or(Ok(()), |address| write!(f, "{address}"))
//!     }
//! }
//!
//! # use core::net::Ipv4Addr;
//! # async fn all(socket: &mut impl netloom_wire::Driver<Family = TcpMetrics>) -> netloom_wire::Result<()> {
//! use netloom_wire::Operation;
//! // What any socket's `run` does.
//! for metrics in &List::default().perform(socket).await? {
//!     println!("{:?} {:?} ms", metrics.address(), metrics.age());
//! }
//! # Ok(())
//! # }
//! # fn main() {}
//! ```
#![no_std]
#![forbid(unsafe_code)]
// Lengths and numbers come from the other side.
#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::as_conversions)]

extern crate alloc;

pub mod acpi;
pub mod quota;
pub mod taskstats;
pub mod team;
pub mod thermal;

pub use netloom_wire::controller;

use netloom_wire::MessageType;

/// Gives the message types of a family.
pub type MessageTypes = fn() -> &'static [MessageType];

/// The families of this crate, by their message types; for decoders and schemas.
pub fn families() -> &'static [MessageTypes] {
    &[
        controller::Controller::message_types,
        acpi::AcpiEvents::message_types,
        quota::QuotaEvents::message_types,
        taskstats::TaskStats::message_types,
        team::Team::message_types,
        thermal::Thermal::message_types,
    ]
}
