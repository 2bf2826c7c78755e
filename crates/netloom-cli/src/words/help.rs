//! Help texts out of the tables.

use super::table::{Case, Kind, Object, Place, Verb, Word};
use std::fmt::Write as _;

/// Columns a line of help may fill.
const WIDTH: usize = 100;

/// A word with its argument as usage lines show it: `via ADDRESS`, `[ to ] PREFIX`, `[no]learning`.
pub(crate) fn shape(word: &Word) -> String {
    let argument = word.kind.shape();
    let keyword = match word.kind {
        Kind::Toggle => format!("[no]{}", word.name),
        _ => word.name.to_owned(),
    };
    let nested = match word.kind {
        Kind::Group(_) => " …",
        Kind::Choice(cases) if cases.iter().any(|case| !case.words.is_empty()) => " …",
        _ => "",
    };
    match word.place {
        Place::ValueOnly | Place::First => format!("{argument}{nested}"),
        Place::Bare => format!("[ {keyword} ] {argument}{nested}"),
        Place::Keyword if argument.is_empty() => format!("{keyword}{nested}"),
        Place::Keyword => format!("{keyword} {argument}{nested}"),
    }
}

/// Help of the program: its objects, tools and options.
pub(crate) fn program_help(
    objects: &[&'static Object],
    tools: &[(&str, &str)],
    options: &[(String, String)],
) -> String {
    let mut text = String::from(
        "Usage: netloom [ OPTIONS ] OBJECT { VERB | help }\n       netloom [ -force ] -batch FILE\n\nObjects:\n",
    );
    for object in objects {
        row(&mut text, 2, &object.names.join(", "), object.about);
    }
    text.push_str("\nTools:\n");
    for (name, about) in tools {
        row(&mut text, 2, name, about);
    }
    text.push_str("\nOptions:\n");
    for (name, about) in options {
        row(&mut text, 2, name, about);
    }
    text
}

/// Help of an object: its verbs with their words.
pub(crate) fn object_help(object: &Object) -> String {
    let mut text = format!("netloom {}: {}\n\n", object.name(), object.about);
    for verb in object.verbs {
        text.push_str(&usage(object, verb));
    }
    if !object.options.is_empty() {
        text.push_str("\nBefore the verb:\n");
        explain(&mut text, object.options, 2);
    }
    let _ = write!(text, "\n`netloom {} VERB help` explains the words of a verb.\n", object.name());
    text
}

/// Help of one verb: usage, then each word explained.
pub(crate) fn verb_help(object: &Object, verb: &Verb) -> String {
    let mut text = format!("netloom {}: {}\n\n", object.with(verb.name()), verb.about);
    text.push_str(&usage(object, verb));
    text.push('\n');
    explain(&mut text, verb.words, 2);
    text
}

/// Help of one case: each of its words explained; `before` are the words that lead to it.
pub(crate) fn case_help(before: &str, case: &Case) -> String {
    let mut text = format!("netloom {before} {}: {}\n\n", case.name, case.about);
    match case.words {
        [] => text.push_str("It has no words of its own.\n"),
        words => explain(&mut text, words, 2),
    }
    text
}

/// `netloom route add [ to ] PREFIX …`, wrapped.
fn usage(object: &Object, verb: &Verb) -> String {
    let head = format!("netloom {}", object.with(&verb.names.join(" | ")));
    let mut text = head.clone();
    let mut column = head.len();
    for word in verb.words {
        let shape = format!("[ {} ]", shape(word));
        if column + 1 + shape.chars().count() > WIDTH {
            text.push_str("\n       ");
            column = 7;
        }
        column += 1 + shape.chars().count();
        text.push(' ');
        text.push_str(&shape);
    }
    text.push('\n');
    text
}

fn explain(text: &mut String, words: &[Word], indent: usize) {
    for word in words {
        let mut shown = shape(word);
        if shown.chars().count() > 40 {
            shown = word.name.to_owned();
        }
        row(text, indent, &shown, &about(word));
        match word.kind {
            Kind::Group(words) if indent < 8 => explain(text, words, indent + 4),
            Kind::Choice(cases) => {
                for case in cases {
                    row(text, indent + 4, case.name, case.about);
                    explain(text, case.words, indent + 8);
                }
            }
            _ => {}
        }
    }
}

/// What a word means, with bounds, names and other spellings where it has them.
pub(super) fn about(word: &Word) -> String {
    let mut about = word.about.to_owned();
    match word.kind {
        Kind::Number(least, most) if least > 0 || ![u64::MAX, u64::from(u32::MAX)].contains(&most) => {
            let _ = write!(about, " ({least} to {most})");
        }
        Kind::Signed(least, most) if (least, most) != (i64::MIN, i64::MAX) => {
            let _ = write!(about, " ({least} to {most})");
        }
        kind => {
            if let Some(names) = kind.names().filter(|_| shape(word).chars().count() > 40) {
                let names: Vec<_> = names.iter().map(|(name, _)| *name).collect();
                let _ = write!(about, ": {}", names.join(", "));
            }
        }
    }
    let others = [word.likes, word.aliases].concat();
    if !others.is_empty() {
        let _ = write!(about, "; also {}", others.join(", "));
    }
    if word.repeats {
        about.push_str("; may be repeated");
    }
    about
}

fn row(text: &mut String, indent: usize, left: &str, right: &str) {
    let left = format!("{:indent$}{left}", "");
    let gap = 28usize.saturating_sub(left.chars().count()).max(2);
    let _ = writeln!(text, "{left}{:gap$}{right}", "");
}
