//! Requests for kinds of links beside what iproute2 sends for the same command.
#![cfg(target_endian = "little")]

#[path = "support/beside.rs"]
mod beside;

use beside::{V0, V1, expect, number};

use netloom_route::kind::{
    Bond, BondAdSelect, BondArpAllTargets, BondArpValidate, BondFailOverMac, BondLacpRate, BondMode, BondPort,
    BondPrimaryReselect, BondWriter, BondXmitHashPolicy, Bridge, BridgeOption, BridgeOptions, BridgePort, BridgeStp,
    Ipvlan, IpvlanFlags, IpvlanMode, Macvlan, MacvlanAddressMode, MacvlanFlags, MacvlanMode, MacvlanWriter,
    MulticastRouter, Netkit, NetkitMode, NetkitPolicy, NetkitScrub, StpState, TtlInherit, Vlan, VlanFlag, VlanFlags,
    VlanProtocol, VlanQosMapping, VlanWriter, Vrf, Vxlan, VxlanDf, VxlanPortRange, VxlanReservedBits, VxlanWriter,
};
use netloom_route::link::{Add, LinkFlags, LinkHeader, LinkWriter, Set};
use netloom_wire::{HardwareAddress, Message};
use std::net::{Ipv4Addr, Ipv6Addr};

fn mac(last: u8) -> HardwareAddress {
    HardwareAddress::from([2, 0, 0, 0, 0, last])
}

#[test]
fn bonds() {
    let bond = Bond::new(BondMode::Lacp)
        .ad_lacp_rate(BondLacpRate::Fast)
        .ad_lacp_active(true)
        .ad_select(BondAdSelect::Bandwidth)
        .ad_user_port_key(10)
        .ad_actor_sys_prio(20)
        .ad_actor_system(mac(10))
        .min_links(2)
        .xmit_hash_policy(BondXmitHashPolicy::Layer34)
        .tlb_dynamic_lb(false)
        .all_slaves_active(true)
        .resend_igmp(3)
        .packets_per_slave(7)
        .lp_interval(9);
    expect("link/add-bond-8023ad", &Add::new("bond3").kind(bond));
    let targets = [1, 2].map(|last| Ipv4Addr::new(10, 0, 0, last));
    let bond = Bond::new(BondMode::BalanceXor)
        .arp_interval(500)
        .arp_validate(BondArpValidate::All)
        .arp_all_targets(BondArpAllTargets::Any)
        .arp_ip_target(|l| targets.into_iter().fold(l.at(0), |l, target| l.value(target)))
        .missed_max(3)
        .xmit_hash_policy(BondXmitHashPolicy::VlanSrcmac);
    expect("link/add-bond-arp", &Add::new("bond2").kind(bond));
    let targets = [1, 2].map(|last| Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, last));
    let bond = Bond::new(BondMode::ActiveBackup)
        .arp_interval(500)
        .ns_ip6_target(|l| targets.into_iter().fold(l.at(0), |l, target| l.value(target)));
    expect("link/add-bond-arp-ip6", &Add::new("bond4").kind(bond));
}

#[test]
fn bridges() {
    let bridge = Bridge::new()
        .forward_delay(400)
        .hello_time(300)
        .max_age(1000)
        .ageing_time(20000)
        .stp_state(BridgeStp::Off)
        .priority(4096)
        .group_fwd_mask(8)
        .group_addr(HardwareAddress::from([1, 0x80, 0xc2, 0, 0, 4]))
        .vlan_filtering(true)
        .vlan_protocol(VlanProtocol::Dot1Ad)
        .vlan_default_pvid(7)
        .vlan_stats_enabled(true)
        .vlan_stats_per_port(true)
        .mcast_snooping(true)
        .mcast_router(MulticastRouter::Permanent)
        .mcast_query_use_ifaddr(true)
        .mcast_querier(true)
        .mcast_hash_elasticity(8)
        .mcast_hash_max(1024)
        .mcast_last_member_cnt(3)
        .mcast_startup_query_cnt(4)
        .mcast_last_member_intvl(100)
        .mcast_membership_intvl(26000)
        .mcast_querier_intvl(25500)
        .mcast_query_intvl(12500)
        .mcast_query_response_intvl(1000)
        .mcast_startup_query_intvl(3125)
        .mcast_stats_enabled(true)
        .mcast_igmp_version(3)
        .mcast_mld_version(2)
        .nf_call_iptables(true)
        .nf_call_ip6tables(true)
        .nf_call_arptables(true)
        .multi_boolopt(
            BridgeOptions::set(BridgeOption::NO_LL_LEARN, true).and(BridgeOption::MCAST_VLAN_SNOOPING, false),
        );
    expect("link/add-bridge-all", &Add::new("br2").kind(bridge));
}

