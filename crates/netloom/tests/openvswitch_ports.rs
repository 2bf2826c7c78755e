//! Patch ports and tunnels of Open vSwitch, which are no links of the kernel's, through the proxy of `IpRoute`.
#![cfg(feature = "openvswitch")]

#[path = "support/ovs.rs"]
mod ovs;

use std::time::Duration;

use netloom::{
    Create, View, group,
    kind::{OpenVswitch, OpenVswitchPort},
    link::{self, Link, LinkData},
    watch::{Change, Event, Objects},
    wire::Notice,
};
use netloom_testkit::{OvsDaemons, skip};

use ovs::{Lab, kind, port, port_kind, socket};

/// The first index that the kernel gives to no link.
const FIRST: u32 = 1 << 31;

fn data(link: &Link) -> &OpenVswitch {
    match link.linkinfo().and_then(|info| info.data()) {
        Some(LinkData::OpenVswitch(data)) => data,
        _ => panic!("{link:?}"),
    }
}

impl Lab {
    fn options(&self, name: &str) -> String {
        self.daemons.vsctl(&["get", "interface", name, "options"]).trim().to_owned()
    }

    fn names(&mut self, list: &link::List) -> Vec<String> {
        let mut names: Vec<String> =
            self.ipr.run(list).expect("listed").iter().map(|link| link.name().to_owned()).collect();
        names.sort();
        names
    }
}

#[test]
fn patch_ports_connect_two_bridges() {
    let Some(mut lab) = Lab::new() else { return };
    let (br0, br1) = (lab.bridge("br0"), lab.bridge("br1"));
    let p0 =
        lab.ipr.run(&link::Add::new("p0").kind(OpenVswitch::patch("p1")).master(br0).up().created()).expect("made");
    // It waits for the other one.
    assert!(p0.is_up() && !p0.has_carrier(), "{p0:?}");
    let tag = OpenVswitchPort::new().tag(7);
    let made = lab.ipr.run(&link::Add::new("p1").kind(OpenVswitch::patch("p0").bridge("br1")).port(tag).created());
    let made = made.expect("made");
    assert_eq!((lab.ports("br0"), lab.ports("br1")), (vec!["p0".to_owned()], vec!["p1".to_owned()]));
    assert_eq!(lab.daemons.vsctl(&["get", "interface", "p1", "type", "options"]), "patch\n{peer=p0}\n");
    // The datapath has them, and the kernel no link.
    assert!(lab.daemons.appctl(&["dpif/show"]).contains("p0 1/none: (patch: peer=p1)"));
    assert!(lab.kernel("p1").expect_err("no link").is_not_found());

    assert!(lab.ipr.link("p0").expect("there").has_carrier());

    let link = lab.ipr.link("p1").expect("there");
    assert_eq!(link.bytes(), made.bytes());
    assert!(link.index() >= FIRST && link.is_up());
    assert_eq!((kind(&link), link.master(), port_kind(&link)), (Some("openvswitch"), Some(br1), Some("openvswitch")));
    assert_eq!((data(&link).interface(), data(&link).peer()), (Some("patch"), Some("p0")));
    assert_eq!(port(&link).expect("data").tag(), Some(7));
    let mac = lab.daemons.vsctl(&["get", "interface", "p1", "mac_in_use"]);
    assert_eq!(format!("{:?}", link.address().expect("an address").to_string()), mac.trim());
    // The same by its index, by another handle, and in a dump.
    let index = link.index();
    assert_eq!(lab.ipr.run(&link::Get::new(index)).expect("there").bytes(), link.bytes());
    let mut other = socket(lab.daemons.space(), &lab.daemons.socket());
    let listed = other.run(&link::List::all()).expect("listed");
    assert_eq!(listed.len(), lab.kernel_links() + 2);
    assert_eq!(listed.iter().find(|link| link.name() == "p1").expect("listed").bytes(), link.bytes());
    assert_eq!(lab.names(&link::List::all().master(br0)), ["p0"]);
    assert_eq!(lab.names(&link::List::all().kind("openvswitch")), ["br0", "br1", "p0", "p1"]);
    let mut stream = lab.ipr.stream(&link::List::all()).expect("begun");
    let mut streamed = Vec::new();
    while let Some(link) = stream.next().expect("streamed") {
        streamed.push(link.name().to_owned());
    }
    assert!(streamed.contains(&"p0".to_owned()) && streamed.contains(&"p1".to_owned()), "{streamed:?}");

    lab.ipr.run(&link::Delete::new("p0")).expect("deleted");
    lab.ipr.run(&link::Delete::new(index)).expect("deleted");
    assert_eq!((lab.ports("br0"), lab.ports("br1")), (vec![], vec![]));
    assert!(lab.ipr.link("p0").expect_err("gone").is_not_found());
    assert!(lab.ipr.run(&link::Get::new(index)).expect_err("gone").is_not_found());
    assert!(lab.ipr.run(&link::Delete::new(index)).expect_err("gone").is_not_found());
}

