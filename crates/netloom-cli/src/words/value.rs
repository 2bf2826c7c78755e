//! What the parser hands out: the words that were given, in order, with typed values.

use super::near::nearest;
use super::scalar::Prefix;
use super::table::Word;
use crate::failure::Failure;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// The argument of one word.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// The word stood alone.
    Flag,
    /// `on`/`off`, or a word with or without `no`.
    Bool(bool),
    /// A number, or the number that a name stands for.
    Number(u64),
    /// A number that may be negative.
    Signed(i64),
    /// An IP address.
    Address(IpAddr),
    /// A router's address, and whether its family was named.
    Via(IpAddr, bool),
    /// An IP prefix.
    Prefix(Prefix),
    /// A hardware address or other bytes.
    Bytes(Vec<u8>),
    /// A name or free text.
    Text(String),
    /// Values of one kind, one after another.
    Several(Vec<Self>),
    /// The chosen case and its words.
    Choice(&'static str, Words),
    /// Words of a group.
    Group(Words),
}

/// The parsed words of one verb, group or case.
#[derive(Clone)]
pub(crate) struct Words {
    grammar: &'static [Word],
    context: String,
    given: Vec<Given>,
}

/// One word that was given.
#[derive(Clone)]
struct Given {
    name: &'static str,
    value: Value,
    /// Somebody asked for it.
    read: Arc<AtomicBool>,
}

impl Given {
    fn read(&self) -> &Value {
        self.read.store(true, Relaxed);
        &self.value
    }
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.given.iter().map(|given| (given.name, &given.value))).finish()
    }
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        let words =
            |words: &Self| words.given.iter().map(|given| (given.name, given.value.clone())).collect::<Vec<_>>();
        words(self) == words(other)
    }
}

impl Words {
    pub(super) fn new(grammar: &'static [Word], context: &str) -> Self {
        Self { grammar, context: context.into(), given: Vec::new() }
    }

    /// Notes that a word was given. Of one that counts once it is the last that does.
    pub(super) fn push(&mut self, word: &Word, value: Value) {
        if !word.repeats {
            self.given.retain(|given| given.name != word.name);
        }
        self.given.push(Given { name: word.name, value, read: Arc::default() });
    }

    pub(super) fn grammar(&self) -> &'static [Word] {
        self.grammar
    }

    /// What these words belong to: `link add`, `link add type vxlan`.
    pub(crate) fn context(&self) -> &str {
        &self.context
    }

    /// What to say of keywords that are like a word that is none; empty if none is.
    pub(crate) fn near(&self, given: &str) -> String {
        nearest(given, self.grammar.iter().flat_map(Word::spellings))
    }

    /// Whether no word was given.
    pub(crate) fn is_empty(&self) -> bool {
        self.given.is_empty()
    }

    /// All words in the order they were given.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.given.iter().map(|given| (given.name, given.read()))
    }

    /// Whether a word was given, without asking for it.
    pub(super) fn includes(&self, name: &str) -> bool {
        self.given.iter().any(|given| given.name == name)
    }

    /// A word that was given and that nobody asked for: it would be ignored in silence.
    pub(crate) fn ignored(&self) -> Option<String> {
        self.given.iter().find_map(|given| match &given.value {
            _ if !given.read.load(Relaxed) => Some(format!("{} {}", self.context, given.name)),
            Value::Choice(_, words) | Value::Group(words) => words.ignored(),
            _ => None,
        })
    }

    /// The values of a word, in order.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Value> {
        debug_assert!(self.grammar.iter().any(|word| word.name == name), "no word {name:?} in {}", self.context);
        self.given.iter().filter(move |given| given.name == name).map(Given::read)
    }

    /// The value of a word.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        debug_assert!(self.grammar.iter().any(|word| word.name == name), "no word {name:?} in {}", self.context);
        self.given.iter().find(|given| given.name == name).map(Given::read)
    }

    /// The value of the last of these words: each overrides those before it.
    pub(crate) fn last(&self, names: &[&str]) -> Option<&Value> {
        self.given.iter().filter(|given| names.contains(&given.name)).fold(None, |_, given| Some(given.read()))
    }

    /// Which of these words was given last.
    pub(crate) fn latest(&self, names: &[&str]) -> Option<&'static str> {
        self.last(names)?;
        self.given.iter().rev().map(|given| given.name).find(|name| names.contains(name))
    }

    /// The same, of words whose value is a name or text.
    pub(crate) fn last_text(&self, names: &[&str]) -> Option<&str> {
        match self.last(names)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether the word was given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// The value of an on/off word or a toggle.
    pub(crate) fn bool(&self, name: &str) -> Option<bool> {
        match self.value(name)? {
            Value::Bool(on) => Some(*on),
            Value::Flag => Some(true),
            _ => None,
        }
    }

    /// A number. The table bounds it, so it fits a type as wide as the table says.
    pub(crate) fn number<T: TryFrom<u64>>(&self, name: &str) -> Option<T> {
        self.value(name)?.number()
    }

    /// A number that may be negative.
    pub(crate) fn signed<T: TryFrom<i64>>(&self, name: &str) -> Option<T> {
        match self.value(name)? {
            Value::Signed(number) => T::try_from(*number).ok(),
            _ => None,
        }
    }

    /// An IP address.
    pub(crate) fn address(&self, name: &str) -> Option<IpAddr> {
        match self.value(name)? {
            Value::Address(address) | Value::Via(address, _) => Some(*address),
            _ => None,
        }
    }

    /// An IP prefix.
    pub(crate) fn prefix(&self, name: &str) -> Option<Prefix> {
        match self.value(name)? {
            Value::Prefix(prefix) => Some(*prefix),
            _ => None,
        }
    }

    /// A hardware address or other bytes.
    pub(crate) fn bytes(&self, name: &str) -> Option<&[u8]> {
        match self.value(name)? {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// A device's name or free text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match self.value(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The values of a word that takes several.
    pub(crate) fn several(&self, name: &str) -> &[Value] {
        match self.value(name) {
            Some(Value::Several(values)) => values,
            _ => &[],
        }
    }

    /// The chosen case and its words.
    pub(crate) fn choice(&self, name: &str) -> Option<(&'static str, &Self)> {
        match self.value(name)? {
            Value::Choice(case, words) => Some((case, words)),
            _ => None,
        }
    }

    /// The words of each group of this name, in order.
    pub(crate) fn groups<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.all(name).filter_map(|value| match value {
            Value::Group(words) => Some(words),
            _ => None,
        })
    }

    /// The error that says a needed word is not there.
    pub(crate) fn missing(&self, name: &str) -> Failure {
        let shape = self.grammar.iter().find(|word| word.name == name).map(super::help::shape).unwrap_or_default();
        Failure::Usage(format!("{}: {shape} is missing", self.context))
    }

    /// The same, where iproute2 exits with 1.
    pub(crate) fn lacking(&self, name: &str) -> Failure {
        Failure::Failed(self.missing(name).to_string())
    }

    /// What is wrong with these words, where iproute2 exits with 1.
    pub(crate) fn refused(&self, what: impl std::fmt::Display) -> Failure {
        Failure::Failed(format!("{}: {what}", self.context))
    }

    /// A usage error about these words.
    pub(crate) fn wrong(&self, what: impl std::fmt::Display) -> Failure {
        Failure::Usage(format!("{}: {what}", self.context))
    }
}

impl Value {
    /// The number in it.
    pub(crate) fn number<T: TryFrom<u64>>(&self) -> Option<T> {
        match self {
            Self::Number(number) => T::try_from(*number).ok(),
            _ => None,
        }
    }
}
