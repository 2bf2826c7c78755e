//! Flow control by pause frames: `-a`, `-A`.

use super::given::given;
use super::modes;
use super::sheet::Sheet;
use super::talk::{CHANGED, SHOWN, Talk, changed, must_say, set, show};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::words::{Kind, Word, Words, word};
use netloom::ethtool::commands::{GetLinkModes, GetPause, ListPause, SetPause};
use netloom::ethtool::pause::{Pause, StatisticsSource};
use netloom::ethtool::strings::StringSetId;

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
