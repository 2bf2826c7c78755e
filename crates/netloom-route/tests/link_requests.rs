//! Requests for links against the bytes that iproute2 sends for the same: the same attributes with the same values, in
//! whatever order and with or without the nested bit.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]
#![cfg(target_endian = "little")]

use std::{net::IpAddr, sync::OnceLock};

use netloom_route::kind::{Bridge, Vlan, Vxlan};
use netloom_route::link::{
    Add, AddressGeneration, Delete, ExtMask, Get, LinkFlags, LinkMode, List, OperState, Set, XdpFlags,
};
use netloom_route::message_types;
use netloom_testkit::{Golden, canonical};
use netloom_wire::{
    Buffer, Dump, Header, Request,
    nlmsg::{self, ACK, REQUEST},
};

/// The message that a request becomes, told by its meaning.
fn ours<R: Request>(request: &R, kind: u16) -> String {
    let mut body = Buffer::new();
    request.write(&mut body);
    let body = body.finish().unwrap();
    let header = Header::new(0, R::COMMAND, REQUEST | kind | request.flags(), 0, 0);
    let mut message = header_bytes(&header);
    message.extend(body);
    canonical(&message, message_types())
}

/// `struct nlmsghdr` without its length, which the meaning does not tell.
fn header_bytes(header: &Header) -> Vec<u8> {
    let mut bytes = vec![0; 4];
    bytes.extend(header.command().to_ne_bytes());
    bytes.extend(header.flags().to_ne_bytes());
    bytes.extend([0; 8]);
    bytes
}

/// Message `nth` of a golden case: the index that it names, and its meaning.
fn golden(name: &str, nth: usize) -> (u32, String) {
    static ALL: OnceLock<Vec<Golden>> = OnceLock::new();
    let all = ALL.get_or_init(|| Golden::of("link"));
    let case = all.iter().find(|case| case.name == name).unwrap_or_else(|| panic!("no golden case {name}"));
    let message = case.messages.get(nth).unwrap();
    let index = u32::from_ne_bytes(message.get(20..24).unwrap().try_into().unwrap());
    (index, canonical(message, message_types()))
}

fn expect<R: Request>(name: &str, request: impl FnOnce(u32) -> R) {
    let (index, expected) = golden(name, 0);
    assert_eq!(ours(&request(index), ACK), expected, "{name}");
}

const fn mac(last: u8) -> [u8; 6] {
    [2, 0, 0, 0, 0, last]
}

#[test]
fn links_are_made_as_by_iproute2() {
    expect("add-dummy", |_| Add::new("d0").kind("dummy"));
    expect("add-dummy-queues", |_| {
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
    expect("add-veth", |_| Add::new("v2").veth("v3"));
    expect("add-bridge", |_| Add::new("br0").kind(Bridge::new()));
    expect("add-ifb", |_| Add::new("ifb7").kind("ifb"));
    expect("add-group-name", |_| Add::new("g0").group(7).alias("alias-of-g0").veth("g1"));
    expect("add-vxlan", |_| {
        let (local, remote): (IpAddr, IpAddr) = ([10, 0, 0, 1].into(), [10, 0, 0, 2].into());
        Add::new("vx0").kind(Vxlan::new(42).link(4).local(local).group(remote).port(4789).learning(true))
    });
    let (_, expected) = golden("add-vlan", 0);
    let below: u32 = expected.lines().find_map(|l| l.trim().strip_prefix("IFLA_LINK ")).unwrap().parse().unwrap();
    expect("add-vlan", |_| Add::new("v0.5").link(below).kind(Vlan::new(5)));
}

#[test]
fn links_are_changed_as_by_iproute2() {
    expect("set-up", |index| Set::new(index).up());
    expect("set-down", |index| Set::new(index).down());
    expect("set-mtu-name-address", |index| {
        Set::new(index).mtu(1400).address(mac(0x77)).txqlen(5).attributes(|w| w.ifname("v1b"))
    });
    expect("set-flags", |index| {
        let on =
            [LinkFlags::NO_ARP, LinkFlags::ALL_MULTI, LinkFlags::PROMISC, LinkFlags::DYNAMIC, LinkFlags::NO_TRAILERS];
        on.into_iter().fold(Set::new(index).flag(LinkFlags::MULTICAST, false), |set, flag| set.flag(flag, true))
    });
    let (_, expected) = golden("set-master", 0);
    let master: u32 = expected.lines().find_map(|l| l.trim().strip_prefix("IFLA_MASTER ")).unwrap().parse().unwrap();
    expect("set-master", |index| Set::new(index).master(master));
    expect("set-nomaster", |index| Set::new(index).no_master());
    expect("set-alias", |index| Set::new(index).alias("the uplink"));
    expect("set-carrier", |index| Set::new(index).carrier(false));
    expect("set-state-mode", |index| Set::new(index).mode(LinkMode::Dormant).operstate(OperState::Dormant));
    expect("set-addrgenmode", |index| Set::new(index).address_generation(AddressGeneration::None));
    expect("set-gso", |index| Set::new(index).attributes(|w| w.gso_max_size(1000).gso_max_segs(3)));
    expect("set-group", |index| Set::new(index).group(9));
    expect("set-group-all", |_| Set::of_group(7).mtu(1300));
    expect("set-xdp-off", |index| Set::new(index).xdp(-1, XdpFlags::UPDATE_IF_NOEXIST));
    expect("set-protodown", |index| Set::new(index).proto_down(true).proto_down_reason(3, true));
}

#[test]
fn links_go_as_by_iproute2() {
    expect("delete", Delete::new);
    expect("delete-group", |_| Delete::of_group(7));
}

#[test]
fn links_are_asked_for_as_by_iproute2() {
    let mask = ExtMask::VF | ExtMask::SKIP_STATS;
    let (_, expected) = golden("get-name", 0);
    assert_eq!(ours(&Get::new("v0").parts(mask), 0), expected);
    let (_, expected) = golden("get-altname", 0);
    assert_eq!(ours(&Get::new("a-rather-long-alternative-name").parts(mask), 0), expected);
    // AF_PACKET, by which iproute2 asks, means no more than AF_UNSPEC.
    let all = List::all().without_stats().family(17);
    dump("dump", 0, &all);
    dump("dump-up", 0, &all.clone().up());
    dump("dump-group", 0, &all.clone().group(7));
    dump("dump-kind", 0, &all.clone().kind("veth"));
    let (_, expected) = golden("dump-master", 1);
    let master: u32 = expected.lines().find_map(|l| l.trim().strip_prefix("IFLA_MASTER ")).unwrap().parse().unwrap();
    dump("dump-master", 1, &all.master(master));
}

fn dump<R: Request<Kind = Dump>>(name: &str, nth: usize, request: &R) {
    assert_eq!(ours(request, nlmsg::DUMP), golden(name, nth).1, "{name}");
}
