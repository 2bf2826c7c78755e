//! Views as JSON, by the feature `serde`.
#![cfg(all(feature = "serde", target_endian = "little"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::net::Ipv4Addr;

use netloom_route::{
    encap::{Mpls, MplsLabel},
    kind::VxlanWriter,
    link::{Link, LinkHeader, LinkWriter, OperState},
    message_types,
    route::{Add, Hop, Route},
};
use netloom_testkit::Golden;
use netloom_wire::{Buffer, Fields, Message, Request, View, Write as _, nlmsg, serde::Serialize};
use serde_json::{Value, json};

fn shown(view: &(impl Serialize + ?Sized)) -> Value {
    serde_json::to_value(view).unwrap()
}

#[test]
fn a_link_with_names_flags_nests_and_what_nobody_knows() {
    let header = LinkHeader { index: 7, flags: 0x43, ..Default::default() };
    let link = Link::build(header, |w: LinkWriter| {
        let w = w.ifname("vx0").mtu(1400).address([2, 0, 0, 0, 0, 1].into()).operstate(OperState::Up);
        let w = w.linkinfo(|i| i.kind("vxlan").data(|d: VxlanWriter| d.id(42).port(4789).learning(true)));
        w.put(999, &[1, 0xff])
    })
    .unwrap();
    let json = shown(&*link);
    assert_eq!(json["header"]["index"], 7);
    assert_eq!((&json["ifname"], &json["mtu"], &json["operstate"]), (&json!("vx0"), &json!(1400), &json!("Up")));
    assert_eq!(json["address"], "02:00:00:00:00:01");
    assert_eq!(json["linkinfo"]["kind"], "vxlan");
    assert_eq!(json["linkinfo"]["data"]["id"], 42);
    assert_eq!(json["linkinfo"]["data"]["port"], 4789);
    assert_eq!(json["#999"], "01ff");
    assert!(json.get("txqlen").is_none(), "what is not there is not shown");
}

#[test]
fn a_route_with_records_and_arrays() {
    let hop = |last: u8| Hop::new().via(Ipv4Addr::new(10, 9, 0, last).into()).dev(3);
    let first = hop(2).encap::<Mpls>(|e| e.dst(&MplsLabel::stack(&[100, 200])));
    let add = Add::new("10.1.0.0/16".parse().unwrap()).hop(first).hop(hop(3).weight(5));
    let mut out = Buffer::new();
    add.write(&mut out);
    let json = shown(&*Route::boxed(&out.finish().unwrap()).unwrap());
    assert_eq!((&json["dst"], &json["header"]["dst_length"]), (&json!("10.1.0.0"), &json!(16)));
    let hops = json["multipath"].as_array().unwrap();
    assert_eq!((hops.len(), &hops[0]["gateway"], &hops[1]["header"]["hops"]), (2, &json!("10.9.0.2"), &json!(4)));
    assert_eq!(hops[0]["encap"]["dst"].as_array().map(Vec::len), Some(2));
}

/// Each golden message is an object whose keys are those of its attributes, whatever it holds.
#[test]
fn every_golden_message_is_an_object() {
    for golden in Golden::all() {
        for message in &golden.messages {
            let number = u16::from_ne_bytes([message[4], message[5]]);
            let kind = message_types().iter().find(|kind| kind.number == number).unwrap();
            let tree = Fields::new((kind.layout)(), &message[nlmsg::HEADER..]);
            let Value::Object(object) = shown(&tree) else { panic!("{}", golden.title()) };
            let header = usize::from(tree.header().is_some());
            let numbers: std::collections::BTreeSet<u16> = tree.attributes().map(|(tlv, ..)| tlv.number()).collect();
            assert_eq!(object.len(), header + numbers.len(), "{}", golden.title());
        }
    }
}
