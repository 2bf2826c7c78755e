//! What a handler answers in the kernel's place.

use netloom_proto::Outcome;
use netloom_wire::{AnyWriter, Errno, Error, ExtendedAck, Header, Messages, Origin, RawMessage, Result, Write, nlmsg};

use super::{
    OnReceive, OnSend,
    chain::{Chain, Entry},
    encode::append,
    key::Key,
};

/// Replies to a request that never reaches the kernel. After them it ends as one of its kind does: acknowledged, or with
/// the end of a dump.
///
/// ```
/// use netloom_socket::hooks::Replies;
/// use netloom_wire::Errno;
///
/// const RTM_NEWLINK: u16 = 16;
/// let lo = [0, 0, 4, 3, 1, 0, 0, 0, 73, 0, 1, 0, 0, 0, 0, 0]; // struct ifinfomsg
/// let one_link = Replies::new().reply(RTM_NEWLINK, lo);
/// let acknowledged = Replies::new();
/// let refused = Replies::new().refuse(Errno::EPERM, "links are made by somebody else here");
/// # let _ = (one_link, acknowledged, refused);
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Replies {
    replies: Vec<(u16, Vec<u8>)>,
    refusal: Option<(Errno, String)>,
}

impl Replies {
    /// No replies, and success.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a reply of this message type, with generic netlink of this command: header and attributes.
    pub fn reply(mut self, command: u16, body: impl Into<Vec<u8>>) -> Self {
        self.replies.push((command, body.into()));
        self
    }

    /// It ends with an error of the kernel's; `text` is what the extended ack says, and may be empty.
    pub fn refuse(self, errno: Errno, text: impl Into<String>) -> Self {
        Self { refusal: Some((errno, text.into())), ..self }
    }
}

/// Replies that were found to be well formed.
#[derive(Debug)]
pub(crate) struct Answer {
    replies: Replies,
    key: Key,
    /// The request's payload.
    payload: Vec<u8>,
}

impl Answer {
    /// Checks what a handler returned.
    pub(super) fn new(entry: &Entry<OnSend>, replies: Replies, payload: Vec<u8>) -> Result<Self> {
        for (command, body) in &replies.replies {
            let fault = |problem| entry.fault(format!("returned a message that is not well formed: {problem}"));
            entry.key.check(*command, Origin::Reply, body, None).map_err(fault)?;
            if entry.key.message(*command, body, &payload).is_none() {
                return Err(entry.fault(format!("returned a message of type {command}, which there is not")));
            }
        }
        match replies.refusal {
            // MAX_ERRNO, `linux/err.h`.
            Some((Errno(errno), _)) if !(1..=4095).contains(&errno) => {
                Err(entry.fault(format!("refused with the errno {errno}, which there is not")))
            }
            _ => Ok(Self { replies, key: entry.key, payload }),
        }
    }

    /// The replies, behind one another.
    pub(crate) fn messages(&self, flags: u16, sequence: u32, port: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (command, body) in &self.replies.replies {
            if let Some((message_type, payload)) = self.key.message(*command, body, &self.payload) {
                append(&mut bytes, message_type, flags, sequence, port, &payload);
            }
        }
        bytes
    }

    /// How the request ends.
    pub(crate) fn outcome(&self) -> Result<Outcome> {
        match &self.replies.refusal {
            None => Ok(Outcome { replied: !self.replies.replies.is_empty(), ..Outcome::default() }),
            Some((errno, _)) => Err(Error::kernel(*errno, ExtendedAck::read(&self.said(), None))),
        }
    }

    /// Hands out the replies as others are, past the handlers for what comes, and says how the request ends. They have
    /// the sequence number of `request`, if it got one.
    pub(crate) fn deliver(
        &self,
        sequence: u32,
        chain: Option<&Chain<OnReceive>>,
        mut to: impl FnMut(&RawMessage<'_>),
    ) -> Result<Outcome> {
        for message in Messages::new(&self.messages(0, sequence, 0)) {
            match chain {
                None => to(&message),
                Some(chain) => chain.pass_reply(&message, &mut to)?,
            }
        }
        self.outcome()
    }

    /// The replies with the end of a dump, or with the acknowledgement if that was asked for, as the kernel writes it.
    pub(crate) fn datagram(&self, request: &Header, is_dump: bool, port: u32) -> Vec<u8> {
        let sequence = request.sequence();
        let mut bytes = self.messages(if is_dump { nlmsg::MULTI } else { 0 }, sequence, port);
        let said = self.said();
        let errno = self.replies.refusal.as_ref().map_or(0, |(errno, _)| errno.0);
        let mut payload = errno.saturating_neg().to_ne_bytes().to_vec();
        let flags = if said.is_empty() { 0 } else { nlmsg::ACK_TLVS };
        if is_dump {
            payload.extend_from_slice(&said);
            append(&mut bytes, nlmsg::DONE, flags | nlmsg::MULTI, sequence, port, &payload);
        } else if errno != 0 || request.flags() & nlmsg::ACK != 0 {
            payload.extend_from_slice(request.bytes());
            payload.extend_from_slice(&said);
            append(&mut bytes, nlmsg::ERROR, flags | nlmsg::CAPPED, sequence, port, &payload);
        }
        bytes
    }

    /// The attributes of the extended ack.
    fn said(&self) -> Vec<u8> {
        match &self.replies.refusal {
            Some((_, text)) if !text.is_empty() => {
                let text = [text.as_bytes(), &[0]].concat();
                // A text that is too long is left out.
                AnyWriter::default().put(1, &text).into_buffer().finish().unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }
}
