//! Link modes: what a device, or the other end, is able to do.

use super::sheet::Sheet;
use super::talk::Bit;

/// The bit of symmetric pausing.
pub(super) const PAUSE: &str = "Pause";
/// The bit of pausing in one direction.
pub(super) const ASYMMETRIC_PAUSE: &str = "Asym_Pause";
/// The bit of negotiation.
const NEGOTIATION: &str = "Autoneg";

/// What a bit among the link modes is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Speed and medium: `1000baseT/Full`.
    Mode,
    /// What the cable plugs into.
    Port,
    /// Forward error correction.
    Correction,
    /// Anything else.
    Other,
}

fn class(name: &str) -> Class {
    match name {
        "TP" | "AUI" | "MII" | "FIBRE" | "BNC" | "Backplane" => Class::Port,
        "None" | "RS" | "BASER" | "LLRS" => Class::Correction,
        NEGOTIATION | PAUSE | ASYMMETRIC_PAUSE => Class::Other,
        _ => Class::Mode,
    }
}

/// The names of a class, of those bits that are set, or with `all` of those that the set speaks of.
pub(super) fn names(bits: &[Bit], of: Class, all: bool) -> Vec<String> {
    let wanted = bits.iter().filter(|bit| (all || bit.value) && class(&bit.name) == of);
    wanted.map(|bit| bit.name.clone()).collect()
}

/// The places of a class of bits, as words of 32 bits, `size` bits in all.
pub(super) fn places(bits: &[Bit], of: Class, size: u32) -> Vec<u32> {
    let mut words = vec![0u32; usize::try_from(size.div_ceil(32)).unwrap_or_default()];
    for bit in bits.iter().filter(|bit| class(&bit.name) == of) {
        let word = usize::try_from(bit.index / 32).ok().and_then(|place| words.get_mut(place));
        word.into_iter().for_each(|word| *word |= 1 << (bit.index % 32));
    }
    words
}

/// A list of modes: people see a medium's two duplex modes beside each other.
pub(super) fn list(s: &mut Sheet, key: String, names: Vec<String>) {
    let mut lines: Vec<String> = Vec::new();
    for name in &names {
        let half = lines.last().filter(|line| !line.contains(' ')).and_then(|line| line.strip_suffix("/Half"));
        match half.filter(|medium| name.strip_suffix("/Full") == Some(medium)).is_some() {
            true => lines.last_mut().into_iter().for_each(|line| *line = format!("{line} {name}")),
            false => lines.push(name.clone()),
        }
    }
    s.row(key, names).lines(lines);
}

/// What bits say in all: `what` is `advertised`, `link-partner-advertised`, or with `all` `supported`.
pub(super) fn describe(s: &mut Sheet, what: &str, bits: &[Bit], all: bool) {
    let has = |name: &str| bits.iter().any(|bit| (all || bit.value) && bit.name == name);
    if all {
        let ports = names(bits, Class::Port, all);
        s.row(format!("{what}-ports"), ports.clone()).shown(ports.join(" "));
    }
    list(s, format!("{what}-link-modes"), names(bits, Class::Mode, all));
    let pause = match (has(PAUSE), has(ASYMMETRIC_PAUSE)) {
        (true, true) => "Symmetric Receive-only",
        (true, false) => "Symmetric",
        (false, true) => "Transmit-only",
        (false, false) => "No",
    };
    s.row(format!("{what}-pause-frame-use"), pause);
    let negotiation = if all { "supports-auto-negotiation".to_owned() } else { format!("{what}-auto-negotiation") };
    s.row(negotiation, has(NEGOTIATION));
    let corrections = names(bits, Class::Correction, all);
    s.row(format!("{what}-fec-modes"), corrections.clone()).shown(corrections.join(" "));
}
