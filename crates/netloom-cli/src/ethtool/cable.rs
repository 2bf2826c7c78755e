//! Tests of the cable: started, then followed until they end.

use super::sheet::Sheet;
use super::talk::{CHANGED, Talk, changed};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::out::{Paint, Record};
use crate::words::{Kind, Word, Words, word};
use netloom::ethtool::GROUP;
use netloom::ethtool::cable::{
    CablePair, CableResultCode, CableSource, CableTestReport, CableTestStatus, CableTestTdrReport,
};
use netloom::ethtool::commands::{MeasureCable, TestCable};
use netloom::wire::{Notice, View as _};
use serde_json::Value as Json;

pub(super) const TEST: &[Word] = &[CHANGED];
pub(super) const MEASURE: &[Word] = &[
    CHANGED,
    word("first", Kind::Number(0, 150), "where to begin, in metres"),
    word("last", Kind::Number(0, 150), "where to end, in metres"),
    word("step", Kind::Number(1, 150), "from one measurement to the next, in metres"),
    word("pair", Kind::Number(0, 3), "the pair, 0 is A; all where it is left out"),
];

/// What a message says: the device, the sheet for people, the findings for programs, whether it is the last.
struct Told {
    name: String,
    sheet: Sheet,
    findings: Vec<Record>,
    last: bool,
}

pub(super) fn test(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    let mut talk = Talk::open(cx)?;
    let told = talk.socket().watch_groups(&[GROUP])?;
    talk.run(&TestCable::of(device))?;
    follow(cx, words, told, |command, payload| {
        let found = CableTestReport::view(payload).filter(|_| command == super::monitor::CABLE)?;
        let name = found.header()?.name()?.to_owned();
        Some(Told { name, sheet: report(found), findings: findings(found), last: ends(found.status()) })
    })
}

pub(super) fn measure(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    let centimetres = |name: &str| words.number::<u32>(name).map(|metres| metres.saturating_mul(100));
    let mut talk = Talk::open(cx)?;
    let told = talk.socket().watch_groups(&[GROUP])?;
    let ranged = ["first", "last", "step", "pair"].iter().any(|name| words.has(name));
    talk.run(&MeasureCable::of(device, |w| {
        if !ranged {
            return w;
        }
        w.range(|w| {
            let w = centimetres("first").into_iter().fold(w, |w, first| w.first(first));
            let w = centimetres("last").into_iter().fold(w, |w, last| w.last(last));
            let w = centimetres("step").into_iter().fold(w, |w, step| w.step(step));
            words.number::<u8>("pair").into_iter().fold(w, |w, pair| w.pair(pair.into()))
        })
    }))?;
    follow(cx, words, told, |command, payload| {
        let found = CableTestTdrReport::view(payload).filter(|_| command == super::monitor::MEASUREMENT)?;
        let name = found.header()?.name()?.to_owned();
        Some(Told { name, sheet: measurement(found), findings: measured(found), last: ends(found.status()) })
    })
}

fn ends(status: Option<CableTestStatus>) -> bool {
    status == Some(CableTestStatus::Completed)
}

/// Shows what is told of the device until it ends. As JSON, findings follow each other, as in ethtool.
fn follow(
    cx: &mut Context,
    words: &Words,
    mut told: netloom::socket::blocking::Notifications,
    read: impl Fn(u16, &[u8]) -> Option<Told>,
) -> Outcome {
    let wanted = words.text("device").unwrap_or_default();
    let json = cx.options.json;
    let mut list = cx.list();
    loop {
        let Notice::Message { command, payload, .. } = told.next()? else {
            return Err(Failure::Failed("what the kernel tells of the cable was lost".into()));
        };
        let Some(told) = read(command, payload).filter(|told| told.name == wanted) else { continue };
        if json {
            told.findings.into_iter().try_for_each(|finding| list.push(finding))?;
        } else {
            let mut r = Record::new();
            r.string("ifname", told.name).bare().paint(Paint::Device);
            told.sheet.add_to(&mut r);
            list.push(r)?;
            list.flush()?;
        }
        if told.last {
            return list.finish();
        }
    }
}

/// A record of a pair of wires.
fn of_pair(number: Option<CablePair>, how: Option<CableSource>) -> Record {
    let mut r = Record::new();
    r.string("pair", format!("Pair {}", pair(number)));
    if let Some(source) = source(how) {
        r.string("src", source);
    }
    r
}

fn metres(centimetres: Option<u32>) -> Json {
    centimetres.map(|centimetres| f64::from(centimetres) / 100.0).into()
}

fn findings(found: &CableTestReport) -> Vec<Record> {
    let Some(findings) = found.findings() else { return Vec::new() };
    let results = findings.result().map(|result| {
        let mut r = of_pair(result.pair(), result.source());
        r.string("code", code(result.code()));
        r
    });
    let faults = findings.fault().map(|fault| {
        let mut r = of_pair(fault.pair(), fault.source());
        r.value("length", metres(fault.cm()));
        r
    });
    results.chain(faults).collect()
}

