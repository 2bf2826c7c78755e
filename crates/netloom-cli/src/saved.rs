//! Files of objects as the kernel tells them, behind iproute2's mark: `save`, `restore` and `showdump`.

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use netloom::Rtnetlink;
use netloom::watch::Watched;
use netloom::wire::{Buffer, Command, List, Messages, Request, nlmsg, zerocopy::IntoBytes as _};
use std::io::{BufWriter, IsTerminal as _, Read as _, Write as _};

/// The files of one sort of object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    /// What a file begins with, in the machine's byte order.
    pub(crate) mark: u32,
    /// What is in it: `routes`.
    pub(crate) what: &'static str,
    /// What it is to read another file: iproute2's exit codes differ.
    pub(crate) refusal: fn(String) -> Failure,
}

impl Form {
    /// Writes objects to standard output.
    pub(crate) fn save<'a, T: Watched + ?Sized + 'a>(self, objects: impl Iterator<Item = &'a T>) -> Outcome {
        let Self { mark, what, .. } = self;
        if std::io::stdout().is_terminal() {
            return Err(Failure::Failed(format!("{what} are not saved to a terminal; redirect the output to a file")));
        }
        // Not by way of the context, whose output is for people: it drops what would colour.
        let mut out = BufWriter::new(std::io::stdout().lock());
        out.write_all(&mark.to_ne_bytes())?;
        for object in objects {
            let bytes = object.bytes();
            let length = nlmsg::HEADER + bytes.len();
            let written = u32::try_from(length).map_err(|_| {
                Failure::Failed(format!("{what} are not saved: a message of {length} bytes is too long"))
            })?;
            out.write_all(nlmsg::Header::new(written, T::COMMANDS.0, nlmsg::MULTI, 0, 0).as_bytes())?;
            out.write_all(bytes)?;
            out.write_all([0; 3].get(..nlmsg::align(length).saturating_sub(length)).unwrap_or_default())?;
        }
        Ok(out.flush()?)
    }

    /// The objects on standard input.
    pub(crate) fn read<T: Watched + ?Sized>(self) -> Result<List<T>, Failure> {
        let Self { mark: expected, what, refusal } = self;
        let mut input = std::io::stdin().lock();
        let (mut mark, mut bytes) = ([0; 4], Vec::new());
        let whole = input.read_exact(&mut mark).is_ok() && u32::from_ne_bytes(mark) == expected;
        if !whole {
            return Err(refusal(format!("standard input is no file of saved {what}")));
        }
        input.read_to_end(&mut bytes)?;
        let mut messages = Messages::new(&bytes);
        let mut objects = List::new();
        for message in messages.by_ref().filter(|message| message.header.command() == T::COMMANDS.0) {
            if let Some(object) = T::view(message.payload) {
                objects.push(object);
            }
        }
        match messages.rest() {
            [] => Ok(objects),
            _ => Err(Failure::Failed(format!("the file of saved {what} is cut"))),
        }
    }
}

/// The order that makes a saved object again: what the kernel said of it, said to the kernel.
#[derive(Debug)]
pub(crate) struct Again<'a, T: ?Sized>(pub(crate) &'a T);

impl<T: Watched + ?Sized> Request for Again<'_, T> {
    type Family = Rtnetlink;
    type Body = T;
    type Reply = T;
    type Kind = Command;
    const COMMAND: u16 = T::COMMANDS.0;
    const REPLY: u16 = T::COMMANDS.0;
    const VERB: &'static str = "restore";

    fn flags(&self) -> u16 {
        nlmsg::CREATE
    }
    fn write(&self, out: &mut Buffer) {
        out.raw(self.0.bytes());
    }
}

/// Gives the order that makes a saved object again; that it is there already is no failure.
pub(crate) fn restore<R: Request<Family = Rtnetlink, Kind = Command>>(cx: &mut Context, order: &R) -> Outcome {
    match cx.run(order) {
        Err(Failure::Kernel(error)) if error.is_exists() => Ok(()),
        outcome => outcome,
    }
}
