//! Requests for kinds of links, built by hand, against the bytes that iproute2 sent for the command that stands with each.

use netloom_route::kind::{
    Bond, BondAdSelect, BondArpAllTargets, BondArpValidate, BondLacpRate, BondMode, BondPort, BondXmitHashPolicy,
    Bridge, BridgeOption, BridgeOptions, BridgePort, BridgeStp, Ipvlan, IpvlanFlags, IpvlanMode, Macvlan,
    MacvlanAddressMode, MacvlanMode, MulticastRouter, Netkit, NetkitMode, NetkitPolicy, NetkitScrub, StpState,
    TtlInherit, Vlan, VlanFlag, VlanFlags, VlanProtocol, VlanQosMapping, Vrf, Vxlan, VxlanDf, VxlanPortRange,
};
use netloom_route::link::{Add, LinkFlags, LinkHeader, LinkWriter, Set};
use netloom_testkit::{Golden, canonical};
use netloom_wire::{Buffer, HardwareAddress, Message, Request, nlmsg};
use std::net::{Ipv4Addr, Ipv6Addr};

/// Asserts that a request means what iproute2's bytes mean.
#[track_caller]
fn same<R: Request>(request: &R, golden: &str) {
    let all = Golden::of("link");
    let golden = all.iter().find(|case| case.name == golden).unwrap_or_else(|| panic!("no golden bytes of {golden}"));
    let mut body = Buffer::new();
    request.write(&mut body);
    let body = body.finish().expect("it fits");
    let length = u32::try_from(nlmsg::HEADER + body.len()).expect("it fits");
    let flags = request.flags() | 0x5; // NLM_F_REQUEST and NLM_F_ACK, which the exchange adds
    let mut message = length.to_ne_bytes().to_vec();
    message.extend(R::COMMAND.to_ne_bytes());
    message.extend(flags.to_ne_bytes());
    message.extend([0; 8]);
    message.extend(body);
    let types = netloom_route::message_types();
    let theirs = golden.messages.first().expect("a message");
    assert_eq!(canonical(&message, types), canonical(theirs, types), "{}", golden.command);
}

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
    same(&Add::new("bond3").kind(bond), "add-bond-8023ad");
    let targets = [1, 2].map(|last| Ipv4Addr::new(10, 0, 0, last));
    let bond = Bond::new(BondMode::BalanceXor)
        .arp_interval(500)
        .arp_validate(BondArpValidate::All)
        .arp_all_targets(BondArpAllTargets::Any)
        .arp_ip_target(|l| targets.into_iter().fold(l.at(0), |l, target| l.value(target)))
        .missed_max(3)
        .xmit_hash_policy(BondXmitHashPolicy::VlanSrcmac);
    same(&Add::new("bond2").kind(bond), "add-bond-arp");
    let targets = [1, 2].map(|last| Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, last));
    let bond = Bond::new(BondMode::ActiveBackup)
        .arp_interval(500)
        .ns_ip6_target(|l| targets.into_iter().fold(l.at(0), |l, target| l.value(target)));
    same(&Add::new("bond4").kind(bond), "add-bond-arp-ip6");
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
    same(&Add::new("br2").kind(bridge), "add-bridge-all");
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
    same(&Add::new("vx2").kind(vxlan), "add-vxlan-all");
    let vxlan = Vxlan::new(43)
        .link(4)
        .group(Ipv6Addr::new(0xff05, 0, 0, 0, 0, 0, 0, 0x100).into())
        .local(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into())
        .port(4790)
        .ttl(5)
        .tos(16)
        .label(0x12345)
        .learning(true);
    same(&Add::new("vx1").kind(vxlan), "add-vxlan-group6");
}

#[test]
fn links_over_links() {
    let macvlan = Macvlan::new(MacvlanMode::Source)
        .macaddr_mode(MacvlanAddressMode::Set)
        .macaddr_data(|a| a.macaddr(mac(2)).macaddr(mac(3)));
    same(&Add::new("mv1").link(4).kind(macvlan), "add-macvlan-source");
    same(&Add::new("mt0").link(4).kind(Macvlan::new(MacvlanMode::Vepa).tap()), "add-macvtap");
    let ipvlan = Ipvlan::new().mode(IpvlanMode::L3).flags(IpvlanFlags::VEPA);
    same(&Add::new("it0").link(4).kind(ipvlan.tap()), "add-ipvtap");
    let pair = |from, to| VlanQosMapping { from, to };
    let flags = VlanFlag::GVRP | VlanFlag::MVRP | VlanFlag::LOOSE_BINDING | VlanFlag::BRIDGE_BINDING;
    let vlan = Vlan::new(6)
        .protocol(VlanProtocol::Dot1Ad)
        .flags(VlanFlags::set(flags, true).and(VlanFlag::REORDER_HDR, false))
        .ingress_qos(|q| q.mapping(pair(1, 2)).mapping(pair(3, 4)).mapping(pair(5, 6)))
        .egress_qos(|q| q.mapping(pair(7, 1)).mapping(pair(8, 2)));
    same(&Add::new("v0.6").link(4).kind(vlan), "add-vlan-qos");
    same(&Add::new("vrf0").kind(Vrf::new(100)), "add-vrf");
    let netkit = Netkit::new(NetkitMode::L2)
        .policy(NetkitPolicy::Forward)
        .scrub(NetkitScrub::None)
        .peer_policy(NetkitPolicy::Blackhole)
        .peer_scrub(NetkitScrub::Default)
        .peer(|w| w.ifname("nk3").mtu(1400));
    same(&Add::new("nk2").kind(netkit), "add-netkit-scrub");
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
    same(&Add::new("v4").mtu(9000).kind(veth), "add-veth-peer-attributes");
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
    same(&Set::new(4).port(port), "set-bridge-port");
    same(&Set::new(4).port(BondPort::new().queue_id(3).prio(10)), "set-bond-slave");
}
