//! Requests for links beside what iproute2 sends for the same command.
#![cfg(target_endian = "little")]

#[path = "support/beside.rs"]
mod beside;

use std::net::{IpAddr, Ipv6Addr};

use beside::{V0, expect, expect_but, expect_written, number};
use netloom_route::{
    kind::{Bridge, Vlan, VlanProtocol, Vxlan},
    link::{
        Add, AddNames, AddressGeneration, AfSpec, BridgeVlanFlags, BridgeVlanInfo, Delete, DeleteNames, ExtMask,
        FamilySpecsWriter, Get, Link, LinkFlags, LinkHeader, LinkMode, List, OperState, Set, Vf, VfLinkStatePolicy,
        VfVlan, XdpFlags,
    },
};
use netloom_wire::{Buffer, Message, Request, View, Writer};

/// The index that a golden case names.
fn at<R: Request>(title: &str, request: impl FnOnce(u32) -> R) {
    let index = number(title, R::COMMAND, "index: ");
    expect(title, &request(index));
}

const fn mac(last: u8) -> [u8; 6] {
    [2, 0, 0, 0, 0, last]
}

#[test]
fn links_are_made_as_by_iproute2() {
    at("link/add-dummy", |_| Add::new("d0").kind("dummy"));
    at("link/add-dummy-queues", |_| {
        let plain = Add::new("d1").kind("dummy").index(77).up().mtu(1400).txqlen(500);
        let named = plain.address(mac(1)).broadcast([0xff; 6]).num_tx_queues(4).num_rx_queues(2);
        named.attributes(|w| {
            w.gso_max_size(32768)
                .gso_max_segs(100)
                .gro_max_size(32768)
                .gso_ipv4_max_size(32768)
                .gro_ipv4_max_size(32768)
        })
    });
    at("link/add-veth", |_| Add::new("v2").veth("v3"));
    at("link/add-bridge", |_| Add::new("br0").kind(Bridge::new()));
    at("link/add-ifb", |_| Add::new("ifb7").kind("ifb"));
    at("link/add-group-name", |_| Add::new("g0").group(7).alias("alias-of-g0").veth("g1"));
    at("link/add-vxlan", |_| {
        let (local, remote): (IpAddr, IpAddr) = ([10, 0, 0, 1].into(), [10, 0, 0, 2].into());
        Add::new("vx0").kind(Vxlan::new(42).link(4).local(local).group(remote).port(4789).learning(true))
    });
    let below = number("link/add-vlan", 16, "IFLA_LINK ");
    at("link/add-vlan", |_| Add::new("v0.5").link(below).kind(Vlan::new(5)));
}

#[test]
fn links_are_changed_as_by_iproute2() {
    at("link/set-up", |index| Set::new(index).up());
    at("link/set-down", |index| Set::new(index).down());
    at("link/set-mtu-name-address", |index| {
        Set::new(index).mtu(1400).address(mac(0x77)).txqlen(5).attributes(|w| w.ifname("v1b"))
    });
    at("link/set-flags", |index| {
        let on =
            [LinkFlags::NO_ARP, LinkFlags::ALL_MULTI, LinkFlags::PROMISC, LinkFlags::DYNAMIC, LinkFlags::NO_TRAILERS];
        on.into_iter().fold(Set::new(index).flag(LinkFlags::MULTICAST, false), |set, flag| set.flag(flag, true))
    });
    let master = number("link/set-master", 16, "IFLA_MASTER ");
    at("link/set-master", |index| Set::new(index).master(master));
    at("link/set-nomaster", |index| Set::new(index).no_master());
    at("link/set-alias", |index| Set::new(index).alias("the uplink"));
    at("link/set-carrier", |index| Set::new(index).carrier(false));
    at("link/set-state-mode", |index| Set::new(index).mode(LinkMode::Dormant).operstate(OperState::Dormant));
    at("link/set-addrgenmode", |index| Set::new(index).address_generation(AddressGeneration::None));
    at("link/set-gso", |index| Set::new(index).attributes(|w| w.gso_max_size(1000).gso_max_segs(3)));
    at("link/set-group", |index| Set::new(index).group(9));
    at("link/set-group-all", |_| Set::of_group(7).mtu(1300));
    at("link/set-xdp-off", |index| Set::new(index).xdp(-1, XdpFlags::UPDATE_IF_NOEXIST));
    at("link/set-protodown", |index| Set::new(index).proto_down(true).proto_down_reason(3, true));
}

