//! `type bond`.

use super::fields::{Names, address, bit, mac, name, name_of, number, switch};
use crate::context::Context;
use crate::devices::Devices;
use crate::failure::Failure;
use crate::out::Record;
use crate::words::{Case, Kind, Value, Word, Words, flag, word};
use netloom::kind::{
    Bond, BondAdSelect, BondArpAllTargets, BondArpValidate, BondFailOverMac, BondLacpRate, BondMode,
    BondPrimaryReselect, BondWriter, BondXmitHashPolicy,
};
use netloom::wire::{Buffer, Write};
use std::net::{Ipv4Addr, Ipv6Addr};

pub(super) const CASE: Case = Case { name: "bond", about: "several links as one", words: WORDS };

const MODES: Names = &[
    ("balance-rr", 0),
    ("active-backup", 1),
    ("balance-xor", 2),
    ("broadcast", 3),
    ("802.3ad", 4),
    ("balance-tlb", 5),
    ("balance-alb", 6),
];
const ARP_VALIDATE: Names =
    &[("none", 0), ("active", 1), ("backup", 2), ("all", 3), ("filter", 4), ("filter_active", 5), ("filter_backup", 6)];
const ARP_ALL_TARGETS: Names = &[("any", 0), ("all", 1)];
const PRIMARY_RESELECT: Names = &[("always", 0), ("better", 1), ("failure", 2)];
const FAIL_OVER_MAC: Names = &[("none", 0), ("active", 1), ("follow", 2)];
const XMIT_HASH_POLICY: Names =
    &[("layer2", 0), ("layer3+4", 1), ("layer2+3", 2), ("encap2+3", 3), ("encap3+4", 4), ("vlan+srcmac", 5)];
const LACP_RATE: Names = &[("slow", 0), ("fast", 1)];
const AD_SELECT: Names = &[("stable", 0), ("bandwidth", 1), ("count", 2), ("actor_port_prio", 3)];
const OFF_ON: Names = &[("off", 0), ("on", 1)];

/// The kernel takes no other numbers.
const SWITCH: Kind = Kind::Number(0, 1);

const WORDS: &[Word] = &[
    word("mode", Kind::Numbered(MODES), "how ports share the traffic").prefix(),
    word("active_slave", Kind::Device, "port in use").prefix(),
    flag("clear_active_slave", "no port in use").prefix(),
    word("miimon", Kind::U32, "how often links are looked at, in ms").prefix(),
    word("updelay", Kind::U32, "how long a port must be up, in ms").prefix(),
    word("downdelay", Kind::U32, "how long a port must be down, in ms").prefix(),
    word("peer_notify_delay", Kind::U32, "between notifications of peers, in ms").prefix(),
    word("use_carrier", SWITCH, "trust the driver's carrier").prefix(),
    word("arp_interval", Kind::U32, "how often ports are checked by ARP, in ms").prefix(),
    word("arp_ip_target", Kind::Text("ADDRESS,…"), "who is asked by ARP").prefix(),
    word("ns_ip6_target", Kind::Text("ADDRESS,…"), "who is asked by neighbour solicitation"),
    word("arp_validate", Kind::Numbered(ARP_VALIDATE), "ports that must see the answers").prefix(),
    word("arp_all_targets", Kind::Numbered(ARP_ALL_TARGETS), "how many targets must answer").prefix(),
    word("arp_missed_max", Kind::U8, "checks by ARP that may fail"),
    word("primary", Kind::Device, "preferred port").prefix(),
    word("primary_reselect", Kind::Numbered(PRIMARY_RESELECT), "when the preferred port takes over again").prefix(),
    word("fail_over_mac", Kind::Numbered(FAIL_OVER_MAC), "ports that get the bond's address").prefix(),
    word("xmit_hash_policy", Kind::Numbered(XMIT_HASH_POLICY), "what a flow is told by").prefix(),
    word("resend_igmp", Kind::U32, "IGMP reports after a change").prefix(),
    word("num_grat_arp", Kind::U8, "gratuitous ARP after a change").prefix(),
    word("num_unsol_na", Kind::U8, "the same as num_grat_arp").prefix(),
    word("all_slaves_active", SWITCH, "take frames at all ports").prefix(),
    word("min_links", Kind::U32, "ports that must be up").prefix(),
    word("lp_interval", Kind::U32, "between learning packets, in s").prefix(),
    word("packets_per_slave", Kind::U32, "packets in a row through one port").prefix(),
    word("lacp_rate", Kind::Numbered(LACP_RATE), "how often the partner sends LACPDUs").prefix(),
    word("lacp_active", Kind::Numbered(OFF_ON), "send LACPDUs by oneself"),
    word("lacp_strict", Kind::Numbered(OFF_ON), "no carrier without a partner"),
    word("coupled_control", Kind::OnOff, "collecting and distributing begin together"),
    word("broadcast_neighbor", Kind::OnOff, "send ARP and neighbour discovery to all ports"),
    word("ad_select", Kind::Numbered(AD_SELECT), "aggregator that is chosen").prefix(),
    word("ad_user_port_key", Kind::U16, "the user's part of the port key").prefix(),
    word("ad_actor_sys_prio", Kind::U16, "system priority").prefix(),
    word("ad_actor_system", Kind::Mac, "system address").prefix(),
    word("tlb_dynamic_lb", SWITCH, "by load, not by hash").prefix(),
];

