//! What may come next on a command line, out of the tables.

use super::parse::{self, recognise};
use super::table::{Kind, Object, Place, Word};
use super::value::{Value, Words};

/// Something that may be the next word, and what it means.
pub(crate) type Candidate = (String, String);

/// What may stand for `current` after `before`, the words given since the program's options.
pub(crate) fn candidates(objects: &[&'static Object], before: &[String], current: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    let Some((name, rest)) = before.split_first() else {
        for object in objects {
            found.extend(object.names.iter().map(|name| ((*name).to_owned(), object.about.to_owned())));
        }
        return keep(found, current);
    };
    let Some(object) = crate::objects::find(name) else { return found };
    let rest = after(object.options, rest, &mut Vec::new());
    if rest.is_empty() {
        next_words(object.options, &Words::new(object.options, ""), &mut found);
    }
    let nameless = object.verbs.iter().any(|verb| verb.names.is_empty());
    if rest.is_empty() && !(nameless && object.verbs.len() == 1) {
        if let Some(verb) = object.verbs.iter().find(|verb| verb.names.is_empty()) {
            after(verb.words, rest, &mut found);
        }
        for verb in object.verbs {
            found.extend(
                verb.names.iter().filter_map(|n| n.split(' ').next()).map(|n| (n.to_owned(), verb.about.to_owned())),
            );
        }
        found.push(("help".into(), format!("the words of {}", object.name())));
        return keep(found, current);
    }
    match parse::verb_of(object, rest) {
        Some((verb, rest)) => {
            after(verb.words, rest, &mut found);
        }
        None => {
            for name in object.verbs.iter().flat_map(|verb| verb.names) {
                let parts: Vec<_> = name.split(' ').collect();
                if let Some(next) = parts.get(rest.len()) {
                    if parts.iter().zip(rest).all(|(part, given)| parse::abbreviates(given, part)) {
                        found.push(((*next).to_owned(), String::new()));
                    }
                }
            }
        }
    }
    keep(found, current)
}

/// Adds what may follow `rest` in `grammar`; gives back the words that are not of it.
fn after<'a>(grammar: &'static [Word], mut rest: &'a [String], found: &mut Vec<Candidate>) -> &'a [String] {
    let mut words = Words::new(grammar, "");
    loop {
        let Some((given, tail)) = rest.split_first() else {
            next_words(grammar, &words, found);
            return rest;
        };
        let Some(matched) = recognise(grammar, given, &words, false) else { return rest };
        let word = matched.word;
        words.push(word, Value::Flag);
        let tail = if matched.keyword { tail } else { rest };
        rest = match word.kind {
            Kind::Group(nested) => {
                let rest = after(nested, tail, found);
                // What must come first in there comes before all else.
                if tail.is_empty() && nested.first().is_some_and(|word| word.place == Place::First) {
                    return rest;
                }
                rest
            }
            Kind::Choice(cases) => {
                let Some((name, tail)) = tail.split_first() else {
                    argument(&word.kind, found);
                    return tail;
                };
                match cases.iter().find(|case| case.name == name) {
                    Some(case) => after(case.words, tail, found),
                    None => return tail,
                }
            }
            Kind::Flag | Kind::Toggle => tail,
            _ if tail.is_empty() => {
                argument(&word.kind, found);
                return tail;
            }
            Kind::Several(_) | Kind::Custom(..) | Kind::Addresses(..) => {
                let more = tail.iter().skip(1);
                let taken = more.take_while(|word| !is_keyword(grammar, word)).count();
                tail.get(1 + taken..).unwrap_or_default()
            }
            _ => tail.get(1..).unwrap_or_default(),
        };
    }
}

fn is_keyword(grammar: &'static [Word], given: &str) -> bool {
    recognise(grammar, given, &Words::new(grammar, ""), false).is_some_and(|found| found.keyword)
}

/// The words of a grammar that may still be given.
fn next_words(grammar: &'static [Word], words: &Words, found: &mut Vec<Candidate>) {
    if let Some(word) = grammar.first().filter(|word| word.place == Place::First && words.is_empty()) {
        return argument(&word.kind, found);
    }
    for word in grammar {
        if word.place == Place::First || (!word.repeats && words.includes(word.name)) {
            continue;
        }
        if word.place != Place::ValueOnly {
            found.push((word.name.to_owned(), word.about.to_owned()));
            if matches!(word.kind, Kind::Toggle) {
                found.push((format!("no{}", word.name), format!("not: {}", word.about)));
            }
        }
        if word.place != Place::Keyword {
            argument(&word.kind, found);
        }
    }
}

/// The values of a kind, where they can be listed.
fn argument(kind: &Kind, found: &mut Vec<Candidate>) {
    let plain = |name: &str| (name.to_owned(), String::new());
    match *kind {
        Kind::OnOff => found.extend(["on", "off"].map(plain)),
        Kind::Choice(cases) => found.extend(cases.iter().map(|case| (case.name.to_owned(), case.about.to_owned()))),
        Kind::Prefix => found.push(("default".into(), "all addresses".into())),
        Kind::Via => found.extend(["inet", "inet6"].map(plain)),
        Kind::Several(kind) => argument(kind, found),
        Kind::Device => found.extend(devices()),
        Kind::DeviceOr(others) => found.extend(others.iter().map(|name| plain(name)).chain(devices())),
        kind => found.extend(kind.names().into_iter().flatten().map(|(name, _)| plain(name))),
    }
}

/// The names of this namespace's devices; completion is no place to fail.
fn devices() -> impl Iterator<Item = Candidate> {
    let entries = std::fs::read_dir("/sys/class/net").into_iter().flatten().flatten();
    let mut names: Vec<_> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names.into_iter().map(|name| (name, "device".into()))
}

fn keep(found: Vec<Candidate>, current: &str) -> Vec<Candidate> {
    let mut kept: Vec<Candidate> = Vec::new();
    for candidate in found {
        if candidate.0.starts_with(current) && !kept.iter().any(|(name, _)| *name == candidate.0) {
            kept.push(candidate);
        }
    }
    kept
}
