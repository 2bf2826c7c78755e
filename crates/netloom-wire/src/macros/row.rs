//! What a row of a table becomes: a getter, a writer's method, a description.

#[doc(hidden)]
#[macro_export]
macro_rules! __get {
    ([$($meta:tt)*] $number:literal $name:ident Flag) => {
        $($meta)* #[inline] pub fn $name(&self) -> bool { $crate::find(&self.0, $number).is_some() }
    };
    ([$($meta:tt)*] $number:literal $name:ident Many($($of:tt)+)) => {
        $($meta)* #[inline] pub fn $name(&self) -> $crate::Values<'_, $crate::__payload! { $($of)+ }> { $crate::Values::new(&self.0, $number) }
    };
    ([$($meta:tt)*] $number:literal $name:ident Select($of:ident, $by:ident)) => {
        $($meta)* #[inline] pub fn $name(&self) -> Option<$of<'_>> { Some($of::select(self.$by(), $crate::find(&self.0, $number)?)) }
    };
    ([$($meta:tt)*] $number:literal $name:ident SelectBy($of:ident, $by:ident : $key:ident)) => {
        $($meta)* #[inline] pub fn $name(&self, $by: $key) -> Option<$of<'_>> { Some($of::select(Some($by), $crate::find(&self.0, $number)?)) }
    };
    ([$($meta:tt)*] $number:literal $name:ident $($kind:tt)+) => {
        $($meta)* #[inline]
        pub fn $name(&self) -> Option<$crate::__type! { '_ $($kind)+ }> {
            <$crate::__payload! { $($kind)+ } as $crate::Payload>::get($crate::find(&self.0, $number)?)
        }
    };
}

