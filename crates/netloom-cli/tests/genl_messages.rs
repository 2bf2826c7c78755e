//! Messages of generic netlink: what families tell, and what foreign programs say to them under strace.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

mod support;

use std::io::Write as _;
use std::process::{Command, Stdio};

use netloom_testkit::skip;
use serde_json::Value as Json;
use support::answers::{in_namespace, lines, watch, watching};

/// What strace is to print, for `decode` to read.
const STRACE: &str = "strace -e trace=network,read,write -e read=all -e write=all";

/// Decodes a trace; gives the messages, what was complained of, and the exit code.
fn decode(words: &[&str], trace: &str) -> (Vec<Json>, String, Option<i32>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_netloom"))
        .args(["-j", "decode"])
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let text = trace.to_owned();
    let writer = std::thread::spawn(move || pipe.write_all(text.as_bytes()));
    let out = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let messages = serde_json::from_slice(&out.stdout).unwrap();
    (messages, String::from_utf8(out.stderr).unwrap(), out.status.code())
}

/// Messages of one type, which all have to be of this family.
fn of_type<'a>(messages: &'a [Json], family: &str, kind: &str) -> Vec<&'a Json> {
    let found: Vec<_> = messages.iter().filter(|message| message["type"] == kind).collect();
    assert!(found.iter().all(|message| message["family"] == family), "{found:?}");
    found
}

/// Like [`watch`], in the initial network namespace, where alone some families are.
fn watch_here(words: &str, script: &str) -> Vec<Json> {
    let out = Command::new("sh").args(["-c", &watching(words, script)]).output().unwrap();
    lines(&String::from_utf8(out.stdout).unwrap())
}

/// Whether a tool is not installed, which is then a skip.
macro_rules! need {
    ($tool:literal) => {
        if Command::new($tool).arg("--version").output().is_err() {
            skip!($tool, "it is not installed");
        }
    };
}

#[test]
fn what_ethtool_says_is_decoded_and_written_again() {
    need!("strace");
    need!("ethtool");
    let script = format!(
        "ip link add v0 type veth peer name v1\n{STRACE} ethtool -k v0 2>&1 >/dev/null\n{STRACE} ethtool -K v0 gro on 2>&1 >/dev/null"
    );
    let Some(trace) = in_namespace(&script) else { return };
    let (messages, complaints, code) = decode(&["--check"], &trace);
    assert_eq!((complaints.as_str(), code), ("", Some(0)));
    let names = |kind: &str, header: &str| -> Vec<Json> {
        let found = of_type(&messages, "ethtool", kind);
        found.iter().map(|message| message["attributes"][header]["ETHTOOL_A_HEADER_DEV_NAME"].clone()).collect()
    };
    // It is asked by name, and the kernel, whose commands have numbers of their own, answers with the name.
    assert!(names("ETHTOOL_MSG_FEATURES_GET", "ETHTOOL_A_FEATURES_HEADER").contains(&"v0".into()), "{messages:?}");
    assert!(names("ETHTOOL_MSG_FEATURES_GET_REPLY", "ETHTOOL_A_FEATURES_HEADER").contains(&"v0".into()));
    let set = of_type(&messages, "ethtool", "ETHTOOL_MSG_FEATURES_SET");
    assert_eq!(set.len(), 1, "{messages:?}");
    assert!(set[0]["flags"].as_array().unwrap().contains(&"NLM_F_REQUEST".into()), "{}", set[0]);
    assert!(of_type(&messages, "nlctrl", "CTRL_CMD_GETFAMILY").len() >= 2);
    let generic: Vec<_> = messages.iter().filter(|message| message["protocol"] == "generic").collect();
    assert!(generic.iter().all(|message| !message["type"].as_str().unwrap().starts_with('#')), "{generic:?}");
}

#[test]
fn numbers_come_from_the_input_or_from_the_kernel_when_asked() {
    need!("strace");
    need!("ethtool");
    let script = format!("ip link add v0 type veth peer name v1\n{STRACE} ethtool -k v0 2>&1 >/dev/null");
    let Some(trace) = in_namespace(&script) else { return };
    // Without what is said to the controller, which comes first, and what it answers.
    let (head, rest) = trace.split_once("\nsendto(").unwrap();
    let (_, rest) = rest.split_once("\nsendto(").unwrap();
    let cut = format!("{head}\nsendto({rest}");

    let (messages, ..) = decode(&[], &cut);
    let unknown: Vec<_> = messages.iter().filter(|message| message["protocol"] == "generic").collect();
    assert!(!unknown.is_empty(), "{cut}");
    for message in unknown.iter().filter(|message| message["type"] != "NLMSG_ERROR") {
        assert_eq!(message["family"], format!("#{}", message["number"]), "{message}");
        assert!(message["payload"].is_string() && message.get("attributes").is_none(), "{message}");
    }
    let (messages, complaints, code) = decode(&["--running", "--check"], &cut);
    assert_eq!((complaints.as_str(), code), ("", Some(0)));
    assert!(!of_type(&messages, "ethtool", "ETHTOOL_MSG_FEATURES_GET_REPLY").is_empty(), "{messages:?}");
}

