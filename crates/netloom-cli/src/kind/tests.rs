//! What no kernel at hand says, beside the text of iproute2 6.15 for the same messages: they were written to a file in
//! the layout of rtmon and shown with `ip -d monitor link file FILE`.

use super::describe;
use crate::devices::Devices;
use crate::options::Options;
use crate::out::{Layout, Listing, Record, Units};
use netloom::kind::{
    Bond, BondMode, BondPort, BondPortState, BondXmitHashPolicy, Bridge, BridgeOptions, BridgePort, Ipvlan,
    IpvlanFlags, IpvlanMode, Macvlan, MacvlanFlags, MacvlanMode, Netkit, NetkitMode, NetkitPolicy, NetkitScrub,
    StpState, TtlInherit, Vlan, VlanFlags, VlanProtocol, VxlanDf, VxlanReservedBits, VxlanWriter,
};
use netloom::link::{Link, LinkHeader, LinkInfoWriter, LinkWriter};
use netloom::wire::{AnyWriter, Message, Write};

fn link(name: &str, index: u32, info: impl FnOnce(LinkInfoWriter) -> LinkInfoWriter) -> Box<Link> {
    let header = LinkHeader { index, ..LinkHeader::default() };
    Link::build(header, |w: LinkWriter| w.ifname(name).linkinfo(info)).expect("it fits")
}

/// What a kind's writer wrote, in its place.
fn written(writer: impl Write) -> impl FnOnce(AnyWriter) -> AnyWriter {
    let buffer = writer.into_buffer();
    move |w| w.append(&buffer)
}

