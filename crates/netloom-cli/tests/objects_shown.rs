//! Addresses, rules, neighbours and their kin as the command prints them, beside what iproute2 prints.

mod support;

use support::answers::{assert_same, assert_same_but};

#[test]
fn addresses() {
    assert_same(
        &[
            "sysctl -qw net.ipv6.conf.default.accept_dad=0",
            "ip link set lo up",
            "ip link add v0 type veth peer name v1",
            "ip link set v0 up",
            "ip link set v1 up",
            "ip link add br0 type bridge",
            "ip link set v1 master br0",
            "ip addr add 10.0.0.1/24 brd + dev v0 metric 5",
            "ip addr add 10.0.0.2/24 dev v0 label v0:x valid_lft 1000 preferred_lft 0",
            "ip addr add 10.0.0.3/24 dev v0",
            "ip addr add 10.9.0.1 peer 10.9.0.2/32 dev v0 scope link",
            "ip addr add 224.1.1.1/32 dev v0 autojoin",
            "ip addr add 2001:db8::1/64 dev v0 nodad noprefixroute mngtmpaddr",
            "ip addr add 2001:db8::5 peer 2001:db8::9/128 dev v0 home",
            "ip addr add 2001:db8:1::7/64 dev v0 valid_lft 900 preferred_lft 800",
        ],
        &[
            "addr",
            "a",
            "-4 addr",
            "-6 addr",
            "-0 addr",
            "-o addr",
            "-o -4 addr show up",
            "-br addr",
            "-br -6 addr",
            "-N addr",
            "-s addr show dev v0",
            "-d addr show dev lo",
            "-r addr show dev lo",
            "addr show v0",
            "addr show up",
            "addr show label 'v0:*'",
            "addr show to 10.9.0.0/16",
            "addr show to 2001:db8::/32",
            "addr show scope link",
            "addr show scope all",
            "addr show dynamic",
            "addr show permanent",
            "addr show secondary",
            "addr show primary",
            "addr show deprecated",
            "addr show -deprecated",
            "addr show -dynamic",
            "addr show -primary",
            "addr show -temporary",
            "addr show master br0",
            "addr show type bridge_slave",
            "addr show group default",
            "addr show nope",
        ],
    );
}

/// iproute2 6.1 takes the word for the name of a link.
#[test]
fn what_is_down() {
    assert_same_but(
        &[
            "ip link set lo up",
            "ip link add v0 type veth peer name v1",
            "ip addr add 10.0.0.1/24 dev v0",
            "ip link set v1 up",
        ],
        &["addr show down", "-br addr show down", "link show down", "-4 addr show down", "link show down type veth"],
        |version, path| version == "6.1" && path == "exit code",
    );
}

#[test]
fn masks_of_rules() {
    let setup = [
        "optional rule masks: $netloom rule add pref 10 sport 0x50/0xff dport 0x5/0x7 table 5",
        "optional rule masks: $netloom rule add pref 11 dscp 0x8/0x38 table 5",
        "optional rule masks: $netloom rule add pref 12 dscp CS1 table 5",
        "$netloom rule add pref 13 sport 80 dport 5 table 5",
    ];
    assert_same(&setup, &["rule", "-N rule"]);
    // iproute2 6.1 knows no masks: it shows what has one among what has none.
    let lines = ["rule show sport 80", "rule show dport 5", "rule show sport 0x50/0xff"];
    assert_same_but(&setup, &lines, |version, _| version == "6.1");
}

