//! Removing all that a list names.

use alloc::{borrow::ToOwned, boxed::Box, vec::Vec};

use netloom_wire::{Buffer, Driver, Dump, Error, Object, Operation, Request, Result, collect};

use super::Removal;
use crate::Rtnetlink;

/// How often what is left is removed again: removing one thing may bring another forth.
const ROUNDS: usize = 10;

/// An object that can be removed by what the kernel says of it.
pub trait Removable: Object {
    /// Message type that removes it.
    const REMOVE: u16;
    /// Message type that the kernel speaks of it with.
    const SET: u16;
    /// Removing it holds the kernel for long.
    const SLOW: bool = false;

    /// Writes the body of the order; by default all that the kernel said.
    fn write_removal(&self, out: &mut Buffer) {
        out.raw(self.bytes());
    }

    /// Whether it can be removed at all.
    fn is_removable(&self) -> bool {
        true
    }
}

/// Removes all that a list names; says how many went.
///
/// ```no_run
/// use netloom_route::{Rtnetlink, address, state::Flush};
/// use netloom_wire::{Driver, Operation, Result};
///
/// async fn bare(device: u32, io: &mut impl Driver<Family = Rtnetlink>) -> Result<u64> {
///     Flush::new(address::List::all().device(device)).perform(io).await
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Flush<L> {
    list: L,
    rounds: usize,
}

impl<L: Request<Family = Rtnetlink, Kind = Dump>> Flush<L> {
    /// Of this list.
    pub fn new(list: L) -> Self {
        Self { list, rounds: ROUNDS }
    }

    /// Gives up after so many rounds of listing and removing, 10 if nothing is said.
    #[must_use]
    pub fn rounds(self, rounds: usize) -> Self {
        Self { rounds, ..self }
    }

    /// What the removals bring forth stays, as a secondary address that becomes the primary one.
    #[must_use]
    pub fn once(self) -> Self {
        Self { rounds: 1, ..self }
    }
}

impl<L> Operation for Flush<L>
where
    L: Request<Family = Rtnetlink, Kind = Dump>,
    L::Reply: Removable + ToOwned<Owned = Box<L::Reply>>,
{
    type Family = Rtnetlink;
    type Output = u64;

    async fn perform<D: Driver<Family = Rtnetlink>>(&self, io: &mut D) -> Result<u64> {
        let mut gone = 0;
        for _ in 0..self.rounds {
            let (doomed, _) = collect(&self.list, io, |doomed: &mut Vec<_>, object| {
                if object.is_removable() {
                    doomed.push(Removal::of(object));
                }
            })
            .await?;
            if doomed.is_empty() {
                return Ok(gone);
            }
            let report = io.many(doomed.into_iter(), |_, _| ()).await?;
            // Some go with another: a secondary address with its primary.
            let (absent, failed): (Vec<_>, Vec<_>) =
                report.failures.into_iter().map(|(_, problem)| problem).partition(Error::is_not_found);
            let removed = report.total.saturating_sub(u64::try_from(absent.len()).unwrap_or_default());
            if let Some(problem) = failed.into_iter().next() {
                return Err(problem);
            }
            gone = gone.saturating_add(removed);
            if removed == 0 {
                return Ok(gone);
            }
        }
        Ok(gone)
    }
}
