//! The way out: requests become datagrams, datagrams are given out as the receive buffer allows.

use alloc::collections::VecDeque;

use netloom_wire::{About, Buffer, Errno, Error, Expect, Header, Request, RequestKind, Result, nlmsg};

use crate::{
    Outcome, Token,
    datagram::{Datagram, Spare, holding},
    slots::{Slot, Slots, Stage, span},
};

/// What an acknowledgement may take of the receive buffer, in bytes. An error with its texts was seen to take 832; all
/// messages may fail.
const ACKNOWLEDGEMENT: usize = 1280;
/// What a reply with data may take besides, in bytes: a link with all its statistics and some altnames.
const REPLY: usize = 8 * 1024;
/// Above this length in bytes a datagram takes no further message.
const DATAGRAM: usize = 32 * 1024;
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
    open: Option<Datagram>,
    /// Closed datagrams that wait for room in the receive buffer.
    ready: VecDeque<Datagram>,
    /// Dumps that wait for the one that runs.
    dumps: VecDeque<Datagram>,
    /// Given out and not yet answered in full.
    sent: VecDeque<Datagram>,
    spare: Spare,
    window: usize,
    batch: usize,
    /// What the answers that are still to come may take of the receive buffer: to requests not sent yet, and sent.
    queued_cost: usize,
    pub(crate) sent_cost: usize,
}

