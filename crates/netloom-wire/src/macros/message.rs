//! `message!`: a header before attributes.

/// Declares a message: a header, then attributes that an [`attributes!`](crate::attributes) declares.
///
/// ```text
/// message! {
///     /// Doc.
///     pub Link, LinkHeader = "ifinfomsg" LinkAttributes {
///         /// Doc.
///         pub family: u8,
///         #[doc(hidden)]
///         pub _pad: u8,
///         …
///     }
/// }
/// ```
///
/// `pub Device DeviceAttributes`, without a header, is for generic netlink, where most families have none.
///
/// The header is packed: a message may lie at any address. Padding is a field of its own whose name begins with `_`.
#[macro_export]
macro_rules! message {
    ($(#[$meta:meta])* $vis:vis $view:ident $attributes:ident) => {
        $crate::__message! { [$(#[$meta])*] $vis $view $attributes () None, { } }
    };
    ($(#[$meta:meta])* $vis:vis $view:ident, $header:ident = $c:literal $attributes:ident {
        $($(#[$field_meta:meta])* $field_vis:vis $field:ident : $type:ty),* $(,)?
    }) => {
        #[allow(unused_imports, reason = "several tables of a module import the same name")]
        use $crate::scope::*;

        #[doc = concat!("Header of [`", stringify!($view), "`]: `struct ", $c, "`.")]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[derive($crate::zerocopy::FromBytes, $crate::zerocopy::IntoBytes, $crate::zerocopy::KnownLayout, $crate::zerocopy::Immutable, $crate::zerocopy::Unaligned)]
        #[zerocopy(crate = "self::zerocopy")]
        #[repr(C, packed)] // alignment 1: a message may lie anywhere
        $vis struct $header { $($(#[$field_meta])* $field_vis $field: $type),* }

        $crate::__message! { [$(#[$meta])*] $vis $view $attributes $header
            Some({
                static HEADER: $crate::Struct = $crate::__struct! { $header $c $($field: $type),* };
                &HEADER
            }), {
            /// The fixed part.
            #[inline]
            pub fn header(&self) -> $header { self.header }
            $($(#[$field_meta])* #[inline] $field_vis fn $field(&self) -> $type { self.header.$field })*
        } }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __message {
    ([$($meta:tt)*] $vis:vis $view:ident $attributes:ident $header:tt $layout:expr, { $($getters:tt)* }) => {
        #[allow(unused_imports, reason = "several tables of a module import the same name")]
        use $crate::scope::*;

        $($meta)*
        #[derive($crate::zerocopy::FromBytes, $crate::zerocopy::IntoBytes, $crate::zerocopy::KnownLayout, $crate::zerocopy::Immutable, $crate::zerocopy::Unaligned)]
        #[zerocopy(crate = "self::zerocopy")]
        #[repr(C)]
        $vis struct $view { header: $header, attributes: [u8] } // not `$attributes`: IntoBytes knows only a plain slice at the end

        impl $view { $($getters)* }

        impl ::core::ops::Deref for $view {
            type Target = $attributes;
            #[inline]
            fn deref(&self) -> &$attributes { $crate::zerocopy::transmute_ref!(&self.attributes) }
        }

        impl $crate::View for $view {
            fn set() -> &'static $crate::Set { <$attributes as $crate::View>::set() }
            const HEADER: Option<&'static $crate::Struct> = $layout;
            type Writer = $crate::Writer<$attributes>;
            #[inline]
            fn bytes(&self) -> &[u8] { $crate::zerocopy::IntoBytes::as_bytes(self) }
            #[inline]
            fn boxed(bytes: &[u8]) -> Option<$crate::Box<Self>> { $crate::boxed_view(bytes, size_of::<$header>()) }
            $crate::__getters! { of $attributes }
        }

        impl $crate::Message for $view { type Header = $header; }

        // For messages alone: the compiler compares every `impl Clone for Box<_>` with every other, which costs seconds if each set has one.
        impl $crate::ToOwned for $view {
            type Owned = $crate::Box<$view>;
            #[inline]
            fn to_owned(&self) -> $crate::Box<$view> { $crate::View::boxed($crate::View::bytes(self)).unwrap_or_else(|| unreachable!("a view is as long as itself")) }
        }
        impl Clone for $crate::Box<$view> { #[inline] fn clone(&self) -> Self { $crate::ToOwned::to_owned(&**self) } }
        $crate::__view! { $view }
    };
}
