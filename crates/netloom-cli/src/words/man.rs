//! Manual pages (roff) out of the tables.

use super::help;
use super::table::{Kind, Object, Word};
use std::fmt::Write as _;

/// The page of the program: `options` are pairs of usage and meaning.
pub(crate) fn program_page(
    objects: &[&'static Object],
    tools: &[(&str, &str)],
    options: &[(String, String)],
) -> String {
    let mut page = header("netloom", "show and change the kernel's network objects");
    page.push_str(".SH SYNOPSIS\n.B netloom\n[ OPTIONS ] OBJECT { VERB | help }\n");
    page.push_str(".SH OPTIONS\n");
    for (usage, about) in options {
        entry(&mut page, usage, about);
    }
    page.push_str(".SH OBJECTS\nAn object or verb may be abbreviated to any of its beginnings.\n");
    for object in objects {
        entry(&mut page, &object.names.join(", "), object.about);
    }
    page.push_str(".SH TOOLS\n");
    for (name, about) in tools {
        entry(&mut page, name, about);
    }
    page.push_str(".SH EXIT STATUS\n");
    entry(&mut page, "0", "all went well");
    entry(&mut page, "1", "a device or another object that the words name does not exist, or a line of a batch failed");
    entry(&mut page, "2", "the kernel refused");
    entry(&mut page, "255", "the words make no sense");
    page
}

/// The page of one object.
pub(crate) fn object_page(object: &Object) -> String {
    let mut page = header(&format!("netloom-{}", object.name()), object.about);
    page.push_str(".SH SYNOPSIS\n");
    for verb in object.verbs {
        let _ = writeln!(page, ".br\n.B netloom {}", roff(&object.with(&verb.names.join(" | "))));
        for word in verb.words {
            let _ = writeln!(page, "[ {} ]", roff(&help::shape(word)));
        }
    }
    let mut told = Vec::new();
    if !object.options.is_empty() {
        page.push_str(".SH OPTIONS\nThese stand before the verb.\n");
        words(&mut page, object.options, &mut told);
    }
    page.push_str(".SH VERBS\n");
    for verb in object.verbs {
        if verb.names.is_empty() {
            let _ = writeln!(page, "{}.", roff(verb.about));
        } else {
            let _ = write!(page, ".SS {}\n{}.\n", roff(&verb.names.join(", ")), roff(verb.about));
        }
        words(&mut page, verb.words, &mut told);
    }
    page
}

/// Explains words, and those within them once a page: a veth's peer has the words of the veth itself.
fn words(page: &mut String, list: &'static [Word], told: &mut Vec<*const Word>) {
    told.push(list.as_ptr());
    for word in list {
        entry(page, &help::shape(word), &help::about(word));
        match word.kind {
            Kind::Group(nested) => indented(page, nested, told),
            Kind::Choice(cases) => {
                page.push_str(".RS\n");
                for case in cases {
                    entry(page, case.name, case.about);
                    indented(page, case.words, told);
                }
                page.push_str(".RE\n");
            }
            _ => {}
        }
    }
}

fn indented(page: &mut String, nested: &'static [Word], told: &mut Vec<*const Word>) {
    if nested.is_empty() || told.contains(&nested.as_ptr()) {
        return;
    }
    page.push_str(".RS\n");
    words(page, nested, told);
    page.push_str(".RE\n");
}

fn header(name: &str, about: &str) -> String {
    format!(
        ".TH {} 8 \"\" \"netloom {}\" \"netloom\"\n.SH NAME\n{} \\- {}\n",
        roff(&name.to_uppercase()),
        env!("CARGO_PKG_VERSION"),
        roff(name),
        roff(about)
    )
}

fn entry(page: &mut String, term: &str, about: &str) {
    let _ = write!(page, ".TP\n.B {}\n{}\n", roff(term), roff(about));
}

/// Text with what roff would take for its own escaped.
fn roff(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-").replace('…', "...");
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}