/// A message that is being encoded at the end of a datagram.
struct Draft {
    buffer: Buffer,
    start: usize,
    expect: Expect,
    about: Option<&'static About>,
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
    fn limit(&self) -> usize {
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

    /// A request in a datagram of its own. It asks for an acknowledgement.
    ///
    /// If it does not fit its wire format it ends at once, with [`ErrorKind::Encode`](netloom_wire::ErrorKind::Encode).
    pub fn submit<R: Request>(&mut self, request: &R) -> Token {
        self.close();
        let token = self.append(request);
        self.close();
        token
    }

    /// A request that may share its datagram with others that are appended before and after.
    ///
    /// Of commands only the last in a datagram asks for an acknowledgement.
    #[inline]
    pub fn append<R: Request>(&mut self, request: &R) -> Token {
        let flags = R::Kind::FLAGS | request.flags();
        let mut draft = self.begin(R::COMMAND, flags, R::Kind::EXPECT, Some(About::of::<R>()));
        request.write(&mut draft.buffer);
        self.commit(draft)
    }

    /// A message whose body is encoded already, in a datagram of its own.
    ///
    /// `flags` are beyond `NLM_F_REQUEST` and, unless it expects a dump, `NLM_F_ACK`. Errors are named by `about`.
    pub fn submit_raw(
        &mut self,
        command: u16,
        flags: u16,
        expect: Expect,
        about: Option<&'static About>,
        body: &[u8],
    ) -> Token {
        self.close();
        let flags = if expect == Expect::Dump { flags | nlmsg::DUMP } else { flags };
        let mut draft = self.begin(command, flags, expect, about);
        draft.buffer.raw(body);
        let token = self.commit(draft);
        self.close();
        token
    }

    fn begin(&mut self, command: u16, flags: u16, expect: Expect, about: Option<&'static About>) -> Draft {
        let (cost, limit) = (cost(expect), self.limit());
        let is_full = |open: &Datagram| {
            open.count >= self.batch || open.bytes.len() > DATAGRAM || open.cost.saturating_add(cost) > limit
        };
        if expect == Expect::Dump || self.open.as_ref().is_some_and(is_full) {
            self.close();
        }
        let bytes = match &mut self.open {
            Some(open) => core::mem::take(&mut open.bytes),
            None => self.spare.take(),
        };
        let start = bytes.len();
        let mut buffer = Buffer::after(bytes);
        let ask = if expect == Expect::Dump { 0 } else { nlmsg::ACK };
        let sequence = self.slots.sequence(self.slots.next_token());
        let header = Header::new(0, command, nlmsg::REQUEST | ask | flags, sequence, 0);
        buffer.raw(header.bytes());
        Draft { buffer, start, expect, about }
    }

    fn commit(&mut self, draft: Draft) -> Token {
        let Draft { mut buffer, start, expect, about } = draft;
        let problem = buffer.error().map(|problem| {
            let body = buffer.bytes().get(start.saturating_add(nlmsg::HEADER)..).unwrap_or_default();
            named(Error::from(problem), about, body)
        });
        if problem.is_some() {
            buffer.truncate(start);
        } else {
            let length = u32::try_from(buffer.len().saturating_sub(start)).unwrap_or(u32::MAX);
            buffer.patch(start, &length.to_ne_bytes());
            buffer.pad();
        }
        let bytes = buffer.finish().unwrap_or_default();
        let token = self.slots.push(Slot::new(expect, about, start));
        match (&mut self.open, problem) {
            (open, Some(problem)) => {
                match open {
                    Some(open) => open.bytes = bytes,
                    None => self.spare.keep(bytes),
                }
                self.queued_cost = self.queued_cost.saturating_add(cost(expect));
                self.finish(token, Err(problem));
                return token;
            }
            (Some(open), None) => {
                open.bytes = bytes;
                if let Some(before) = self.slots.get_mut(open.last).filter(|slot| slot.expect == Expect::Ack) {
                    before.acked = false;
                    let offset = before.offset;
                    open.change_flags(offset, |flags| flags & !nlmsg::ACK);
                }
                open.last = token;
                open.cost = open.cost.saturating_add(cost(expect));
                open.count = open.count.saturating_add(1);
                open.unfinished = open.unfinished.saturating_add(1);
            }
            (open @ None, None) => {
                *open =
                    Some(Datagram { bytes, first: token, last: token, count: 1, unfinished: 1, cost: cost(expect) });
            }
        }
        self.queued_cost = self.queued_cost.saturating_add(cost(expect));
        if expect == Expect::Dump {
            self.close();
        }
        token
    }

    #[inline]
    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            self.ready.push_back(open);
        }
    }

    /// The next datagram to send. They come in the order of submission, except that a dump waits for the one that runs.
    ///
    /// None while nothing is to be sent, while the answers to come fill the receive buffer, and between an overrun and
    /// [`Exchange::handle_drained`].
    #[inline]
    pub fn transmit(&mut self) -> Option<&[u8]> {
        // Drivers ask once more than there is something.
        let nothing = self.open.is_none() && self.ready.is_empty() && self.dumps.is_empty();
        if nothing || self.draining { None } else { self.transmit_next() }
    }

    fn transmit_next(&mut self) -> Option<&[u8]> {
        self.close();
        let datagram = self.next_datagram()?;
        let mut moved = 0usize;
        for token in span(datagram.first, datagram.last) {
            let Some(slot) = self.slots.get_mut(token).filter(|slot| slot.stage == Stage::Queued) else { continue };
            slot.stage = Stage::Sent;
            moved = moved.saturating_add(cost(slot.expect));
            if slot.expect == Expect::Dump {
                self.dump = Some(token);
                self.live = self.slots.sequence(token);
            }
        }
        self.queued_cost = self.queued_cost.saturating_sub(moved);
        self.sent_cost = self.sent_cost.saturating_add(moved);
        self.sent.push_back(datagram);
        self.sent.back().map(|datagram| &*datagram.bytes)
    }

    fn next_datagram(&mut self) -> Option<Datagram> {
        while self.dump.is_none() {
            let Some(dump) = self.dumps.pop_front() else { break };
            if let Some(dump) = self.unless_abandoned(dump) {
                return Some(dump);
            }
        }
        loop {
            let next = self.ready.front()?;
            let is_dump = self.slots.get(next.first).is_some_and(|slot| slot.expect == Expect::Dump);
            if !is_dump && self.sent_cost > 0 && self.sent_cost.saturating_add(next.cost) > self.limit() {
                return None;
            }
            let next = self.ready.pop_front()?;
            match self.unless_abandoned(next) {
                Some(dump) if is_dump && self.dump.is_some() => self.dumps.push_back(dump),
                Some(next) => return Some(next),
                None => {}
            }
        }
    }

    /// A datagram that nobody wants is not sent: its requests end here, and nobody is told.
    fn unless_abandoned(&mut self, datagram: Datagram) -> Option<Datagram> {
        let own = || span(datagram.first, datagram.last);
        let is_wanted = |token| {
            self.slots.get(token).is_some_and(|slot| slot.stage == Stage::Queued && (!slot.abandoned || slot.fence))
        };
        if own().any(is_wanted) {
            return Some(datagram);
        }
        own().for_each(|token| self.finish(token, Ok(Outcome::default())));
        self.spare.keep(datagram.bytes);
        None
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
            let open = self.open.as_mut().filter(|open| open.holds(token));
            if let Some(datagram) =
                open.or_else(|| holding(&mut self.ready, token)).or_else(|| holding(&mut self.dumps, token))
            {
                datagram.neutralise(offset);
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
        Some((slot.about?, datagram.message(slot.offset)?.payload))
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

#[cold]
fn named(error: Error, about: Option<&'static About>, body: &[u8]) -> Error {
    match about {
        Some(about) => error.about(about.asked(body)),
        None => error,
    }
}

/// What the answer to a request may take of the receive buffer, in bytes.
#[inline]
pub(crate) fn cost(expect: Expect) -> usize {
    match expect {
        Expect::Ack => ACKNOWLEDGEMENT,
        Expect::Reply => ACKNOWLEDGEMENT + REPLY,
        Expect::Dump => 0,
    }
}
