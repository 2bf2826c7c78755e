//! Features and private flags: `-k`, `-K`, `--show-priv-flags`, `--set-priv-flags`.

use super::bits::{named, pairs};
use super::sheet::Sheet;
use super::talk::{Bit, CHANGED, Headed as _, Names, SHOWN, Talk, changed, must_say, print, show};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::words::{Kind, Word, Words, word};
use netloom::ethtool::Answers as _;
use netloom::ethtool::commands::{
    GetFeatures, GetPrivateFlags, ListFeatures, ListPrivateFlags, SetFeatures, SetPrivateFlags,
};
use netloom::ethtool::features::Features;
use netloom::ethtool::privflags::PrivateFlags;
use netloom::ethtool::strings::StringSetId;
use serde_json::Value as Json;

const PAIRS: Kind = Kind::Custom("NAME on|off…", pairs);

pub(super) const FEATURES: &[Word] = &[CHANGED, word("feature", PAIRS, "a feature, or a group of them as tso").bare()];
pub(super) const FLAGS: &[Word] = &[CHANGED, word("flag", PAIRS, "a flag of the driver's own").bare()];

/// Features that ethtool shows and sets together: name, short name, and what the kernel calls them (`*` is anything).
const GROUPS: &[(&str, &str, &str)] = &[
    ("rx-checksumming", "rx", "rx-checksum"),
    ("tx-checksumming", "tx", "tx-checksum-*"),
    ("scatter-gather", "sg", "tx-scatter-gather*"),
    ("tcp-segmentation-offload", "tso", "tx-tcp*-segmentation"),
    ("generic-segmentation-offload", "gso", "tx-generic-segmentation"),
    ("generic-receive-offload", "gro", "rx-gro"),
    ("large-receive-offload", "lro", "rx-lro"),
    ("rx-vlan-offload", "rxvlan", "rx-vlan-hw-parse"),
    ("tx-vlan-offload", "txvlan", "tx-vlan-hw-insert"),
    ("ntuple-filters", "ntuple", "rx-ntuple-filter"),
    ("receive-hashing", "rxhash", "rx-hashing"),
];

fn fits(name: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        Some((first, last)) => {
            name.len() >= first.len() + last.len() && name.starts_with(first) && name.ends_with(last)
        }
        None => name == pattern,
    }
}

/// Whether bits are set, by their places.
struct States {
    active: Vec<u32>,
    wanted: Vec<u32>,
    changeable: Vec<u32>,
    fixed: Vec<u32>,
}

impl States {
    fn of(found: &Features) -> Self {
        let places = |set: Option<&netloom::ethtool::bitset::Bitset>| {
            let bits = set.into_iter().flat_map(|set| set.iter()).filter(|bit| bit.value);
            bits.filter_map(|bit| bit.index).collect::<Vec<u32>>()
        };
        Self {
            active: places(found.active()),
            wanted: places(found.wanted()),
            changeable: places(found.changeable()),
            fixed: places(found.fixed()),
        }
    }

    fn active(&self, place: u32) -> bool {
        self.active.contains(&place)
    }

    fn row(&self, s: &mut Sheet, key: &str, place: u32) {
        let (active, requested) = (self.active(place), self.wanted.contains(&place));
        let fixed = !self.changeable.contains(&place) || self.fixed.contains(&place);
        let note = match (fixed, active == requested) {
            (true, _) => " [fixed]",
            (false, true) => "",
            (false, false) if requested => " [requested on]",
            (false, false) => " [requested off]",
        };
        s.row(key, state(Some(active), Some(fixed), Some(requested))).shown(format!("{}{note}", on_off(active)));
    }
}

fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

fn state(active: Option<bool>, fixed: Option<bool>, requested: Option<bool>) -> Json {
    let states = [("active", active), ("fixed", fixed), ("requested", requested)];
    states.into_iter().map(|(key, value)| (key.to_owned(), Json::from(value))).collect()
}

pub(super) fn show_features(cx: &mut Context, words: &Words) -> Outcome {
    show(cx, words, false, GetFeatures::of, |flags| ListFeatures::with(flags, |w| w), features)
}

