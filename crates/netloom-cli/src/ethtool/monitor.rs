//! `--monitor`: changes, as the kernel tells them.

use super::sheet::Sheet;
use super::talk::{Talk, with_name};
use super::{
    cable, channels, coalesce, eee, eeprom, features, fec, mm, module, pause, phy, plca, rings, rss, settings,
};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::out::{Paint, Record};
use crate::words::{Kind, Word, Words, flag, word};
use netloom::ethtool::{self as e, GROUP};
use netloom::wire::Notice;

/// Numbers of the messages that tell of cable tests, measurements, and updates of firmware.
pub(super) const CABLE: u16 = 27;
pub(super) const MEASUREMENT: u16 = 28;
pub(super) const FLASH: u16 = 44;

macro_rules! told { ($($number:literal $name:literal $options:expr, $view:ty, |$talk:ident, $found:ident| $sheet:expr;)*) => {
    /// What is told: the number of the message, what it is about, and the options of ethtool that are about the same.
    const TOLD: &[(u16, &str, &[&str])] = &[$(($number, $name, $options)),*];

    /// The device that a message is of, and what it says.
    fn read(talk: &mut Talk, command: u16, payload: &[u8]) -> Result<Option<(String, Sheet)>, Failure> {
        match command {
            $($number => with_name::<$view>(payload, |$found| { let $talk = &mut *talk; let _ = &$talk; $sheet }),)*
            _ => Ok(None),
        }
    }
} }

/// What a function writes into a sheet.
fn written(write: impl FnOnce(&mut Sheet) -> Outcome) -> Result<Sheet, Failure> {
    let mut s = Sheet::default();
    write(&mut s)?;
    Ok(s)
}

told! {
    3 "linkinfo" &["-s", "--change"], e::linkinfo::LinkInfo, |talk, found| written(|s| { settings::linkinfo(found, s); Ok(()) });
    5 "linkmodes" &["-s", "--change"], e::linkmodes::LinkModes, |talk, found| written(|s| settings::linkmodes(talk, found, s));
    8 "debug" &["-s", "--change"], e::debug::DebugMessages, |talk, found| written(|s| settings::debug(talk, found, s));
    10 "wol" &["-s", "--change"], e::wol::WakeOnLan, |talk, found| written(|s| settings::wake(talk, found, s));
    13 "features" &["-k", "--show-features", "--show-offload", "-K", "--features", "--offload"],
        e::features::Features, |talk, found| features::features(talk, found);
    15 "private-flags" &["--show-priv-flags", "--set-priv-flags"],
        e::privflags::PrivateFlags, |talk, found| features::flags(talk, found);
    17 "rings" &["-g", "--show-ring", "-G", "--set-ring"], e::rings::Rings, |talk, found| Ok(rings::rings(found));
    19 "channels" &["-l", "--show-channels", "-L", "--set-channels"],
        e::channels::Channels, |talk, found| Ok(channels::channels(found));
    21 "coalesce" &["-c", "--show-coalesce", "-C", "--coalesce"],
        e::coalesce::Coalesce, |talk, found| Ok(coalesce::coalesce(found));
    23 "pause" &["-a", "--show-pause", "-A", "--pause"], e::pause::Pause, |talk, found| pause::pause(talk, found);
    25 "eee" &["--show-eee", "--set-eee"], e::eee::Eee, |talk, found| eee::eee(talk, found);
    27 "cable-test" &["--cable-test"], e::cable::CableTestReport, |talk, found| Ok(cable::report(found));
    28 "cable-test-tdr" &["--cable-test-tdr"], e::cable::CableTestTdrReport, |talk, found| Ok(cable::measurement(found));
    31 "fec" &["--show-fec", "--set-fec"], e::fec::Fec, |talk, found| fec::fec(talk, found);
    36 "module" &["--show-module", "--set-module"], e::module::Module, |talk, found| Ok(module::module(found));
    41 "plca" &["--get-plca-cfg", "--set-plca-cfg"], e::plca::Plca, |talk, found| Ok(plca::plca(found));
    43 "mm" &["--show-mm", "--set-mm"], e::mm::MacMerge, |talk, found| Ok(mm::merge(found));
    44 "module-firmware" &["--flash-module-firmware"], e::module::ModuleFlash, |talk, found| Ok(eeprom::progress(found));
    46 "phy" &["--show-phys"], e::phy::Phy, |talk, found| Ok(phy::phy(found));
    49 "pse" &["--show-pse", "--set-pse"], e::pse::PseEvent, |talk, found| written(|s| {
        s.some("events", found.events().map(|events| events.iter_names().map(|(name, _)| name.to_owned()).collect::<Vec<_>>()));
        Ok(())
    });
    50 "rss" &["-x", "--show-rxfh-indir", "--show-rxfh", "-X", "--set-rxfh-indir", "--rxfh"],
        e::rss::Rss, |talk, found| rss::rss(talk, found);
    52 "rss-created" &["-X", "--set-rxfh-indir", "--rxfh"], e::rss::Rss, |talk, found| rss::rss(talk, found);
    53 "rss-deleted" &["-X", "--set-rxfh-indir", "--rxfh"], e::rss::Rss, |talk, found| written(|s| {
        s.some("rss-context", found.context());
        Ok(())
    });
}

pub(super) const WORDS: &[Word] = &[
    flag("--all", "changes of everything, as without"),
    word("what", Kind::Text("[ OPTION ] [ DEVICE ]"), "changes that the option is about, or of this device")
        .bare()
        .repeat(),
];

pub(super) fn run(cx: &mut Context, words: &Words) -> Outcome {
    // It only says that nothing is left out.
    let _ = words.has("--all");
    let mut option = None;
    let mut device = None;
    for given in words.all("what") {
        let crate::words::Value::Text(text) = given else { continue };
        let place = if text.starts_with('-') { &mut option } else { &mut device };
        if place.replace(text.clone()).is_some() {
            return Err(words.wrong(format!("{text:?} is one too many: one option and one device may be given")));
        }
    }
    let about = |options: &[&str]| option.as_deref().is_none_or(|option| options.contains(&option));
    if !TOLD.iter().any(|(_, _, options)| about(options)) {
        let option = option.unwrap_or_default();
        return Err(words.wrong(format!("{option:?} is about nothing that the kernel tells of")));
    }
    let mut talk = Talk::open(cx)?;
    let mut told = talk.socket().watch_groups(&[GROUP])?;
    let mut list = cx.stream();
    loop {
        let Notice::Message { command, payload, .. } = told.next()? else {
            let mut r = Record::new();
            r.value("lost", true).shown("some were lost");
            list.push(r)?;
            list.flush()?;
            continue;
        };
        let Some((_, what, _)) = TOLD.iter().find(|(number, _, options)| *number == command && about(options)) else {
            continue;
        };
        let Some((name, sheet)) = read(&mut talk, command, payload)? else { continue };
        if device.as_deref().is_some_and(|wanted| wanted != "*" && wanted != name) {
            continue;
        }
        let mut r = Record::new();
        r.string("notification", *what).bare();
        r.string("ifname", name).bare().paint(Paint::Device);
        sheet.add_to(&mut r);
        list.push(r)?;
        list.flush()?;
    }
}
