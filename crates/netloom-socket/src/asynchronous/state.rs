//! What the callers of one async socket share: its connection, and a mailbox for each that waits.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    task::Waker,
};

use netloom_proto::{Exchange, Outcome, Token};
use netloom_wire::{Error, ErrorKind, Messages, RawMessage, Result};

use super::{
    errand::Errand,
    waiters::{Place, Waiters},
};
use crate::{
    connection::{Connection, Progress},
    hooks::{Answer, Chain, OnReceive, Piece, Refused},
};

/// The requests of one caller, submitted in one go: their tokens follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Batch {
    pub(super) first: Token,
    /// How many there are, at least one.
    pub(super) length: u64,
}

impl Batch {
    #[inline]
    fn holds(self, token: Token) -> bool {
        token >= self.first && token.since(self.first) < self.length
    }

    pub(super) fn tokens(self) -> impl Iterator<Item = Token> {
        (0..self.length).map(move |behind| self.first.after(behind))
    }
}

/// What came for a request.
pub(super) enum Item<'a> {
    Reply(RawMessage<'a>),
    Done(Result<Outcome>),
}

/// Takes what comes for the requests of one caller.
pub(super) trait Sink: Send {
    fn take(&mut self, token: Token, item: Item<'_>);
}

/// The same, put aside by whoever read it.
pub(super) enum Letter {
    Reply(Token, Box<[u8]>),
    Done(Token, Result<Outcome>),
}

impl Letter {
    pub(super) fn reply(token: Token, message: &RawMessage<'_>) -> Self {
        Self::Reply(token, [message.header.bytes(), message.payload].concat().into())
    }

    fn of(token: Token, item: Item<'_>) -> Self {
        match item {
            Item::Reply(message) => Self::reply(token, &message),
            Item::Done(outcome) => Self::Done(token, outcome),
        }
    }

    pub(super) fn open(self, mut to: impl FnMut(Token, Item<'_>)) {
        match self {
            Self::Reply(token, bytes) => Messages::new(&bytes).for_each(|message| to(token, Item::Reply(message))),
            Self::Done(token, outcome) => to(token, Item::Done(outcome)),
        }
    }
}

/// Where others put what they read for a caller that waits, and how they wake it.
struct Mailbox {
    owner: Batch,
    letters: Vec<Letter>,
    waker: Option<Waker>,
}

/// Callers to wake when the lock was given back: a woken task may run at once and want it.
#[must_use]
#[derive(Default)]
pub(super) struct Bells(Vec<Waker>);

impl Bells {
    pub(super) fn ring(self) {
        self.0.into_iter().for_each(Waker::wake);
    }
}

/// A caller: its requests, how many of them have not ended, and who takes what comes.
pub(super) struct Caller<'s, S> {
    pub(super) own: Batch,
    left: u64,
    sink: &'s mut S,
    /// The handlers for what comes.
    chain: Option<Arc<Chain<OnReceive>>>,
    /// What came, from the first reply on that a handler is for: handlers are called without the lock.
    held: Vec<Letter>,
    refused: Refused,
}

impl<'s, S> Caller<'s, S> {
    pub(super) fn new(own: Batch, sink: &'s mut S) -> Self {
        Self { own, left: own.length, sink, chain: None, held: Vec::new(), refused: Refused::default() }
    }

    /// Whether all its requests have ended.
    pub(super) fn is_done(&self) -> bool {
        self.left == 0
    }
}

impl<S: Sink> Caller<'_, S> {
    fn hand(&mut self, token: Token, item: Item<'_>) {
        let item = match item {
            Item::Done(outcome) => {
                self.left = self.left.saturating_sub(1);
                // The handler that refused a reply may be gone by now.
                Item::Done(self.refused.end(token, outcome))
            }
            reply => reply,
        };
        if self.chain.is_some() && self.is_held(&item) {
            self.held.push(Letter::of(token, item));
        } else {
            self.sink.take(token, item);
        }
    }

