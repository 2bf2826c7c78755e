//! Against Open vSwitch's own daemons, judged by its own tools.

use std::{
    net::UdpSocket,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use netloom_ovs::{Change, ErrorKind, FailMode, NewBridge, NewPort, OpenVswitch, SetBridge, SetPort, Tunnel, VlanMode};
use netloom_testkit::{Namespace, OvsDaemons, skip};
use serde_json::{Value, json};

/// Daemons, and what is asked of them.
struct Lab {
    daemons: OvsDaemons,
}

impl Lab {
    fn new() -> Option<Self> {
        OvsDaemons::start().map(|daemons| Self { daemons })
    }

    fn ovs(&self) -> OpenVswitch {
        OpenVswitch::at(self.daemons.socket()).timeout(Duration::from_secs(60))
    }

    /// A bridge that is there.
    fn bridge(&self, name: &str) {
        self.ovs().add_bridge(NewBridge::new(name).datapath("netdev")).expect("made");
    }

    /// What `ovs-vsctl` prints, line by line.
    fn lines(&self, words: &[&str]) -> Vec<String> {
        self.daemons.vsctl(words).lines().map(str::to_owned).collect()
    }

    /// A row by `ovs-vsctl --format=json`, as `{column: value}`.
    fn row(&self, table: &str, name: &str) -> Value {
        let text = self.daemons.vsctl(&["--format=json", "list", table, name]);
        let told: Value = serde_json::from_str(&text).expect("JSON");
        let names = told["headings"].as_array().expect("headings").iter().map(|name| name.as_str().expect("text"));
        let values = told["data"][0].as_array().expect("a row");
        names.map(str::to_owned).zip(values.iter().cloned()).collect::<serde_json::Map<_, _>>().into()
    }
}

#[test]
fn a_bridge_comes_with_its_settings_and_goes() {
    let Some(lab) = Lab::new() else { return };
    let bridge = NewBridge::new("br0").datapath("netdev").fail_mode(FailMode::Secure).rstp(true);
    let bridge = bridge.multicast_snooping(true).external_id("owner", "a test").config("mac-aging-time", "30");
    lab.ovs().add_bridge(bridge).expect("made");
    let row = lab.row("bridge", "br0");
    assert_eq!((&row["datapath_type"], &row["fail_mode"]), (&json!("netdev"), &json!("secure")));
    assert_eq!((&row["rstp_enable"], &row["stp_enable"]), (&json!(true), &json!(false)));
    assert_eq!(row["mcast_snooping_enable"], json!(true));
    assert_eq!(row["external_ids"], json!(["map", [["owner", "a test"]]]));
    assert_eq!(row["other_config"], json!(["map", [["mac-aging-time", "30"]]]));
    // The call ended when the switch had followed.
    assert!(lab.daemons.appctl(&["dpif/show"]).contains("br0 65534"));
    lab.daemons.space().ip(&["link", "show", "dev", "br0"]);
    let listed = lab.ovs().list().expect("listed");
    let [bridge] = listed.bridges() else { panic!("{listed:?}") };
    assert!(bridge.rstp && !bridge.stp && bridge.multicast_snooping);
    assert_eq!((&*bridge.datapath, bridge.fail_mode.as_deref()), ("netdev", Some("secure")));
    assert_eq!((&*bridge.external_ids["owner"], &*bridge.other_config["mac-aging-time"]), ("a test", "30"));
    assert!(listed.interface("br0").expect("its own").is_bridge());

    lab.ovs().delete_bridge("br0").expect("deleted");
    assert!(lab.lines(&["list-br"]).is_empty());
    assert!(!lab.daemons.appctl(&["dpif/show"]).contains("br0"));
    assert!(lab.ovs().list().expect("listed").bridges().is_empty());
}

#[test]
fn an_empty_database_is_set_up() {
    let Some(lab) = Lab::new() else { return };
    let root = lab.daemons.vsctl(&["--bare", "--columns=_uuid", "list", "open_vswitch"]);
    lab.daemons.vsctl(&["--no-wait", "emer-reset"]);
    let destroy = format!(
        r#"["Open_vSwitch",{{"op":"delete","table":"Open_vSwitch","where":[["_uuid","==",["uuid","{}"]]]}}]"#,
        root.trim()
    );
    let socket = format!("unix:{}", lab.daemons.socket().display());
    let out = Command::new("ovsdb-client").args(["transact", &socket, &destroy]).output().expect("ovsdb-client");
    assert_eq!(String::from_utf8_lossy(&out.stdout).trim(), r#"[{"count":1}]"#);
    assert!(lab.ovs().list().expect("listed").bridges().is_empty());
    lab.bridge("br0");
    assert_eq!(lab.lines(&["list-br"]), ["br0"]);
}

#[test]
fn ports_of_every_kind_in_one_transaction() {
    let Some(lab) = Lab::new() else { return };
    lab.daemons.space().ip(&["link", "add", "v0", "type", "veth", "peer", "name", "v1"]);
    let remote = "127.0.0.2".parse().expect("an address");
    let local = "127.0.0.1".parse().expect("an address");
    let vxlan = Tunnel::to(remote).local(local).key(42).port(4790).ttl(7).inherit_tos().dont_fragment(false);
    let change = Change::new()
        .add_bridge(NewBridge::new("br0").datapath("netdev"))
        .add_bridge(NewBridge::new("br1").datapath("netdev"))
        .add_port("br0", NewPort::new("v0").tag(10))
        .add_port("br0", NewPort::internal("in0").trunks([20, 30]).vlan_mode(VlanMode::Trunk).mtu(1400).number(77))
        .add_port("br0", NewPort::patch("to-br1", "to-br0"))
        .add_port("br1", NewPort::patch("to-br0", "to-br1"))
        .add_port("br0", NewPort::vxlan("vx0", vxlan).external_id("owner", "a test"))
        .add_port("br1", NewPort::vxlan("vx1", Tunnel::by_flow()))
        .add_port("br0", NewPort::geneve("gv0", Tunnel::to(remote).key(0xff_ffff).checksum(true).inherit_ttl()))
        .add_port("br0", NewPort::gre("gre0", Tunnel::to(remote).key(u32::MAX).tos(8)).tag(4095));
    let before = lab.row("open_vswitch", ".")["next_cfg"].as_i64().expect("a number");
    lab.ovs().apply(&change).expect("all made");
    let root = lab.row("open_vswitch", ".");
    assert_eq!((root["next_cfg"].as_i64(), root["cur_cfg"].as_i64()), (Some(before + 1), Some(before + 1)));

    assert_eq!(lab.lines(&["list-br"]), ["br0", "br1"]);
    assert_eq!(lab.lines(&["list-ports", "br0"]), ["gre0", "gv0", "in0", "to-br1", "v0", "vx0"]);
    assert_eq!(lab.lines(&["list-ports", "br1"]), ["to-br0", "vx1"]);
    let port = lab.row("port", "in0");
    assert_eq!((&port["trunks"], &port["vlan_mode"]), (&json!(["set", [20, 30]]), &json!("trunk")));
    assert_eq!(
        (lab.row("port", "v0")["tag"].clone(), lab.row("port", "gre0")["tag"].clone()),
        (json!(10), json!(4095))
    );
    let kinds = ["v0", "in0", "to-br1", "vx0", "gv0", "gre0"].map(|name| lab.row("interface", name)["type"].clone());
    assert_eq!(kinds, ["", "internal", "patch", "vxlan", "geneve", "gre"].map(Value::from));
    let options = |name: &str| lab.row("interface", name)["options"].clone();
    assert_eq!(
        options("vx0"),
        json!([
            "map",
            [
                ["df_default", "false"],
                ["dst_port", "4790"],
                ["key", "42"],
                ["local_ip", "127.0.0.1"],
                ["remote_ip", "127.0.0.2"],
                ["tos", "inherit"],
                ["ttl", "7"]
            ]
        ])
    );
    assert_eq!(options("vx1"), json!(["map", [["key", "flow"], ["remote_ip", "flow"]]]));
    assert_eq!(
        options("gv0"),
        json!(["map", [["csum", "true"], ["key", "16777215"], ["remote_ip", "127.0.0.2"], ["ttl", "inherit"]]])
    );
    // The switch itself understood them.
    let shown = lab.daemons.appctl(&["dpif/show"]);
    for line in [
        "to-br1 ",
        "(patch: peer=to-br0)",
        "in0 77/",
        "(vxlan: ",
        "(geneve: csum=true, key=16777215, ",
        "key=4294967295",
    ] {
        assert!(shown.contains(line), "{line} in\n{shown}");
    }
    let mtu = lab.daemons.space().ip(&["-j", "link", "show", "dev", "in0"]);
    assert!(String::from_utf8_lossy(&mtu.stdout).contains(r#""mtu":1400"#));

    let listed = lab.ovs().list().expect("listed");
    let place = listed.interface("in0").expect("there");
    assert_eq!((&*place.bridge.name, &*place.port.trunks, place.interface.number), ("br0", &[20, 30][..], Some(77)));
    assert!(place.interface.is_internal() && !place.is_bridge());
    let place = listed.interface("vx0").expect("there");
    assert_eq!((&*place.interface.kind, &*place.interface.options["key"]), ("vxlan", "42"));
    assert_eq!(place.interface.external_ids["owner"], "a test");
    assert_eq!(listed.bridge("br1").expect("there").ports.len(), 3);
}

#[test]
fn ports_change_move_and_go() {
    let Some(lab) = Lab::new() else { return };
    lab.bridge("br0");
    lab.bridge("br1");
    let remote = "127.0.0.2".parse().expect("an address");
    lab.ovs().add_port("br0", NewPort::internal("in0").tag(5)).expect("made");
    lab.ovs().add_port("br0", NewPort::vxlan("vx0", Tunnel::to(remote).key(1))).expect("made");

    let set = SetPort::new("in0").no_tag().trunks([1, 2]).vlan_mode(Some(VlanMode::Trunk));
    lab.ovs().set_port(set).expect("changed");
    let port = lab.row("port", "in0");
    assert_eq!(
        (&port["tag"], &port["trunks"], &port["vlan_mode"]),
        (&json!(["set", []]), &json!(["set", [1, 2]]), &json!("trunk"))
    );
    lab.ovs().set_port(SetPort::new("in0").tag(7).trunks([]).vlan_mode(None)).expect("changed");
    let port = lab.row("port", "in0");
    assert_eq!(
        (&port["tag"], &port["trunks"], &port["vlan_mode"]),
        (&json!(7), &json!(["set", []]), &json!(["set", []]))
    );
    lab.ovs().set_port(SetPort::new("vx0").option("key", "2").option("ttl", "9")).expect("changed");
    let options = json!(["map", [["key", "2"], ["remote_ip", "127.0.0.2"], ["ttl", "9"]]]);
    assert_eq!(lab.row("interface", "vx0")["options"], options);

    lab.ovs().move_port("in0", "br1").expect("moved");
    assert_eq!(lab.daemons.vsctl(&["port-to-br", "in0"]).trim(), "br1");
    assert_eq!(lab.row("port", "in0")["tag"], json!(7));
    lab.ovs().move_port("in0", "br1").expect("there already");

    lab.ovs().delete_port("in0").expect("deleted");
    assert!(lab.lines(&["list-ports", "br1"]).is_empty());
    lab.ovs().delete_bridge("br0").expect("deleted, with its port");
    assert_eq!(lab.daemons.vsctl(&["--bare", "--columns=name", "list", "interface"]).trim(), "br1");
}

#[test]
fn errors_name_what_was_asked_and_what_is_wrong() {
    let Some(lab) = Lab::new() else { return };
    lab.bridge("br0");
    lab.ovs().add_port("br0", NewPort::internal("in0")).expect("made");
    let ovs = lab.ovs();
    let port = |name: &str| NewPort::internal(name);
    let cases = [
        (ovs.add_bridge(NewBridge::new("br0")), "add bridge br0: there is a bridge br0 already: File exists (EEXIST)"),
        (
            ovs.add_bridge(NewBridge::new("in0")),
            "add bridge in0: bridge br0 has a port in0 already: File exists (EEXIST)",
        ),
        (
            ovs.add_port("br0", port("in0")),
            "add port in0 to bridge br0: bridge br0 has a port in0 already: File exists (EEXIST)",
        ),
        (ovs.add_port("br9", port("x")), "add port x to bridge br9: there is no bridge br9: No such device (ENODEV)"),
        (ovs.delete_bridge("br9"), "delete bridge br9: there is no bridge br9: No such device (ENODEV)"),
        (ovs.delete_port("x"), "delete port x: no bridge has a port x: No such device (ENODEV)"),
        (ovs.delete_port("br0"), "delete port br0: br0 is the bridge's own port, which goes with the bridge only"),
        (ovs.move_port("in0", "br9"), "move port in0 to bridge br9: there is no bridge br9: No such device (ENODEV)"),
        (ovs.set_port(SetPort::new("x").tag(1)), "set port x: no bridge has a port x: No such device (ENODEV)"),
        (ovs.add_port("br0", port("t").tag(4096)), "add port t to bridge br0: 4096 is no VLAN: 0 to 4095"),
        (ovs.add_port("br0", port("")), "add port  to bridge br0: bridges and ports need a name"),
        // The database's own words.
        (
            ovs.add_port("br0", port("n").number(0)),
            "add port n to bridge br0: 0 is not in the valid range 1 to 65279 (inclusive) (constraint violation)",
        ),
    ];
    let before = lab.daemons.vsctl(&["show"]);
    for (outcome, expected) in cases {
        let error = outcome.expect_err(expected);
        assert!(error.to_string().starts_with(expected), "{error}\n{expected}");
    }
    assert!(ovs.add_bridge(NewBridge::new("br0")).expect_err("there").is_exists());
    assert!(ovs.delete_port("x").expect_err("absent").is_not_found());
    assert_eq!(lab.daemons.vsctl(&["show"]), before);
}

#[test]
fn what_the_switch_cannot_set_up_is_undone() {
    let Some(lab) = Lab::new() else { return };
    lab.bridge("br0");
    lab.ovs().add_port("br0", NewPort::internal("in0").tag(3)).expect("made");
    lab.ovs()
        .add_port("br0", NewPort::gre("gre0", Tunnel::to("127.0.0.2".parse().expect("an address"))))
        .expect("made");
    let before = lab.daemons.vsctl(&["show"]);

    let error = lab.ovs().add_port("br0", NewPort::new("nope")).expect_err("no such link");
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(
        error.to_string(),
        "add port nope to bridge br0: could not open network device nope (No such device); the change was undone"
    );
    assert_eq!(lab.daemons.vsctl(&["show"]), before);

    // One of many: all of them, and what was there is as it was.
    let change = Change::new()
        .set_port(SetPort::new("in0").tag(4).trunks([8]))
        .set_port(SetPort::new("gre0").option("key", "5"))
        .add_bridge(NewBridge::new("br1").datapath("netdev"))
        .move_port("in0", "br1")
        .add_port("br1", NewPort::new("nope"))
        .add_port("br1", NewPort::internal("in1"));
    let error = lab.ovs().apply(&change).expect_err("no such link").to_string();
    assert!(error.starts_with("add port nope to bridge br1: could not open network device nope"), "{error}");
    assert!(error.ends_with("; the change was undone"), "{error}");
    assert_eq!(lab.daemons.vsctl(&["show"]), before);

    // A datapath that there is not, about which the database does not say a word.
    let error = lab.ovs().add_bridge(NewBridge::new("br2").datapath("no-such")).expect_err("unknown").to_string();
    assert!(error.starts_with("add bridge br2: ") && error.ends_with("; the change was undone"), "{error}");
    assert_eq!(lab.daemons.vsctl(&["show"]), before);
}

/// Packets decide whether a tag is what it is called.
#[test]
fn only_ports_of_one_vlan_reach_each_other() {
    let Some(lab) = Lab::new() else { return };
    lab.bridge("br0");
    let ends = [Namespace::new().expect("as the first"), Namespace::new().expect("as the first")];
    for (number, (end, port)) in ends.iter().zip(["v0", "v1"]).enumerate() {
        let ip = |words: &str| lab.daemons.space().ip(&words.split(' ').collect::<Vec<_>>());
        ip(&format!("link add {port} type veth peer name eth0 netns {}", end.name()));
        ip(&format!("link set {port} up"));
        end.ip(&["addr", "add", &format!("192.0.2.{}/24", number + 1), "dev", "eth0"]);
        end.ip(&["link", "set", "eth0", "up"]);
        lab.ovs().add_port("br0", NewPort::new(port).tag(10)).expect("made");
    }
    // Whether the other end answers: without an answer to ARP the kernel knows no hardware address of it.
    let reaches = |patience: Duration| {
        ends[0].ip(&["neigh", "flush", "dev", "eth0"]);
        let socket = ends[0].enter(|| UdpSocket::bind("192.0.2.1:0")).expect("bound");
        let end = Instant::now() + patience;
        while Instant::now() < end {
            let _ = socket.send_to(b"?", "192.0.2.2:9");
            thread::sleep(Duration::from_millis(100));
            let known = ends[0].ip(&["neigh", "show", "192.0.2.2", "dev", "eth0"]);
            if String::from_utf8_lossy(&known.stdout).contains("lladdr") {
                return true;
            }
        }
        false
    };
    assert!(reaches(Duration::from_secs(60)));
    lab.ovs().set_port(SetPort::new("v1").tag(20)).expect("changed");
    assert!(!reaches(Duration::from_secs(2)));
    lab.ovs().set_port(SetPort::new("v0").tag(20)).expect("changed");
    assert!(reaches(Duration::from_secs(60)));
}

#[test]
fn a_mirror_follows_what_others_change() {
    let Some(lab) = Lab::new() else { return };
    let mut mirror = lab.ovs().mirror().expect("opened");
    assert!(mirror.refresh().expect("asked").bridges().is_empty());
    lab.bridge("br0");
    lab.daemons.vsctl(&["add-port", "br0", "in0", "tag=9", "--", "set", "interface", "in0", "type=internal"]);
    let place =
        |mirror: &mut netloom_ovs::Mirror| mirror.refresh().expect("asked").interface("in0").map(|p| p.port.tag);
    assert_eq!(place(&mut mirror), Some(Some(9)));
    lab.daemons.vsctl(&["clear", "port", "in0", "tag"]);
    assert_eq!(place(&mut mirror), Some(None));
    assert_eq!(*mirror.synchronize().expect("asked"), lab.ovs().list().expect("listed"));
    lab.daemons.vsctl(&["del-port", "in0"]);
    assert_eq!(place(&mut mirror), None);
}

#[test]
fn settings_change_and_are_taken_back() {
    let Some(lab) = Lab::new() else { return };
    lab.bridge("br0");
    let tunnel = Tunnel::with([("remote_ip", "flow"), ("key", "7"), ("tos", "inherit")]);
    lab.ovs().add_port("br0", NewPort::vxlan("vx0", tunnel)).expect("made");
    let set = SetPort::new("vx0").no_option("tos").option("key", "8");
    assert!(!set.is_empty() && SetPort::new("vx0").is_empty());
    let secure = SetBridge::new("br0").fail_mode(FailMode::Secure).stp(true).multicast_snooping(true);
    lab.ovs().apply(&Change::new().set_bridge(secure).set_port(set)).expect("changed");
    let columns = ["get", "bridge", "br0", "fail_mode", "stp_enable", "rstp_enable", "mcast_snooping_enable"];
    assert_eq!(lab.lines(&columns), ["secure", "true", "false", "true"]);
    assert_eq!(lab.lines(&["get", "interface", "vx0", "options"]), [r#"{key="8", remote_ip=flow}"#]);
    let before = lab.daemons.vsctl(&["list", "bridge", "br0"]);
    let change = Change::new()
        .set_bridge(SetBridge::new("br0").fail_mode(FailMode::Standalone).stp(false))
        .set_port(SetPort::new("vx0").no_option("remote_ip"));
    let error = lab.ovs().apply(&change).expect_err("a tunnel to nowhere").to_string();
    assert!(error.starts_with("set port vx0: vx0: vxlan type requires valid 'remote_ip' argument"), "{error}");
    assert_eq!(lab.daemons.vsctl(&["list", "bridge", "br0"]), before);
    assert_eq!(lab.lines(&["get", "interface", "vx0", "options"]), [r#"{key="8", remote_ip=flow}"#]);
    let error = lab.ovs().set_bridge(SetBridge::new("br9").stp(true)).expect_err("absent");
    assert!(error.is_not_found(), "{error}");
    // Open vSwitch adds a tunnel to its new bridge before it leaves the old one.
    lab.bridge("br1");
    lab.ovs().move_port("vx0", "br1").expect("moved");
    assert_eq!(lab.lines(&["list-ports", "br1"]), ["vx0"]);
    assert_eq!(lab.lines(&["get", "interface", "vx0", "error"]), ["[]"]);
}

#[test]
fn a_patch_port_waits_for_its_peer() {
    let Some(lab) = Lab::new() else { return };
    lab.bridge("br0");
    lab.ovs().add_port("br0", NewPort::patch("p0", "p1")).expect("made");
    let place = |name: &str| {
        let inventory = lab.ovs().list().expect("listed");
        inventory.interface(name).map(|place| (place.interface.is_linkless(), place.interface.error.is_some()))
    };
    assert_eq!(place("p0"), Some((true, true)));
    lab.ovs().add_port("br0", NewPort::patch("p1", "p0")).expect("made");
    assert_eq!((place("p0"), place("p1")), (Some((true, false)), Some((true, false))));
    let error = lab.ovs().add_port("br0", NewPort::patch("p2", "p2")).expect_err("to itself").to_string();
    assert!(error.ends_with("p2: patch peer must not be self; the change was undone"), "{error}");
    assert_eq!(place("p2"), None);
}

#[test]
fn a_mirror_tells_when_it_has_heard_all() {
    let Some(lab) = Lab::new() else { return };
    let mut mirror = lab.ovs().mirror().expect("opened");
    let ear = mirror.ear().expect("heard");
    lab.bridge("br0");
    let now = mirror.now().expect("asked");
    while !mirror.has_reached(now) {
        assert!(ear.listen(Duration::from_secs(60)), "it says nothing");
        mirror.poll().expect("told");
    }
    assert_eq!(mirror.inventory().bridges().len(), 1);
    lab.daemons.pause_database();
    let now = mirror.now().expect("asked");
    let begin = Instant::now();
    assert!(!mirror.poll().expect("told") && !mirror.has_reached(now));
    assert!(!ear.listen(Duration::from_millis(20)) && begin.elapsed() < Duration::from_secs(5));
    lab.daemons.resume();
    while !mirror.has_reached(now) {
        assert!(ear.listen(Duration::from_secs(60)), "it says nothing");
        mirror.poll().expect("told");
    }
}

#[test]
fn a_mirror_outlives_the_database() {
    let Some(mut lab) = Lab::new() else { return };
    lab.bridge("br0");
    let mut mirror = lab.ovs().mirror().expect("opened");
    lab.daemons.kill_database();
    assert!(mirror.synchronize().is_err());
    let error = mirror.refresh().expect_err("nobody there");
    assert!(error.to_string().starts_with("Open vSwitch is not running: "), "{error}");
    lab.daemons.start_database();
    assert_eq!(mirror.refresh().expect("again").bridges().len(), 1);
}

#[test]
fn the_datapath_of_the_kernel() {
    let Some(lab) = Lab::new() else { return };
    if !OvsDaemons::kernel_datapath() {
        skip!("openvswitch", "the kernel has no datapath");
    }
    lab.daemons.space().ip(&["link", "add", "v0", "type", "veth", "peer", "name", "v1"]);
    let remote = "127.0.0.2".parse().expect("an address");
    let change = Change::new()
        .add_bridge(NewBridge::new("br0"))
        .add_port("br0", NewPort::new("v0").tag(10))
        .add_port("br0", NewPort::internal("in0"))
        .add_port("br0", NewPort::vxlan("vx0", Tunnel::to(remote)));
    lab.ovs().apply(&change).expect("made");
    let shown = lab.daemons.space().enter(|| Command::new("ovs-dpctl").arg("show").output().expect("ovs-dpctl"));
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    for port in ["br0 (internal)", "in0 (internal)", ": v0", "vxlan_sys_4789 (vxlan"] {
        assert!(shown.contains(port), "{port} in\n{shown}");
    }
    let links = lab.daemons.space().ip(&["-d", "-j", "link", "show", "dev", "v0"]);
    assert!(String::from_utf8_lossy(&links.stdout).contains(r#""info_slave_kind":"openvswitch""#));
    lab.ovs().delete_bridge("br0").expect("deleted");
    let shown = lab.daemons.space().enter(|| Command::new("ovs-dpctl").arg("show").output().expect("ovs-dpctl"));
    assert!(!String::from_utf8_lossy(&shown.stdout).contains("br0"));
}
