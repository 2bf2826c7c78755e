//! `type bridge`.

use super::fields::{address, bit, hex, mac, name_of, number, read_vlan_protocol, switch, timer, vlan_protocol};
use crate::failure::Failure;
use crate::options::Options;
use crate::out::Record;
use crate::words::{Case, Kind, Word, Words, flag, word};
use netloom::kind::{
    Bridge, BridgeId, BridgeOption, BridgeOptions, BridgeQuerier, BridgeStp, BridgeStpMode, BridgeWriter,
    MulticastRouter, VlanProtocol,
};
use netloom::wire::{Buffer, Write};

pub(super) const CASE: Case = Case { name: "bridge", about: "a switch", words: WORDS };

const SWITCH: Kind = Kind::U8;
const STP_MODES: super::fields::Names = &[("auto", 0), ("user", 1), ("kernel", 2)];

const WORDS: &[Word] = &[
    word("forward_delay", Kind::U32, "time in the states listening and learning, in 1/100 s").prefix(),
    word("hello_time", Kind::U32, "between hello packets, in 1/100 s").prefix(),
    word("max_age", Kind::U32, "until a silent bridge counts as dead, in 1/100 s").prefix(),
    word("ageing_time", Kind::U32, "until a learned address is forgotten, in 1/100 s").prefix(),
    word("stp_state", Kind::U32, "whether STP runs").prefix(),
    word("stp_mode", Kind::OneOf(STP_MODES), "who shall run STP"),
    word("priority", Kind::U16, "the lower the sooner it becomes the root").prefix(),
    word("vlan_filtering", SWITCH, "look at VLAN tags").prefix(),
    word("vlan_protocol", Kind::Custom("{ 802.1Q | 802.1ad }", read_vlan_protocol), "tags that are looked at").prefix(),
    word("group_fwd_mask", Kind::U16, "link-local groups that are forwarded, a bit each").prefix(),
    word("group_address", Kind::Mac, "where STP packets are sent to").prefix(),
    word("no_linklocal_learn", SWITCH, "learn nothing from link-local frames"),
    word("mst_enabled", SWITCH, "multiple spanning trees"),
    word("fdb_max_learned", Kind::U32, "learned addresses at most, 0 for no limit"),
    flag("fdb_flush", "forget what was learned").prefix(),
    word("vlan_default_pvid", Kind::U16, "VLAN of untagged frames at new ports").prefix(),
    word("vlan_stats_enabled", Kind::Number(0, 1), "count per VLAN").prefix(),
    word("vlan_stats_per_port", Kind::Number(0, 1), "count per VLAN and port").prefix(),
    word("mcast_router", Kind::U8, "whether this machine gets all multicast").prefix(),
    word("mcast_snooping", SWITCH, "send multicast only where it was asked for").prefix(),
    word("mcast_vlan_snooping", SWITCH, "the same for each VLAN"),
    word("mcast_query_use_ifaddr", SWITCH, "queries come from the bridge's own address").prefix(),
    word("mcast_querier", SWITCH, "ask who wants multicast").prefix(),
    word("mcast_hash_elasticity", Kind::U32, "without meaning since Linux 5.0").prefix(),
    word("mcast_hash_max", Kind::U32, "entries of the multicast database at most").prefix(),
    word("mcast_last_member_count", Kind::U32, "queries before a group counts as left").prefix(),
    word("mcast_startup_query_count", Kind::U32, "queries at the start").prefix(),
    word("mcast_last_member_interval", Kind::U64, "between queries after a leave, in 1/100 s").prefix(),
    word("mcast_membership_interval", Kind::U64, "until a membership ends, in 1/100 s").prefix(),
    word("mcast_querier_interval", Kind::U64, "until another querier counts as dead, in 1/100 s").prefix(),
    word("mcast_query_interval", Kind::U64, "between queries, in 1/100 s").prefix(),
    word("mcast_query_response_interval", Kind::U64, "time for an answer, in 1/100 s").prefix(),
    word("mcast_startup_query_interval", Kind::U64, "between queries at the start, in 1/100 s").prefix(),
    word("mcast_stats_enabled", SWITCH, "count IGMP and MLD").prefix(),
    word("mcast_igmp_version", Kind::U8, "2 or 3").prefix(),
    word("mcast_mld_version", Kind::U8, "1 or 2").prefix(),
    word("nf_call_iptables", SWITCH, "bridged IPv4 goes through iptables").prefix(),
    word("nf_call_ip6tables", SWITCH, "bridged IPv6 goes through ip6tables").prefix(),
    word("nf_call_arptables", SWITCH, "bridged ARP goes through arptables").prefix(),
];