#[test]
fn links_go_as_by_iproute2() {
    at("link/delete", Delete::new);
    at("link/delete-group", |_| Delete::of_group(7));
}

#[test]
fn links_are_asked_for_as_by_iproute2() {
    let mask = ExtMask::VF | ExtMask::SKIP_STATS;
    expect("link/get-name", &Get::new("v0").parts(mask));
    expect("link/get-altname", &Get::new("a-rather-long-alternative-name").parts(mask));
    // AF_PACKET, by which iproute2 asks, means no more than AF_UNSPEC.
    let all = List::all().without_stats().family(17);
    expect("link/dump", &all);
    expect("link/dump-up", &all.clone().up());
    expect("link/dump-group", &all.clone().group(7));
    expect("link/dump-kind", &all.clone().kind("veth"));
    expect("link/dump-master", &all.master(number("link/dump-master", 18, "IFLA_MASTER ")));
    expect("link/dump-details-statistics", &List::all().family(17));
    // This crate never asks without a mask, without which the kernel leaves out links with much to say.
    let bridge = "family: 7, hardware: 0, index: 0, flags: 0, change: 0 }\n";
    let masked = format!("{bridge}  IFLA_EXT_MASK MRP\n");
    expect_but("link/dump-bridge", &List::bridge_ports().parts(ExtMask::empty()), &[(bridge, &masked)]);
}

#[test]
fn links_of_simple_kinds() {
    at("link/add-nlmon", |_| Add::new("nlmon0").kind("nlmon"));
    at("link/add-wireguard", |_| Add::new("wg0").kind("wireguard"));
    let parent = |w: Writer<Link>| w.parent_dev_name("0000:01:00.0");
    at("link/add-parent-dev", |_| Add::new("pd0").link(V0).kind("macvlan").attributes(parent));
    at("link/altname-add", |index| AddNames::new(index, ["a-rather-long-alternative-name", "second"]));
    at("link/altname-del", |index| DeleteNames::new(index, ["second"]));
    // The descriptor that iproute2 had happened to be 4.
    at("link/set-netns-name", |index| Set::new(index).attributes(|w| w.net_ns_fd(4).ifname("moved")));
    at("link/set-by-altname", |index| Set::new(index).up());
    at("link/set-link-netnsid", |index| Set::new(index).attributes(|w| w.link_netnsid(3)));
    at("link/set-netns-pid", |index| Set::new(index).attributes(|w| w.ifname("golden-moved")).namespace(4));
    at("link/set-xdpgeneric-off", |index| Set::new(index).xdp(-1, XdpFlags::UPDATE_IF_NOEXIST | XdpFlags::SKB_MODE));
    let vrf = number("link/set-vrf-slave", 16, "IFLA_MASTER ");
    at("link/set-vrf-slave", |index| Set::new(index).master(vrf));
    at("link/delete-kind", |index| Delete::new(index).attributes(|w| w.linkinfo(|i| i.kind("ifb"))));
}

#[test]
fn virtual_functions() {
    at("link/set-vf-guid", |index| {
        let vf = Vf::new(2).node_guid(0x0011_2233_4455_6677).port_guid(0x0011_2233_4455_6688);
        Set::new(index).vf(vf)
    });
    at("link/set-vf-vlans", |index| {
        Set::new(index).vf(Vf::new(1).tags(&[(VlanProtocol::Dot1Ad, 10, 1), (VlanProtocol::Dot1Q, 20, 2)]))
    });
    at("link/set-vf", |index| {
        let vf = Vf::new(1).mac(mac(0x55)).tags(&[(VlanProtocol::Dot1Ad, 100, 3)]).rate(100, 2000);
        Set::new(index).vf(vf.link_state(VfLinkStatePolicy::Enable).spoofchk(true).rss_query(true).trust(true))
    });
}

