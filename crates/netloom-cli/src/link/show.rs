//! A link as iproute2 shows it, for `link` and `address`.

use super::{counters, functions, xdp};
use crate::devices::Devices;
use crate::hardware;
use crate::kind;
use crate::named;
use crate::options::Options;
use crate::out::{Paint, Record};
use netloom::link::{AddressGeneration, AfSpec, Link, LinkEvent, LinkFlags, LinkMode, OperState, ProtoDownReason};
use netloom::names::{NameKind, Names};

/// What is shown of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whole {
    /// All, as `link` shows it.
    Link,
    /// What `address` shows of it; with `-4` and the like the line with its hardware address is left out.
    Address {
        /// The hardware address too.
        hardware: bool,
    },
}

/// Describes a link.
pub(crate) fn describe(r: &mut Record, link: &Link, devices: &Devices, options: &Options, whole: Whole) {
    let details = options.details > 0;
    let as_link = whole == Whole::Link;
    name(r, link, devices);
    flags(r, link, devices);
    if let Some(mtu) = link.mtu() {
        r.number("mtu", mtu);
    }
    if let Some(program) = link.xdp() {
        xdp::describe(r, program);
    }
    if let Some(qdisc) = link.qdisc() {
        r.string("qdisc", qdisc);
    }
    if let Some(master) = link.master() {
        r.string("master", devices.name(master)).paint(Paint::Device);
    }
    if let Some(state) = link.operstate() {
        match oper_state(state) {
            Some(name) => r.string("operstate", name).label("state").paint(state_paint(state)),
            None => r.number("operstate_index", u8::from(state)).label("state"),
        };
    }
    if let (Some(mode), true) = (link.linkmode(), as_link) {
        match mode {
            LinkMode::Default => r.string("linkmode", "DEFAULT").label("mode"),
            LinkMode::Dormant => r.string("linkmode", "DORMANT").label("mode"),
            other => r.number("linkmode_index", u8::from(other)).label("mode"),
        };
    }
    if let Some(group) = link.group() {
        r.string("group", named::show(options, NameKind::Group, group));
    }
    if let Some(txqlen) = link.txqlen().filter(|txqlen| *txqlen > 0) {
        r.number("txqlen", txqlen).label("qlen");
    }
    if let Some(event) = link.event() {
        event_of(r, event);
    }
    if whole != (Whole::Address { hardware: false }) || details {
        addresses(r, link, options);
    }
    namespaces(r, link);
    proto_down(r, link);
    if details {
        details_of(r, link, devices, options, as_link);
    }
    if as_link || details {
        if let Some(alias) = link.ifalias() {
            r.line(4);
            r.string("ifalias", alias).label("alias");
        }
        if let (Some(bus), Some(device)) = (link.parent_dev_bus_name(), link.parent_dev_name()) {
            r.string("parentbus", bus);
            r.string("parentdev", device);
        }
    }
    if as_link && options.statistics > 0 {
        counters::describe(r, link, options.statistics > 1);
    }
    if (as_link || details) && link.num_vf().is_some() {
        functions::describe(r, link, options.statistics > 0);
    }
    let names: Vec<&str> = link.alt_names().collect();
    if !names.is_empty() {
        r.strings("altnames", names.iter().copied()).json_only();
        for name in names {
            r.line(4);
            r.text(format!("altname {name}"));
        }
    }
}

/// Name, and what it stands on; the index before it.
pub(super) fn name(r: &mut Record, link: &Link, devices: &Devices) {
    r.number("ifindex", link.index()).shown(format!("{}:", link.index()));
    let below = below(r, link, devices);
    let shown = format!("{}{below}:", link.name());
    r.string("ifname", link.name()).shown(shown).paint(Paint::Device);
}

/// What a link stands on, as JSON's key and as what follows the name in text.
pub(super) fn below(r: &mut Record, link: &Link, devices: &Devices) -> String {
    match (link.link(), link.link_netnsid()) {
        (None, _) => String::new(),
        (Some(0), _) => {
            r.value("link", serde_json::Value::Null).json_only();
            "@NONE".into()
        }
        (Some(index), Some(_)) => {
            r.number("link_index", index).json_only();
            format!("@if{index}")
        }
        (Some(index), None) => {
            let name = devices.name(index);
            r.string("link", name.as_str()).json_only();
            format!("@{name}")
        }
    }
}

