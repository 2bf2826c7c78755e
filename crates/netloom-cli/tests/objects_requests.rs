//! What the command asks of the kernel for addresses, rules, neighbours and their kin, beside what iproute2 asks.

mod support;

use support::requests::{assert_same, assert_same_but};

const LINKS: &[&str] = &[
    "ip link add v0 type veth peer name v1",
    "ip link add br0 type bridge",
    "ip link set v1 master br0",
    "for link in v0 v1 br0; do ip link set $link up; done",
];

#[test]
fn addresses() {
    assert_same(
        LINKS,
        &[
            "addr add 10.0.0.1/24 dev v0",
            "addr add 10.0.0.1/24 brd + dev v0 metric 5",
            "addr add 10.0.0.1/24 brd - dev v0",
            "addr add 10.0.0.1/24 broadcast 10.0.0.9 dev v0 label v0:x",
            "addr add local 10.0.0.1/31 brd + dev v0",
            "addr add 10.9.0.1 peer 10.9.0.2/32 dev v0 scope link",
            "addr add 10.9.0.1 dev v0 scope 200",
            "addr add 127.0.0.2/8 dev lo",
            "addr add 10.0.0.1/24 dev v0 valid_lft 1000 preferred_lft 0",
            "addr add 10.0.0.1/24 dev v0 valid_lft forever preferred_lft 50",
            "addr add 10.0.0.1/24 dev v0 proto 9 noprefixroute",
            "addr add 224.1.1.1/32 dev v0 autojoin",
            "addr add 2001:db8::1/64 dev v0 nodad noprefixroute mngtmpaddr",
            "addr add 2001:db8::5 peer 2001:db8::9/128 dev v0 home",
            "-6 addr add 2001:db8::1/64 dev v0 optimistic",
            "addr change 10.0.0.1/24 dev v0 valid_lft 100 preferred_lft 100",
            "addr replace 10.0.0.1/24 dev v0",
            "addr del 10.0.0.1/24 dev v0",
            "addr del 10.0.0.1 dev v0",
            "addr del 2001:db8::1/64 dev v0",
            "a a 10.0.0.1/24 dev v0",
        ],
    );
}

#[test]
fn rules() {
    assert_same(
        LINKS,
        &[
            "rule add pref 10 from 10.0.0.0/8 to 10.1.2.3 fwmark 0x10/0xff table 100 proto 99",
            "rule add priority 10 lookup 1000",
            "rule add order 11 not iif v0 oif nosuch lookup main suppress_prefixlength 0",
            "rule add pref 12 iif lo uidrange 1-5 ipproto tcp sport 80 dport 10-20 goto 13",
            "rule add pref 13 nop",
            "rule add from 1.2.3.4 nat 5.6.7.8",
            "rule add from 1.2.3.4 map-to 5.6.7.8 pref 9",
            "rule add pref 14 tos 0x10 fwmark 0 blackhole",
            "rule add pref 15 tos 4 prohibit",
            "rule add pref 16 from 1.2.3.4 unreachable realms 3/4",
            "rule add pref 17 goto 99 ipproto 200",
            "rule add pref 18 tun_id 12345678901 lookup 1000 suppress_ifgroup 5",
            "rule add pref 19 l3mdev",
            "rule add pref 20 sport 0x100/0xff00 dport 80/0xffff table 5",
            "rule add pref 21 dscp 10 table 5",
            "rule add pref 22 dscp 0x8/0x38 table 5",
            "-6 rule add pref 23 flowlabel 0x12345 table 5",
            "-6 rule add pref 24 flowlabel 0x11/0xff table 5",
            "-6 rule add pref 25 from 2001:db8::/32 to ::1 table 9",
            "rule add realms 5 table 8 type blackhole",
            "rule del pref 10",
            "rule del table 100",
            "-6 rule del from 2001:db8::/32 table 9",
        ],
    );
}

