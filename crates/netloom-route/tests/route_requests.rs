//! Requests about routes beside what iproute2 sends for the same command.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]
#![cfg(target_endian = "little")]

#[path = "support/beside.rs"]
mod beside;

use std::net::IpAddr;

use beside::{LO, V0, expect, expect_but};
use netloom_route::{
    encap::{Ip, Seg6, Seg6Mode},
    route::{
        Add, Append, Change, Delete, Get, Hop, List, MetricLock, Prepend, Replace, RouteFeatures, RouteType,
        RouterPreference,
    },
};

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn add(prefix: &str) -> Add {
    Add::new(prefix.parse().unwrap())
}

#[test]
fn routes_of_each_sort() {
    expect("route/add", &add("10.1.0.0/16").via(ip("10.0.0.2")));
    expect("route/add-dev", &add("10.2.0.0/16").dev(V0));
    let all = add("10.3.0.0/16").via(ip("10.0.0.2")).dev(V0).prefsrc(ip("10.0.0.1")).priority(100).table(1000);
    expect("route/add-all-fields", &all.protocol(4).scope(0).tos(0x10).realms(3 << 16 | 4).onlink());
    expect("route/add-default", &add("default").via(ip("10.0.0.2")).dev(V0).priority(500));
    let sort = |prefix: &str, kind| add(prefix).kind(kind);
    expect("route/add-blackhole", &sort("10.7.0.0/16", RouteType::Blackhole));
    expect("route/add-unreachable", &sort("10.8.0.0/16", RouteType::Unreachable).priority(7));
    expect("route/add-prohibit", &sort("10.9.0.0/16", RouteType::Prohibit));
    expect("route/add-throw", &sort("10.10.0.0/16", RouteType::Throw));
    expect("route/add-local", &sort("10.11.0.0/16", RouteType::Local).dev(LO).table(255));
    expect("route/add-broadcast", &sort("10.12.0.255/32", RouteType::Broadcast).dev(V0).scope(253));
    expect("route/add-multicast", &sort("224.1.0.0/16", RouteType::Multicast).dev(V0));
    expect("route/add-nat", &sort("10.14.0.0/16", RouteType::Nat).via(ip("10.0.0.2")));
    expect("route/add-nhid", &add("10.19.0.0/16").nh_id(5));
    expect("route/add-mark-ttl", &add("10.20.0.0/16").via(ip("10.0.0.2")).ttl_propagate(false));
    expect("route/add-via6", &add("10.17.0.0/16").via(ip("2001:db8::2")).dev(V0));
}

#[test]
fn routes_of_ipv6() {
    expect("route/add6", &add("2001:db8:1::/48").via(ip("2001:db8::2")).priority(1000));
    let source = "2001:db8:3::/48".parse().unwrap();
    expect("route/add6-from", &add("2001:db8:2::/48").from(source).via(ip("fe80::2")).dev(V0));
    let preferred = add("2001:db8:4::/48").via(ip("fe80::2")).dev(V0).pref(RouterPreference::High).expires(600);
    expect("route/add6-pref-expires", &preferred);
    expect("route/add6-unreachable", &add("2001:db8:5::/48").kind(RouteType::Unreachable));
    expect("route/add6-nhid", &add("2001:db8:19::/48").nh_id(6));
    expect("route/add-anycast6", &add("2001:db8:13::/128").kind(RouteType::Anycast).dev(V0));
    let hop = |router: &str| Hop::new().via(ip(router)).dev(V0);
    expect("route/add6-multipath", &add("2001:db8:16::/48").hop(hop("fe80::2").weight(2)).hop(hop("fe80::3")));
}

#[test]
fn each_verb_has_its_flags() {
    let prefix = "10.1.0.0/16".parse().unwrap();
    expect("route/replace", &Replace::new(prefix).via(ip("10.0.0.3")));
    expect("route/change", &Change::new(prefix).via(ip("10.0.0.4")));
    expect("route/append", &Append::new(prefix).via(ip("10.0.0.5")));
    expect("route/prepend", &Prepend::new(prefix).via(ip("10.0.0.6")));
    expect("route/delete", &Delete::new("10.2.0.0/16".parse().unwrap()));
    let exact = Delete::new("10.3.0.0/16".parse().unwrap()).via(ip("10.0.0.2")).dev(V0).table(1000).protocol(4);
    expect("route/delete-exact", &exact.tos(0x10).priority(100));
    let of_ipv6 = Delete::new("2001:db8:1::/48".parse().unwrap()).via(ip("2001:db8::2"));
    expect("route/delete6", &of_ipv6.priority(1000));
}

