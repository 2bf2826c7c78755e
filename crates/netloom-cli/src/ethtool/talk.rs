//! The socket of a command, and the names of bits.

use super::sheet::Sheet;
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::out::Record;
use crate::words::{Kind, Value, Word, Words, word};
use netloom::Ethtool;
use netloom::ethtool::bitset::Bitset;
use netloom::ethtool::commands::GetStringSets;
use netloom::ethtool::header::Header;
use netloom::ethtool::strings::StringSetId;
use netloom::ethtool::{DeviceRef, Family, HeaderFlags};
use netloom::wire::{List, Operation, View};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The device whose settings are shown.
pub(super) const SHOWN: Word = word("device", Kind::Device, "the device; all where it is left out or *").bare();
/// The device whose settings change.
pub(super) const CHANGED: Word = word("device", Kind::Device, "the device").bare();

/// Names of a string set, by their places.
pub(super) type Names = Rc<BTreeMap<u32, String>>;

/// A bit that a bitset speaks of.
#[derive(Clone, Debug)]
pub(super) struct Bit {
    pub(super) index: u32,
    pub(super) name: String,
    pub(super) value: bool,
}

/// The socket, with the string sets that were read so far.
pub(super) struct Talk {
    socket: Ethtool,
    names: BTreeMap<u32, Names>,
}

impl Talk {
    pub(super) fn open(cx: &Context) -> Result<Self, Failure> {
        let socket = Ethtool::with(&cx.socket_options()?).map_err(Failure::Unavailable)?;
        Ok(Self { socket, names: BTreeMap::new() })
    }

    pub(super) fn socket(&mut self) -> &mut Ethtool {
        &mut self.socket
    }

    pub(super) fn run<O: Operation<Family = Family>>(&mut self, operation: &O) -> Result<O::Output, Failure> {
        Ok(self.socket.run(operation)?)
    }

