//! `-echo`: what an order did, in the kernel's words.

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::monitor;
use crate::out::Record;
use netloom::wire::{Buffer, Command, Echo, Request, View as _};
use netloom::{ErrorKind, Rtnetlink};

/// An order whose notification comes back to who gave it.
struct Echoed<'a, R>(&'a R);

impl<R: Request<Family = Rtnetlink, Kind = Command>> Request for Echoed<'_, R> {
    type Family = Rtnetlink;
    type Body = R::Body;
    type Reply = R::Reply;
    type Kind = Echo;
    const COMMAND: u16 = R::COMMAND;
    /// The notification has the order's own type, also where it deletes.
    const REPLY: u16 = R::COMMAND;
    const VERB: &'static str = R::VERB;
    const SLOW: bool = R::SLOW;

    fn flags(&self) -> u16 {
        self.0.flags()
    }
    fn write(&self, out: &mut Buffer) {
        self.0.write(out);
    }
}

/// Runs the order and prints what the kernel echoes. Of routes and neighbours it echoes nothing: then nothing is printed.
pub(crate) fn run<R>(cx: &mut Context, order: &R) -> Outcome
where
    R: Request<Family = Rtnetlink, Kind = Command>,
{
    let made = match cx.run(&Echoed(order)) {
        Err(Failure::Kernel(error)) if error.kind() == ErrorKind::NoReply => return Ok(()),
        made => made?,
    };
    let mut record = Record::new();
    monitor::describe_message(cx, R::COMMAND, made.bytes(), &mut record)?;
    let mut list = cx.list();
    list.push(record)?;
    list.finish()
}
