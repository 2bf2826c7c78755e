//! `select!`: payloads chosen by a sibling.

/// Declares what a payload may be, chosen by a sibling or by a field of the header.
///
/// `pub LinkData = str { "vxlan" => Vxlan(Nest(Vxlan)), … }`; what is not listed, or does not fit, is `Other(bytes)`.
#[macro_export]
macro_rules! select {
    ($(#[$meta:meta])* $vis:vis $name:ident = $key:ident {
        $($(#[$row:meta])* $value:literal => $variant:ident($kind:ident $(($arg:ident))?)),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[non_exhaustive]
        $vis enum $name<'a> {
            $(
                $(#[$row])* #[doc = concat!("Chosen by `", stringify!($value), "`.")]
                $variant($crate::__type! { 'a $kind $(($arg))? }),
            )*
            /// Chosen by something that this version does not know, or not readable as what was chosen.
            Other(&'a [u8]),
        }
        impl<'a> $name<'a> {
            #[doc(hidden)]
            pub const CASES: &'static [$crate::Case] = {
                static CASES: &[$crate::Case] = &[$($crate::Case {
                    key: $crate::__key! { $key $value },
                    kind: <$crate::__payload! { $kind $(($arg))? } as $crate::Payload>::KIND,
                }),*];
                CASES
            };
            /// Reads `payload` as what `key` says.
            pub fn select(key: Option<$crate::__type! { 'a $key }>, payload: &'a [u8]) -> Self {
                match key {
                    $(Some($value) => <$crate::__payload! { $kind $(($arg))? } as $crate::Payload>::get(payload).map_or($name::Other(payload), $name::$variant),)*
                    _ => $name::Other(payload),
                }
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __key {
    (str $value:literal) => {
        $crate::Key::Str($value)
    };
    ($width:ident $value:literal) => {
        $crate::Key::Number($value)
    };
}
