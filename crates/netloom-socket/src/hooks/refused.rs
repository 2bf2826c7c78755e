//! Replies that a handler refused.

use netloom_proto::{Outcome, Token};
use netloom_wire::{Error, Result};

/// Errors of handlers about replies, until the requests that these are of end. Those are in flight: few.
#[derive(Debug, Default)]
pub(crate) struct Refused(Vec<(Token, Error)>);

impl Refused {
    /// A reply was refused; the first error counts.
    pub(crate) fn note(&mut self, token: Token, error: Error) {
        if self.position(token).is_none() {
            self.0.push((token, error));
        }
    }

    fn position(&self, token: Token) -> Option<usize> {
        self.0.iter().position(|(refused, _)| *refused == token)
    }

    /// Nobody asks for any of them any more.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The outcome of a request that ends with this one otherwise.
    #[inline]
    pub(crate) fn end(&mut self, token: Token, outcome: Result<Outcome>) -> Result<Outcome> {
        match self.position(token) {
            Some(position) => {
                let (_, error) = self.0.swap_remove(position);
                outcome.and(Err(error))
            }
            None => outcome,
        }
    }
}
