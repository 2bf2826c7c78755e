//! Answers to what was put, until somebody gets them.

use std::collections::VecDeque;

use netloom_proto::{Outcome, Token};
use netloom_wire::{Error, ErrorKind, RawMessage, Result, align};

use crate::shared::Shared;

#[derive(Debug)]
struct Letter {
    sequence: u32,
    token: Token,
    replies: Vec<u8>,
    outcome: Option<Result<()>>,
}

/// In the order of their tokens, in which most are taken too.
#[derive(Debug, Default)]
pub(super) struct Letters(VecDeque<Letter>);

impl Letters {
    /// An answer to this request will come. Fails if one to the same sequence number still lies here.
    pub(super) fn expect(&mut self, sequence: u32, token: Token) -> Result<()> {
        // Only if the numbers have wrapped since the oldest can one of them be there.
        let wrapped = self.0.front().is_some_and(|oldest| token.since(oldest.token) >= u64::from(u32::MAX));
        if wrapped && self.position(sequence).is_some() {
            return Err(Error::new(
                ErrorKind::Misuse,
                format!("sequence number {sequence} is used again before its answer was taken"),
            ));
        }
        self.0.push_back(Letter { sequence, token, replies: Vec::new(), outcome: None });
        Ok(())
    }

    fn position(&self, sequence: u32) -> Option<usize> {
        self.0.iter().position(|letter| letter.sequence == sequence)
    }

    fn of(&mut self, token: Token) -> Option<&mut Letter> {
        let at = self.0.binary_search_by_key(&token, |letter| letter.token).ok()?;
        self.0.get_mut(at)
    }

    /// Keeps a copy of a reply.
    pub(super) fn keep(&mut self, token: Token, message: &RawMessage<'_>) {
        let Some(letter) = self.of(token) else { return };
        letter.replies.extend_from_slice(message.header.bytes());
        letter.replies.extend_from_slice(message.payload);
        letter.replies.resize(align(letter.replies.len()), 0);
    }

    /// All answers to this request have come.
    pub(super) fn end(&mut self, token: Token, outcome: Result<Outcome>, shared: &Shared) {
        let Some(letter) = self.of(token) else { return };
        letter.outcome = Some(outcome.map(|outcome| shared.keep_warning(outcome.warning)));
    }

    /// Whether [`Letters::take`] has something.
    pub(super) fn is_answered(&self, sequence: u32) -> bool {
        let letter = self.0.iter().find(|letter| letter.sequence == sequence);
        letter.is_none_or(|letter| letter.outcome.is_some())
    }

    /// The answer, if it has come; fails if none is expected.
    pub(super) fn take(&mut self, sequence: u32) -> Result<Option<Result<Vec<u8>>>> {
        let Some(position) = self.position(sequence) else {
            return Err(Error::new(ErrorKind::Misuse, format!("nothing was put with sequence number {sequence}")));
        };
        if self.0.get(position).is_some_and(|letter| letter.outcome.is_none()) {
            return Ok(None);
        }
        let letter = self.0.remove(position);
        Ok(letter.and_then(|letter| Some(letter.outcome?.map(|()| letter.replies))))
    }
}
