//! Energy-efficient Ethernet.

use super::bits::asked;
use super::given::given;
use super::modes::{self, Class};
use super::sheet::Sheet;
use super::talk::{CHANGED, Talk, changed, must_say, show};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::words::{Kind, Word, Words, word};
use netloom::ethtool::commands::{GetEee, ListEee, SetEee};
use netloom::ethtool::eee::Eee;
use netloom::ethtool::strings::StringSetId;

pub(super) const EEE: &[Word] = &[
    CHANGED,
    word("eee", Kind::OnOff, "whether it is on"),
    word("advertise", Kind::Text("N[/M]"), "modes that are advertised with EEE, hexadecimal"),
    word("tx-lpi", Kind::OnOff, "whether the device goes into low-power idle when there is nothing to send"),
    word("tx-timer", Kind::U32, "microseconds without anything to send, after which it does"),
];

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
