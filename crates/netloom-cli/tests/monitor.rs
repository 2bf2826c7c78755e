//! `netloom monitor`: what it tells of changes, and of changes that it missed.

mod support;

use netloom_testkit::{Iproute2, Namespace, record};
use serde_json::Value as Json;
use support::answers::watch;

/// What is said in short: object, name or destination, whether it went away.
fn short(line: &Json) -> String {
    let name = ["ifname", "local", "src", "name"].iter().find_map(|key| line[*key].as_str()).unwrap_or_default();
    let deleted = if line["deleted"] == true { " deleted" } else { "" };
    format!("{} {name}{deleted}", line["object"].as_str().unwrap_or_default())
}

#[test]
fn each_change_is_a_line() {
    let Some(lines) = watch(
        "monitor",
        "ip link add v0 type veth peer name v1\nip addr add 10.0.0.1/24 dev v0\nip rule add from 10.9.8.7 table 100\n\
         ip rule del from 10.9.8.7 table 100\nip addr del 10.0.0.1/24 dev v0\nip link del v0",
    ) else {
        return;
    };
    let told: Vec<_> = lines.iter().map(short).collect();
    for change in [
        "link v0",
        "link v1",
        "addr 10.0.0.1",
        "rule 10.9.8.7",
        "rule 10.9.8.7 deleted",
        "addr 10.0.0.1 deleted",
        "link v0 deleted",
    ] {
        assert!(told.iter().any(|line| line == change), "{change} is not in {told:?}");
    }
    assert!(lines.iter().all(|line| line.get("resync").is_none()));
}

#[test]
fn only_the_objects_named_are_told() {
    let Some(lines) =
        watch("monitor rule", "ip link add v0 type veth peer name v1\nip rule add from 10.9.8.7 table 100")
    else {
        return;
    };
    assert_eq!(lines.iter().map(short).collect::<Vec<_>>(), ["rule 10.9.8.7"]);
}

#[test]
fn a_loss_is_marked_and_everything_is_read_again() {
    // The watcher sleeps while more happens than its buffer holds.
    let Some(lines) = watch(
        "-rcvbuf 4096 monitor link",
        "kill -STOP $watcher\nfor number in 1 2 3 4 5 6 7 8 9 10 11 12; do ip link set lo mtu $((1500 + number)); done\n\
         ip link add last type veth peer name peer\nkill -CONT $watcher",
    ) else {
        return;
    };
    let marks: Vec<_> = lines.iter().filter_map(|line| line["resync"].as_str()).collect();
    assert_eq!(marks.first(), Some(&"begin"), "{lines:?}");
    assert_eq!(marks.len() % 2, 0, "{marks:?}");
    let begin = lines.iter().position(|line| line["resync"] == "begin").unwrap_or_default();
    let end = lines.iter().position(|line| line["resync"] == "end").expect("an end");
    let read: Vec<_> = lines[begin..end].iter().filter_map(|line| line["ifname"].as_str()).collect();
    for name in ["lo", "last", "peer"] {
        assert!(read.contains(&name), "{name} is not in {read:?}");
    }
}

#[test]
fn routes_that_vanish_without_a_message_are_told() {
    // A link that comes up has the routes read again, which must be done before there are more: else both tell of them.
    let Some(lines) = watch(
        "monitor route",
        "ip link add v0 type veth peer name v1\nip link set v0 up\nip link set v1 up\nsleep 1\nip addr add 10.0.0.1/24 dev v0\n\
         ip route add 10.2.0.0/16 via 10.0.0.2\nsleep 1\nip link set v0 down",
    ) else {
        return;
    };
    for destination in ["10.2.0.0/16", "10.0.0.0/24", "10.0.0.255"] {
        let of: Vec<_> = lines.iter().filter(|line| line["dst"] == destination).collect();
        let [made, gone] = of.as_slice() else { panic!("{destination}: {of:?}") };
        assert!(made.get("synthetic").is_none() && made.get("deleted").is_none(), "{made}");
        assert!(gone["synthetic"] == true && gone["deleted"] == true, "{gone}");
    }
    // What the kernel says is not said twice.
    assert!(lines.iter().all(|line| line["object"] == "route"), "{lines:?}");
}

