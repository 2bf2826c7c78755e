//! `open_enum!` and `flags!`: numbers and bits with names.

/// Declares named numbers that keep a number without a name.
///
/// `pub OperState: u8 = "oper-state" { 0 "IF_OPER_UNKNOWN" Unknown, … }`; the kernel's constant may be left out.
/// `pub VlanProtocol: u16 as Be16 = …` is written as another kind of number than the one that Rust shows.
#[macro_export]
macro_rules! open_enum {
    ($(#[$meta:meta])* $vis:vis $name:ident : $width:ident $(as $wire:ident)? = $set:literal {
        $($(#[$row:meta])* $number:literal $($kernel:literal)? $variant:ident),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        $vis enum $name {
            $($(#[$row])* #[doc = concat!("`", $($kernel, "`, ",)? stringify!($number), ".")] $(#[doc(alias = $kernel)])? $variant,)*
            /// A number that this version has no name for.
            Other($width),
        }
        impl From<$width> for $name {
            #[inline]
            fn from(number: $width) -> Self { match number { $($number => $name::$variant,)* other => $name::Other(other) } }
        }
        impl From<$name> for $width {
            #[inline]
            fn from(value: $name) -> $width { match value { $($name::$variant => $number,)* $name::Other(other) => other } }
        }
        impl $crate::Payload for $name {
            type Get<'a> = $name;
            const KIND: $crate::Kind = $crate::Kind::Enum({
                static ENUM: $crate::Enum = $crate::Enum {
                    name: $set, width: <$crate::__wire! { $width $($wire)? } as $crate::Payload>::KIND,
                    entries: &[$($crate::Entry { value: $number, name: stringify!($variant), kernel: $crate::__optional!($($kernel)?) }),*],
                };
                &ENUM
            });
            #[inline]
            fn get(payload: &[u8]) -> Option<$name> { <$crate::__wire! { $width $($wire)? } as $crate::Payload>::get(payload).map(Into::into) }
            #[inline]
            fn put(value: $name, number: u16, out: &mut $crate::Buffer) { <$crate::__wire! { $width $($wire)? } as $crate::Payload>::put(value.into(), number, out) }
        }
    };
}

/// Declares bits that keep a bit without a name.
///
/// `pub LinkFlags: u32 = "ifinfo-flags" { "IFF_UP" UP = 1, … }`; the kernel's constant may be left out.
#[macro_export]
macro_rules! flags {
    ($(#[$meta:meta])* $vis:vis $name:ident : $width:ident = $set:literal {
        $($(#[$($row:tt)*])* $($kernel:literal)? $flag:ident = $bits:expr),* $(,)?
    }) => {
        $(#[$meta])*
        #[doc = concat!("\n\nBits that have no name here are kept. `all()` has them too: every bit of the `", stringify!($width), "`.")]
        #[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
        $vis struct $name($width);

        // In this form bitflags makes no parser, which every crate would compile for each of its types.
        $crate::bitflags::bitflags! {
            impl $name: $width {
                $($(#[$($row)*])* #[doc = concat!("`", $($kernel, "`, ",)? stringify!($bits), ".")] $(#[doc(alias = $kernel)])? const $flag = $bits;)*
                const _ = !0;
            }
        }
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::debug_flags(stringify!($name), <$name as $crate::Payload>::KIND, self.bits().into(), f)
            }
        }
        impl $crate::Payload for $name {
            type Get<'a> = $name;
            const KIND: $crate::Kind = $crate::Kind::Flags({
                static ENUM: $crate::Enum = $crate::Enum {
                    name: $set, width: <$width as $crate::Payload>::KIND,
                    entries: &[$($crate::Entry { value: $bits, name: stringify!($flag), kernel: $crate::__optional!($($kernel)?) }),*],
                };
                &ENUM
            });
            #[inline]
            fn get(payload: &[u8]) -> Option<$name> { <$width as $crate::Payload>::get(payload).map(Self::from_bits_retain) }
            #[inline]
            fn put(value: $name, number: u16, out: &mut $crate::Buffer) { <$width as $crate::Payload>::put(value.bits(), number, out) }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __optional {
    () => {
        None
    };
    ($kernel:literal) => {
        Some($kernel)
    };
}

/// The kind that a named number is written as.
#[doc(hidden)]
#[macro_export]
macro_rules! __wire {
    ($width:ident) => {
        $width
    };
    ($width:ident $wire:ident) => {
        $crate::$wire
    };
}
