//! `link afstats` and `link xstats`: the statistics of `stats`, by the words and keys that `link` has for them.

use super::{bridge, layers};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::kind::KINDS;
use crate::out::{Paint, Record};
use crate::words::{Kind, Value, Word, Words, word};
use netloom::stats::{self, ExtendedStats, Stats, StatsFilter};
use netloom::wire::List;

/// `link afstats`.
pub(crate) const AFSTATS: &[Word] = &[word("dev", Kind::Device, "only of this link").once()];

/// `link xstats`.
pub(crate) const XSTATS: &[Word] = &[
    word("type", Kind::Text("TYPE"), "kind: bridge, bond; with _slave of its ports").prefix().once(),
    word("dev", Kind::Device, "only of this link").once(),
    word(
        "suite",
        Kind::OneOf(&[("mcast", 0), ("igmp", 0), ("stp", 1), ("802.3ad", 2), ("lacp", 2)]),
        "only these counters",
    )
    .value_only()
    .repeat(),
];

/// `link afstats`: of protocols.
pub(crate) fn families(cx: &mut Context, words: &Words) -> Outcome {
    let all = read(cx, words, StatsFilter::FAMILIES)?;
    print(cx, &all, |r, stats| {
        layers::mpls(r, stats);
        stats.families().is_some_and(|families| families.mpls().is_some())
    })
}

/// `link xstats`: of bridges, bonds and their ports.
pub(crate) fn extended(cx: &mut Context, words: &Words) -> Outcome {
    let kind = words.text("type").ok_or_else(|| Failure::Failed("link xstats: type TYPE is missing".into()))?;
    let (of, port) = kind.strip_suffix("_slave").map_or((kind, false), |of| (of, true));
    if !["bridge", "bond"].contains(&of) {
        let what = format!("links of kind {kind:?} have no such statistics");
        let known = KINDS.iter().any(|case| case.name == kind);
        return Err(if known { words.refused(what) } else { words.wrong(what) });
    }
    let suites: Vec<u64> = words.all("suite").filter_map(Value::number).collect();
    let known: &[u64] = if of == "bridge" { &[0, 1] } else { &[2] };
    if suites.iter().any(|suite| !known.contains(suite)) {
        return Err(words.wrong(format!("links of kind {kind:?} have no such statistics")));
    }
    let wants = |suite: u64| suites.is_empty() || suites.contains(&suite);
    let all = read(cx, words, if port { StatsFilter::PORT } else { StatsFilter::EXTENDED })?;
    print(cx, &all, |r, stats| {
        let given = if port { stats.port() } else { stats.extended() };
        let is_known = match of {
            "bridge" => given.is_some_and(|given: &ExtendedStats| given.bridge().is_some()),
            _ => given.is_some_and(|given: &ExtendedStats| given.bond().is_some()),
        };
        if of == "bond" {
            layers::lacp(r, given);
        } else {
            if wants(0) {
                bridge::mcast(r, given);
            }
            if wants(1) {
                bridge::stp(r, given);
            }
        }
        is_known
    })
}

fn read(cx: &mut Context, words: &Words, groups: StatsFilter) -> Result<List<Stats>, Failure> {
    let Some(device) = words.text("dev") else { return cx.run(&stats::List::new(groups)) };
    let index = cx.device(device)?;
    let mut one = List::new();
    one.push(&*cx.run(&stats::Get::new(index, groups))?);
    Ok(one)
}

/// Prints the links of which there is something to say.
fn print(cx: &mut Context, all: &List<Stats>, describe: impl Fn(&mut Record, &Stats) -> bool) -> Outcome {
    for stats in all {
        cx.learn_device(stats.index())?;
    }
    let devices = std::mem::take(&mut cx.devices);
    let mut list = cx.list();
    for stats in all {
        let mut r = Record::new();
        r.string("ifname", devices.name(stats.index())).bare().paint(Paint::Device);
        if describe(&mut r, stats) {
            list.push(r)?;
        }
    }
    list.finish()?;
    cx.devices = devices;
    Ok(())
}