pub(super) fn read(words: &Words) -> Result<Buffer, Failure> {
    let protocol = words.number::<u16>("vlan_protocol").map(VlanProtocol::from);
    let mut options = BridgeOptions::default();
    for (name, option) in [
        ("no_linklocal_learn", BridgeOption::NO_LL_LEARN),
        ("mcast_vlan_snooping", BridgeOption::MCAST_VLAN_SNOOPING),
        ("mst_enabled", BridgeOption::MST_ENABLE),
    ] {
        if let Some(on) = switch(words, name) {
            options = options.and(option, on);
        }
    }
    let mut w = Bridge::new()
        .some(words.number("forward_delay"), BridgeWriter::forward_delay)
        .some(words.number("hello_time"), BridgeWriter::hello_time)
        .some(words.number("max_age"), BridgeWriter::max_age)
        .some(words.number("ageing_time"), BridgeWriter::ageing_time)
        .some(words.number::<u32>("stp_state").map(BridgeStp::from), BridgeWriter::stp_state)
        .some(words.number::<u32>("stp_mode").map(BridgeStpMode::from), BridgeWriter::stp_mode)
        .some(words.number("priority"), BridgeWriter::priority)
        .some(switch(words, "vlan_filtering"), BridgeWriter::vlan_filtering)
        .some(protocol, BridgeWriter::vlan_protocol)
        .some(words.number("group_fwd_mask"), BridgeWriter::group_fwd_mask)
        .some(mac(words, "group_address")?, BridgeWriter::group_addr)
        .some(words.number("fdb_max_learned"), BridgeWriter::fdb_max_learned)
        .some(words.number("vlan_default_pvid"), BridgeWriter::vlan_default_pvid)
        .some(switch(words, "vlan_stats_enabled"), BridgeWriter::vlan_stats_enabled)
        .some(switch(words, "vlan_stats_per_port"), BridgeWriter::vlan_stats_per_port)
        .some(words.number::<u8>("mcast_router").map(MulticastRouter::from), BridgeWriter::mcast_router)
        .some(switch(words, "mcast_snooping"), BridgeWriter::mcast_snooping)
        .some(switch(words, "mcast_query_use_ifaddr"), BridgeWriter::mcast_query_use_ifaddr)
        .some(switch(words, "mcast_querier"), BridgeWriter::mcast_querier)
        .some(words.number("mcast_hash_elasticity"), BridgeWriter::mcast_hash_elasticity)
        .some(words.number("mcast_hash_max"), BridgeWriter::mcast_hash_max)
        .some(words.number("mcast_last_member_count"), BridgeWriter::mcast_last_member_cnt)
        .some(words.number("mcast_startup_query_count"), BridgeWriter::mcast_startup_query_cnt)
        .some(words.number("mcast_last_member_interval"), BridgeWriter::mcast_last_member_intvl)
        .some(words.number("mcast_membership_interval"), BridgeWriter::mcast_membership_intvl)
        .some(words.number("mcast_querier_interval"), BridgeWriter::mcast_querier_intvl)
        .some(words.number("mcast_query_interval"), BridgeWriter::mcast_query_intvl)
        .some(words.number("mcast_query_response_interval"), BridgeWriter::mcast_query_response_intvl)
        .some(words.number("mcast_startup_query_interval"), BridgeWriter::mcast_startup_query_intvl)
        .some(switch(words, "mcast_stats_enabled"), BridgeWriter::mcast_stats_enabled)
        .some(words.number("mcast_igmp_version"), BridgeWriter::mcast_igmp_version)
        .some(words.number("mcast_mld_version"), BridgeWriter::mcast_mld_version)
        .some(switch(words, "nf_call_iptables"), BridgeWriter::nf_call_iptables)
        .some(switch(words, "nf_call_ip6tables"), BridgeWriter::nf_call_ip6tables)
        .some(switch(words, "nf_call_arptables"), BridgeWriter::nf_call_arptables)
        .some(Some(options).filter(|options| options.mask != 0), BridgeWriter::multi_boolopt);
    if words.has("fdb_flush") {
        w = w.fdb_flush();
    }
    Ok(w.into_buffer())
}

