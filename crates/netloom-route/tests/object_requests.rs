//! Requests about addresses, rules, neighbours and their kin beside what iproute2 sends for the same command.
#![cfg(target_endian = "little")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

#[path = "support/beside.rs"]
mod beside;

use beside::{V0, V1, expect, expect_but};
use netloom_route::{address, addrlabel, neighbour, neighbour_table, netconf, nsid, rule, stats};

/// More links of the golden captures.
const BR0: u32 = 5;
const VX0: u32 = 6;
const VX1: u32 = 7;
const VX2: u32 = 8;

fn ip(text: &str) -> std::net::IpAddr {
    text.parse().unwrap()
}

#[test]
fn addresses() {
    use address::{Add, AddressFlags, Change, Delete, List, Replace};
    expect("address/add", &Add::new(V0, ip("10.0.0.1"), 24));
    let broadcast = "10.0.1.255".parse().unwrap();
    expect("address/add-broadcast-label", &Add::new(V0, ip("10.0.1.1"), 24).broadcast(broadcast).label("v0:one"));
    expect("address/add-lifetimes", &Add::new(V0, ip("10.0.4.1"), 24).valid(1000).preferred(500));
    expect("address/add-peer", &Add::new(V0, ip("10.0.2.1"), 32).peer(ip("10.0.2.2")));
    expect("address/add-proto", &Add::new(V0, ip("10.0.5.1"), 24).protocol(42));
    expect("address/add-scope-metric", &Add::new(V0, ip("10.0.3.1"), 24).scope(253).metric(77));
    expect("address/add6-autojoin", &Add::new(V0, ip("ff05::99"), 128).flags(AddressFlags::MCAUTOJOIN));
    let flags = AddressFlags::NODAD | AddressFlags::HOMEADDRESS | AddressFlags::NOPREFIXROUTE;
    expect("address/add6-flags", &Add::new(V0, ip("2001:db8::2"), 64).flags(flags));
    expect("address/change6", &Change::new(V0, ip("2001:db8::1"), 64).valid(300).preferred(200));
    expect("address/replace", &Replace::new(V0, ip("10.0.0.1"), 24).valid(300).preferred(200));
    expect("address/delete", &Delete::new(V0, ip("10.0.3.1"), 24));
    expect("address/add-anycast", &Add::new(V0, ip("10.0.6.1"), 24).anycast(ip("10.0.6.9")));
    expect("address/add6", &Add::new(V0, ip("2001:db8::1"), 64));
    expect("address/add6-optimistic", &Add::new(V0, ip("2001:db8::4"), 64).flags(AddressFlags::OPTIMISTIC));
    expect("address/add6-peer", &Add::new(V0, ip("2001:db8:1::1"), 128).peer(ip("2001:db8:2::1")));
    let temporary = Add::new(V0, ip("2001:db8::3"), 64).flags(AddressFlags::MANAGETEMPADDR);
    expect("address/add6-temporary", &temporary.valid(u32::MAX).preferred(0));
    expect("address/delete6", &Delete::new(V0, ip("2001:db8::2"), 64));
    expect("address/dump", &List::all());
    expect("address/dump4", &List::v4());
    expect("address/dump-to", &List::v4());
    expect("address/dump6-dev", &List::v6().device(V0));
}

