//! Proxies: handlers in the path of messages, which may forward, rewrite, answer or refuse them.

mod chain;
mod encode;
mod incoming;
mod key;
mod outgoing;
mod passage;
mod pieces;
mod refused;
mod registration;
mod registry;
mod replies;

pub(crate) use chain::Chain;
pub use incoming::{Incoming, ReceiveVerdict};
pub(crate) use key::Key;
pub use outgoing::{Outgoing, Rewritten, Verdict};
pub(crate) use passage::{Decision, Draft, Passage};
pub(crate) use pieces::{Piece, Pieces};
pub(crate) use refused::Refused;
pub(crate) use registration::registration;
pub use registry::Hook;
pub(crate) use registry::Hooks;
pub(crate) use replies::Answer;
pub use replies::Replies;

/// A handler for what is sent.
pub(crate) type OnSend = dyn Fn(&Outgoing<'_>) -> Option<Verdict> + Send + Sync;
/// A handler for what is received.
pub(crate) type OnReceive = dyn Fn(&Incoming<'_>) -> Option<ReceiveVerdict> + Send + Sync;
