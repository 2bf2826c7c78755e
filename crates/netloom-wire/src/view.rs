//! What every view has, whatever its table.

use alloc::boxed::Box;
use core::{fmt, marker::PhantomData};

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use crate::{Buffer, DecodeError, Fields, Layout, NESTED, Payload, Set, Struct, Tlv, Tlvs, TooLong};

/// The writer that belongs to a view.
pub type Writer<T> = <T as View>::Writer;

/// An unsized view over bytes: a set of attributes, or a header and a set.
///
/// Made by [`attributes!`](crate::attributes) and [`message!`](crate::message) only; not meant to be implemented by hand.
pub trait View: FromBytes + Immutable + KnownLayout<PointerMetadata = usize> + Send + Sync + 'static {
    /// The table of its attributes.
    fn set() -> &'static Set;
    /// Fixed part before them.
    const HEADER: Option<&'static Struct> = None;
    /// Both.
    fn layout() -> &'static Layout {
        const { &Layout { header: Self::HEADER, set: Self::set } }
    }
    /// Writes the attributes.
    type Writer: Write;

    /// Sees `bytes` as this; None if shorter than the header. Costs nothing and needs no alignment.
    #[inline]
    fn view(bytes: &[u8]) -> Option<&Self> {
        Self::ref_from_bytes(bytes).ok()
    }

    /// The bytes, header and all.
    fn bytes(&self) -> &[u8];

    /// A copy that owns; None if `bytes` are shorter than the header.
    fn boxed(bytes: &[u8]) -> Option<Box<Self>>;

    /// Shows what every getter returns.
    #[cfg(feature = "getters")]
    #[doc(hidden)]
    fn getters(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// Name-value tree: what Debug and JSON are made of.
    fn fields(&self) -> Fields<'_> {
        Fields::new(Self::layout(), self.bytes())
    }

    /// All attributes, as they lie.
    fn tlvs(&self) -> Tlvs<'_> {
        Tlvs::new(self.bytes().get(Self::HEADER.map_or(0, |h| h.size)..).unwrap_or_default())
    }

    /// Attributes that the table does not know.
    fn unknown(&self) -> impl Iterator<Item = Tlv<'_>> {
        self.tlvs().filter(|t| Self::set().get(t.number()).is_none())
    }

    /// Says what is wrong and where, with all nests.
    fn check(&self) -> Result<(), DecodeError> {
        crate::check(Self::layout(), self.bytes())
    }
}

/// Debug of every view: its tree; with the feature `getters`, `{:-?}` calls the getters instead.
#[doc(hidden)]
pub fn debug_view<T: View + ?Sized>(view: &T, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    #[cfg(feature = "getters")]
    if f.sign_minus() {
        return view.getters(f);
    }
    fmt::Debug::fmt(&view.fields(), f)
}

/// What [`MessageType`](crate::MessageType) has for a view.
#[doc(hidden)]
pub fn call_getters<T: View + ?Sized>(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    #[cfg(feature = "getters")]
    if let Some(view) = T::view(bytes) {
        return view.getters(f);
    }
    let _ = (bytes, f);
    Ok(())
}

/// A view that begins with a header.
pub trait Message: View {
    /// The header.
    type Header: IntoBytes + Immutable + Default;

    /// Makes a message of a header and of attributes; [`TooLong`] if one does not fit its 16-bit length.
    fn build(
        header: Self::Header,
        attributes: impl FnOnce(Writer<Self>) -> Writer<Self>,
    ) -> Result<Box<Self>, TooLong> {
        let mut buffer = Buffer::new();
        buffer.message(header, attributes);
        let bytes = buffer.finish()?;
        // The header was written above, so the bytes are long enough.
        Self::boxed(&bytes).ok_or(TooLong { number: 0, length: bytes.len() })
    }
}

/// A writer of attributes: a named shell around a [`Buffer`].
pub trait Write: Sized {
    /// Continues a buffer.
    fn from_buffer(buffer: Buffer) -> Self;
    /// Gives it back.
    fn into_buffer(self) -> Buffer;

    /// Appends an attribute that the table does not know.
    #[must_use]
    fn put(self, raw_type: u16, payload: &[u8]) -> Self {
        let mut buffer = self.into_buffer();
        buffer.put(raw_type, payload);
        Self::from_buffer(buffer)
    }

    /// Appends attributes as they are, from [`View::tlvs`], flag bits and all.
    #[must_use]
    fn copy<'a>(self, tlvs: impl IntoIterator<Item = Tlv<'a>>) -> Self {
        let mut buffer = self.into_buffer();
        tlvs.into_iter().for_each(|t| buffer.put(t.raw_type, t.payload));
        Self::from_buffer(buffer)
    }

    /// Appends attributes that were written before, and whether one of them did not fit.
    #[must_use]
    fn append(self, written: &Buffer) -> Self {
        let mut buffer = self.into_buffer();
        buffer.append(written);
        Self::from_buffer(buffer)
    }

    /// Appends what `build` writes if there is a `value`.
    #[must_use]
    fn some<T>(self, value: Option<T>, build: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => build(self, value),
            None => self,
        }
    }

    /// Appends an attribute written by `build`.
    #[must_use]
    fn nest<W: Write>(self, raw_type: u16, build: impl FnOnce(W) -> W) -> Self {
        let mut buffer = self.into_buffer();
        let open = buffer.open(raw_type);
        let mut buffer = build(W::from_buffer(buffer)).into_buffer();
        buffer.close(open);
        Self::from_buffer(buffer)
    }
}

/// Writes attributes of no particular set.
#[derive(Debug, Default)]
#[must_use]
pub struct AnyWriter(Buffer);

impl Write for AnyWriter {
    fn from_buffer(buffer: Buffer) -> Self {
        Self(buffer)
    }
    fn into_buffer(self) -> Buffer {
        self.0
    }
}

/// Writes a list: attributes numbered from 1, each with a payload of the same kind.
pub struct ListWriter<T: ?Sized> {
    buffer: Buffer,
    next: u16,
    of: PhantomData<fn(&T)>,
}

impl<T: ?Sized> fmt::Debug for ListWriter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListWriter").field("buffer", &self.buffer).field("next", &self.next).finish()
    }
}

impl<T: View + ?Sized> ListWriter<T> {
    /// Appends a nest.
    #[must_use]
    pub fn item(self, build: impl FnOnce(Writer<T>) -> Writer<T>) -> Self {
        let next = self.next;
        Self { next: next.saturating_add(1), ..self.nest(next | NESTED, build) }
    }
}

impl<T: Payload + ?Sized> ListWriter<T> {
    /// Appends a value.
    #[must_use]
    pub fn value(mut self, value: T::Get<'_>) -> Self {
        T::put(value, self.next, &mut self.buffer);
        Self { next: self.next.saturating_add(1), ..self }
    }

    /// The next item gets this number instead of the one that follows.
    #[must_use]
    pub fn at(self, number: u16) -> Self {
        Self { next: number, ..self }
    }
}

impl<T: ?Sized> Write for ListWriter<T> {
    fn from_buffer(buffer: Buffer) -> Self {
        Self { buffer, next: 1, of: PhantomData }
    }
    fn into_buffer(self) -> Buffer {
        self.buffer
    }
}