    fn is_held(&self, item: &Item<'_>) -> bool {
        let is_for = |message: &RawMessage<'_>| {
            let chain = self.chain.as_ref();
            chain.is_some_and(|chain| chain.is_for(message.header.command(), message.payload))
        };
        !self.held.is_empty() || matches!(item, Item::Reply(message) if is_for(message))
    }

    /// Has the handlers see what was held for them, and hands it on. To be called without the lock.
    pub(super) fn release(&mut self) {
        let Self { sink, chain, held, refused, .. } = self;
        let Some(chain) = chain else { return };
        for letter in held.drain(..) {
            letter.open(|token, item| match item {
                Item::Reply(message) => {
                    let passed = chain.pass_reply(&message, |message| sink.take(token, Item::Reply(*message)));
                    if let Err(error) = passed {
                        refused.note(token, error);
                    }
                }
                Item::Done(outcome) => sink.take(token, Item::Done(refused.end(token, outcome))),
            });
        }
    }
}

/// How far [`State::advance`] came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Advance {
    /// All requests of the caller have ended.
    Done,
    /// Something came, then nothing more was there.
    Some,
    /// Nothing came.
    Nothing,
}

/// The connection, and the mailboxes by the first token of their owners.
pub(super) struct State {
    pub(super) connection: Connection,
    mailboxes: BTreeMap<Token, Mailbox>,
    /// What was put and not got yet, with its sequence number, in the order in which most are got.
    puts: VecDeque<(u32, Batch)>,
    /// Who waits for a datagram past the exchange.
    pub(super) receivers: Waiters,
    /// Who waits for something that is not on this connection.
    pub(super) outside: Waiters,
    closed: bool,
}

impl State {
    pub(super) fn new(connection: Connection) -> Self {
        Self {
            connection,
            mailboxes: BTreeMap::new(),
            puts: VecDeque::new(),
            receivers: Waiters::default(),
            outside: Waiters::default(),
            closed: false,
        }
    }

    /// An error once the socket was closed.
    pub(super) fn check_open(&self) -> Result<()> {
        if self.closed { Err(Error::new(ErrorKind::Stopped, "the socket was closed")) } else { Ok(()) }
    }

    /// Ends what is under way and all that comes later; all who wait are to be woken.
    pub(super) fn close(&mut self) -> Bells {
        self.closed = true;
        let waiting = self.mailboxes.values_mut().filter_map(|mailbox| mailbox.waker.take());
        Bells(waiting.chain(self.receivers.take()).chain(self.outside.take()).collect())
    }

    /// Hands a caller what others read for it, then reads for all until its requests have ended or nothing is there.
    ///
    /// From the first time on that it is not done, its mailbox stands open. What a handler is for is to be
    /// [released](Caller::release) afterwards.
    pub(super) fn advance(&mut self, caller: &mut Caller<'_, impl Sink>, bells: &mut Bells) -> Result<Advance> {
        self.check_open()?;
        caller.chain = self.connection.shared().hooks().receiving();
        let mut came = Advance::Nothing;
        let letters = self.mailboxes.get_mut(&caller.own.first).map(|mailbox| std::mem::take(&mut mailbox.letters));
        for letter in letters.into_iter().flatten() {
            came = Advance::Some;
            letter.open(|token, item| caller.hand(token, item));
        }
        while !caller.is_done() {
            let progress = self.pump(caller, bells)?;
            if progress == Progress::Empty && !caller.is_done() {
                self.open_mailbox(caller.own);
                return Ok(came);
            }
            came = Advance::Some;
        }
        // An empty map costs nothing to look into.
        self.mailboxes.remove(&caller.own.first);
        Ok(Advance::Done)
    }

    /// Sends what is due, receives one datagram and deals it out: what is the caller's to it, the rest to the mailboxes.
    fn pump(&mut self, caller: &mut Caller<'_, impl Sink>, bells: &mut Bells) -> Result<Progress> {
        let Self { connection, mailboxes, .. } = self;
        connection.flush();
        let progress = connection.try_receive()?;
        connection.deal(|token, message| {
            if caller.own.holds(token) {
                caller.hand(token, Item::Reply(*message));
            } else {
                post(mailboxes, token, Letter::reply(token, message), bells);
            }
        });
        self.deal_outcomes(caller, bells);
        Ok(progress)
    }

    fn deal_outcomes(&mut self, caller: &mut Caller<'_, impl Sink>, bells: &mut Bells) {
        while let Some((token, outcome)) = self.connection.exchange.poll_done() {
            if caller.own.holds(token) {
                caller.hand(token, Item::Done(outcome));
            } else {
                post(&mut self.mailboxes, token, Letter::Done(token, outcome), bells);
            }
        }
    }

    fn open_mailbox(&mut self, owner: Batch) {
        self.mailboxes.entry(owner.first).or_insert_with(|| Mailbox { owner, letters: Vec::new(), waker: None });
    }

