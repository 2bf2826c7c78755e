//! Energy-efficient Ethernet, forward error correction, frame preemption, power of a module.

use super::bits::asked;
use super::given::given;
use super::modes::{self, Class};
use super::sheet::Sheet;
use super::talk::{CHANGED, Talk, changed, must_say, set, show};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::words::{Input, Kind, Value, Word, Words, word};
use netloom::ethtool::commands::{
    GetEee, GetFec, GetMacMerge, GetModule, ListEee, ListFec, ListMacMerge, ListModule, SetEee, SetFec, SetMacMerge,
    SetModule,
};
use netloom::ethtool::eee::Eee;
use netloom::ethtool::fec::Fec;
use netloom::ethtool::mm::{MacMerge, VerifyStatus};
use netloom::ethtool::module::{Module, PowerMode, PowerPolicy};
use netloom::ethtool::strings::StringSetId;
use serde_json::{Map, Value as Json};

pub(super) const EEE: &[Word] = &[
    CHANGED,
    word("eee", Kind::OnOff, "whether it is on"),
    word("advertise", Kind::Text("N[/M]"), "modes that are advertised with EEE, hexadecimal"),
    word("tx-lpi", Kind::OnOff, "whether the device goes into low-power idle when there is nothing to send"),
    word("tx-timer", Kind::U32, "microseconds without anything to send, after which it does"),
];
pub(super) const FEC: &[Word] =
    &[CHANGED, word("encoding", Kind::Custom("{ auto | off | rs | baser | llrs }…", encodings), "sorts of correction")];
pub(super) const MERGE: &[Word] = &[
    CHANGED,
    word("verify-enabled", Kind::OnOff, "whether the peer must prove that it understands preemption"),
    word("verify-time", Kind::Number(1, 128), "milliseconds between attempts at that"),
    word("tx-enabled", Kind::OnOff, "whether preemptable frames may be sent"),
    word("pmac-enabled", Kind::OnOff, "whether the MAC that receives preemptable frames is on"),
    word("tx-min-frag-size", Kind::U32, "least size of a fragment that is sent, in bytes without its checksum"),
];
pub(super) const MODULE: &[Word] = &[
    CHANGED,
    word("power-mode-policy", Kind::OneOf(&[("high", 1), ("auto", 2)]), "when the module may use much power"),
];

/// The bit that stands for no correction, where that was asked for.
const NO_CORRECTION: &str = "None";

/// A sort of correction as ethtool calls it.
fn correction(name: String) -> String {
    if name == NO_CORRECTION { "Off".to_owned() } else { name }
}

pub(super) fn show_eee(cx: &mut Context, words: &Words) -> Outcome {
    show(cx, words, false, GetEee::of, |flags| ListEee::with(flags, |w| w), eee)
}

pub(super) fn eee(talk: &mut Talk, found: &Eee) -> Result<Sheet, Failure> {
    let ours = talk.bits(found.modes_ours(), StringSetId::LinkModes)?;
    let peer = talk.bits(found.modes_peer(), StringSetId::LinkModes)?;
    let mut s = Sheet::default();
    if ours.is_empty() {
        s.row("status", "not supported");
        return Ok(s);
    }
    let state = match (found.enabled(), found.active()) {
        (Some(true), Some(true)) => "active",
        (Some(true), _) => "inactive",
        _ => "disabled",
    };
    s.row("status", state);
    s.some("tx-lpi", found.tx_lpi_timer().filter(|_| found.tx_lpi_enabled() == Some(true)));
    modes::list(&mut s, "supported-eee-link-modes".into(), modes::names(&ours, Class::Mode, true));
    modes::list(&mut s, "advertised-eee-link-modes".into(), modes::names(&ours, Class::Mode, false));
    modes::list(&mut s, "link-partner-advertised-eee-link-modes".into(), modes::names(&peer, Class::Mode, false));
    Ok(s)
}

pub(super) fn set_eee(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    must_say(words)?;
    let advertised = asked(words, "advertise", true)?;
    let set = SetEee::of(device, |w| {
        let w =
            given!(w, words; bool "eee" => enabled, bool "tx-lpi" => tx_lpi_enabled, number "tx-timer" => tx_lpi_timer);
        advertised.iter().fold(w, |w, modes| w.modes_ours(|b| modes.write(b)))
    });
    Talk::open(cx)?.run(&set)
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

pub(super) fn show_merge(cx: &mut Context, words: &Words) -> Outcome {
    show(cx, words, true, GetMacMerge::of, |flags| ListMacMerge::with(flags, |w| w), |_, found| Ok(merge(found)))
}

pub(super) fn merge(found: &MacMerge) -> Sheet {
    let mut s = Sheet::default();
    s.some("pmac-enabled", found.pmac_enabled());
    s.some("tx-enabled", found.tx_enabled());
    s.some("tx-active", found.tx_active());
    s.some("tx-min-frag-size", found.tx_min_frag_size());
    s.some("rx-min-frag-size", found.rx_min_frag_size());
    s.some("verify-enabled", found.verify_enabled());
    s.some("verify-time", found.verify_time());
    s.some("max-verify-time", found.max_verify_time());
    let status = found.verify_status().map(|status| match status {
        VerifyStatus::Initial => "INITIAL",
        VerifyStatus::Verifying => "VERIFYING",
        VerifyStatus::Succeeded => "SUCCEEDED",
        VerifyStatus::Failed => "FAILED",
        VerifyStatus::Disabled => "DISABLED",
        _ => "UNKNOWN",
    });
    s.some("verify-status", status);
    if let Some(counters) = found.stats() {
        s.section("statistics", |s| {
            s.some("MACMergeFrameAssErrorCount", counters.reassembly_errors());
            s.some("MACMergeFrameSmdErrorCount", counters.smd_errors());
            s.some("MACMergeFrameAssOkCount", counters.reassembly_ok());
            s.some("MACMergeFragCountRx", counters.rx_fragments());
            s.some("MACMergeFragCountTx", counters.tx_fragments());
            s.some("MACMergeHoldCount", counters.holds());
        });
    }
    s
}

pub(super) fn set_merge(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    must_say(words)?;
    let set = SetMacMerge::of(device, |w| {
        given!(w, words; bool "verify-enabled" => verify_enabled, number "verify-time" => verify_time,
            bool "tx-enabled" => tx_enabled, bool "pmac-enabled" => pmac_enabled,
            number "tx-min-frag-size" => tx_min_frag_size)
    });
    Talk::open(cx)?.run(&set)
}

pub(super) fn show_module(cx: &mut Context, words: &Words) -> Outcome {
    show(cx, words, false, GetModule::of, |flags| ListModule::with(flags, |w| w), |_, found| Ok(module(found)))
}

pub(super) fn module(found: &Module) -> Sheet {
    let mut s = Sheet::default();
    let policy = found.power_mode_policy().map(|policy| match policy {
        PowerPolicy::High => "high".to_owned(),
        PowerPolicy::Auto => "auto".to_owned(),
        other => format!("unknown({})", u8::from(other)),
    });
    s.some("power-mode-policy", policy);
    let mode = found.power_mode().map(|mode| match mode {
        PowerMode::Low => "low".to_owned(),
        PowerMode::High => "high".to_owned(),
        other => format!("unknown({})", u8::from(other)),
    });
    s.some("power-mode", mode);
    s
}

pub(super) fn set_module(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    must_say(words)?;
    let set = SetModule::of(device, |w| {
        words.number::<u8>("power-mode-policy").into_iter().fold(w, |w, policy| w.power_mode_policy(policy.into()))
    });
    Talk::open(cx)?.run(&set)
}
