//! Replies that a handler refused.

use std::collections::BTreeMap;

use netloom_proto::{Outcome, Token};
use netloom_wire::{Error, Result};

/// Errors of handlers about replies, until the requests that these are of end.
#[derive(Debug, Default)]
pub(crate) struct Refused(BTreeMap<Token, Error>);

impl Refused {
    /// A reply was refused; the first error counts.
    pub(crate) fn note(&mut self, token: Token, error: Error) {
        self.0.entry(token).or_insert(error);
    }

    /// Nobody asks for any of them any more.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The outcome of a request that ends with this one otherwise.
    #[inline]
    pub(crate) fn end(&mut self, token: Token, outcome: Result<Outcome>) -> Result<Outcome> {
        match self.0.remove(&token) {
            Some(error) => outcome.and(Err(error)),
            None => outcome,
        }
    }
}
