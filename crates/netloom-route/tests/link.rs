//! Requests for links: what is asked, what is accepted, how it is named.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use netloom_route::kind::Vxlan;
use netloom_route::link::{self, AF_BRIDGE, ExtMask, Link, LinkData, LinkFlags, LinkHeader, LinkKey, LinkRef};
use netloom_wire::{Buffer, Message, Object, Request, View, named};

fn body<R: Request<Body = Link>>(request: &R) -> Box<Link> {
    let mut out = Buffer::new();
    request.write(&mut out);
    Link::boxed(&out.finish().unwrap()).unwrap()
}

fn link(header: LinkHeader, build: impl FnOnce(link::LinkWriter) -> link::LinkWriter) -> Box<Link> {
    Link::build(header, build).unwrap()
}

#[test]
fn a_link_is_named_by_index_by_name_or_by_a_long_alternative_name() {
    assert_eq!(body(&link::Get::new(7)).index(), 7);
    assert_eq!(body(&link::Get::new(7)).ifname(), None);
    assert_eq!(body(&link::Get::new("a-name-of-15-by")).ifname(), Some("a-name-of-15-by"));
    let long = body(&link::Get::new("a-name-of-16-byt"));
    assert_eq!((long.ifname(), long.alt_ifname().next()), (None, Some("a-name-of-16-byt")));
}

#[test]
fn every_question_carries_a_mask_of_parts() {
    assert_eq!(body(&link::Get::new(7)).ext_mask(), Some(ExtMask::VF));
    assert_eq!(body(&link::List::all()).ext_mask(), Some(ExtMask::VF));
    assert_eq!(body(&link::List::all().without_stats()).ext_mask(), Some(ExtMask::VF | ExtMask::SKIP_STATS));
    assert_eq!(body(&link::List::all().parts(ExtMask::empty())).ext_mask(), Some(ExtMask::MRP), "never an empty one");
    let ports = body(&link::List::bridge_ports().master(3));
    assert_eq!((ports.family(), ports.ext_mask()), (AF_BRIDGE, Some(ExtMask::BRIDGE_VLAN_COMPRESSED)));
    assert_eq!(ports.master(), None, "a bridge's handler refuses what it does not know");
}

#[test]
fn filters_are_asked_of_the_kernel_and_applied_to_its_replies() {
    let list = link::List::all().kind("veth").master(3).up().group(5);
    let asked = body(&list);
    assert_eq!((asked.kind(), asked.master(), asked.group()), (Some("veth"), Some(3), None));
    let header = LinkHeader { index: 9, flags: LinkFlags::UP.bits(), ..LinkHeader::default() };
    let fits = |kind: &str, master, group, flags| {
        let header = LinkHeader { flags, ..header };
        list.accepts(&link(header, |w| w.linkinfo(|i| i.kind(kind)).master(master).group(group)))
    };
    assert!(fits("veth", 3, 5, 1));
    assert!(!fits("vxlan", 3, 5, 1));
    assert!(!fits("veth", 4, 5, 1));
    assert!(!fits("veth", 3, 6, 1));
    assert!(!fits("veth", 3, 5, 0));
    assert!(link::List::all().master(0).accepts(&link(header, |w| w)));
    assert!(!link::List::all().master(0).accepts(&link(header, |w| w.master(3))));
}

#[test]
fn kind_and_data_are_written_together() {
    let add = link::Add::new("vx0").kind(Vxlan::new(42).port(4789)).mtu(1400).up().index(17);
    let sent = body(&add);
    assert_eq!((sent.index(), sent.flags(), sent.change(), sent.mtu()), (17, 1, 1, Some(1400)));
    let info = sent.linkinfo().unwrap();
    assert_eq!(info.kind(), Some("vxlan"));
    let Some(LinkData::Vxlan(vxlan)) = info.data() else { panic!("{info:?}") };
    assert_eq!((vxlan.id(), vxlan.port()), (Some(42), Some(4789)));
    assert!(body(&link::Add::new("d0").kind("dummy")).linkinfo().unwrap().data().is_none());
}

#[test]
fn a_change_says_which_flags_it_means() {
    let sent = body(&link::Set::new(3).down().flag(LinkFlags::NO_ARP, true));
    assert_eq!((sent.flags(), sent.change()), (0x80, 0x81));
    let group = body(&link::Set::of_group(5).up());
    assert_eq!((group.index(), group.group(), group.flags()), (0, Some(5), 1));
}

#[test]
fn a_link_is_called_by_its_name_or_its_index() {
    let name = |sent: Box<Link>| named(&*sent).to_string();
    assert_eq!(name(body(&link::Delete::new("v0"))), "link v0");
    assert_eq!(name(body(&link::Delete::new(3))), "link index 3");
    assert_eq!(name(body(&link::Delete::of_group(5))), "link group 5");
    assert_eq!(name(body(&link::Get::new("a-name-of-16-byt"))), "link a-name-of-16-byt");
}

#[test]
fn what_a_bridge_says_of_its_port_is_another_thing_than_the_port() {
    let header = LinkHeader { index: 9, ..LinkHeader::default() };
    let port = link(LinkHeader { family: AF_BRIDGE, ..header }, |w| w);
    assert_eq!(link(header, |w| w).key(), LinkKey { family: 0, index: 9 });
    assert_ne!(link(header, |w| w).key(), port.key());
}

#[test]
fn alternative_names_name_a_link_too() {
    let header = LinkHeader { index: 9, ..LinkHeader::default() };
    let sent = link(header, |w| w.ifname("v0").prop_list(|p| p.alt_ifname("one").alt_ifname("two")));
    assert_eq!(sent.alt_names().collect::<Vec<_>>(), ["one", "two"]);
    assert!(LinkRef::from("two").is(&sent) && LinkRef::from("v0").is(&sent) && LinkRef::from(9).is(&sent));
    assert!(!LinkRef::from("three").is(&sent));
}
