//! `uint_flags!`: bits that are sent as a number of 4 or 8 bytes.

/// Declares bits that keep a bit without a name, as `netloom_wire::flags!` does for numbers of one width.
macro_rules! uint_flags {
    ($(#[$meta:meta])* $vis:vis $name:ident = $set:literal {
        $($(#[$($row:tt)*])* $($kernel:literal)? $flag:ident = $bits:expr),* $(,)?
    }) => {
        netloom_wire::bitflags::bitflags! {
            $(#[$meta])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
            $vis struct $name: u64 {
                $($(#[$($row)*])* #[doc = concat!("`", $($kernel, "`, ",)? stringify!($bits), ".")] $(#[doc(alias = $kernel)])? const $flag = $bits;)*
                const _ = !0;
            }
        }
        impl netloom_wire::Payload for $name {
            type Get<'a> = $name;
            const KIND: netloom_wire::Kind = netloom_wire::Kind::Flags({
                static ENUM: netloom_wire::Enum = netloom_wire::Enum {
                    name: $set, width: <netloom_wire::Uint as netloom_wire::Payload>::KIND,
                    entries: &[$(netloom_wire::Entry { value: $bits, name: stringify!($flag), kernel: netloom_wire::__optional!($($kernel)?) }),*],
                };
                &ENUM
            });
            fn get(payload: &[u8]) -> Option<$name> {
                <netloom_wire::Uint as netloom_wire::Payload>::get(payload).map(Self::from_bits_retain)
            }
            fn put(value: $name, number: u16, out: &mut netloom_wire::Buffer) {
                <netloom_wire::Uint as netloom_wire::Payload>::put(value.bits(), number, out);
            }
        }
    };
}
pub(crate) use uint_flags;
