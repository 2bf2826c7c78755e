//! What a handler sees of a message on its way out, and what it may decide.

use std::any::Any;

use netloom_wire::{Error, View, nlmsg};

use super::Replies;

/// A message on its way to the kernel.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    pub(super) command: u16,
    pub(super) flags: u16,
    pub(super) body: &'a [u8],
    /// What handlers of a [`Kit`](super::Kit) know.
    pub(super) known: Option<&'a (dyn Any + Send + Sync)>,
}

impl<'a> Outgoing<'a> {
    /// Message type; with generic netlink the command.
    pub fn command(&self) -> u16 {
        self.command
    }

    /// `NLM_F_*` bits beyond `NLM_F_REQUEST` and `NLM_F_ACK`, which the socket sets itself.
    pub fn flags(&self) -> u16 {
        self.flags
    }

    /// Whether all objects are asked for. Only a question has flags that say so: of an order, the same bits say that it
    /// replaces what exists and fails if it does.
    pub fn is_dump(&self) -> bool {
        self.flags & nlmsg::DUMP == nlmsg::DUMP
    }

    /// Header and attributes: what follows the `nlmsghdr`, with generic netlink the `genlmsghdr`.
    pub fn body(&self) -> &'a [u8] {
        self.body
    }

    /// The same, decoded; None if it is shorter than the header of a `T`.
    pub fn view<T: View + ?Sized>(&self) -> Option<&'a T> {
        T::view(self.body)
    }

    /// This message with another body.
    pub fn with_body(&self, body: impl Into<Vec<u8>>) -> Rewritten {
        Rewritten { command: self.command, flags: self.flags, body: body.into() }
    }
}

/// A message that takes the place of one on its way out. Length and sequence number are the socket's affair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewritten {
    /// Message type; with generic netlink the command.
    pub command: u16,
    /// `NLM_F_*` bits beyond `NLM_F_REQUEST` and `NLM_F_ACK`. A dump stays one.
    pub flags: u16,
    /// Header and attributes.
    pub body: Vec<u8>,
}

/// What is to become of a message on its way out.
#[derive(Debug)]
#[non_exhaustive]
pub enum Verdict {
    /// It goes on to the kernel as it is, past all other handlers of this [layer](super#layers).
    Forward,
    /// This goes on to the kernel in its place, past all other handlers of this layer. If it is not well formed nothing
    /// is sent, and the caller gets an error that names the handler.
    Rewrite(Rewritten),
    /// Nothing goes to the kernel; the caller gets these as if the kernel had sent them.
    Return(Replies),
    /// Nothing goes to the kernel; the caller gets an error of the kind [`Proxy`](netloom_wire::ErrorKind::Proxy) that
    /// names the handler, with the text and the errno of this one.
    Error(Error),
}

impl From<Replies> for Verdict {
    fn from(replies: Replies) -> Self {
        Self::Return(replies)
    }
}

impl From<Rewritten> for Verdict {
    fn from(message: Rewritten) -> Self {
        Self::Rewrite(message)
    }
}

impl From<Error> for Verdict {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}