pub(super) fn read(cx: &mut Context, words: &Words) -> Result<Buffer, Failure> {
    let active = match words.last(&["active_slave", "clear_active_slave"]) {
        Some(Value::Text(name)) => Some(cx.device(name)?),
        Some(_) => Some(0),
        None => None,
    };
    let primary = words.text("primary").map(|name| cx.device(name)).transpose()?;
    let notifications = words.last(&["num_grat_arp", "num_unsol_na"]).and_then(Value::number);
    let v4: Option<Vec<Ipv4Addr>> = targets(words, "arp_ip_target")?;
    let v6: Option<Vec<Ipv6Addr>> = targets(words, "ns_ip6_target")?;
    let w = BondWriter::default()
        .some(words.number::<u8>("mode").map(BondMode::from), BondWriter::mode)
        .some(active, BondWriter::active_slave)
        .some(words.number("miimon"), BondWriter::miimon)
        .some(words.number("updelay"), BondWriter::updelay)
        .some(words.number("downdelay"), BondWriter::downdelay)
        .some(words.number("peer_notify_delay"), BondWriter::peer_notif_delay)
        .some(switch(words, "use_carrier"), BondWriter::use_carrier)
        .some(words.number("arp_interval"), BondWriter::arp_interval)
        .some(v4, |w, all| w.arp_ip_target(|l| all.iter().fold(l.at(0), |l, address| l.value(*address))))
        .some(v6, |w, all| w.ns_ip6_target(|l| all.iter().fold(l.at(0), |l, address| l.value(*address))))
        .some(words.number::<u32>("arp_validate").map(BondArpValidate::from), BondWriter::arp_validate)
        .some(words.number::<u32>("arp_all_targets").map(BondArpAllTargets::from), BondWriter::arp_all_targets)
        .some(words.number("arp_missed_max"), BondWriter::missed_max)
        .some(primary, BondWriter::primary)
        .some(words.number::<u8>("primary_reselect").map(BondPrimaryReselect::from), BondWriter::primary_reselect)
        .some(words.number::<u8>("fail_over_mac").map(BondFailOverMac::from), BondWriter::fail_over_mac)
        .some(words.number::<u8>("xmit_hash_policy").map(BondXmitHashPolicy::from), BondWriter::xmit_hash_policy)
        .some(words.number("resend_igmp"), BondWriter::resend_igmp)
        .some(notifications, BondWriter::num_peer_notif)
        .some(switch(words, "all_slaves_active"), BondWriter::all_slaves_active)
        .some(words.number("min_links"), BondWriter::min_links)
        .some(words.number("lp_interval"), BondWriter::lp_interval)
        .some(words.number("packets_per_slave"), BondWriter::packets_per_slave)
        .some(words.number::<u8>("lacp_rate").map(BondLacpRate::from), BondWriter::ad_lacp_rate)
        .some(switch(words, "lacp_active"), BondWriter::ad_lacp_active)
        .some(switch(words, "lacp_strict"), BondWriter::lacp_strict)
        .some(words.bool("coupled_control"), BondWriter::coupled_control)
        .some(words.bool("broadcast_neighbor"), BondWriter::broadcast_neigh)
        .some(words.number::<u8>("ad_select").map(BondAdSelect::from), BondWriter::ad_select)
        .some(words.number("ad_user_port_key"), BondWriter::ad_user_port_key)
        .some(words.number("ad_actor_sys_prio"), BondWriter::ad_actor_sys_prio)
        .some(mac(words, "ad_actor_system")?, BondWriter::ad_actor_system)
        .some(switch(words, "tlb_dynamic_lb"), BondWriter::tlb_dynamic_lb);
    Ok(w.into_buffer())
}

/// Addresses with commas between.
fn targets<T: std::str::FromStr>(words: &Words, word: &str) -> Result<Option<Vec<T>>, Failure> {
    let Some(given) = words.text(word) else { return Ok(None) };
    let parse = |text: &str| text.parse().map_err(|_| words.wrong(format!("{text:?} is not an address of {word}")));
    given.split(',').filter(|text| !text.is_empty()).map(parse).collect::<Result<_, _>>().map(Some)
}

