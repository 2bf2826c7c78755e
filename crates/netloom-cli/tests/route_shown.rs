//! Routes and next hop objects are shown as iproute2 shows them. Options of tunnels' headers (`geneve_opts` and its kin) are
//! never sent to a kernel: some stop at them with the lock of rtnetlink held.

mod support;

use support::answers::assert_same_but;

const PAIR: &[&str] = &[
    "ip link set lo up",
    "ip link add v0 type veth peer name v1",
    "ip link set v0 up",
    "ip link set v1 up",
    "ip addr add 10.9.0.1/24 dev v0",
    "ip addr add 2001:db8:9::1/64 dev v0 nodad",
];

fn with_pair(commands: &[&'static str]) -> Vec<&'static str> {
    PAIR.iter().chain(commands).copied().collect()
}

#[track_caller]
fn assert_same(setup: &[&'static str], lines: &[&str]) {
    assert_same_but(&with_pair(setup), lines, |_, _| false);
}

/// iproute2 prints both of its questions' answers, which is no JSON.
#[test]
fn a_connected_route_is_from_the_source_that_was_found() {
    let netloom = env!("CARGO_BIN_EXE_netloom");
    let script = format!("{}\n\"{netloom}\" -j route get 10.9.0.9 connected", PAIR.join("\n"));
    let Some(out) = support::answers::in_namespace(&script) else { return };
    let found: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((&found[0]["from"], &found[0]["dev"]), (&"10.9.0.1".into(), &"v0".into()), "{out}");
}

#[test]
fn routes_of_ipv4() {
    assert_same(
        &[
            "ip route add 10.2.0.0/16 via 10.9.0.2 dev v0 metric 5 mtu lock 1400 congctl reno features ecn rto_min 5ms \
             rtt 3s rttvar 5ms hoplimit 7 fastopen_no_cookie 1 quickack 1 table 100 proto bgp realms 5/6",
            "ip route add 10.3.0.0/16 nexthop via 10.9.0.2 dev v0 weight 3 nexthop via 10.9.0.3 dev v0 weight 5 onlink",
            "ip route add 10.8.0.0/16 dev v0 src 10.9.0.1 realms 6 tos 8",
            "ip route add blackhole 10.20.0.0/16",
            "ip route add unreachable 10.21.0.0/16 metric 9",
            "ip route add throw 10.22.0.0/16 table 1000",
            "ip route add default via 10.9.0.2",
            "ip route append default via 10.9.0.3",
            "ip route add 10.60.0.0/16 via inet6 fe80::1 dev v0",
            "ip route add 10.61.0.0/16 dev v0 realms 6/7 mtu lock 0 rtt 5ms",
            "ip route add 10.62.0.0/16 dev v0 realms 7",
            "ip link set v1 down",
        ],
        &[
            "route",
            "-0 route",
            "-d route show table all",
            "-d route show table 100",
            "-N route show table all",
            "route show root 10.0.0.0/8",
            "route show match 10.9.0.1 table all",
            "route show exact 10.9.0.0/24",
            "route show 10.9.0.0/24",
            "route show default",
            "route show scope link",
            "route show proto bgp table all",
            "route show type blackhole",
            "route show via 10.9.0.2",
            "route show src 10.9.0.1 table local",
            "route show realms 6",
            "route show realms 7",
            "route show realms 6/",
            "route show realms 6/7",
            "route show realms 0/7",
            "route show root 10.0.0.0/8 match 10.9.0.1",
            "route show root 10.0.0.0/8 exact 10.8.0.0/16",
            "route show realms 5/6 table 100",
            "route show realms 5/ table 100",
            "route show root 10.0.0.0/14 match 10.2.3.4 table all",
            "route show match 10.2.3.4 root 10.2.0.0/15 table all",
            "route show root 10.0.0.0/8 exact 10.9.0.0/24",
            "route show exact 10.9.0.0/24 root 10.0.0.0/8",
            "route show ty black ta all",
            "route show type 7",
            "route show dsf 8",
            "route show prio 9",
            "route show tos 8",
            "route show cache",
            "route get 10.9.0.9 from 10.9.0.1 connected",
            "route get 10.3.0.1 fibmatch",
            "route get 10.8.0.1",
            "route get 10.8.0.1/16",
            "route get 10.8.0.1 o v0 m 5 d 8",
            "route get 10.20.0.1 10.3.0.1 fibm",
            "route get 127.0.0.1",
            "route get 10.9.255.255",
            "route get 10.9.0.255",
            "route get 239.1.1.1",
            "route get 255.255.255.255",
            // Refused before the words are asked for all that they say.
            "route get 2001:db8:ffff::1 connected",
            "route get 10.20.0.1",
            "route get 10.9.0.1 from 10.9.0.1",
        ],
    );
}

#[test]
fn routes_of_ipv6() {
    assert_same(
        &[
            "ip -6 route add 2001:db8:1::/48 via 2001:db8:9::2 expires 1000 pref high metric 7",
            "ip -6 route add unreachable 2001:db8:3::/48",
            "ip -6 route add 2001:db8:4::/48 nexthop via 2001:db8:9::2 dev v0 nexthop via 2001:db8:9::3 dev v0 weight 4",
            "ip -6 route add default via fe80::1 dev v0",
        ],
        &[
            "-6 route",
            "-d -6 route show table all",
            "-6 route show root 2001:db8::/32",
            "-6 route show default",
            "-6 route show type unreachable",
            "-6 route get 2001:db8:4::1 fibmatch",
            "-6 route get 2001:db8:9::5",
        ],
    );
}

/// iproute2 6.1 puts the keys of an encapsulation among those of the route, so that `dst` is there twice; later versions
/// give it an object of its own, which is what is printed here.
fn is_flat_in(version: &str, path: &str) -> bool {
    const KEYS: &str = "encap dst src tos ttl id key csum seq hoplimit tc mode segs action table flavors lblen nflen locator \
                        csum_mode ident_type hook_type if_id link_dev oif";
    version == "6.1" && KEYS.split(' ').any(|key| path.split(['.', '[']).any(|part| part == key))
}

#[test]
fn encapsulations() {
    assert_same_but(
        &with_pair(&[
            "ip route add 10.6.0.0/16 encap ip id 100 dst 10.9.0.7 src 10.9.0.1 ttl 5 tos 0x10 key csum seq dev v0",
            "ip route add 10.5.0.0/16 encap ip6 id 100 dst 2001:db8::7 src 2001:db8::1 hoplimit 5 tc 16 dev v0",
            "ip route add 10.33.0.0/16 nexthop encap ip id 4 dst 10.9.0.7 dev v0 nexthop via 10.9.0.4 dev v0 weight 5",
            // These are not loaded by being asked for.
            "modprobe -qa ila xfrm_interface || true",
            "optional encap ila: ip -6 route add 2001:db8:8::/64 encap ila 1:2:3:4 csum-mode adj-transport ident-type luid via 2001:db8:9::2",
            "optional encap xfrm: ip -6 route add 2001:db8:10::/64 dev v0 encap xfrm if_id 5 link_dev v0",
            "optional encap rpl: ip -6 route add 2001:db8:11::/64 encap rpl segs 2001:db8:9::5,2001:db8:9::6 dev v0",
            "optional encap ioam6: ip -6 route add 2001:db8:12::/64 encap ioam6 trace prealloc type 0x800000 ns 1 size 12 dev v0",
            "optional encap mpls: ip route add 10.7.0.0/16 encap mpls 100/200 ttl 5 via 10.9.0.2",
            "optional encap seg6: ip -6 route add 2001:db8:5::/48 encap seg6 mode encap segs 2001:db8:9::5,2001:db8:9::6 dev v0",
            "optional encap seg6: ip -6 route add 2001:db8:6::/48 encap seg6 mode inline segs 2001:db8:9::5 dev v0",
            "optional encap seg6local: ip -6 route add 2001:db8:7::1 encap seg6local action End.DT6 table 100 count dev v0",
            "optional encap seg6local: ip -6 route add 2001:db8:7::7 encap seg6local action End.DX2 oif v1 dev v0",
            "optional encap seg6local: ip -6 route add 2001:db8:7::6 encap seg6local action End flavors next-csid lblen 32 nflen 16 dev v0",
        ]),
        &["route", "-6 route", "route get 10.6.0.1 fibmatch", "-6 route show 2001:db8:7::7"],
        is_flat_in,
    );
}

#[test]
fn next_hop_objects() {
    assert_same(
        &[
            "ip nexthop add id 5 via 10.9.0.2 dev v0",
            "ip nexthop add id 6 via 10.9.0.3 dev v0 onlink proto 186",
            "ip nexthop add id 7 group 5,3/6,5",
            "ip nexthop add id 8 group 5/6 type resilient buckets 4 idle_timer 10 unbalanced_timer 20",
            "ip nexthop add id 9 blackhole",
            "ip nexthop add id 10 dev v0",
            "ip nexthop add id 12 via 10.9.0.2 fdb",
            "ip nexthop add id 14 group 12 fdb",
            "ip nexthop add id 20 via 2001:db8:9::2 dev v0",
            "ip route add 10.30.0.0/16 nhid 7",
            "ip route add 10.31.0.0/16 nhid 6",
            "ip route add 10.32.0.0/16 nhid 9",
            "ip route add blackhole 10.33.0.0/16",
            "ip -6 route add 2001:db8:a::/48 nhid 20",
        ],
        &[
            "nexthop",
            "-d nexthop show",
            "nexthop show groups",
            "nexthop show dev v0",
            "nexthop bucket",
            "nexthop bucket show id 8",
            "route show",
            "-6 route show",
            "-d route show",
            "-d -6 route show",
            "-d route get 10.30.0.1 fibmatch",
            "route show type blackhole",
            "route show type unicast",
        ],
    );
}