#[test]
fn families_without_tables_are_shown_as_bytes() {
    need!("strace");
    let Some(trace) = in_namespace(&format!("{STRACE} ip tcp_metrics show 10.0.0.1 2>&1 >/dev/null || true")) else {
        return;
    };
    if !trace.contains("0a 00 00 01") && !trace.contains("\\n\\0\\0\\1") {
        skip!("tcp_metrics", "the kernel has none");
    }
    let (messages, complaints, code) = decode(&["--check"], &trace);
    assert_eq!((complaints.as_str(), code), ("", Some(0)));
    let asked = messages.iter().find(|message| message["family"] == "tcp_metrics").unwrap();
    assert_eq!((&asked["type"], &asked["command"]), (&"#1".into(), &1.into()));
    assert_eq!(asked["attributes"], serde_json::json!({ "#1": "0a000001" }));
}

#[test]
fn what_wg_says_is_decoded_but_for_secrets() {
    need!("strace");
    need!("wg");
    const PRIVATE: &str = "YOJSGcCEO6fmoSSAdm8VtYp6mSZ9+Rp+z0Dl1wPkjVE=";
    const PEER: &str = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
    let script = format!(
        "ip link add wg0 type wireguard || exit 0\necho {PRIVATE} > /dev/shm/$$; \
         {STRACE} wg set wg0 private-key /dev/shm/$$ listen-port 51820 peer {PEER} endpoint 192.0.2.1:7 allowed-ips 10.0.0.0/8 2>&1\n\
         rm /dev/shm/$$\n{STRACE} wg show wg0 2>&1 >/dev/null"
    );
    let Some(trace) = in_namespace(&script) else { return };
    if !trace.contains("AF_NETLINK") {
        skip!("wireguard", "the kernel has none");
    }
    let (messages, complaints, code) = decode(&["--check"], &trace);
    assert_eq!((complaints.as_str(), code), ("", Some(0)));
    let set = of_type(&messages, "wireguard", "WG_CMD_SET_DEVICE");
    let attributes = &set.first().unwrap()["attributes"];
    assert_eq!(attributes["WGDEVICE_A_LISTEN_PORT"], 51820);
    let key = "c53201039adba14be71f886da1d8dbe9eebded08cb111b75340078999aa9f038";
    assert_eq!(attributes["WGDEVICE_A_PEERS"][0]["WGPEER_A_PUBLIC_KEY"], key);
    let shown = of_type(&messages, "wireguard", "WG_CMD_GET_DEVICE");
    let reply = shown.iter().find(|message| message["attributes"].get("WGDEVICE_A_PEERS").is_some()).unwrap();
    assert_eq!(reply["attributes"]["WGDEVICE_A_IFNAME"], "wg0");
    let secret = "60e25219c0843ba7e6a12480766f15b58a7a99267df91a7ecf40e5d703e48d51";
    assert!(messages.iter().all(|message| !message.to_string().contains(secret)));
}

#[test]
fn what_ethtool_changes_is_told() {
    need!("ethtool");
    let change = "ip link add v0 type veth peer name v1\nethtool -K v0 gro on\nethtool -K v0 gro off\nethtool -s v0 msglvl 1 2>/dev/null || true";
    let Some(lines) = watch("genl monitor ethtool monitor", change) else { return };
    let features: Vec<_> = lines.iter().filter(|line| line["type"] == "ETHTOOL_MSG_FEATURES_NTF").collect();
    assert_eq!(features.len(), 2, "{lines:?}");
    for line in &features {
        assert_eq!(line["family"], "ethtool");
        assert_eq!(line["attributes"]["ETHTOOL_A_FEATURES_HEADER"]["ETHTOOL_A_HEADER_DEV_NAME"], "v0");
    }
    // Generic receive offload is bit 14 (NETIF_F_GRO_BIT, linux/netdev_features.h).
    let is_on = |line: &Json| {
        line["attributes"]["ETHTOOL_A_FEATURES_ACTIVE"]["ETHTOOL_A_BITSET_VALUE"][0].as_u64().unwrap() >> 14 & 1
    };
    assert_eq!(features.iter().map(|line| is_on(line)).collect::<Vec<_>>(), [1, 0]);
}

