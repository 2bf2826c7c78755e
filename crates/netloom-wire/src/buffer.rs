//! Writing attributes.

use alloc::vec::Vec;
use core::{error, fmt};

use zerocopy::{Immutable, IntoBytes};

use crate::{TLV_HEADER, TYPE_MASK, Write, align};

/// A payload did not fit the 16 bits of its length: 65,531 bytes at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// Number of the attribute.
    pub number: u16,
    /// Length of the payload that was asked for, in bytes.
    pub length: usize,
}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "attribute {} would be {} bytes long, the limit is 65531", self.number, self.length)
    }
}
impl error::Error for TooLong {}

/// Bytes being written. The first error stays and is told by [`Buffer::finish`].
#[derive(Clone, Default)]
pub struct Buffer {
    bytes: Vec<u8>,
    error: Option<TooLong>,
}

/// Not the bytes: there may be keys among them.
impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Buffer").field("length", &self.bytes.len()).field("error", &self.error).finish()
    }
}

impl Buffer {
    /// An empty buffer.
    pub const fn new() -> Self {
        Self { bytes: Vec::new(), error: None }
    }

    /// Continues after `bytes`, whose length should be a multiple of 4.
    pub const fn after(bytes: Vec<u8>) -> Self {
        Self { bytes, error: None }
    }

    /// What has been written so far.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Length in bytes of what has been written so far.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nothing has been written.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Appends an attribute and its padding.
    #[inline]
    pub fn put(&mut self, raw_type: u16, payload: &[u8]) {
        let Ok(length) = u16::try_from(payload.len().saturating_add(TLV_HEADER)) else {
            return self.fail(raw_type, payload.len());
        };
        self.bytes.extend_from_slice(&length.to_ne_bytes());
        self.bytes.extend_from_slice(&raw_type.to_ne_bytes());
        self.bytes.extend_from_slice(payload);
        self.pad();
    }

    /// Begins an attribute whose payload follows; its length is 0xffff until [`Buffer::close`].
    pub fn open(&mut self, raw_type: u16) -> Open {
        let at = self.bytes.len();
        self.bytes.extend_from_slice(&[0xff, 0xff]);
        self.bytes.extend_from_slice(&raw_type.to_ne_bytes());
        Open { at, raw_type }
    }

    /// Ends what [`Buffer::open`] began: sets its length.
    pub fn close(&mut self, open: Open) {
        let length = self.bytes.len().saturating_sub(open.at);
        match (u16::try_from(length), self.bytes.get_mut(open.at..open.at.saturating_add(2))) {
            (Ok(length), Some(field)) => field.copy_from_slice(&length.to_ne_bytes()),
            _ => self.fail(open.raw_type, length.saturating_sub(TLV_HEADER)),
        }
        self.pad();
    }

    /// Appends bytes as they are.
    #[inline]
    pub fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Overwrites the last bytes with these.
    pub(crate) fn replace_end(&mut self, bytes: &[u8]) {
        let at = self.bytes.len().saturating_sub(bytes.len());
        if let Some(end) = self.bytes.get_mut(at..).filter(|end| end.len() == bytes.len()) {
            end.copy_from_slice(bytes);
        }
    }

    /// Appends what another buffer holds, its error with it.
    pub fn append(&mut self, other: &Self) {
        self.bytes.extend_from_slice(&other.bytes);
        self.error = self.error.or(other.error);
    }

    /// Appends a record that begins with its own 16-bit length, sets that, and pads to 4 bytes.
    pub fn record(&mut self, bytes: &[u8]) {
        let Ok(length) = u16::try_from(bytes.len()) else { return self.fail(0, bytes.len()) };
        self.bytes.extend_from_slice(&length.to_ne_bytes());
        self.bytes.extend_from_slice(bytes.get(2..).unwrap_or_default());
        self.pad();
    }

    /// Appends a message's header and the attributes that `build` writes.
    #[inline]
    pub fn message<W: Write>(&mut self, header: impl IntoBytes + Immutable, build: impl FnOnce(W) -> W) {
        self.bytes.extend_from_slice(header.as_bytes());
        let buffer = core::mem::take(self);
        *self = build(W::from_buffer(buffer)).into_buffer();
    }

    /// Overwrites bytes that were written before, as for a length known only at the end; nothing past the end.
    pub fn patch(&mut self, at: usize, bytes: &[u8]) {
        if let Some(field) = self.bytes.get_mut(at..at.saturating_add(bytes.len())) {
            field.copy_from_slice(bytes);
        }
    }

    /// Forgets what was written after the first `length` bytes, and any error with it.
    pub fn truncate(&mut self, length: usize) {
        self.bytes.truncate(length);
        self.error = None;
    }

    /// The first payload that did not fit, if there is one; it stays in the buffer.
    pub fn error(&self) -> Option<TooLong> {
        self.error
    }

    /// The bytes, or the first payload that did not fit.
    pub fn finish(self) -> Result<Vec<u8>, TooLong> {
        self.error.map_or(Ok(self.bytes), Err)
    }

    /// Pads with zeros to a multiple of 4 bytes.
    #[inline]
    pub fn pad(&mut self) {
        let (length, end) = (self.bytes.len(), align(self.bytes.len()));
        if end != length {
            self.bytes.resize(end, 0);
        }
    }

    #[cold]
    fn fail(&mut self, raw_type: u16, length: usize) {
        self.error.get_or_insert(TooLong { number: raw_type & TYPE_MASK, length });
    }
}

/// An attribute that is still being written.
#[must_use]
#[derive(Debug)]
pub struct Open {
    at: usize,
    raw_type: u16,
}
