//! The netlink codec: attributes as tables, messages as views over their bytes.
//!
//! A set of attributes is declared once, with [`attributes!`]; a header before attributes with [`message!`]. Both give
//! an unsized type, as `str` is: `&Link` borrows from a receive buffer, `Box<Link>` owns. Getters read on demand, and
//! what a table does not know survives a round trip.
//!
//! This crate makes no system call, and knows no family but the [controller] that gives the families of generic netlink
//! their numbers. What it also holds is what families and sockets share without
//! knowing each other: [`Request`], [`Operation`], [`Driver`], [`Error`].
#![no_std]
#![forbid(unsafe_code)]
// Lengths and numbers come from the other side.
#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::as_conversions)]
#![warn(clippy::std_instead_of_core, clippy::alloc_instead_of_core)]

extern crate alloc;
// The macros name this crate by its own name, in here too.
extern crate self as netloom_wire;

mod buffer;
pub mod controller;
mod describe;
mod errno;
mod error;
mod extack;
pub mod generic;
mod list;
mod macros;
pub mod nlmsg;
mod operation;
mod payload;
mod request;
mod schema;
mod tlv;
mod view;

pub use buffer::{Buffer, Open, TooLong};
#[doc(hidden)]
pub use describe::debug_flags;
pub use describe::{DecodeError, Fields, Node, Path, Problem, check, difference, missing_path, path, reencode};
pub use errno::Errno;
pub use error::{Error, ErrorKind, Result};
pub use extack::{ExtendedAck, ExtendedAckAttributes, ExtendedAckWriter, Policy, PolicyType, PolicyWriter, Sent};
pub use list::{Iter, List, collect};
pub use nlmsg::{Header, Messages, RawMessage, align};
pub use operation::{Done, Driver, Notice, Notifications, Operation, Report, named};
pub use payload::{
    Array, Be16, Be32, Be64, Bitfield32, HardwareAddress, Int, Nests, NotAHardwareAddress, Payload, Records, Switch,
    Uint, Values, Via, boxed_view, read_prefix,
};
pub use request::{About, Command, Create, Created, Dump, Echo, Expect, Family, Get, Object, Request, RequestKind};
pub use schema::{
    Attribute, Case, Entry, Enum, Key, Kind, Layout, Member, MessageType, Origin, Sender, Set, Shape, Struct,
};
pub use tlv::{NESTED, TLV_HEADER, TYPE_MASK, Tlv, Tlvs, find};
pub use view::{AnyWriter, ListWriter, Message, View, Write, Writer};
#[doc(hidden)]
pub use view::{call_getters, debug_view};

#[doc(hidden)]
pub use alloc::{borrow::ToOwned, boxed::Box};
#[doc(hidden)]
pub use bitflags;
#[cfg(feature = "serde")]
#[doc(hidden)]
pub use serde;
#[doc(hidden)]
pub use zerocopy;

/// What the derive macros of zerocopy look for in the module where a table stands.
#[doc(hidden)]
pub mod scope {
    pub use zerocopy;
}