/// Flags in iproute2's order, those without a name in hexadecimal.
pub(super) fn flags(r: &mut Record, link: &Link, devices: &Devices) {
    const NAMES: [(LinkFlags, &str); 18] = [
        (LinkFlags::LOOPBACK, "LOOPBACK"),
        (LinkFlags::BROADCAST, "BROADCAST"),
        (LinkFlags::POINT_TO_POINT, "POINTOPOINT"),
        (LinkFlags::MULTICAST, "MULTICAST"),
        (LinkFlags::NO_ARP, "NOARP"),
        (LinkFlags::ALL_MULTI, "ALLMULTI"),
        (LinkFlags::PROMISC, "PROMISC"),
        (LinkFlags::MASTER, "MASTER"),
        (LinkFlags::SLAVE, "SLAVE"),
        (LinkFlags::DEBUG, "DEBUG"),
        (LinkFlags::DYNAMIC, "DYNAMIC"),
        (LinkFlags::AUTO_MEDIA, "AUTOMEDIA"),
        (LinkFlags::PORT_SELECT, "PORTSEL"),
        (LinkFlags::NO_TRAILERS, "NOTRAILERS"),
        (LinkFlags::UP, "UP"),
        (LinkFlags::LOWER_UP, "LOWER_UP"),
        (LinkFlags::DORMANT, "DORMANT"),
        (LinkFlags::ECHO, "ECHO"),
    ];
    let mut left = link.link_flags();
    let mut names: Vec<String> = Vec::new();
    if left.contains(LinkFlags::UP) && !left.contains(LinkFlags::RUNNING) {
        names.push("NO-CARRIER".into());
    }
    left.remove(LinkFlags::RUNNING);
    for (flag, name) in NAMES {
        if left.contains(flag) {
            names.push(name.into());
            left.remove(flag);
        }
    }
    if !left.is_empty() {
        names.push(format!("{:x}", left.bits()));
    }
    if link.link_netnsid().is_none() && link.link().is_some_and(|index| devices.is_down(index)) {
        names.push("M-DOWN".into());
    }
    let shown = format!("<{}>", names.join(","));
    r.strings("flags", names).shown(shown);
}

/// Name of an operational state.
pub(super) fn oper_state(state: OperState) -> Option<&'static str> {
    Some(match state {
        OperState::Unknown => "UNKNOWN",
        OperState::NotPresent => "NOTPRESENT",
        OperState::Down => "DOWN",
        OperState::LowerLayerDown => "LOWERLAYERDOWN",
        OperState::Testing => "TESTING",
        OperState::Dormant => "DORMANT",
        OperState::Up => "UP",
        _ => return None,
    })
}

/// Colour of an operational state.
pub(super) fn state_paint(state: OperState) -> Paint {
    match state {
        OperState::Up => Paint::Up,
        OperState::Down => Paint::Down,
        _ => Paint::Plain,
    }
}

fn event_of(r: &mut Record, event: LinkEvent) {
    let name = match event {
        LinkEvent::None => "NONE",
        LinkEvent::Reboot => "REBOOT",
        LinkEvent::Features => "FEATURE CHANGE",
        LinkEvent::BondingFailover => "BONDING FAILOVER",
        LinkEvent::NotifyPeers => "NOTIFY PEERS",
        LinkEvent::IgmpResend => "RESEND IGMP",
        LinkEvent::BondingOptions => "BONDING OPTION",
        other => {
            r.number("event", u32::from(other));
            return;
        }
    };
    r.string("event", name);
}

