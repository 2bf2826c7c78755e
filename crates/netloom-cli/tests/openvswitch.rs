//! Links of Open vSwitch in the words of `ip link`, judged by `ovs-vsctl`.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Output, Stdio},
    time::Duration,
};

use netloom_testkit::OvsDaemons;
use serde_json::{Value, json};

/// Daemons, and the command in their namespace.
struct Lab {
    daemons: OvsDaemons,
}

impl Lab {
    fn new() -> Option<Self> {
        OvsDaemons::start().map(|daemons| Self { daemons })
    }

    fn command(&self, line: &str) -> Command {
        let folder = self.daemons.socket();
        let mut command = Command::new(env!("CARGO_BIN_EXE_netloom"));
        command.env("OVS_RUNDIR", folder.parent().expect("a folder")).args(["-n", self.daemons.space().name()]);
        command.args(line.split_whitespace());
        command
    }

    fn run(&self, line: &str) -> Output {
        self.command(line).output().expect("runs")
    }

    /// What is printed; it has to succeed.
    fn ok(&self, line: &str) -> String {
        let out = self.run(line);
        assert!(out.status.success(), "{line}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).expect("text")
    }

    /// What is complained of; it has to fail.
    fn refused(&self, line: &str) -> String {
        let out = self.run(line);
        assert!(!out.status.success(), "{line}");
        String::from_utf8(out.stderr).expect("text")
    }

    fn shown(&self, name: &str) -> Value {
        let links: Value = serde_json::from_str(&self.ok(&format!("-j -d link show dev {name}"))).expect("JSON");
        links[0].clone()
    }
}

#[test]
fn bridges_and_ports_in_words() {
    let Some(lab) = Lab::new() else { return };
    lab.ok("link add br0 type openvswitch datapath netdev fail_mode secure rstp on");
    assert_eq!(
        lab.daemons.vsctl(&["get", "bridge", "br0", "datapath_type", "fail_mode", "rstp_enable"]),
        "netdev\nsecure\ntrue\n"
    );
    lab.ok("link add v0 type veth peer name v1");
    lab.ok("link set v0 up master br0");
    lab.ok("link set v0 type openvswitch_slave tag 5 trunks 10 20 vlan_mode native-tagged");
    assert_eq!(lab.daemons.vsctl(&["get", "port", "v0", "tag", "trunks", "vlan_mode"]), "5\n[10, 20]\nnative-tagged\n");
    lab.ok("link add in0 master br0 type openvswitch");
    assert_eq!(lab.daemons.vsctl(&["list-ports", "br0"]), "in0\nv0\n");

    let shown = lab.shown("br0");
    assert_eq!(shown["linkinfo"]["info_kind"], "openvswitch");
    let data =
        json!({"datapath": "netdev", "fail_mode": "secure", "stp": false, "rstp": true, "mcast_snooping": false});
    assert_eq!(shown["linkinfo"]["info_data"], data);
    assert_eq!(shown.get("master"), None);
    let shown = lab.shown("v0");
    assert_eq!((&shown["master"], &shown["linkinfo"]["info_kind"]), (&json!("br0"), &json!("veth")));
    assert_eq!(shown["linkinfo"]["info_slave_kind"], "openvswitch");
    assert_eq!(
        shown["linkinfo"]["info_slave_data"],
        json!({"tag": 5, "trunks": [10, 20], "vlan_mode": "native-tagged"})
    );
    let text = lab.ok("-d link show dev v0");
    assert!(text.contains("openvswitch_slave tag 5 trunks 10 20 vlan_mode native-tagged"), "{text}");
    // Filters go by what is shown.
    let names = |line: &str| -> Vec<String> {
        let links: Value = serde_json::from_str(&lab.ok(line)).expect("JSON");
        let links = links.as_array().expect("links");
        links.iter().map(|link| link["ifname"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(names("-j link show type openvswitch"), ["br0", "in0"]);
    assert_eq!(names("-j link show master br0"), ["v0", "in0"]);

    lab.ok("link set v0 type openvswitch_slave notag notrunks");
    assert_eq!(lab.daemons.vsctl(&["get", "port", "v0", "tag", "trunks"]), "[]\n[]\n");
    lab.ok("link set v0 nomaster");
    lab.ok("link del in0");
    assert_eq!(lab.daemons.vsctl(&["list-ports", "br0"]), "");
    lab.ok("link del br0");
    assert_eq!(lab.daemons.vsctl(&["list-br"]), "");
}

#[test]
fn complaints() {
    let Some(mut lab) = Lab::new() else { return };
    let complaint = lab.refused("link add br0 type openvswitch fail_mode lazy");
    assert!(complaint.contains("lazy is no mode of failure: standalone or secure"), "{complaint}");
    let complaint = lab.refused("link set lo type openvswitch_slave tag 4096");
    assert!(complaint.contains("4096"), "{complaint}");
    lab.daemons.kill_database();
    let complaint = lab.refused("link add br0 type openvswitch");
    assert!(complaint.contains("Open vSwitch is not running: nobody listens at the database socket"), "{complaint}");
}

#[test]
fn a_monitor_shows_ports_with_their_bridge() {
    let Some(lab) = Lab::new() else { return };
    lab.ok("link add br0 type openvswitch datapath netdev");
    lab.ok("link add v0 type veth peer name v1");
    let mut watcher = lab.command("-j monitor link").stdout(Stdio::piped()).spawn().expect("runs");
    let mut lines = BufReader::new(watcher.stdout.take().expect("a pipe")).lines();
    std::thread::sleep(Duration::from_secs(1));
    lab.ok("link set v0 master br0");
    lab.ok("link set v0 mtu 1400");
    std::thread::sleep(Duration::from_secs(1));
    watcher.kill().expect("killed");
    let _ = watcher.wait();
    let told: Vec<Value> =
        lines.by_ref().map(|line| serde_json::from_str(&line.expect("text")).expect("JSON")).collect();
    assert!(told.iter().any(|line| line["ifname"] == "v0" && line["master"] == "br0"), "{told:?}");
}