/// The lines that people see, joined by blanks.
fn shown(link: &Link, devices: &Devices) -> String {
    let mut record = Record::new();
    describe(&mut record, link, devices, &Options::default());
    let mut out = Vec::new();
    let mut listing = Listing::new(&mut out, Layout::Text(false), Units::default());
    listing.push(record).and_then(|()| listing.finish()).expect("memory takes all");
    let text = String::from_utf8(out).expect("text");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn netkit_ends_say_what_they_do() {
    let link = link("nk0", 10, |i| {
        i.kind("netkit").data(written(
            Netkit::new(NetkitMode::L3)
                .primary(true)
                .policy(NetkitPolicy::Forward)
                .peer_policy(NetkitPolicy::Blackhole)
                .scrub(NetkitScrub::None)
                .peer_scrub(NetkitScrub::Default),
        ))
    });
    let expected = "netkit mode l3 type primary policy forward peer policy blackhole scrub none peer scrub default";
    assert_eq!(shown(&link, &Devices::default()), expected);
}

/// What is usually on is shown too, which iproute2's text leaves out.
#[test]
fn vxlans_show_what_is_on_and_what_is_off_against_the_usual() {
    let vxlan = |name, index, data: VxlanWriter| link(name, index, |i| i.kind("vxlan").data(written(data)));
    let bits = VxlanReservedBits { flags: 0xff00_0000.into(), vni: 1.into() };
    let usual = VxlanWriter::default()
        .id(42)
        .port(4789)
        .localbypass(true)
        .vnifilter(false)
        .learning(true)
        .collect_metadata(false)
        .reserved_bits(bits)
        .df(VxlanDf::Set)
        .gpe()
        .udp_csum(true);
    let expected = "vxlan id 42 dstport 4789 df set reserved_bits 0xff00000000000001 gpe learning udp_csum localbypass";
    assert_eq!(shown(&vxlan("vx0", 11, usual), &Devices::default()), expected);
    let other = VxlanWriter::default()
        .id(43)
        .localbypass(false)
        .vnifilter(true)
        .ttl(0)
        .ttl_inherit(TtlInherit(true))
        .ageing(0)
        .udp_csum(true);
    let expected = "vxlan id 43 ttl inherit ageing none vnifilter udp_csum nolocalbypass";
    assert_eq!(shown(&vxlan("vx1", 12, other), &Devices::default()), expected);
}

#[test]
fn newer_attributes_of_bridges_and_ports() {
    let port = link("p0", 13, |i| {
        i.kind("veth").port_kind("bridge").port_data(written(
            BridgePort::new()
                .state(StpState::Other(7))
                .neigh_vlan_suppress(true)
                .locked(true)
                .mab(true)
                .backup_port(12)
                .backup_nhid(99)
                .group_fwd_mask(1),
        ))
    });
    let mut devices = Devices::default();
    devices.learn(&link("vx1", 12, |i| i.kind("vxlan")));
    let expected = "veth bridge_slave state (7) neigh_vlan_suppress on group_fwd_mask 0x1 group_fwd_mask_str stp \
                    locked on mab on backup_port vx1 backup_nhid 99";
    assert_eq!(shown(&port, &devices), expected);
    let bridge = link("br0", 14, |i| {
        i.kind("bridge").data(written(
            Bridge::new()
                .fdb_n_learned(5)
                .fdb_max_learned(9)
                .hello_timer(123)
                .multi_boolopt(BridgeOptions { value: 2, mask: 7 })
                .mcast_querier_state(|q| {
                    q.ip_address([10, 0, 0, 1].into())
                        .ip_port(12)
                        .ip_other_timer(12345)
                        .ipv6_address([0xfe80, 0, 0, 0, 0, 0, 0, 1].into())
                        .ipv6_port(13)
                        .ipv6_other_timer(77)
                }),
        ))
    });
    let expected = "bridge hello_timer 1.23 fdb_n_learned 5 fdb_max_learned 9 no_linklocal_learn 0 \
                    mcast_vlan_snooping 1 mst_enabled 0 mcast_querier_ipv4_addr 10.0.0.1 mcast_querier_ipv4_port 12 \
                    mcast_querier_ipv4_other_timer 12.3us mcast_querier_ipv6_addr fe80::1 mcast_querier_ipv6_port 13 \
                    mcast_querier_ipv6_other_timer 77ns";
    assert_eq!(shown(&bridge, &devices), expected);
}

#[test]
fn numbers_without_names_are_shown_all_the_same() {
    let none = Devices::default();
    let bond = link("bo0", 15, |i| {
        i.kind("bond")
            .data(written(
                Bond::new(BondMode::Other(9))
                    .xmit_hash_policy(BondXmitHashPolicy::Other(7))
                    .ad_lacp_active(true)
                    .coupled_control(false)
                    .active_slave(99),
            ))
            .port_kind("bond")
            .port_data(written(BondPort::new().state(BondPortState::Other(5)).prio(-5)))
    });
    let expected = "bond mode UNKNOWN active_slave if99 xmit_hash_policy UNKNOWN lacp_active on coupled_control off \
                    bond_slave state 5 prio -5";
    assert_eq!(shown(&bond, &none), expected);
    let macvlan = link("mv0", 16, |i| {
        i.kind("macvlan").data(written(
            Macvlan::new(MacvlanMode::Source)
                .flags(MacvlanFlags::from_bits_retain(7))
                .bc_cutoff(-1)
                .macaddr_count(2)
                .bc_queue_len(10)
                .bc_queue_len_used(20),
        ))
    });
    let expected = "macvlan mode source nopromisc nodst bcqueuelen 10 usedbcqueuelen 20 bclim -1 remotes (2)";
    assert_eq!(shown(&macvlan, &none), expected);
    let ipvlan = |mode, flags| {
        let data = Ipvlan::new().mode(mode).flags(IpvlanFlags::from_bits_retain(flags));
        shown(&link("iv0", 17, |i| i.kind("ipvlan").data(written(data))), &none)
    };
    assert_eq!(ipvlan(IpvlanMode::L3s, 0), "ipvlan mode l3s bridge");
    assert_eq!(ipvlan(IpvlanMode::Other(7), 3), "ipvlan mode unknown private");
    let vlan = Vlan::new(5).protocol(VlanProtocol::Other(0x1234)).flags(VlanFlags { flags: 0x3f, mask: !0 });
    let vlan = link("vl0", 19, |i| i.kind("vlan").data(written(vlan)));
    let expected = "vlan protocol [4660] id 5 <REORDER_HDR,GVRP,MVRP,LOOSE_BINDING,BRIDGE_BINDING,20>";
    assert_eq!(shown(&vlan, &none), expected);
}