#[test]
fn neighbours() {
    assert_same(
        LINKS,
        &[
            "neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev v0",
            "neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev v0 nud 0x80",
            "neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev v0 nud 4",
            "neigh add 10.0.0.3 lladdr 02:00:00:00:00:03 dev v0 nud stale router",
            "neigh add to 10.0.0.4 lladdr 02:00:00:00:00:04 dev v0 nud reachable extern_learn protocol zebra",
            "neigh add fc00::2 lladdr 02:00:00:00:00:05 dev v0 nud noarp",
            "neigh add 10.0.0.5 dev v0 managed",
            "neigh add 10.0.0.5 dev v0 managed extern_learn nud permanent lladdr 02:00:00:00:00:02",
            "neigh add 10.0.0.5 dev v0 use",
            "neigh add proxy 10.0.0.9 dev v0",
            "neigh add proxy fc00::9 dev v0 router",
            "neigh replace 10.0.0.2 lladdr 02:00:00:00:00:07 dev v0",
            "neigh change 10.0.0.2 lladdr null dev v0 nud none",
            "neigh del 10.0.0.2 dev v0",
            "neigh del proxy 10.0.0.2 dev v0",
        ],
    );
}

#[test]
fn forwarding_databases() {
    assert_same(
        &[LINKS, &["ip link add vx0 type vxlan id 42 dstport 4789 dev v0"]].concat(),
        &[
            "fdb add 02:00:00:00:00:01 dev v1 master static",
            "fdb add 02:00:00:00:00:02 dev v1 master vlan 1 sticky dynamic",
            "fdb add 02:00:00:00:00:03 dev v1",
            "fdb add 02:00:00:00:00:04 dev v1 self master local",
            "fdb add 02:00:00:00:00:05 dev v1 master dynamic use extern_learn",
            "fdb add 02:00:00:00:00:06 dev vx0 dst 10.0.0.7 vni 77 port 1234 via v0",
            "fdb add 02:00:00:00:00:06 dev vx0 dst fc00::7 src_vni 5 router",
            "fdb add 02:00:00:00:00:06 dev vx0 nhid 8",
            "fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.8",
            "fdb replace to 02:00:00:00:00:06 dev vx0 dst 10.0.0.8",
            "fdb del 02:00:00:00:00:01 dev v1 master",
            "fdb flush dev br0",
            "fdb flush dev v1 master vlan 3 nopermanent static",
            "fdb flush dev br0 brport v1 dynamic nosticky extern_learn added_by_user",
            "fdb flush dev vx0 vni 7 src_vni 8 dst 10.0.0.8 port 4789 nhid 5",
        ],
    );
}

/// Before the question itself each looks up links in its own way; iproute2 asks for no acknowledgement.
#[test]
fn questions() {
    assert_same_but(
        &[LINKS, &["ip link add vx0 type vxlan id 42 dstport 4789 dev v0"]].concat(),
        &[
            "neigh get 10.0.0.2 dev v0",
            "neigh get proxy 10.0.0.2 dev v0",
            "fdb get 02:00:00:00:00:03 br br0",
            "fdb get 02:00:00:00:00:03 brport v1 vlan 1",
            "fdb get 02:00:00:00:00:03 dev vx0 self vni 5",
        ],
        |_, text| match text.find("RTM_GETNEIGH") {
            Some(at) => text[at..].replace("flags 0x5", "flags 0x1"),
            None => text,
        },
    );
}

#[test]
fn neighbour_tables() {
    // iproute2 sets NLM_F_REPLACE, which the kernel's handler does not look at.
    assert_same_but(
        LINKS,
        &[
            "ntable change name arp_cache dev v0 ucast_probes 4",
            "ntable change name arp_cache thresh1 100 thresh2 200 thresh3 300 gc_int 1000",
            "-6 ntable change name ndisc_cache base_reachable 1 retrans 2 gc_stale 3 delay_probe 4 queue 5 app_probes 6",
            "ntable change name arp_cache dev v0 mcast_probes 7 anycast_delay 8 proxy_delay 9 proxy_queue 10 locktime 11",
        ],
        |_, text| text.replace("flags 0x105", "flags 0x5"),
    );
}

#[test]
fn labels_settings_and_statistics() {
    assert_same(
        LINKS,
        &[
            "addrlabel add prefix 2001:db8::/32 label 99 dev v0",
            "addrlabel add prefix 2001:db8::/32 label 99",
            "addrlabel del prefix 2001:db8::/32 label 99 dev v0",
            "stats set dev v0 l3_stats on",
            "stats set dev v0 l3_stats off",
        ],
    );
}
