//! Links of Open vSwitch through the proxy of `IpRoute`, judged by Open vSwitch's own tools and by the kernel.
#![cfg(feature = "openvswitch")]

#[path = "support/ovs.rs"]
mod ovs;

use std::{path::Path, time::Duration};

use netloom::{
    Create, ErrorKind, View, group,
    kind::OpenVswitchPort,
    link::{self, Link, LinkData},
    openvswitch::{NewBridge, OpenVswitch as Database},
    wire::Notice,
};
use netloom_testkit::{Namespace, OvsDaemons, skip};

use ovs::{Lab, enter, kind, netdev, port, port_kind, socket};

#[test]
fn a_bridge_is_made_as_a_link_and_goes_as_one() {
    let Some(mut lab) = Lab::new() else { return };
    let bridge = netdev().fail_mode("secure").rstp(true).multicast_snooping(true);
    let address = [2, 0, 0, 0, 0, 9];
    lab.ipr.run(&link::Add::new("br0").kind(bridge).mtu(1400).address(address).up()).expect("made");
    assert_eq!(lab.daemons.vsctl(&["list-br"]).trim(), "br0");
    assert_eq!(lab.daemons.vsctl(&["get", "bridge", "br0", "fail_mode", "rstp_enable"]), "secure\ntrue\n");
    assert!(lab.daemons.appctl(&["dpif/show"]).contains("br0 65534"));
    // What the kernel has to do was done too.
    let kernel = lab.kernel("br0").expect("there");
    assert!(kernel.is_up());
    assert_eq!(
        (kernel.mtu(), kernel.address().map(|a| a.to_string()).as_deref()),
        (Some(1400), Some("02:00:00:00:00:09"))
    );

    let link = lab.ipr.link("br0").expect("there");
    assert_eq!((kind(&link), link.master(), port_kind(&link)), (Some("openvswitch"), None, None));
    let Some(LinkData::OpenVswitch(data)) = link.linkinfo().and_then(|info| info.data()) else { panic!("{link:?}") };
    assert_eq!((data.datapath(), data.fail_mode()), (Some("netdev"), Some("secure")));
    assert_eq!((data.stp(), data.rstp(), data.multicast_snooping()), (Some(false), Some(true), Some(true)));

    let error = lab.ipr.run(&link::Add::new("br0").kind("openvswitch")).expect_err("there");
    assert!(error.is_exists(), "{error}");
    lab.ipr.run(&link::Delete::new("br0")).expect("deleted");
    assert_eq!(lab.daemons.vsctl(&["list-br"]), "");
    assert!(lab.kernel("br0").expect_err("gone").is_not_found());
    assert!(lab.ipr.run(&link::Delete::new("br0")).expect_err("gone").is_not_found());
}

#[test]
fn what_is_made_is_returned_and_numbered() {
    let Some(mut lab) = Lab::new() else { return };
    let first = lab.ipr.run(&link::Add::new("ovs%d").kind(netdev()).created()).expect("made");
    let second = lab.ipr.run(&link::Add::new("ovs%d").kind(netdev()).created()).expect("made");
    assert_eq!((first.name(), second.name()), ("ovs0", "ovs1"));
    assert_eq!(second.index(), lab.kernel("ovs1").expect("there").index());
    assert_eq!(kind(&second), Some("openvswitch"));
}

