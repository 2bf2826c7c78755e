//! The state of all requests, and how they end.

use alloc::collections::VecDeque;

use netloom_wire::{About, Errno, Error, Expect, Result, Sent};

use crate::{
    Outcome, Token,
    datagram::{Datagram, Spare, holding},
    slots::{Slots, Stage, span},
};

/// What an acknowledgement may take of the receive buffer, in bytes. An error with its texts was seen to take 832; all
/// messages may fail.
const ACKNOWLEDGEMENT: usize = 1280;
/// What a reply with data may take besides, in bytes: a link with all its statistics and some altnames.
const REPLY: usize = 8 * 1024;
/// Most messages in one datagram.
const BATCH: usize = 512;

/// The state of all requests on one socket. The [crate]'s text is its contract.
#[derive(Debug)]
pub struct Exchange {
    pub(crate) slots: Slots,
    /// Port of the socket; 0 if unknown.
    pub(crate) port: u32,
    /// The dump that the kernel works on: it allows one per socket.
    pub(crate) dump: Option<Token>,
    /// Its sequence number as long as its replies are wanted, else 0: what [`Exchange::handle`] compares first.
    pub(crate) live: u32,
    /// All commands before this one have been looked at: they are settled, or wait for their own acknowledgement.
    pub(crate) settled: Token,
    /// An overrun happened and the socket was not read empty since.
    pub(crate) draining: bool,
    ended: VecDeque<(Token, Result<Outcome>)>,
    /// The datagram that still takes messages.
    pub(crate) open: Option<Datagram>,
    /// Closed datagrams that wait for room in the receive buffer.
    pub(crate) ready: VecDeque<Datagram>,
    /// Dumps that wait for the one that runs.
    pub(crate) dumps: VecDeque<Datagram>,
    /// Given out and not yet answered in full.
    pub(crate) sent: VecDeque<Datagram>,
    pub(crate) spare: Spare,
    window: usize,
    pub(crate) batch: usize,
    /// What the answers that are still to come may take of the receive buffer: to requests not sent yet, and sent.
    pub(crate) queued_cost: usize,
    pub(crate) sent_cost: usize,
}

impl Exchange {
    /// The exchange of a socket that has no request yet.
    ///
    /// `receive_buffer` is what `SO_RCVBUF` reads, in bytes: it bounds what is in flight. `port` is the socket's own, 0
    /// if it is not known: with it, messages that somebody else's request set off are told from replies. Sequence
    /// numbers begin with `first_sequence` and skip 0.
    pub fn new(receive_buffer: usize, port: u32, first_sequence: u32) -> Self {
        let slots = Slots::new(first_sequence);
        Self {
            port,
            dump: None,
            live: 0,
            settled: slots.first(),
            slots,
            draining: false,
            ended: VecDeque::new(),
            open: None,
            ready: VecDeque::new(),
            dumps: VecDeque::new(),
            sent: VecDeque::new(),
            spare: Spare::default(),
            window: receive_buffer.max(1),
            batch: BATCH,
            queued_cost: 0,
            sent_cost: 0,
        }
    }

    /// The exchange of another socket, as new, in the memory of this one: sockets that are opened for a question or two
    /// would otherwise spend more time on memory than on the question.
    #[must_use]
    pub fn restarted(self, receive_buffer: usize, port: u32, first_sequence: u32) -> Self {
        Self {
            slots: self.slots.restarted(first_sequence),
            ended: emptied(self.ended),
            ready: emptied(self.ready),
            sent: emptied(self.sent),
            spare: self.spare,
            ..Self::new(receive_buffer, port, first_sequence)
        }
    }

    /// Puts at most this many messages into one datagram: the kernel works through a whole one inside `send`.
    pub fn limit_batch(&mut self, messages: usize) {
        self.batch = messages.clamp(1, BATCH);
    }

    /// Assumes a receive buffer of this many bytes from now on.
    pub fn limit_window(&mut self, receive_buffer: usize) {
        self.window = receive_buffer.max(1);
    }

    /// Whether the answer to a further request fits the receive buffer, beside those that are still to come.
    #[inline]
    pub fn has_room(&self) -> bool {
        self.queued_cost.saturating_add(self.sent_cost) < self.limit()
    }

    /// Whether at least half of the receive buffer is free for answers: a pipeline refills then, in whole datagrams.
    #[inline]
    pub fn is_hungry(&self) -> bool {
        self.queued_cost.saturating_add(self.sent_cost) <= self.limit() / 2
    }

    /// A running dump fills the receive buffer up to half before the kernel waits for the reader.
    #[inline]
    pub(crate) fn limit(&self) -> usize {
        if self.dump.is_some() { self.window / 2 } else { self.window }
    }

    /// Whether all requests have ended and all outcomes were taken.
    pub fn is_idle(&self) -> bool {
        self.slots.is_empty() && self.ended.is_empty()
    }

    /// Whether the kernel has something that it has not answered in full: more will come.
    #[inline]
    pub fn is_waiting(&self) -> bool {
        !self.sent.is_empty()
    }

    /// The token that the next request will get.
    pub fn next_token(&self) -> Token {
        self.slots.next_token()
    }

    /// Sequence number of a request that has not ended.
    pub fn sequence(&self, token: Token) -> u32 {
        self.slots.sequence(token)
    }

    /// The datagram that [`Exchange::transmit`] gave last could not be sent: all its requests end with this error.
    pub fn handle_unsent(&mut self, errno: Errno) {
        let Some((first, last)) = self.sent.back().map(|datagram| (datagram.first, datagram.last)) else { return };
        for token in span(first, last) {
            let error = self.name(token, Error::system(errno, "send"));
            self.finish(token, Err(error));
        }
    }

