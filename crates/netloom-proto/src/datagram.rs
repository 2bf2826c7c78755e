//! Datagrams on their way out.

use alloc::{collections::VecDeque, vec::Vec};

use netloom_wire::{Messages, RawMessage, nlmsg};

use crate::Token;

/// Messages that are sent by one system call. Its bytes are kept until all of them have ended, to name what an error
/// points at.
#[derive(Debug)]
pub(crate) struct Datagram {
    pub(crate) bytes: Vec<u8>,
    /// Tokens of its first and last message. One between them that is not in here has ended before it was encoded.
    pub(crate) first: Token,
    pub(crate) last: Token,
    /// Messages in it.
    pub(crate) count: usize,
    /// What the answers to it may take of the receive buffer, in bytes.
    pub(crate) cost: usize,
    /// Messages in it that have not ended.
    pub(crate) unfinished: usize,
}

impl Datagram {
    pub(crate) fn holds(&self, token: Token) -> bool {
        (self.first..=self.last).contains(&token)
    }

    /// The message whose header lies at `offset`.
    pub(crate) fn message(&self, offset: usize) -> Option<RawMessage<'_>> {
        Messages::new(self.bytes.get(offset..)?).next()
    }

    /// Sets the flags of the message at `offset` to what `change` makes of them.
    pub(crate) fn change_flags(&mut self, offset: usize, change: impl FnOnce(u16) -> u16) {
        let field = offset.checked_add(6).and_then(|at| self.bytes.get_mut(at..)?.first_chunk_mut());
        if let Some(field) = field {
            *field = change(u16::from_ne_bytes(*field)).to_ne_bytes();
        }
    }

    /// Makes the message at `offset` one that does nothing but, where it is wanted, be acknowledged.
    pub(crate) fn neutralise(&mut self, offset: usize, acknowledged: bool) {
        let field = offset.checked_add(4).and_then(|at| self.bytes.get_mut(at..)?.first_chunk_mut());
        if let Some(field) = field {
            *field = nlmsg::NOOP.to_ne_bytes();
        }
        let ask = if acknowledged { nlmsg::ACK } else { 0 };
        self.change_flags(offset, |flags| flags & nlmsg::REQUEST | ask);
    }
}

/// Buffers of datagrams that have ended, for those to come.
#[derive(Debug, Default)]
pub(crate) struct Spare(Vec<Vec<u8>>);

impl Spare {
    /// As many are kept as a full window of datagrams needs at least, of ordinary size.
    const BUFFERS: usize = 4;
    const BYTES: usize = 64 * 1024;

    pub(crate) fn take(&mut self) -> Vec<u8> {
        // Most requests fit, so that it need not grow step by step.
        self.0.pop().unwrap_or_else(|| Vec::with_capacity(256))
    }

    pub(crate) fn keep(&mut self, mut bytes: Vec<u8>) {
        if self.0.len() < Self::BUFFERS && bytes.capacity() <= Self::BYTES {
            bytes.clear();
            self.0.push(bytes);
        }
    }
}

/// The datagram of `queue` that holds the message of `token`.
pub(crate) fn holding(queue: &mut VecDeque<Datagram>, token: Token) -> Option<&mut Datagram> {
    queue.iter_mut().find(|datagram| datagram.holds(token))
}