#[test]
fn rules() {
    use rule::{Action, Add, Delete, List};
    let all = Add::v4()
        .invert()
        .src(ip("10.0.0.0"), 8)
        .dst(ip("192.0.2.0"), 24)
        .iifname("v0")
        .oifname("v1")
        .fwmark(0x10)
        .fwmask(0xff)
        .tos(0x10)
        .ip_protocol(6)
        .sport(1000, 2000)
        .dport(80, 80)
        .uid_range(100, 200)
        .realms(3 << 16 | 4)
        .priority(99)
        .protocol(4)
        .table(70_000);
    expect("rule/add-all", &all);
    expect("rule/add-blackhole", &Add::v4().src(ip("10.1.0.0"), 16).action(Action::Blackhole).priority(60));
    expect("rule/add-dscp-mask", &Add::v4().dscp(8).dscp_mask(0x38).table(23).priority(114));
    expect("rule/add-goto", &Add::v4().priority(50).goto(32_766));
    expect("rule/add-l3mdev", &Add::v4().l3mdev().protocol(2).priority(1000));
    expect("rule/add-nop", &Add::v4().priority(51).action(Action::Nop));
    expect("rule/add-suppress", &Add::v4().table(254).suppress_prefix_length(0).suppress_group(5).priority(70));
    expect("rule/add-tun-id", &Add::v4().tunnel_id(77).table(30).priority(71));
    expect("rule/add6-flowlabel", &Add::v6().flowlabel(0x12345).flowlabel_mask(0xfffff).table(100).priority(81));
    expect("rule/delete-priority", &Delete::v4().priority(99));
    expect("rule/add-dscp", &Add::v4().dscp(10).table(21).priority(112));
    let masked = Add::v4().sport(0x1000, 0x1000).sport_mask(0xf000).dport(0x50, 0x50).dport_mask(0xff);
    expect("rule/add-ports-mask", &masked.table(22).priority(113));
    expect("rule/add-prohibit", &Add::v4().src(ip("10.3.0.0"), 16).action(Action::Prohibit).priority(62));
    expect("rule/add-unreachable", &Add::v4().src(ip("10.2.0.0"), 16).action(Action::Unreachable).priority(61));
    expect("rule/add-table", &Add::v4().table(100));
    expect("rule/add-tos", &Add::v4().src(ip("10.0.0.0"), 8).tos(0x10).table(20).priority(111));
    let both = Add::v6().src(ip("2001:db8::"), 32).dst(ip("2001:db8:1::"), 48);
    expect("rule/add6", &both.table(100).priority(80));
    expect("rule/delete-selector", &Delete::v4().src(ip("10.1.0.0"), 16).action(Action::Blackhole));
    expect("rule/dump", &List::v4());
    expect("rule/dump6", &List::v6());
    expect("rule/flush", &List::v6().protocol(4));
}

#[test]
fn neighbours() {
    use neighbour::{Add, Change, Delete, Get, NeighbourExtendedFlags, NeighbourFlags, NeighbourState};
    let mac = |last| [2, 0, 0, 0, 0, last];
    let learned = Add::new(V0, ip("10.0.0.4")).lladdr(mac(4)).flags(NeighbourFlags::EXT_LEARNED);
    expect("neighbour/add-extern-learn", &learned);
    let managed = Add::new(V0, ip("10.0.0.6")).extended_flags(NeighbourExtendedFlags::MANAGED);
    let managed = managed.flags(NeighbourFlags::EXT_LEARNED).state(NeighbourState::empty());
    expect("neighbour/add-managed", &managed);
    expect("neighbour/add-proxy", &Add::proxy(V0, ip("10.0.0.9")));
    let stale = Add::new(V0, ip("10.0.0.3")).lladdr(mac(3)).state(NeighbourState::STALE);
    expect("neighbour/add-states", &stale.flags(NeighbourFlags::ROUTER).protocol(42));
    expect("neighbour/add-use", &Add::new(V0, ip("10.0.0.5")).flags(NeighbourFlags::USE));
    expect("neighbour/change", &Change::new(V0, ip("10.0.0.2")).lladdr(mac(0x23)));
    expect("neighbour/delete", &Delete::new(V0, ip("10.0.0.3")));
    expect("neighbour/get", &Get::new(V0, ip("10.0.0.2")));
    expect("neighbour/get-proxy", &Get::proxy(V0, ip("2001:db8::9")));
}

