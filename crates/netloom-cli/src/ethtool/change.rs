//! `-s`: the link, Wake-on-LAN, which messages go to the log.

use super::bits::{asked, numbers_or_pairs};
use super::given::given;
use super::modes::{self, Class};
use super::settings::WAKE;
use super::talk::{CHANGED, Talk, changed, must_say};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::words::{Input, Kind, Value, Word, Words, word};
use netloom::ethtool::DeviceRef;
use netloom::ethtool::bitset::BitsetWriter;
use netloom::ethtool::commands::{GetLinkModes, SetDebugMessages, SetLinkInfo, SetLinkModes, SetWakeOnLan};
use netloom::ethtool::strings::StringSetId;

pub(super) const WORDS: &[Word] = &[
    CHANGED,
    word("speed", Kind::U32, "speed in Mbit/s"),
    word("lanes", Kind::Number(1, u32::MAX as u64), "how many lanes the link has"),
    word("duplex", Kind::OneOf(&[("half", 0), ("full", 1)]), "whether both ends may send at once"),
    word(
        "port",
        Kind::OneOf(&[("tp", 0), ("aui", 1), ("mii", 2), ("fibre", 3), ("bnc", 4), ("da", 5)]),
        "what the cable plugs into",
    ),
    word(
        "master-slave",
        Kind::OneOf(&[("preferred-master", 2), ("preferred-slave", 3), ("forced-master", 4), ("forced-slave", 5)]),
        "which end gives the clock",
    ),
    word("mdix", Kind::OneOf(&[("auto", 3), ("on", 2), ("off", 1)]), "whether the pairs are crossed"),
    word("autoneg", Kind::OnOff, "whether the mode is negotiated"),
    word("advertise", Kind::Custom("{ N[/M] | MODE on|off… }", bits), "modes that are advertised; N is hexadecimal"),
    word("phyad", Kind::U8, "address of the PHY on its management bus"),
    word("xcvr", Kind::OneOf(&[("internal", 0), ("external", 1)]), "transceiver: not by netlink, refused"),
    word(
        "wol",
        Kind::Text("{ N[/M] | LETTERS }"),
        "what wakes the machine: p PHY, u unicast, m multicast, b broadcast, a ARP, g magic packet, s with password, \
         f filters, d nothing",
    ),
    word("sopass", Kind::Mac, "password of a magic packet, 6 bytes"),
    word("msglvl", Kind::Custom("{ N[/M] | TYPE on|off… }", bits), "which messages of the driver go to the log"),
];

fn bits(input: &mut Input<'_>) -> Result<Value, String> {
    numbers_or_pairs(input, |given| WORDS.iter().any(|word| word.name == given))
}

pub(super) fn run(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    must_say(words)?;
    if words.has("xcvr") {
        return Err(Failure::Failed("xcvr: a transceiver is chosen by an ioctl (ETHTOOL_SSET), not by netlink".into()));
    }
    let mut advertised = asked(words, "advertise", true)?.map(Modes::Asked);
    let messages = asked(words, "msglvl", false)?;
    let wake = wake(words)?;
    let password = words.bytes("sopass");
    if password.is_some_and(|password| password.len() != 6) {
        return Err(words.wrong("sopass: a password has 6 bytes"));
    }
    let names = |names: &[&str]| names.iter().any(|name| words.has(name));
    let mut talk = Talk::open(cx)?;
    if words.bool("autoneg") == Some(true) && !names(&["speed", "lanes", "duplex", "advertise"]) {
        advertised = all_modes(&mut talk, &device)?;
    }
    if names(&["port", "mdix", "phyad"]) {
        talk.run(&SetLinkInfo::of(device.clone(), |w| {
            let w = given!(w, words; number "phyad" => phyaddr);
            let w = words.number::<u8>("port").into_iter().fold(w, |w, port| w.port(port.into()));
            words.number::<u8>("mdix").into_iter().fold(w, |w, mdix| w.mdix_control(mdix.into()))
        }))?;
    }
    if names(&["speed", "lanes", "duplex", "autoneg", "advertise", "master-slave"]) {
        talk.run(&SetLinkModes::of(device.clone(), |w| {
            let w = given!(w, words; bool "autoneg" => autoneg, number "speed" => speed, number "lanes" => lanes);
            let w = words.number::<u8>("duplex").into_iter().fold(w, |w, duplex| w.duplex(duplex.into()));
            let w = words.number::<u8>("master-slave").into_iter().fold(w, |w, clock| w.clock_config(clock.into()));
            advertised.iter().fold(w, |w, modes| w.ours(|b| modes.write(b)))
        }))?;
    }
    if wake.is_some() || password.is_some() {
        talk.run(&SetWakeOnLan::of(device.clone(), |w| {
            let w = wake.iter().fold(w, |w, wake| w.modes(|b: BitsetWriter| wake.write(b)));
            password.into_iter().fold(w, |w, password| w.password(password))
        }))?;
    }
    if let Some(messages) = messages {
        talk.run(&SetDebugMessages::of(device, |w| w.messages(|b| messages.write(b))))?;
    }
    Ok(())
}

/// Modes to advertise.
enum Modes {
    Asked(super::bits::Asked),
    /// These, of so many bits; the rest, as pausing, stays.
    All(u32, Vec<u32>),
}

impl Modes {
    fn write(&self, w: BitsetWriter) -> BitsetWriter {
        match self {
            Self::Asked(asked) => asked.write(w),
            Self::All(size, modes) => w.words(*size, modes, modes),
        }
    }
}

/// Negotiation that is turned on without another word is of all modes that the device supports.
fn all_modes(talk: &mut Talk, device: &DeviceRef) -> Result<Option<Modes>, Failure> {
    let Some(found) = talk.may(&GetLinkModes::of(device.clone()))? else { return Ok(None) };
    let size = found.ours().and_then(|ours| ours.size()).unwrap_or_default();
    let bits = talk.bits(found.ours(), StringSetId::LinkModes)?;
    Ok(Some(Modes::All(size, modes::places(&bits, Class::Mode, size))))
}

/// What shall wake the machine.
enum Wake {
    Bits(super::bits::Asked),
    Places(Vec<u32>),
}

impl Wake {
    fn write(&self, w: BitsetWriter) -> BitsetWriter {
        match self {
            Self::Bits(bits) => bits.write(w),
            Self::Places(places) => {
                let all = |bits| places.iter().fold(bits, place);
                w.no_mask().bits(all)
            }
        }
    }
}

fn place(bits: netloom::ethtool::bitset::BitsetBitsWriter, place: &u32) -> netloom::ethtool::bitset::BitsetBitsWriter {
    bits.bit(|bit| bit.index(*place))
}

fn wake(words: &Words) -> Result<Option<Wake>, Failure> {
    let Some(text) = words.text("wol") else { return Ok(None) };
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(asked(words, "wol", false)?.map(Wake::Bits));
    }
    let mut places = Vec::new();
    for letter in text.chars() {
        match (letter, WAKE.chars().position(|known| known == letter)) {
            ('d', _) => places.clear(),
            (_, Some(place)) => places.extend(u32::try_from(place)),
            _ => return Err(words.wrong(format!("wol: {letter:?} is none of {WAKE}d"))),
        }
    }
    Ok(Some(Wake::Places(places)))
}
