//! `type bridge_slave`, and what a bridge says of its ports.

use super::bridge::bridge_id;
use super::fields::{bit, hex, number, on_off, timer};
use crate::context::Context;
use crate::devices::Devices;
use crate::failure::Failure;
use crate::out::Record;
use crate::words::{Case, Kind, Value, Word, Words, flag, word};
use netloom::kind::{BridgePort, BridgePortWriter, MulticastRouter, StpState};
use netloom::wire::{Buffer, Write};

pub(super) const CASE: Case = Case { name: "bridge_slave", about: "a port of a bridge", words: WORDS };

const WORDS: &[Word] = &[
    flag("fdb_flush", "forget what was learned").prefix(),
    word("state", Kind::U8, "state in STP").prefix(),
    word("priority", Kind::U16, "priority in STP").prefix(),
    word("cost", Kind::U32, "cost in STP").prefix(),
    word("hairpin", Kind::OnOff, "frames may leave by the port that they came by").prefix(),
    word("guard", Kind::OnOff, "STP packets that arrive turn the port off").prefix(),
    word("root_block", Kind::OnOff, "the root is not looked for behind this port").prefix(),
    word("fastleave", Kind::OnOff, "a leave ends a membership at once").prefix(),
    word("learning", Kind::OnOff, "learn addresses").prefix(),
    word("flood", Kind::OnOff, "send frames to unknown addresses").prefix(),
    word("mcast_flood", Kind::OnOff, "send multicast that nobody asked for").prefix(),
    word("bcast_flood", Kind::OnOff, "send broadcast").prefix(),
    word("mcast_to_unicast", Kind::OnOff, "send multicast as unicast to each who asked for it").prefix(),
    word("proxy_arp", Kind::OnOff, "answer ARP for neighbours behind other ports").prefix(),
    word("proxy_arp_wifi", Kind::OnOff, "the same for wireless stations").prefix(),
    word("mcast_router", Kind::U8, "whether the port gets all multicast").prefix(),
    word("mcast_fast_leave", Kind::OnOff, "the same as fastleave").prefix(),
    word("neigh_suppress", Kind::OnOff, "answer ARP and neighbour discovery from what is known").prefix(),
    word("neigh_vlan_suppress", Kind::OnOff, "the same per VLAN"),
    word("group_fwd_mask", Kind::U16, "link-local groups that are forwarded, a bit each").prefix(),
    word("vlan_tunnel", Kind::OnOff, "map VLANs to tunnels").prefix(),
    word("isolated", Kind::OnOff, "isolated ports do not see each other").prefix(),
    word("locked", Kind::OnOff, "frames only from addresses that were put there by hand").prefix(),
    word("mab", Kind::OnOff, "a locked port notes who would like to send"),
    word("backup_port", Kind::Device, "port that takes over when this one has no carrier").prefix(),
    flag("nobackup_port", "no port takes over").prefix(),
    word("backup_nhid", Kind::U32, "next hop of frames for the backup port"),
];

const STATES: [&str; 5] = ["disabled", "listening", "learning", "forwarding", "blocking"];

pub(super) fn read(cx: &mut Context, words: &Words) -> Result<Buffer, Failure> {
    let backup = match words.last(&["backup_port", "nobackup_port"]) {
        Some(Value::Text(name)) => Some(cx.device_given(name)?),
        Some(_) => Some(0),
        None => None,
    };
    let fast_leave = match words.last(&["mcast_fast_leave", "fastleave"]) {
        Some(Value::Bool(on)) => Some(*on),
        _ => None,
    };
    let mut w = BridgePort::new()
        .some(words.number::<u8>("state").map(StpState::from), BridgePortWriter::state)
        .some(words.number("priority"), BridgePortWriter::priority)
        .some(words.number("cost"), BridgePortWriter::cost)
        .some(words.bool("hairpin"), BridgePortWriter::mode)
        .some(words.bool("guard"), BridgePortWriter::guard)
        .some(words.bool("root_block"), BridgePortWriter::protect)
        .some(fast_leave, BridgePortWriter::fast_leave)
        .some(words.bool("learning"), BridgePortWriter::learning)
        .some(words.bool("flood"), BridgePortWriter::unicast_flood)
        .some(words.bool("mcast_flood"), BridgePortWriter::mcast_flood)
        .some(words.bool("bcast_flood"), BridgePortWriter::bcast_flood)
        .some(words.bool("mcast_to_unicast"), BridgePortWriter::mcast_to_ucast)
        .some(words.bool("proxy_arp"), BridgePortWriter::proxyarp)
        .some(words.bool("proxy_arp_wifi"), BridgePortWriter::proxyarp_wifi)
        .some(words.number::<u8>("mcast_router").map(MulticastRouter::from), BridgePortWriter::multicast_router)
        .some(words.bool("neigh_suppress"), BridgePortWriter::neigh_suppress)
        .some(words.bool("neigh_vlan_suppress"), BridgePortWriter::neigh_vlan_suppress)
        .some(words.number("group_fwd_mask"), BridgePortWriter::group_fwd_mask)
        .some(words.bool("vlan_tunnel"), BridgePortWriter::vlan_tunnel)
        .some(words.bool("isolated"), BridgePortWriter::isolated)
        .some(words.bool("locked"), BridgePortWriter::locked)
        .some(words.bool("mab"), BridgePortWriter::mab)
        .some(backup, BridgePortWriter::backup_port)
        .some(words.number("backup_nhid"), BridgePortWriter::backup_nhid);
    if words.has("fdb_flush") {
        w = w.flush();
    }
    Ok(w.into_buffer())
}

