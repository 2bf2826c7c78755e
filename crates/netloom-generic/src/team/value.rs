//! The value of an option, with its type.

use alloc::{borrow::ToOwned, string::String, vec::Vec};
use core::fmt;

use netloom_wire::{AnyWriter, Write};

use super::{OptionAttributes, OptionData, OptionWriter};

/// `NLA_*` (`net/netlink.h`), as [`OptionData`] has them.
const U32: u8 = 3;
const TEXT: u8 = 5;
const FLAG: u8 = 6;
const BYTES: u8 = 11;
const I32: u8 = 14;

/// Value of an option. Which type it has, the kernel decides for each option; it refuses another one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Value {
    /// A number.
    U32(u32),
    /// A number that may be below 0.
    I32(i32),
    /// On or off.
    Flag(bool),
    /// A text.
    Text(String),
    /// Bytes: a program, counters.
    Bytes(Vec<u8>),
    /// Of a type that this version does not know, by its number.
    Other(u8, Vec<u8>),
}

impl Value {
    /// The value that a message holds.
    pub fn of(option: &OptionAttributes) -> Self {
        let number = option.option_type().unwrap_or_default();
        match option.data() {
            Some(OptionData::U32(number)) => Self::U32(number),
            Some(OptionData::I32(number)) => Self::I32(number),
            Some(OptionData::Flag(_)) => Self::Flag(true),
            Some(OptionData::Text(text)) => Self::Text(text.to_owned()),
            Some(OptionData::Bytes(bytes)) => Self::Bytes(bytes.to_vec()),
            Some(OptionData::Other(bytes)) => Self::Other(number, bytes.to_vec()),
            None if number == FLAG => Self::Flag(false),
            None if number == BYTES => Self::Bytes(Vec::new()),
            None => Self::Other(number, Vec::new()),
        }
    }

    pub(super) fn write(&self, w: OptionWriter) -> OptionWriter {
        let data = |w: OptionWriter, number: u8, payload: &[u8]| {
            w.option_type(number).data(|w: AnyWriter| {
                let mut out = w.into_buffer();
                out.raw(payload);
                AnyWriter::from_buffer(out)
            })
        };
        match self {
            Self::U32(number) => data(w, U32, &number.to_ne_bytes()),
            Self::I32(number) => data(w, I32, &number.to_ne_bytes()),
            Self::Flag(true) => data(w, FLAG, &[]),
            Self::Flag(false) => w.option_type(FLAG),
            Self::Text(text) => data(w, TEXT, &[text.as_bytes(), &[0]].concat()),
            Self::Bytes(bytes) => data(w, BYTES, bytes),
            Self::Other(number, bytes) => data(w, *number, bytes),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::U32(number) => write!(f, "{number}"),
            Self::I32(number) => write!(f, "{number}"),
            Self::Flag(on) => write!(f, "{on}"),
            Self::Text(text) => f.write_str(text),
            Self::Bytes(bytes) | Self::Other(_, bytes) => bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}")),
        }
    }
}
