//! Links of Open vSwitch in the words of `ip link`, judged by `ovs-vsctl`.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Output, Stdio},
    sync::atomic::{AtomicBool, Ordering},
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

/// A monitor that has subscribed, and what it tells. It ends with this.
struct Monitor {
    process: Child,
    lines: Box<dyn Iterator<Item = String>>,
}

impl Monitor {
    /// Begins one, in a lab with a bridge `br0`.
    fn begin(lab: &Lab, line: &str) -> Self {
        let mut process = lab.command(line).stdout(Stdio::piped()).spawn().expect("runs");
        let lines = BufReader::new(process.stdout.take().expect("piped")).lines().map_while(Result::ok);
        let mut monitor = Self { process, lines: Box::new(lines) };
        // It has subscribed once it tells of something; until then what comes may be missed.
        let over = AtomicBool::new(false);
        let begun = std::thread::scope(|scope| {
            scope.spawn(|| {
                for mtu in (1200..1400).cycle().take_while(|_| !over.load(Ordering::Acquire)) {
                    lab.ok(&format!("link set br0 mtu {mtu}"));
                }
            });
            let begun = monitor.lines.any(|line| line.contains("br0"));
            over.store(true, Ordering::Release);
            begun
        });
        assert!(begun, "it ended");
        monitor
    }