#[test]
fn a_link_becomes_a_port_moves_and_leaves() {
    let Some(mut lab) = Lab::new() else { return };
    let (br0, br1) = (lab.bridge("br0"), lab.bridge("br1"));
    lab.veth("v0");
    let tag = OpenVswitchPort::new().tag(10).trunk(20).trunk(30).vlan_mode("native-tagged");
    lab.ipr.run(&link::Set::new("v0").master(br0).port(tag).mtu(1300).up()).expect("set");
    assert_eq!(lab.ports("br0"), ["v0"]);
    assert_eq!(
        lab.daemons.vsctl(&["get", "port", "v0", "tag", "trunks", "vlan_mode"]),
        "10\n[20, 30]\nnative-tagged\n"
    );
    // The rest of the order reached the kernel.
    let kernel = lab.kernel("v0").expect("there");
    assert!(kernel.is_up() && kernel.mtu() == Some(1300));

    let link = lab.ipr.link("v0").expect("there");
    assert_eq!((link.master(), kind(&link), port_kind(&link)), (Some(br0), Some("veth"), Some("openvswitch")));
    let data = port(&link).expect("data");
    assert_eq!((data.tag(), data.trunk().collect(), data.vlan_mode()), (Some(10), vec![20, 30], Some("native-tagged")));
    let listed = lab.ipr.run(&link::List::all()).expect("listed");
    let masters: Vec<_> = listed.iter().map(|link| (link.name(), link.master())).collect();
    assert!(masters.contains(&("v0", Some(br0))) && masters.contains(&("br0", None)), "{masters:?}");
    assert!(masters.contains(&("v0-peer", None)) && masters.contains(&("lo", None)), "{masters:?}");

    let index = link.index();
    lab.ipr.run(&link::Set::new(index).master(br1)).expect("moved");
    assert_eq!((lab.ports("br0"), lab.ports("br1")), (vec![], vec!["v0".to_owned()]));
    assert_eq!(lab.daemons.vsctl(&["get", "port", "v0", "tag"]).trim(), "10");
    lab.ipr.run(&link::Set::new("v0").port(OpenVswitchPort::new().untagged().untrunked())).expect("set");
    assert_eq!(lab.daemons.vsctl(&["get", "port", "v0", "tag", "trunks"]), "[]\n[]\n");
    assert_eq!(lab.ipr.link("v0").expect("there").master(), Some(br1));

    lab.ipr.run(&link::Set::new("v0").no_master()).expect("taken off");
    assert_eq!(lab.ports("br1"), Vec::<String>::new());
    let link = lab.ipr.link("v0").expect("there");
    assert_eq!((link.master(), port_kind(&link)), (None, None));
    // It has none any more, which the kernel does not mind.
    lab.ipr.run(&link::Set::new("v0").no_master()).expect("nothing to do");
}

#[test]
fn internal_ports_are_links_with_a_bridge_for_a_master() {
    let Some(mut lab) = Lab::new() else { return };
    let br0 = lab.bridge("br0");
    let add = link::Add::new("in0").kind("openvswitch").master(br0).port(OpenVswitchPort::new().tag(4)).mtu(1350);
    lab.ipr.run(&add).expect("made");
    assert_eq!(lab.daemons.vsctl(&["get", "interface", "in0", "type", "mtu"]), "internal\n1350\n");
    let link = lab.ipr.link("in0").expect("there");
    assert_eq!((kind(&link), link.master(), port_kind(&link)), (Some("openvswitch"), Some(br0), Some("openvswitch")));
    assert_eq!(port(&link).expect("data").tag(), Some(4));
    let error = lab.ipr.run(&link::Set::new("in0").no_master()).expect_err("what would it be").to_string();
    assert!(error.contains("in0 is an internal port of br0, which goes only when it is deleted"), "{error}");
    lab.ipr.run(&link::Delete::new("in0")).expect("deleted");
    assert_eq!(lab.ports("br0"), Vec::<String>::new());
    assert!(lab.kernel("in0").expect_err("gone").is_not_found());
}

#[test]
fn bridges_of_the_kernel_and_of_open_vswitch_side_by_side() {
    let Some(mut lab) = Lab::new() else { return };
    let br0 = lab.bridge("br0");
    lab.veth("v0");
    lab.ipr.run(&link::Add::new("kbr").kind("bridge")).expect("made by the kernel");
    let kbr = lab.kernel("kbr").expect("there").index();
    lab.ipr.run(&link::Set::new("v0").master(kbr)).expect("set by the kernel");
    assert_eq!(lab.kernel("v0").expect("there").master(), Some(kbr));
    // From one to the other, as between two of the kernel's.
    lab.ipr.run(&link::Set::new("v0").master(br0)).expect("moved");
    assert_eq!((lab.kernel("v0").expect("there").master(), lab.ports("br0")), (None, vec!["v0".to_owned()]));
    let error = lab.ipr.run(&link::Set::new("v0").master(kbr)).expect_err("it is taken");
    assert!(error.to_string().contains("it is a port of br0 and has to be taken off that first"), "{error}");
    lab.ipr.run(&link::Set::new("v0").no_master()).expect("taken off");
    lab.ipr.run(&link::Set::new("v0").master(kbr)).expect("set by the kernel");
    // What cannot be a port of Open vSwitch is again what it was.
    let wrong = link::Set::new("v0").master(br0).port(OpenVswitchPort::new().tag(5000));
    let error = lab.ipr.run(&wrong).expect_err("no such VLAN").to_string();
    assert!(error.contains("5000 is no VLAN: 0 to 4095"), "{error}");
    assert_eq!(lab.kernel("v0").expect("there").master(), Some(kbr));
    lab.ipr.run(&link::Delete::new("kbr")).expect("deleted by the kernel");
}