pub(super) fn describe(r: &mut Record, b: &Bridge, options: &Options) {
    number(r, "forward_delay", "forward_delay", b.forward_delay());
    number(r, "hello_time", "hello_time", b.hello_time());
    number(r, "max_age", "max_age", b.max_age());
    number(r, "ageing_time", "ageing_time", b.ageing_time());
    number(r, "stp_state", "stp_state", b.stp_state().map(u32::from));
    if let Some(mode) = b.stp_mode().map(u32::from) {
        r.string("stp_mode", name_of(mode.into(), STP_MODES).unwrap_or("UNKNOWN")).label("stp_mode");
    }
    number(r, "priority", "priority", b.priority());
    bit(r, "vlan_filtering", b.vlan_filtering());
    vlan_protocol(r, "vlan_protocol", b.vlan_protocol().map(u16::from), options);
    bridge_id(r, "bridge_id", "bridge_id", b.bridge_id());
    bridge_id(r, "root_id", "designated_root", b.root_id());
    number(r, "root_port", "root_port", b.root_port());
    number(r, "root_path_cost", "root_path_cost", b.root_path_cost());
    bit(r, "topology_change", b.topology_change());
    bit(r, "topology_change_detected", b.topology_change_detected());
    timer(r, "hello_timer", b.hello_timer());
    timer(r, "tcn_timer", b.tcn_timer());
    timer(r, "topology_change_timer", b.topology_change_timer());
    timer(r, "gc_timer", b.gc_timer());
    number(r, "fdb_n_learned", "fdb_n_learned", b.fdb_n_learned());
    number(r, "fdb_max_learned", "fdb_max_learned", b.fdb_max_learned());
    number(r, "vlan_default_pvid", "vlan_default_pvid", b.vlan_default_pvid());
    bit(r, "vlan_stats_enabled", b.vlan_stats_enabled());
    bit(r, "vlan_stats_per_port", b.vlan_stats_per_port());
    hex(r, "group_fwd_mask", "group_fwd_mask", b.group_fwd_mask());
    address(r, "group_addr", "group_address", b.group_addr());
    multicast(r, b);
    bit(r, "nf_call_iptables", b.nf_call_iptables());
    bit(r, "nf_call_ip6tables", b.nf_call_ip6tables());
    bit(r, "nf_call_arptables", b.nf_call_arptables());
}