#[test]
fn vxlans() {
    let vxlan = Vxlan::new(44)
        .link(4)
        .group(Ipv4Addr::new(239, 1, 1, 1).into())
        .ttl(0)
        .tos(1)
        .df(VxlanDf::Set)
        .ageing(600)
        .limit(1000)
        .port(4791)
        .port_range(VxlanPortRange { low: 40000.into(), high: 50000.into() })
        .learning(true)
        .proxy(true)
        .rsc(true)
        .l2miss(true)
        .l3miss(true)
        .udp_csum(false)
        .udp_zero_csum6_tx(true)
        .udp_zero_csum6_rx(true)
        .remcsum_tx(true)
        .remcsum_rx(true)
        .ttl_inherit(TtlInherit(false)) // a flag: off is not written
        .gbp();
    expect("link/add-vxlan-all", &Add::new("vx2").kind(vxlan));
    let vxlan = Vxlan::new(43)
        .link(4)
        .group(Ipv6Addr::new(0xff05, 0, 0, 0, 0, 0, 0, 0x100).into())
        .local(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into())
        .port(4790)
        .ttl(5)
        .tos(16)
        .label(0x12345)
        .learning(true);
    expect("link/add-vxlan-group6", &Add::new("vx1").kind(vxlan));
}

#[test]
fn links_over_links() {
    let macvlan = Macvlan::new(MacvlanMode::Source)
        .macaddr_mode(MacvlanAddressMode::Set)
        .macaddr_data(|a| a.macaddr(mac(2)).macaddr(mac(3)));
    expect("link/add-macvlan-source", &Add::new("mv1").link(4).kind(macvlan));
    expect("link/add-macvtap", &Add::new("mt0").link(4).kind(Macvlan::new(MacvlanMode::Vepa).tap()));
    let ipvlan = Ipvlan::new().mode(IpvlanMode::L3).flags(IpvlanFlags::VEPA);
    expect("link/add-ipvtap", &Add::new("it0").link(4).kind(ipvlan.tap()));
    let pair = |from, to| VlanQosMapping { from, to };
    let flags = VlanFlag::GVRP | VlanFlag::MVRP | VlanFlag::LOOSE_BINDING | VlanFlag::BRIDGE_BINDING;
    let vlan = Vlan::new(6)
        .protocol(VlanProtocol::Dot1Ad)
        .flags(VlanFlags::set(flags, true).and(VlanFlag::REORDER_HDR, false))
        .ingress_qos(|q| q.mapping(pair(1, 2)).mapping(pair(3, 4)).mapping(pair(5, 6)))
        .egress_qos(|q| q.mapping(pair(7, 1)).mapping(pair(8, 2)));
    expect("link/add-vlan-qos", &Add::new("v0.6").link(4).kind(vlan));
    expect("link/add-vrf", &Add::new("vrf0").kind(Vrf::new(100)));
    let netkit = Netkit::new(NetkitMode::L2)
        .policy(NetkitPolicy::Forward)
        .scrub(NetkitScrub::None)
        .peer_policy(NetkitPolicy::Blackhole)
        .peer_scrub(NetkitScrub::Default)
        .peer(|w| w.ifname("nk3").mtu(1400));
    expect("link/add-netkit-scrub", &Add::new("nk2").kind(netkit));
}

#[test]
fn a_peer_has_a_header_of_its_own() {
    let up = LinkFlags::UP.bits();
    let peer = netloom_route::link::Link::build(
        LinkHeader { flags: up, change: up, ..LinkHeader::default() },
        |w: LinkWriter| w.ifname("v5").mtu(8000).address(mac(5)).txqlen(10).num_rx_queues(2),
    )
    .expect("it fits");
    let veth = netloom_route::kind::Veth::new().peer_info(&peer);
    expect("link/add-veth-peer-attributes", &Add::new("v4").mtu(9000).kind(veth));
}

#[test]
fn ports() {
    let port = BridgePort::new()
        .state(StpState::Forwarding)
        .priority(20)
        .cost(100)
        .guard(true)
        .mode(true)
        .fast_leave(true)
        .protect(true)
        .learning(false)
        .unicast_flood(false)
        .proxyarp(true)
        .proxyarp_wifi(true)
        .multicast_router(MulticastRouter::TempQuery)
        .fast_leave(true) // iproute2 has two words for it, and writes it twice
        .mcast_flood(false)
        .bcast_flood(false)
        .mcast_to_ucast(true)
        .group_fwd_mask(8)
        .neigh_suppress(true)
        .neigh_vlan_suppress(true)
        .vlan_tunnel(true)
        .isolated(true)
        .locked(true)
        .mab(true)
        .backup_port(3);
    expect("link/set-bridge-port", &Set::new(4).port(port));
    expect("link/set-bond-slave", &Set::new(4).port(BondPort::new().queue_id(3).prio(10)));
}