#[test]
fn what_the_kernel_refuses_of_a_new_bridge_undoes_it() {
    let Some(mut lab) = Lab::new() else { return };
    lab.veth("v0");
    let error = lab.ipr.run(&link::Add::new("br0").kind(netdev()).master(9999)).expect_err("no such master");
    assert_eq!(error.to_string(), "add link br0: proxy `Open vSwitch`: set link br0: Invalid argument (EINVAL)");
    assert_eq!(lab.daemons.vsctl(&["list-br"]), "");
    // A link of that name is not taken over.
    let error = lab.ipr.run(&link::Add::new("v0").kind(netdev())).expect_err("there");
    assert!(error.is_exists(), "{error}");
    assert_eq!(lab.daemons.vsctl(&["list-br"]), "");
}

#[test]
fn notifications_show_ports_as_dumps_do() {
    let Some(mut lab) = Lab::new() else { return };
    let br0 = lab.bridge("br0");
    lab.veth("v0");
    lab.ipr.run(&link::Set::new("v0").master(br0)).expect("set");
    let mut told = lab.ipr.subscribe(&[group::LINK]).expect("subscribed");
    told.deadline(Some(Duration::from_secs(60)));
    lab.daemons.space().ip(&["link", "set", "v0", "up"]);
    let seen = loop {
        let Notice::Message { command: 16, payload, .. } = told.next().expect("told") else { continue };
        let link = Link::view(payload).expect("a link");
        if link.name() == "v0" && link.is_up() {
            break link.master();
        }
    };
    assert_eq!(seen, Some(br0));
}

#[test]
fn filters_go_by_what_is_shown() {
    let Some(mut lab) = Lab::new() else { return };
    let br0 = lab.bridge("br0");
    lab.veth("v0");
    lab.veth("v2");
    lab.ipr.run(&link::Set::new("v0").master(br0)).expect("set");
    lab.ipr.run(&link::Add::new("kbr").kind("bridge")).expect("made by the kernel");
    let kbr = lab.kernel("kbr").expect("there").index();
    lab.ipr.run(&link::Set::new("v2").master(kbr)).expect("set by the kernel");
    let mut names = |list: link::List| -> Vec<String> {
        lab.ipr.run(&list).expect("listed").iter().map(|link| link.name().to_owned()).collect()
    };
    assert_eq!(names(link::List::all().master(br0)), ["v0"]);
    assert_eq!(names(link::List::all().master(kbr)), ["v2"]);
    assert_eq!(names(link::List::all().kind("openvswitch")), ["br0"]);
    assert_eq!(names(link::List::all().kind("bridge")), ["kbr"]);
}

#[test]
fn no_open_vswitch() {
    let Some(space) = Namespace::new() else { return };
    let mut ipr = socket(&space, Path::new("/no/such/db.sock"));
    let error = ipr.run(&link::Add::new("br0").kind("openvswitch")).expect_err("nobody");
    assert_eq!(
        error.to_string(),
        "add link br0: proxy `Open vSwitch`: list bridges of Open vSwitch: Open vSwitch is not running: no database \
         socket at /no/such/db.sock"
    );
    assert_eq!(error.kind(), ErrorKind::Proxy);
    // All else is as without it.
    ipr.run(&link::Add::new("v0").veth("v1")).expect("made");
    ipr.run(&link::Add::new("kbr").kind("bridge")).expect("made");
    let kbr = ipr.link("kbr").expect("there").index();
    ipr.run(&link::Set::new("v0").master(kbr)).expect("set");
    assert_eq!(ipr.link("v0").expect("there").master(), Some(kbr));
    ipr.run(&link::Set::new("v0").no_master()).expect("set");
    ipr.run(&link::Delete::new("v0")).expect("deleted");
}

#[test]
fn another_network_namespace() {
    let Some(mut lab) = Lab::new() else { return };
    lab.bridge("br0");
    let Some(elsewhere) = Namespace::new() else { return };
    elsewhere.ip(&["link", "add", "br0", "type", "veth", "peer", "name", "v1"]);
    let mut ipr = socket(&elsewhere, &lab.daemons.socket());
    let error = ipr.run(&link::Add::new("br1").kind(netdev())).expect_err("elsewhere").to_string();
    assert!(error.ends_with("Open vSwitch works in another network namespace than this socket"), "{error}");
    // A link that happens to have the name of a bridge there.
    assert_eq!(kind(&ipr.link("br0").expect("there")), Some("veth"));
    ipr.run(&link::Delete::new("br0")).expect("deleted by the kernel");
    assert_eq!(lab.daemons.vsctl(&["list-br"]).trim(), "br0");
}

