//! A message on its way out, past the handlers.

use std::sync::Arc;

use netloom_proto::{Exchange, Token};
use netloom_wire::{About, Buffer, Expect, Family, Layout, Request, RequestKind, Result, generic, nlmsg};

use super::{
    OnSend, Outgoing, Rewritten, Verdict,
    chain::{Chain, Entry, Inside},
    kit::Knowledge,
    replies::Answer,
};
use crate::{address::Address, cursor::about};

/// A message that may be sent.
#[derive(Debug)]
pub(crate) struct Draft {
    message_type: u16,
    /// Beyond `NLM_F_REQUEST` and `NLM_F_ACK`.
    flags: u16,
    /// What follows the `nlmsghdr`.
    payload: Vec<u8>,
    /// Layout of the body, where the request tells it.
    layout: Option<&'static Layout>,
}

impl Decision {
    /// What the handlers decide of a request; the slow ones too.
    #[inline]
    pub(crate) fn of<R: Request>(chain: Option<&Arc<Chain<OnSend>>>, address: &Address, request: &R) -> Result<Self> {
        match Draft::of(chain, address, request)? {
            None => Ok(Self::Forward),
            Some(passage) => passage.decide().map_err(|error| about(request, error)),
        }
    }
}

impl Draft {
    /// The message of a request before the handlers that are for it; None if none is.
    #[inline]
    pub(crate) fn of<R: Request>(
        chain: Option<&Arc<Chain<OnSend>>>,
        address: &Address,
        request: &R,
    ) -> Result<Option<Passage>> {
        match chain {
            Some(chain) if chain.is_for_requests::<R>(address) => Self::encoded(chain, address.of::<R>(), request),
            _ => Ok(None),
        }
    }

    #[cold]
    fn encoded<R: Request>(chain: &Chain<OnSend>, message_type: u16, request: &R) -> Result<Option<Passage>> {
        let mut buffer = Buffer::new();
        if let Some(family) = R::Family::GENERIC {
            buffer.raw(&generic::header(R::COMMAND, family.version));
        }
        request.write(&mut buffer);
        let payload = buffer.finish().map_err(|problem| about(request, problem.into()))?;
        let layout = Some((About::of::<R>().layout)());
        let draft = Self { message_type, flags: R::Kind::FLAGS | request.flags(), payload, layout };
        Ok(draft.enter(chain))
    }

    /// A message that was encoded elsewhere; None if no handler is for it.
    pub(crate) fn raw(
        chain: Option<&Arc<Chain<OnSend>>>,
        message_type: u16,
        flags: u16,
        payload: &[u8],
    ) -> Option<Passage> {
        let chain = chain.filter(|chain| chain.is_for(message_type, payload))?;
        let flags = flags & !(nlmsg::REQUEST | nlmsg::ACK);
        Self { message_type, flags, payload: payload.to_vec(), layout: None }.enter(chain)
    }

    fn enter(self, chain: &Chain<OnSend>) -> Option<Passage> {
        let entries: Vec<_> = chain.of(self.message_type, &self.payload).cloned().collect();
        (!entries.is_empty()).then(|| Passage {
            draft: self,
            entries,
            at: 0,
            inside: Inside::now(),
            known: chain.known.clone(),
        })
    }

    /// Has it sent in the place of a request. What does not always get a reply is acknowledged.
    pub(crate) fn submit(&self, exchange: &mut Exchange, expect: Expect, about: Option<&'static About>) -> Token {
        let expect = if expect == Expect::Answer { Expect::Reply } else { expect };
        exchange.submit_raw(self.message_type, self.flags, expect, about, &self.payload)
    }

    /// The same as one of the kind `R`.
    pub(crate) fn submit_as<R: Request>(&self, exchange: &mut Exchange) -> Token {
        self.submit(exchange, R::Kind::EXPECT, Some(About::of::<R>()))
    }

    pub(crate) fn message_type(&self) -> u16 {
        self.message_type
    }

    pub(crate) fn flags(&self) -> u16 {
        self.flags
    }

