//! What a handler sees of a message that came, and what it may decide.

use std::{any::Any, collections::VecDeque};

use netloom_wire::{Error, Messages, Origin, RawMessage, Result, View, nlmsg};

use super::{OnReceive, chain::Chain, encode::append};

/// A message that came from the kernel: a reply, or a notification.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    command: u16,
    flags: u16,
    body: &'a [u8],
    origin: Origin,
    /// What handlers of a [`Kit`](super::Kit) know.
    pub(super) known: Option<&'a (dyn Any + Send + Sync)>,
}

impl<'a> Incoming<'a> {
    /// Message type; with generic netlink the command.
    pub fn command(&self) -> u16 {
        self.command
    }

    /// `NLM_F_*` bits.
    pub fn flags(&self) -> u16 {
        self.flags
    }

    /// Header and attributes: what follows the `nlmsghdr`, with generic netlink the `genlmsghdr`.
    pub fn body(&self) -> &'a [u8] {
        self.body
    }

    /// The same, decoded; None if it is shorter than the header of a `T`.
    pub fn view<T: View + ?Sized>(&self) -> Option<&'a T> {
        T::view(self.body)
    }

    /// Whether nobody asked for it. Else it is a reply, perhaps one of a dump.
    pub fn is_notification(&self) -> bool {
        self.origin == Origin::Notification
    }
}

/// What is to become of a message that came.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReceiveVerdict {
    /// It goes on as it is, past all other handlers of this [layer](super#layers).
    Forward,
    /// This body goes on in the place of its own, past all other handlers of this layer. If it is not well formed the
    /// caller gets an error that names the handler.
    Rewrite(Vec<u8>),
    /// These bodies go on in the place of its own, one after the other, at least one. All but the first pass the
    /// handlers as messages of their own.
    ///
    /// ```
    /// use netloom_socket::hooks::ReceiveVerdict;
    ///
    /// let lo = [0, 0, 4, 3, 1, 0, 0, 0, 73, 0, 1, 0, 0, 0, 0, 0]; // struct ifinfomsg
    /// let twice = ReceiveVerdict::Several(vec![lo.to_vec(), lo.to_vec()]);
    /// ```
    Several(Vec<Vec<u8>>),
    /// In its place the caller gets an error of the kind [`Proxy`](netloom_wire::ErrorKind::Proxy) that names the
    /// handler, with the text and the errno of this one. A request or a dump ends with it, a subscription goes on.
    Error(Error),
}

impl From<Error> for ReceiveVerdict {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// What handlers make of a message: messages, each with its header.
pub(crate) struct Made {
    /// What stands in its place.
    pub(crate) first: Vec<u8>,
    /// What follows that, which no handler has seen.
    pub(crate) behind: VecDeque<Vec<u8>>,
}

impl Chain<OnReceive> {
    /// What the handlers make of a message; None if it stays as it is.
    pub(crate) fn pass(&self, message: &RawMessage<'_>, origin: Origin) -> Result<Option<Made>> {
        let header = message.header;
        let mut made: Option<Made> = None;
        // The layer in which one has decided.
        let mut decided = None;
        let entries = if self.may_be_for(header.command()) { &*self.entries } else { &[] };
        for entry in entries {
            let payload = match &made {
                None => message.payload,
                Some(made) => Messages::new(&made.first).next().map_or(&[][..], |message| message.payload),
            };
            if decided == Some(entry.layer) || !entry.is_for(header.command(), payload) {
                continue;
            }
            let (command, body) = (entry.key.command(), entry.key.body(payload));
            let known = self.known.as_deref();
            let incoming = Incoming { command, flags: header.flags(), body, origin, known };
            let bodies = match entry.call(|handler| handler(&incoming))? {
                None => continue,
                Some(ReceiveVerdict::Forward) => {
                    decided = Some(entry.layer);
                    continue;
                }
                Some(ReceiveVerdict::Error(error)) => return Err(error.by_proxy(&entry.name)),
                Some(ReceiveVerdict::Rewrite(body)) => vec![body],
                Some(ReceiveVerdict::Several(bodies)) => bodies,
            };
            let messages = bodies.iter().map(|body| {
                let wrong =
                    |what: String| entry.fault(format!("made of what came a message that is not well formed: {what}"));
                entry.key.check(command, origin, body, None).map_err(|problem| wrong(problem.to_string()))?;
                let Some((message_type, payload)) = entry.key.message(command, body, message.payload) else {
                    return Err(wrong(format!("{command} is no command")));
                };
                let mut bytes = Vec::new();
                append(&mut bytes, message_type, header.flags(), header.sequence(), header.port(), &payload);
                Ok(bytes)
            });
            let mut behind = messages.collect::<Result<VecDeque<_>>>()?;
            let first = behind.pop_front().ok_or_else(|| entry.fault("made nothing of what came"))?;
            behind.extend(made.into_iter().flat_map(|earlier| earlier.behind));
            made = Some(Made { first, behind });
            decided = Some(entry.layer);
        }
        Ok(made)
    }

    /// Hands a message on as the handlers leave it, and what they put behind it; `to` is told whether they changed it.
    fn pass_on(
        &self,
        message: &RawMessage<'_>,
        origin: Origin,
        mut to: impl FnMut(&RawMessage<'_>, bool),
    ) -> Result<()> {
        let Some(made) = self.pass(message, origin)? else {
            to(message, false);
            return Ok(());
        };
        Messages::new(&made.first).for_each(|message| to(&message, true));
        for message in made.behind.iter().flat_map(|behind| Messages::new(behind)) {
            match self.pass(&message, origin)? {
                None => to(&message, true),
                // Nothing is put behind what stands behind another: a handler that always does would never end.
                Some(made) => Messages::new(&made.first).for_each(|message| to(&message, true)),
            }
        }
        Ok(())
    }

    /// Hands a reply on as the handlers leave it.
    pub(crate) fn pass_reply(&self, message: &RawMessage<'_>, mut to: impl FnMut(&RawMessage<'_>)) -> Result<()> {
        self.pass_on(message, Origin::Reply, |message, _| to(message))
    }

    /// What the handlers make of a whole datagram of whose messages nothing else is known.
    pub(crate) fn pass_datagram(&self, datagram: &[u8]) -> Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        let mut changed = false;
        for message in Messages::new(datagram) {
            let origin = Origin::of(message.header);
            let mut keep = |message: &RawMessage<'_>, made| {
                changed |= made;
                let header = message.header;
                let (flags, sequence) = (header.flags(), header.sequence());
                append(&mut bytes, header.command(), flags, sequence, header.port(), message.payload);
            };
            if message.header.command() < nlmsg::MIN_TYPE {
                keep(&message, false);
            } else {
                self.pass_on(&message, origin, &mut keep)?;
            }
        }
        Ok(changed.then_some(bytes))
    }
}
