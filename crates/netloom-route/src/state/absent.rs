//! Making sure that something is not there.

use netloom_wire::{Command, Driver, Operation, Request, Result};

use super::Outcome;
use crate::Rtnetlink;

/// Makes sure that what an order would delete is not there; that it is not is no error.
///
/// ```no_run
/// use netloom_route::{Rtnetlink, link, state::{Absent, Outcome}};
/// use netloom_wire::{Driver, Operation, Result};
///
/// async fn tidy(io: &mut impl Driver<Family = Rtnetlink>) -> Result<bool> {
///     Ok(Absent::new(link::Delete::new("v0")).perform(io).await? != Outcome::Unchanged)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Absent<D>(D);

impl<D: Request<Family = Rtnetlink, Kind = Command>> Absent<D> {
    /// By this order.
    pub fn new(delete: D) -> Self {
        Self(delete)
    }
}

impl<D: Request<Family = Rtnetlink, Kind = Command>> Operation for Absent<D> {
    type Family = Rtnetlink;
    type Output = Outcome;

    async fn perform<I: Driver<Family = Rtnetlink>>(&self, io: &mut I) -> Result<Outcome> {
        match io.one(&self.0, |_| ()).await {
            Ok(()) => Ok(Outcome::Removed),
            Err(problem) if problem.is_not_found() => Ok(Outcome::Unchanged),
            Err(problem) => Err(problem),
        }
    }
}