    /// The next line that fits.
    fn until(&mut self, fits: impl Fn(&str) -> bool) -> String {
        self.lines.find(|line| fits(line)).expect("it goes on")
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
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
fn patch_ports_and_tunnels_in_words() {
    let Some(lab) = Lab::new() else { return };
    lab.ok("link add br0 type openvswitch datapath netdev");
    lab.ok("link add br1 type openvswitch datapath netdev");
    lab.ok("link add p0 type openvswitch port patch peer p1 bridge br0");
    lab.ok("link add p1 up master br1 type openvswitch port patch peer p0 tag 7");
    let vxlan = "type openvswitch port vxlan bridge br0 remote 192.0.2.1 local 192.0.2.2 key 42 dstport 8472 tos inherit \
        ttl 9 csum on df_default off egress_pkt_mark 5 option a=b trunks 10 20 tag 5 vlan_mode native-untagged";
    lab.ok(&format!("link add vx0 {vxlan}"));
    lab.ok("link add gv0 type openvswitch port geneve bridge br0 remote flow key flow");
    lab.ok("link add gre0 type openvswitch port gre bridge br1 remote 192.0.2.9 in_key 1 out_key 2 seq on packet_type ptap");
    lab.ok("link add in0 type openvswitch port internal bridge br1 tag 3");
    assert_eq!(lab.daemons.vsctl(&["list-ports", "br0"]), "gv0\np0\nvx0\n");
    assert_eq!(lab.daemons.vsctl(&["list-ports", "br1"]), "gre0\nin0\np1\n");
    let options = |name: &str| lab.daemons.vsctl(&["get", "interface", name, "type", "options"]);
    assert_eq!(options("p1"), "patch\n{peer=p0}\n");
    assert_eq!(
        options("vx0"),
        "vxlan\n{a=b, csum=\"true\", df_default=\"false\", dst_port=\"8472\", egress_pkt_mark=\"5\", key=\"42\", \
         local_ip=\"192.0.2.2\", remote_ip=\"192.0.2.1\", tos=inherit, ttl=\"9\"}\n"
    );
    assert_eq!(options("gv0"), "geneve\n{key=flow, remote_ip=flow}\n");
    let port = |name: &str| lab.daemons.vsctl(&["get", "port", name, "tag", "trunks", "vlan_mode"]);
    assert_eq!(port("vx0"), "5\n[10, 20]\nnative-untagged\n");
    assert_eq!(port("in0"), "3\n[]\n[]\n");

    let shown = lab.shown("vx0");
    assert_eq!((&shown["master"], &shown["operstate"]), (&json!("br0"), &json!("UP")));
    let data = json!({"port": "vxlan", "remote": "192.0.2.1", "local": "192.0.2.2", "key": "42", "dstport": 8472,
        "tos": "inherit", "ttl": "9", "csum": true, "df_default": false, "egress_pkt_mark": 5, "options": ["a=b"]});
    assert_eq!(shown["linkinfo"]["info_data"], data);
    let text = lab.ok("-d link show dev gre0");
    let said = "openvswitch port gre remote 192.0.2.9 in_key 1 out_key 2 seq on packet_type ptap";
    assert!(text.contains(said) && text.contains("master br1"), "{text}");
    let listed = lab.ok("-br link show type openvswitch");
    let names: Vec<&str> = listed.lines().filter_map(|line| line.split_whitespace().next()).collect();
    for name in ["br0", "br1", "p0", "p1", "vx0", "gv0", "gre0", "in0"] {
        assert!(names.contains(&name), "{name} in {listed}");
    }

    lab.ok("link set vx0 type openvswitch key 43 unset tos unset a notag notrunks");
    assert!(options("vx0").contains("key=\"43\"") && !options("vx0").contains("tos"), "{}", options("vx0"));
    assert_eq!(port("vx0"), "[]\n[]\nnative-untagged\n");
    lab.ok("link set vx0 type openvswitch_slave tag 6");
    lab.ok("link set vx0 master br1");
    assert_eq!(lab.daemons.vsctl(&["list-ports", "br1"]), "gre0\nin0\np1\nvx0\n");
    lab.ok("link set br0 type openvswitch fail_mode secure stp on");
    assert_eq!(lab.daemons.vsctl(&["get", "bridge", "br0", "fail_mode", "stp_enable"]), "secure\ntrue\n");
    lab.ok("link replace gv0 type openvswitch remote 192.0.2.3");
    assert_eq!(options("gv0"), "geneve\n{key=flow, remote_ip=\"192.0.2.3\"}\n");
    for name in ["vx0", "gv0", "gre0", "p0", "p1", "in0"] {
        lab.ok(&format!("link del {name}"));
    }
    assert_eq!(lab.daemons.vsctl(&["list-ports", "br0"]) + &lab.daemons.vsctl(&["list-ports", "br1"]), "");
}

#[test]
fn ports_come_and_go_in_the_monitor() {
    let Some(lab) = Lab::new() else { return };
    lab.ok("link add br0 type openvswitch datapath netdev");
    let mut monitor = Monitor::begin(&lab, "monitor link");
    lab.daemons.vsctl(&["add-port", "br0", "p0", "--", "set", "interface", "p0", "type=patch", "options:peer=p1"]);
    let come = monitor.until(|line| line.contains(" p0: "));
    assert!(come.contains("master br0") && !come.contains("Deleted"), "{come}");
    lab.ok("link del p0");
    let gone = monitor.until(|line| line.contains("Deleted"));
    assert!(gone.contains(" p0: "), "{gone}");
}

#[test]
fn complaints() {
    let Some(mut lab) = Lab::new() else { return };
    let complaint = lab.refused("link add br0 type openvswitch fail_mode lazy");
    assert!(complaint.contains("lazy is no mode of failure: standalone or secure"), "{complaint}");
    let complaint = lab.refused("link set lo type openvswitch_slave tag 4096");
    assert!(complaint.contains("4096"), "{complaint}");
    let complaint = lab.refused("link add x type openvswitch port vxlan remote 192.0.2.1");
    assert!(
        complaint.contains("a port of the type vxlan needs a bridge of Open vSwitch, as master or by name"),
        "{complaint}"
    );
    let complaint = lab.refused("link add x type openvswitch port gre bridge br7 remote 192.0.2.1");
    assert!(complaint.contains("there is no bridge br7"), "{complaint}");
    lab.daemons.kill_database();
    let complaint = lab.refused("link add br0 type openvswitch");
    assert!(complaint.contains("Open vSwitch is not running: nobody listens at the database socket"), "{complaint}");
}

#[test]
fn a_monitor_shows_ports_with_their_bridge() {
    let Some(lab) = Lab::new() else { return };
    lab.ok("link add br0 type openvswitch datapath netdev");
    lab.ok("link add v0 type veth peer name v1");
    let mut monitor = Monitor::begin(&lab, "-j monitor link");
    lab.ok("link set v0 master br0");
    lab.ok("link set v0 mtu 1400");
    let told = monitor.until(|line| line.contains(r#""mtu":1400"#));
    let told: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!((&told["ifname"], &told["master"]), (&json!("v0"), &json!("br0")), "{told}");
}
