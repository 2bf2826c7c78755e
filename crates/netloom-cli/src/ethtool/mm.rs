//! Frame preemption: the MAC merge layer.

use super::given::given;
use super::sheet::Sheet;
use super::talk::{CHANGED, Talk, changed, must_say, show};
use crate::context::Context;
use crate::failure::Outcome;
use crate::words::{Kind, Word, Words, word};
use netloom::ethtool::commands::{GetMacMerge, ListMacMerge, SetMacMerge};
use netloom::ethtool::mm::{MacMerge, VerifyStatus};

pub(super) const MERGE: &[Word] = &[
    CHANGED,
    word("verify-enabled", Kind::OnOff, "whether the peer must prove that it understands preemption"),
    word("verify-time", Kind::Number(1, 128), "milliseconds between attempts at that"),
    word("tx-enabled", Kind::OnOff, "whether preemptable frames may be sent"),
    word("pmac-enabled", Kind::OnOff, "whether the MAC that receives preemptable frames is on"),
    word("tx-min-frag-size", Kind::U32, "least size of a fragment that is sent, in bytes without its checksum"),
];

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
