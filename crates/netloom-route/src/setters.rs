//! Methods that orders and lists have in common.

/// `name: Type;` becomes `fn name(self, name: Type) -> Self`, which sets the field of that name, an `Option<Type>`.
macro_rules! setters { ($($(#[$doc:meta])* $name:ident: $type:ty;)*) => { $(
    $(#[$doc])*
    #[must_use]
    pub fn $name(mut self, $name: $type) -> Self {
        self.$name = Some($name);
        self
    }
)* } }
pub(crate) use setters;

/// How a list begins: of all families, of IPv4, of IPv6, of any; the texts say of what.
macro_rules! families { ($(#[$all:meta])* all; $(#[$v4:meta])* v4; $(#[$v6:meta])* v6; $(#[$family:meta])* family;) => {
    $(#[$all])*
    pub fn all() -> Self {
        Self::default()
    }

    $(#[$v4])*
    pub fn v4() -> Self {
        Self::family(crate::af::INET)
    }

    $(#[$v6])*
    pub fn v6() -> Self {
        Self::family(crate::af::INET6)
    }

    $(#[$family])*
    pub fn family(family: u8) -> Self {
        Self { family, ..Self::default() }
    }
} }
pub(crate) use families;
