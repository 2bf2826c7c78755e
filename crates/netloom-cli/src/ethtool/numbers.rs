//! Rings, channels, coalescing, pause frames: numbers and switches by name.

use super::given::given;
use super::modes;
use super::sheet::Sheet;
use super::talk::{CHANGED, SHOWN, Talk, changed, must_say, set, show};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::words::{Kind, Word, Words, word};
use netloom::ethtool::channels::Channels;
use netloom::ethtool::coalesce::{Coalesce, ModerationProfile};
use netloom::ethtool::commands::{
    GetChannels, GetCoalesce, GetLinkModes, GetPause, GetRings, ListChannels, ListCoalesce, ListPause, ListRings,
    SetChannels, SetCoalesce, SetPause, SetRings,
};
use netloom::ethtool::pause::{Pause, StatisticsSource};
use netloom::ethtool::rings::{Rings, TcpDataSplit};
use netloom::ethtool::strings::StringSetId;
use serde_json::{Map, Value as Json};

/// Which MAC counters are of.
pub(super) const SOURCES: Kind = Kind::OneOf(&[("aggregate", 0), ("emac", 1), ("pmac", 2)]);

pub(super) const SHOW_PAUSE: &[Word] =
    &[SHOWN, word("--src", SOURCES, "which MAC the counters are of, where frame preemption makes two of one")];
pub(super) const PAUSE: &[Word] = &[
    CHANGED,
    word("autoneg", Kind::OnOff, "whether pausing is negotiated"),
    word("rx", Kind::OnOff, "whether pause frames that come in are obeyed"),
    word("tx", Kind::OnOff, "whether pause frames are sent"),
];
pub(super) const RINGS: &[Word] = &[
    CHANGED,
    word("rx", Kind::U32, "entries in each receive ring"),
    word("rx-mini", Kind::U32, "entries in each receive ring for small packets"),
    word("rx-jumbo", Kind::U32, "entries in each receive ring for large packets"),
    word("tx", Kind::U32, "entries in each transmit ring"),
    word("rx-buf-len", Kind::U32, "bytes of each receive buffer"),
    word(
        "tcp-data-split",
        Kind::OneOf(&[("auto", 0), ("off", 1), ("on", 2)]),
        "whether headers of TCP are received apart from the data",
    ),
    word("hds-thresh", Kind::U32, "headers are split from the data of packets longer than so many bytes"),
    word("cqe-size", Kind::U32, "bytes of an entry of the completion queue"),
    word("tx-push", Kind::OnOff, "whether transmit descriptors are written straight into the device's memory"),
    word("rx-push", Kind::OnOff, "whether receive descriptors are written straight into the device's memory"),
    word("tx-push-buf-len", Kind::U32, "bytes of a packet that are pushed into the device's memory"),
];
pub(super) const CHANNELS: &[Word] = &[
    CHANGED,
    word("rx", Kind::U32, "channels for receiving alone"),
    word("tx", Kind::U32, "channels for sending alone"),
    word("other", Kind::U32, "channels for anything else"),
    word("combined", Kind::U32, "channels for receiving and sending"),
];
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

pub(super) fn show_rings(cx: &mut Context, words: &Words) -> Outcome {
    show(cx, words, false, GetRings::of, |flags| ListRings::with(flags, |w| w), |_, found| Ok(rings(found)))
}

pub(super) fn rings(found: &Rings) -> Sheet {
    let mut s = Sheet::default();
    s.some("rx-max", found.rx_max());
    s.some("rx-mini-max", found.rx_mini_max());
    s.some("rx-jumbo-max", found.rx_jumbo_max());
    s.some("tx-max", found.tx_max());
    s.some("tx-push-buff-max-len", found.tx_push_buf_len_max());
    s.some("hds-thresh-max", found.header_split_threshold_max());
    s.some("rx", found.rx());
    s.some("rx-mini", found.rx_mini());
    s.some("rx-jumbo", found.rx_jumbo());
    s.some("tx", found.tx());
    s.some("rx-buf-len", found.rx_buf_len());
    s.some("cqe-size", found.cqe_size());
    s.some("tx-push", found.tx_push());
    s.some("rx-push", found.rx_push());
    s.some("tx-push-buf-len", found.tx_push_buf_len());
    match found.tcp_data_split() {
        None | Some(TcpDataSplit::Unknown) => {}
        Some(TcpDataSplit::Disabled) => _ = s.row("tcp-data-split", "off"),
        Some(TcpDataSplit::Enabled) => _ = s.row("tcp-data-split", "on"),
        Some(other) => _ = s.row("tcp-data-split", format!("unknown({})", u8::from(other))),
    }
    s.some("hds-thresh", found.header_split_threshold());
    s
}

