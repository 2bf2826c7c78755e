//! Counters that standards define: `-S DEVICE --groups …`.

use super::pause::SOURCES;
use super::sheet::Sheet;
use super::talk::{SHOWN, Talk, show};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::words::{Input, Kind, Value, Word, Words, flag, word};
use netloom::ethtool::bitset::BitsetWriter;
use netloom::ethtool::commands::{GetStatistics, ListStatistics};
use netloom::ethtool::pause::StatisticsSource;
use netloom::ethtool::statistics::{HistogramBucket, Statistics, StatisticsWriter};
use netloom::ethtool::strings::StringSetId;

pub(super) const WORDS: &[Word] = &[
    SHOWN,
    flag("--all-groups", "all groups that the kernel knows"),
    word("--groups", Kind::Custom("GROUP…", groups), "these groups: eth-phy, eth-mac, eth-ctrl, rmon, phydev"),
    word("--src", SOURCES, "which MAC the counters are of, where frame preemption makes two of one"),
];

fn groups(input: &mut Input<'_>) -> Result<Value, String> {
    let mut all = Vec::new();
    while input.peek().is_some_and(|word| !word.starts_with("--")) {
        all.extend(input.take().map(|name| Value::Text(name.to_owned())));
    }
    // ethtool ends a list so.
    input.take_if("--");
    if all.is_empty() { Err("a GROUP is missing".into()) } else { Ok(Value::Several(all)) }
}

pub(super) fn run(cx: &mut Context, words: &Words) -> Outcome {
    let names: Vec<String> = if words.has("--all-groups") {
        Talk::open(cx)?.names(StringSetId::StatisticsGroups)?.values().cloned().collect()
    } else {
        let text = |value: &Value| if let Value::Text(name) = value { Some(name.clone()) } else { None };
        words.several("--groups").iter().filter_map(text).collect()
    };
    if names.is_empty() {
        let what = "counters of the driver's own are known to an ioctl (ETHTOOL_GSTATS) only, not to netlink";
        return Err(Failure::Failed(format!(
            "{}: {what}; --groups and --all-groups show standard ones",
            words.context()
        )));
    }
    let source = words.number::<u32>("--src").map(StatisticsSource::from);
    let ask = |w: StatisticsWriter| {
        let w = w.groups(|b: BitsetWriter| b.list(names.iter().map(String::as_str)));
        source.into_iter().fold(w, |w, source| w.source(source))
    };
    show(
        cx,
        words,
        false,
        |device| GetStatistics::with(device, ask),
        |flags| ListStatistics::with(flags, ask),
        statistics,
    )
}

fn statistics(talk: &mut Talk, found: &Statistics) -> Result<Sheet, Failure> {
    let groups = talk.names(StringSetId::StatisticsGroups)?;
    let mut s = Sheet::default();
    for group in found.group() {
        let (Some(id), Some(set)) = (group.id(), group.string_set()) else { continue };
        let names = talk.names(set)?;
        let title = groups.get(&u32::from(id)).cloned().unwrap_or_else(|| format!("group{}", u32::from(id)));
        s.section(title, |s| {
            for (place, count) in group.counters() {
                if let Some(name) = names.get(&u32::from(place)).filter(|name| !name.is_empty()) {
                    s.row(name, count);
                }
            }
            histogram(s, "rx-pktsNtoM", group.hist_rx());
            histogram(s, "tx-pktsNtoM", group.hist_tx());
        });
    }
    Ok(s)
}

/// Packets by size; nothing if the device does not count them.
fn histogram<'a>(s: &mut Sheet, key: &str, buckets: impl Iterator<Item = &'a HistogramBucket>) {
    let bucket = |bucket: &HistogramBucket| {
        let mut s = Sheet::default();
        s.some("low", bucket.low());
        s.some("high", bucket.high());
        s.some("val", bucket.packets());
        (key.to_owned(), s)
    };
    let buckets: Vec<(String, Sheet)> = buckets.map(bucket).collect();
    if !buckets.is_empty() {
        s.sections(key, buckets);
    }
}
