//! The shape of the table: objects, their verbs, the words of a verb.

use super::parse::{Input, abbreviates};
use super::scalar;
use super::value::{Value, Words};
use crate::context::Context;
use crate::failure::Outcome;

/// An object of the command line (`link`, `route`).
pub(crate) struct Object {
    /// Its name, then synonyms; each may be abbreviated.
    pub(crate) names: &'static [&'static str],
    /// One line for help and the manual.
    pub(crate) about: &'static str,
    /// Verbs in order of precedence: an abbreviation takes the first that it begins. Without a verb the one
    /// called `show` runs, or the first.
    pub(crate) verbs: &'static [Verb],
    /// Whether verbs are taken only whole.
    pub(crate) whole_verbs: bool,
    /// Whether every failure has the exit code 1, as in `wg`.
    pub(crate) one_failure: bool,
    /// Whether no word may be given twice unless its table says so, as in `ethtool`.
    pub(crate) all_once: bool,
    /// Options of the object's own that may stand before the verb; see [`Options::adopt`](crate::options::Options::adopt).
    pub(crate) options: &'static [Word],
}

impl Object {
    /// The name that help and messages use.
    pub(crate) fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }

    /// The object's name and a verb's, which may be empty.
    pub(crate) fn with(&self, verb: &str) -> String {
        if verb.is_empty() { self.name().to_owned() } else { format!("{} {verb}", self.name()) }
    }

    /// The verb that runs when none is given.
    pub(crate) fn default_verb(&self) -> Option<&'static Verb> {
        let without = |verb: &&Verb| verb.names.is_empty() || verb.names.contains(&"show");
        self.verbs.iter().find(without).or_else(|| self.verbs.first())
    }

    /// Whether `word` names a verb that is spelled like an option.
    pub(crate) fn has_option_verb(&self, word: &str) -> bool {
        word.starts_with('-') && self.verbs.iter().any(|verb| verb.names.contains(&word))
    }
}

/// One verb of an object.
pub(crate) struct Verb {
    /// Its name, then synonyms; each may be abbreviated. A name of two words (`property add`) is given as two. No
    /// name: the object's words follow at once.
    pub(crate) names: &'static [&'static str],
    /// One line for help and the manual.
    pub(crate) about: &'static str,
    /// The words that may follow, in order of precedence.
    pub(crate) words: &'static [Word],
    /// Runs it.
    pub(crate) run: fn(&mut Context, &Words) -> Outcome,
}

impl Verb {
    /// The name that help and messages use.
    pub(crate) fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }
}

/// Whether a word's keyword must be there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// `via ADDRESS`.
    Keyword,
    /// `[ to ] PREFIX`: a word that is no keyword is its value.
    Bare,
    /// Only its value, never a keyword: `{ unicast | blackhole }`.
    ValueOnly,
    /// Its value comes before all other words, whatever it is.
    First,
}

/// One word that may follow a verb, with its argument.
#[derive(Clone, Copy)]
pub(crate) struct Word {
    pub(crate) name: &'static str,
    pub(crate) aliases: &'static [&'static str],
    pub(crate) likes: &'static [&'static str],
    pub(crate) kind: Kind,
    pub(crate) about: &'static str,
    pub(crate) abbreviable: bool,
    pub(crate) place: Place,
    pub(crate) repeats: bool,
    pub(crate) once: bool,
    pub(crate) takes_rest: bool,
    pub(crate) takes_others: bool,
}

/// A word with an argument of `kind`.
pub(crate) const fn word(name: &'static str, kind: Kind, about: &'static str) -> Word {
    Word {
        name,
        aliases: &[],
        likes: &[],
        kind,
        about,
        abbreviable: false,
        place: Place::Keyword,
        repeats: false,
        once: false,
        takes_rest: false,
        takes_others: false,
    }
}

/// A word that stands alone.
pub(crate) const fn flag(name: &'static str, about: &'static str) -> Word {
    word(name, Kind::Flag, about)
}