pub(super) fn set_rings(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    must_say(words)?;
    let set = SetRings::of(device, |w| {
        let w = given!(w, words; number "rx" => rx, number "rx-mini" => rx_mini, number "rx-jumbo" => rx_jumbo,
            number "tx" => tx, number "rx-buf-len" => rx_buf_len, number "hds-thresh" => header_split_threshold,
            number "cqe-size" => cqe_size, bool "tx-push" => tx_push, bool "rx-push" => rx_push,
            number "tx-push-buf-len" => tx_push_buf_len);
        match words.number::<u8>("tcp-data-split") {
            Some(split) => w.tcp_data_split(split.into()),
            None => w,
        }
    });
    Talk::open(cx)?.run(&set)
}

pub(super) fn show_channels(cx: &mut Context, words: &Words) -> Outcome {
    show(cx, words, false, GetChannels::of, |flags| ListChannels::with(flags, |w| w), |_, found| Ok(channels(found)))
}

pub(super) fn channels(found: &Channels) -> Sheet {
    let mut s = Sheet::default();
    s.some("rx-max", found.rx_max());
    s.some("tx-max", found.tx_max());
    s.some("other-max", found.other_max());
    s.some("combined-max", found.combined_max());
    s.some("rx", found.rx());
    s.some("tx", found.tx());
    s.some("other", found.other());
    s.some("combined", found.combined());
    s
}

pub(super) fn set_channels(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    must_say(words)?;
    let set = SetChannels::of(
        device,
        |w| given!(w, words; number "rx" => rx, number "tx" => tx, number "other" => other, number "combined" => combined),
    );
    Talk::open(cx)?.run(&set)
}

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

pub(super) fn show_pause(cx: &mut Context, words: &Words) -> Outcome {
    let source = words.number::<u32>("--src").map(StatisticsSource::from);
    if source.is_some() && cx.options.statistics == 0 {
        return Err(words.wrong("--src is about counters, which -I asks for"));
    }
    show(
        cx,
        words,
        true,
        |device| {
            GetPause::with(device, |w| match source {
                Some(source) => w.source(source),
                None => w,
            })
        },
        |flags| ListPause::with(flags, |w| w),
        pause,
    )
}

pub(super) fn pause(talk: &mut Talk, found: &Pause) -> Result<Sheet, Failure> {
    let mut s = Sheet::default();
    s.some("autonegotiate", found.autoneg());
    s.some("rx", found.rx());
    s.some("tx", found.tx());
    if found.autoneg() == Some(true) {
        negotiated(talk, found, &mut s)?;
    }
    if let Some(counters) = found.stats() {
        s.section("statistics", |s| {
            s.some("tx_pause_frames", counters.tx_frames());
            s.some("rx_pause_frames", counters.rx_frames());
            s.some("tx_pause_storm_events", counters.tx_pause_storm_events());
        });
    }
    Ok(s)
}

/// What both ends' modes come to (IEEE 802.3, table 28B-3).
fn negotiated(talk: &mut Talk, found: &Pause, s: &mut Sheet) -> Outcome {
    let Some(index) = found.header().and_then(|header| header.index()) else { return Ok(()) };
    let Some(link) = talk.may(&GetLinkModes::of(index))? else { return Ok(()) };
    if link.peer().is_none() {
        return Ok(());
    }
    let ours = set(&talk.bits(link.ours(), StringSetId::LinkModes)?);
    let peer = set(&talk.bits(link.peer(), StringSetId::LinkModes)?);
    let has = |modes: &[String], name| modes.iter().any(|mode| mode == name);
    let both = has(&ours, modes::PAUSE) && has(&peer, modes::PAUSE);
    let asymmetric = has(&ours, modes::ASYMMETRIC_PAUSE) && has(&peer, modes::ASYMMETRIC_PAUSE);
    s.section("negotiated", |s| {
        s.row("rx", both || asymmetric && has(&ours, modes::PAUSE));
        s.row("tx", both || asymmetric && has(&peer, modes::PAUSE));
    });
    Ok(())
}

pub(super) fn set_pause(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    must_say(words)?;
    let set = SetPause::of(device, |w| given!(w, words; bool "autoneg" => autoneg, bool "rx" => rx, bool "tx" => tx));
    Talk::open(cx)?.run(&set)
}