fn addresses(r: &mut Record, link: &Link, options: &Options) {
    let hardware = link.hardware();
    let name = if options.numeric { format!("[{hardware}]") } else { hardware::type_name(hardware) };
    r.line(4);
    r.string("link_type", name.as_str()).shown(format!("link/{name}"));
    if let Some(address) = hardware::address_of(link) {
        r.string("address", address).bare().paint(Paint::Mac);
    }
    if let Some(broadcast) = link.broadcast() {
        let peer = link.link_flags().contains(LinkFlags::POINT_TO_POINT);
        if peer {
            r.bool("link_pointtopoint", true).json_only();
        }
        let address = hardware::address(broadcast.as_bytes(), hardware);
        r.string("broadcast", address).label(if peer { "peer" } else { "brd" }).paint(Paint::Mac);
    }
    if let Some(permanent) = link.perm_address().filter(|permanent| link.address() != Some(*permanent)) {
        r.string("permaddr", hardware::address(permanent.as_bytes(), hardware)).paint(Paint::Mac);
    }
}

fn namespaces(r: &mut Record, link: &Link) {
    if let Some(nsid) = link.link_netnsid() {
        let field = r.number("link_netnsid", nsid);
        if nsid < 0 {
            field.shown("link-netnsid unknown");
        }
    }
    if let Some(nsid) = link.new_netnsid() {
        r.number("new_netnsid", nsid);
    }
    if let Some(index) = link.new_ifindex() {
        r.number("new_ifindex", index);
    }
}

fn proto_down(r: &mut Record, link: &Link) {
    if link.proto_down().is_some_and(|down| down != 0) {
        r.bool("proto_down", true).shown("protodown on");
    }
    let reasons = link.proto_down_reason().and_then(ProtoDownReason::value).unwrap_or(0);
    if reasons != 0 {
        let names: Vec<String> = (0..32)
            .filter(|bit| reasons & (1 << bit) != 0)
            .map(|bit| Names::system().show(NameKind::ProtoDownReason, bit))
            .collect();
        let shown = format!("protodown_reason <{}>", names.join(","));
        r.strings("proto_down_reason", names).shown(shown);
    }
}

fn details_of(r: &mut Record, link: &Link, devices: &Devices, options: &Options, as_link: bool) {
    let number = |r: &mut Record, key: &'static str, value: Option<u32>| {
        if let Some(value) = value {
            r.number(key, value).label(key);
        }
    };
    let labelled = |r: &mut Record, key: &'static str, label: &'static str, value: Option<u32>| {
        if let Some(value) = value {
            r.number(key, value).label(label);
        }
    };
    number(r, "promiscuity", link.promiscuity());
    number(r, "allmulti", link.allmulti());
    labelled(r, "min_mtu", "minmtu", link.min_mtu());
    labelled(r, "max_mtu", "maxmtu", link.max_mtu());
    kind::describe(r, link, devices, options);
    if as_link {
        address_generation(r, link);
    }
    labelled(r, "num_tx_queues", "numtxqueues", link.num_tx_queues());
    labelled(r, "num_rx_queues", "numrxqueues", link.num_rx_queues());
    number(r, "gso_max_size", link.gso_max_size());
    number(r, "gso_max_segs", link.gso_max_segs());
    number(r, "tso_max_size", link.tso_max_size());
    number(r, "tso_max_segs", link.tso_max_segs());
    number(r, "gro_max_size", link.gro_max_size());
    number(r, "gso_ipv4_max_size", link.gso_ipv4_max_size());
    number(r, "gro_ipv4_max_size", link.gro_ipv4_max_size());
    if let Some(name) = link.phys_port_name() {
        r.string("phys_port_name", name).label("portname");
    }
    if let Some(id) = link.phys_port_id() {
        r.string("phys_port_id", hardware::hex(id)).label("portid");
    }
    if let Some(id) = link.phys_switch_id() {
        r.string("phys_switch_id", hardware::hex(id)).label("switchid");
    }
}

fn address_generation(r: &mut Record, link: &Link) {
    let Some(AfSpec::All(specs)) = link.af_spec(link.family()) else { return };
    let Some(mode) = specs.inet6().and_then(|six| six.addr_gen_mode()) else { return };
    let name = match mode {
        AddressGeneration::Eui64 => "eui64",
        AddressGeneration::None => "none",
        AddressGeneration::StablePrivacy => "stable_secret",
        AddressGeneration::Random => "random",
        other => {
            r.hex("inet6_addr_gen_mode", u8::from(other)).label("addrgenmode");
            return;
        }
    };
    r.string("inet6_addr_gen_mode", name).label("addrgenmode");
}