fn multicast(r: &mut Record, b: &Bridge) {
    bit(r, "mcast_snooping", b.mcast_snooping());
    let option = |option| b.multi_boolopt().and_then(|options| options.get(option));
    bit(r, "no_linklocal_learn", option(BridgeOption::NO_LL_LEARN));
    bit(r, "mcast_vlan_snooping", option(BridgeOption::MCAST_VLAN_SNOOPING));
    bit(r, "mst_enabled", option(BridgeOption::MST_ENABLE));
    bit(r, "mdb_offload_fail_notification", option(BridgeOption::MDB_OFFLOAD_FAIL_NOTIFICATION));
    bit(r, "fdb_local_vlan_0", option(BridgeOption::FDB_LOCAL_VLAN_0));
    number(r, "mcast_router", "mcast_router", b.mcast_router().map(u8::from));
    bit(r, "mcast_query_use_ifaddr", b.mcast_query_use_ifaddr());
    bit(r, "mcast_querier", b.mcast_querier());
    if let Some(querier) = b.mcast_querier_state() {
        queriers(r, querier);
    }
    number(r, "mcast_hash_elasticity", "mcast_hash_elasticity", b.mcast_hash_elasticity());
    number(r, "mcast_hash_max", "mcast_hash_max", b.mcast_hash_max());
    number(r, "mcast_last_member_cnt", "mcast_last_member_count", b.mcast_last_member_cnt());
    number(r, "mcast_startup_query_cnt", "mcast_startup_query_count", b.mcast_startup_query_cnt());
    number(r, "mcast_last_member_intvl", "mcast_last_member_interval", b.mcast_last_member_intvl());
    number(r, "mcast_membership_intvl", "mcast_membership_interval", b.mcast_membership_intvl());
    number(r, "mcast_querier_intvl", "mcast_querier_interval", b.mcast_querier_intvl());
    number(r, "mcast_query_intvl", "mcast_query_interval", b.mcast_query_intvl());
    number(r, "mcast_query_response_intvl", "mcast_query_response_interval", b.mcast_query_response_intvl());
    number(r, "mcast_startup_query_intvl", "mcast_startup_query_interval", b.mcast_startup_query_intvl());
    bit(r, "mcast_stats_enabled", b.mcast_stats_enabled());
    number(r, "mcast_igmp_version", "mcast_igmp_version", b.mcast_igmp_version());
    number(r, "mcast_mld_version", "mcast_mld_version", b.mcast_mld_version());
}

fn queriers(r: &mut Record, querier: &BridgeQuerier) {
    if let Some(address) = querier.ip_address() {
        r.object("mcast_querier_state_ipv4", |r| {
            r.string("mcast_querier_ipv4_addr", address.to_string()).label("mcast_querier_ipv4_addr");
            number(r, "mcast_querier_ipv4_port", "mcast_querier_ipv4_port", querier.ip_port());
            rest(r, "mcast_querier_ipv4_other_timer", querier.ip_other_timer());
        });
    }
    if let Some(address) = querier.ipv6_address() {
        r.object("mcast_querier_state_ipv6", |r| {
            r.string("mcast_querier_ipv6_addr", address.to_string()).label("mcast_querier_ipv6_addr");
            number(r, "mcast_querier_ipv6_port", "mcast_querier_ipv6_port", querier.ipv6_port());
            rest(r, "mcast_querier_ipv6_other_timer", querier.ipv6_other_timer());
        });
    }
}

fn rest(r: &mut Record, key: &'static str, timer: Option<u64>) {
    if let Some(timer) = timer {
        r.string(key, nanoseconds(timer)).label(key);
    }
}

/// A time with its unit and three digits. The timer's unit is 1/100 s, but iproute2 takes it for nanoseconds.
fn nanoseconds(time: u64) -> String {
    let (unit, name) = match time {
        0..1_000 => return format!("{time}ns"),
        1_000..1_000_000 => (1_000u64, "us"),
        1_000_000..1_000_000_000 => (1_000_000, "ms"),
        _ => (1_000_000_000, "s"),
    };
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    let value = time as f64 / unit as f64;
    let decimals = 3usize.saturating_sub((time / unit).to_string().len());
    let text = format!("{value:.decimals$}");
    let text = if decimals > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text}{name}")
}

/// A bridge in STP: priority in hexadecimal, a dot, address.
pub(super) fn bridge_id(r: &mut Record, key: &'static str, label: &'static str, id: Option<BridgeId>) {
    if let Some(id) = id {
        // As C's ether_ntoa has it, bytes have no leading zero.
        let address: Vec<_> = id.address.iter().map(|byte| format!("{byte:x}")).collect();
        r.string(key, format!("{:04x}.{}", id.priority.get(), address.join(":"))).label(label);
    }
}
