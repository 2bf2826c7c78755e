//! Links on the real kernel, through the facade; iproute2 is the judge where there is something to see.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::{fs::File, os::fd::AsRawFd};

use netloom::{
    Create, IpRoute, Namespace, SocketOptions,
    kind::{Bridge, BridgePort, Vxlan},
    link::{self, ExtMask, LinkData, LinkFlags, PortData},
};
use netloom_testkit::Namespace as Space;

fn scene() -> Option<(Space, IpRoute)> {
    let space = Space::new()?;
    let options = SocketOptions::new().namespace(Namespace::path(space.path()).unwrap());
    Some((space, IpRoute::with(&options).unwrap()))
}

#[test]
fn a_pair_is_made_changed_renamed_and_deleted() {
    let Some((space, mut ipr)) = scene() else { return };
    ipr.run(&link::Add::new("v0").veth("v1").mtu(9000).group(5).up()).unwrap();
    ipr.run(&link::Set::new("v0").alias("an end")).unwrap();
    let v0 = ipr.run(&link::Get::new("v0")).unwrap();
    assert_eq!((v0.name(), v0.mtu(), v0.group(), v0.ifalias()), ("v0", Some(9000), Some(5), Some("an end")));
    assert_eq!((v0.kind(), v0.is_up()), (Some("veth"), true));
    assert_eq!(v0.link(), Some(ipr.run(&link::Get::new("v1")).unwrap().index()));

    ipr.run(&link::Set::new("v0").mtu(1400).down().flag(LinkFlags::NO_ARP, true).address([2, 0, 0, 0, 0, 9])).unwrap();
    let seen = String::from_utf8(space.ip(&["link", "show", "v0"]).stdout).unwrap();
    assert!(seen.contains("NOARP") && seen.contains("mtu 1400") && seen.contains("02:00:00:00:00:09"), "{seen}");

    ipr.run(&link::Rename::new("v0", "w0")).unwrap();
    assert_eq!(ipr.run(&link::Get::new(v0.index())).unwrap().name(), "w0");
    assert!(ipr.run(&link::Get::new("v0")).unwrap_err().is_not_found());

    ipr.run(&link::Set::of_group(5).mtu(1300)).unwrap();
    assert_eq!(ipr.run(&link::Get::new("w0")).unwrap().mtu(), Some(1300));
    ipr.run(&link::Delete::of_group(5)).unwrap();
    let error = ipr.run(&link::Delete::new("w0")).unwrap_err();
    assert!(error.is_not_found());
    assert!(error.to_string().starts_with("delete link w0: No such device (ENODEV)"), "{error}");
}

#[test]
fn a_pattern_of_a_name_becomes_the_first_free_one() {
    let Some((_space, mut ipr)) = scene() else { return };
    let first = ipr.run(&link::Add::new("veth%d").kind("veth").created()).unwrap();
    let second = ipr.run(&link::Add::new("pair%d").kind("veth").created()).unwrap();
    assert!(first.name().starts_with("veth") && first.index() > 1, "{first:?}");
    assert_eq!(second.name(), "pair0");
    assert_eq!(ipr.run(&link::Get::new("pair0")).unwrap().index(), second.index());
    let known = ipr.run(&link::Add::new("plain").kind("ifb").created()).unwrap();
    assert_eq!(known.name(), "plain");
    assert!(ipr.run(&link::Add::new("plain").kind("ifb")).unwrap_err().is_exists());
}

