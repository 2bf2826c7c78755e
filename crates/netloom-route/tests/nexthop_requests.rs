//! Requests about next hop objects beside what iproute2 sends for the same command.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]
#![cfg(target_endian = "little")]

#[path = "support/beside.rs"]
mod beside;

use std::net::IpAddr;

use beside::{V0, expect, expect_but};
use netloom_route::{
    encap::{Ip, Mpls, MplsLabel, Seg6, Seg6Mode},
    nexthop::{Add, Delete, Get, GetBucket, GroupMember, List, ListBuckets, OperationFlags, Replace},
};

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn single_ones() {
    let by = |id: u32, router: &str| Add::new(id).via(ip(router));
    expect("nexthop/add", &by(1, "10.0.0.2").dev(V0));
    expect("nexthop/add6", &by(2, "2001:db8::2").dev(V0).protocol(4));
    expect("nexthop/add-auto", &Add::unnumbered().via(ip("10.0.0.4")).dev(V0));
    expect("nexthop/add-dev", &Add::new(3).dev(V0));
    expect("nexthop/add-blackhole", &Add::new(4).blackhole());
    expect("nexthop/add6-blackhole", &Add::new(14).family(10).blackhole());
    expect("nexthop/add-onlink", &by(5, "10.9.9.9").dev(V0).onlink());
    expect("nexthop/add-fdb", &by(6, "10.0.0.3").fdb());
    expect("nexthop/add-fdb6", &by(16, "2001:db8::9").fdb());
    let labelled = by(7, "10.0.0.2").dev(V0).encap::<Mpls>(|e| e.dst(&MplsLabel::stack(&[100, 200])));
    expect("nexthop/add-encap-mpls", &labelled);
    let tunnelled = by(8, "10.0.0.2").dev(V0).encap::<Ip>(|e| e.id(7).dst([192, 0, 2, 1].into()));
    expect("nexthop/add-encap-ip", &tunnelled);
    let segments = ["2001:db8::a", "2001:db8::b"].map(|text| text.parse().unwrap());
    let routed = by(9, "2001:db8::2").dev(V0).encap::<Seg6>(|e| e.segments(Seg6Mode::Encap, &segments, None));
    expect("nexthop/add-encap-seg6", &routed);
    expect("nexthop/replace", &Replace::new(1).via(ip("10.0.0.7")).dev(V0));
    expect("nexthop/delete", &Delete::new(4));
    expect("nexthop/flush", &Delete::new(2));
}

#[test]
fn groups() {
    let two = [(21, 1), (22, 1)];
    expect("nexthop/add-group", &Add::new(100).group(&[(21, 3), (22, 7)]));
    expect("nexthop/add-group-big-weight", &Add::new(101).group(&[(21, 300), (22, 65535)]));
    // Several paths are what a group is without a type.
    expect_but("nexthop/add-group-mpath", &Add::new(103).group(&two), &[("  NHA_GROUP_TYPE Multipath\n", "")]);
    expect("nexthop/add-group-resilient", &Add::new(102).group(&two).resilient(16, Some(6000), Some(12_000)));
    expect("nexthop/replace-group", &Replace::new(100).group(&[(21, 1)]));
    expect("nexthop/replace-resilient", &Replace::new(102).group(&two).resilient(16, Some(3000), None));
    expect("nexthop/set-hw-stats", &Replace::new(100).group(&two).hw_stats(true));
}

#[test]
fn questions() {
    // Without counters, iproute2 says so; not to say it means the same, to older kernels too.
    expect_but("nexthop/get", &Get::new(1), &[("  NHA_OP_FLAGS \n", "")]);
    expect("nexthop/get-stats", &Get::new(100).stats(OperationFlags::STATS));
    expect("nexthop/dump", &List::all());
    expect("nexthop/dump-dev", &List::all().device(V0));
    expect("nexthop/dump-fdb", &List::all().fdb());
    expect("nexthop/dump-groups", &List::all().groups());
    expect("nexthop/dump-proto", &List::all().protocol(4));
    expect("nexthop/bucket-dump", &ListBuckets::all());
    expect("nexthop/bucket-dump-dev", &ListBuckets::all().device(V0));
    expect("nexthop/bucket-dump-id", &ListBuckets::of(102));
    expect("nexthop/bucket-dump-nhid", &ListBuckets::all().member(21));
    expect("nexthop/bucket-get", &GetBucket::new(102, 3));
}

#[test]
fn a_weight_of_sixteen_bits_is_split() {
    let member = GroupMember::new(1, 0x1235);
    assert_eq!((member.weight_low, member.weight_high, member.weight()), (0x34, 0x12, 0x1235));
    assert_eq!(GroupMember::new(1, 0).weight(), 1);
}