    /// The same; None where the device has no such thing.
    pub(super) fn may<O: Operation<Family = Family>>(&mut self, operation: &O) -> Result<Option<O::Output>, Failure> {
        match self.socket.run(operation) {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.is_unsupported() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The same, of a command that kernels have since this version: those before it say no more than that they do not.
    pub(super) fn since<O: Operation<Family = Family>>(
        &mut self,
        version: &str,
        operation: &O,
    ) -> Result<O::Output, Failure> {
        self.socket.run(operation).map_err(|error| {
            // A kernel that knows the command names what it refuses.
            let named = error.extended_ack().is_some_and(|ack| ack.message.is_some() || ack.offset.is_some());
            if named || !error.is_unsupported() {
                return error.into();
            }
            error.because(format!("netlink has it since Linux {version}, for devices that can")).into()
        })
    }

    /// The names of a set that is the same for all devices.
    pub(super) fn names(&mut self, set: StringSetId) -> Result<Names, Failure> {
        if let Some(names) = self.names.get(&u32::from(set)) {
            return Ok(Rc::clone(names));
        }
        let found = self.socket.run(&GetStringSets::of_kernel(&[set]))?;
        let names: Names = Rc::new(found.strings(set).map(|(place, name)| (place, name.to_owned())).collect());
        self.names.insert(set.into(), Rc::clone(&names));
        Ok(names)
    }

    /// The bits of a set in order, by name: it need not have the names itself.
    pub(super) fn bits(&mut self, bitset: Option<&Bitset>, set: StringSetId) -> Result<Vec<Bit>, Failure> {
        let Some(bitset) = bitset else { return Ok(Vec::new()) };
        let names = if bitset.iter().all(|bit| bit.name.is_some()) { Names::default() } else { self.names(set)? };
        let bit = |bit: netloom::ethtool::bitset::Bit<'_>| {
            let index = bit.index?;
            let name = bit.name.map(str::to_owned).or_else(|| names.get(&index).cloned());
            Some(Bit { index, name: name.unwrap_or_else(|| format!("bit{index}")), value: bit.value })
        };
        let mut bits: Vec<Bit> = bitset.iter().filter_map(bit).collect();
        bits.sort_by_key(|bit| bit.index);
        Ok(bits)
    }
}

/// The names of those that are set.
pub(super) fn set(bits: &[Bit]) -> Vec<String> {
    bits.iter().filter(|bit| bit.value).map(|bit| bit.name.clone()).collect()
}

/// The device that the words name; None is all.
pub(super) fn shown(words: &Words) -> Option<&str> {
    words.text("device").filter(|name| *name != "*")
}

/// The device that must be there, with the PHY that the options name.
pub(super) fn changed(cx: &Context, words: &Words) -> Result<DeviceRef, Failure> {
    let name = words.text("device").ok_or_else(|| words.missing("device"))?;
    Ok(with_phy(cx, name.into()))
}

/// With the PHY that the options name.
pub(super) fn with_phy(cx: &Context, device: DeviceRef) -> DeviceRef {
    match cx.options.phy {
        Some(phy) => device.phy(phy),
        None => device,
    }
}

/// Whether words say what to change; a setter without any is a mistake.
pub(super) fn must_say(words: &Words) -> Outcome {
    if words.iter().all(|(name, _)| name == "device") {
        return Err(words.wrong("it is not said what to change"));
    }
    Ok(())
}

/// A number of a word, of the width that the attribute has.
pub(super) fn number(words: &Words, name: &str) -> Option<u32> {
    words.value(name).and_then(Value::number)
}

/// Shows something of the device that the words name, or of all that have it.
///
/// With `counted`, counters are asked for where the options say so.
pub(super) fn show<V, G, L>(
    cx: &mut Context,
    words: &Words,
    counted: bool,
    get: impl FnOnce(DeviceRef) -> G,
    list: impl FnOnce(HeaderFlags) -> L,
    describe: impl Fn(&mut Talk, &V) -> Result<Sheet, Failure>,
) -> Outcome
where
    V: View + Headed + ?Sized,
    G: Operation<Family = Family, Output = Box<V>>,
    L: Operation<Family = Family, Output = List<V>>,
{
    let mut talk = Talk::open(cx)?;
    let flags = if counted && cx.options.statistics > 0 { HeaderFlags::STATS } else { HeaderFlags::empty() };
    let mut records: Vec<Record> = Vec::new();
    match shown(words) {
        Some(name) => {
            let found = talk.run(&get(with_phy(cx, DeviceRef::from(name).flags(flags))))?;
            records.push(describe(&mut talk, &found)?.of(found.header_of()));
        }
        None => {
            for found in &talk.run(&list(flags))? {
                records.push(describe(&mut talk, found)?.of(found.header_of()));
            }
        }
    }
    print(cx, records)
}

/// Prints records.
pub(super) fn print(cx: &mut Context, records: impl IntoIterator<Item = Record>) -> Outcome {
    let mut list = cx.list();
    for record in records {
        list.push(record)?;
    }
    list.finish()
}

/// Messages that say which device they are of.
pub(super) trait Headed {
    fn header_of(&self) -> Option<&Header>;
}

macro_rules! headed { ($($view:path),* $(,)?) => { $(
    impl Headed for $view {
        fn header_of(&self) -> Option<&Header> {
            self.header()
        }
    }
)* } }
headed! {
    netloom::ethtool::cable::CableTestReport, netloom::ethtool::cable::CableTestTdrReport,
    netloom::ethtool::channels::Channels, netloom::ethtool::coalesce::Coalesce,
    netloom::ethtool::debug::DebugMessages, netloom::ethtool::eee::Eee, netloom::ethtool::features::Features,
    netloom::ethtool::fec::Fec, netloom::ethtool::linkinfo::LinkInfo, netloom::ethtool::linkmodes::LinkModes,
    netloom::ethtool::linkstate::LinkState, netloom::ethtool::mm::MacMerge, netloom::ethtool::module::Module,
    netloom::ethtool::module::ModuleFlash, netloom::ethtool::mse::Mse, netloom::ethtool::pause::Pause,
    netloom::ethtool::phc::VirtualClocks, netloom::ethtool::phy::Phy, netloom::ethtool::plca::Plca,
    netloom::ethtool::privflags::PrivateFlags, netloom::ethtool::pse::Pse, netloom::ethtool::pse::PseEvent,
    netloom::ethtool::rings::Rings, netloom::ethtool::rss::Rss, netloom::ethtool::statistics::Statistics,
    netloom::ethtool::strings::StringSets, netloom::ethtool::timestamping::Timestamping,
    netloom::ethtool::timestamping::TimestampingConfig, netloom::ethtool::tunnel::TunnelInfo,
    netloom::ethtool::wol::WakeOnLan,
}

/// Reads a notification: the device that it is of, and what `describe` makes of it.
pub(super) fn with_name<V: View + Headed + ?Sized>(
    payload: &[u8],
    describe: impl FnOnce(&V) -> Result<Sheet, Failure>,
) -> Result<Option<(String, Sheet)>, Failure> {
    let Some(found) = V::view(payload) else { return Ok(None) };
    let name = found.header_of().and_then(|header| header.name()).unwrap_or_default().to_owned();
    Ok(Some((name, describe(found)?)))
}
