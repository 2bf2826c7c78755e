//! What becomes of a message, and of a request.

use alloc::{boxed::Box, string::String};
use core::fmt;

use netloom_wire::{Done, ExtendedAck};

use crate::Token;

/// What a received message turned out to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Handled {
    /// A reply with data to the request of this token.
    Reply(Token),
    /// A message of a multicast group; also what a command on this very socket set off, which carries the command's
    /// own sequence number and port.
    Notification,
    /// An acknowledgement, the end of a dump, or an answer that nobody waits for: there is nothing to deliver.
    Consumed,
}

/// How a request ended that did not fail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Of a dump: the table changed meanwhile (`NLM_F_DUMP_INTR`), objects may be missing or twice.
    pub interrupted: bool,
    /// Whether a reply came before the end. An acknowledgement alone leaves a question without an answer.
    pub replied: bool,
    /// What the kernel remarked although it did as asked.
    pub warning: Option<Box<Warning>>,
}

impl Outcome {
    /// The part that a [`Driver`](netloom_wire::Driver) passes on of a dump.
    pub fn done(&self) -> Done {
        Done { interrupted: self.interrupted }
    }
}

/// What the kernel remarked about a request that succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What was asked, as `add route 10.0.0.0/8`; None for bytes that were submitted raw.
    pub asked: Option<String>,
    /// The kernel's words, or the cookie that the operation returned.
    pub ack: ExtendedAck,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.asked {
            Some(asked) => write!(f, "{asked}: {}", self.ack),
            None => self.ack.fmt(f),
        }
    }
}
