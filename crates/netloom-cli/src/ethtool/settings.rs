//! A device without another word: its link, and what belongs to it.

use super::modes;
use super::sheet::Sheet;
use super::talk::{Bit, SHOWN, Talk, print, set, shown};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::out::{Paint, Record};
use crate::words::{Word, Words};
use netloom::ethtool::commands::{
    GetDebugMessages, GetLinkInfo, GetLinkModes, GetLinkState, GetPlca, GetPlcaStatus, GetWakeOnLan, ListLinkState,
};
use netloom::ethtool::debug::DebugMessages;
use netloom::ethtool::linkinfo::{LinkInfo, Mdix, Port, Transceiver};
use netloom::ethtool::linkmodes::{ClockConfig, ClockState, Duplex, LinkModes, RateMatching};
use netloom::ethtool::linkstate::LinkState;
use netloom::ethtool::strings::StringSetId;
use netloom::ethtool::wol::WakeOnLan;
use netloom::ethtool::{DeviceRef, Family};
use netloom::wire::Operation;

pub(super) const WORDS: &[Word] = &[SHOWN];

/// Letters of what wakes a machine, by the places of the bits; `d` is nothing.
pub(super) const WAKE: &str = "pumbagsf";

pub(super) fn run(cx: &mut Context, words: &Words) -> Outcome {
    let mut talk = Talk::open(cx)?;
    let Some(name) = shown(words) else {
        let mut records = Vec::new();
        for state in &talk.run(&ListLinkState::all())? {
            if let Some(index) = state.header().and_then(|header| header.index()) {
                records.extend(settings(cx, &mut talk, &index.into())?);
            }
        }
        return print(cx, records);
    };
    let record = settings(cx, &mut talk, &name.into())?;
    print(cx, [record.ok_or_else(|| Failure::Failed(format!("{name}: the device tells nothing about itself")))?])
}

/// All about a device; None if it tells nothing.
fn settings(cx: &Context, talk: &mut Talk, device: &DeviceRef) -> Result<Option<Record>, Failure> {
    let with_counters = if cx.options.statistics > 0 { device.clone().statistics() } else { device.clone() };
    // Of what there is no device for, this one says so.
    let state = talk.run(&GetLinkState::of(with_counters))?;
    let mut s = Sheet::default();
    if let Some(found) = has(cx, talk, &GetLinkModes::of(device.clone()))? {
        linkmodes(talk, &found, &mut s)?;
    }
    if let Some(found) = has(cx, talk, &GetLinkInfo::of(device.clone()))? {
        linkinfo(&found, &mut s);
    }
    if let Some(found) = has(cx, talk, &GetWakeOnLan::of(device.clone()))? {
        wake(talk, &found, &mut s)?;
    }
    if let Some(found) = has(cx, talk, &GetPlca::of(device.clone()))? {
        match found.version() {
            Some(version) => _ = s.row("open-alliance-v", format!("{}.{}", version >> 4 & 0xf, version & 0xf)),
            None => _ = s.row("plca-support", "non-standard"),
        }
    }
    if let Some(found) = has(cx, talk, &GetDebugMessages::of(device.clone()))? {
        debug(talk, &found, &mut s)?;
    }
    linkstate(&state, &mut s);
    if let Some(found) = has(cx, talk, &GetPlcaStatus::of(device.clone()))? {
        s.some("plca-status", found.status().map(|up| if up { "up" } else { "down" }));
    }
    Ok((!s.is_empty()).then(|| s.of(state.header())))
}