pub(super) fn features(talk: &mut Talk, found: &Features) -> Result<Sheet, Failure> {
    let names = talk.names(StringSetId::Features)?;
    let states = States::of(found);
    let mut s = Sheet::default();
    let group_of = |name: &str| GROUPS.iter().position(|(_, _, pattern)| fits(name, pattern));
    for (number, (group, _, _)) in GROUPS.iter().enumerate() {
        let members: Vec<(u32, &String)> = names
            .iter()
            .filter(|(_, name)| group_of(name) == Some(number))
            .map(|(place, name)| (*place, name))
            .collect();
        if let [(place, _)] = members.as_slice() {
            states.row(&mut s, group, *place);
            continue;
        }
        let any = members.iter().any(|(place, _)| states.active(*place));
        s.row(*group, state(Some(any), None, None)).shown(on_off(any));
        s.under(|s| members.iter().for_each(|(place, name)| states.row(s, name, *place)));
    }
    for (place, name) in names.iter().filter(|(_, name)| !name.is_empty() && group_of(name).is_none()) {
        states.row(&mut s, name, *place);
    }
    Ok(s)
}

pub(super) fn set_features(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    must_say(words)?;
    let mut talk = Talk::open(cx)?;
    let names = talk.names(StringSetId::Features)?;
    let asked: Vec<(String, bool)> =
        named(words.several("feature")).into_iter().flat_map(|(name, on)| members(&names, &name, on)).collect();
    let order = SetFeatures::of(device.compact(), |w| {
        w.wanted(|b| b.named(asked.iter().map(|(name, on)| (name.as_str(), *on))))
    });
    let answer = talk.run(&order.answered())?;
    // What did not turn out as it was asked for, and what changed with it.
    let missed = talk.bits(answer.wanted(), StringSetId::Features)?;
    let changes = talk.bits(answer.active(), StringSetId::Features)?;
    let unasked = |bit: &&Bit| asked.iter().all(|(name, _)| *name != bit.name);
    if missed.is_empty() && changes.iter().all(|bit| !unasked(&bit)) {
        return Ok(());
    }
    let mut s = Sheet::default();
    s.section("changes", |s| {
        for bit in &missed {
            let note = format!("{} [requested {}]", on_off(!bit.value), on_off(bit.value));
            s.row(&bit.name, state(Some(!bit.value), None, Some(bit.value))).shown(note);
        }
        for bit in changes.iter().filter(|bit| missed.iter().all(|other| other.index != bit.index)) {
            let note = if unasked(&bit) { " [not requested]" } else { "" };
            s.row(&bit.name, state(Some(bit.value), None, None)).shown(format!("{}{note}", on_off(bit.value)));
        }
    });
    print(cx, [s.of(answer.header_of())])?;
    if changes.is_empty() { Err(words.refused("the device changed none of these features")) } else { Ok(()) }
}

/// The features that a name stands for: those of a group, or itself.
fn members(names: &Names, given: &str, on: bool) -> Vec<(String, bool)> {
    match GROUPS.iter().find(|(long, short, _)| given == *long || given == *short) {
        Some((_, _, pattern)) => {
            names.values().filter(|name| fits(name, pattern)).map(|name| (name.clone(), on)).collect()
        }
        None => vec![(given.to_owned(), on)],
    }
}

pub(super) const SHOW: &[Word] = &[SHOWN];

pub(super) fn show_flags(cx: &mut Context, words: &Words) -> Outcome {
    show(cx, words, false, GetPrivateFlags::of, |flags| ListPrivateFlags::with(flags, |w| w), flags)
}

/// Their names are the device's own, so that answers always have them.
pub(super) fn flags(_: &mut Talk, found: &PrivateFlags) -> Result<Sheet, Failure> {
    let mut s = Sheet::default();
    s.section("private-flags", |s| {
        for bit in found.flags().into_iter().flat_map(|flags| flags.iter()) {
            let name = bit.name.map(str::to_owned).or_else(|| Some(format!("bit{}", bit.index?)));
            s.row(name.unwrap_or_default(), bit.value);
        }
    });
    Ok(s)
}

pub(super) fn set_flags(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    must_say(words)?;
    let asked = named(words.several("flag"));
    let set =
        SetPrivateFlags::of(device, |w| w.flags(|b| b.named(asked.iter().map(|(name, on)| (name.as_str(), *on)))));
    Talk::open(cx)?.run(&set)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns_have_one_star() {
        assert!(
            fits("tx-tcp-segmentation", "tx-tcp*-segmentation") && fits("tx-tcp6-segmentation", "tx-tcp*-segmentation")
        );
        assert!(
            !fits("tx-udp-segmentation", "tx-tcp*-segmentation") && !fits("tx-tcp-segmentatio", "tx-tcp*-segmentation")
        );
        assert!(fits("rx-gro", "rx-gro") && !fits("rx-gro-hw", "rx-gro"));
    }
}