/// `($number | bit)`: the bit is `NLA_F_NESTED`, or 0 in a row that says `plain`; only nests use it.
#[doc(hidden)]
#[macro_export]
macro_rules! __put {
    ([$($meta:tt)*] ($number:literal | $nested:expr) $name:ident Flag) => {
        $($meta)* #[inline] pub fn $name(mut self) -> Self { self.0.put($number, &[]); self }
    };
    ([$($meta:tt)*] ($number:literal | $nested:expr) $name:ident Nest($of:ident)) => {
        $($meta)* #[inline] pub fn $name(self, build: impl FnOnce($crate::Writer<$of>) -> $crate::Writer<$of>) -> Self { $crate::Write::nest(self, $number | $nested, build) }
    };
    ([$($meta:tt)*] ($number:literal | $nested:expr) $name:ident List($of:ident)) => {
        $($meta)* #[inline] pub fn $name(self, build: impl FnOnce($crate::ListWriter<$crate::__payload! { $of }>) -> $crate::ListWriter<$crate::__payload! { $of }>) -> Self { $crate::Write::nest(self, $number | $nested, build) }
    };
    ([$($meta:tt)*] ($number:literal | $nested:expr) $name:ident Array($of:ident)) => {
        $($meta)* #[inline] pub fn $name(mut self, values: &[$of]) -> Self {
            let open = self.0.open($number);
            values.iter().for_each(|value| self.0.raw($crate::zerocopy::IntoBytes::as_bytes(value)));
            self.0.close(open);
            self
        }
    };
    ([$($meta:tt)*] ($number:literal | $nested:expr) $name:ident Records($of:ident)) => {
        $($meta)* #[inline] pub fn $name<'a>(mut self, records: impl IntoIterator<Item = &'a $of>) -> Self {
            let open = self.0.open($number);
            records.into_iter().for_each(|record| self.0.record($crate::View::bytes(record)));
            self.0.close(open);
            self
        }
    };
    ([$($meta:tt)*] ($number:literal | $nested:expr) $name:ident $select:ident($of:ident, $($by:tt)*)) => {
        $($meta)* #[inline] pub fn $name<W: $crate::Write>(self, build: impl FnOnce(W) -> W) -> Self { $crate::Write::nest(self, $number | $nested, build) }
    };
    ([$($meta:tt)*] ($number:literal | $nested:expr) $name:ident Many($($of:tt)+)) => { $crate::__put! { [$($meta)*] ($number | $nested) $name $($of)+ } };
    ([$($meta:tt)*] ($number:literal | $nested:expr) $name:ident $($kind:tt)+) => {
        $($meta)* #[inline]
        pub fn $name(mut self, value: $crate::__type! { '_ $($kind)+ }) -> Self {
            <$crate::__payload! { $($kind)+ } as $crate::Payload>::put(value, $number, &mut self.0);
            self
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __nested {
    () => {
        $crate::NESTED
    };
    (plain) => {
        0
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __row {
    ($number:literal $kernel:literal $name:ident Many($($of:tt)+)) => {
        $crate::__row! { @ $number $kernel $name true <$crate::__payload! { $($of)+ } as $crate::Payload>::KIND }
    };
    ($number:literal $kernel:literal $name:ident $select:ident($of:ident, $by:ident $(: $key:ident)?)) => {
        $crate::__row! { @ $number $kernel $name false $crate::Kind::Select { by: stringify!($by), cases: $of::CASES } }
    };
    ($number:literal $kernel:literal $name:ident $($kind:tt)+) => {
        $crate::__row! { @ $number $kernel $name false <$crate::__payload! { $($kind)+ } as $crate::Payload>::KIND }
    };
    (@ $number:literal $kernel:literal $name:ident $many:ident $kind:expr) => {
        $crate::Attribute { number: $number, name: stringify!($name), kernel: $kernel, many: $many, kind: $kind }
    };
}

/// The type that a getter shows.
#[doc(hidden)]
#[macro_export]
macro_rules! __type {
    ($l:lifetime str) => { &$l str };
    ($l:lifetime Bytes) => { &$l [u8] };
    ($l:lifetime Nest($of:ident)) => { &$l $of };
    ($l:lifetime Message($of:ident)) => { &$l $of };
    ($l:lifetime Switch) => { bool };
    ($l:lifetime Be16) => { u16 };
    ($l:lifetime Be32) => { u32 };
    ($l:lifetime Be64) => { u64 };
    ($l:lifetime Uint) => { u64 };
    ($l:lifetime Int) => { i64 };
    ($l:lifetime List($of:ident)) => { $crate::Nests<$l, $crate::__payload! { $of }> };
    ($l:lifetime $sequence:ident($of:ident)) => { $crate::$sequence<$l, $of> };
    ($l:lifetime Bitfield32) => { $crate::Bitfield32 };
    ($l:lifetime Via) => { $crate::Via };
    ($l:lifetime HardwareAddress) => { $crate::HardwareAddress };
    ($l:lifetime IpAddr) => { ::core::net::IpAddr };
    ($l:lifetime Ipv4Addr) => { ::core::net::Ipv4Addr };
    ($l:lifetime Ipv6Addr) => { ::core::net::Ipv6Addr };
    ($l:lifetime $of:ident) => { $of };
}

/// The type that implements `Payload`.
#[doc(hidden)]
#[macro_export]
macro_rules! __payload {
    (Bytes) => { [u8] };
    (Flag) => { bool };
    (Switch) => { $crate::Switch };
    (Be16) => { $crate::Be16 };
    (Be32) => { $crate::Be32 };
    (Be64) => { $crate::Be64 };
    (Uint) => { $crate::Uint };
    (Int) => { $crate::Int };
    (Bitfield32) => { $crate::Bitfield32 };
    (Via) => { $crate::Via };
    (HardwareAddress) => { $crate::HardwareAddress };
    (IpAddr) => { ::core::net::IpAddr };
    (Ipv4Addr) => { ::core::net::Ipv4Addr };
    (Ipv6Addr) => { ::core::net::Ipv6Addr };
    (Nest($of:ident)) => { $of };
    (Message($of:ident)) => { $of };
    (List($of:ident)) => { $crate::Nests<'static, $crate::__payload! { $of }> };
    ($sequence:ident($of:ident)) => { $crate::$sequence<'static, $of> };
    ($of:ident) => { $of };
}

/// What every view has beside its table.
#[doc(hidden)]
#[macro_export]
macro_rules! __view {
    ($view:ident) => {
        impl $crate::Payload for $view {
            type Get<'a> = &'a $view;
            const KIND: $crate::Kind = $crate::Kind::Nest(<$view as $crate::View>::layout);
            #[inline]
            fn get(payload: &[u8]) -> Option<&$view> {
                $crate::View::view(payload)
            }
            #[inline]
            fn put(value: &$view, number: u16, out: &mut $crate::Buffer) {
                out.put(number, $crate::View::bytes(value))
            }
        }
        impl ::core::fmt::Debug for $view {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::debug_view(self, f)
            }
        }
        impl PartialEq for $view {
            fn eq(&self, other: &Self) -> bool {
                $crate::View::bytes(self) == $crate::View::bytes(other)
            }
        }
        impl Eq for $view {}
        $crate::__serialize! { $view }
    };
}

/// Shows what the getters return, each called: `{:-?}` of a view, for tests.
#[cfg(feature = "getters")]
#[doc(hidden)]
#[macro_export]
macro_rules! __getters {
    (@ $self:ident $name:ident SelectBy $by:tt) => { &[0, 2, 7, 10, 28].map(|by| $self.$name(by)) };
    (@ $self:ident $name:ident $($kind:tt)*) => { &$self.$name() };
    (of $attributes:ident) => { fn getters(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result { <$attributes as $crate::View>::getters(self, f) } };
    ($($name:ident $kind:ident $(($($arg:tt)*))?)*) => {
        fn getters(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result { f.debug_set()$(.entry($crate::__getters! { @ self $name $kind $(($($arg)*))? }))*.finish() }
    };
}

#[cfg(not(feature = "getters"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __getters {
    ($($row:tt)*) => {};
}

#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __serialize {
    ($view:ident) => {
        impl $crate::serde::Serialize for $view {
            fn serialize<S: $crate::serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                $crate::serde::Serialize::serialize(&$crate::View::fields(self), s)
            }
        }
    };
}

#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __serialize {
    ($view:ident) => {};
}