    /// A request that has ended, with its outcome; each is told once.
    #[inline]
    pub fn poll_done(&mut self) -> Option<(Token, Result<Outcome>)> {
        self.ended.pop_front()
    }

    /// Nobody wants the outcome of this request any more.
    ///
    /// What was not sent yet never is; what was sent has its effect, and its answers are dropped. A dump that runs keeps
    /// the socket's only place for dumps until the kernel ends it.
    pub fn cancel(&mut self, token: Token) {
        self.ended.retain(|(ended, _)| *ended != token);
        if self.dump == Some(token) {
            self.live = 0;
        }
        let Some(slot) = self.slots.get_mut(token).filter(|slot| slot.stage != Stage::Finished) else { return };
        slot.abandoned = true;
        if slot.stage == Stage::Queued {
            let offset = slot.offset;
            if slot.expect == Expect::Answer {
                // What does nothing gets no reply, and those before it in its datagram rely on an answer.
                (slot.expect, slot.acked) = (Expect::Ack, true);
                self.queued_cost =
                    self.queued_cost.saturating_sub(cost(Expect::Answer)).saturating_add(cost(Expect::Ack));
            }
            let acked = slot.acked;
            let open = self.open.as_mut().filter(|open| open.holds(token));
            if let Some(datagram) =
                open.or_else(|| holding(&mut self.ready, token)).or_else(|| holding(&mut self.dumps, token))
            {
                datagram.neutralise(offset, acked);
            }
        }
    }

    /// Nothing came for this request for too long: it alone ends, with a timeout.
    ///
    /// If it was not sent yet it never is; else it has its effect, and what still comes for it is dropped.
    pub fn expire(&mut self, token: Token) {
        let Some(slot) = self.slots.get(token).filter(|slot| !slot.abandoned) else { return };
        let stage = slot.stage;
        let error = self.name(token, Error::timeout());
        match stage {
            Stage::Finished => {}
            Stage::Sent => self.finish(token, Err(error)),
            Stage::Queued => {
                self.cancel(token);
                self.ended.push_back((token, Err(error)));
            }
        }
    }

    /// Ends a request.
    #[inline]
    pub(crate) fn finish(&mut self, token: Token, outcome: Result<Outcome>) {
        let Some(slot) = self.slots.get_mut(token).filter(|slot| slot.stage != Stage::Finished) else { return };
        let cost = cost(slot.expect);
        match slot.stage {
            Stage::Queued => self.queued_cost = self.queued_cost.saturating_sub(cost),
            // What was dropped takes no room: its cost was taken off when that was noticed.
            _ if slot.doubtful => {}
            _ => self.sent_cost = self.sent_cost.saturating_sub(cost),
        }
        slot.stage = Stage::Finished;
        if !slot.abandoned && !slot.fence {
            self.ended.push_back((token, outcome));
        }
        if self.dump == Some(token) {
            self.dump = None;
            self.live = 0;
        }
        if let Some(at) = self.sent.iter().position(|datagram| datagram.holds(token)) {
            self.release(at);
        }
        self.slots.drop_finished();
    }

    /// One message of a sent datagram has ended.
    #[inline]
    fn release(&mut self, at: usize) {
        let Some(datagram) = self.sent.get_mut(at) else { return };
        datagram.unfinished = datagram.unfinished.saturating_sub(1);
        if datagram.unfinished == 0 {
            if let Some(datagram) = self.sent.remove(at) {
                self.spare.keep(datagram.bytes);
            }
        }
    }

    /// Tells an outcome before the request has ended on the wire.
    pub(crate) fn tell_early(&mut self, token: Token, outcome: Result<Outcome>) {
        let Some(slot) = self.slots.get_mut(token).filter(|slot| !slot.abandoned) else { return };
        slot.abandoned = true;
        self.ended.push_back((token, outcome));
        if self.dump == Some(token) {
            self.live = 0;
        }
    }

    /// How a sent request is named, and its body.
    pub(crate) fn sent_body(&self, token: Token) -> Option<(&'static About, &[u8])> {
        let slot = self.slots.get(token)?;
        let datagram = self.sent.iter().find(|datagram| datagram.holds(token))?;
        let about = slot.about?;
        Some((about, datagram.message(slot.offset)?.payload.get(about.before..)?))
    }

    /// The same, to name attributes.
    pub(crate) fn sent(&self, token: Token) -> Option<Sent<'_>> {
        let (about, body) = self.sent_body(token)?;
        Some(Sent { layout: (about.layout)(), before: about.before, body })
    }

    /// Says in an error what was asked.
    #[cold]
    pub(crate) fn name(&self, token: Token, error: Error) -> Error {
        match self.sent_body(token) {
            Some((about, body)) => error.about(about.asked(body)),
            None => error,
        }
    }
}

/// A queue without what it held, whose memory stays as far as it is not much.
pub(crate) fn emptied<T>(mut queue: VecDeque<T>) -> VecDeque<T> {
    queue.clear();
    queue.shrink_to(16);
    queue
}

/// What the answer to a request may take of the receive buffer, in bytes.
#[inline]
pub(crate) fn cost(expect: Expect) -> usize {
    match expect {
        Expect::Ack => ACKNOWLEDGEMENT,
        Expect::Reply => ACKNOWLEDGEMENT + REPLY,
        Expect::Answer => REPLY,
        Expect::Dump => 0,
    }
}