#[test]
fn a_loss_is_followed_by_what_went_away_and_by_no_other_family() {
    let change = |from: &str| {
        format!(
            "kill -STOP $watcher\n{from}\nfor number in 1 2 3 4 5 6 7 8 9 10 11 12; do ip addr add 10.7.0.$number/32 dev lo; done\n\
             for number in 1 2 3 4 5 6 7 8 9 10 11 12; do ip addr del 10.7.0.$number/32 dev lo; done\n\
             ip addr del 10.0.0.1/32 dev lo\nip addr add 10.0.0.2/32 dev lo\nkill -CONT $watcher"
        )
    };
    let start = "ip addr add 10.0.0.1/32 dev lo\nip addr add 2001:db8::1/128 dev lo nodad\nsleep 1";
    let lost = format!("{start}\n{}", change("ip addr del 2001:db8::1/128 dev lo"));
    let Some(lines) = watch("-4 -rcvbuf 4096 monitor address", &lost) else { return };
    let begin = lines.iter().position(|line| line["resync"] == "begin").expect("a beginning");
    let end = lines.iter().position(|line| line["resync"] == "end").expect("an end");
    let mut within: Vec<_> = lines[begin + 1..end].iter().map(short).collect();
    within.sort();
    assert_eq!(within, ["addr 10.0.0.1 deleted", "addr 10.0.0.2"], "{lines:?}");
    assert!(lines[begin + 1..end].iter().all(|line| line["synthetic"] == true), "{lines:?}");
    assert!(lines.iter().all(|line| line["family"] != "inet6"), "{lines:?}");
}

#[test]
fn what_rtmon_saved_is_told_as_iproute2_tells_it() {
    if !Namespace::possible() {
        return;
    }
    let netloom = env!("CARGO_BIN_EXE_netloom");
    let script = format!(
        "mount -t tmpfs tmpfs /run\nrtmon file /run/saved & saver=$!\nsleep 1\nip link add v0 type veth peer name v1\n\
         ip link set v0 up\nip addr add 10.0.0.1/24 dev v0\nip link del v0\nsleep 1\nkill $saver\n\
         ip monitor label file /run/saved\necho\n\"{netloom}\" -j monitor label file /run/saved\n\
         head -c 50 /run/saved >/run/cut; ! \"{netloom}\" monitor file /run/cut >/dev/null 2>&1 || echo cut"
    );
    let Some(out) = support::answers::in_namespace(&script) else { return };
    let (theirs, ours) = out.split_once("\n\n").expect("two outputs");
    let theirs: Vec<String> = theirs.lines().filter_map(in_short).collect();
    let ours: Vec<Json> = ours.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let stamps = ours.iter().filter(|line| line.get("object").is_none() && line["timestamp"].is_string()).count();
    let told: Vec<String> =
        ours.iter().filter(|line| line.get("object").is_some()).filter_map(in_short_of_ours).collect();
    assert!(theirs.len() > 5 && stamps > 5, "{out}");
    assert_eq!(told, theirs);
}

/// Words of `monitor` that both programs are given, and what happens meanwhile.
const WATCHED: &[&str] = &[
    "monitor",
    "monitor link",
    "monitor address",
    "monitor route",
    "-4 monitor route",
    "-6 monitor route address",
    "monitor neigh",
    "-4 monitor neigh",
    "monitor nexthop",
    "monitor rule",
    "monitor netconf",
    "-6 monitor netconf",
    "monitor nsid",
    "monitor all-nsid link nsid",
    "monitor link address route neigh dev lo",
    "monitor link address route neigh dev a0",
    "monitor maddress",
    "monitor acaddress",
    "monitor prefix",
    "monitor stats",
];

const CHANGES: &str = "
ip link add br0 type bridge
ip link add v0 type veth peer name v1
ip link set v1 master br0
for link in v0 v1 br0 a0; do ip link set $link up; done
ip addr add 10.0.0.1/24 dev v0
ip addr add 10.1.0.1/24 dev a0
ip addr add 2001:db8::1/64 dev a0 nodad
ip route add 10.2.0.0/16 via 10.0.0.2
ip route add unreachable 10.3.0.0/16
ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:02 dev v0
bridge fdb add 02:00:00:00:00:11 dev v1 master static
ip nexthop add id 5 dev v0
ip nexthop add id 6 group 5
ip rule add from 1.2.3.4 table 7
ip netns add x
ip netns set x 7
ip -n x link add x0 type veth peer name x1
ip -n x link del x0
sysctl -qw net.ipv4.conf.v0.forwarding=1
sysctl -qw net.ipv6.conf.a0.forwarding=1
ip rule del from 1.2.3.4
ip nexthop del id 6
ip route del 10.2.0.0/16
ip netns del x
ip link set v0 down
ip link del v0
ip link set a0 down
";