/// What was asked for, unless the device has no such thing; one without a PHY says that there is no such device. What only
/// root may see is left out for others, with a word.
fn has<O: Operation<Family = Family>>(
    cx: &Context,
    talk: &mut Talk,
    operation: &O,
) -> Result<Option<O::Output>, Failure> {
    match talk.run(operation) {
        Ok(found) => Ok(Some(found)),
        Err(Failure::Kernel(error)) if error.is_not_found() || error.is_unsupported() => Ok(None),
        Err(Failure::Kernel(error)) if error.is_permission() => {
            cx.warn(&error.to_string());
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

pub(super) fn linkmodes(talk: &mut Talk, found: &LinkModes, s: &mut Sheet) -> Outcome {
    if found.ours().is_some() {
        let bits = talk.bits(found.ours(), StringSetId::LinkModes)?;
        modes::describe(s, "supported", &bits, true);
        modes::describe(s, "advertised", &bits, false);
    }
    if found.peer().is_some() {
        let bits = talk.bits(found.peer(), StringSetId::LinkModes)?;
        modes::describe(s, "link-partner-advertised", &bits, false);
    }
    // 0, and all bits of 16 or of 32, stand for a speed that is not known.
    if let Some(speed) = found.speed().filter(|speed| ![0, u32::from(u16::MAX), u32::MAX].contains(speed)) {
        s.row("speed", speed).shown(format!("{speed} Mbit/s"));
    }
    s.some("lanes", found.lanes());
    match found.duplex() {
        Some(Duplex::Half) => _ = s.row("duplex", "Half"),
        Some(Duplex::Full) => _ = s.row("duplex", "Full"),
        _ => {}
    }
    s.some("auto-negotiation", found.autoneg());
    let config = match found.clock_config() {
        Some(ClockConfig::Unknown) => Some("unknown"),
        Some(ClockConfig::MasterPreferred) => Some("preferred master"),
        Some(ClockConfig::SlavePreferred) => Some("preferred slave"),
        Some(ClockConfig::MasterForce) => Some("forced master"),
        Some(ClockConfig::SlaveForce) => Some("forced slave"),
        _ => None,
    };
    s.some("master-slave-cfg", config);
    let state = match found.clock_state() {
        Some(ClockState::Unknown) => Some("unknown"),
        Some(ClockState::Master) => Some("master"),
        Some(ClockState::Slave) => Some("slave"),
        Some(ClockState::Error) => Some("resolution error"),
        _ => None,
    };
    s.some("master-slave-status", state);
    let matching = found.rate_matching().filter(|matching| *matching != RateMatching::None);
    s.some("rate-matching", matching.map(|matching| format!("{matching:?}").to_lowercase()));
    Ok(())
}

pub(super) fn linkinfo(found: &LinkInfo, s: &mut Sheet) {
    let port = match found.port() {
        Some(Port::TwistedPair) => Some("Twisted Pair"),
        Some(Port::Aui) => Some("AUI"),
        Some(Port::Mii) => Some("MII"),
        Some(Port::Fibre) => Some("FIBRE"),
        Some(Port::Bnc) => Some("BNC"),
        Some(Port::DirectAttach) => Some("Direct Attach Copper"),
        Some(Port::None) => Some("None"),
        Some(Port::Else) => Some("Other"),
        _ => None,
    };
    s.some("port", port);
    s.some("phyad", found.phyaddr());
    match found.transceiver() {
        Some(Transceiver::Internal) => _ = s.row("transceiver", "internal"),
        Some(Transceiver::External) => _ = s.row("transceiver", "external"),
        _ => {}
    }
    if found.port() == Some(Port::TwistedPair) {
        mdix(found, s);
    }
}

/// Whether the pairs are crossed; nothing where that is not known.
fn mdix(found: &LinkInfo, s: &mut Sheet) {
    let (Some(status), Some(control)) = (found.mdix(), found.mdix_control()) else { return };
    let forced = matches!(control, Mdix::Mdi | Mdix::MdiX);
    let crossed = match if forced { control } else { status } {
        Mdix::Mdi => false,
        Mdix::MdiX => true,
        _ => return,
    };
    s.row("mdi-x", crossed);
    s.row("mdi-x-forced", forced);
    s.row("mdi-x-auto", control == Mdix::Auto);
}

pub(super) fn wake(talk: &mut Talk, found: &WakeOnLan, s: &mut Sheet) -> Outcome {
    if found.modes().is_none() {
        return Ok(());
    }
    let bits = talk.bits(found.modes(), StringSetId::WakeModes)?;
    let letters = |bits: &mut dyn Iterator<Item = &Bit>| -> String {
        let letters: String = bits.filter_map(|bit| WAKE.chars().nth(usize::try_from(bit.index).ok()?)).collect();
        if letters.is_empty() { "d".into() } else { letters }
    };
    s.row("supports-wake-on", letters(&mut bits.iter()));
    s.row("wake-on", letters(&mut bits.iter().filter(|bit| bit.value)));
    // ethtool writes the digits without quotes, which is no JSON.
    if let Some(password) = found.password() {
        let hex: Vec<String> = password.iter().map(|byte| format!("{byte:02x}")).collect();
        s.row("secureon-password", hex.clone()).shown(hex.join(":")).paint(Paint::Mac);
    }
    Ok(())
}

pub(super) fn debug(talk: &mut Talk, found: &DebugMessages, s: &mut Sheet) -> Outcome {
    let bits = talk.bits(found.messages(), StringSetId::DebugMessages)?;
    let level =
        bits.iter().filter(|bit| bit.value).map(|bit| 1u64.checked_shl(bit.index).unwrap_or_default()).sum::<u64>();
    s.row("current-message-level", level).shown(format!("{level:#x} {}", set(&bits).join(" ")));
    Ok(())
}

pub(super) fn linkstate(found: &LinkState, s: &mut Sheet) {
    if let Some(up) = found.link() {
        let text = if up { "yes" } else { "no" };
        s.row("link-detected", up).shown(text).paint(if up { Paint::Up } else { Paint::Down });
        if let Some(reason) = found.reason() {
            let detail = found.detail().map(|detail| format!("detail {detail}"));
            let reasons: Vec<String> = [Some(format!("{reason:?}")), detail].into_iter().flatten().collect();
            s.row("link-state", reasons.clone()).shown(reasons.join(", "));
        }
    }
    s.some("sqi", found.sqi());
    s.some("sqi-max", found.sqi().and_then(|_| found.sqi_max()));
    s.some("link-down-events", found.downs());
}
