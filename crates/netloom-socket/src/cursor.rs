//! The place in a dump. Blocking and async streams only differ in how they wait for more.

use std::ops::Range;

use netloom_proto::{Handled, Outcome};
use netloom_wire::{
    About, Buffer, Done, Dump, Error, Family, Header, Object, Origin, RawMessage, Request, Result, View, generic,
};

use crate::{
    address::Address,
    connection::{Connection, Found},
    hooks::{Answer, Chain, Decision, OnReceive},
    trace,
};

/// A reply to `request`, if the message is one that was asked for.
#[inline]
pub(crate) fn reply<'a, R: Request>(request: &R, message: &RawMessage<'a>) -> Option<&'a R::Reply> {
    accepted(request, message.header.command(), message.payload)
}

/// The same of the parts of a message.
#[inline]
fn accepted<'a, R: Request>(request: &R, command: u16, payload: &'a [u8]) -> Option<&'a R::Reply> {
    let (command, body) = if R::Family::GENERIC.is_some() { generic::split(payload)? } else { (command, payload) };
    if command != R::REPLY {
        return None;
    }
    R::Reply::view(body).filter(|reply| request.accepts(reply))
}

/// Says in an error that arose on this side what was asked.
#[cold]
pub(crate) fn about<R: Request>(request: &R, error: Error) -> Error {
    if error.asked().is_some() {
        return error;
    }
    let mut body = Buffer::new();
    request.write(&mut body);
    error.about(About::of::<R>().asked(body.bytes()))
}

/// Hands out what a handler answered to `request` in the kernel's place.
pub(crate) fn answered<R: Request>(
    request: &R,
    answer: &Answer,
    chain: Option<&Chain<OnReceive>>,
    mut on_reply: impl FnMut(&R::Reply),
) -> Result<Outcome> {
    let outcome = answer.deliver(0, chain, |message| {
        if let Some(reply) = reply(request, message) {
            on_reply(reply);
        }
    });
    outcome.map_err(|error| about(request, error))
}

/// What comes next in a dump.
#[derive(Debug)]
pub(crate) enum Step {
    /// An object, or the payload of a raw message, whose bytes lie here.
    Object(Range<usize>),
    /// Nothing until more was received.
    Receive,
    /// Nothing any more.
    End,
}

/// A dump under way on a connection of its own.
#[derive(Debug)]
pub(crate) struct Cursor {
    connection: Connection,
    done: Option<Done>,
}

impl Cursor {
    /// Asks for the dump on a connection where nothing else is under way, or begins with what a handler answered.
    pub(crate) fn start<R: Request<Kind = Dump>>(
        mut connection: Connection,
        address: &Address,
        request: &R,
        decision: Decision,
    ) -> Self {
        match decision {
            Decision::Forward => _ = connection.exchange.submit_to(address.of::<R>(), request),
            Decision::Send(draft) => _ = draft.submit_as::<R>(&mut connection.exchange),
            Decision::Answer(answer) => {
                connection.exchange.submit_to(address.of::<R>(), request);
                // Taken for sent.
                let header = connection.exchange.transmit().and_then(Header::read).copied();
                if let Some(header) = header {
                    connection.play(&answer.datagram(&header, true, 0));
                }
            }
        }
        Self { connection, done: None }
    }

    /// The next object that `request` accepts.
    #[inline]
    pub(crate) fn step<R: Request<Kind = Dump>>(&mut self, request: &R) -> Result<Step> {
        while let Some(Found { handled, command, at }) = self.connection.next() {
            if matches!(handled, Handled::Reply(_)) {
                let at = self.pass(command, at).map_err(|error| about(request, error))?;
                if accepted(request, command, self.connection.payload(at.clone())).is_some() {
                    let before = About::of::<R>().before;
                    return Ok(Step::Object(at.start.saturating_add(before)..at.end));
                }
            }
        }
        self.look_for_end::<R>()
    }

    /// The next message of the dump, whether or not it is what was asked for.
    pub(crate) fn step_raw<R: Request<Kind = Dump>>(&mut self, request: &R) -> Result<Step> {
        while let Some(Found { handled, command, at }) = self.connection.next() {
            if matches!(handled, Handled::Reply(_)) {
                return self.pass(command, at).map(Step::Object).map_err(|error| about(request, error));
            }
        }
        self.look_for_end::<R>()
    }

    /// Has the handlers see an object. What one refuses ends the dump.
    #[inline]
    fn pass(&mut self, command: u16, at: Range<usize>) -> Result<Range<usize>> {
        self.connection.pass(command, at, Origin::Reply).inspect_err(|_| {
            self.done = Some(Done::default());
            self.connection.skip_datagram();
        })
    }

    fn look_for_end<R: Request<Kind = Dump>>(&mut self) -> Result<Step> {
        if self.done.is_some() {
            return Ok(Step::End);
        }
        self.connection.flush();
        if let Some((_, outcome)) = self.connection.exchange.poll_done() {
            let outcome = match outcome {
                Err(error) if error.errno().is_some_and(R::is_empty) => Outcome::default(),
                outcome => {
                    // Whatever it is, the dump is over.
                    self.done = Some(Done::default());
                    outcome?
                }
            };
            if outcome.interrupted {
                trace::interrupted(R::Body::NOUN);
            }
            self.done = Some(outcome.done());
            self.connection.shared().keep_warning(outcome.warning);
        }
        Ok(if self.done.is_some() { Step::End } else { Step::Receive })
    }

    /// How it ended, if it did.
    pub(crate) fn done(&self) -> Option<Done> {
        self.done
    }

    /// Whether [`Cursor::step`] may have more without receiving.
    #[cfg(any(feature = "tokio", feature = "async-io"))]
    pub(crate) fn has_more(&self) -> bool {
        self.connection.has_more()
    }

    /// To receive more.
    pub(crate) fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// The bytes that [`Step::Object`] told, until more is received.
    #[inline]
    pub(crate) fn object(&self, at: Range<usize>) -> &[u8] {
        self.connection.payload(at)
    }

    /// The message that [`Step::Object`] told.
    pub(crate) fn message(&self, at: Range<usize>) -> Option<RawMessage<'_>> {
        self.connection.message(at)
    }

    pub(crate) fn into_connection(self) -> Connection {
        self.connection
    }
}
