//! `attributes!`: a set of attributes.

/// Declares a set of attributes: its view, its writer, its description.
///
/// ```text
/// attributes! {
///     /// Doc.
///     pub VIEW, WRITER = "family/set" {
///         /// Doc.
///         NUMBER "KERNEL_CONSTANT" name: KIND,
///         /// A nest, or a choice, that is written without NLA_F_NESTED.
///         NUMBER "KERNEL_CONSTANT" name: Nest(SET) plain,
///     }
/// }
/// ```
///
/// | KIND | getter | writer |
/// |---|---|---|
/// | `u8` … `i64` | `Option<u32>` | `u32` |
/// | `Be16`, `Be32`, `Be64` | `Option<u16>`, … | `u16`, … |
/// | `Uint`, `Int` | `Option<u64>`, `Option<i64>` | `u64`, `i64` |
/// | `IpAddr`, `HardwareAddress`, a `fixed!`, `open_enum!`, `flags!` type … | `Option<IpAddr>` | `IpAddr` |
/// | `str`, `Bytes` | `Option<&str>`, `Option<&[u8]>` | `&str`, `&[u8]` |
/// | `Flag` | `bool` | nothing |
/// | `Switch` (a byte, 0 or 1) | `Option<bool>` | `bool` |
/// | `Nest(SET)` | `Option<&SET>` | closure over the set's writer |
/// | `Message(MESSAGE)` | `Option<&MESSAGE>` | `&MESSAGE` |
/// | `List(KIND)` | `Option<Nests<KIND>>` | closure over a [`ListWriter`](crate::ListWriter) |
/// | `Array(u32)` | `Option<Array<u32>>` | `&[u32]` |
/// | `Records(MESSAGE)` | `Option<Records<MESSAGE>>` | iterator of `&MESSAGE` |
/// | `Many(KIND)` | `Values<KIND>` | as `KIND`; call it again |
/// | `Select(CHOICE, sibling)` | `Option<CHOICE>` | closure over any writer, which it names |
/// | `SelectBy(CHOICE, field: type)` | `name(field: type) -> Option<CHOICE>`, by a field of the message's header | closure over any writer |
///
/// ```
/// use netloom_wire::{View, attributes};
///
/// attributes! {
///     /// Attributes of an example.
///     pub Example, ExampleWriter = "example/attrs" {
///         /// A name.
///         1 "EXAMPLE_A_NAME" name: str,
///         /// Bytes per second.
///         2 "EXAMPLE_A_RATE" rate: u32,
///     }
/// }
///
/// # fn main() {
/// let mut buffer = netloom_wire::Buffer::new();
/// buffer.message((), |w: ExampleWriter| w.name("first").rate(1000));
/// let bytes = buffer.finish().unwrap();
/// assert_eq!(Example::view(&bytes).unwrap().rate(), Some(1000));
/// # }
/// ```
#[macro_export]
macro_rules! attributes {
    ($(#[$meta:meta])* $vis:vis $view:ident, $writer:ident = $set:literal {
        $($(#[$row:meta])* $number:literal $kernel:literal $name:ident : $kind:ident $(($($arg:tt)*))? $($plain:ident)?),* $(,)?
    }) => {
        #[allow(unused_imports, reason = "several tables of a module import the same name")]
        use $crate::scope::*;

        $(#[$meta])*
        #[derive($crate::zerocopy::FromBytes, $crate::zerocopy::IntoBytes, $crate::zerocopy::KnownLayout, $crate::zerocopy::Immutable)]
        #[zerocopy(crate = "self::zerocopy")]
        #[repr(C)]
        $vis struct $view([u8]);

        impl $view {
            $($crate::__get! { [$(#[$row])* #[doc(alias = $kernel)]] $number $name $kind $(($($arg)*))? })*
        }

        #[doc = concat!("Writes [`", stringify!($view), "`]; each method appends an attribute.")]
        #[derive(Debug, Default)]
        #[must_use]
        $vis struct $writer($crate::Buffer);

        impl $writer {
            $($crate::__put! { [$(#[$row])* #[doc(alias = $kernel)]] ($number | $crate::__nested!($($plain)?)) $name $kind $(($($arg)*))? })*
        }

        impl $crate::Write for $writer {
            #[inline]
            fn from_buffer(buffer: $crate::Buffer) -> Self { $writer(buffer) }
            #[inline]
            fn into_buffer(self) -> $crate::Buffer { self.0 }
        }

        impl $crate::View for $view {
            fn set() -> &'static $crate::Set {
                static SET: $crate::Set = $crate::Set {
                    name: $set,
                    attributes: &[$($crate::__row! { $number $kernel $name $kind $(($($arg)*))? }),*],
                };
                &SET
            }
            type Writer = $writer;
            #[inline]
            fn bytes(&self) -> &[u8] { &self.0 }
            #[inline]
            fn view(bytes: &[u8]) -> Option<&Self> { Some($crate::zerocopy::transmute_ref!(bytes)) }
            #[inline]
            fn boxed(bytes: &[u8]) -> Option<$crate::Box<Self>> { $crate::boxed_view(bytes, 0) }
            $crate::__getters! { $($name $kind $(($($arg)*))?)* }
        }
        $crate::__view! { $view }
    };
}