#[test]
fn metrics() {
    let by = |prefix: &str| add(prefix).via(ip("10.0.0.2"));
    let all = by("10.4.0.0/16").mtu(1400).metrics(|m| {
        let m = m.advmss(1360).rtt(240).rttvar(80).reordering(5).window(1000).cwnd(10).initcwnd(11).initrwnd(12);
        let m = m.ssthresh(13).hoplimit(14).rto_min(300).quickack(1).cc_algo("reno").features(RouteFeatures::ECN);
        m.lock(MetricLock::RTO_MIN)
    });
    expect("route/add-metrics", &all);
    let locked = by("10.5.0.0/16").metrics(|m| m.mtu(1400).hoplimit(9).lock(MetricLock::MTU | MetricLock::HOPLIMIT));
    expect("route/add-metrics-locked", &locked);
    let quick = |m: netloom_route::route::MetricsWriter| m.fastopen_no_cookie(1).features(RouteFeatures::TCP_USEC_TS);
    expect("route/add-fastopen", &by("10.6.0.0/16").metrics(quick));
}

#[test]
fn several_next_hops() {
    let hop = |router: &str| Hop::new().via(ip(router));
    let route = add("10.15.0.0/16").hop(hop("10.0.0.2").dev(V0).weight(3));
    expect("route/add-multipath", &route.hop(hop("10.0.0.3").dev(V0).weight(256).onlink()));
    let first = hop("10.0.0.2").dev(V0).encap::<Ip>(|e| e.id(7).dst([192, 0, 2, 1].into()));
    let segments = ["2001:db8::a", "2001:db8::b"].map(|text| text.parse().unwrap());
    let second = hop("10.0.0.3").realms(5).encap::<Seg6>(|e| e.segments(Seg6Mode::Encap, &segments, None));
    expect("route/add-multipath-encap", &add("10.16.0.0/16").hop(first).hop(second));
    expect("route/add-multipath-via6", &add("10.18.0.0/16").hop(hop("2001:db8::2").dev(V0)).hop(hop("10.0.0.2")));
}

#[test]
fn mpls() {
    expect("route/add-mpls", &Add::label(100).labels(&[200, 300]).via(ip("10.0.0.2")).dev(V0));
    expect("route/add-mpls-pop", &Add::label(101).via(ip("2001:db8::2")).dev(V0).ttl_propagate(true));
    let hop = |label, router| Hop::new().labels(&[label]).via(ip(router)).dev(V0);
    expect("route/add-mpls-multipath", &Add::label(102).hop(hop(201, "10.0.0.2")).hop(hop(202, "10.0.0.3")));
}

#[test]
fn questions() {
    expect("route/get", &Get::to(ip("10.1.2.3")));
    let all = Get::to(ip("10.1.2.3")).from(ip("10.0.0.1")).oif(V0).tos(0x10).mark(7).ip_protocol(6);
    expect("route/get-all-fields", &all.sport(1000).dport(2000).uid(5));
    expect("route/get-fibmatch", &Get::to(ip("10.1.2.3")).fib_match());
    expect("route/get-iif", &Get::to(ip("10.0.0.9")).from(ip("10.0.0.7")).iif(V0));
    expect("route/get6", &Get::to(ip("2001:db8::5")).from(ip("2001:db8::1")).oif(V0));
}

#[test]
fn lists() {
    let main = List::v4().table(254);
    expect("route/dump", &main);
    expect("route/dump-all", &List::all());
    expect("route/dump6", &List::v6().table(254));
    expect("route/dump-table", &List::v4().table(1000));
    expect("route/dump-cache", &main.clone().cached());
    expect("route/dump-root-match", &main.clone().within("10.0.0.0/8".parse().unwrap()));
    // The type is a filter that the kernel applies if it is told.
    let unicast = [("route_type: 0", "route_type: 1")];
    expect_but("route/dump-filters", &main.device(V0).protocol(3).kind(RouteType::Unicast), &unicast);
}