pub(super) fn describe(r: &mut Record, p: &BridgePort, devices: &Devices) {
    if let Some(state) = p.state().map(u8::from) {
        match STATES.get(usize::from(state)) {
            Some(name) => r.string("state", *name),
            None => r.number("state_index", state).shown(format!("state ({state})")),
        };
    }
    number(r, "priority", "priority", p.priority());
    number(r, "cost", "cost", p.cost());
    on_off(r, "hairpin", p.mode());
    on_off(r, "guard", p.guard());
    on_off(r, "root_block", p.protect());
    on_off(r, "fastleave", p.fast_leave());
    on_off(r, "learning", p.learning());
    on_off(r, "flood", p.unicast_flood());
    hex(r, "id", "port_id", p.id());
    hex(r, "no", "port_no", p.no());
    number(r, "designated_port", "designated_port", p.designated_port());
    number(r, "designated_cost", "designated_cost", p.designated_cost());
    bridge_id(r, "bridge_id", "designated_bridge", p.bridge_id());
    bridge_id(r, "root_id", "designated_root", p.root_id());
    timer(r, "hold_timer", p.hold_timer());
    timer(r, "message_age_timer", p.message_age_timer());
    timer(r, "forward_delay_timer", p.forward_delay_timer());
    bit(r, "topology_change_ack", p.topology_change_ack());
    bit(r, "config_pending", p.config_pending());
    on_off(r, "proxy_arp", p.proxyarp());
    on_off(r, "proxy_arp_wifi", p.proxyarp_wifi());
    number(r, "multicast_router", "mcast_router", p.multicast_router().map(u8::from));
    if let Some(on) = p.fast_leave() {
        r.text(format!("mcast_fast_leave {}", if on { "on" } else { "off" }));
    }
    on_off(r, "mcast_flood", p.mcast_flood());
    on_off(r, "bcast_flood", p.bcast_flood());
    on_off(r, "mcast_to_unicast", p.mcast_to_ucast());
    on_off(r, "neigh_suppress", p.neigh_suppress());
    on_off(r, "neigh_vlan_suppress", p.neigh_vlan_suppress());
    if let Some(mask) = p.group_fwd_mask() {
        hex(r, "group_fwd_mask", "group_fwd_mask", Some(mask));
        r.string("group_fwd_mask_str", groups(mask)).label("group_fwd_mask_str");
    }
    on_off(r, "vlan_tunnel", p.vlan_tunnel());
    on_off(r, "isolated", p.isolated());
    on_off(r, "locked", p.locked());
    on_off(r, "mab", p.mab());
    if let Some(index) = p.backup_port().filter(|index| *index > 0) {
        r.string("backup_port", devices.name(index)).label("backup_port");
    }
    if let Some(id) = p.backup_nhid().filter(|id| *id > 0) {
        number(r, "backup_nhid", "backup_nhid", Some(id));
    }
}

/// Link-local groups that are forwarded, by name where they have one.
fn groups(mask: u16) -> String {
    let names: Vec<String> = (0..16)
        .filter(|bit| mask & (1 << bit) != 0)
        .map(|bit| match bit {
            0 => "stp".into(),
            2 => "lacp".into(),
            14 => "lldp".into(),
            _ => format!("{:#x}", 1 << bit),
        })
        .collect();
    if names.is_empty() { "0x0".into() } else { names.join(",") }
}