#[test]
fn neighbours_of_each_state() {
    use neighbour::{Add, Delete, List, NeighbourFlags, NeighbourState, Replace};
    let mac = |last| [2, 0, 0, 0, 0, last];
    expect("neighbour/add", &Add::new(V0, ip("10.0.0.2")).lladdr(mac(2)));
    expect("neighbour/add6", &Add::new(V0, ip("2001:db8::2")).lladdr(mac(6)));
    expect("neighbour/add6-proxy", &Add::proxy(V0, ip("2001:db8::9")).flags(NeighbourFlags::ROUTER));
    expect("neighbour/add-probes", &Replace::new(V0, ip("10.0.0.12")).state(NeighbourState::INCOMPLETE));
    let reachable = Replace::new(V0, ip("10.0.0.2")).lladdr(mac(0x22)).state(NeighbourState::REACHABLE);
    expect("neighbour/replace", &reachable);
    expect("neighbour/delete-proxy", &Delete::proxy(V0, ip("10.0.0.9")));
    expect("neighbour/dump", &List::all());
    expect("neighbour/dump-dev", &List::all().device(V0));
    expect("neighbour/dump-nud", &List::v4());
    expect("neighbour/dump-proxy", &List::all().proxies());
}

#[test]
fn forwarding_entries() {
    use neighbour::{Add, Append, Delete, FlushFdb, Get, List, NeighbourFlags, NeighbourState, Replace};
    let mac = |last| [2, 0, 0, 0, 0, last];
    let fixed = NeighbourState::NOARP | NeighbourState::REACHABLE;
    expect("neighbour/fdb-add", &Add::fdb(V1, mac(0x31)).state(fixed).vlan(5));
    expect("neighbour/fdb-replace", &Replace::fdb(V1, mac(0x31)).state(fixed));
    expect("neighbour/fdb-add-local", &Add::fdb(V1, mac(0x32)));
    let learned = NeighbourFlags::EXT_LEARNED | NeighbourFlags::STICKY;
    expect("neighbour/fdb-add-dynamic", &Add::fdb(V1, mac(0x33)).state(NeighbourState::REACHABLE).flags(learned));
    expect("neighbour/fdb-delete", &Delete::fdb(V1, mac(0x31)));
    expect("neighbour/fdb-add-nhid", &Add::fdb(VX2, mac(0x37)).on_device().nexthop_id(12));
    let router = Add::fdb(VX2, mac(0x38)).on_device().dst(ip("10.0.0.6")).flags(NeighbourFlags::ROUTER);
    expect("neighbour/fdb-add-router", &router);
    let carried = Add::fdb(VX1, mac(0x36)).on_device().dst(ip("10.0.0.6"));
    expect("neighbour/fdb-add-vxlan-src-vni", &carried.src_vni(100).vni(200));
    let remote = Add::fdb(VX0, mac(0x35)).on_device().dst(ip("10.0.0.5")).port(4790).vni(43).via(V0);
    expect("neighbour/fdb-add-vxlan", &remote);
    expect("neighbour/fdb-add-vxlan6", &Append::fdb(VX2, [0; 6]).on_device().dst(ip("10.0.0.6")));
    expect("neighbour/fdb-get", &Get::fdb(mac(0x35)).device(VX0).flags(NeighbourFlags::SELF));
    expect("neighbour/fdb-get-br", &Get::fdb(mac(0x32)).master(BR0));
    expect("neighbour/fdb-dump", &List::fdb());
    expect("neighbour/fdb-dump-br", &List::fdb().master(BR0));
    expect("neighbour/fdb-dump-dynamic", &List::fdb().vlan(5));
    // By the attribute, which the kernel takes too, rather than by the header.
    let by_attribute = [("index: 3", "index: 0"), ("route_type: 0 }\n", "route_type: 0 }\n  NDA_IFINDEX 3\n")];
    expect_but("neighbour/fdb-dump-brport", &List::fdb().device(V1), &by_attribute);
    let gone = NeighbourState::empty();
    let passing = FlushFdb::of_device(BR0).vlan(5).states(gone, NeighbourState::PERMANENT | NeighbourState::NOARP);
    expect("neighbour/fdb-flush", &passing);
    let remote = FlushFdb::of_device(VX1).vni(200).src_vni(100).udp_port(4790).dst(ip("10.0.0.6"));
    expect("neighbour/fdb-flush-vxlan", &remote.states(gone, NeighbourState::PERMANENT));
}

