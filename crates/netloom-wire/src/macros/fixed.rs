//! `fixed!`: structs of a fixed layout.

/// Declares a fixed struct that is the payload of an attribute; longer and shorter payloads read too.
///
/// `pub VlanFlags = "ifla_vlan_flags" { pub flags: u32, pub mask: u32 }`
///
/// Members are numbers, [`Be16`](crate::Be16) and its kin, byte arrays; implicit padding is an error: name it `_pad`.
#[macro_export]
macro_rules! fixed {
    ($(#[$meta:meta])* $vis:vis $name:ident = $c:literal {
        $($(#[$field_meta:meta])* $field_vis:vis $field:ident : $type:ty),* $(,)?
    }) => {
        #[allow(unused_imports, reason = "several tables of a module import the same name")]
        use $crate::scope::*;

        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[derive($crate::zerocopy::FromBytes, $crate::zerocopy::IntoBytes, $crate::zerocopy::Immutable)]
        #[zerocopy(crate = "self::zerocopy")]
        #[repr(C)]
        $vis struct $name { $($(#[$field_meta])* $field_vis $field: $type),* }

        impl $crate::Payload for $name {
            type Get<'a> = $name;
            const KIND: $crate::Kind = $crate::Kind::Struct({ static STRUCT: $crate::Struct = $crate::__struct! { $name $c $($field: $type),* }; &STRUCT });
            #[inline]
            fn get(payload: &[u8]) -> Option<$name> { Some($crate::read_prefix(payload)) }
            #[inline]
            fn put(value: $name, number: u16, out: &mut $crate::Buffer) { out.put(number, $crate::zerocopy::IntoBytes::as_bytes(&value)); }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __struct {
    ($name:ident $c:literal $($field:ident : $type:ty),*) => {
        $crate::Struct { name: $c, size: size_of::<$name>(), members: &[$($crate::Member {
            name: stringify!($field), offset: ::core::mem::offset_of!($name, $field), size: size_of::<$type>(),
            kind: <$type as $crate::Payload>::KIND
        }),*] }
    };
}
