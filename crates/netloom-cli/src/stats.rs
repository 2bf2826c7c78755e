//! `stats`: statistics of links by groups.

mod bridge;
mod classic;
mod layers;
mod show;

pub(crate) use classic::{AFSTATS, XSTATS, extended, families};
pub(crate) use show::{HARDWARE, LAYER3, describe, has};

#[cfg(test)]
pub(crate) use show::describe_all;

use crate::context::Context;
use crate::failure::Outcome;
use crate::words::{Kind, Object, Verb, Word, Words, word};
use netloom::stats;

pub(crate) static OBJECT: Object = Object {
    names: &["stats"],
    about: "statistics of links by groups",
    whole_verbs: true,
    one_failure: false,
    all_once: false,
    options: &[],
    verbs: &[
        Verb { names: &["show", "list", "lst"], about: "show statistics", words: SHOW, run: show::show },
        Verb { names: &["set"], about: "have the hardware count", words: SET, run: set },
    ],
};

const SHOW: &[Word] =
    &[word("dev", Kind::Device, "only of this link"), word("group", Kind::Group(GROUP), "only this group").repeat()];

const GROUP: &[Word] = &[
    word("name", Kind::OneOf(show::GROUPS), "the group").value_only(),
    word("subgroup", Kind::Group(SUBGROUP), "only this part of it").repeat(),
];

const SUBGROUP: &[Word] = &[
    word("name", Kind::OneOf(show::SUBGROUPS), "the part").value_only(),
    word("suite", Kind::OneOf(show::SUITES), "only this of its counters").repeat(),
];

const SET: &[Word] = &[word("dev", Kind::Device, "the link"), word("l3_stats", Kind::OnOff, "packets of layer 3")];

fn set(cx: &mut Context, words: &Words) -> Outcome {
    let device = words.text("dev").ok_or_else(|| words.missing("dev"))?;
    let on = words.bool("l3_stats").ok_or_else(|| words.missing("l3_stats"))?;
    let set = stats::Set::new(cx.device(device)?).l3(on);
    cx.run(&set)
}
