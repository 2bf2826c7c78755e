//! Reading all objects of a sort.

use netloom_wire::{Driver, Result};

use super::{Table, Watched};
use crate::Rtnetlink;

/// How often an interrupted reading is tried again.
const ATTEMPTS: usize = 8;

/// All objects of a sort, as they were read.
pub(super) struct Reading<T: Watched + ?Sized> {
    pub(super) found: Table<T>,
    /// Nothing changed meanwhile.
    pub(super) complete: bool,
}

impl<T: Watched + ?Sized> Reading<T> {
    /// Reads, again and again while changes interrupt or an answer is lost for want of room, but not for ever.
    pub(super) async fn of<D: Driver<Family = Rtnetlink>>(io: &mut D) -> Result<Self> {
        let mut left = ATTEMPTS;
        loop {
            left = left.saturating_sub(1);
            let mut found = Table::default();
            let read = T::read(io, |object| {
                if object.is_watched() {
                    found.collect(object);
                }
            });
            match read.await {
                // The buffer has grown since, or has room again.
                Err(problem) if left > 0 && problem.is_lost_answer() => {}
                Err(problem) => return Err(problem),
                Ok(done) if done.interrupted && left > 0 => {}
                Ok(done) => return Ok(Self { found, complete: !done.interrupted }),
            }
        }
    }
}
