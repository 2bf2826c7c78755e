//! WireGuard: devices, their peers, what each peer may send and receive.
//!
//! [`Get`] reads a device, however many messages the kernel needs for it; [`Set`] changes one, in as many as it takes;
//! [`Synchronize`] changes what is not as it should be.
//! [`PrivateKey`], [`PublicKey`] and [`PresharedKey`] are made here too. Links of the kind `wireguard` are made by
//! rtnetlink. Nothing here does IO.
//!
//! Private and preshared keys are cleared from memory when they are dropped; no `Debug` of a key, a device, an order or a
//! message shows them, and no JSON. The bytes of a message on its way through a socket's buffers are not cleared.
#![no_std]
#![forbid(unsafe_code)]
// Lengths and numbers come from the other side.
#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::as_conversions)]

extern crate alloc;

mod allowed_ip;
mod device;
mod endpoint;
mod get;
#[cfg(feature = "serde")]
mod json;
mod key;
mod merge;
mod set;
mod split;
mod synchronize;
mod table;

pub use allowed_ip::{AllowedIp, NotAnAllowedIp};
pub use device::{Device, Peer};
pub use endpoint::Endpoint;
pub use get::{DeviceRef, Get};
pub use key::{NotAKey, PresharedKey, PrivateKey, PublicKey, SecretText};
pub use set::{Set, SetPeer};
pub use synchronize::Synchronize;
pub use table::{
    AllowedIpAttributes, AllowedIpFlags, AllowedIpWriter, DeviceAttributes, DeviceFlags, DevicePart, DeviceWriter,
    GetDevice, PeerAttributes, PeerFlags, PeerWriter, SetDevice, Timespec, WireGuard,
};
