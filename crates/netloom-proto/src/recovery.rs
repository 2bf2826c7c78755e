//! When something is lost: overruns, datagrams that were cut, silence.

use netloom_wire::{Error, ErrorKind, Expect, Header, Messages, RawMessage, nlmsg};

use crate::{
    Exchange, Handled, Token,
    exchange::cost,
    slots::{Stage, span},
};

impl Exchange {
    /// The socket said `ENOBUFS`: the kernel dropped something, and drops all until the socket has been read empty.
    ///
    /// No datagram is given out until [`Exchange::handle_drained`] tells that. A dump that runs goes on: the kernel waits
    /// for room before it continues.
    pub fn handle_overrun(&mut self) {
        self.draining = true;
        let mut dropped = 0usize;
        for slot in self.slots.iter_mut() {
            if slot.stage == Stage::Sent && slot.expect != Expect::Dump && !slot.doubtful {
                slot.doubtful = true;
                dropped = dropped.saturating_add(cost(slot.expect));
            }
        }
        self.sent_cost = self.sent_cost.saturating_sub(dropped);
    }

    /// Whether an overrun happened and the socket was not read empty since: a driver receives without waiting.
    #[inline]
    pub fn is_draining(&self) -> bool {
        self.draining
    }

    /// The socket is empty. Where an overrun put something in doubt, a fence goes out, whose answer ends that.
    pub fn handle_drained(&mut self) {
        if !core::mem::take(&mut self.draining) {
            return;
        }
        // Each receive makes the kernel continue a dump, so with one running the socket would not be empty: that the
        // kernel refused it, or its end, was dropped.
        if let Some(dump) = self.dump {
            let error = self.name(dump, Error::unknown());
            self.finish(dump, Err(error));
        }
        if self.slots.iter_mut().any(|slot| slot.doubtful && slot.stage == Stage::Sent) {
            let token = self.submit_raw(nlmsg::NOOP, 0, Expect::Ack, None, &[]);
            if let Some(slot) = self.slots.get_mut(token) {
                slot.fence = true;
            }
        }
    }

    /// Nothing came for too long: all that was sent ends with a timeout. What still comes for it is dropped.
    pub fn handle_silence(&mut self) {
        self.draining = false;
        for token in span(self.slots.first(), self.slots.next_token()) {
            if self.slots.get(token).is_some_and(|slot| slot.stage == Stage::Sent) {
                let error = self.name(token, Error::timeout());
                self.finish(token, Err(error));
            }
        }
    }

    /// A datagram was longer than the buffer; `datagram` is what there is of it, whose whole messages were handled.
    ///
    /// The request that was being answered ends with [`ErrorKind::Truncated`]; an acknowledgement is understood even so.
    /// [`Handled::Notification`] says that no request lost anything.
    pub fn handle_truncated(&mut self, datagram: &[u8]) -> Handled {
        let mut messages = Messages::new(datagram);
        let last = messages.by_ref().last();
        let cut = Header::read(messages.rest());
        let Some(header) = cut.or_else(|| last.map(|message| message.header)) else {
            // Nothing tells whose it was.
            self.handle_overrun();
            return Handled::Consumed;
        };
        if cut.is_some() && matches!(header.command(), nlmsg::ERROR | nlmsg::DONE) {
            let payload = messages.rest().get(nlmsg::HEADER..).unwrap_or_default();
            return self.handle(&RawMessage { header, payload });
        }
        let handled = self.handle_other(&RawMessage { header, payload: &[] }, true);
        if let Handled::Reply(token) = handled {
            let error = self.truncated(token);
            if self.dump == Some(token) {
                // The kernel goes on with it and allows no other meanwhile.
                self.tell_early(token, Err(error));
            } else {
                self.finish(token, Err(error));
            }
            return Handled::Consumed;
        }
        handled
    }

    #[cold]
    pub(crate) fn truncated(&self, token: Token) -> Error {
        self.name(token, Error::new(ErrorKind::Truncated, "the answer was longer than the receive buffer"))
    }
}
