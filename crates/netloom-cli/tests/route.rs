//! Routes and next hop objects are asked for as iproute2 asks for them, also where this machine's kernel refuses.

mod support;

use support::requests::{assert_same, assert_same_but};

const PAIR: &[&str] = &[
    "ip link add v0 type veth peer name v1",
    "ip link set v0 up",
    "ip link set v1 up",
    "ip addr add 10.9.0.1/24 dev v0",
    "ip addr add 2001:db8:9::1/64 dev v0 nodad",
];

#[test]
fn plain_routes() {
    // A destination of no length is any, whatever its bits: iproute2 sends them where the family is named.
    assert_same_but(
        PAIR,
        &[
            "route add 10.1.0.0/16 via 10.9.0.2 dev v0",
            "route add 10.1/16 dev v0 src 10.9.0.1 scope link proto 99 tos 0x10",
            "route add default via 10.9.0.2 metric 5",
            "route add to unicast 10.1.0.0/16 via 10.9.0.2 table 1000 realms 5/6",
            "route add 10.1.0.0/16 via inet6 fe80::1 dev v0 onlink",
            "route add blackhole 10.1.0.0/16",
            "route add local 10.1.0.0/16 dev lo",
            "route add broadcast 10.1.0.255 dev v0",
            "route add multicast 239.0.0.0/8 dev v0",
            "route add nat 10.1.0.0/16 via 10.9.0.2",
            "-6 route add 2001:db8:1::/48 via 2001:db8:9::2 expires 100 pref high",
            "-6 route add default via fe80::1 dev v0 preference 7",
            "-6 route add unreachable 2001:db8:1::/48",
            "-6 route add 2001:db8:1::/48 from 2001:db8:9::/64 dev v0",
        ],
        |line, text| if line.contains("-6 route add default") { text.replace("  RTA_DST ::\n", "") } else { text },
    );
}

#[test]
fn verbs() {
    assert_same(
        PAIR,
        &[
            "route change 10.1.0.0/16 dev v0",
            "route chg 10.1.0.0/16 dev v0",
            "route replace 10.1.0.0/16 dev v0",
            "route prepend 10.1.0.0/16 dev v0",
            "route append 10.1.0.0/16 dev v0",
            "route test 10.1.0.0/16 dev v0",
            "route del 10.1.0.0/16",
            "-6 route del 2001:db8:1::/48 via 2001:db8:9::2 dev v0",
            "route del 10.1.0.0/16 table 1000 proto static",
        ],
    );
}

#[test]
fn metrics() {
    assert_same(
        PAIR,
        &[
            "route add 10.1.0.0/16 dev v0 mtu lock 1400 hoplimit 7 advmss 1000 reordering 5",
            "route add 10.1.0.0/16 dev v0 rtt 3s rttvar 5ms rto_min 20ms window 5 cwnd lock 9 initcwnd 10 initrwnd 11",
            "route add 10.1.0.0/16 dev v0 rtt 5 features ecn quickack 1 congctl lock reno ssthresh 6 fastopen_no_cookie 1",
        ],
    );
}

#[test]
fn several_next_hops() {
    assert_same(
        PAIR,
        &[
            "route add 10.3.0.0/16 nexthop via 10.9.0.2 dev v0 weight 3 nexthop via 10.9.0.3 dev v0 weight 5 onlink",
            "route add 10.3.0.0/16 nexthop via inet6 fe80::1 dev v0 nexthop encap ip id 4 dst 10.9.0.7 dev v0 realms 7",
            "-6 route add 2001:db8:1::/48 nexthop via 2001:db8:9::2 dev v0 nexthop via 2001:db8:9::3 dev v1 weight 256",
            "route add 10.3.0.0/16 nhid 7",
        ],
    );
}

#[test]
fn labels() {
    assert_same(
        PAIR,
        &[
            "-f mpls route add 100 as 200/300 via inet 10.9.0.2 dev v0 ttl-propagate enabled",
            "-f mpls route add 101 nexthop as 200 via inet 10.9.0.2 dev v0 nexthop as to 300 via inet6 fe80::1 dev v0",
            "-f mpls route del 100",
            "route add 10.7.0.0/16 encap mpls 100/200 ttl 5 via 10.9.0.2",
        ],
    );
}