#[test]
fn a_link_with_many_names_is_in_every_dump() {
    let Some((_space, mut ipr)) = scene() else { return };
    ipr.run(&link::Add::new("v0").veth("v1")).unwrap();
    let index = ipr.run(&link::Get::new("v0")).unwrap().index();
    let names: Vec<String> = (0..300).map(|n| format!("{n:03}-{}", "x".repeat(120))).collect();
    for some in names.chunks(30) {
        ipr.run(&link::AddNames::new(index, some)).unwrap();
    }
    for list in [link::List::all(), link::List::all().without_stats(), link::List::all().parts(ExtMask::empty())] {
        let links = ipr.run(&list).unwrap();
        let found = links.iter().find(|link| link.index() == index).unwrap();
        assert_eq!(found.alt_names().count(), 300, "{list:?}");
    }
    let last = names.last().unwrap();
    assert_eq!(ipr.run(&link::Get::new(last)).unwrap().name(), "v0");
    ipr.run(&link::Set::new(last).mtu(1400)).unwrap();
    ipr.run(&link::DeleteNames::new(index, &names[1..])).unwrap();
    assert_eq!(ipr.run(&link::Get::new("v0")).unwrap().alt_names().collect::<Vec<_>>(), [&names[0]]);
}

#[test]
fn links_move_between_namespaces() {
    let (Some((_here, mut ipr)), Some((there, mut far))) = (scene(), scene()) else { return };
    ipr.run(&link::Add::new("v0").veth("v1")).unwrap();
    let file = File::open(there.path()).unwrap();
    ipr.run(&link::Set::new("v1").namespace(file.as_raw_fd())).unwrap();
    let moved = far.run(&link::Get::new("v1")).unwrap();
    assert!(moved.link_netnsid().is_some(), "{moved:?}");
    ipr.run(&link::Add::new("i0").kind("ifb").namespace(file.as_raw_fd())).unwrap();
    assert_eq!(far.run(&link::Get::new("i0")).unwrap().kind(), Some("ifb"));
    assert!(ipr.run(&link::Get::new("i0")).unwrap_err().is_not_found());
}

#[test]
fn kinds_and_ports_read_back_what_was_written() {
    let Some((space, mut ipr)) = scene() else { return };
    let vlans = space.has_vlan_filtering();
    ipr.run(&link::Add::new("br0").kind(Bridge::new().ageing_time(100)).up()).unwrap();
    let bridge = ipr.run(&link::Get::new("br0")).unwrap().index();
    ipr.run(&link::Add::new("vx0").kind(Vxlan::new(42).port(4790)).master(bridge)).unwrap();
    ipr.run(&link::Set::new("vx0").port(BridgePort::new().isolated(true))).unwrap();
    let vx0 = ipr.run(&link::Get::new("vx0")).unwrap();
    let info = vx0.linkinfo().unwrap();
    let Some(LinkData::Vxlan(vxlan)) = info.data() else { panic!("{info:?}") };
    assert_eq!((vxlan.id(), vxlan.port()), (Some(42), Some(4790)));
    let Some(PortData::Bridge(port)) = info.port_data() else { panic!("{info:?}") };
    assert_eq!((vx0.port_kind(), port.isolated()), (Some("bridge"), Some(true)));

    let ports = ipr.run(&link::List::all().master(bridge)).unwrap();
    assert_eq!(ports.iter().map(|link| link.name()).collect::<Vec<_>>(), ["vx0"]);
    let kinds = ipr.run(&link::List::all().kind("vxlan")).unwrap();
    assert_eq!(kinds.iter().map(|link| link.name()).collect::<Vec<_>>(), ["vx0"]);
    if vlans {
        ipr.run(&link::Set::new("br0").kind(Bridge::new().vlan_filtering(true))).unwrap();
        let said = ipr.run(&link::List::bridge_ports()).unwrap();
        let port = said.iter().find(|link| link.index() == vx0.index()).unwrap();
        let Some(link::AfSpec::Bridge(spec)) = port.af_spec(port.family()) else { panic!("{port:?}") };
        assert_eq!(spec.vlan_info().map(|vlan| vlan.vid).collect::<Vec<_>>(), [1]);
    } else {
        netloom_testkit::record("bridge vlan_filtering", "the kernel's bridges know no VLAN");
    }

    ipr.run(&link::Set::new("vx0").no_master()).unwrap();
    assert!(ipr.run(&link::List::all().master(bridge)).unwrap().iter().next().is_none());
}
