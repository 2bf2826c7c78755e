//! `given!`: the attributes that words ask for.

/// Puts into a writer what the words give, each under its attribute; what is not given is left out.
macro_rules! given {
    ($w:ident, $words:ident; $($read:ident $name:literal => $put:ident),* $(,)?) => {{
        $(let $w = match $words.$read($name) {
            Some(value) => $w.$put(value),
            None => $w,
        };)*
        $w
    }};
}
pub(super) use given;
