//! How long packets are gathered before an interrupt: `-c`, `-C`.

use super::given::given;
use super::sheet::Sheet;
use super::talk::{CHANGED, Talk, changed, must_say, show};
use crate::context::Context;
use crate::failure::Outcome;
use crate::words::{Kind, Word, Words, word};
use netloom::ethtool::coalesce::{Coalesce, ModerationProfile};
use netloom::ethtool::commands::{GetCoalesce, ListCoalesce, SetCoalesce};
use serde_json::{Map, Value as Json};

pub(super) const COALESCE: &[Word] = &[
    CHANGED,
    word("adaptive-rx", Kind::OnOff, "whether the driver adapts the delay of reception"),
    word("adaptive-tx", Kind::OnOff, "whether the driver adapts the delay of sending"),
    word("rx-usecs", Kind::U32, "microseconds to wait after a packet is received"),
    word("rx-frames", Kind::U32, "packets received before an interrupt"),
    word("rx-usecs-irq", Kind::U32, "the same while an interrupt is being served"),
    word("rx-frames-irq", Kind::U32, "the same while an interrupt is being served"),
    word("tx-usecs", Kind::U32, "microseconds to wait after a packet is sent"),
    word("tx-frames", Kind::U32, "packets sent before an interrupt"),
    word("tx-usecs-irq", Kind::U32, "the same while an interrupt is being served"),
    word("tx-frames-irq", Kind::U32, "the same while an interrupt is being served"),
    word("stats-block-usecs", Kind::U32, "microseconds between updates of the counters in memory"),
    word("pkt-rate-low", Kind::U32, "packets per second, below which the values for low rates hold"),
    word("rx-usecs-low", Kind::U32, "microseconds after reception, at low rates"),
    word("rx-frames-low", Kind::U32, "packets received, at low rates"),
    word("tx-usecs-low", Kind::U32, "microseconds after sending, at low rates"),
    word("tx-frames-low", Kind::U32, "packets sent, at low rates"),
    word("pkt-rate-high", Kind::U32, "packets per second, above which the values for high rates hold"),
    word("rx-usecs-high", Kind::U32, "microseconds after reception, at high rates"),
    word("rx-frames-high", Kind::U32, "packets received, at high rates"),
    word("tx-usecs-high", Kind::U32, "microseconds after sending, at high rates"),
    word("tx-frames-high", Kind::U32, "packets sent, at high rates"),
    word("sample-interval", Kind::U32, "seconds between measurements of the rate"),
    word("cqe-mode-rx", Kind::OnOff, "whether the timer of reception starts anew with each completion"),
    word("cqe-mode-tx", Kind::OnOff, "whether the timer of sending starts anew with each completion"),
    word("tx-aggr-max-bytes", Kind::U32, "greatest size of an aggregate of packets to send"),
    word("tx-aggr-max-frames", Kind::U32, "greatest number of packets in an aggregate to send"),
    word("tx-aggr-time-usecs", Kind::U32, "microseconds that an aggregate waits for more packets"),
    word("rx-cqe-frames", Kind::U32, "packets received that one completion may tell of"),
    word("rx-cqe-nsecs", Kind::U32, "nanoseconds after the first packet until such a completion is written"),
];

pub(super) fn show_coalesce(cx: &mut Context, words: &Words) -> Outcome {
    show(cx, words, false, GetCoalesce::of, |flags| ListCoalesce::with(flags, |w| w), |_, found| Ok(coalesce(found)))
}

