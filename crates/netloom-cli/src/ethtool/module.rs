//! Power of a pluggable module.

use super::sheet::Sheet;
use super::talk::{CHANGED, Talk, changed, must_say, show};
use crate::context::Context;
use crate::failure::Outcome;
use crate::words::{Kind, Word, Words, word};
use netloom::ethtool::commands::{GetModule, ListModule, SetModule};
use netloom::ethtool::module::{Module, PowerMode, PowerPolicy};

pub(super) const MODULE: &[Word] = &[
    CHANGED,
    word("power-mode-policy", Kind::OneOf(&[("high", 1), ("auto", 2)]), "when the module may use much power"),
];

pub(super) fn show_module(cx: &mut Context, words: &Words) -> Outcome {
    show(cx, words, false, GetModule::of, |flags| ListModule::with(flags, |w| w), |_, found| Ok(module(found)))
}

pub(super) fn module(found: &Module) -> Sheet {
    let mut s = Sheet::default();
    let policy = found.power_mode_policy().map(|policy| match policy {
        PowerPolicy::High => "high".to_owned(),
        PowerPolicy::Auto => "auto".to_owned(),
        other => format!("unknown({})", u8::from(other)),
    });
    s.some("power-mode-policy", policy);
    let mode = found.power_mode().map(|mode| match mode {
        PowerMode::Low => "low".to_owned(),
        PowerMode::High => "high".to_owned(),
        other => format!("unknown({})", u8::from(other)),
    });
    s.some("power-mode", mode);
    s
}

pub(super) fn set_module(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    must_say(words)?;
    let set = SetModule::of(device, |w| {
        words.number::<u8>("power-mode-policy").into_iter().fold(w, |w, policy| w.power_mode_policy(policy.into()))
    });
    Talk::open(cx)?.run(&set)
}