impl Word {
    /// What it may begin with, as far as that can be listed.
    pub(crate) fn spellings(&'static self) -> impl Iterator<Item = &'static str> {
        let keyword = (!matches!(self.place, Place::ValueOnly | Place::First)).then_some(self.name);
        let values = self.kind.names().filter(|_| self.place != Place::Keyword).unwrap_or_default();
        let others = self.likes.iter().chain(self.aliases).copied();
        keyword.into_iter().chain(others).chain(values.iter().map(|(name, _)| *name))
    }

    /// Other spellings, matched whole.
    pub(crate) const fn alias(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// Other spellings of which any beginning will do.
    pub(crate) const fn like(mut self, likes: &'static [&'static str]) -> Self {
        self.likes = likes;
        self
    }

    /// Any beginning of the name will do (where iproute2 says `matches`), of a toggle also of that with `no`.
    pub(crate) const fn prefix(mut self) -> Self {
        self.abbreviable = true;
        self
    }

    /// The keyword may be left out: of several such words the first one not yet given takes the value.
    pub(crate) const fn bare(mut self) -> Self {
        self.place = Place::Bare;
        self
    }

    /// Never has a keyword; meant for [`Kind::OneOf`], whose names then stand for themselves.
    pub(crate) const fn value_only(mut self) -> Self {
        self.place = Place::ValueOnly;
        self
    }

    /// Never has a keyword and comes before all others; meant for the first word of a table.
    pub(crate) const fn first(mut self) -> Self {
        self.place = Place::First;
        self
    }

    /// Counts each time it is given; read with [`Words::all`](super::Words::all).
    pub(crate) const fn repeat(mut self) -> Self {
        self.repeats = true;
        self
    }

    /// May not be given twice (where iproute2 says `duparg`). Of other words the last one counts.
    pub(crate) const fn once(mut self) -> Self {
        self.once = true;
        self
    }

    /// Its nested grammar takes every word that follows (`type KIND …`).
    pub(crate) const fn rest(mut self) -> Self {
        self.takes_rest = true;
        self
    }

    /// Of a [`Kind::Choice`]: other names will do too, without words of their own; read with
    /// [`Words::text`](super::Words::text).
    pub(crate) const fn others(mut self) -> Self {
        self.takes_others = true;
        self
    }
}

/// What follows a word.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// Nothing.
    Flag,
    /// Nothing; the word may have `no` before it, which turns it off.
    Toggle,
    /// `on` or `off`.
    OnOff,
    /// A number in decimal, hexadecimal (`0x`) or octal (`0`), between two bounds.
    Number(u64, u64),
    /// A number that may be negative, between two bounds.
    Signed(i64, i64),
    /// An IPv4 address, whatever `-4` and `-6` ask for.
    Ipv4,
    /// An IPv6 address, whatever `-4` and `-6` ask for.
    Ipv6,
    /// An IP address; also `any` and `default`, the family's zero address.
    Address,
    /// An IP address with or without length or netmask; `default`, `any` and `all` are the empty prefix.
    Prefix,
    /// `[ inet | inet6 ] ADDRESS`.
    Via,
    /// A hardware address: bytes in hexadecimal with colons, or an IP address.
    Mac,
    /// The name of a device.
    Device,
    /// The name of a device, or one of these words.
    DeviceOr(&'static [&'static str]),
    /// Any one word; in help it is called so.
    Text(&'static str),
    /// One of these names, which stands for its number.
    OneOf(&'static [(&'static str, u64)]),
    /// One of these names, or the number that it stands for.
    Numbered(&'static [(&'static str, u64)]),
    /// One of these names, in capitals or not.
    AnyCase(&'static [(&'static str, u64)]),
    /// One of these names or a beginning of one: the first that it begins.
    Abbreviated(&'static [(&'static str, u64)]),
    /// One word or more that only the object knows how to read: how help shows it, and the reader.
    Custom(&'static str, fn(&mut Input<'_>) -> Result<Value, String>),
    /// The same, where what cannot be read is an address that is none.
    Addresses(&'static str, fn(&mut Input<'_>) -> Result<Value, String>),
    /// One or more of a kind, as many as can be read.
    Several(&'static Self),
    /// A name out of these cases, then words of that case's own.
    Choice(&'static [Case]),
    /// Words of its own, until one that is not among them.
    Group(&'static [Word]),
}

impl Kind {
    /// 0 to 255.
    pub(crate) const U8: Self = Self::Number(0, u8::MAX as u64);
    /// 0 to 65535.
    pub(crate) const U16: Self = Self::Number(0, u16::MAX as u64);
    /// 0 to 4294967295.
    pub(crate) const U32: Self = Self::Number(0, u32::MAX as u64);
    /// Any unsigned number.
    pub(crate) const U64: Self = Self::Number(0, u64::MAX);

    /// Whether a word of this kind is followed by another.
    pub(crate) fn takes_argument(&self) -> bool {
        !matches!(self, Self::Flag | Self::Toggle | Self::Group(_))
    }

    /// The names out of which the argument is chosen.
    pub(crate) fn names(&self) -> Option<&'static [(&'static str, u64)]> {
        match *self {
            Self::OneOf(names) | Self::Numbered(names) | Self::AnyCase(names) | Self::Abbreviated(names) => Some(names),
            _ => None,
        }
    }

    /// The number that a name stands for, of a kind that has names.
    pub(crate) fn number_of(&self, given: &str) -> Option<u64> {
        let numbered = scalar::number(given).filter(|_| matches!(self, Self::Numbered(_)));
        let is = |name: &str| match self {
            Self::AnyCase(_) => name.eq_ignore_ascii_case(given),
            Self::Abbreviated(_) => abbreviates(given, name),
            _ => name == given,
        };
        let found = self.names()?.iter().find(|(name, number)| is(name) || Some(*number) == numbered);
        found.map(|(_, number)| *number)
    }

    /// How help shows the argument; empty if there is none.
    pub(crate) fn shape(&self) -> String {
        match *self {
            Self::Flag | Self::Toggle | Self::Group(_) => String::new(),
            Self::OnOff => "{ on | off }".into(),
            Self::Number(..) | Self::Signed(..) => "NUMBER".into(),
            Self::Address | Self::Ipv4 | Self::Ipv6 => "ADDRESS".into(),
            Self::Prefix => "PREFIX".into(),
            Self::Via => "[ inet | inet6 ] ADDRESS".into(),
            Self::Mac => "LLADDR".into(),
            Self::Device => "DEVICE".into(),
            Self::DeviceOr(others) => alternatives(std::iter::once("DEVICE").chain(others.iter().copied())),
            Self::Text(shape) | Self::Custom(shape, _) | Self::Addresses(shape, _) => shape.into(),
            Self::OneOf(names) | Self::Numbered(names) | Self::AnyCase(names) | Self::Abbreviated(names) => {
                alternatives(names.iter().map(|(name, _)| *name))
            }
            Self::Several(kind) => format!("{}…", kind.shape()),
            Self::Choice(cases) => alternatives(cases.iter().map(|case| case.name)),
        }
    }
}

/// One case of a [`Kind::Choice`].
#[derive(Clone, Copy)]
pub(crate) struct Case {
    /// The name that selects it.
    pub(crate) name: &'static str,
    /// One line for help and the manual.
    pub(crate) about: &'static str,
    /// The words that may follow.
    pub(crate) words: &'static [Word],
}

fn alternatives<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.collect();
    match names.as_slice() {
        [only] => (*only).into(),
        _ => format!("{{ {} }}", names.join(" | ")),
    }
}
