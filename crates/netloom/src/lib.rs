//! The kernel's network sockets: netlink for Rust, blocking and async.
//!
//! [`IpRoute`] is rtnetlink, blocking; [`AsyncIpRoute`] the same under tokio or async-io. Both run any request and any
//! operation of the modules [`link`], [`address`], [`route`], [`rule`], [`neighbour`], [`nexthop`] …:
//!
//! ```no_run
//! use netloom::{IpRoute, link};
//!
//! let mut ipr = IpRoute::open()?;
//! ipr.run(&link::Add::new("v0").veth("v1").up())?;
//! println!("{:?}", ipr.link("v0")?); // every attribute, by its name
//! # Ok::<(), netloom::Error>(())
//! ```
//!
//! [`WireGuard`] and its async twin set and read WireGuard devices.
//!
//! | What? | How? |
//! |---|---|
//! | ask, order | [`IpRoute::run`] |
//! | a dump in constant memory | [`IpRoute::stream`] |
//! | thousands of orders | [`IpRoute::pipeline`] |
//! | make sure, flush, wait until | [`state`], run like any request |
//! | follow every change | [`IpRoute::watch`] |
//! | events of ACPI, quotas, teams, thermal zones | [`AcpiEvents`], [`QuotaEvents`], [`TeamEvents`], [`ThermalEvents`] |
//! | teams of links | [`team`] |
//! | the packets of a tun or tap | [`tuntap`] |
//! | BPF programs and maps | [`bpf`] |
//! | settings of network cards | [`Ethtool`] |
//! | any family of [`generic`] netlink | [`Generic`], [`AsyncGeneric`](socket::asynchronous::Socket) |
//! | several families on one socket | [`Families`], [`AsyncFamilies`](socket::asynchronous::Families) |
//! | handlers in the path of messages | [`IpRoute::on_send`], [`IpRoute::on_receive`], [`socket::hooks`] |
//! | record what is exchanged, play it again | [`record`] |
//! | bridges of Open vSwitch and their ports | [`link`], as any other link; all that they have in [`openvswitch`] |
//! | raw messages and bytes | [`RawIpRoute`], [`wire`] |
//! | a family of one's own | [`wire::attributes`], and [`socket::blocking::Socket`] |
//!
//! # Features
//!
//! `route` (on): rtnetlink. `wireguard` (on): WireGuard. `ethtool` (on): settings of network cards. `generic` (on): what
//! is common to families of generic netlink, and the small ones. `openvswitch` (on): Open vSwitch by its database, and as
//! links. `record` (on): recordings of what sockets say, and their replay. `tokio`, `async-io`: the async world. `serde`:
//! views as JSON and more. `tracing`: what the sockets do, as events.
#![forbid(unsafe_code)]
#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::as_conversions)]

#[cfg(all(feature = "route", any(feature = "tokio", feature = "async-io")))]
mod async_ip_route;
#[cfg(feature = "route")]
mod devices;
#[cfg(feature = "ethtool")]
pub mod ethtool;
#[cfg(feature = "generic")]
mod event_socket;
#[cfg(feature = "route")]
mod ip_route;
#[cfg(feature = "route")]
mod link_body;
pub mod names;
#[cfg(feature = "openvswitch")]
pub mod openvswitch;
#[cfg(feature = "route")]
mod proxies;
#[cfg(feature = "route")]
mod queries;
#[cfg(feature = "record")]
pub mod record;
#[cfg(feature = "generic")]
pub mod team;
#[cfg(feature = "wireguard")]
pub mod wireguard;

#[cfg(all(feature = "route", any(feature = "tokio", feature = "async-io")))]
pub use async_ip_route::{AsyncIpRoute, AsyncRawIpRoute, AsyncWatch};
#[cfg(all(feature = "ethtool", any(feature = "tokio", feature = "async-io")))]
pub use ethtool::AsyncEthtool;
#[cfg(feature = "ethtool")]
pub use ethtool::Ethtool;
#[cfg(all(feature = "generic", any(feature = "tokio", feature = "async-io")))]
pub use event_socket::AsyncEventSocket;
#[cfg(feature = "generic")]
pub use event_socket::{AcpiEvents, Event, EventFamily, EventSocket, QuotaEvents, TeamEvents, ThermalEvents};
#[cfg(feature = "route")]
pub use ip_route::{BlockingWatch, IpRoute, RawIpRoute};
/// Families of generic netlink.
#[cfg(feature = "generic")]
pub use netloom_generic as generic;
#[cfg(feature = "route")]
pub use netloom_route::{
    NotAPrefix, Prefix, Rtnetlink, address, addrlabel, af, encap, group, kind, link, message_types, neighbour,
    neighbour_table, netconf, nexthop, nsid, prefix, route, rule, state, stats, verb, watch,
};
/// The sockets underneath, for families of one's own.
pub use netloom_socket as socket;
/// An async socket for several families of generic netlink at once.
#[cfg(any(feature = "tokio", feature = "async-io"))]
pub use netloom_socket::asynchronous::Families as AsyncFamilies;
/// A blocking socket for several families of generic netlink at once.
pub use netloom_socket::blocking::Families;
pub use netloom_socket::{Namespace, SocketOptions, bpf, tuntap};
/// A blocking socket of a family of generic netlink, whichever it is: `Generic::<TaskStats>::open()`.
pub type Generic<F> = netloom_socket::blocking::Socket<F>;
/// An async socket of a family of generic netlink, whichever it is.
#[cfg(any(feature = "tokio", feature = "async-io"))]
pub type AsyncGeneric<F> = netloom_socket::asynchronous::Socket<F>;
/// The codec: tables, views, requests, errors.
pub use netloom_wire as wire;
pub use netloom_wire::{
    Create, Errno, Error, ErrorKind, List, Message, Operation, Report, Request, Result, View, Write,
};
#[cfg(all(feature = "wireguard", any(feature = "tokio", feature = "async-io")))]
pub use wireguard::AsyncWireGuard;
#[cfg(feature = "wireguard")]
pub use wireguard::WireGuard;

/// The README's example compiles.
#[cfg(all(doctest, feature = "route"))]
#[doc = include_str!("../../../README.md")]
struct Readme;