pub(super) fn describe(r: &mut Record, b: &Bond, devices: &Devices) {
    name(r, "mode", "mode", b.mode().map(|mode| u8::from(mode).into()), MODES);
    device(r, "active_slave", b.active_slave(), devices);
    number(r, "miimon", "miimon", b.miimon());
    number(r, "updelay", "updelay", b.updelay());
    number(r, "downdelay", "downdelay", b.downdelay());
    number(r, "peer_notify_delay", "peer_notify_delay", b.peer_notif_delay());
    bit(r, "use_carrier", b.use_carrier());
    number(r, "arp_interval", "arp_interval", b.arp_interval());
    number(r, "arp_missed_max", "arp_missed_max", b.missed_max());
    addresses(r, "arp_ip_target", b.arp_ip_target().map(|all| all.map(|address| address.to_string()).collect()));
    addresses(r, "ns_ip6_target", b.ns_ip6_target().map(|all| all.map(|address| address.to_string()).collect()));
    match b.arp_validate().map(u32::from) {
        // iproute2 has no name for it in JSON.
        Some(0) => {
            r.value("arp_validate", serde_json::Value::Null).shown("arp_validate none");
        }
        other => name(r, "arp_validate", "arp_validate", other.map(u64::from), ARP_VALIDATE),
    }
    let all_targets = b.arp_all_targets().map(|all| u32::from(all).into());
    name(r, "arp_all_targets", "arp_all_targets", all_targets, ARP_ALL_TARGETS);
    device(r, "primary", b.primary(), devices);
    let byte = |value: Option<u8>| value.map(u64::from);
    name(r, "primary_reselect", "primary_reselect", byte(b.primary_reselect().map(u8::from)), PRIMARY_RESELECT);
    name(r, "fail_over_mac", "fail_over_mac", byte(b.fail_over_mac().map(u8::from)), FAIL_OVER_MAC);
    name(r, "xmit_hash_policy", "xmit_hash_policy", byte(b.xmit_hash_policy().map(u8::from)), XMIT_HASH_POLICY);
    number(r, "resend_igmp", "resend_igmp", b.resend_igmp());
    number(r, "num_peer_notif", "num_grat_arp", b.num_peer_notif());
    bit(r, "all_slaves_active", b.all_slaves_active());
    number(r, "min_links", "min_links", b.min_links());
    number(r, "lp_interval", "lp_interval", b.lp_interval());
    number(r, "packets_per_slave", "packets_per_slave", b.packets_per_slave());
    name(r, "ad_lacp_active", "lacp_active", b.ad_lacp_active().map(u64::from), OFF_ON);
    name(r, "ad_lacp_rate", "lacp_rate", byte(b.ad_lacp_rate().map(u8::from)), LACP_RATE);
    if let Some(strict) = b.lacp_strict() {
        r.string("lacp_strict", name_of(strict.into(), OFF_ON).unwrap_or_default()).label("lacp_strict");
    }
    super::fields::on_off(r, "coupled_control", b.coupled_control());
    super::fields::on_off(r, "broadcast_neighbor", b.broadcast_neigh());
    name(r, "ad_select", "ad_select", byte(b.ad_select().map(u8::from)), AD_SELECT);
    if let Some(info) = b.ad_info() {
        r.object("ad_info", |r| {
            number(r, "aggregator", "ad_aggregator", info.aggregator());
            number(r, "num_ports", "ad_num_ports", info.num_ports());
            number(r, "actor_key", "ad_actor_key", info.actor_key());
            number(r, "partner_key", "ad_partner_key", info.partner_key());
            address(r, "partner_mac", "ad_partner_mac", info.partner_mac());
        });
    }
    number(r, "ad_actor_sys_prio", "ad_actor_sys_prio", b.ad_actor_sys_prio());
    number(r, "ad_user_port_key", "ad_user_port_key", b.ad_user_port_key());
    address(r, "ad_actor_system", "ad_actor_system", b.ad_actor_system());
    bit(r, "tlb_dynamic_lb", b.tlb_dynamic_lb());
}

fn device(r: &mut Record, key: &'static str, index: Option<u32>, devices: &Devices) {
    if let Some(index) = index.filter(|index| *index > 0) {
        r.string(key, devices.name(index)).label(key);
    }
}

fn addresses(r: &mut Record, key: &'static str, all: Option<Vec<String>>) {
    if let Some(all) = all.filter(|all| !all.is_empty()) {
        r.strings(key, all).label(key);
    }
}