#[test]
fn rules() {
    assert_same(
        &[
            "ip link add v0 type veth peer name v1",
            "ip rule add pref 10 from 10.0.0.0/8 to 10.1.2.3 fwmark 0x10/0xff table 100 proto 99",
            "ip rule add pref 11 not iif v0 oif nosuch lookup main suppress_prefixlength 0",
            "ip rule add pref 12 iif lo uidrange 1-5 ipproto tcp sport 80 dport 10-20 goto 13",
            "ip rule add pref 13 nop",
            "ip rule add pref 14 tos 0x10 fwmark 0 blackhole",
            "ip rule add pref 15 tos 0x4 prohibit",
            "ip rule add pref 16 from 1.2.3.4 unreachable realms 3/4",
            "ip rule add pref 17 goto 99 ipproto 200",
            "ip rule add pref 18 tun_id 12345678901 lookup 1000 suppress_ifgroup 5",
            "optional rule l3mdev: ip rule add pref 19 l3mdev",
            "ip rule add pref 20 fwmark 0/0xff table 7",
            "ip rule add pref 21 realms 5 table 8",
            "ip -6 rule add pref 22 from 2001:db8::/32 to ::1 table 9",
            "ip rule add pref 23 from 10.7.0.1 nat 10.0.0.2 realms 3",
        ],
        &[
            "rule",
            "ru",
            "-d rule",
            "-N rule",
            "-6 rule",
            "rule show table 100",
            "rule list from 10.0.0.0/8",
            "rule list to 10.1.2.3",
            "rule list pref 12",
            "rule list iif lo",
            "rule list fwmark 0x10/0xff",
            "rule list fwmark 0/0xff",
            "rule list fwmark 0",
            "rule list from 0/0",
            "rule list tos 0x10",
            "rule list uidrange 1-5",
            "rule list ipproto tcp",
            "rule list sport 80",
            "rule list lookup main",
            "rule list look main",
            "rule list order 12",
            "rule list from 0/0",
            "rule list src 10.0.0.0/8",
            "rule list dst 10.1.2.3",
            "rule list 10.1.2.3",
            "rule list all",
            "rule list from 1.2.3.4 from 10.0.0.0/8",
        ],
    );
}

/// `ip neigh get` of 6.1 knows no JSON: what it shows is not compared.
#[test]
fn neighbours() {
    assert_same(
        &[
            "ip link add v0 type veth peer name v1",
            "ip link add br0 type bridge",
            "ip link set v1 master br0",
            "for link in v0 v1 br0; do ip link set $link up; done",
            "ip addr add 10.0.0.1/24 dev v0",
            "ip neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev v0",
            "ip neigh add 10.0.0.3 lladdr 02:00:00:00:00:03 dev v0 nud stale router",
            "ip neigh add 10.0.0.4 lladdr 02:00:00:00:00:04 dev v0 nud permanent extern_learn protocol zebra",
            "ip neigh add fc00::2 lladdr 02:00:00:00:00:05 dev v0 nud noarp",
            "ip neigh add 10.0.1.5 lladdr 02:00:00:00:00:06 dev v1",
            "ip neigh add proxy 10.0.0.9 dev v0",
            "ip neigh add proxy fc00::9 dev v0 router",
        ],
        &[
            "neigh",
            "n",
            "-s neigh",
            "-br neigh",
            "-N neigh",
            "-4 neigh",
            "-6 neigh show nud all",
            "neigh show nud noarp dev v0",
            "neigh show nud stale nud permanent",
            "neigh show nud perm",
            "neigh show nud none",
            "neigh show nud 0x80",
            "neigh show proxy",
            "-6 neigh show proxy",
            "neigh show dev v0",
            "neigh show 10.0.0.2 dev v0",
            "neigh show to 10.0.0.0/30",
            "neigh show unused",
            "neigh show protocol zebra",
            "-0 neigh",
            "-M neigh",
            "-B neigh",
            "neigh show master br0",
            "neigh show nomaster",
            "neigh get 10.0.0.77 dev v0",
        ],
    );
}