#[test]
fn tables_labels_and_statistics() {
    use neighbour_table::Set;
    let patient = Set::new("ndisc_cache").thresh1(100).thresh2(200).thresh3(300).gc_interval(20_000);
    // iproute2 sets NLM_F_REPLACE besides, which the kernel does not look at.
    let replace = [("flags 0x100", "flags 0x0")];
    expect_but("neighbour_table/change-thresholds", &patient, &replace);
    let of_a_link = Set::new("arp_cache").device(V0).queue_length(10).base_reachable_time(20_000).retrans_time(500);
    let of_a_link = of_a_link.gc_stale_time(70_000).delay_probe_time(6000).ucast_probes(4).mcast_probes(5);
    let of_a_link = of_a_link.app_probes(1).anycast_delay(900).proxy_delay(700).proxy_queue_length(50).lock_time(800);
    expect_but("neighbour_table/change-parameters", &of_a_link, &replace);
    expect("neighbour_table/dump", &neighbour_table::List::all());
    expect("neighbour_table/dump-dev", &neighbour_table::List::all().name("arp_cache").device(V0));
    let prefix = |text: &str| text.parse().unwrap();
    expect("addrlabel/dump", &addrlabel::List::all());
    expect("addrlabel/add", &addrlabel::Add::new(prefix("2001:db8::"), 32).label(99));
    expect("addrlabel/add-dev", &addrlabel::Add::new(prefix("2001:db8:1::"), 48).device(V0).label(98));
    expect("addrlabel/delete", &addrlabel::Delete::new(prefix("2001:db8::"), 32).label(99));
    // iproute2 repeats the counter of changes, which the kernel does not look at.
    let of_a_link = addrlabel::Delete::new(prefix("2001:db8:1::"), 48).device(V0).label(98);
    expect_but("addrlabel/flush", &of_a_link, &[("sequence: 12", "sequence: 0")]);
}

#[test]
fn statistics() {
    use stats::{Get, List, OffloadFilter, StatsFilter};
    expect("stats/set-l3-stats", &stats::Set::new(V0).l3(true));
    expect("stats/get-link", &Get::new(V0, StatsFilter::LINK));
    expect("stats/get-afstats", &Get::new(V0, StatsFilter::FAMILIES));
    expect("stats/get-xstats", &Get::new(BR0, StatsFilter::EXTENDED));
    expect("stats/get-xstats-slave", &Get::new(V0, StatsFilter::PORT));
    expect("stats/get-offload", &Get::new(V0, StatsFilter::OFFLOAD));
    let by_the_processor = Get::new(V0, StatsFilter::OFFLOAD).offload(OffloadFilter::CPU_HIT);
    expect("stats/get-offload-cpu", &by_the_processor);
    let every = StatsFilter::LINK | StatsFilter::EXTENDED | StatsFilter::PORT | StatsFilter::OFFLOAD;
    expect("stats/dump", &List::new(every | StatsFilter::FAMILIES));
    expect("stats/dump-xstats-mcast", &List::new(StatsFilter::EXTENDED));
}

#[test]
fn settings_and_namespaces() {
    use nsid::{Namespace, Set};
    expect("netconf/dump4", &netconf::List::v4());
    expect("netconf/dump6", &netconf::List::v6());
    expect("netconf/get4-dev", &netconf::Get::v4(4));
    expect("netconf/get6-dev", &netconf::Get::v6(4));
    expect("nsid/set", &Set::new(Namespace::Fd(5)).nsid(7));
    expect("nsid/set-auto", &Set::new(Namespace::Fd(5)));
    expect("nsid/get-nsid", &nsid::Get::new(Namespace::Nsid(7)));
    expect("nsid/get-nsid", &nsid::Get::new(Namespace::Fd(6)));
    expect("nsid/list", &nsid::List::all());
    expect("nsid/list-target", &nsid::List::all().target_nsid(7));
}
