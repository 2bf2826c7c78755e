//! Interrupts with their queues: `-l`, `-L`.

use super::given::given;
use super::sheet::Sheet;
use super::talk::{CHANGED, Talk, changed, must_say, show};
use crate::context::Context;
use crate::failure::Outcome;
use crate::words::{Kind, Word, Words, word};
use netloom::ethtool::channels::Channels;
use netloom::ethtool::commands::{GetChannels, ListChannels, SetChannels};

pub(super) const CHANNELS: &[Word] = &[
    CHANGED,
    word("rx", Kind::U32, "channels for receiving alone"),
    word("tx", Kind::U32, "channels for sending alone"),
    word("other", Kind::U32, "channels for anything else"),
    word("combined", Kind::U32, "channels for receiving and sending"),
];

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
