//! Removing all that the words of a command mean.

use crate::context::Context;
use crate::failure::Outcome;
use netloom::Rtnetlink;
use netloom::state::{Flush, Matching, Removable};
use netloom::wire::{Dump, Request};

/// Removes what is listed and passes; with `once`, what that brings forth stays. With `-s` it says how many went.
pub(crate) fn flush<L>(
    cx: &mut Context,
    list: L,
    passes: impl Fn(&L::Reply) -> bool + Send + Sync,
    once: bool,
) -> Outcome
where
    L: Request<Family = Rtnetlink, Kind = Dump>,
    L::Reply: Removable + ToOwned<Owned = Box<L::Reply>>,
{
    let flush = Flush::new(Matching::new(list, passes));
    let flush = match cx.options.loops {
        _ if once => flush.once(),
        None => flush,
        // As in iproute2: no bound.
        Some(0) => flush.rounds(usize::MAX),
        Some(loops) => flush.rounds(loops),
    };
    let gone = cx.run(&flush)?;
    if cx.options.statistics > 0 {
        match gone {
            0 => writeln!(cx.out(), "Nothing to flush.")?,
            gone => writeln!(cx.out(), "*** Flush is complete, {gone} deleted ***")?,
        }
    }
    Ok(())
}
