//! Lists by anything that can be said of an object.

use core::fmt;

use netloom_wire::{Buffer, Dump, Errno, Request};

use crate::Rtnetlink;

/// A list of which only those objects count that a function accepts: a look-up by any attribute. It runs, streams and is
/// [flushed](super::Flush) as the list is.
///
/// ```no_run
/// use netloom_route::{Rtnetlink, link::{self, Link}, state::Matching};
/// use netloom_wire::{Driver, Operation, Result};
///
/// /// The index of the link that a person means by this text.
/// async fn described(text: &str, io: &mut impl Driver<Family = Rtnetlink>) -> Result<Option<u32>> {
///     let found = Matching::new(link::List::all(), |link: &Link| link.ifalias() == Some(text)).perform(io).await?;
///     Ok(found.first().map(Link::index))
/// }
/// ```
#[derive(Clone)]
pub struct Matching<L, F> {
    list: L,
    accepts: F,
}

impl<L, F> Matching<L, F>
where
    L: Request<Family = Rtnetlink, Kind = Dump>,
    F: Fn(&L::Reply) -> bool + Send + Sync,
{
    /// Those of `list` that `accepts` is true of. What the list can filter by, the kernel may be told: that is cheaper.
    pub fn new(list: L, accepts: F) -> Self {
        Self { list, accepts }
    }
}

impl<L: fmt::Debug, F> fmt::Debug for Matching<L, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Matching").field("list", &self.list).finish_non_exhaustive()
    }
}

impl<L, F> Request for Matching<L, F>
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
        self.list.accepts(reply) && (self.accepts)(reply)
    }
    fn is_empty(errno: Errno) -> bool {
        L::is_empty(errno)
    }
}
