//! Removing all that the words of a command mean.

use crate::context::Context;
use crate::failure::Outcome;
use netloom::Rtnetlink;
use netloom::state::{Flush, Removable};
use netloom::wire::{Buffer, Dump, Errno, Request};

/// A list of which only those count that a filter of the command passes.
struct Filtered<L, F> {
    list: L,
    passes: F,
}

impl<L, F> Request for Filtered<L, F>
where
    L: Request<Family = Rtnetlink, Kind = Dump>,
    F: Fn(&L::Reply) -> bool + Send + Sync,
{
    type Family = Rtnetlink;
    type Body = L::Body;
    type Reply = L::Reply;
    type Kind = Dump;
    const COMMAND: u16 = L::COMMAND;
    const REPLY: u16 = L::REPLY;
    const VERB: &'static str = L::VERB;

    fn flags(&self) -> u16 {
        self.list.flags()
    }
    fn write(&self, out: &mut Buffer) {
        self.list.write(out);
    }
    fn accepts(&self, reply: &L::Reply) -> bool {
        self.list.accepts(reply) && (self.passes)(reply)
    }
    fn is_empty(errno: Errno) -> bool {
        L::is_empty(errno)
    }
}

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
    let flush = Flush::new(Filtered { list, passes });
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