#[test]
fn changes_of_what_is_there() {
    let set = |title: &str, kind: &dyn Fn(u32) -> Set| expect(title, &kind(number(title, 16, "index: ")));
    set("link/set-bond-active-slave", &|index| Set::new(index).kind(BondWriter::default().active_slave(V1)));
    set("link/set-bridge-fdb-flush", &|index| Set::new(index).kind(Bridge::new().fdb_flush()));
    set("link/set-bridge-port-flush", &|index| Set::new(index).port(BridgePort::new().flush()));
    set("link/set-bridge-port-nhid", &|index| Set::new(index).port(BridgePort::new().backup_nhid(5)));
    set("link/set-bridge-port-nobackup", &|index| Set::new(index).port(BridgePort::new().backup_port(0)));
    set("link/set-macvlan-macaddr", &|index| {
        Set::new(index).kind(MacvlanWriter::default().macaddr_mode(MacvlanAddressMode::Add).macaddr(mac(4)))
    });
    set("link/set-macvlan-macaddr-flush", &|index| {
        Set::new(index).kind(MacvlanWriter::default().macaddr_mode(MacvlanAddressMode::Flush))
    });
    set("link/set-macvlan-mode", &|index| Set::new(index).kind(Macvlan::new(MacvlanMode::Private)));
    let pair = |from, to| VlanQosMapping { from, to };
    set("link/set-vlan-qos", &|index| {
        let maps = VlanWriter::default().ingress_qos(|q| q.mapping(pair(0, 3))).egress_qos(|q| q.mapping(pair(3, 0)));
        Set::new(index).kind(maps)
    });
}

#[test]
fn kinds_with_little_said() {
    let bond = Bond::new(BondMode::ActiveBackup)
        .primary(V0)
        .miimon(100)
        .updelay(200)
        .downdelay(300)
        .peer_notif_delay(400)
        .use_carrier(true)
        .primary_reselect(BondPrimaryReselect::Better)
        .fail_over_mac(BondFailOverMac::Follow)
        .num_peer_notif(5);
    expect("link/add-bond-active-backup", &Add::new("bond1").kind(bond));
    expect("link/add-bond", &Add::new("bond0").kind("bond"));
    expect("link/add-bond-coupled", &Add::new("bond5").kind(Bond::new(BondMode::Lacp).coupled_control(false)));
    expect("link/add-bridge-fdb-max", &Add::new("br3").kind(Bridge::new().fdb_max_learned(5)));
    let tree = Bridge::new().forward_delay(400).hello_time(300).max_age(1000).ageing_time(20_000);
    expect("link/add-bridge-stp", &Add::new("br1").kind(tree.stp_state(BridgeStp::Kernel).priority(4096)));
    let ipvlan = Ipvlan::new().mode(IpvlanMode::L3s).flags(IpvlanFlags::PRIVATE);
    expect("link/add-ipvlan", &Add::new("iv0").link(V0).kind(ipvlan));
    let ipvlan = Ipvlan::new().mode(IpvlanMode::L2).flags(IpvlanFlags::empty());
    expect("link/add-ipvlan-bridge", &Add::new("iv1").link(V0).kind(ipvlan));
    expect("link/add-macvlan", &Add::new("mv0").link(V0).kind(Macvlan::new(MacvlanMode::Bridge)));
    let queued = Macvlan::new(MacvlanMode::Private).bc_queue_len(500).bc_cutoff(10);
    expect("link/add-macvlan-bcqueue", &Add::new("mv2").link(V0).kind(queued));
    let passed = Macvlan::new(MacvlanMode::Passthru).flags(MacvlanFlags::NOPROMISC);
    expect("link/add-macvlan-passthru", &Add::new("mv3").link(V1).kind(passed));
    let netkit = Netkit::new(NetkitMode::L3).policy(NetkitPolicy::Blackhole).peer_policy(NetkitPolicy::Forward);
    expect("link/add-netkit", &Add::new("nk0").kind(netkit.peer(|w| w.ifname("nk1"))));
    expect("link/add-tun", &Add::new("tun0").kind("tun"));
    let peer = netloom_route::link::Link::build(LinkHeader::default(), |w: LinkWriter| w.ifname("v7").net_ns_fd(4));
    let veth = netloom_route::kind::Veth::new().peer_info(&peer.expect("it fits"));
    expect("link/add-veth-peer-netns", &Add::new("v6").kind(veth));
    expect("link/add-vrf-table-big", &Add::new("vrf1").kind(Vrf::new(70_000)));
    let external = |port| VxlanWriter::default().learning(false).port(port).collect_metadata(true);
    expect("link/add-vxlan-external", &Add::new("vx3").kind(external(4792).vnifilter(true)));
    expect("link/add-vxlan-gpe", &Add::new("vx4").kind(external(4793).gpe()));
    let direct = Vxlan::new(45).port(4794).learning(true).localbypass(false);
    expect("link/add-vxlan-localbypass", &Add::new("vx5").kind(direct));
    let reserved = VxlanReservedBits { flags: 0.into(), vni: 0xff00.into() };
    let strange = Vxlan::new(46).port(4795).learning(true).reserved_bits(reserved);
    expect("link/add-vxlan-reserved", &Add::new("vx6").kind(strange));
}
