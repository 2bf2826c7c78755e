//! `neighbor show` and `get`.

use super::words::{ALL, STATES};
use crate::context::Context;
use crate::devices::Devices;
use crate::failure::{Failure, Outcome};
use crate::hardware;
use crate::named;
use crate::options::Options;
use crate::out::{Paint, Record};
use crate::words::{Prefix, Value, Words};
use netloom::af;
use netloom::names::NameKind;
use netloom::neighbour::{self, Neighbour, NeighbourExtendedFlags, NeighbourFlags, NeighbourState};

/// Hundredths of a second, in which the kernel tells ages (`USER_HZ`).
const USER_HZ: u32 = 100;

/// Which neighbours are meant.
pub(super) struct Filter {
    family: u8,
    index: Option<u32>,
    master: Option<u32>,
    nomaster: bool,
    states: NeighbourState,
    /// Those without any state too.
    stateless: bool,
    unused: bool,
    proxies: bool,
    protocol: Option<u8>,
    to: Option<Prefix>,
}

impl Filter {
    /// Reads the words. To be flushed are by default neither those for ever nor those that need no resolution.
    pub(super) fn new(cx: &mut Context, words: &Words, flush: bool) -> Result<Self, Failure> {
        let to = words.prefix("to").filter(|to| to.address.is_some());
        let family = match (cx.options.family(), to.and_then(|to| to.address)) {
            (Some(family), _) => family.number(),
            (None, Some(address)) => af::of(address),
            (None, None) => af::UNSPEC,
        };
        let index = words.text("dev").map(|name| cx.device(name)).transpose()?;
        let master = cx.master_given(words)?.filter(|master| *master > 0);
        let lasting = NeighbourState::PERMANENT | NeighbourState::NOARP;
        let mut states = if flush { !lasting } else { !NeighbourState::NOARP };
        let mut stateless = false;
        if words.has("nud") {
            states = NeighbourState::empty();
            for given in words.all("nud").filter_map(Value::number::<u64>) {
                stateless |= given == 0 || given == ALL;
                states |= NeighbourState::from_bits_retain(u16::try_from(given).unwrap_or_default());
            }
            if flush && words.all("nud").any(|value| value.number() == Some(ALL)) {
                states -= NeighbourState::NOARP;
            }
        }
        if flush {
            states -= NeighbourState::FAILED;
        }
        Ok(Self {
            family,
            index,
            master,
            nomaster: words.has("nomaster"),
            states,
            stateless,
            unused: words.has("unused"),
            proxies: words.has("proxy"),
            protocol: words.number("protocol"),
            to,
        })
    }

    /// The question; what the kernel cannot filter by, [`Filter::passes`] does.
    pub(super) fn list(&self) -> neighbour::List {
        let mut list = neighbour::List::family(self.family);
        if let Some(index) = self.index {
            list = list.device(index);
        }
        if let Some(master) = self.master {
            list = list.master(master);
        } else if self.nomaster {
            list = list.without_master();
        }
        if let Some(protocol) = self.protocol {
            list = list.protocol(protocol);
        }
        if self.proxies { list.proxies() } else { list }
    }

    /// Whether a neighbour is meant. What a control plane learned is, whatever its state, as iproute2 has it.
    pub(super) fn passes(&self, neighbour: &Neighbour) -> bool {
        let state = neighbour.state();
        (self.family == af::BRIDGE || !neighbour.is_fdb())
            && (state.intersects(self.states)
                || self.proxies
                || neighbour.flags().contains(NeighbourFlags::EXT_LEARNED)
                || state.is_empty() && self.stateless)
            && self.to.is_none_or(|to| neighbour.dst().is_some_and(|dst| to.contains(dst)))
            && (!self.unused || neighbour.cache_info().is_none_or(|info| info.references == 0))
    }
}

/// `neighbor show`.
pub(super) fn show(cx: &mut Context, words: &Words) -> Outcome {
    let filter = Filter::new(cx, words, false)?;
    let list = cx.run(&filter.list())?;
    print(cx, list.iter().filter(|neighbour| filter.passes(neighbour)).collect(), filter.index.is_none())
}

