//! What a caller has run: which requests to submit, and what to do with what comes.

use netloom_proto::{Exchange, Outcome, Token};
use netloom_wire::{Request, Result, align};

use super::state::{Item, Sink};
use crate::{address::Address, cursor::reply, hooks::Draft, pipeline::Pipeline, shared::Shared};

/// Requests of a pipeline that are taken from the caller, and sent, at once: the kernel works through them inside `send`,
/// on the thread of the executor, for about a quarter of a millisecond.
pub(super) const BATCH: usize = 128;

/// Requests that are submitted in one go.
pub(super) trait Errand: Sink {
    /// Whether the kernel takes long over them.
    const SLOW: bool;
    /// Whether it is one request only.
    const ALONE: bool;
    /// Submits them, one directly behind the other, and says how many they are: at least one.
    fn submit(&mut self, exchange: &mut Exchange) -> u64;
}

/// One request.
pub(super) struct One<'r, R, On> {
    pub(super) request: &'r R,
    pub(super) address: &'r Address,
    /// What is sent in its place.
    pub(super) draft: Option<Draft>,
    pub(super) on_reply: On,
    pub(super) outcome: Result<Outcome>,
}

impl<R: Request, On: FnMut(&R::Reply) + Send> Sink for One<'_, R, On> {
    #[inline]
    fn take(&mut self, _token: Token, item: Item<'_>) {
        match item {
            Item::Reply(message) => {
                if let Some(reply) = reply(self.request, &message) {
                    (self.on_reply)(reply);
                }
            }
            Item::Done(outcome) => self.outcome = outcome,
        }
    }
}

impl<R: Request, On: FnMut(&R::Reply) + Send> Errand for One<'_, R, On> {
    const SLOW: bool = R::SLOW;
    const ALONE: bool = true;

    #[inline]
    fn submit(&mut self, exchange: &mut Exchange) -> u64 {
        match &self.draft {
            None => exchange.submit_to(self.address.of::<R>(), self.request),
            Some(draft) => draft.submit_as::<R>(exchange),
        };
        1
    }
}

/// A request of a pipeline, and what is sent in its place.
pub(super) type Planned<R> = (R, Option<Box<Draft>>);

/// A part of a pipeline.
pub(super) struct Part<'p, R, On> {
    /// What is to be submitted; empty afterwards.
    pub(super) requests: Vec<Planned<R>>,
    pub(super) address: &'p Address,
    pub(super) pipeline: &'p mut Pipeline<R>,
    pub(super) on_reply: On,
    pub(super) shared: &'p Shared,
}

impl<R: Request, On: FnMut(u64, &R::Reply) + Send> Sink for Part<'_, R, On> {
    fn take(&mut self, token: Token, item: Item<'_>) {
        match item {
            Item::Reply(message) => {
                if let Some((index, reply)) = self.pipeline.reply(token, &message) {
                    (self.on_reply)(index, reply);
                }
            }
            Item::Done(outcome) => {
                if let Some(index) = self.pipeline.index(token) {
                    self.shared.keep_warning(self.pipeline.end(index, outcome));
                }
            }
        }
    }
}

impl<R: Request, On: FnMut(u64, &R::Reply) + Send> Errand for Part<'_, R, On> {
    const SLOW: bool = R::SLOW;
    const ALONE: bool = false;

    fn submit(&mut self, exchange: &mut Exchange) -> u64 {
        let requests = std::mem::take(&mut self.requests);
        let count = requests.len();
        for (request, draft) in requests {
            match draft {
                None => self.pipeline.append(exchange, self.address, request),
                Some(draft) => self.pipeline.append_draft(exchange, &draft, request),
            }
        }
        u64::try_from(count).unwrap_or(u64::MAX)
    }
}

/// The answer to a message that was put.
pub(super) struct Answer {
    /// All replies, one behind the other, headers and all.
    pub(super) replies: Vec<u8>,
    pub(super) outcome: Result<Outcome>,
}

impl Default for Answer {
    fn default() -> Self {
        Self { replies: Vec::new(), outcome: Ok(Outcome::default()) }
    }
}

impl Sink for Answer {
    fn take(&mut self, _token: Token, item: Item<'_>) {
        match item {
            Item::Reply(message) => {
                self.replies.extend_from_slice(message.header.bytes());
                self.replies.extend_from_slice(message.payload);
                self.replies.resize(align(self.replies.len()), 0);
            }
            Item::Done(outcome) => self.outcome = outcome,
        }
    }
}
