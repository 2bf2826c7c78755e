//! `stats show`.

use super::{bridge, layers};
use crate::context::Context;
use crate::devices::Devices;
use crate::failure::{Failure, Outcome};
use crate::link::counters;
use crate::out::{Paint, Record};
use crate::words::{Value, Words};
use netloom::stats::{self, OffloadFilter, OffloadStats, Stats, StatsFilter};
use netloom::wire::{List, View as _};

/// One leaf of the tree of statistics.
struct Leaf {
    group: &'static str,
    subgroup: Option<&'static str>,
    suite: Option<&'static str>,
    filter: StatsFilter,
    offload: OffloadFilter,
    describe: fn(&mut Record, &Stats),
}

const fn leaf(
    group: &'static str,
    subgroup: &'static str,
    suite: &'static str,
    filter: StatsFilter,
    describe: fn(&mut Record, &Stats),
) -> Leaf {
    const fn some(name: &'static str) -> Option<&'static str> {
        if name.is_empty() { None } else { Some(name) }
    }
    let offload = OffloadFilter::empty();
    Leaf { group, subgroup: some(subgroup), suite: some(suite), filter, offload, describe }
}

const fn offload(subgroup: &'static str, offload: OffloadFilter, describe: fn(&mut Record, &Stats)) -> Leaf {
    Leaf { offload, ..leaf("offload", subgroup, "", StatsFilter::OFFLOAD, describe) }
}

/// All leaves, in iproute2's order.
const LEAVES: &[Leaf] = &[
    leaf("afstats", "mpls", "", StatsFilter::FAMILIES, layers::mpls),
    leaf("link", "", "", StatsFilter::LINK, |r, stats| {
        if let Some(link) = stats.link() {
            counters::of(r, "stats64", &link, None, false);
        }
    }),
    offload(LAYER3, OffloadFilter::L3.union(OffloadFilter::INFO), layers::layer3),
    offload(HARDWARE, OffloadFilter::INFO, layers::info),
    offload("cpu_hit", OffloadFilter::CPU_HIT, |r, stats| {
        if let Some(link) = stats.offload().and_then(OffloadStats::cpu_hit) {
            counters::of(r, "stats64", &link, None, false);
        }
    }),
    leaf("xstats_slave", "bond", "802.3ad", StatsFilter::PORT, |r, stats| layers::lacp(r, stats.port())),
    leaf("xstats", "bond", "802.3ad", StatsFilter::EXTENDED, |r, stats| layers::lacp(r, stats.extended())),
    leaf("xstats_slave", "bridge", "mcast", StatsFilter::PORT, |r, stats| bridge::mcast(r, stats.port())),
    leaf("xstats_slave", "bridge", "stp", StatsFilter::PORT, |r, stats| bridge::stp(r, stats.port())),
    leaf("xstats", "bridge", "mcast", StatsFilter::EXTENDED, |r, stats| bridge::mcast(r, stats.extended())),
    leaf("xstats", "bridge", "stp", StatsFilter::EXTENDED, |r, stats| bridge::stp(r, stats.extended())),
];

/// Names of groups; the numbers mean nothing but their place.
pub(super) const GROUPS: &[(&str, u64)] =
    &[("link", 0), ("xstats", 1), ("xstats_slave", 2), ("offload", 3), ("afstats", 4)];
/// Names of subgroups.
pub(super) const SUBGROUPS: &[(&str, u64)] =
    &[("bridge", 0), ("bond", 1), ("cpu_hit", 2), ("hw_stats_info", 3), ("l3_stats", 4), ("mpls", 5)];
/// Names of suites.
pub(super) const SUITES: &[(&str, u64)] = &[("stp", 0), ("mcast", 1), ("802.3ad", 2)];

/// All counters of the hardware.
const WHOLE: OffloadFilter = OffloadFilter::CPU_HIT.union(OffloadFilter::INFO).union(OffloadFilter::L3);

/// `stats show`.
pub(super) fn show(cx: &mut Context, words: &Words) -> Outcome {
    let leaves: Vec<&Leaf> = LEAVES.iter().filter(|leaf| is_wanted(leaf, words)).collect();
    if leaves.is_empty() {
        return Err(words.wrong("there are no such statistics"));
    }
    let filter = leaves.iter().fold(StatsFilter::empty(), |filter, leaf| filter | leaf.filter);
    let offload = leaves.iter().fold(OffloadFilter::empty(), |filter, leaf| filter | leaf.offload);
    // Without a filter within it, the whole group comes.
    let part = Some(offload).filter(|offload| !offload.is_empty() && *offload != WHOLE);
    let links = match words.text("dev") {
        Some(device) => {
            let get = stats::Get::new(cx.device(device)?, filter);
            let mut one = List::new();
            one.push(&*cx.run(&part.map_or(get, |part| get.offload(part)))?);
            one
        }
        None => {
            let list = stats::List::new(filter);
            cx.run(&part.map_or(list, |part| list.offload(part)))?
        }
    };
    print(cx, &links, &leaves)
}

fn print(cx: &mut Context, links: &List<Stats>, leaves: &[&Leaf]) -> Result<(), Failure> {
    for link in links {
        cx.learn_device(link.index())?;
    }
    let devices = std::mem::take(&mut cx.devices);
    let mut list = cx.list();
    for link in links {
        for leaf in leaves {
            let mut r = Record::new();
            head(&mut r, link, leaf, &devices);
            (leaf.describe)(&mut r, link);
            list.push(r)?;
        }
    }
    list.finish()?;
    cx.devices = devices;
    Ok(())
}

/// Describes a part of the hardware's counters, named by its subgroup, that a message has.
pub(crate) fn describe(devices: &Devices, payload: &[u8], part: &str, r: &mut Record) {
    let leaf = LEAVES.iter().find(|leaf| leaf.group == "offload" && leaf.subgroup == Some(part));
    if let (Some(leaf), Some(stats)) = (leaf, Stats::view(payload)) {
        head(r, stats, leaf, devices);
        (leaf.describe)(r, stats);
    }
}

/// Describes a message by every leaf.
#[cfg(test)]
pub(crate) fn describe_all(devices: &Devices, stats: &Stats, r: &mut Record) {
    for leaf in LEAVES {
        head(r, stats, leaf, devices);
        (leaf.describe)(r, stats);
    }
}

/// Whether a message has this part.
pub(crate) fn has(payload: &[u8], part: &str) -> bool {
    let offload = Stats::view(payload).and_then(|stats| stats.offload());
    offload.is_some_and(|offload| if part == LAYER3 { offload.l3().is_some() } else { offload.info().is_some() })
}

/// Packets of layer 3 that the hardware counts.
pub(crate) const LAYER3: &str = "l3_stats";
/// What there is to say of the hardware's counters.
pub(crate) const HARDWARE: &str = "hw_stats_info";

/// Whether the words ask for a leaf: for its group as a whole, or for the part of it that the leaf is.
fn is_wanted(leaf: &Leaf, words: &Words) -> bool {
    let named = |words: &Words, table: &[(&str, u64)], name: &str| {
        words.number::<u64>("name").is_some_and(|number| table.iter().any(|(n, at)| *at == number && *n == name))
    };
    let suite = |sub: &Words| {
        let mut suites = sub.all("suite").filter_map(Value::number::<u64>).peekable();
        suites.peek().is_none()
            || suites.any(|number| SUITES.iter().any(|(name, at)| *at == number && Some(*name) == leaf.suite))
    };
    let subgroup = |group: &Words| {
        let mut subgroups = group.groups("subgroup").peekable();
        subgroups.peek().is_none()
            || subgroups.any(|sub| leaf.subgroup.is_some_and(|name| named(sub, SUBGROUPS, name)) && suite(sub))
    };
    let mut groups = words.groups("group").peekable();
    groups.peek().is_none() || groups.any(|group| named(group, GROUPS, leaf.group) && subgroup(group))
}

fn head(r: &mut Record, link: &Stats, leaf: &Leaf, devices: &Devices) {
    let name = devices.name(link.index());
    r.number("ifindex", link.index()).shown(format!("{}:", link.index()));
    r.string("ifname", name.as_str()).shown(format!("{name}:")).paint(Paint::Device);
    r.string("group", leaf.group);
    if let Some(subgroup) = leaf.subgroup {
        r.string("subgroup", subgroup);
    }
    if let Some(suite) = leaf.suite {
        r.string("suite", suite);
    }
}