#[test]
fn forwarding_databases() {
    assert_same(
        &[
            "ip link add br0 type bridge vlan_filtering 1",
            "ip link add p0 type veth peer name p1",
            "ip link set p0 master br0",
            "ip link add vx0 type vxlan id 42 dstport 4789 dev p1",
            "for link in br0 p0 p1 vx0; do ip link set $link up; done",
            "bridge fdb add 02:00:00:00:00:11 dev p0 master static",
            "bridge fdb add 02:00:00:00:00:12 dev p0 master vlan 1 sticky dynamic",
            "bridge fdb add 02:00:00:00:00:13 dev p0 self",
            "bridge fdb add 02:00:00:00:00:14 dev br0 self local",
            "bridge fdb add 02:00:00:00:00:15 dev vx0 dst 10.0.0.7 vni 77 port 1234 via p1",
            "bridge fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.8",
            "bridge fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.9",
            "bridge fdb add 02:00:00:00:00:16 dev p0 master extern_learn",
            "sleep 1",
        ],
        &[
            "fdb",
            "fdb show",
            "-s fdb",
            "-d fdb",
            "fdb show br br0",
            "fdb show dev p0",
            "fdb show brport p0",
            "fdb show vlan 1",
            "fdb show dev vx0",
            "fdb show state static",
            "fdb show state permanent",
            "fdb show dynamic",
            "fdb get 02:00:00:00:00:12 br br0 vlan 1",
            "fdb get 02:00:00:00:00:15 dev vx0 self",
            "fdb get 02:00:00:00:00:11 brport p0 master",
        ],
    );
}

#[test]
fn neighbour_tables() {
    assert_same(
        &["ip link add v0 type veth peer name v1", "ip ntable change name arp_cache dev v0 ucast_probes 4"],
        &["ntable", "-s ntable show name arp_cache", "-4 ntable", "ntable show dev v0", "ntable show name ndisc_cache"],
    );
}

/// Kernels skip settings of the second table if those of the first just fill a datagram.
#[test]
fn neighbour_tables_of_many_links() {
    for pairs in [7, 8] {
        let setup = format!("for n in $(seq {pairs}); do ip link add a$n type veth peer name b$n; done");
        assert_same(&[&setup], &["ntable"]);
    }
}

#[test]
fn address_labels() {
    assert_same(
        &[
            "ip link add v0 type veth peer name v1",
            "ip addrlabel add prefix 2001:db8::/32 label 99 dev v0",
            "ip addrlabel add prefix 2001:db9::/32 label 98",
        ],
        &["addrlabel", "addrlabel list", "addrlabel lst"],
    );
}

#[test]
fn settings_of_ip() {
    assert_same(
        &[
            "ip link set lo up",
            "ip link add v0 type veth peer name v1",
            "sysctl -qw net.ipv4.conf.v0.forwarding=1 net.ipv4.conf.v0.rp_filter=2",
        ],
        &["netconf", "-4 netconf", "-6 netconf", "netconf show dev v0", "netconf show dev nope"],
    );
}

#[test]
fn statistics() {
    assert_same(
        &[
            "ip link set lo up",
            "ip link add v0 type veth peer name v1",
            "ip link add br0 type bridge mcast_stats_enabled 1",
            "ip link set v1 master br0",
        ],
        &[
            "stats",
            "stats show dev v0",
            "stats show group link",
            "stats show dev br0 group xstats",
            "stats show group xstats subgroup bond",
            "stats show group xstats_slave subgroup bridge suite stp",
            "stats show group xstats_slave subgroup bridge suite stp suite mcast",
            "stats show group offload",
            "stats show group offload subgroup l3_stats",
            "stats show group offload subgroup hw_stats_info subgroup cpu_hit",
            "stats show group afstats subgroup mpls",
            "stats show group link group xstats",
            "link afstats",
            "link afstats dev v0",
            "link xstats type bridge",
            "link xstats type bridge dev br0",
            "link xstats type bridge dev v0",
            "link xstats type bridge dev br0 stp",
            "link xstats type bridge_slave",
            "link xstats type bridge_slave dev v1 mcast",
            "link xstats type bridge_slave dev v1 igmp",
        ],
    );
}
