//! Exit codes are those of iproute2, line by line, but for differences that are meant.

mod support;

use netloom_testkit::{Iproute2, Namespace};
use std::fmt::Write as _;

const SETUP: &str = "
mount -t tmpfs tmpfs /run
ip link add v0 type veth peer name v1
ip link add a0 type ifb
ip link set v0 up
ip link set v1 up
ip addr add 10.0.0.1/24 dev v0
ip rule add pref 7 from 10.9.8.7 table 100
ip nexthop add id 5 blackhole
";

/// What both programs are given, in this order, in a namespace each.
const LINES: &[&str] = &[
    // Objects and verbs.
    "",
    "frob",
    "link frob",
    "addr frob",
    "route frob",
    "rule frob",
    "neigh frob",
    "nexthop frob",
    "netns frob",
    "stats frob",
    "ntable frob",
    "addrlabel frob",
    "netconf frob",
    "monitor frob",
    "-frob link",
    "-f frob link",
    "-b /nonexistent",
    "stats s",
    "stats show group frob",
    "stats show group link subgroup l3_stats",
    "stats show dev nope",
    "stats set dev v0",
    "stats set l3_stats on",
    // Links.
    "link show nope",
    "link show dev nope",
    "link show master nope",
    "link show vrf nope",
    "link show vrf v0",
    "link show type nope",
    "link show group nope",
    "link set nope up",
    "link set v0",
    "link set v0 mtu",
    "link set v0 mtu many",
    "link set v0 mtu 3",
    "link set v0 mtu 1400 mtu 1300",
    "link set v0 netns nope",
    "link set v0 master nope",
    "link set v0 master a0",
    "link set v0 address zz",
    "link set v0 arp maybe",
    "link set v0 frob",
    "link set a0 index 9",
    "link set a0 index 9 up",
    "link set v0 group nope",
    "link set v0 alias",
    "link set v0 state frob",
    "link add ind type ifb",
    "link add ind type ifb",
    "link add f0 type foo",
    "link add s0 type sit",
    "link add g0 type gre",
    "link add f0 type foo bar",
    "link add i0 type ifb frob",
    "link add i1",
    "link add i1 type",
    "link add i1 link nope type macvlan",
    "link add i1 link-netns nope type ifb",
    "link add x0 type vxlan",
    "link add x0 type vxlan id many",
    "link add x0 type vxlan id 5 dev nope",
    "link add b0 type bridge frob 4",
    "link add aNameThatIsTooLongForALink type ifb",
    "link del nope",
    "link del",
    "link property add dev v0",
    "link property add dev nope altname x",
    "link property frob",
    "link property",
    "link afstats",
    "link afstats frob",
    "link xstats",
    "link xstats type veth",
    "link xstats type bridge frob",
    "link xstats type bridge dev nope",
    "link help nope",
    "link help bridge",
    "tuntap frob",
    "tuntap add",
    "tuntap add q0",
    "tuntap add q0 mode frob",
    "tuntap add q0 mode tap user nobody-of-this-name",
    "tuntap add q0 mode tap mode tun",
    "tuntap add q0 mode tap",
    "tuntap add q0 mode tap",
    "tuntap del q0 mode tun",
    "tuntap del q0 mode tap",
    "tuntap add a/b mode tap",
    "tuntap add aNameThatIsTooLongForALink mode tap",
    "tuntap add q1 mode tap name q2",
    "tuntap",
    // Addresses.
    "addr add 10.0.0.1/24 dev v0",
    "addr add 10.0.0.1/24",
    "addr add dev v0",
    "addr add 10.0.0.1/33 dev v0",
    "addr add frob dev v0",
    "addr add 10.0.0.2/24 dev nope",
    "addr add 10.0.0.2/24 dev v0 scope frob",
    "addr add 10.0.0.2/24 dev v0 valid_lft 0",
    "addr add 10.0.0.2/24 dev v0 valid_lft 5 preferred_lft 10",
    "addr add 10.0.0.2/24 dev v0 label other",
    "addr add 10.0.0.2/24 dev v0 secondary",
    "addr add 10.0.0.3/24 dev v0 nodad",
    "addr add 10.0.0.4/24 dev v0 autojoin",
    "addr add 10.0.0.5/24 dev v0 primary",
    "addr del 10.0.0.77/24 dev v0",
    "addr show dev nope",
    "addr show frob",
    "addr show scope frob",
    "addr show master nope",
    "addr flush",
    "addr flush dev nope",
    "addr flush dev a0",
    // Routes.
    "route add 10.1.0.0/16 via 192.0.2.1",
    "route add 10.1.0.0/16 dev nope",
    "route add frob",
    "route add 10.1.0.0/33 dev v0",
    "route add",
    "route add 10.1.0.0/16 dev v0 table frob",
    "route add 10.1.0.0/16 dev v0 proto frob",
    "route add 10.1.0.0/16 dev v0 metric many",
    "route add 10.1.0.0/16 dev v0 mtu many",
    "route add 10.1.0.0/16 via frob",
    "route add 10.1.0.0/16 nhid 77",
    "route add 10.1.0.0/16 dev v0 frob 3",
    "route add 10.1.0.0/16 encap frob dev v0",
    "route del 10.77.0.0/16",
    "route change 10.77.0.0/16 dev v0",
    "route flush",
    "route flush table frob",
    "route show table frob",
    "route show table 99",
    "route show dev nope",
    "route show frob",
    "route get",
    "route get 10.0.0.5",
    "route get 10.0.0.5 connected",
    "route get 10.0.0.5 tos 0x10 dsfield 0x8",
    "route get 192.0.2.1",
    "route get 10.0.0.5 oif nope",
    "route get frob",
    // Rules.
    "rule add",
    "rule add frob",
    "rule add from frob",
    "rule add from 10.9.8.7 table frob",
    "rule add from 10.9.8.7 table 100 pref many",
    "rule add from 10.9.8.7 fwmark frob table 100",
    "rule add pref 7 from 10.9.8.7 table 100",
    "rule add from 1.2.3.4 nat 5.6.7.8",
    "rule add from 1.2.3.4 map-to frob",
    "rule del pref 77",
    "rule del",
    "rule flush frob",
    "rule show table frob",
    // Neighbours.
    "neigh add 10.0.0.2",
    "neigh add 10.0.0.2 dev nope",
    "neigh add dev v0",
    "neigh add 10.0.0.2 dev v0 lladdr zz",
    "neigh add 10.0.0.2 dev v0 nud frob",
    "neigh add 10.0.0.2 lladdr 02:00:00:00:00:01 dev v0 nud 0x80",
    "neigh add 10.0.0.3 lladdr 02:00:00:00:00:01 dev v0 nud 0x84",
    "neigh add 10.0.0.2 lladdr 02:00:00:00:00:01 dev v0",
    "neigh del 10.0.0.77 dev v0",
    "neigh get 10.0.0.77 dev v0",
    "neigh get 10.0.0.2",
    "neigh show dev nope",
    "neigh show nud frob",
    "neigh show nud 0x80",
    "neigh show frob",
    "neigh flush",
    "neigh flush dev nope",
    // Next hop objects.
    "nexthop add id 5 blackhole",
    "nexthop add id 0 blackhole",
    "nexthop add id 6 dev nope",
    "nexthop add id 6 group 77",
    "nexthop add id 6 group frob",
    "nexthop add",
    "nexthop get",
    "nexthop get id 77",
    "nexthop del id 77",
    "nexthop del",
    "nexthop list dev nope",
    "nexthop list frob",
    "nexthop list vrf nope",
    "nexthop list master nope",
    "nexthop flush dev nope",
    "nexthop bucket frob",
    "nexthop bucket get id 5",
    // The rest.
    "route help",
    "link help",
    "neigh show master nope",
    "link set v0 promisc maybe",
    "ntable show dev nope",
    "ntable show name frob",
    "ntable change name frob queue 5",
    "ntable change name arp_cache",
    "addrlabel add prefix ::/0",
    "addrlabel add prefix frob label 3",
    "addrlabel add prefix 2001:db8::/32 label 5 dev nope",
    "addrlabel del prefix 2001:db8::/32 label 5",
    "addrlabel lst",
    "netconf show dev nope",
    "netns set nope 5",
    "netns set",
    "netns list-id nsid 77",
    "-n nope link",
    "monitor dev nope",
    "monitor file /nonexistent",
];

