//! Requests about addresses, rules, neighbours and their kin against the golden bytes of iproute2: the same header, the
//! same attributes, whatever their order. In the golden captures link 4 is `v0`.

#![cfg(target_endian = "little")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use netloom_route::{address, addrlabel, neighbour, neighbour_table, rule, stats};
use netloom_testkit::Golden;
use netloom_wire::{Buffer, Request, TYPE_MASK, Tlvs, View, nlmsg};

const V0: u32 = 4;

/// Header of a body, and its attributes sorted, without the bit of nests, which iproute2 sets only at times.
fn parts<R: Request>(body: &[u8]) -> (Vec<u8>, Vec<(u16, Vec<u8>)>) {
    let (header, attributes) = body.split_at(R::Body::HEADER.map_or(0, |header| header.size));
    let mut attributes: Vec<_> =
        Tlvs::new(attributes).map(|tlv| (tlv.raw_type & TYPE_MASK, tlv.payload.to_vec())).collect();
    attributes.sort();
    (header.to_vec(), attributes)
}

fn expect<R: Request>(title: &str, request: &R) {
    let (object, name) = title.split_once('/').unwrap();
    let golden = Golden::of(object).into_iter().find(|golden| golden.name == name).unwrap();
    let asks = |message: &&Vec<u8>| u16::from_ne_bytes([message[4], message[5]]) == R::COMMAND;
    let message = golden.messages.iter().find(asks).unwrap();
    let mut out = Buffer::new();
    request.write(&mut out);
    let ours = out.finish().unwrap();
    assert_eq!(parts::<R>(&ours), parts::<R>(&message[nlmsg::HEADER..]), "{title}: {}", golden.command);
    let change = u16::from_ne_bytes([message[6], message[7]]) & !(nlmsg::REQUEST | nlmsg::ACK);
    assert_eq!(request.flags(), change, "{title}: flags");
}

fn ip(text: &str) -> std::net::IpAddr {
    text.parse().unwrap()
}

#[test]
fn addresses() {
    use address::{Add, AddressFlags, Change, Delete, Replace};
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
}

#[test]
fn rules() {
    use rule::{Action, Add, Delete};
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
fn tables_labels_and_statistics() {
    let patient = neighbour_table::Set::new("ndisc_cache").thresh1(100).thresh2(200).thresh3(300).gc_interval(20_000);
    let golden = Golden::of("neighbour_table").into_iter().find(|golden| golden.name == "change-thresholds").unwrap();
    let mut out = Buffer::new();
    patient.write(&mut out);
    // iproute2 sets NLM_F_REPLACE besides, which the kernel does not look at.
    let theirs = golden.messages.last().unwrap();
    type Set = neighbour_table::Set;
    assert_eq!(parts::<Set>(&out.finish().unwrap()), parts::<Set>(&theirs[nlmsg::HEADER..]));
    let prefix = |text: &str| text.parse().unwrap();
    expect("addrlabel/add-dev", &addrlabel::Add::new(prefix("2001:db8:1::"), 48).device(V0).label(98));
    expect("addrlabel/delete", &addrlabel::Delete::new(prefix("2001:db8::"), 32).label(99));
    expect("stats/set-l3-stats", &stats::Set::new(V0).l3(true));
    let counters = stats::Get::new(V0, stats::StatsFilter::LINK);
    expect("stats/get-link", &counters);
}