fn measured(found: &CableTestTdrReport) -> Vec<Record> {
    let Some(measured) = found.measurements() else { return Vec::new() };
    let steps = measured.step().map(|steps| {
        let mut r = Record::new();
        r.value("first", metres(steps.first()));
        r.value("last", metres(steps.last()));
        r.value("step", metres(steps.step()));
        r
    });
    let pulses = measured.pulse().map(|pulse| {
        let mut r = Record::new();
        r.value("pulse", pulse.millivolts());
        r
    });
    let amplitudes = measured.amplitude().map(|amplitude| {
        let mut r = of_pair(amplitude.pair(), None);
        r.value("amplitude", amplitude.millivolts());
        r
    });
    steps.into_iter().chain(pulses).chain(amplitudes).collect()
}

fn code(code: Option<CableResultCode>) -> &'static str {
    match code {
        Some(CableResultCode::Ok) => "OK",
        Some(CableResultCode::Open) => "Open Circuit",
        Some(CableResultCode::SameShort) => "Short within Pair",
        Some(CableResultCode::CrossShort) => "Short to another pair",
        Some(CableResultCode::ImpedanceMismatch) => "Impedance mismatch",
        Some(CableResultCode::Noise) => "Noise",
        Some(CableResultCode::ResolutionNotPossible) => "Resolution not possible",
        _ => "Unknown",
    }
}

fn status(s: &mut Sheet, status: Option<CableTestStatus>) {
    match status {
        Some(CableTestStatus::Started) => _ = s.row("status", "started"),
        Some(CableTestStatus::Completed) => _ = s.row("status", "completed"),
        _ => {}
    }
}

fn pair(pair: Option<CablePair>) -> String {
    match pair {
        Some(pair @ (CablePair::A | CablePair::B | CablePair::C | CablePair::D)) => format!("{pair:?}"),
        Some(other) => u8::from(other).to_string(),
        None => "?".to_owned(),
    }
}

fn source(source: Option<CableSource>) -> Option<&'static str> {
    match source? {
        CableSource::Tdr => Some("TDR"),
        CableSource::Alcd => Some("ALCD"),
        _ => None,
    }
}

pub(super) fn report(found: &CableTestReport) -> Sheet {
    let mut s = Sheet::default();
    status(&mut s, found.status());
    let Some(findings) = found.findings() else { return s };
    let results = findings.result().map(|result| {
        let mut s = Sheet::default();
        let pair = pair(result.pair());
        s.row("pair", pair.clone()).json_only();
        s.row("code", code(result.code()));
        s.some("src", source(result.source()));
        (format!("pair {pair}"), s)
    });
    s.sections("results", results);
    let faults = findings.fault().map(|fault| {
        let mut s = Sheet::default();
        let pair = pair(fault.pair());
        s.row("pair", pair.clone()).json_only();
        if let Some(cm) = fault.cm() {
            s.row("fault-length-cm", cm).shown(format!("{}.{:02} m", cm / 100, cm % 100));
        }
        s.some("src", source(fault.source()));
        (format!("pair {pair}"), s)
    });
    s.sections("faults", faults);
    s
}

pub(super) fn measurement(found: &CableTestTdrReport) -> Sheet {
    let mut s = Sheet::default();
    status(&mut s, found.status());
    let Some(measured) = found.measurements() else { return s };
    if let Some(steps) = measured.step() {
        s.some("first-cm", steps.first());
        s.some("last-cm", steps.last());
        s.some("step-cm", steps.step());
    }
    let pulses: Vec<i16> = measured.pulse().filter_map(|pulse| pulse.millivolts()).collect();
    s.some("pulses-mV", (!pulses.is_empty()).then_some(pulses));
    let amplitudes = measured.amplitude().map(|amplitude| {
        let mut s = Sheet::default();
        let pair = pair(amplitude.pair());
        s.row("pair", pair.clone()).json_only();
        s.some("amplitude-mV", amplitude.millivolts());
        (format!("pair {pair}"), s)
    });
    s.sections("amplitudes", amplitudes);
    s
}

#[cfg(test)]
mod tests {
    use super::*;
    use netloom::Message as _;

    /// Devices that can be had for a test have no cable; the keys are those of ethtool's manual page and source.
    #[test]
    fn findings_follow_each_other() {
        let report = CableTestReport::build((), |w| {
            w.findings(|w| {
                let w = w.result(|w| w.pair(CablePair::A).code(CableResultCode::Ok).source(CableSource::Tdr));
                let w = w.result(|w| w.pair(CablePair::B).code(CableResultCode::Open));
                w.fault(|w| w.pair(CablePair::B).cm(1250))
            })
        });
        let shown: Vec<Json> =
            report.map(|report| findings(&report)).unwrap_or_default().into_iter().map(Record::into_json).collect();
        let expected = [
            r#"{"pair":"Pair A","src":"TDR","code":"OK"}"#,
            r#"{"pair":"Pair B","code":"Open Circuit"}"#,
            r#"{"pair":"Pair B","length":12.5}"#,
        ];
        assert_eq!(shown.iter().map(Json::to_string).collect::<Vec<_>>(), expected);
    }
}
