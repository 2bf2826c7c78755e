//! The way in: what each message means, and which requests it ends.

use netloom_wire::{Error, Expect, RawMessage, Result, nlmsg};

use alloc::{boxed::Box, string::ToString};

use crate::{
    Exchange, Handled, Outcome, Token, Warning,
    acknowledgement::{read_done, read_error},
    slots::{Stage, span},
};

impl Exchange {
    /// Classifies a message that came from the kernel and notes what it says of a request.
    ///
    /// The payload is not touched unless the message ends something.
    #[inline]
    pub fn handle(&mut self, message: &RawMessage<'_>) -> Handled {
        let header = message.header;
        if let Some(token) = self.dump {
            // Nearly all messages of a large dump end here.
            if header.sequence() == self.live
                && header.port() == self.port
                && header.command() >= nlmsg::MIN_TYPE
                && header.flags() & nlmsg::DUMP_INTR == 0
                && self.live != 0
            {
                return Handled::Reply(token);
            }
        }
        self.handle_other(message, false)
    }

    /// The same, without the short way; of a message that was `cut` the payload is not there.
    #[inline(never)]
    pub(crate) fn handle_other(&mut self, message: &RawMessage<'_>, cut: bool) -> Handled {
        let header = message.header;
        let is_data = header.command() >= nlmsg::MIN_TYPE;
        // What somebody else's request set off bears that one's sequence number and port.
        let foreign = self.port != 0 && header.port() != 0 && header.port() != self.port;
        let token = if foreign { None } else { self.slots.find(header.sequence()) };
        let Some((token, slot)) = token
            .and_then(|token| Some((token, self.slots.get_mut(token)?)))
            .filter(|(_, slot)| slot.stage == Stage::Sent)
        else {
            let unasked = foreign || header.sequence() == 0 || header.port() == 0;
            return if is_data && unasked { Handled::Notification } else { Handled::Consumed };
        };
        if self.port == 0 {
            // An answer tells the port that its request came from.
            self.port = header.port();
        }
        match header.command() {
            nlmsg::ERROR => self.handle_error(token, message),
            nlmsg::DONE => self.handle_done(token, message),
            _ if is_data && slot.expect == Expect::Ack => return Handled::Notification,
            _ if is_data => {
                slot.interrupted |= slot.expect == Expect::Dump && header.flags() & nlmsg::DUMP_INTR != 0;
                slot.replied = true;
                let wanted = !slot.abandoned;
                if slot.expect == Expect::Answer {
                    self.settle_before(token);
                    let whole = Outcome { replied: true, ..Outcome::default() };
                    self.finish(token, if cut { Err(self.truncated(token)) } else { Ok(whole) });
                }
                if wanted {
                    return Handled::Reply(token);
                }
            }
            _ => {}
        }
        Handled::Consumed
    }

    fn handle_error(&mut self, token: Token, message: &RawMessage<'_>) {
        let sent = self.sent(token);
        let outcome = match read_error(message, sent) {
            Ok(said) => self.succeeded(token, said),
            Err(error) => Err(self.name(token, error)),
        };
        self.settle_before(token);
        self.finish(token, outcome);
    }

    fn handle_done(&mut self, token: Token, message: &RawMessage<'_>) {
        if let Some(slot) = self.slots.get_mut(token) {
            slot.interrupted |= message.header.flags() & nlmsg::DUMP_INTR != 0;
        }
        let sent = self.sent(token);
        let outcome = match read_done(message, sent) {
            Ok(said) => self.succeeded(token, said),
            Err(error) => Err(self.name(token, error)),
        };
        self.finish(token, outcome);
    }

    fn succeeded(&self, token: Token, said: netloom_wire::ExtendedAck) -> Result<Outcome> {
        let Some(slot) = self.slots.get(token) else { return Ok(Outcome::default()) };
        if slot.doubtful && slot.expect == Expect::Reply && !slot.replied {
            // Acknowledged, but the reply was among what was dropped.
            return Err(self.name(token, Error::unknown()));
        }
        let warning = (!said.is_empty()).then(|| {
            let asked = self.sent_body(token).map(|(about, body)| about.asked(body).to_string());
            Box::new(Warning { asked, ack: said })
        });
        Ok(Outcome { interrupted: slot.interrupted, replied: slot.replied, warning })
    }

    /// An answer to `token` is here. What was sent before it and asked for no acknowledgement has succeeded, except what
    /// an overrun put in doubt; the answer to a fence ends all that is in doubt.
    fn settle_before(&mut self, token: Token) {
        let fence = self.slots.get(token).is_some_and(|slot| slot.fence);
        let from = if fence { self.slots.first() } else { self.settled.max(self.slots.first()) };
        self.settled = self.settled.max(token);
        for earlier in span(from, token) {
            let Some(slot) = self.slots.get(earlier).filter(|slot| slot.stage == Stage::Sent) else { continue };
            if earlier == token || slot.expect == Expect::Dump || (slot.acked && !(fence && slot.doubtful)) {
                continue;
            }
            let outcome =
                if slot.doubtful { Err(self.name(earlier, Error::unknown())) } else { Ok(Outcome::default()) };
            self.finish(earlier, outcome);
        }
    }
}