#[test]
fn tunnels_have_the_options_of_the_database() {
    let Some(mut lab) = Lab::new() else { return };
    let br0 = lab.bridge("br0");
    let vxlan = OpenVswitch::vxlan("192.0.2.1").local("192.0.2.2").key("42").dst_port(8472).tos("inherit").ttl("9");
    let vxlan = vxlan.csum(true).df_default(false).egress_pkt_mark(5).option("dst_mac_hint=x");
    let vlans = OpenVswitchPort::new().trunk(10).trunk(20).tag(5).vlan_mode("native-untagged");
    lab.ipr.run(&link::Add::new("vx0").kind(vxlan).master(br0).port(vlans)).expect("made");
    let options = r#"{csum="true", df_default="false", dst_mac_hint=x, dst_port="8472", egress_pkt_mark="5", key="42", local_ip="192.0.2.2", remote_ip="192.0.2.1", tos=inherit, ttl="9"}"#;
    assert_eq!(lab.options("vx0"), options);
    assert_eq!(
        lab.daemons.vsctl(&["get", "port", "vx0", "tag", "trunks", "vlan_mode"]),
        "5\n[10, 20]\nnative-untagged\n"
    );
    let link = lab.ipr.link("vx0").expect("there");
    let shown = data(&link);
    assert_eq!(
        (shown.interface(), shown.remote(), shown.local()),
        (Some("vxlan"), Some("192.0.2.1"), Some("192.0.2.2"))
    );
    assert_eq!(
        (shown.key(), shown.dst_port(), shown.tos(), shown.ttl()),
        (Some("42"), Some(8472), Some("inherit"), Some("9"))
    );
    assert_eq!((shown.csum(), shown.df_default(), shown.egress_pkt_mark()), (Some(true), Some(false), Some(5)));
    assert_eq!(shown.option().collect::<Vec<_>>(), ["dst_mac_hint=x"]);

    lab.ipr.run(&link::Add::new("gv0").kind(OpenVswitch::geneve("flow").key("flow").bridge("br0"))).expect("made");
    assert_eq!(
        lab.daemons.vsctl(&["get", "interface", "gv0", "type", "options"]),
        "geneve\n{key=flow, remote_ip=flow}\n"
    );
    lab.ipr.run(&link::Add::new("gbp0").kind(OpenVswitch::vxlan("flow").exts("gbp").bridge("br0"))).expect("made");
    assert_eq!(data(&lab.ipr.link("gbp0").expect("there")).exts(), Some("gbp"));
    lab.ipr.run(&link::Delete::new("gbp0")).expect("deleted");
    let gre = OpenVswitch::gre("2001:db8::1").in_key("1").out_key("4294967295").seq(true).packet_type("ptap");
    lab.ipr.run(&link::Add::new("gre%d").kind(gre.bridge("br0"))).expect("made");
    let options = r#"{in_key="1", out_key="4294967295", packet_type=ptap, remote_ip="2001:db8::1", seq="true"}"#;
    assert_eq!(lab.options("gre0"), options);
    let shown = lab.daemons.appctl(&["dpif/show"]);
    for port in ["vx0 ", "gv0 ", "gre0 "] {
        assert!(shown.contains(port), "{shown}");
    }
    assert_eq!(lab.names(&link::List::all().master(br0)), ["gre0", "gv0", "vx0"]);

    // What is not said stays.
    lab.ipr
        .run(&link::Set::new("vx0").kind(OpenVswitch::new().key("43").unset("tos").unset("dst_mac_hint")))
        .expect("set");
    let options = r#"{csum="true", df_default="false", dst_port="8472", egress_pkt_mark="5", key="43", local_ip="192.0.2.2", remote_ip="192.0.2.1", ttl="9"}"#;
    assert_eq!(lab.options("vx0"), options);
    lab.ipr.run(&link::Set::new(link.index()).port(OpenVswitchPort::new().untagged().trunk(11))).expect("set");
    assert_eq!(lab.daemons.vsctl(&["get", "port", "vx0", "tag", "trunks"]), "[]\n[11]\n");
    let br1 = lab.bridge("br1");
    lab.ipr.run(&link::Set::new("vx0").master(br1).port(OpenVswitchPort::new().tag(3))).expect("moved");
    assert_eq!(lab.ports("br1"), ["vx0"]);
    assert_eq!(lab.daemons.vsctl(&["get", "port", "vx0", "tag"]), "3\n");
    // It is the same port.
    assert_eq!(lab.ipr.link("vx0").expect("there").index(), link.index());
    assert_eq!(lab.ipr.link("vx0").expect("there").master(), Some(br1));

    // One that exists is changed by who says that it may be.
    lab.ipr
        .run(&link::Add::new("gv0").kind(OpenVswitch::geneve("192.0.2.9").bridge("br0")).or_change())
        .expect("changed");
    assert_eq!(lab.options("gv0"), r#"{key=flow, remote_ip="192.0.2.9"}"#);
}

#[test]
fn settings_of_a_bridge_change() {
    let Some(mut lab) = Lab::new() else { return };
    let br0 = lab.bridge("br0");
    let columns = ["fail_mode", "stp_enable", "rstp_enable", "mcast_snooping_enable", "datapath_type"];
    let row = |lab: &Lab| lab.daemons.vsctl(&[&["get", "bridge", "br0"], &columns[..]].concat());
    lab.ipr.run(&link::Set::new(br0).kind(OpenVswitch::new().fail_mode("secure").stp(true)).mtu(1400)).expect("set");
    assert_eq!(row(&lab), "secure\ntrue\nfalse\nfalse\nnetdev\n");
    assert_eq!(lab.kernel("br0").expect("there").mtu(), Some(1400));
    let change = OpenVswitch::new().fail_mode("standalone").stp(false).rstp(true).multicast_snooping(true);
    lab.ipr.run(&link::Add::new("br0").kind(change).or_change()).expect("set");
    assert_eq!(row(&lab), "standalone\nfalse\ntrue\ntrue\nnetdev\n");
    let link = lab.ipr.link("br0").expect("there");
    assert_eq!((data(&link).fail_mode(), data(&link).rstp()), (Some("standalone"), Some(true)));

    let error = lab.ipr.run(&link::Set::new("br0").kind(OpenVswitch::new().datapath("no-such"))).expect_err("unknown");
    let expected = "set link br0: proxy `Open vSwitch`: set bridge br0: no-such is no datapath of this Open vSwitch: \
        netdev, system";
    assert_eq!(error.to_string(), expected);
    assert_eq!(row(&lab), "standalone\nfalse\ntrue\ntrue\nnetdev\n");
    let error = lab.ipr.run(&link::Set::new("br0").kind(OpenVswitch::new().key("4"))).expect_err("no tunnel");
    assert_eq!(
        error.to_string(),
        format!("set link br0: proxy `Open vSwitch`: br0 is a bridge, which has no options of ports")
    );
}

#[test]
fn refusals_name_the_port_and_leave_nothing() {
    let Some(mut lab) = Lab::new() else { return };
    let br0 = lab.bridge("br0");
    lab.veth("v0");
    lab.ipr.run(&link::Add::new("vx0").kind(OpenVswitch::vxlan("192.0.2.1")).master(br0)).expect("made");
    let before = lab.daemons.vsctl(&["show"]);
    let add = |name: &str, kind: netloom::kind::OpenVswitchWriter| link::Add::new(name).kind(kind);
    let cases = [
        (
            add("x", OpenVswitch::patch("y")),
            "add link x: proxy `Open vSwitch`: a port of the type patch needs a bridge of Open vSwitch, as master or by name",
        ),
        (
            add("x", OpenVswitch::patch("y").bridge("br9")),
            "add link x: proxy `Open vSwitch`: there is no bridge br9: No such device (ENODEV)",
        ),
        (
            add("x", OpenVswitch::new().interface("patch").bridge("br0")),
            "add link x: proxy `Open vSwitch`: a port of the type patch needs a peer",
        ),
        (
            add("x", OpenVswitch::new().interface("gre").bridge("br0")),
            "add link x: proxy `Open vSwitch`: a port of the type gre needs a remote end: an address, or flow",
        ),
        (
            add("x", OpenVswitch::new().interface("stt").bridge("br0")),
            "add link x: proxy `Open vSwitch`: stt is no type of ports: internal, patch, vxlan, geneve or gre",
        ),
        (
            add("x", OpenVswitch::gre("nowhere").bridge("br0")),
            "add link x: proxy `Open vSwitch`: remote_ip cannot be nowhere, but an address, or flow",
        ),
        (
            add("x", OpenVswitch::vxlan("flow").key("16777216").bridge("br0")),
            "add link x: proxy `Open vSwitch`: key cannot be 16777216, but 0 to 16777215, or flow",
        ),
        (
            add("x", OpenVswitch::vxlan("flow").ttl("300").bridge("br0")),
            "add link x: proxy `Open vSwitch`: ttl cannot be 300, but 0 to 255, or inherit",
        ),
        (
            add("x", OpenVswitch::vxlan("flow").option("novalue").bridge("br0")),
            "add link x: proxy `Open vSwitch`: novalue is no option: NAME=VALUE",
        ),
        (
            add("x", OpenVswitch::vxlan("flow").stp(true).bridge("br0")),
            "add link x: proxy `Open vSwitch`: stp is a setting of bridges, not of their ports",
        ),
        (
            add("x", OpenVswitch::new().key("4").datapath("netdev")),
            "add link x: proxy `Open vSwitch`: key is an option of ports: say of which type it is, and on which bridge",
        ),
        (
            add("x", OpenVswitch::gre("flow").bridge("br0")).mtu(1400),
            "add link x: proxy `Open vSwitch`: IFLA_MTU cannot be set: x is no link of the kernel's, but a port that only Open vSwitch knows",
        ),
        (
            add("v0", OpenVswitch::patch("y").bridge("br0")),
            "add link v0: proxy `Open vSwitch`: there is a link v0 already: File exists (EEXIST)",
        ),
        (
            add("vx0", OpenVswitch::patch("y").bridge("br0")),
            "add link vx0: proxy `Open vSwitch`: add port vx0 to bridge br0: bridge br0 has a port vx0 already: File exists (EEXIST)",
        ),
        (
            add("x", OpenVswitch::patch("x").bridge("br0")),
            "add link x: proxy `Open vSwitch`: add port x to bridge br0: x: patch peer must not be self; the change was undone",
        ),
        (
            add("x", OpenVswitch::patch("y").bridge("br0")).port(OpenVswitchPort::new().tag(4096)),
            "add link x: proxy `Open vSwitch`: add port x to bridge br0: 4096 is no VLAN: 0 to 4095",
        ),
    ];
    for (request, expected) in cases {
        let error = lab.ipr.run(&request).expect_err(expected);
        assert_eq!(error.to_string(), expected);
    }
    let vx0 = || link::Set::new("vx0");
    let cases = [
        (
            vx0().down(),
            "set link vx0: proxy `Open vSwitch`: flags cannot be set: vx0 is no link of the kernel's, but a port that only Open vSwitch knows",
        ),
        (
            vx0().mtu(1400).kind(OpenVswitch::new().key("4")),
            "set link vx0: proxy `Open vSwitch`: IFLA_MTU cannot be set: vx0 is no link of the kernel's, but a port that only Open vSwitch knows",
        ),
        (
            vx0().no_master(),
            "set link vx0: proxy `Open vSwitch`: vx0 is a vxlan port of br0, which goes only when it is deleted",
        ),
        (
            vx0().kind(OpenVswitch::gre("flow")),
            "set link vx0: proxy `Open vSwitch`: vx0 is a port of the type vxlan, and stays one",
        ),
        (
            vx0().kind(OpenVswitch::new().fail_mode("secure")),
            "set link vx0: proxy `Open vSwitch`: fail_mode is a setting of bridges, not of their ports",
        ),
        // Open vSwitch's own words.
        (
            vx0().kind(OpenVswitch::new().unset("remote_ip")),
            "set link vx0: proxy `Open vSwitch`: set port vx0: vx0: vxlan type requires valid 'remote_ip' argument; the change was undone",
        ),
    ];
    for (request, expected) in cases {
        let error = lab.ipr.run(&request).expect_err(expected);
        assert_eq!(error.to_string(), expected);
    }
    let error = lab.ipr.run(&link::Rename::new("vx0", "vx9")).expect_err("it stays").to_string();
    assert!(error.contains("IFLA_IFNAME cannot be set: vx0 is no link of the kernel's"), "{error}");
    let error = lab.ipr.run(&link::Add::new("gre%d").kind(OpenVswitch::gre("flow").bridge("br0")).index(7));
    assert!(error.expect_err("it has its own").to_string().contains("the index cannot be chosen"));
    assert_eq!(lab.daemons.vsctl(&["show"]), before);
}

#[test]
fn what_comes_and_goes_is_told() {
    let Some(mut lab) = Lab::new() else { return };
    let br0 = lab.bridge("br0");
    lab.veth("v0");
    let mut told = lab.ipr.subscribe(&[group::LINK]).expect("subscribed");
    told.deadline(Some(Duration::from_secs(60)));
    let mut next = |wanted: u16, name: &str, fits: &dyn Fn(&Link) -> bool| loop {
        let Notice::Message { command, payload, .. } = told.next().expect("told") else { continue };
        let link = Link::view(payload).expect("a link");
        if command == wanted && link.name() == name && fits(link) {
            break link.index();
        }
    };
    // Others' doing too.
    lab.daemons.vsctl(&["add-port", "br0", "p0", "--", "set", "interface", "p0", "type=patch", "options:peer=p1"]);
    let index = next(16, "p0", &|link| link.master() == Some(br0) && data(link).peer() == Some("p1"));
    assert!(index >= FIRST);
    lab.daemons.vsctl(&["set", "port", "p0", "tag=9"]);
    next(16, "p0", &|link| port(link).is_some_and(|port| port.tag() == Some(9)));
    lab.daemons.vsctl(&["del-port", "p0"]);
    assert_eq!(next(17, "p0", &|_| true), index);
    // So are the changes of a link of which the kernel knows nothing.
    lab.daemons.vsctl(&["add-port", "br0", "v0", "tag=4"]);
    next(16, "v0", &|link| link.master() == Some(br0) && port(link).is_some_and(|port| port.tag() == Some(4)));
    lab.ipr.run(&link::Set::new("v0").no_master()).expect("taken off");
    next(16, "v0", &|link| link.master().is_none());
    lab.ipr.run(&link::Set::new("br0").kind(OpenVswitch::new().rstp(true))).expect("set");
    next(16, "br0", &|link| data(link).rstp() == Some(true));
}

#[test]
fn a_watch_follows_them() {
    let Some(mut lab) = Lab::new() else { return };
    lab.bridge("br0");
    let mut watch = lab.ipr.watch(Objects::LINKS).expect("begun");
    watch.deadline(Some(Duration::from_secs(60)));
    lab.ipr.run(&link::Add::new("gre0").kind(OpenVswitch::gre("192.0.2.1").bridge("br0"))).expect("made");
    let mut until = |fits: &dyn Fn(&Change) -> bool| loop {
        if let Event::Change(change) = watch.next().expect("told") {
            if fits(&change) {
                break;
            }
        }
    };
    until(&|change| change.to_string().contains("gre0"));
    lab.ipr.run(&link::Delete::new("gre0")).expect("deleted");
    until(&|change| change.to_string().contains("gre0"));
    assert!(watch.links().iter().all(|link| link.name() != "gre0"));
    assert!(watch.links().iter().any(|link| link.name() == "br0"));
}

/// Ports may have names that no link can have.
#[test]
fn long_names() {
    let Some(mut lab) = Lab::new() else { return };
    lab.bridge("br0");
    let name = "patch-to-the-provider-network-0";
    lab.ipr.run(&link::Add::new(name).kind(OpenVswitch::patch("there").bridge("br0"))).expect("made");
    assert_eq!(lab.ports("br0"), [name]);
    assert_eq!(lab.ipr.link(name).expect("there").name(), name);
    lab.ipr.run(&link::Set::new(name).port(OpenVswitchPort::new().tag(4))).expect("set");
    assert_eq!(lab.daemons.vsctl(&["get", "port", name, "tag"]), "4\n");
    lab.ipr.run(&link::Delete::new(name)).expect("deleted");
    assert_eq!(lab.ports("br0"), Vec::<String>::new());
}

#[test]
fn tunnels_of_the_kernels_datapath() {
    let Some(mut lab) = Lab::new() else { return };
    if !OvsDaemons::kernel_datapath() {
        skip!("openvswitch", "the kernel has no datapath");
    }
    lab.ipr.run(&link::Add::new("br0").kind("openvswitch").up()).expect("made");
    let br0 = lab.ipr.link("br0").expect("there").index();
    for (name, remote) in [("vx0", "192.0.2.1"), ("vx1", "192.0.2.3")] {
        lab.ipr.run(&link::Add::new(name).kind(OpenVswitch::vxlan(remote)).master(br0)).expect("made");
    }
    let shown = lab.daemons.space().enter(|| std::process::Command::new("ovs-dpctl").arg("show").output());
    let shown = String::from_utf8_lossy(&shown.expect("ovs-dpctl").stdout).into_owned();
    assert!(shown.contains("vxlan_sys_4789 (vxlan"), "{shown}");
    // Two tunnels share one link of the kernel's, which stays what it is.
    let names = lab.names(&link::List::all());
    for name in ["br0", "vx0", "vx1", "vxlan_sys_4789"] {
        assert!(names.iter().any(|known| known == name), "{name} in {names:?}");
    }
    assert_eq!(kind(&lab.ipr.link("vxlan_sys_4789").expect("there")), Some("vxlan"));
    let (vx0, vx1) = (lab.ipr.link("vx0").expect("there"), lab.ipr.link("vx1").expect("there"));
    assert!(vx0.index() >= FIRST && vx1.index() >= FIRST && vx0.index() != vx1.index());
    assert_eq!((vx0.master(), data(&vx0).remote()), (Some(br0), Some("192.0.2.1")));
    lab.ipr.run(&link::Delete::new("vx0")).expect("deleted");
    lab.ipr.run(&link::Delete::new("vx1")).expect("deleted");
    assert!(lab.kernel("vxlan_sys_4789").expect_err("gone").is_not_found());
}

#[cfg(feature = "tokio")]
#[test]
fn the_same_for_tasks() {
    use netloom::AsyncIpRoute;
    let Some(mut lab) = Lab::new() else { return };
    let br0 = lab.bridge("br0");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let ipr = AsyncIpRoute::in_namespace(ovs::enter(lab.daemons.space())).expect("opened");
        let database = netloom::openvswitch::OpenVswitch::at(lab.daemons.socket()).timeout(Duration::from_secs(60));
        ipr.set_open_vswitch(database);
        // The first question of a handle already shows what the database knows.
        let kind_of = |link: &Link| kind(link).map(str::to_owned);
        assert_eq!(kind_of(&ipr.link("br0").await.expect("there")).as_deref(), Some("openvswitch"));
        let mut told = ipr.subscribe(&[group::LINK]).expect("subscribed");
        let gre = link::Add::new("gre0").kind(OpenVswitch::gre("192.0.2.1").key("7")).master(br0);
        let made = ipr.run(&gre.created()).await.expect("made");
        assert_eq!(lab.options("gre0"), r#"{key="7", remote_ip="192.0.2.1"}"#);
        let mut next = async |wanted: u16| loop {
            let Notice::Message { command, payload, .. } = told.next().await.expect("told") else { continue };
            let link = Link::view(payload).expect("a link");
            if command == wanted && link.name() == "gre0" {
                break link.index();
            }
        };
        assert_eq!(next(16).await, made.index());
        let listed = ipr.run(&link::List::all()).await.expect("listed");
        assert!(listed.iter().any(|link| link.bytes() == made.bytes()));
        assert_eq!(ipr.link("gre0").await.expect("there").bytes(), made.bytes());
        ipr.run(&link::Set::new("gre0").kind(OpenVswitch::new().key("8"))).await.expect("set");
        assert_eq!(lab.options("gre0"), r#"{key="8", remote_ip="192.0.2.1"}"#);
        ipr.run(&link::Delete::new("gre0")).await.expect("deleted");
        assert_eq!(next(17).await, made.index());
        assert_eq!(lab.ports("br0"), Vec::<String>::new());
    });
}