    /// Who puts something into the mailbox of `own` wakes this task.
    pub(super) fn leave_waker(&mut self, own: Batch, waker: &Waker) {
        if let Some(mailbox) = self.mailboxes.get_mut(&own.first) {
            match &mut mailbox.waker {
                Some(known) => known.clone_from(waker),
                none => *none = Some(waker.clone()),
            }
        }
    }

    /// No answer came in time: what has not ended of a caller's requests does, with a timeout.
    pub(super) fn expire(&mut self, caller: &mut Caller<'_, impl Sink>, bells: &mut Bells) {
        caller.own.tokens().for_each(|token| self.connection.exchange.expire(token));
        self.deal_outcomes(caller, bells);
    }

    /// Submits all requests of an errand.
    pub(super) fn submit<E: Errand>(&mut self, errand: &mut E) -> Batch {
        self.make_room(E::ALONE);
        let Connection { exchange, .. } = &mut self.connection;
        Batch { first: exchange.next_token(), length: errand.submit(exchange) }
    }

    /// Any receive buffer has room for the answer to one request, which is all that most sockets ever have in flight.
    fn make_room(&mut self, alone: bool) {
        if !alone || !self.connection.exchange.is_idle() {
            self.connection.widen();
        }
    }

    /// A caller is gone. What has not ended of its requests is given up.
    pub(super) fn forget<S>(&mut self, caller: &Caller<'_, S>) {
        self.mailboxes.remove(&caller.own.first);
        caller.own.tokens().for_each(|token| self.connection.exchange.cancel(token));
    }

    /// Submits and sends a request whose answer somebody will ask for by its sequence number; with the answer of a
    /// handler's it is never sent.
    pub(super) fn put(&mut self, submit: impl FnOnce(&mut Exchange) -> Token, answer: Option<&Answer>) -> Result<u32> {
        self.check_open()?;
        self.make_room(true);
        let first = submit(&mut self.connection.exchange);
        let sequence = self.connection.exchange.sequence(first);
        let own = Batch { first, length: 1 };
        self.puts.push_back((sequence, own));
        self.open_mailbox(own);
        if let Some(answer) = answer {
            // It has a sequence number and is never sent.
            self.connection.exchange.cancel(first);
            if let Some(mailbox) = self.mailboxes.get_mut(&first) {
                let letters = &mut mailbox.letters;
                let outcome = answer.deliver(sequence, None, |message| letters.push(Letter::reply(first, message)));
                letters.push(Letter::Done(first, outcome));
            }
        }
        self.connection.flush();
        Ok(sequence)
    }

    /// Sends a datagram past the exchange, with what handlers answered to it. Those are to be woken who receive one.
    pub(super) fn send(&mut self, pieces: Vec<Piece>) -> Result<Bells> {
        let answered = self.connection.send_pieces(pieces)?;
        Ok(Bells(if answered { self.receivers.take().collect() } else { Vec::new() }))
    }

    /// A datagram past the exchange; if there is none, who sends one that handlers answer wakes this task.
    pub(super) fn receive(&mut self, receiver: &mut Place<'_, Self>, waker: &Waker) -> Result<Option<Vec<u8>>> {
        self.check_open()?;
        let received = self.connection.try_receive_datagram()?.map(<[u8]>::to_vec);
        if received.is_none() {
            receiver.wait(self, waker);
        }
        Ok(received)
    }

    /// The request that was [put](State::put) with this sequence number; only once.
    pub(super) fn take_put(&mut self, sequence: u32) -> Result<Batch> {
        let place = self.puts.iter().position(|(known, _)| *known == sequence);
        let put = place.and_then(|place| self.puts.remove(place));
        put.map(|(_, own)| own).ok_or_else(|| {
            Error::new(ErrorKind::Misuse, format!("nothing was put with sequence number {sequence}, or it was got"))
        })
    }
}

/// Puts a letter into the mailbox that is its token's, if that caller is still there.
fn post(mailboxes: &mut BTreeMap<Token, Mailbox>, token: Token, letter: Letter, bells: &mut Bells) {
    let Some((_, mailbox)) = mailboxes.range_mut(..=token).next_back() else { return };
    if mailbox.owner.holds(token) {
        mailbox.letters.push(letter);
        bells.0.extend(mailbox.waker.take());
    }
}
