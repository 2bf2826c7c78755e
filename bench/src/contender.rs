//! Someone who does a work.

use std::time::Instant;

use anyhow::Result;
use nix::sys::resource::UsageWho;

use crate::{measure::Usage, peers::pyroute2, work::Work};

/// Does a work with so many objects and says how many it saw or made.
type Run = fn(u32) -> Result<u64>;

/// Someone who does a work.
pub struct Contender {
    /// Name in the table.
    pub name: &'static str,
    how: How,
}

enum How {
    /// In the worker's process.
    Library(Run),
    /// As a child of the worker.
    Command(Run),
    /// pyroute2, with this part of the objects: all would take it many minutes.
    Pyroute2(u32),
}

/// A library, or we.
pub const fn library(name: &'static str, run: Run) -> Contender {
    Contender { name, how: How::Library(run) }
}

/// A command.
pub const fn command(name: &'static str, run: Run) -> Contender {
    Contender { name, how: How::Command(run) }
}

/// pyroute2, whose name says which part of the objects it gets.
pub const fn pyroute2(name: &'static str, part: u32) -> Contender {
    Contender { name, how: How::Pyroute2(part) }
}

impl Contender {
    /// How many objects it gets of so many.
    pub fn share(&self, count: u32) -> u32 {
        match self.how {
            How::Pyroute2(part) => (count / part).max(1),
            How::Library(_) | How::Command(_) => count,
        }
    }

    /// Does the work, and says how many objects there were and what it used.
    pub fn run(&self, work: Work, count: u32) -> Result<(u64, Usage)> {
        match self.how {
            How::Library(run) => measured(UsageWho::RUSAGE_SELF, || run(count)),
            How::Command(run) => measured(UsageWho::RUSAGE_CHILDREN, || run(count)),
            How::Pyroute2(_) => pyroute2::run(work, count),
        }
    }
}

fn measured(who: UsageWho, run: impl FnOnce() -> Result<u64>) -> Result<(u64, Usage)> {
    let (before, started) = (Usage::now(who)?, Instant::now());
    let done = run()?;
    let wall = started.elapsed().as_secs_f64();
    Ok((done, Usage::now(who)?.since(&before, wall)))
}