pub(super) fn coalesce(found: &Coalesce) -> Sheet {
    let mut s = Sheet::default();
    s.some("adaptive-rx", found.use_adaptive_rx());
    s.some("adaptive-tx", found.use_adaptive_tx());
    s.some("stats-block-usecs", found.stats_block_usecs());
    s.some("sample-interval", found.rate_sample_interval());
    s.some("pkt-rate-low", found.pkt_rate_low());
    s.some("pkt-rate-high", found.pkt_rate_high());
    s.some("rx-usecs", found.rx_usecs());
    s.some("rx-frames", found.rx_max_frames());
    s.some("rx-usecs-irq", found.rx_usecs_irq());
    s.some("rx-frames-irq", found.rx_max_frames_irq());
    s.some("tx-usecs", found.tx_usecs());
    s.some("tx-frames", found.tx_max_frames());
    s.some("tx-usecs-irq", found.tx_usecs_irq());
    s.some("tx-frames-irq", found.tx_max_frames_irq());
    // ethtool's keys have no s in the following, its words have one.
    s.some("rx-usecs-low", found.rx_usecs_low());
    s.some("rx-frame-low", found.rx_max_frames_low());
    s.some("tx-usecs-low", found.tx_usecs_low());
    s.some("tx-frame-low", found.tx_max_frames_low());
    s.some("rx-usecs-high", found.rx_usecs_high());
    s.some("rx-frame-high", found.rx_max_frames_high());
    s.some("tx-usecs-high", found.tx_usecs_high());
    s.some("tx-frame-high", found.tx_max_frames_high());
    s.some("cqe-mode-rx", found.use_cqe_mode_rx());
    s.some("cqe-mode-tx", found.use_cqe_mode_tx());
    s.some("tx-aggr-max-bytes", found.tx_aggr_max_bytes());
    s.some("tx-aggr-max-frames", found.tx_aggr_max_frames());
    s.some("tx-aggr-time-usecs", found.tx_aggr_time_usecs());
    s.some("rx-cqe-frames", found.rx_cqe_frames());
    s.some("rx-cqe-nsecs", found.rx_cqe_nsecs());
    s.some("rx-profile", found.rx_profile().map(profile));
    s.some("tx-profile", found.tx_profile().map(profile));
    s
}

/// Steps of dynamic moderation; ethtool does not show them.
fn profile(steps: &ModerationProfile) -> Vec<Json> {
    let step = |step: &netloom::ethtool::coalesce::IrqModeration| {
        let values = [("usecs", step.usecs()), ("frames", step.packets()), ("completions", step.completions())];
        let known = values.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.into())));
        Json::Object(known.collect::<Map<_, _>>())
    };
    steps.step().map(step).collect()
}

pub(super) fn set_coalesce(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    must_say(words)?;
    let set = SetCoalesce::of(device, |w| {
        given!(w, words; bool "adaptive-rx" => use_adaptive_rx, bool "adaptive-tx" => use_adaptive_tx,
            number "rx-usecs" => rx_usecs, number "rx-frames" => rx_max_frames,
            number "rx-usecs-irq" => rx_usecs_irq, number "rx-frames-irq" => rx_max_frames_irq,
            number "tx-usecs" => tx_usecs, number "tx-frames" => tx_max_frames,
            number "tx-usecs-irq" => tx_usecs_irq, number "tx-frames-irq" => tx_max_frames_irq,
            number "stats-block-usecs" => stats_block_usecs, number "pkt-rate-low" => pkt_rate_low,
            number "rx-usecs-low" => rx_usecs_low, number "rx-frames-low" => rx_max_frames_low,
            number "tx-usecs-low" => tx_usecs_low, number "tx-frames-low" => tx_max_frames_low,
            number "pkt-rate-high" => pkt_rate_high, number "rx-usecs-high" => rx_usecs_high,
            number "rx-frames-high" => rx_max_frames_high, number "tx-usecs-high" => tx_usecs_high,
            number "tx-frames-high" => tx_max_frames_high, number "sample-interval" => rate_sample_interval,
            bool "cqe-mode-rx" => use_cqe_mode_rx, bool "cqe-mode-tx" => use_cqe_mode_tx,
            number "tx-aggr-max-bytes" => tx_aggr_max_bytes, number "tx-aggr-max-frames" => tx_aggr_max_frames,
            number "tx-aggr-time-usecs" => tx_aggr_time_usecs, number "rx-cqe-frames" => rx_cqe_frames,
            number "rx-cqe-nsecs" => rx_cqe_nsecs)
    });
    Talk::open(cx)?.run(&set)
}