/// A message has one list of virtual functions and one of address families, however often they are spoken of.
#[test]
fn what_is_said_in_parts_is_one_list() {
    let mut out = Buffer::new();
    let set = Set::new(4).vf(Vf::new(0).vlan(7, 1)).address_generation(AddressGeneration::None);
    let set = set.mtu(1400).vf(Vf::new(1).vlan(8, 2)).proto_down_reason(3, true).proto_down_reason(5, false);
    let token = Ipv6Addr::from(5);
    set.attributes(|w| w.af_spec(|af: FamilySpecsWriter| af.inet6(|six| six.token(token)))).write(&mut out);
    let bytes = out.finish().unwrap();
    let link = Link::view(&bytes).unwrap();
    let numbers: Vec<_> = link.tlvs().map(|tlv| tlv.number()).collect();
    assert_eq!(numbers, [22, 26, 4, 55]);
    let vlans = link.vfinfo_list().unwrap().info().map(|vf| vf.vlan().unwrap());
    assert_eq!(vlans.collect::<Vec<_>>(), [VfVlan { vf: 0, vlan: 7, qos: 1 }, VfVlan { vf: 1, vlan: 8, qos: 2 }]);
    let Some(AfSpec::All(specs)) = link.af_spec(link.family()) else { panic!("{link:?}") };
    // The kernel goes through them, and takes one AF_INET6 after the other.
    let six: Vec<_> = specs.tlvs().map(|tlv| (tlv.number(), tlv.payload.len())).collect();
    assert_eq!(six, [(10, 8), (10, 20)]);
    let reasons = link.proto_down_reason().unwrap();
    assert_eq!((reasons.mask(), reasons.value()), (Some(0b10_1000), Some(0b1000)));
}

/// By the writers of the tables, too: `bridge link` and `bridge vlan` have no requests here.
#[test]
fn what_bridges_are_told_of_their_ports() {
    const SETLINK: u16 = 19;
    const DELLINK: u16 = 17;
    const BRIDGE: u8 = 7;
    let port = |index: u32, build: &dyn Fn(Writer<Link>) -> Writer<Link>| {
        Link::build(LinkHeader { family: BRIDGE, index, ..Default::default() }, build).unwrap()
    };
    type Spec = Writer<netloom_route::link::BridgeSpec>;
    let told = |title: &str, command: u16, build: &dyn Fn(Spec) -> Spec| {
        let index = number(title, command, "index: ");
        expect_written(title, command, &*port(index, &|w| w.af_spec(|spec: Spec| build(spec))));
    };
    let vlan = |flags: BridgeVlanFlags, vid| BridgeVlanInfo { flags: flags.bits(), vid };
    use BridgeVlanFlags as F;
    let untagged = F::PVID | F::UNTAGGED;
    told("link/bridge-vlan-add-pvid", SETLINK, &|s| s.vlan_info(vlan(untagged, 30)));
    told("link/bridge-vlan-add-self", SETLINK, &|s| s.flags(2).vlan_info(vlan(F::empty(), 30)));
    let begin = vlan(F::UNTAGGED | F::RANGE_BEGIN, 10);
    let end = vlan(F::UNTAGGED | F::RANGE_END, 20);
    told("link/bridge-vlan-add", SETLINK, &|s| s.vlan_info(begin).vlan_info(end));
    let (begin, end) = (vlan(F::RANGE_BEGIN, 10), vlan(F::RANGE_END, 20));
    told("link/bridge-vlan-del", DELLINK, &|s| s.vlan_info(begin).vlan_info(end));
    told("link/bridge-vlan-add-tunnel", SETLINK, &|s| s.vlan_tunnel_info(|t| t.id(100).vid(10).flags(F::empty())));
    told("link/bridge-vlan-add-tunnel-range", SETLINK, &|s| {
        let s = s.vlan_tunnel_info(|t| t.id(200).vid(20).flags(F::RANGE_BEGIN));
        s.vlan_tunnel_info(|t| t.id(210).vid(30).flags(F::RANGE_END))
    });
    use netloom_route::kind::{BridgePort, StpState};
    type Port = Writer<BridgePort>;
    let few = port(V0, &|w| {
        let w = w.protocol_info(|p: Port| p.learning(false).unicast_flood(false));
        w.af_spec(|spec: Spec| spec.flags(2))
    });
    expect_written("link/bridge-link-set-self", SETLINK, &*few);
    let many = port(V0, &|w| {
        let w = w.protocol_info(|p: Port| {
            let p = p.guard(true).mode(false).learning_sync(true);
            p.cost(4).priority(5).state(StpState::Forwarding)
        });
        w.af_spec(|spec: Spec| spec.mode(1).flags(2))
    });
    expect_written("link/bridge-link-set", SETLINK, &*many);
}
