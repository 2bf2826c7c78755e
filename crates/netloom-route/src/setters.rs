//! Methods of orders that set one field each.

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
