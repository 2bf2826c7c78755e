//! Tests of the cable: started, then followed until they end.

use super::sheet::Sheet;
use super::talk::{CHANGED, Talk, changed};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::out::Record;
use crate::words::{Kind, Word, Words, word};
use netloom::ethtool::GROUP;
use netloom::ethtool::cable::{
    CablePair, CableResultCode, CableSource, CableTestReport, CableTestStatus, CableTestTdrReport,
};
use netloom::ethtool::commands::{MeasureCable, TestCable};
use netloom::wire::{Notice, View as _};

pub(super) const TEST: &[Word] = &[CHANGED];
pub(super) const MEASURE: &[Word] = &[
    CHANGED,
    word("first", Kind::Number(0, 150), "where to begin, in metres"),
    word("last", Kind::Number(0, 150), "where to end, in metres"),
    word("step", Kind::Number(1, 150), "from one measurement to the next, in metres"),
    word("pair", Kind::Number(0, 3), "the pair, 0 is A; all where it is left out"),
];

pub(super) fn test(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    let mut talk = Talk::open(cx)?;
    let told = talk.socket().watch_groups(&[GROUP])?;
    talk.run(&TestCable::of(device))?;
    follow(cx, words, told, |command, payload| {
        let found = CableTestReport::view(payload).filter(|_| command == super::monitor::CABLE)?;
        Some((found.header()?.name()?.to_owned(), report(found).of(found.header()), ends(found.status())))
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
        Some((found.header()?.name()?.to_owned(), measurement(found).of(found.header()), ends(found.status())))
    })
}

fn ends(status: Option<CableTestStatus>) -> bool {
    status == Some(CableTestStatus::Completed)
}

/// Shows what is told of the device until it ends: name of the device, the record, whether it is the last.
fn follow(
    cx: &mut Context,
    words: &Words,
    mut told: netloom::socket::blocking::Notifications,
    read: impl Fn(u16, &[u8]) -> Option<(String, Record, bool)>,
) -> Outcome {
    let wanted = words.text("device").unwrap_or_default();
    let mut list = cx.list();
    loop {
        match told.next()? {
            Notice::Message { command, payload, .. } => {
                let Some((name, record, last)) = read(command, payload) else { continue };
                if name == wanted {
                    list.push(record)?;
                    list.flush()?;
                    if last {
                        return list.finish();
                    }
                }
            }
            _ => return Err(Failure::Failed("what the kernel tells of the cable was lost".into())),
        }
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
        s.row(
            "code",
            match result.code() {
                Some(CableResultCode::Ok) => "OK",
                Some(CableResultCode::Open) => "Open Circuit",
                Some(CableResultCode::SameShort) => "Short within Pair",
                Some(CableResultCode::CrossShort) => "Short to another pair",
                Some(CableResultCode::ImpedanceMismatch) => "Impedance mismatch",
                Some(CableResultCode::Noise) => "Noise",
                Some(CableResultCode::ResolutionNotPossible) => "Resolution not possible",
                _ => "Unknown",
            },
        );
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
