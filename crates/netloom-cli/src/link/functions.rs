//! Virtual functions of a link.

use crate::hardware;
use crate::out::{Paint, Record};
use netloom::link::{Link, LinkFlags, VfInfo, VfLinkStatePolicy, VfSetting, VfStats};

/// What a driver says that does not know a setting.
const UNKNOWN: u32 = u32::MAX;

/// Describes the virtual functions.
pub(super) fn describe(r: &mut Record, link: &Link, statistics: bool) {
    let Some(list) = link.vfinfo_list() else { return };
    r.array("vfinfo_list", |records| {
        for function in list.info() {
            records.record(|r| one(r, function, link, statistics));
        }
    });
}

fn one(r: &mut Record, function: &VfInfo, link: &Link, statistics: bool) {
    let hardware = link.hardware();
    let width = link.address().map_or(6, |address| address.as_bytes().len());
    let address = |bytes: &[u8]| hardware::address(bytes.get(..width).unwrap_or(bytes), hardware);
    r.line(4);
    if let Some(mac) = function.mac() {
        r.number("vf", mac.vf);
        let name = hardware::type_name(hardware);
        r.string("link_type", name.as_str()).shown(format!("link/{name}"));
        r.string("address", address(&mac.mac)).bare().paint(Paint::Mac);
    }
    if let Some(broadcast) = function.broadcast() {
        let peer = link.link_flags().contains(LinkFlags::POINT_TO_POINT);
        if peer {
            r.bool("link_pointtopoint", true).json_only();
        }
        r.string("broadcast", address(&broadcast.broadcast)).label(if peer { "peer" } else { "brd" }).paint(Paint::Mac);
    }
    vlans(r, function);
    if let Some(rate) = function.tx_rate().filter(|rate| rate.rate > 0) {
        r.number("tx_rate", rate.rate).shown(format!("tx rate {} (Mbps)", rate.rate));
    }
    if let Some(rate) = function.rate() {
        r.object("rate", |r| {
            let (most, least) = (rate.max_tx_rate, rate.min_tx_rate);
            let most_field = r.number("max_tx", most);
            if most > 0 {
                most_field.shown(format!("max_tx_rate {most}Mbps"))
            } else {
                most_field.json_only()
            };
            let least_field = r.number("min_tx", least);
            if least > 0 {
                least_field.shown(format!("min_tx_rate {least}Mbps"))
            } else {
                least_field.json_only()
            };
        });
    }
    setting(r, "spoofchk", "spoof checking", function.spoofchk());
    for (key, guid) in [("node guid", function.ib_node_guid()), ("port guid", function.ib_port_guid())] {
        if let Some(guid) = guid.filter(|guid| guid.guid != 0) {
            let bytes = guid.guid.to_be_bytes();
            r.string(key, hardware::address(&bytes, hardware)).label(key.replace(' ', "_").to_uppercase());
        }
    }
    if let Some(state) = function.link_state() {
        let name = match VfLinkStatePolicy::from(state.link_state) {
            VfLinkStatePolicy::Auto => "auto",
            VfLinkStatePolicy::Enable => "enable",
            _ => "disable",
        };
        r.string("link_state", name).label("link-state");
    }
    setting(r, "trust", "trust", function.trust());
    setting(r, "query_rss_en", "query_rss", function.rss_query_en());
    if let Some(stats) = function.stats().filter(|_| statistics) {
        r.object("stats", |r| counters(r, stats));
    }
}

fn vlans(r: &mut Record, function: &VfInfo) {
    if let Some(list) = function.vlan_list() {
        r.array("vlan_list", |records| {
            for vlan in list.info() {
                records.record(|r| {
                    vlan_of(r, vlan.vlan, vlan.qos);
                    if vlan.vlan_proto.get() == 0x88a8 {
                        r.string("protocol", "802.1ad").label("vlan protocol");
                    }
                });
            }
        });
    } else if let Some(vlan) = function.vlan() {
        vlan_of(r, vlan.vlan, vlan.qos);
    }
}

fn vlan_of(r: &mut Record, vlan: u32, qos: u32) {
    if vlan > 0 {
        r.number("vlan", vlan);
    }
    if qos > 0 {
        r.number("qos", qos);
    }
}

fn setting(r: &mut Record, key: &'static str, label: &'static str, setting: Option<VfSetting>) {
    if let Some(setting) = setting.filter(|setting| setting.setting != UNKNOWN) {
        r.bool(key, setting.setting != 0).label(label);
    }
}

fn counters(r: &mut Record, stats: &VfStats) {
    let number = |r: &mut Record, key: &'static str, value: Option<u64>| {
        if let Some(value) = value {
            r.number(key, value);
        }
    };
    r.object("rx", |r| {
        r.line(4);
        r.text("RX:");
        number(r, "bytes", stats.rx_bytes());
        number(r, "packets", stats.rx_packets());
        number(r, "multicast", stats.multicast());
        number(r, "broadcast", stats.broadcast());
        number(r, "dropped", stats.rx_dropped());
    });
    r.object("tx", |r| {
        r.line(4);
        r.text("TX:");
        number(r, "bytes", stats.tx_bytes());
        number(r, "packets", stats.tx_packets());
        number(r, "dropped", stats.tx_dropped());
    });
}
