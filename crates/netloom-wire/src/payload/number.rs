//! Numbers.

use core::fmt;

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::Payload;
use crate::{Buffer, Kind};

macro_rules! native { ($($type:ident $kind:ident,)*) => { $(
    impl Payload for $type {
        type Get<'a> = $type;
        const KIND: Kind = Kind::$kind;
        #[inline]
        fn get(payload: &[u8]) -> Option<$type> {
            Some($type::from_ne_bytes(payload.try_into().ok()?))
        }
        #[inline]
        fn put(value: $type, number: u16, out: &mut Buffer) {
            out.put(number, &value.to_ne_bytes());
        }
    }
)* } }
native! { u8 U8, u16 U16, u32 U32, u64 U64, i8 I8, i16 I16, i32 I32, i64 I64, }

macro_rules! big_endian { ($($(#[$doc:meta])* $type:ident $inner:ident $bytes:literal,)*) => { $(
    $(#[$doc])*
    #[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
    #[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
    #[repr(transparent)]
    pub struct $type([u8; $bytes]);

    impl $type {
        /// The number.
        pub const fn get(self) -> $inner {
            $inner::from_be_bytes(self.0)
        }
        /// In network byte order.
        pub const fn new(value: $inner) -> Self {
            Self(value.to_be_bytes())
        }
    }
    impl Payload for $type {
        type Get<'a> = $inner;
        const KIND: Kind = Kind::$type;
        #[inline]
        fn get(payload: &[u8]) -> Option<$inner> {
            Some($inner::from_be_bytes(payload.try_into().ok()?))
        }
        #[inline]
        fn put(value: $inner, number: u16, out: &mut Buffer) {
            out.put(number, &value.to_be_bytes());
        }
    }
    impl From<$inner> for $type {
        fn from(value: $inner) -> Self {
            Self::new(value)
        }
    }
    impl From<$type> for $inner {
        fn from(value: $type) -> Self {
            value.get()
        }
    }
    impl fmt::Debug for $type {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.get().fmt(f)
        }
    }
)* } }
big_endian! {
    /// 16 bits in network byte order. A getter shows, and a writer takes, a plain `u16`; in a struct this is the member's type.
    Be16 u16 2,
    /// 32 bits in network byte order. A getter shows, and a writer takes, a plain `u32`; in a struct this is the member's type.
    Be32 u32 4,
    /// 64 bits in network byte order. A getter shows, and a writer takes, a plain `u64`; in a struct this is the member's type.
    Be64 u64 8,
}

macro_rules! variable { ($($(#[$doc:meta])* $name:ident $wide:ident $narrow:ident,)*) => { $(
    $(#[$doc])*
    #[derive(Clone, Copy, Debug)]
    pub enum $name {}
    impl Payload for $name {
        type Get<'a> = $wide;
        const KIND: Kind = Kind::$name;
        fn get(payload: &[u8]) -> Option<$wide> {
            $narrow::get(payload).map(Into::into).or_else(|| $wide::get(payload))
        }
        fn put(value: $wide, number: u16, out: &mut Buffer) {
            match $narrow::try_from(value) {
                Ok(narrow) => $narrow::put(narrow, number, out),
                Err(_) => $wide::put(value, number, out),
            }
        }
    }
)* } }
variable! {
    /// An unsigned number of 4 or 8 bytes (`NLA_UINT`): written as short as it fits.
    Uint u64 u32,
    /// A signed number of 4 or 8 bytes (`NLA_SINT`): written as short as it fits.
    Int i64 i32,
}

/// A byte that is on or off: written as 1 or 0, anything but 0 reads as true.
#[derive(Clone, Copy, Debug)]
pub enum Switch {}

impl Payload for Switch {
    type Get<'a> = bool;
    const KIND: Kind = Kind::U8;
    #[inline]
    fn get(payload: &[u8]) -> Option<bool> {
        u8::get(payload).map(|byte| byte != 0)
    }
    fn put(value: bool, number: u16, out: &mut Buffer) {
        u8::put(value.into(), number, out);
    }
}

/// Bits and which of them count (`struct nla_bitfield32`, `linux/netlink.h`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bitfield32 {
    /// The bits.
    pub value: u32,
    /// Which bits of `value` are meant.
    pub selector: u32,
}

impl Payload for Bitfield32 {
    type Get<'a> = Self;
    const KIND: Kind = Kind::Bitfield32;
    fn get(payload: &[u8]) -> Option<Self> {
        let (value, selector) = payload.split_first_chunk::<4>()?;
        Some(Self { value: u32::from_ne_bytes(*value), selector: u32::get(selector)? })
    }
    fn put(value: Self, number: u16, out: &mut Buffer) {
        let open = out.open(number);
        out.raw(&value.value.to_ne_bytes());
        out.raw(&value.selector.to_ne_bytes());
        out.close(open);
    }
}
