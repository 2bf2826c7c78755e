//! The way out: requests become datagrams, datagrams are given out as the receive buffer allows.

use netloom_wire::{About, Buffer, Error, Expect, Family, Header, Request, RequestKind, generic, nlmsg};

use crate::{
    Exchange, Outcome, Token,
    datagram::Datagram,
    exchange::cost,
    slots::{Slot, Stage, span},
};

/// Above this length in bytes a datagram takes no further message.
const DATAGRAM: usize = 32 * 1024;

/// A message that is being encoded at the end of a datagram.
struct Draft {
    buffer: Buffer,
    start: usize,
    expect: Expect,
    about: Option<&'static About>,
}

impl Exchange {
    /// A request in a datagram of its own. It asks for an acknowledgement, unless it is one that
    /// [always gets a reply](Request::ALWAYS_REPLIES).
    ///
    /// If it does not fit its wire format it ends at once, with [`ErrorKind::Encode`](netloom_wire::ErrorKind::Encode).
    pub fn submit<R: Request>(&mut self, request: &R) -> Token {
        self.submit_to(R::COMMAND, request)
    }

    /// The same to the family of generic netlink that has this number, which stands where others have the command.
    #[inline]
    pub fn submit_to<R: Request>(&mut self, message_type: u16, request: &R) -> Token {
        self.close();
        let token = self.append_to(message_type, request);
        self.close();
        token
    }

    /// A request that may share its datagram with others that are appended before and after.
    ///
    /// Of commands only the last in a datagram asks for an acknowledgement.
    #[inline]
    pub fn append<R: Request>(&mut self, request: &R) -> Token {
        self.append_to(R::COMMAND, request)
    }

    /// The same to the family of generic netlink that has this number.
    #[inline]
    pub fn append_to<R: Request>(&mut self, message_type: u16, request: &R) -> Token {
        let flags = R::Kind::FLAGS | request.flags();
        let expect = match R::Kind::EXPECT {
            Expect::Reply if R::ALWAYS_REPLIES => Expect::Answer,
            expect => expect,
        };
        let mut draft = self.begin(message_type, flags, expect, Some(About::of::<R>()));
        if let Some(family) = R::Family::GENERIC {
            draft.buffer.raw(&generic::header(R::COMMAND, family.version));
        }
        request.write(&mut draft.buffer);
        self.commit(draft)
    }

    /// A message whose body is encoded already, in a datagram of its own.
    ///
    /// `flags` are beyond `NLM_F_REQUEST` and, unless it expects a dump or an answer, `NLM_F_ACK`. Errors are named by `about`.
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
        let ask = if matches!(expect, Expect::Dump | Expect::Answer) { 0 } else { nlmsg::ACK };
        let sequence = self.slots.sequence(self.slots.next_token());
        let header = Header::new(0, command, nlmsg::REQUEST | ask | flags, sequence, 0);
        buffer.raw(header.bytes());
        Draft { buffer, start, expect, about }
    }

    fn commit(&mut self, draft: Draft) -> Token {
        let Draft { mut buffer, start, expect, about } = draft;
        let problem = buffer.error().map(|problem| {
            let before = nlmsg::HEADER.saturating_add(about.map_or(0, |about| about.before));
            let body = buffer.bytes().get(start.saturating_add(before)..).unwrap_or_default();
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
}

#[cold]
fn named(error: Error, about: Option<&'static About>, body: &[u8]) -> Error {
    match about {
        Some(about) => error.about(about.asked(body)),
        None => error,
    }
}
