//! What a payload may be, and how it is read and written.

mod address;
mod number;
mod sequence;

use alloc::boxed::Box;

use zerocopy::{FromBytes, IntoBytes};

pub use address::{HardwareAddress, NotAHardwareAddress, Via};
pub use number::{Be16, Be32, Be64, Bitfield32, Int, Switch, Uint};
pub use sequence::{Array, Nests, Records, Values};

use crate::{Buffer, Kind};

/// A kind of payload: how it reads, writes and describes itself.
///
/// Implemented on what is behind the reference (`str`, `[u8]`, `LinkInfo`), so that [`Payload::Get`] is the type that a
/// getter shows (`&str`, `&[u8]`, `&LinkInfo`). Open: a crate may add kinds of its own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a kind of attribute",
    note = "write `Nest({Self})` for a set, `fixed!` for a struct, `open_enum!` or `flags!` for named numbers"
)]
pub trait Payload {
    /// What a getter returns.
    type Get<'a>;
    /// Description.
    const KIND: Kind;
    /// Reads; None if the payload does not fit.
    fn get(payload: &[u8]) -> Option<Self::Get<'_>>;
    /// Writes an attribute.
    fn put(value: Self::Get<'_>, number: u16, out: &mut Buffer);
}

impl Payload for str {
    type Get<'a> = &'a str;
    const KIND: Kind = Kind::String;
    #[inline]
    fn get(payload: &[u8]) -> Option<&str> {
        let text = payload.split(|byte| *byte == 0).next().unwrap_or_default();
        core::str::from_utf8(text).ok()
    }
    fn put(value: &str, number: u16, out: &mut Buffer) {
        let open = out.open(number);
        out.raw(value.as_bytes());
        out.raw(&[0]);
        out.close(open);
    }
}

impl Payload for [u8] {
    type Get<'a> = &'a [u8];
    const KIND: Kind = Kind::Bytes;
    #[inline]
    fn get(payload: &[u8]) -> Option<&[u8]> {
        Some(payload)
    }
    fn put(value: &[u8], number: u16, out: &mut Buffer) {
        out.put(number, value);
    }
}

impl<const N: usize> Payload for [u8; N] {
    type Get<'a> = [u8; N];
    const KIND: Kind = Kind::Bytes;
    fn get(payload: &[u8]) -> Option<Self> {
        payload.try_into().ok()
    }
    fn put(value: Self, number: u16, out: &mut Buffer) {
        out.put(number, &value);
    }
}

impl Payload for bool {
    type Get<'a> = Self;
    const KIND: Kind = Kind::Flag;
    fn get(_: &[u8]) -> Option<Self> {
        Some(true)
    }
    fn put(value: Self, number: u16, out: &mut Buffer) {
        if value {
            out.put(number, &[]);
        }
    }
}

/// Reads a fixed struct: a longer payload is cut, a shorter one zero-filled.
pub fn read_prefix<T: FromBytes + IntoBytes>(payload: &[u8]) -> T {
    let mut value = T::new_zeroed();
    copy_prefix(value.as_mut_bytes(), payload);
    value
}

/// Copies as much as both have.
fn copy_prefix(to: &mut [u8], from: &[u8]) {
    let length = to.len().min(from.len());
    if let (Some(to), Some(from)) = (to.get_mut(..length), from.get(..length)) {
        to.copy_from_slice(from);
    }
}

/// Copies `bytes` into a box of an unsized view whose fixed part has `fixed` bytes; None if they are shorter.
#[doc(hidden)]
pub fn boxed_view<T>(bytes: &[u8], fixed: usize) -> Option<Box<T>>
where
    T: FromBytes + IntoBytes + zerocopy::KnownLayout<PointerMetadata = usize> + ?Sized,
{
    let mut owned = T::new_box_zeroed_with_elems(bytes.len().checked_sub(fixed)?).ok()?;
    owned.as_mut_bytes().copy_from_slice(bytes);
    Some(owned)
}
