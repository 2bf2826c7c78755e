//! Deleting many objects: in rounds, because the kernel may make others of those that are deleted.

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use netloom::Rtnetlink;
use netloom::wire::{Command, Driver, Operation, Report, Request, Result};

/// How often iproute2 tries.
const ROUNDS: u32 = 10;

/// Deletes, many requests in flight.
struct DeleteAll<R>(Vec<R>);

impl<R: Request<Family = Rtnetlink, Kind = Command> + Clone> Operation for DeleteAll<R> {
    type Family = Rtnetlink;
    type Output = Report;
    async fn perform<D: Driver<Family = Rtnetlink>>(&self, io: &mut D) -> Result<Report> {
        io.many(self.0.iter().cloned(), |_, _| ()).await
    }
}

/// Deletes what `find` finds, until it finds nothing; with `once` one round only. What is gone already is no failure.
pub(crate) fn flush<R: Request<Family = Rtnetlink, Kind = Command> + Clone>(
    cx: &mut Context,
    what: &str,
    once: bool,
    mut find: impl FnMut(&mut Context) -> Result<Vec<R>, Failure>,
) -> Outcome {
    let talkative = cx.options.statistics > 0;
    for round in 0..ROUNDS {
        let found = find(cx)?;
        let count = found.len();
        if count > 0 {
            let report = cx.run(&DeleteAll(found))?;
            if let Some((_, error)) = report.failures.into_iter().find(|(_, error)| !error.is_not_found()) {
                return Err(Failure::from(error));
            }
            if talkative {
                writeln!(cx.out(), "\n*** Round {}, deleting {count} {what} ***", round + 1)?;
            }
        }
        if count == 0 || once {
            if talkative {
                match round {
                    0 if count == 0 => writeln!(cx.out(), "Nothing to flush.")?,
                    _ => writeln!(cx.out(), "*** Flush is complete after {} rounds ***", round + u32::from(once))?,
                }
            }
            return Ok(());
        }
    }
    Err(Failure::Failed(format!("*** Flush remains incomplete after {ROUNDS} rounds. ***")))
}
