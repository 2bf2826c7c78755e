//! What a handler sees of a message that came, and what it may decide.

use std::any::Any;

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
    /// It is delivered as it is, past all other handlers.
    Forward,
    /// This body is delivered in the place of its own. If it is not well formed the caller gets an error that names the
    /// handler.
    Rewrite(Vec<u8>),
    /// These bodies are delivered in the place of its own, one after the other, at least one. All but the first pass the
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

impl Chain<OnReceive> {
    /// The message that the handlers make of one, with its header, and those that follow it, which no handler has seen;
    /// None if it stays as it is.
    pub(crate) fn pass(&self, message: &RawMessage<'_>, origin: Origin) -> Result<Option<Vec<u8>>> {
        let header = message.header;
        for entry in self.of(header.command(), message.payload) {
            let (command, body) = (entry.key.command(), entry.key.body(message.payload));
            let known = self.known.as_deref();
            let incoming = Incoming { command, flags: header.flags(), body, origin, known };
            let bodies = match entry.call(|handler| handler(&incoming))? {
                None => continue,
                Some(ReceiveVerdict::Forward) => return Ok(None),
                Some(ReceiveVerdict::Error(error)) => return Err(error.by_proxy(&entry.name)),
                Some(ReceiveVerdict::Rewrite(body)) => vec![body],
                Some(ReceiveVerdict::Several(bodies)) => bodies,
            };
            if bodies.is_empty() {
                return Err(entry.fault("made nothing of what came"));
            }
            let mut bytes = Vec::new();
            for body in bodies {
                let fault =
                    |problem| entry.fault(format!("made of what came a message that is not well formed: {problem}"));
                entry.key.check(command, origin, &body, None).map_err(fault)?;
                let Some((message_type, payload)) = entry.key.message(command, &body, message.payload) else {
                    return Ok(None);
                };
                append(&mut bytes, message_type, header.flags(), header.sequence(), header.port(), &payload);
            }
            return Ok(Some(bytes));
        }
        Ok(None)
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
        let mut made = Messages::new(&made);
        if let Some(first) = made.next() {
            to(&first, true);
        }
        for behind in made {
            match self.pass(&behind, origin)? {
                None => to(&behind, true),
                // Nothing is put behind what stands behind another: a handler that always does would never end.
                Some(made) => Messages::new(&made).take(1).for_each(|message| to(&message, true)),
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
