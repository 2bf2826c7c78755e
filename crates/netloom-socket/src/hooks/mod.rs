//! Proxies: handlers in the path of messages, which forward, rewrite, answer or refuse them.
//!
//! A handler is for one command of a family: `on_send` of a socket puts it into the way of messages to the kernel, as
//! whatever they are sent (requests, dumps, streams, pipelines, what is put and what is sent as bytes); `on_receive` into
//! the way of messages from it (replies, objects of dumps, notifications, received bytes). It sees the message decoded
//! and as bytes, and decides or not. Without a verdict the next handler is asked; the first that decides wins, in the
//! order of registration. All sockets of a handle have the same handlers: those of its dumps, its subscriptions, its
//! siblings. A socket of several families has them [by family](crate::blocking::Families::of).
//!
//! | verdict | to the kernel | from the kernel |
//! |---|---|---|
//! | forward | [`Verdict::Forward`] | [`ReceiveVerdict::Forward`] |
//! | forward another message | [`Verdict::Rewrite`] | [`ReceiveVerdict::Rewrite`] |
//! | forward several | | [`ReceiveVerdict::Several`] |
//! | answer in the kernel's place | [`Verdict::Return`] | |
//! | fail | [`Verdict::Error`] | [`ReceiveVerdict::Error`] |
//!
//! What handlers return passes the handlers for what comes from the kernel, too.
//!
//! # Refuse routes into a protected prefix
//!
//! ```no_run
#![doc = include_str!("../../examples/protect.rs")]
//! ```
//!
//! # Show a device under another name
//!
//! ```no_run
#![doc = include_str!("../../examples/rename.rs")]
//! ```
//!
//! # What a handler may do
//!
//! It is called without a lock, so it may register handlers and remove them, itself too. It may ask the kernel by a
//! socket of its own, best one [beside](crate::Beside), or by the same async socket; what it
//! sends and receives while it runs does not come back to it. One that does IO, waits or computes for long is registered
//! with `on_send_slow`: an async socket calls it on a thread for such work, where neither other requests nor other tasks
//! wait for it; a deadline of the caller's holds, and the thread goes on to the end. What a slow handler sees at once to
//! be none of its business waits for no thread, if it is registered with `on_send_slow_if`. A blocking socket's request
//! waits for its handlers without a limit. There is no slow handler for what is received: whoever reads calls it.
//!
//! What changes without a message of the kernel's is told to the subscriptions of a handle by
//! [`Beside::notify`](crate::Beside::notify); `on_subscribe` says when there are some.
//!
//! # What may go wrong
//!
//! An error of a handler, a panic, a message of its making that does not fit its format: all are errors of the kind
//! [`Proxy`](netloom_wire::ErrorKind::Proxy) that name the handler, and nothing is sent. What is well formed is known by
//! the [tables of the family](netloom_wire::Family::message_types); messages that these do not have go unchecked. Where
//! panics abort the process they abort it here too.
//!
//! # What it costs
//!
//! Where no handler is for a command its requests are encoded as ever, and each message that comes costs one test of a
//! bit. A request that a handler is for is encoded once more; a rewritten or answered one of a pipeline does not share a
//! datagram, and an answered one waits for those before it, so that replies come in order.

mod chain;
mod encode;
mod handler;
mod incoming;
mod key;
mod kit;
mod listeners;
mod outgoing;
mod passage;
mod pieces;
mod refused;
mod registration;
mod registry;
mod replies;

pub(crate) use chain::Chain;
#[cfg(any(feature = "tokio", feature = "async-io"))]
pub(crate) use chain::Inside;
pub(crate) use encode::append;
pub(crate) use handler::{Concerns, OnReceive, OnSend};
pub use handler::{ReceiveHandler, SendHandler, SendTest};
pub use incoming::{Incoming, ReceiveVerdict};
pub(crate) use key::Key;
pub use kit::Kit;
pub use outgoing::{Outgoing, Rewritten, Verdict};
pub(crate) use passage::{Decision, Draft, Passage};
pub(crate) use pieces::{Piece, Pieces};
pub(crate) use refused::Refused;
pub(crate) use registration::registration;
pub use registry::Hook;
pub(crate) use registry::Hooks;
pub(crate) use replies::Answer;
pub use replies::Replies;
