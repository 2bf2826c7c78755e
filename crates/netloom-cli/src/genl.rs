//! `genl`: the families of generic netlink, their commands, groups, policies, and what they tell.

mod monitor;

use crate::context::Context;
use crate::failure::Outcome;
use crate::families::socket;
use crate::out::Record;
use crate::words::{Kind, Object, Verb, Word, Words, word};
use netloom::generic::controller::{FamilyInfo, Get, ListFamilies, ListPolicies, OperationFlags};
use netloom::wire::{Policy, PolicyType};

/// Blanks before what belongs to a family.
const STEP: usize = 4;

pub(crate) static OBJECT: Object = Object {
    names: &["genl"],
    about: "families of generic netlink",
    whole_verbs: false,
    one_failure: false,
    all_once: false,
    options: &[],
    verbs: &[
        Verb { names: &["list"], about: "list the families", words: &[], run: list },
        Verb { names: &["show"], about: "show a family, or all, with commands and groups", words: SHOW, run: show },
        Verb { names: &["policy"], about: "show what a family accepts", words: POLICY, run: policy },
        Verb {
            names: &["monitor"],
            about: "show what a family tells until it is interrupted",
            words: monitor::WORDS,
            run: monitor::run,
        },
    ],
};

const SHOW: &[Word] = &[word("family", Kind::Text("FAMILY"), "the family, by its name").bare()];

const POLICY: &[Word] = &[
    word("family", Kind::Text("FAMILY"), "the family, by its name").bare(),
    word("op", Kind::Number(0, u32::MAX as u64), "only what this command accepts"),
];

fn list(cx: &mut Context, _: &Words) -> Outcome {
    all(cx, cx.options.details > 0)
}

fn show(cx: &mut Context, words: &Words) -> Outcome {
    let Some(name) = words.text("family") else { return all(cx, true) };
    let family = socket(cx)?.run(&Get::named(name))?;
    let mut list = cx.list();
    list.push(record(&family, true))?;
    list.finish()
}

fn all(cx: &mut Context, details: bool) -> Outcome {
    let families = socket(cx)?.run(&ListFamilies::default())?;
    let mut list = cx.list();
    for family in &families {
        list.push(record(family, details))?;
    }
    list.finish()
}

fn record(family: &FamilyInfo, details: bool) -> Record {
    let mut r = Record::new();
    r.string("name", family.name().unwrap_or_default()).bare().column();
    if let Some(id) = family.id() {
        r.number("id", id).shown(format!("id {id:#x}"));
    }
    r.value("version", family.version());
    r.value("header_size", family.header_size()).label("header");
    r.value("max_attribute", family.max_attribute()).label("attributes");
    if !details {
        return r;
    }
    r.array("operations", |list| {
        for operation in family.operations().into_iter().flatten() {
            list.record(|r| {
                r.line(STEP);
                r.value("id", operation.id()).label("command");
                r.strings("flags", operation.flags().map(names).unwrap_or_default());
            });
        }
    });
    r.array("groups", |list| {
        for group in family.groups().into_iter().flatten() {
            list.record(|r| {
                r.line(STEP);
                r.string("name", group.name().unwrap_or_default()).label("group");
                r.value("id", group.id());
            });
        }
    });
    r
}

fn names(flags: OperationFlags) -> Vec<String> {
    flags.iter_names().map(|(name, _)| name.to_lowercase().replace('_', "-")).collect()
}

fn policy(cx: &mut Context, words: &Words) -> Outcome {
    let family = words.text("family").ok_or_else(|| words.missing("family"))?;
    let parts = socket(cx)?.run(&ListPolicies::of(family, words.number("op")))?;
    let mut list = cx.list();
    for (operation, of) in parts.iter().flat_map(|part| part.operation_policies()).flat_map(|all| all.numbered()) {
        let mut r = Record::new();
        r.number("command", operation);
        r.value("do", of.one());
        r.value("dump", of.dump());
        list.push(r)?;
    }
    for (policy, attribute, accepted) in parts.iter().flat_map(FamilyInfo::attribute_policies) {
        let mut r = Record::new();
        r.number("policy", policy);
        r.number("attribute", attribute);
        accepts(&mut r, accepted);
        list.push(r)?;
    }
    list.finish()
}

fn accepts(r: &mut Record, accepted: &Policy) {
    let kind = match accepted.kind() {
        Some(PolicyType::Other(number)) => number.to_string(),
        Some(kind) => format!("{kind:?}").to_lowercase(),
        None => "unknown".to_owned(),
    };
    r.string("type", kind).bare();
    let numbers: [(&str, Option<i128>); 8] = [
        ("min", accepted.min().map(Into::into).or_else(|| accepted.min_signed().map(Into::into))),
        ("max", accepted.max().map(Into::into).or_else(|| accepted.max_signed().map(Into::into))),
        ("min_length", accepted.min_length().map(Into::into)),
        ("max_length", accepted.max_length().map(Into::into)),
        ("nested", accepted.policy_index().map(Into::into)),
        ("max_attribute", accepted.policy_max().map(Into::into)),
        ("mask", accepted.mask().map(Into::into)),
        ("bits", accepted.bitfield_mask().map(Into::into)),
    ];
    for (name, number) in numbers {
        // serde_json knows no numbers of 128 bits; these are of 64.
        match number.map(|number| (u64::try_from(number), i64::try_from(number))) {
            Some((Ok(number), _)) => _ = r.number(name, number),
            Some((_, Ok(number))) => _ = r.number(name, number),
            _ => {}
        }
    }
}