#[test]
fn encapsulations() {
    assert_same(
        PAIR,
        &[
            "route add 10.6.0.0/16 encap ip id 100 dst 10.9.0.7 src 10.9.0.1 ttl 5 tos 0x10 key csum seq dev v0",
            "route add 10.6.0.0/16 encap ip6 id 100 dst 2001:db8::7 src 2001:db8::1 hoplimit 5 tc 0x16 dev v0",
            "-6 route add 2001:db8:8::/64 encap ila 1:2:3:4 csum-mode adj-transport ident-type luid hook-type input via 2001:db8:9::2",
            "-6 route add 2001:db8:1::/64 encap rpl segs 2001:db8:9::5,2001:db8:9::6 dev v0",
            "-6 route add 2001:db8:1::/64 encap ioam6 freq 1/3 mode encap tundst 2001:db8::5 trace prealloc type 0x800000 ns 1 size 12 dev v0",
            "-6 route add 2001:db8:1::/64 dev v0 encap xfrm if_id 5 link_dev v0",
            "-6 route add 2001:db8:1::/64 dev v0 encap bpf headroom 10",
        ],
    );
}

#[test]
fn segment_routing() {
    assert_same(
        PAIR,
        &[
            "-6 route add 2001:db8:1::/64 encap seg6 mode encap segs 2001:db8:9::5,2001:db8:9::6 hmac 1 dev v0",
            "-6 route add 2001:db8:1::/64 encap seg6 mode inline segs 2001:db8:9::5 dev v0",
            "-6 route add 2001:db8:1::/64 encap seg6 mode l2encap.red segs ::1 dev v0",
            "-6 route add 2001:db8:1::1 encap seg6local action End.DT6 table 100 count dev v0",
            "-6 route add 2001:db8:1::1 encap seg6local action End.DT46 vrftable 100 dev v0",
            "-6 route add 2001:db8:1::1 encap seg6local action End.X nh6 2001:db8:9::2 oif v0 dev v0",
            "-6 route add 2001:db8:1::1 encap seg6local action End.DX2 oif v0 dev v0",
            "-6 route add 2001:db8:1::1 encap seg6local action End.B6 srh segs 2001:db8:9::5 dev v0",
            "-6 route add 2001:db8:1::1 encap seg6local action End.B6.Encaps srh segs 2001:db8:9::5 hmac 2 dev v0",
        ],
    );
}

#[test]
fn questions() {
    // Before the question itself each looks up links in its own way; iproute2 asks for no acknowledgement.
    assert_same_but(
        PAIR,
        &[
            "route get 10.1.2.3",
            "route get 10.1.2.3 from 10.9.0.1 oif v0 mark 5 tos 0x10 ipproto tcp sport 5 dport 6 uid 7 fibmatch",
            "route get 10.1.2.3 from 10.9.0.9 iif v0",
            "-6 route get 2001:db8::1 fibmatch",
            "route get 10.1.2.3 tos 0x10 dsfield 0x8",
        ],
        |_, text| match text.find("RTM_GETROUTE") {
            Some(at) => text[at..].replace("flags 0x5", "flags 0x1"),
            None => text,
        },
    );
}

#[test]
fn next_hop_objects() {
    assert_same(
        PAIR,
        &[
            "nexthop add id 5 via 10.9.0.2 dev v0",
            "nexthop add id 6 via 2001:db8:9::2 dev v0 onlink proto 186",
            "nexthop add id 7 group 5,3/6,5",
            "nexthop add id 8 group 5/6 type resilient buckets 4 idle_timer 10 unbalanced_timer 20",
            "nexthop add id 9 blackhole",
            "-6 nexthop add id 10 dev v0",
            "nexthop add id 12 via 10.9.0.2 fdb",
            "nexthop add id 14 group 12 fdb",
            "nexthop add id 13 encap mpls 100 via 10.9.0.2 dev v0",
            "nexthop replace id 9 blackhole",
            "nexthop del id 9",
        ],
    );
}