#[test]
fn daemons_that_sleep_or_die() {
    let Some(mut lab) = Lab::new() else { return };
    let br0 = lab.bridge("br0");
    lab.veth("v0");
    lab.ipr.run(&link::Set::new("v0").master(br0)).expect("set");
    let impatient = Database::at(lab.daemons.socket()).timeout(Duration::from_millis(500));
    lab.ipr.set_open_vswitch(impatient);

    lab.daemons.pause_switch();
    let error = lab.ipr.run(&link::Add::new("br1").kind(netdev())).expect_err("asleep").to_string();
    let expected = "add link br1: proxy `Open vSwitch`: add bridge br1: ovs-vswitchd did not follow the database within \
        500ms; the change was undone";
    assert_eq!(error, expected);
    assert_eq!(lab.daemons.vsctl(&["--no-wait", "list-br"]).trim(), "br0");

    lab.daemons.pause_database();
    let error = lab.ipr.run(&link::Add::new("br1").kind(netdev())).expect_err("asleep").to_string();
    assert!(error.contains("no answer from the database at "), "{error}");
    // What is shown is what is known, or what the kernel has.
    assert_eq!(lab.ipr.run(&link::List::all()).expect("listed").len(), lab.kernel_links());
    lab.daemons.resume();

    lab.daemons.kill_database();
    let error = lab.ipr.run(&link::Add::new("br1").kind(netdev())).expect_err("dead").to_string();
    assert!(error.contains("Open vSwitch is not running: nobody listens at the database socket "), "{error}");
    let link = lab.ipr.link("v0").expect("there");
    assert_eq!((link.master(), port_kind(&link)), (None, None));
    lab.daemons.start_database();
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(lab.ipr.link("v0").expect("there").master(), Some(br0));
}

#[test]
fn ports_of_the_kernels_datapath() {
    let Some(mut lab) = Lab::new() else { return };
    if !OvsDaemons::kernel_datapath() {
        skip!("openvswitch", "the kernel has no datapath");
    }
    lab.veth("v0");
    lab.ipr.run(&link::Add::new("br0").kind("openvswitch").up()).expect("made");
    let br0 = lab.ipr.link("br0").expect("there");
    assert_eq!((kind(&br0), br0.master(), port_kind(&br0)), (Some("openvswitch"), None, None));
    lab.ipr.run(&link::Set::new("v0").master(br0.index())).expect("set");
    let system = lab.kernel("ovs-system").expect("there").index();
    // The kernel says that all are ports of one device, the proxy of which bridge.
    assert_eq!(lab.kernel("v0").expect("there").master(), Some(system));
    assert_eq!(lab.ipr.link("v0").expect("there").master(), Some(br0.index()));
    lab.ipr.run(&link::Set::new("v0").no_master()).expect("taken off");
    assert_eq!(lab.kernel("v0").expect("there").master(), None);
    lab.ipr.run(&link::Delete::new("br0")).expect("deleted");
    assert!(lab.kernel("br0").expect_err("gone").is_not_found());
}

#[test]
fn bridges_made_by_the_library_show_as_links() {
    let Some(mut lab) = Lab::new() else { return };
    let database = Database::at(lab.daemons.socket()).timeout(Duration::from_secs(60));
    database.add_bridge(NewBridge::new("br0").datapath("netdev")).expect("made");
    assert_eq!(kind(&lab.ipr.link("br0").expect("there")), Some("openvswitch"));
    lab.daemons.vsctl(&["del-br", "br0"]);
    lab.daemons.space().ip(&["link", "add", "br0", "type", "veth", "peer", "name", "v1"]);
    assert_eq!(kind(&lab.ipr.link("br0").expect("there")), Some("veth"));
}

#[cfg(feature = "tokio")]
#[test]
fn the_same_for_tasks() {
    use netloom::AsyncIpRoute;
    let Some(lab) = Lab::new() else { return };
    lab.veth("v0");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let ipr = AsyncIpRoute::in_namespace(enter(lab.daemons.space())).expect("opened");
        ipr.set_open_vswitch(Database::at(lab.daemons.socket()).timeout(Duration::from_secs(60)));
        ipr.run(&link::Add::new("br0").kind(netdev()).up()).await.expect("made");
        let br0 = ipr.link("br0").await.expect("there").index();
        // Nobody waits for the database but the one who asked.
        let set = link::Set::new("v0").master(br0);
        let (set, lo) = tokio::join!(ipr.run(&set), ipr.link("lo"));
        set.expect("set");
        lo.expect("there");
        assert_eq!(lab.ports("br0"), ["v0"]);
        assert_eq!(ipr.link("v0").await.expect("there").master(), Some(br0));
        ipr.run(&link::Set::new("v0").no_master()).await.expect("taken off");
        ipr.run(&link::Delete::new("br0")).await.expect("deleted");
        assert_eq!(lab.daemons.vsctl(&["list-br"]), "");
    });
}