/// `neighbor get`.
pub(super) fn get(cx: &mut Context, words: &Words) -> Outcome {
    let index = words.text("dev").map(|name| cx.device(name)).transpose()?;
    let get = match (words.address("proxy"), words.address("to"), index) {
        (Some(proxy), _, index) => neighbour::Get::proxy(index.unwrap_or_default(), proxy),
        (None, Some(to), Some(index)) => neighbour::Get::new(index, to),
        (None, None, _) => return Err(words.lacking("to")),
        (None, Some(_), None) => return Err(words.lacking("dev")),
    };
    let neighbour = cx.run(&get)?;
    print(cx, vec![&neighbour], true)
}

fn print(cx: &mut Context, neighbours: Vec<&Neighbour>, with_device: bool) -> Outcome {
    for index in neighbours.iter().filter_map(|neighbour| u32::try_from(neighbour.index()).ok()) {
        if index > 0 {
            cx.learn_device(index)?;
        }
    }
    let devices = std::mem::take(&mut cx.devices);
    let options = cx.options.clone();
    let mut list = cx.list();
    for neighbour in neighbours {
        let mut r = Record::new();
        describe(&mut r, neighbour, &devices, &options, with_device);
        list.push(r)?;
    }
    list.finish()?;
    cx.devices = devices;
    Ok(())
}

/// Describes a neighbour; its link too, if `with_device`.
pub(crate) fn describe(r: &mut Record, neighbour: &Neighbour, devices: &Devices, options: &Options, with_device: bool) {
    if let Some(dst) = neighbour.dst() {
        r.string("dst", options.host(dst)).bare().paint(Paint::address(&dst)).column();
    }
    let index = u32::try_from(neighbour.index()).unwrap_or_default();
    if index > 0 && (with_device || options.brief) {
        let field = r.string("dev", devices.name(index)).paint(Paint::Device).column();
        if options.brief {
            field.bare();
        }
    }
    if let Some(lladdr) = neighbour.lladdr() {
        let text = hardware::address(lladdr.as_bytes(), devices.hardware(index).unwrap_or_default());
        let field = r.string("lladdr", text).paint(Paint::Mac);
        if options.brief {
            field.bare();
        }
    }
    if options.brief {
        return;
    }
    let flags = neighbour.flags();
    let managed = neighbour.extended_flags().is_some_and(|flags| flags.contains(NeighbourExtendedFlags::MANAGED));
    for (key, set) in [
        ("router", flags.contains(NeighbourFlags::ROUTER)),
        ("proxy", flags.contains(NeighbourFlags::PROXY)),
        ("managed", managed),
        ("extern_learn", flags.contains(NeighbourFlags::EXT_LEARNED)),
        ("offload", flags.contains(NeighbourFlags::OFFLOADED)),
    ] {
        if set {
            r.flag(key).shown(key);
        }
    }
    let valid = neighbour.extended_flags().is_some_and(|flags| flags.contains(NeighbourExtendedFlags::EXT_VALIDATED));
    if valid {
        r.flag("extern_valid").shown("extern_valid");
    }
    if options.statistics > 0 {
        if let Some(info) = neighbour.cache_info() {
            if info.references > 0 {
                r.number("refcnt", info.references).label("ref");
            }
            ages(r, [("used", info.used), ("confirmed", info.confirmed), ("updated", info.updated)]);
        }
        if let Some(probes) = neighbour.probes() {
            r.number("probes", probes);
        }
    }
    if !neighbour.state().is_empty() {
        let states = STATES.iter().filter(|(_, state)| neighbour.state().contains(*state));
        r.strings("state", states.map(|(name, _)| name.to_uppercase())).bare();
    }
    if let Some(protocol) = neighbour.protocol().filter(|protocol| *protocol != 0) {
        r.string("protocol", named::show(options, NameKind::Protocol, protocol.into())).label("proto");
    }
}

/// Describes ages, given in hundredths of a second, as seconds; the first key is the label of all.
pub(crate) fn ages<const N: usize>(r: &mut Record, ages: [(&'static str, u32); N]) {
    for (at, (key, age)) in ages.into_iter().enumerate() {
        let seconds = age / USER_HZ;
        let field = r.number(key, seconds);
        if at > 0 {
            field.shown(format!("/{seconds}")).glued();
        }
    }
}
