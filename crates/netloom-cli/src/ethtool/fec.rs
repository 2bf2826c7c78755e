//! Forward error correction.

use super::sheet::Sheet;
use super::talk::{CHANGED, Talk, changed, must_say, set, show};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::words::{Input, Kind, Value, Word, Words, word};
use netloom::ethtool::commands::{GetFec, ListFec, SetFec};
use netloom::ethtool::fec::Fec;
use netloom::ethtool::strings::StringSetId;
use serde_json::{Map, Value as Json};

pub(super) const FEC: &[Word] =
    &[CHANGED, word("encoding", Kind::Custom("{ auto | off | rs | baser | llrs }…", encodings), "sorts of correction")];

/// The bit that stands for no correction, where that was asked for.
const NO_CORRECTION: &str = "None";

/// A sort of correction as ethtool calls it.
fn correction(name: String) -> String {
    if name == NO_CORRECTION { "Off".to_owned() } else { name }
}

pub(super) fn show_fec(cx: &mut Context, words: &Words) -> Outcome {
    show(cx, words, true, GetFec::of, |flags| ListFec::with(flags, |w| w), fec)
}

pub(super) fn fec(talk: &mut Talk, found: &Fec) -> Result<Sheet, Failure> {
    let mut configured = if found.auto() == Some(true) { vec!["Auto".to_owned()] } else { Vec::new() };
    configured.extend(set(&talk.bits(found.modes(), StringSetId::LinkModes)?).into_iter().map(correction));
    if configured.is_empty() {
        configured.push("None".to_owned());
    }
    let mut s = Sheet::default();
    s.row("config", configured.clone()).shown(configured.join(" "));
    let active = match found.active() {
        Some(bit) => {
            let names = talk.names(StringSetId::LinkModes)?;
            correction(names.get(&bit).cloned().unwrap_or_else(|| format!("bit{bit}")))
        }
        None => "None".to_owned(),
    };
    s.row("active", vec![active.clone()]).shown(active);
    if let Some(counters) = found.stats() {
        s.section("statistics", |s| {
            count(s, "corrected_blocks", counters.corrected());
            count(s, "uncorrectable_blocks", counters.uncorrectable());
            count(s, "corrected_bits", counters.corrected_bits());
            let bin = |bin: &netloom::ethtool::fec::FecBin| {
                let lanes = bin.lanes().map(|lanes| lanes.map(Json::from).collect::<Vec<_>>());
                let values = [
                    ("bin_low", bin.low().map(Json::from)),
                    ("bin_high", bin.high().map(Json::from)),
                    ("total", bin.count().map(Json::from)),
                    ("lanes", lanes.map(Json::from)),
                ];
                let known = values.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
                Json::Object(known.collect::<Map<_, _>>())
            };
            let bins: Vec<Json> = counters.histogram().map(bin).collect();
            s.some("hist", (!bins.is_empty()).then_some(bins));
        });
    }
    Ok(s)
}

/// A counter: the total, then one for each lane.
fn count(s: &mut Sheet, key: &str, counts: Option<impl Iterator<Item = u64>>) {
    let Some(mut counts) = counts else { return };
    let Some(total) = counts.next() else { return };
    let lanes: Vec<u64> = counts.collect();
    s.section(key, |s| {
        s.row("total", total);
        s.some("lanes", (!lanes.is_empty()).then_some(lanes));
    });
}

/// Reads sorts of correction, as the kernel names them.
fn encodings(input: &mut Input<'_>) -> Result<Value, String> {
    let mut all = Vec::new();
    while let Some(given) = input.take() {
        let name = match given.to_ascii_lowercase().as_str() {
            "auto" => "auto",
            "off" | "none" => NO_CORRECTION,
            "rs" => "RS",
            "baser" => "BASER",
            "llrs" => "LLRS",
            _ => return Err(format!("{given:?} is none of auto, off, rs, baser, llrs")),
        };
        all.push(Value::Text(name.to_owned()));
    }
    if all.is_empty() { Err("an encoding is missing".into()) } else { Ok(Value::Several(all)) }
}

pub(super) fn set_fec(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    must_say(words)?;
    let text = |value: &Value| if let Value::Text(name) = value { Some(name.clone()) } else { None };
    let (auto, named): (Vec<String>, Vec<String>) =
        words.several("encoding").iter().filter_map(text).partition(|name| name == "auto");
    let set = SetFec::of(device, |w| w.modes(|b| b.list(named.iter().map(String::as_str))).auto(!auto.is_empty()));
    Talk::open(cx)?.run(&set)
}