/// Where the codes differ, and why.
const MEANT: &[(&str, &str)] = &[
    ("stats show group frob", "iproute2 exits with an error number of the kernel"),
    ("stats show group link subgroup l3_stats", "iproute2 exits with an error number of the kernel"),
    ("link add x0 type vxlan", "what is missing is said before the kernel is asked"),
    ("link property add dev v0", "a request without a name does nothing"),
    ("addr add dev v0", "what is missing is said before the kernel is asked"),
    ("route show table 99", "a table that is not there is an empty one"),
    ("nexthop add id 0 blackhole", "what is out of bounds is said before the kernel is asked"),
    ("nexthop del", "what is missing is said before the kernel is asked"),
    ("route help", "help that was asked for is no failure"),
    ("link help", "help that was asked for is no failure"),
];

/// The exit code of each line.
fn codes(program: &str) -> Vec<String> {
    let mut script = SETUP.to_owned();
    for line in LINES {
        let _ = writeln!(script, "timeout 10 \"{program}\" {line} </dev/null >/dev/null 2>&1; echo $?");
    }
    let out = support::answers::in_namespace(&script).expect("a namespace");
    out.lines().map(str::to_owned).collect()
}

#[test]
fn they_are_those_of_iproute2() {
    if !Namespace::possible() {
        return;
    }
    let Some(iproute2) = Iproute2::newer() else {
        netloom_testkit::skip!("iproute2 6.15", "not unpacked");
    };
    let (theirs, ours) = (codes(&iproute2.tool("ip").display().to_string()), codes(env!("CARGO_BIN_EXE_netloom")));
    assert_eq!((theirs.len(), ours.len()), (LINES.len(), LINES.len()));
    let mut report = String::new();
    for ((line, theirs), ours) in LINES.iter().zip(theirs).zip(ours) {
        let meant = MEANT.iter().any(|(meant, _)| meant == line);
        if (theirs == ours) == meant {
            let _ = writeln!(report, "{line:?}: {ours} instead of {theirs}");
        }
    }
    assert!(report.is_empty(), "\n{report}");
}