#[test]
fn families_that_come_and_go_are_told() {
    let module = |words: &[&str]| Command::new("modprobe").args(words).output().is_ok_and(|out| out.status.success());
    if !module(&["l2tp_netlink"]) || !module(&["-r", "l2tp_netlink"]) {
        skip!("l2tp_netlink", "the module cannot be loaded");
    }
    let Some(lines) = watch("genl monitor nlctrl", "modprobe l2tp_netlink\nmodprobe -r l2tp_netlink") else { return };
    let told = |kind: &str| {
        let of = lines.iter().filter(|line| line["attributes"]["CTRL_ATTR_FAMILY_NAME"] == "l2tp");
        of.filter(|line| line["type"] == kind).count()
    };
    assert_eq!((told("CTRL_CMD_NEWFAMILY"), told("CTRL_CMD_DELFAMILY")), (1, 1), "{lines:?}");
}

#[test]
fn tasks_that_end_are_told() {
    if !netloom_testkit::is_root() {
        skip!("root", "task statistics take CAP_NET_ADMIN in the initial user namespace");
    }
    let lines = watch_here("genl monitor TASKSTATS", "cat /dev/null");
    let name: String = "cat".bytes().map(|byte| format!("{byte:02x}")).collect();
    let ended = lines.iter().filter(|line| {
        let stats = &line["attributes"]["TASKSTATS_TYPE_AGGR_PID"]["TASKSTATS_TYPE_STATS"];
        stats["ac_comm"].as_str().is_some_and(|comm| comm.trim_end_matches("00") == name)
    });
    assert!(ended.count() >= 1, "{lines:?}");
}

/// Whether this is the guest, whose thermal zone and power button are nobody's but the tests'.
fn is_guest() -> bool {
    std::env::var("NETLOOM_GUEST").is_ok_and(|is| is == "1")
}

#[test]
fn what_happens_to_thermal_zones_is_told() {
    if !is_guest() {
        skip!("thermal", "this machine's zones are not to be switched off");
    }
    let mode = "/sys/class/thermal/thermal_zone0/mode";
    let lines = watch_here("genl monitor thermal event", &format!("echo disabled > {mode}\necho enabled > {mode}"));
    let told: Vec<_> = lines.iter().filter(|line| line["attributes"]["THERMAL_GENL_ATTR_TZ_ID"][0] == 0).collect();
    let types: Vec<_> = told.iter().map(|line| line["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["THERMAL_GENL_EVENT_TZ_DISABLE", "THERMAL_GENL_EVENT_TZ_ENABLE"], "{lines:?}");
}

#[test]
fn the_power_button_is_told() {
    if !is_guest() || !Command::new("modprobe").arg("button").output().is_ok_and(|out| out.status.success()) {
        skip!("ACPI events", "there is no button that a test may press");
    }
    let lines = watch_here("genl monitor acpi_event", "echo system_powerdown > /dev/virtio-ports/netloom.monitor");
    let class: String = "button/power".bytes().map(|byte| format!("{byte:02x}")).collect();
    let pressed = lines.iter().filter(|line| {
        let event = &line["attributes"]["ACPI_GENL_ATTR_EVENT"];
        line["type"] == "ACPI_GENL_CMD_EVENT" && event["device_class"].as_str().unwrap().starts_with(&class)
    });
    assert_eq!(pressed.count(), 1, "{lines:?}");
}

#[test]
fn a_loss_is_told() {
    need!("ethtool");
    let change = "ip link add v0 type veth peer name v1\nkill -STOP $watcher\n\
        for number in 1 2 3 4 5 6 7 8 9 10; do ethtool -K v0 gro on; ethtool -K v0 gro off; done\nkill -CONT $watcher";
    let Some(lines) = watch("-rcvbuf 4096 genl monitor ethtool", change) else { return };
    assert_eq!(lines.iter().filter(|line| line["lost"] == true).count(), 1, "{lines:?}");
}

#[test]
fn what_cannot_be_monitored_is_said() {
    let refused = |words: &[&str]| {
        let out = Command::new(env!("CARGO_BIN_EXE_netloom")).args(["genl", "monitor"]).args(words).output().unwrap();
        assert!(out.stdout.is_empty());
        (String::from_utf8(out.stderr).unwrap().trim().to_owned(), out.status.code())
    };
    assert_eq!(refused(&[]), ("genl monitor: [ family ] FAMILY is missing".into(), Some(255)));
    let what = "get generic netlink family nowhere: No such file or directory (ENOENT)";
    assert_eq!(refused(&["nowhere"]), (what.into(), Some(2)));
    let what = "genl monitor: family nlctrl has no group \"frob\"; it has notify";
    assert_eq!(refused(&["nlctrl", "frob"]), (what.into(), Some(1)));
    let what = "genl monitor: family TASKSTATS has no groups: it tells nothing by itself";
    assert_eq!(refused(&["TASKSTATS", "frob"]), (what.into(), Some(1)));
}
