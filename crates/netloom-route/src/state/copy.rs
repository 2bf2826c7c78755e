//! Orders made of the bytes of an object.

use alloc::{borrow::ToOwned, boxed::Box};
use core::{fmt, marker::PhantomData};

use netloom_wire::{Buffer, Command, Request, View};

use super::{Presentable, Removable};
use crate::Rtnetlink;

/// Removes just this object: what the kernel said of it is sent back with the type of the order.
///
/// ```
/// use netloom_route::{neighbour::Neighbour, state::Removal};
///
/// fn removal(stale: &Neighbour) -> Removal<Neighbour> {
///     Removal::of(stale)
/// }
/// ```
pub struct Removal<T: Removable + ?Sized>(Box<T>);

impl<T: Removable + ToOwned<Owned = Box<T>> + ?Sized> Removal<T> {
    /// Of an object that was read.
    pub fn of(object: &T) -> Self {
        Self(object.to_owned())
    }
}

impl<T: Removable + ?Sized> fmt::Debug for Removal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Removal").field(&self.0.fields()).finish()
    }
}

impl<T: Removable + ?Sized> Request for Removal<T> {
    type Family = Rtnetlink;
    type Body = T;
    type Reply = T;
    type Kind = Command;
    const COMMAND: u16 = T::REMOVE;
    const REPLY: u16 = T::SET;
    const VERB: &'static str = "delete";
    const SLOW: bool = T::SLOW;

    fn write(&self, out: &mut Buffer) {
        self.0.write_removal(out);
    }
}

/// An order's own body again, as a change of what is there.
pub(super) struct Update<'a, A: Presentable> {
    body: &'a [u8],
    of: PhantomData<fn() -> A>,
}

impl<'a, A: Presentable> Update<'a, A> {
    pub(super) fn new(body: &'a A::Body) -> Self {
        Self { body: body.bytes(), of: PhantomData }
    }
}

impl<A: Presentable> Request for Update<'_, A> {
    type Family = Rtnetlink;
    type Body = A::Body;
    type Reply = A::Reply;
    type Kind = Command;
    const COMMAND: u16 = A::COMMAND;
    const REPLY: u16 = A::REPLY;
    const VERB: &'static str = "update";
    const SLOW: bool = A::SLOW;

    fn flags(&self) -> u16 {
        A::UPDATE
    }
    fn write(&self, out: &mut Buffer) {
        out.raw(self.body);
    }
}
