//! `fdb show` and `get`.

use crate::context::Context;
use crate::devices::Devices;
use crate::failure::Outcome;
use crate::hardware;
use crate::neigh;
use crate::options::Options;
use crate::out::{Paint, Record};
use crate::words::Words;
use netloom::neighbour::{self, Neighbour, NeighbourExtendedFlags, NeighbourFlags, NeighbourState};
use netloom::wire::HardwareAddress;

/// `fdb show`.
pub(super) fn show(cx: &mut Context, words: &Words) -> Outcome {
    let index = words.text("dev").map(|name| cx.device(name)).transpose()?;
    let mut list = neighbour::List::fdb();
    if let Some(index) = index {
        list = list.device(index);
    }
    if let Some(bridge) = words.text("br") {
        list = list.master(cx.device(bridge)?);
    }
    if let Some(vlan) = words.number("vlan") {
        list = list.vlan(vlan);
    }
    let states = words.number("state").map(NeighbourState::from_bits_retain);
    let passes = |entry: &&Neighbour| {
        states.is_none_or(|states| entry.state().intersects(states))
            && !(words.has("dynamic") && entry.state().contains(NeighbourState::PERMANENT))
    };
    let entries = cx.run(&list)?;
    print(cx, entries.iter().filter(passes).collect(), index.is_none())
}

/// `fdb get`.
pub(super) fn get(cx: &mut Context, words: &Words) -> Outcome {
    let mac = words.bytes("to").and_then(HardwareAddress::new).ok_or_else(|| words.missing("to"))?;
    let mut get = neighbour::Get::fdb(mac);
    if let Some(device) = words.last_text(&["brport", "dev"]) {
        get = get.device(cx.device(device)?);
    } else if !words.has("br") {
        return Err(words.missing("brport"));
    }
    if let Some(bridge) = words.text("br") {
        get = get.master(cx.device(bridge)?);
    }
    for (word, flag) in [("self", NeighbourFlags::SELF), ("master", NeighbourFlags::MASTER)] {
        if words.has(word) {
            get = get.flags(flag);
        }
    }
    if let Some(vlan) = words.number("vlan") {
        get = get.vlan(vlan);
    }
    if let Some(vni) = words.number("vni") {
        get = get.vni(vni);
    }
    let entry = cx.run(&get)?;
    print(cx, vec![&entry], true)
}

fn print(cx: &mut Context, entries: Vec<&Neighbour>, with_device: bool) -> Outcome {
    for entry in &entries {
        let via = entry.via().filter(|_| entry.link_nsid().is_none());
        for index in [u32::try_from(entry.index()).ok(), entry.master(), via].into_iter().flatten() {
            cx.learn_device(index)?;
        }
    }
    let devices = std::mem::take(&mut cx.devices);
    let options = cx.options.clone();
    let mut list = cx.list();
    for entry in entries {
        let mut r = Record::new();
        describe(&mut r, entry, &devices, &options, with_device);
        list.push(r)?;
    }
    list.finish()?;
    cx.devices = devices;
    Ok(())
}

/// Describes an entry of a forwarding database; its link too, if `with_device`.
pub(crate) fn describe(r: &mut Record, entry: &Neighbour, devices: &Devices, options: &Options, with_device: bool) {
    let index = u32::try_from(entry.index()).unwrap_or_default();
    if let Some(lladdr) = entry.lladdr() {
        let mac = hardware::address(lladdr.as_bytes(), devices.hardware(index).unwrap_or_default());
        r.string("mac", mac).bare().paint(Paint::Mac).column();
    }
    if index > 0 && with_device {
        r.string("ifname", devices.name(index)).label("dev").paint(Paint::Device).column();
    }
    if let Some(dst) = entry.dst() {
        r.string("dst", dst.to_string()).paint(Paint::address(&dst));
    }
    if let Some(vlan) = entry.vlan().filter(|vlan| *vlan != 0) {
        r.number("vlan", vlan);
    }
    if let Some(port) = entry.port() {
        r.number("port", port);
    }
    if let Some(vni) = entry.vni() {
        r.number("vni", vni);
    }
    if let Some(vni) = entry.src_vni() {
        r.number("src_vni", vni).label("src_vni");
    }
    match (entry.via(), entry.link_nsid()) {
        (Some(via), Some(_)) => {
            r.number("viaIfIndex", via).label("via ifindex");
        }
        (Some(via), None) => {
            r.string("viaIf", devices.name(via)).label("via").paint(Paint::Device);
        }
        (None, _) => {}
    }
    if let Some(id) = entry.nexthop_id() {
        r.number("nhid", id);
    }
    if let Some(nsid) = entry.link_nsid() {
        r.number("linkNetNsId", nsid).label("link-netnsid");
    }
    if let (Some(info), true) = (entry.cache_info(), options.statistics > 0) {
        neigh::ages(r, [("used", info.used), ("updated", info.updated)]);
    }
    if let Some(notify) = entry.activity().and_then(|activity| activity.notify()) {
        for (key, bit) in [("activity_notify", 1), ("inactive", 2)] {
            if notify & bit != 0 {
                r.bool(key, true).shown(key);
            }
        }
    }
    flags(r, entry);
    if let Some(master) = entry.master() {
        r.string("master", devices.name(master)).paint(Paint::Device);
    }
    let state = entry.state();
    let name = if state.contains(NeighbourState::PERMANENT) {
        "permanent".into()
    } else if state.contains(NeighbourState::NOARP) {
        "static".into()
    } else if state.contains(NeighbourState::STALE) {
        "stale".into()
    } else if state.contains(NeighbourState::REACHABLE) {
        String::new()
    } else {
        crate::named::hex(state.bits())
    };
    let field = r.string("state", name.as_str()).bare();
    if name.is_empty() {
        field.json_only();
    }
}

fn flags(r: &mut Record, entry: &Neighbour) {
    let flags = entry.flags();
    let locked = entry.extended_flags().is_some_and(|flags| flags.contains(NeighbourExtendedFlags::LOCKED));
    let names = [
        ("self", flags.contains(NeighbourFlags::SELF)),
        ("router", flags.contains(NeighbourFlags::ROUTER)),
        ("extern_learn", flags.contains(NeighbourFlags::EXT_LEARNED)),
        ("offload", flags.contains(NeighbourFlags::OFFLOADED)),
        ("master", flags.contains(NeighbourFlags::MASTER)),
        ("sticky", flags.contains(NeighbourFlags::STICKY)),
        ("locked", locked),
    ];
    let set: Vec<&str> = names.iter().filter(|(_, set)| *set).map(|(name, _)| *name).collect();
    let text = set.join(" ");
    let field = r.strings("flags", set);
    if text.is_empty() {
        field.json_only();
    } else {
        field.shown(text);
    }
}
