//! Collision avoidance on a multi-drop segment.

use super::given::given;
use super::sheet::Sheet;
use super::talk::{CHANGED, Talk, changed, must_say, show};
use crate::context::Context;
use crate::failure::Outcome;
use crate::words::{Kind, Word, Words, word};
use netloom::ethtool::commands::{GetPlca, GetPlcaStatus, ListPlca, ListPlcaStatus, SetPlca};
use netloom::ethtool::plca::Plca;

pub(super) const PLCA: &[Word] = &[
    CHANGED,
    word("enable", Kind::OnOff, "whether it is on"),
    word("node-id", Kind::U8, "number of this node; 0 is the coordinator, 255 turns it off"),
    word("node-cnt", Kind::Number(1, 255), "transmit opportunities in a cycle"),
    word("to-tmr", Kind::U8, "length of a transmit opportunity, in bit times"),
    word("burst-cnt", Kind::U8, "packets that may follow the first in one opportunity"),
    word("burst-tmr", Kind::U8, "bit times to wait for the next packet of a burst"),
];

pub(super) fn show_plca(cx: &mut Context, words: &Words) -> Outcome {
    show(cx, words, false, GetPlca::of, |flags| ListPlca::with(flags, |w| w), |_, found| Ok(plca(found)))
}

pub(super) fn plca(found: &Plca) -> Sheet {
    let mut s = Sheet::default();
    s.some("version", found.version().map(|version| format!("{}.{}", version >> 4 & 0xf, version & 0xf)));
    s.some("enable", found.enabled());
    s.some("node-id", found.node_id());
    s.some("node-cnt", found.nodes());
    s.some("to-tmr", found.opportunity_timer());
    s.some("burst-cnt", found.burst_count());
    s.some("burst-tmr", found.burst_timer());
    s
}

pub(super) fn set_plca(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    must_say(words)?;
    let set = SetPlca::of(device, |w| {
        given!(w, words; bool "enable" => enabled, number "node-id" => node_id, number "node-cnt" => nodes,
            number "to-tmr" => opportunity_timer, number "burst-cnt" => burst_count, number "burst-tmr" => burst_timer)
    });
    Talk::open(cx)?.run(&set)
}

pub(super) fn show_plca_status(cx: &mut Context, words: &Words) -> Outcome {
    show(
        cx,
        words,
        false,
        GetPlcaStatus::of,
        |flags| ListPlcaStatus::with(flags, |w| w),
        |_, found| {
            let mut s = Sheet::default();
            s.some("plca-status", found.status().map(|up| if up { "on" } else { "off" }));
            Ok(s)
        },
    )
}
