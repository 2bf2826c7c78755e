//! Keeping account of many requests in flight.

use std::collections::VecDeque;

use netloom_proto::{Exchange, Outcome, Token, Warning};
use netloom_wire::{Driver, Error, ErrorKind, Expect, RawMessage, Report, Request, RequestKind, Result, nlmsg};

use crate::{
    address::Address,
    cursor::{about, answered, reply},
    hooks::{Answer, Chain, Draft, OnReceive},
};

/// Requests that were submitted one directly behind the other.
#[derive(Clone, Copy, Debug)]
struct Run {
    token: Token,
    index: u64,
    length: u64,
}

impl Run {
    /// Whether this is the request directly behind, with no other of the pipeline between that was not submitted.
    #[inline]
    fn goes_on(&self, token: Token, index: u64) -> bool {
        token.since(self.token) == self.length && index.saturating_sub(self.index) == self.length
    }
}

/// Requests by index, from the oldest that has not ended.
#[derive(Debug)]
struct Asked<R> {
    first: u64,
    /// None where one has ended, or was not sent.
    requests: VecDeque<Option<R>>,
}

impl<R> Default for Asked<R> {
    fn default() -> Self {
        Self { first: 0, requests: VecDeque::new() }
    }
}

impl<R> Asked<R> {
    fn place(&self, index: u64) -> Option<usize> {
        usize::try_from(index.checked_sub(self.first)?).ok()
    }

    /// Indexes come in ascending order.
    fn insert(&mut self, index: u64, request: R) {
        if self.requests.is_empty() {
            self.first = index;
        }
        if let Some(place) = self.place(index) {
            self.requests.resize_with(place, || None);
            self.requests.push_back(Some(request));
        }
    }

    fn get(&self, index: u64) -> Option<&R> {
        self.requests.get(self.place(index)?)?.as_ref()
    }

    fn take(&mut self, index: u64) -> Option<R> {
        let place = self.place(index)?;
        let request = self.requests.get_mut(place)?.take();
        while let Some(None) = self.requests.front() {
            self.requests.pop_front();
            self.first = self.first.saturating_add(1);
        }
        request
    }
}

/// Requests of a pipeline and what became of them.
#[derive(Debug)]
pub(crate) struct Pipeline<R> {
    /// Which tokens have which indexes.
    runs: VecDeque<Run>,
    /// How many have ended.
    ended: u64,
    report: Report,
    /// Those that expect a reply, until they end.
    asked: Asked<R>,
    /// Those that did not fail, but whose reply did not come.
    unanswered: Vec<(u64, R)>,
}

impl<R: Request> Pipeline<R> {
    pub(crate) fn new() -> Self {
        Self {
            runs: VecDeque::new(),
            ended: 0,
            report: Report::default(),
            asked: Asked::default(),
            unanswered: Vec::new(),
        }
    }

    /// Submits a request; those that follow at once share datagrams.
    #[inline]
    pub(crate) fn append(&mut self, exchange: &mut Exchange, address: &Address, request: R) {
        let index = self.note(exchange.append_to(address.of::<R>(), &request));
        self.keep(index, request);
    }

    /// Submits what is sent in the place of a request.
    pub(crate) fn append_draft(&mut self, exchange: &mut Exchange, draft: &Draft, request: R) {
        let index = self.note(draft.submit_as::<R>(exchange));
        self.keep(index, request);
    }

    /// Notes that the next request was submitted.
    #[inline]
    fn note(&mut self, token: Token) -> u64 {
        let index = self.report.total;
        match self.runs.back_mut() {
            Some(run) if run.goes_on(token, index) => run.length = run.length.saturating_add(1),
            _ => self.runs.push_back(Run { token, index, length: 1 }),
        }
        self.report.total = index.saturating_add(1);
        index
    }

    /// Keeps a request until it ends, if it expects a reply.
    #[inline]
    fn keep(&mut self, index: u64, request: R) {
        if R::Kind::EXPECT == Expect::Reply {
            self.asked.insert(index, request);
        }
    }

    /// The next request was not sent.
    pub(crate) fn refuse(&mut self, error: Error) {
        let index = self.report.total;
        self.report.total = index.saturating_add(1);
        self.ended = self.ended.saturating_add(1);
        self.fail(index, error);
    }

    /// The next request was not sent, but answered by a handler.
    pub(crate) fn answer(
        &mut self,
        request: R,
        answer: &Answer,
        chain: Option<&Chain<OnReceive>>,
        on_reply: &mut impl FnMut(u64, &R::Reply),
    ) {
        let index = self.report.total;
        let outcome = answered(&request, answer, chain, |reply| on_reply(index, reply));
        self.report.total = index.saturating_add(1);
        self.keep(index, request);
        // No warning comes with it.
        _ = self.end(index, outcome);
    }

    /// How many are in flight.
    pub(crate) fn in_flight(&self) -> u64 {
        self.report.total.saturating_sub(self.ended)
    }