    pub(crate) fn payload(&self) -> &[u8] {
        &self.payload
    }

    fn rewrite(mut self, entry: &Entry<OnSend>, new: Rewritten) -> Result<Decision> {
        let key = entry.key;
        let wrong = |what: String| entry.fault(format!("made a message that is not well formed: {what}"));
        let Rewritten { command, flags, body } = new;
        let known = self.layout.filter(|_| command == key.command());
        key.check(command, netloom_wire::Origin::User, &body, known).map_err(|problem| wrong(problem.to_string()))?;
        let is_dump = |flags| flags & nlmsg::DUMP == nlmsg::DUMP;
        if is_dump(flags) != is_dump(self.flags) {
            return Err(wrong("a dump must stay one, and nothing else may become one".to_owned()));
        }
        let Some((message_type, payload)) = key.message(command, &body, &self.payload) else {
            return Err(wrong(format!("there is no command {command}")));
        };
        self.message_type = message_type;
        self.payload = payload;
        self.flags = flags & !(nlmsg::REQUEST | nlmsg::ACK);
        Ok(Decision::Send(self))
    }
}

impl Chain<OnSend> {
    /// Whether there is a handler for requests of the type `R`.
    pub(crate) fn is_for_requests<R: Request>(&self, address: &Address) -> bool {
        let message_type = address.of::<R>();
        self.may_be_for(message_type) && self.entries.iter().any(|entry| entry.key.is(message_type, R::COMMAND))
    }
}

/// What is to become of a message.
#[derive(Debug)]
pub(crate) enum Decision {
    /// It is sent as it is.
    Forward,
    /// This is sent.
    Send(Draft),
    /// Nothing is sent.
    Answer(Answer),
}

/// A message before the handlers that are for it.
#[derive(Debug)]
pub(crate) struct Passage {
    draft: Draft,
    entries: Vec<Arc<Entry<OnSend>>>,
    at: usize,
    /// Handlers that it was sent inside of: they are not called for what those on other threads send in their turn.
    inside: Inside,
    known: Option<Knowledge>,
}

impl Passage {
    /// Calls the handlers until one decides, the slow ones too.
    pub(crate) fn decide(mut self) -> Result<Decision> {
        let inside = std::mem::take(&mut self.inside);
        match inside.run(|| self.go_on(true)) {
            Ok(decided) => decided,
            // Nothing is left to wait for.
            Err(_) => Ok(Decision::Forward),
        }
    }

    /// Calls the handlers until one decides, or until a slow one is next.
    #[cfg(any(feature = "tokio", feature = "async-io"))]
    pub(crate) fn decide_quickly(self) -> Result<Result<Decision>, Self> {
        self.go_on(false)
    }

    fn go_on(mut self, with_slow: bool) -> Result<Result<Decision>, Self> {
        while let Some(entry) = self.entries.get(self.at).cloned() {
            let draft = &self.draft;
            let body = entry.key.body(&draft.payload);
            let (command, known) = (entry.key.command(), self.known.as_deref());
            let message = Outgoing { command, flags: draft.flags, body, known };
            let called = match &entry.slow {
                None => entry.call(|handler| handler(&message)),
                Some(concerns) => match entry.call(|_| concerns(&message)) {
                    Ok(true) if with_slow => entry.call(|handler| handler(&message)),
                    Ok(true) => return Err(self),
                    Ok(false) => Ok(None),
                    Err(error) => Err(error),
                },
            };
            self.at = self.at.saturating_add(1);
            let verdict = match called {
                Ok(None) => continue,
                Ok(Some(verdict)) => verdict,
                Err(error) => return Ok(Err(error)),
            };
            return Ok(match verdict {
                Verdict::Forward => Ok(Decision::Forward),
                Verdict::Rewrite(message) => self.draft.rewrite(&entry, message),
                Verdict::Return(replies) => Answer::new(&entry, replies, self.draft.payload).map(Decision::Answer),
                Verdict::Error(error) => Err(error.by_proxy(&entry.name)),
            });
        }
        Ok(Ok(Decision::Forward))
    }
}
