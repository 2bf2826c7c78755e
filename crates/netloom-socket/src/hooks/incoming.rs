//! What a handler sees of a message that came, and what it may decide.

use netloom_wire::{Error, Messages, Origin, RawMessage, Result, View, nlmsg};

use super::{OnReceive, chain::Chain, encode::append};

/// A message that came from the kernel: a reply, or a notification.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    command: u16,
    flags: u16,
    body: &'a [u8],
    origin: Origin,
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
    /// This body goes on in the place of its own, past all other handlers of this layer. If it is not well formed the caller gets an error that names the
    /// handler.
    Rewrite(Vec<u8>),
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
    /// The message that the handlers make of one, with its header; None if it stays as it is.
    pub(crate) fn pass(&self, message: &RawMessage<'_>, origin: Origin) -> Result<Option<Vec<u8>>> {
        let header = message.header;
        let mut made: Option<Vec<u8>> = None;
        // The layer in which one has decided.
        let mut decided = None;
        let entries = if self.may_be_for(header.command()) { &*self.entries } else { &[] };
        for entry in entries.iter().filter(|entry| entry.key.message_type() == header.command()) {
            let payload = match &made {
                None => message.payload,
                Some(made) => Messages::new(made).next().map_or(&[][..], |message| message.payload),
            };
            if decided == Some(entry.layer) || !entry.is_for(header.command(), payload) {
                continue;
            }
            let (command, body) = (entry.key.command(), entry.key.body(payload));
            let incoming = Incoming { command, flags: header.flags(), body, origin };
            let body = match entry.call(|handler| handler(&incoming))? {
                None => continue,
                Some(ReceiveVerdict::Forward) => {
                    decided = Some(entry.layer);
                    continue;
                }
                Some(ReceiveVerdict::Error(error)) => return Err(error.by_proxy(&entry.name)),
                Some(ReceiveVerdict::Rewrite(body)) => body,
            };
            let fault =
                |problem| entry.fault(format!("made of what came a message that is not well formed: {problem}"));
            entry.key.check(command, origin, &body, None).map_err(fault)?;
            if let Some((message_type, payload)) = entry.key.message(command, &body, message.payload) {
                let mut bytes = Vec::new();
                append(&mut bytes, message_type, header.flags(), header.sequence(), header.port(), &payload);
                made = Some(bytes);
                decided = Some(entry.layer);
            }
        }
        Ok(made)
    }

    /// Hands a reply on as the handlers leave it.
    pub(crate) fn pass_reply(&self, message: &RawMessage<'_>, mut to: impl FnMut(&RawMessage<'_>)) -> Result<()> {
        match self.pass(message, Origin::Reply)? {
            None => to(message),
            Some(made) => Messages::new(&made).for_each(|message| to(&message)),
        }
        Ok(())
    }

    /// What the handlers make of a whole datagram of whose messages nothing else is known.
    pub(crate) fn pass_datagram(&self, datagram: &[u8]) -> Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        let mut changed = false;
        for message in Messages::new(datagram) {
            let origin = Origin::of(message.header);
            let made = if message.header.command() < nlmsg::MIN_TYPE { None } else { self.pass(&message, origin)? };
            match made {
                Some(made) => {
                    changed = true;
                    bytes.extend_from_slice(&made);
                }
                None => {
                    let header = message.header;
                    let (flags, sequence) = (header.flags(), header.sequence());
                    append(&mut bytes, header.command(), flags, sequence, header.port(), message.payload);
                }
            }
        }
        Ok(changed.then_some(bytes))
    }
}
