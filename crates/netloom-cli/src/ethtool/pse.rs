//! Power over the cable.

use super::given::given;
use super::sheet::Sheet;
use super::talk::{CHANGED, Talk, changed, must_say, show};
use crate::context::Context;
use crate::failure::Outcome;
use crate::words::{Kind, Word, Words, word};
use netloom::ethtool::commands::{GetPse, ListPse, SetPse};
use netloom::ethtool::pse::{PodlState, PodlStatus, PoeState, PoeStatus, Pse};

const ADMIN: Kind = Kind::OneOf(&[("enable", 3), ("disable", 2)]);

pub(super) const PSE: &[Word] = &[
    CHANGED,
    word("podl-pse-admin-control", ADMIN, "PoDL: whether power may flow"),
    word("c33-pse-admin-control", ADMIN, "PoE: whether power may flow"),
    word("c33-pse-avail-pw-limit", Kind::U32, "PoE: greatest power that may be drawn, in milliwatts"),
    word("prio", Kind::U32, "priority of the port when power runs short; 0 is the highest"),
];

pub(super) fn show_pse(cx: &mut Context, words: &Words) -> Outcome {
    show(cx, words, false, GetPse::of, |flags| ListPse::with(flags, |w| w), |_, found| Ok(pse(found)))
}

pub(super) fn pse(found: &Pse) -> Sheet {
    let mut s = Sheet::default();
    s.some(
        "podl-pse-admin-state",
        found.podl_state().map(|state| match state {
            PodlState::Unknown => "unknown",
            PodlState::Disabled => "disabled",
            PodlState::Enabled => "enabled",
            _ => "unsupported",
        }),
    );
    s.some(
        "podl-pse-power-detection-status",
        found.podl_status().map(|status| match status {
            PodlStatus::Unknown => "unknown",
            PodlStatus::Disabled => "disabled",
            PodlStatus::Searching => "searching",
            PodlStatus::Delivering => "delivering power",
            PodlStatus::Sleep => "sleep",
            PodlStatus::Idle => "idle",
            PodlStatus::Error => "error",
            _ => "unsupported",
        }),
    );
    s.some(
        "c33-pse-admin-state",
        found.poe_state().map(|state| match state {
            PoeState::Unknown => "unknown",
            PoeState::Disabled => "disabled",
            PoeState::Enabled => "enabled",
            _ => "unsupported",
        }),
    );
    s.some(
        "c33-pse-power-detection-status",
        found.poe_status().map(|status| match status {
            PoeStatus::Unknown => "unknown",
            PoeStatus::Disabled => "disabled",
            PoeStatus::Searching => "searching",
            PoeStatus::Delivering => "delivering power",
            PoeStatus::Test => "test",
            PoeStatus::Fault => "fault",
            PoeStatus::OtherFault => "otherfault",
            _ => "unsupported",
        }),
    );
    s.some("c33-pse-extended-state", found.poe_reason().map(|reason| format!("{reason:?}")));
    s.some("c33-pse-extended-substate", found.poe_detail());
    s.some("c33-pse-power-class", found.poe_class());
    s.some("c33-pse-actual-power", found.poe_power());
    s.some("c33-pse-available-power-limit", found.poe_limit());
    // ethtool repeats keys of one object for them.
    let range = |range: &netloom::ethtool::pse::PowerRange| {
        let mut s = Sheet::default();
        s.some("min", range.min());
        s.some("max", range.max());
        ("range".to_owned(), s)
    };
    let ranges: Vec<(String, Sheet)> = found.poe_limit_range().map(range).collect();
    if !ranges.is_empty() {
        s.sections("c33-pse-power-limit-ranges", ranges);
    }
    s.some("power-domain-index", found.domain());
    s.some("priority-max", found.priority_max());
    s.some("priority", found.priority());
    s
}

pub(super) fn set_pse(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    must_say(words)?;
    let set = SetPse::of(device, |w| {
        let w = given!(w, words; number "c33-pse-avail-pw-limit" => poe_limit, number "prio" => priority);
        let podl = words.number::<u32>("podl-pse-admin-control");
        let w = podl.into_iter().fold(w, |w, state| w.podl_control(state.into()));
        let poe = words.number::<u32>("c33-pse-admin-control");
        poe.into_iter().fold(w, |w, state| w.poe_control(state.into()))
    });
    Talk::open(cx)?.run(&set)
}
