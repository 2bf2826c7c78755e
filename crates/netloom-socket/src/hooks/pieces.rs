//! A datagram on its way out past the exchange, message by message.

use std::sync::Arc;

use netloom_wire::{Header, Messages, RawMessage, nlmsg};

use super::{Answer, Chain, Decision, Draft, OnSend, Passage, encode::append};

/// A part of a datagram.
#[derive(Debug)]
pub(crate) enum Piece {
    /// Messages to be sent.
    Send(Vec<u8>),
    /// What a handler answered to the message with this header.
    Answer(Header, Answer),
}

/// A datagram that is taken apart. Nothing of it is sent before all is decided.
#[derive(Debug)]
pub(crate) struct Pieces<'d> {
    messages: Messages<'d>,
    made: Vec<Piece>,
    /// Messages to be sent behind those.
    open: Vec<u8>,
}

impl<'d> Pieces<'d> {
    pub(crate) fn of(datagram: &'d [u8]) -> Self {
        Self { messages: Messages::new(datagram), made: Vec::new(), open: Vec::new() }
    }

    /// The next message that there are handlers for. Those before it are kept as they are, and the end too.
    pub(crate) fn next(&mut self, chain: &Arc<Chain<OnSend>>) -> Option<(RawMessage<'d>, Passage)> {
        while let Some(message) = self.messages.next() {
            let header = message.header;
            match Draft::raw(Some(chain), header.command(), header.flags(), message.payload) {
                Some(passage) => return Some((message, passage)),
                None => self.keep(&message),
            }
        }
        // What is no message is for the kernel to refuse.
        self.open.extend_from_slice(self.messages.rest());
        self.close();
        None
    }

    /// What was decided of a message.
    pub(crate) fn put(&mut self, message: &RawMessage<'d>, decision: Decision) {
        let header = message.header;
        match decision {
            Decision::Forward => self.keep(message),
            Decision::Send(draft) => {
                let flags = draft.flags() | header.flags() & (nlmsg::REQUEST | nlmsg::ACK);
                let (sequence, port) = (header.sequence(), header.port());
                append(&mut self.open, draft.message_type(), flags, sequence, port, draft.payload());
            }
            Decision::Answer(answer) => {
                self.close();
                self.made.push(Piece::Answer(*header, answer));
            }
        }
    }

    fn keep(&mut self, message: &RawMessage<'d>) {
        let header = message.header;
        let (sequence, port) = (header.sequence(), header.port());
        append(&mut self.open, header.command(), header.flags(), sequence, port, message.payload);
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            self.made.push(Piece::Send(std::mem::take(&mut self.open)));
        }
    }

    /// What is to be sent and what was answered, in order.
    pub(crate) fn into_pieces(self) -> Vec<Piece> {
        self.made
    }
}
