//! Requests that have not ended, found by sequence number.

use alloc::collections::VecDeque;

use netloom_wire::{About, Expect};

use crate::exchange::emptied;

/// Names a request of one exchange. Tokens count up and are never used again, unlike sequence numbers, which wrap.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Token(u64);

impl Token {
    /// How many requests were submitted from `first` to this one: the index in a pipeline that began with `first`.
    #[inline]
    pub fn since(self, first: Self) -> u64 {
        self.0.saturating_sub(first.0)
    }

    /// The token of the request that is submitted `count` places after this one.
    #[inline]
    #[must_use]
    pub fn after(self, count: u64) -> Self {
        Self(self.0.wrapping_add(count))
    }
}

/// How far a request has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stage {
    /// Its datagram was not given out yet.
    Queued,
    /// The kernel has it.
    Sent,
    /// It has ended; the slot only waits for those before it.
    Finished,
}

/// What is known of a request between its submission and its end.
#[derive(Debug)]
pub(crate) struct Slot {
    /// How to name it in an error.
    pub(crate) about: Option<&'static About>,
    /// Where its header lies in its datagram, in bytes.
    pub(crate) offset: usize,
    pub(crate) expect: Expect,
    pub(crate) stage: Stage,
    /// It asked for an acknowledgement.
    pub(crate) acked: bool,
    /// Nobody wants its outcome.
    pub(crate) abandoned: bool,
    /// A message of the dump said that the table changed.
    pub(crate) interrupted: bool,
    /// A reply came.
    pub(crate) replied: bool,
    /// It was in flight during an overrun: its answer may have been dropped.
    pub(crate) doubtful: bool,
    /// It only marks a place in the stream of answers.
    pub(crate) fence: bool,
}

impl Slot {
    pub(crate) fn new(expect: Expect, about: Option<&'static About>, offset: usize) -> Self {
        Self {
            about,
            offset,
            expect,
            stage: Stage::Queued,
            acked: expect != Expect::Answer,
            abandoned: false,
            interrupted: false,
            replied: false,
            doubtful: false,
            fence: false,
        }
    }
}

/// Requests in order of submission, from the oldest that has not ended.
#[derive(Debug)]
pub(crate) struct Slots {
    slots: VecDeque<Slot>,
    /// Token and sequence number of the oldest; of the next one where there is none.
    first: Token,
    first_sequence: u32,
}

impl Slots {
    /// The first request gets this sequence number; 0, which is the mark of notifications, stands for 1.
    pub(crate) fn new(first_sequence: u32) -> Self {
        Self { slots: VecDeque::new(), first: Token(0), first_sequence: first_sequence.max(1) }
    }

    /// Those of another socket, in the same memory.
    pub(crate) fn restarted(self, first_sequence: u32) -> Self {
        Self { slots: emptied(self.slots), ..Self::new(first_sequence) }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    pub(crate) fn first(&self) -> Token {
        self.first
    }

    #[inline]
    fn count(&self) -> u64 {
        u64::try_from(self.slots.len()).unwrap_or(u64::MAX)
    }

    /// The token that the next request gets.
    #[inline]
    pub(crate) fn next_token(&self) -> Token {
        Token(self.first.0.wrapping_add(self.count()))
    }

    #[inline]
    pub(crate) fn push(&mut self, slot: Slot) -> Token {
        let token = self.next_token();
        self.slots.push_back(slot);
        token
    }

    /// Sequence number of a request that has not ended, or of the next one.
    #[inline]
    pub(crate) fn sequence(&self, token: Token) -> u32 {
        // More than 2³² − 1 requests are never in flight.
        advance(self.first_sequence, u32::try_from(token.since(self.first)).unwrap_or(u32::MAX))
    }

    /// The request with this sequence number, among those that have not ended.
    #[inline]
    pub(crate) fn find(&self, sequence: u32) -> Option<Token> {
        let position = u64::from(distance(self.first_sequence, sequence));
        (sequence != 0 && position < self.count()).then(|| Token(self.first.0.wrapping_add(position)))
    }

    #[inline]
    pub(crate) fn get(&self, token: Token) -> Option<&Slot> {
        self.slots.get(self.position(token)?)
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, token: Token) -> Option<&mut Slot> {
        let position = self.position(token)?;
        self.slots.get_mut(position)
    }

    #[inline]
    fn position(&self, token: Token) -> Option<usize> {
        usize::try_from(token.0.checked_sub(self.first.0)?).ok()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Slot> {
        self.slots.iter_mut()
    }

    /// Lets go of the oldest as far as they have ended.
    #[inline]
    pub(crate) fn drop_finished(&mut self) {
        while self.slots.front().is_some_and(|slot| slot.stage == Stage::Finished) {
            self.slots.pop_front();
            self.first = self.first.after(1);
            self.first_sequence = advance(self.first_sequence, 1);
        }
    }
}

/// Tokens from `first` to `last`, both included.
pub(crate) fn span(first: Token, last: Token) -> impl Iterator<Item = Token> + use<> {
    (first.0..=last.0).map(Token)
}

/// How many sequence numbers `to` comes after `from`. 1 follows `u32::MAX`.
#[inline]
fn distance(from: u32, to: u32) -> u32 {
    to.wrapping_sub(from).wrapping_sub(u32::from(to < from))
}

/// The sequence number `by` places after `from`.
#[inline]
fn advance(from: u32, by: u32) -> u32 {
    let (sequence, wrapped) = from.overflowing_add(by);
    sequence.wrapping_add(u32::from(wrapped))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequence_numbers_wrap_and_skip_zero() {
        for (from, by, to) in
            [(1, 0, 1), (u32::MAX - 1, 1, u32::MAX), (u32::MAX, 1, 1), (u32::MAX - 3, 5, 2), (5, u32::MAX - 1, 4)]
        {
            assert_eq!((advance(from, by), distance(from, to)), (to, by), "{from} + {by}");
        }
    }

    #[test]
    fn zero_is_found_never() {
        let mut slots = Slots::new(u32::MAX);
        let tokens = [(); 3].map(|()| slots.push(Slot::new(Expect::Ack, None, 0)));
        assert_eq!(tokens.map(|token| slots.sequence(token)), [u32::MAX, 1, 2]);
        assert_eq!(
            [u32::MAX, 0, 1, 2, 3].map(|s| slots.find(s)),
            [Some(tokens[0]), None, Some(tokens[1]), Some(tokens[2]), None]
        );
    }
}
