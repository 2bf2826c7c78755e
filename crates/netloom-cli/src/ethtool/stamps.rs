//! Timestamps and clocks: `-T`, `--get-hwtimestamp-cfg`, `--set-hwtimestamp-cfg`, `--show-phc`.

use super::sheet::Sheet;
use super::talk::{CHANGED, SHOWN, Talk, changed, must_say, number, set, show};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::words::{Kind, Word, Words, word};
use netloom::ethtool::bitset::BitsetWriter;
use netloom::ethtool::commands::{
    GetTimestamping, GetTimestampingConfig, GetVirtualClocks, ListTimestamping, ListTimestampingConfig,
    ListVirtualClocks, SetTimestampingConfig,
};
use netloom::ethtool::strings::StringSetId;
use netloom::ethtool::timestamping::{
    TimestampProvider, TimestampProviderWriter, TimestampQualifier, TimestampSource, Timestamping, TimestampingConfig,
};

const INDEX: Word = word("index", Kind::U32, "clock, by the number of /dev/ptp…");
const QUALIFIER: Word = word(
    "qualifier",
    Kind::OneOf(&[("precise", 0), ("approx", 1)]),
    "precise, good for IEEE 1588, or taken at the transfer to memory",
);

pub(super) const SHOW: &[Word] = &[SHOWN, INDEX, QUALIFIER];
pub(super) const SET: &[Word] = &[
    CHANGED,
    INDEX,
    QUALIFIER,
    word("tx", Kind::Text("TYPE"), "how sent packets are timestamped (off, on, onestep-sync …)"),
    word("rx-filter", Kind::Text("FILTER"), "which received packets are timestamped (none, all, ptpv2-event …)"),
];

/// The clock that the words name.
fn provider(words: &Words) -> Result<Option<(u32, TimestampQualifier)>, Failure> {
    match (number(words, "index"), number(words, "qualifier")) {
        (None, None) => Ok(None),
        (Some(index), Some(qualifier)) => Ok(Some((index, qualifier.into()))),
        (None, Some(_)) => Err(words.missing("index")),
        (Some(_), None) => Err(words.missing("qualifier")),
    }
}

fn write((index, qualifier): (u32, TimestampQualifier), w: TimestampProviderWriter) -> TimestampProviderWriter {
    w.index(index).qualifier(qualifier)
}

pub(super) fn show_abilities(cx: &mut Context, words: &Words) -> Outcome {
    let clock = provider(words)?;
    show(
        cx,
        words,
        true,
        |device| GetTimestamping::with(device, |w| clock.into_iter().fold(w, |w, c| w.provider(|p| write(c, p)))),
        |flags| ListTimestamping::with(flags, |w| w),
        abilities,
    )
}

fn abilities(talk: &mut Talk, found: &Timestamping) -> Result<Sheet, Failure> {
    let mut s = Sheet::default();
    let capabilities = set(&talk.bits(found.timestamping(), StringSetId::Timestamping)?);
    s.row("capabilities", capabilities.clone()).lines(capabilities);
    s.some("phc-index", found.phc_index());
    clock(found.provider(), &mut s);
    s.some(
        "hwtstamp-source",
        found.source().map(|source| match source {
            TimestampSource::Device => "netdev".to_owned(),
            TimestampSource::Phy => "phylib".to_owned(),
            other => u32::from(other).to_string(),
        }),
    );
    s.some("hwtstamp-phyindex", found.phy());
    let types = set(&talk.bits(found.tx_types(), StringSetId::TimestampTxTypes)?);
    s.row("tx-types", types.clone()).lines(types);
    let filters = set(&talk.bits(found.rx_filters(), StringSetId::TimestampRxFilters)?);
    s.row("rx-filters", filters.clone()).lines(filters);
    if let Some(counters) = found.stats() {
        s.section("statistics", |s| {
            s.some("tx_pkts", counters.tx_packets());
            s.some("tx_lost", counters.tx_lost());
            s.some("tx_err", counters.tx_errors());
            s.some("tx_onestep_pkts_unconfirmed", counters.tx_one_step_unconfirmed());
        });
    }
    Ok(s)
}

fn clock(provider: Option<&TimestampProvider>, s: &mut Sheet) {
    let Some(provider) = provider else { return };
    s.some("hwtstamp-provider-index", provider.index());
    let qualifier = provider.qualifier().map(|qualifier| match qualifier {
        TimestampQualifier::Precise => "precise".to_owned(),
        TimestampQualifier::Approximate => "approx".to_owned(),
        other => u32::from(other).to_string(),
    });
    s.some("hwtstamp-provider-qualifier", qualifier);
}

pub(super) fn show_config(cx: &mut Context, words: &Words) -> Outcome {
    show(cx, words, false, GetTimestampingConfig::of, |flags| ListTimestampingConfig::with(flags, |w| w), config)
}

fn config(talk: &mut Talk, found: &TimestampingConfig) -> Result<Sheet, Failure> {
    let mut s = Sheet::default();
    clock(found.provider(), &mut s);
    let types = set(&talk.bits(found.tx_types(), StringSetId::TimestampTxTypes)?);
    s.row("tx-types", types);
    let filters = set(&talk.bits(found.rx_filters(), StringSetId::TimestampRxFilters)?);
    s.row("rx-filters", filters);
    let flags = set(&talk.bits(found.flags(), StringSetId::TimestampFlags)?);
    if !flags.is_empty() {
        s.row("flags", flags);
    }
    Ok(s)
}

pub(super) fn set_config(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    must_say(words)?;
    let clock = provider(words)?;
    let mut talk = Talk::open(cx)?;
    let tx = place(&mut talk, words, "tx", StringSetId::TimestampTxTypes)?;
    let rx = place(&mut talk, words, "rx-filter", StringSetId::TimestampRxFilters)?;
    let one = |place: u32| move |b: BitsetWriter| b.no_mask().numbered([(place, true)]);
    talk.run(&SetTimestampingConfig::of(device.compact(), |w| {
        let w = clock.into_iter().fold(w, |w, clock| w.provider(|p| write(clock, p)));
        let w = tx.into_iter().fold(w, |w, place| w.tx_types(one(place)));
        rx.into_iter().fold(w, |w, place| w.rx_filters(one(place)))
    }))
}

/// The place of the name that a word gives.
fn place(talk: &mut Talk, words: &Words, word: &str, set: StringSetId) -> Result<Option<u32>, Failure> {
    let Some(name) = words.text(word) else { return Ok(None) };
    let names = talk.names(set)?;
    let found = names.iter().find(|(_, known)| *known == name).map(|(place, _)| *place);
    let known = || names.values().cloned().collect::<Vec<_>>().join(", ");
    found.map(Some).ok_or_else(|| words.wrong(format!("{word}: {name:?} is none of {}", known())))
}

pub(super) fn show_clocks(cx: &mut Context, words: &Words) -> Outcome {
    show(
        cx,
        words,
        false,
        GetVirtualClocks::of,
        |flags| ListVirtualClocks::with(flags, |w| w),
        |_, found| {
            let mut s = Sheet::default();
            s.some("phc-vclocks-num", found.count());
            s.some("phc-vclocks-index", found.indexes().map(|all| all.collect::<Vec<i32>>()));
            Ok(s)
        },
    )
}