    /// Index of a request of this pipeline.
    #[inline]
    pub(crate) fn index(&self, token: Token) -> Option<u64> {
        let run = self.runs.iter().rev().find(|run| token >= run.token)?;
        let behind = token.since(run.token);
        (behind < run.length).then(|| run.index.saturating_add(behind))
    }

    /// Index and reply, if the message is one to a request of this pipeline.
    pub(crate) fn reply<'a>(&self, token: Token, message: &RawMessage<'a>) -> Option<(u64, &'a R::Reply)> {
        let index = self.index(token)?;
        Some((index, reply(self.asked.get(index)?, message)?))
    }

    /// Notes the outcome of a request; gives back a warning that came with it.
    #[inline]
    pub(crate) fn end(&mut self, index: u64, outcome: Result<Outcome>) -> Option<Box<Warning>> {
        self.ended = self.ended.saturating_add(1);
        let request = if R::Kind::EXPECT == Expect::Reply { self.asked.take(index) } else { None };
        match (outcome, request) {
            (Ok(outcome), Some(request)) if !outcome.replied => {
                self.unanswered.push((index, request));
                outcome.warning
            }
            (Ok(outcome), _) => outcome.warning,
            (Err(error), Some(request)) if may_ask_again::<R>(error.kind()) => {
                self.unanswered.push((index, request));
                None
            }
            (Err(error), request) => {
                // A handler that refused the reply does not know what was asked.
                let named = match request {
                    Some(request) => about(&request, error),
                    None => error,
                };
                self.fail(index, named);
                None
            }
        }
    }

    /// All that was submitted has ended: what follows may be submitted to another exchange.
    #[cfg(any(feature = "tokio", feature = "async-io"))]
    pub(crate) fn end_part(&mut self) {
        self.runs.clear();
    }

    /// Runs orders that return what they made one by one, as long as it is not known that the kernel sends that back.
    ///
    /// If it does not, that is all of them: what must be fetched is only found while it is the last that was made.
    pub(crate) async fn run_unechoed<D: Driver<Family = R::Family>>(
        &mut self,
        io: &mut D,
        requests: &mut impl Iterator<Item = R>,
        on_reply: &mut (impl FnMut(u64, &R::Reply) + Send),
    ) {
        if R::Kind::FLAGS & nlmsg::ECHO == 0 {
            return;
        }
        for request in requests {
            let index = self.report.total;
            self.report.total = index.saturating_add(1);
            self.ended = self.report.total;
            let mut echoed = false;
            let on_echo = |reply: &R::Reply| {
                echoed = true;
                on_reply(index, reply);
            };
            let asked = io.one(&request, on_echo).await;
            match asked {
                Ok(()) if echoed => return,
                Ok(()) => match request.fetch(io).await {
                    Ok(made) => on_reply(index, &made),
                    Err(error) => self.fail(index, error),
                },
                Err(error) => self.fail(index, error),
            }
        }
    }

    /// Asks again for replies that did not come although nothing failed.
    pub(crate) async fn fetch_unanswered<D: Driver<Family = R::Family>>(
        &mut self,
        io: &mut D,
        on_reply: &mut (impl FnMut(u64, &R::Reply) + Send),
    ) {
        for (index, request) in std::mem::take(&mut self.unanswered) {
            let answered = if R::Kind::FLAGS & nlmsg::ECHO != 0 {
                // It is done and must not be done again; its echo was lost.
                request.fetch(io).await.map(|made| on_reply(index, &made))
            } else {
                let mut came = false;
                let on_answer = |reply: &R::Reply| {
                    came = true;
                    on_reply(index, reply);
                };
                let asked = io.one(&request, on_answer).await;
                asked.and_then(|()| if came { Ok(()) } else { Err(about(&request, Error::no_reply())) })
            };
            if let Err(error) = answered {
                self.fail(index, error);
            }
        }
    }

    /// Notes that a request failed.
    pub(crate) fn fail(&mut self, index: u64, error: Error) {
        self.report.failures.push((index, error));
    }

    /// Nobody waits for those in flight any more.
    pub(crate) fn abandon(&self, exchange: &mut Exchange) {
        for run in &self.runs {
            (0..run.length).for_each(|behind| exchange.cancel(run.token.after(behind)));
        }
    }

    /// All outcomes, in the order of the requests.
    pub(crate) fn into_report(mut self) -> Report {
        // Errors come in order; what an overrun left unknown, or was fetched, does not.
        self.report.failures.sort_by_key(|(index, _)| *index);
        self.report
    }
}

/// Whether a request whose reply was lost may be asked for it again.
fn may_ask_again<R: Request>(lost: ErrorKind) -> bool {
    match lost {
        // It was worked through, and the buffer is larger now.
        ErrorKind::Truncated => true,
        // A question has no effect; whether an order had one is for its caller to find out.
        ErrorKind::Unknown => R::Kind::FLAGS & nlmsg::ECHO == 0,
        _ => false,
    }
}