/// A message of iproute2's text in short: label, whether it is gone, and what makes the object this one.
fn in_short(line: &str) -> Option<String> {
    let (nsid, line) = match line.strip_prefix("[nsid ").and_then(|rest| rest.split_once(']')) {
        Some((nsid, rest)) => (format!("{nsid} "), rest),
        None => (String::new(), line),
    };
    let (label, rest) = line.strip_prefix('[')?.split_once(']')?;
    let (deleted, rest) = rest.strip_prefix("Deleted ").map_or(("", rest), |rest| (" deleted", rest));
    let words: Vec<&str> = rest.split_whitespace().collect();
    let after = |name: &str| words.iter().position(|word| *word == name).and_then(|at| words.get(at + 1)).copied();
    let nth = |at: usize| words.get(at).copied().unwrap_or_default();
    let key = match label {
        "LINK" => nth(1).split([':', '@']).next().unwrap_or_default().to_owned(),
        "ADDR" => {
            let own = after("mcast").or_else(|| after("any")).or_else(|| after("inet")).or_else(|| after("inet6"));
            own.unwrap_or_default().split('/').next().unwrap_or_default().to_owned()
        }
        "ROUTE" => {
            let kinds = ["local", "broadcast", "multicast", "anycast", "unreachable"];
            nth(usize::from(kinds.contains(&nth(0)))).to_owned()
        }
        "NEIGH" if nth(0) == "dev" => after("lladdr").unwrap_or_default().to_owned(),
        "NEIGH" => nth(0).to_owned(),
        "NEXTHOP" => nth(1).to_owned(),
        "RULE" => nth(0).trim_end_matches(':').to_owned(),
        "NSID" => nth(1).to_owned(),
        // iproute2 forgets the name of a link that leaves its bridge.
        "NETCONF" if !deleted.is_empty() => nth(0).to_owned(),
        "NETCONF" => format!("{} {}", nth(0), nth(1)),
        _ => rest.to_owned(),
    };
    Some(format!("{nsid}{label} {key}{deleted}"))
}

/// The same of a line of ours; None of what no message said.
fn in_short_of_ours(line: &Json) -> Option<String> {
    let text = |key: &str| match &line[key] {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    };
    if line["synthetic"] == true {
        return None;
    }
    let object = text("object");
    let nsid = if line["from_nsid"].is_null() { String::new() } else { format!("{} ", text("from_nsid")) };
    let (label, key) = match object.as_str() {
        "link" => ("LINK", text("ifname")),
        "addr" => ("ADDR", ["multicast", "anycast", "local"].map(text).concat()),
        "route" => ("ROUTE", text("dst")),
        "neigh" => ("NEIGH", text("dst")),
        "fdb" => ("NEIGH", text("mac")),
        "nexthop" => ("NEXTHOP", text("id")),
        "rule" => ("RULE", text("priority")),
        "nsid" => ("NSID", text("nsid")),
        "netconf" if line["deleted"] == true => ("NETCONF", text("family")),
        "netconf" => ("NETCONF", format!("{} {}", text("family"), text("interface"))),
        _ => ("", line.to_string()),
    };
    let deleted = if line["deleted"] == true { " deleted" } else { "" };
    Some(format!("{nsid}{label} {key}{deleted}"))
}

#[test]
fn every_message_is_told_that_iproute2_tells() {
    if !Namespace::possible() {
        return;
    }
    let Some(iproute2) = Iproute2::newer() else {
        netloom_testkit::skip!("iproute2 6.15", "not unpacked");
    };
    let (ip, netloom) = (iproute2.tool("ip").display().to_string(), env!("CARGO_BIN_EXE_netloom"));
    let folder = std::env::temp_dir().join(format!("netloom-monitor-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut script = String::from("mount -t tmpfs tmpfs /run\nip link set lo up\nip link add a0 type ifb\nwatchers=\n");
    for (number, words) in WATCHED.iter().enumerate() {
        let file = folder.join(number.to_string());
        let file = file.display();
        script += &format!("\"{ip}\" {words} label >{file}.ip 2>&1 & watchers=\"$watchers $!\"\n");
        script += &format!("\"{netloom}\" -j {words} >{file}.netloom 2>&1 & watchers=\"$watchers $!\"\n");
    }
    // How long that many programs take depends on the machine. Those that the kernel refuses their group have ended.
    script += &format!(
        "settled() {{ before=; while now=$(\"$@\" | cksum); [ \"$now\" != \"$before\" ]; do before=$now; sleep 2; done; }}\n\
         settled cat /proc/net/netlink\n{CHANGES}\nsettled sh -c 'cat {}/* /proc/net/netlink'\n\
         kill -STOP $watchers || true\nkill -KILL $watchers || true",
        folder.display()
    );
    support::answers::in_namespace(&script).expect("a namespace");
    let read =
        |number: usize, of: &str| std::fs::read_to_string(folder.join(format!("{number}.{of}"))).expect("an output");
    for (number, words) in WATCHED.iter().enumerate() {
        let theirs: Vec<String> = read(number, "ip").lines().filter_map(in_short).collect();
        if read(number, "netloom").contains("join netlink group") {
            assert!(theirs.is_empty(), "{words}: {theirs:?}");
            record(words, "the kernel has no such group");
            continue;
        }
        let parsed = |line: &str| serde_json::from_str::<Json>(line).unwrap_or_else(|_| panic!("{words}: {line}"));
        let ours: Vec<String> =
            read(number, "netloom").lines().filter_map(|line| in_short_of_ours(&parsed(line))).collect();
        assert_eq!(ours, theirs, "{words}");
        // Nobody advertises prefixes or counts in hardware here, and older kernels do not tell of such addresses.
        if theirs.is_empty() && !["monitor prefix", "monitor stats"].contains(words) {
            record(words, "the kernel says nothing");
        }
    }
    std::fs::remove_dir_all(&folder).expect("the folder");
}
