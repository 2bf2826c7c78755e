//! Requests about routes and next hop objects, against the bytes that iproute2 6.1 sends for the command that stands with
//! each (captured with `strace -e write=all`; padding that iproute2 leaves undefined is zero here). Link 3 is `v0`.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]
#![cfg(target_endian = "little")]

use std::net::{IpAddr, Ipv6Addr};

use netloom_route::{
    encap::{
        Bpf, ErspanOption, Ila, IlaChecksumMode, IlaHook, IlaIdentifierType, Ioam6, Ioam6Mode, Ioam6Trace, Ip, Ip6,
        Mpls, MplsLabel, Rpl, Seg6, Seg6Action, Seg6Local, Seg6Mode, TunnelFlags, VxlanOption, Xfrm, srh,
    },
    nexthop,
    route::{
        Add, Append, Change, Delete, Get, Hop, List, MetricLock, Prepend, Replace, Route, RouteFeatures, RouteType,
        RouterPreference, Test,
    },
};
use netloom_wire::{Buffer, Object, Request, View, Writer, check, named, reencode};

const DEV: u32 = 3;

/// The header's type and flags with the body, in hexadecimal.
fn sent<R: Request>(request: &R) -> String {
    let mut out = Buffer::new();
    request.write(&mut out);
    let bytes = out.finish().unwrap();
    check(R::Body::layout(), &bytes).unwrap();
    assert_eq!(reencode(R::Body::layout(), &bytes).unwrap(), bytes);
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{} {:#x} {hex}", R::COMMAND, request.flags())
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn ip6(text: &str) -> Ipv6Addr {
    text.parse().unwrap()
}

fn add(prefix: &str) -> Add {
    Add::new(prefix.parse().unwrap())
}

#[test]
fn plain_routes() {
    // ip route add 10.1.0.0/16 via 10.9.0.2 dev v0
    expect(
        &add("10.1.0.0/16").via(ip("10.9.0.2")).dev(DEV),
        "24 0x600 02100000fe03000100000000 080001000a010000 080005000a090002 0800040003000000",
    );
}

/// The expected text may have blanks between attributes.
fn expect<R: Request>(request: &R, expected: &str) {
    let mut words = expected.split_whitespace();
    let head: Vec<_> = words.by_ref().take(2).collect();
    assert_eq!(sent(request), format!("{} {}", head.join(" "), words.collect::<String>()));
}

#[test]
fn routes_of_each_sort() {
    // ip route add default via 10.9.0.2
    expect(&add("default").via(ip("10.9.0.2")), "24 0x600 02000000fe03000100000000 080005000a090002");
    // ip route add blackhole 10.20.0.0/16
    expect(&add("10.20.0.0/16").kind(RouteType::Blackhole), "24 0x600 02100000fe03000600000000 080001000a140000");
    // ip route add local 10.21.0.0/16 dev lo
    expect(
        &add("10.21.0.0/16").kind(RouteType::Local).dev(1),
        "24 0x600 02100000ff03fe0200000000 080001000a150000 0800040001000000",
    );
    // ip route add multicast 239.0.0.0/8 dev v0
    expect(
        &add("239.0.0.0/8").kind(RouteType::Multicast).dev(DEV),
        "24 0x600 02080000fe03fd0500000000 08000100ef000000 0800040003000000",
    );
    // ip route add 10.22.0.0/16 nhid 7
    expect(&add("10.22.0.0/16").nh_id(7), "24 0x600 02100000fe03000100000000 080001000a160000 08001e0007000000");
    // ip -6 route add 2001:db8:1::/48 via 2001:db8:9::2 expires 100 pref high
    expect(
        &add("2001:db8:1::/48").via(ip("2001:db8:9::2")).expires(100).pref(RouterPreference::High),
        "24 0x600 0a300000fe03000100000000 1400010020010db8000100000000000000000000
         1400050020010db8000900000000000000000002 0800170064000000 0500140001000000",
    );
}

#[test]
fn each_verb_has_its_flags() {
    let prefix = "10.1.0.0/16".parse().unwrap();
    // ip route replace 10.1.0.0/16 dev v0 src 10.9.0.1 realms 5/6 scope link
    expect(
        &Replace::new(prefix).dev(DEV).prefsrc(ip("10.9.0.1")).realms(0x0005_0006).scope(253),
        "24 0x500 02100000fe03fd0100000000 080001000a010000 080007000a090001 08000b0006000500 0800040003000000",
    );
    // ip route change 10.1.0.0/16 dev v0 quickack 1
    expect(
        &Change::new(prefix).dev(DEV).metrics(|m| m.quickack(1)),
        "24 0x100 02100000fe03fd0100000000 080001000a010000 0800040003000000 0c000800 08000f0001000000",
    );
    // ip route append 10.1.0.0/16 dev lo tos 4
    expect(&Append::new(prefix).dev(1).tos(4), "24 0xc00 02100004fe03fd0100000000 080001000a010000 0800040001000000");
    // ip route prepend 10.1.0.0/16 dev v1 window 5
    expect(
        &Prepend::new(prefix).dev(2).metrics(|m| m.window(5)),
        "24 0x400 02100000fe03fd0100000000 080001000a010000 0800040002000000 0c000800 0800030005000000",
    );
    // ip route test 10.1.0.0/16 dev v1
    expect(&Test::new(prefix).dev(2), "24 0x200 02100000fe03fd0100000000 080001000a010000 0800040002000000");
    // ip route del 10.1.0.0/16
    expect(&Delete::new(prefix), "25 0x0 02100000fe00ff0000000000 080001000a010000");
    // ip -6 route del 2001:db8:8::/64 via 2001:db8:9::2
    expect(
        &Delete::new("2001:db8:8::/64".parse().unwrap()).via(ip("2001:db8:9::2")),
        "25 0x0 0a400000fe00000000000000 1400010020010db8000800000000000000000000
         1400050020010db8000900000000000000000002",
    );
}

#[test]
fn metrics_and_a_router_of_the_other_family() {
    // ip route add 10.2.0.0/16 via inet6 fe80::1 dev v0 metric 5 mtu lock 1400 congctl reno features ecn rto_min 5ms
    //   rtt 3ms fastopen_no_cookie 1 table 100 proto bgp
    let route = add("10.2.0.0/16").via(ip("fe80::1")).dev(DEV).priority(5).table(100).protocol(186);
    let route = route.mtu(1400).metrics(|m| {
        m.cc_algo("reno")
            .features(RouteFeatures::ECN)
            .rto_min(5)
            .rtt(24)
            .fastopen_no_cookie(1)
            .lock(MetricLock::MTU | MetricLock::RTO_MIN)
    });
    // iproute2 leaves out the NUL after `reno`; the kernel takes both, so this one attribute differs.
    expect(
        &route,
        "24 0x600 0210000064ba000100000000 080001000a020000 160012000a00fe800000000000000000000000000001 0000
         0800060005000000 0800040003000000
         40000800 0800020078050000 090010007265 6e6f00000000 08000c0001000000 08000d0005000000 0800040018000000
         0800110001000000 0800010004200000",
    );
}

#[test]
fn several_next_hops() {
    // ip route add 10.3.0.0/16 nexthop via 10.9.0.2 dev v0 weight 3 nexthop via 10.9.0.3 dev v0 weight 5 onlink
    let route = add("10.3.0.0/16")
        .hop(Hop::new().via(ip("10.9.0.2")).dev(DEV).weight(3))
        .hop(Hop::new().via(ip("10.9.0.3")).dev(DEV).weight(5).onlink());
    expect(
        &route,
        "24 0x600 02100000fe03000100000000 080001000a030000
         24000900 1000000203000000 080005000a090002 1000040403000000 080005000a090003",
    );
    // ip -6 route add 2001:db8:2:5::/64 nexthop via 2001:db8:9::2 weight 2 encap seg6 mode l2encap segs ::1
    //   nexthop via 2001:db8:9::3 dev v0
    let first = Hop::new()
        .via(ip("2001:db8:9::2"))
        .weight(2)
        .encap::<Seg6>(|s| s.segments(Seg6Mode::L2Encap, &[Ipv6Addr::LOCALHOST], None));
    expect(
        &add("2001:db8:2:5::/64").hop(first).hop(Hop::new().via(ip("2001:db8:9::3")).dev(DEV)),
        "24 0x600 0a400000fe03000100000000 1400010020010db8000200050000000000000000
         68000900 4800000100000000 1400050020010db8000900000000000000000002
         24001680 200001000200000000020400000000000000000000000000000000000000000106001500 05000000
         1c00000003000000 1400050020010db8000900000000000000000003",
    );
}

#[test]
fn mpls() {
    // ip -f mpls route add 100 as 200/300 via inet 10.9.0.2 dev v0 ttl-propagate enabled
    let swap = Add::label(100).labels(&[200, 300]).via(ip("10.9.0.2")).dev(DEV);
    expect(
        &swap.ttl_propagate(true),
        "24 0x600 1c140000fe03000100000000 0800010000064100 0c001300000c80000012c100 0a00120002000a0900020000
         05001a0001000000 0800040003000000",
    );
    // ip -f mpls route add 101 nexthop as 200 via inet 10.9.0.2 dev v0 nexthop as 300 via inet 10.9.0.3 dev v0
    let hop = |label, router| Hop::new().labels(&[label]).via(ip(router)).dev(DEV);
    expect(
        &Add::label(101).hop(hop(200, "10.9.0.2")).hop(hop(300, "10.9.0.3")),
        "24 0x600 1c140000fe03000100000000 0800010000065100
         3c000900 1c00000003000000 08001300000c8100 0a00120002000a0900020000
         1c00000003000000 080013000012c100 0a00120002000a0900030000",
    );
}

/// A route over link 3 with this encapsulation.
fn over<E: netloom_route::encap::Encapsulation + ?Sized>(
    prefix: &str,
    write: impl FnOnce(Writer<E>) -> Writer<E>,
) -> Add {
    add(prefix).encap::<E>(write).dev(DEV)
}

#[test]
fn tunnels() {
    // ip route add 10.6.0.0/16 encap ip id 100 dst 10.9.0.7 src 10.9.0.1 ttl 5 tos 0x10 key csum seq dev v0
    let all = TunnelFlags::KEY | TunnelFlags::CSUM | TunnelFlags::SEQUENCE;
    let v4 = |e: Writer<Ip>| e.id(100).dst([10, 9, 0, 7].into());
    expect(
        &over::<Ip>("10.6.0.0/16", |e| v4(e).src([10, 9, 0, 1].into()).ttl(5).tos(0x10).flags(all)),
        "24 0x600 02100000fe03fd0100000000 080001000a060000
         38001680 0c0001000000000000000064 080002000a090007 080003000a090001 0500040005000000 0500050010000000
         06000600000d0000 0600150002000000 0800040003000000",
    );
    // ip route add 10.5.0.0/16 encap ip6 id 100 dst 2001:db8::7 src 2001:db8::1 hoplimit 5 tc 16 dev v0
    let v6 = |e: Writer<Ip6>| e.id(100).dst(ip6("2001:db8::7")).src(ip6("2001:db8::1"));
    expect(
        &over::<Ip6>("10.5.0.0/16", |e| v6(e).hop_limit(5).traffic_class(0x16)),
        "24 0x600 02100000fe03fd0100000000 080001000a050000
         48001680 0c0001000000000000000064 1400020020010db8000000000000000000000007
         1400030020010db8000000000000000000000001 0500040005000000 0500050016000000 0600150004000000 0800040003000000",
    );
    // … encap ip id 100 dst 10.9.0.7 geneve_opts 1:1:01020304,2:3:0506070809 via 10.9.0.2; never sent to a kernel here
    let geneve = add("10.4.0.0/16").encap::<Ip>(|e| {
        v4(e).options(|o| {
            o.geneve(|g| g.class(1).option(1).data(&[1, 2, 3, 4]))
                .geneve(|g| g.class(2).option(3).data(&[5, 6, 7, 8, 9]))
        })
    });
    expect(
        &geneve.via(ip("10.9.0.2")),
        "24 0x600 02100000fe03000100000000 080001000a040000
         58001680 0c0001000000000000000064 080002000a090007
         40000880 1c000180 0600010000010000 0500020001000000 0800030001020304
         20000180 0600010000020000 0500020003000000 0900030005060708 09000000
         0600150002000000 080005000a090002",
    );
    // … vxlan_opts 17 via 10.9.0.2
    let vxlan = |o: Writer<VxlanOption>| o.gbp(17);
    expect(
        &add("10.4.0.0/16").encap::<Ip>(|e| v4(e).options(|o| o.vxlan(vxlan))).via(ip("10.9.0.2")),
        "24 0x600 02100000fe03000100000000 080001000a040000
         28001680 0c0001000000000000000064 080002000a090007 10000880 0c000280 0800010011000000
         0600150002000000 080005000a090002",
    );
    // … encap ip6 id 100 dst ::1 erspan_opts 2:0:1:3 via 10.9.0.2
    let erspan = |o: Writer<ErspanOption>| o.version(2).index(0).direction(1).hardware(3);
    expect(
        &add("10.4.0.0/16")
            .encap::<Ip6>(|e| e.id(100).dst(Ipv6Addr::LOCALHOST).options(|o| o.erspan(erspan)))
            .via(ip("10.9.0.2")),
        "24 0x600 02100000fe03000100000000 080001000a040000
         4c001680 0c0001000000000000000064 1400020000000000000000000000000000000001
         28000880 24000380 0500010002000000 0800020000000000 0500030001000000 0500040003000000
         0600150004000000 080005000a090002",
    );
}

#[test]
fn segment_routing() {
    let segments = [ip6("2001:db8:9::5"), ip6("2001:db8:9::6")];
    // ip -6 route add 2001:db8:2::/48 encap seg6 mode encap segs 2001:db8:9::5,2001:db8:9::6 hmac 1 dev v0
    expect(
        &over::<Seg6>("2001:db8:2::/48", |e| e.segments(Seg6Mode::Encap, &segments, Some(1))),
        "24 0x600 0a300000fe03000100000000 1400010020010db8000200000000000000000000
         5c001680 58000100 01000000 0009040101080000 20010db8000900000000000000000006 20010db8000900000000000000000005
         0526000000000001 0000000000000000000000000000000000000000000000000000000000000000
         0600150005000000 0800040003000000",
    );
    // ip -6 route add 2001:db8:3::/48 encap seg6 mode inline segs 2001:db8:9::5 dev v0
    let inline = over::<Seg6>("2001:db8:3::/48", |e| e.segments(Seg6Mode::Inline, &segments[..1], None));
    expect(
        &inline,
        "24 0x600 0a300000fe03000100000000 1400010020010db8000300000000000000000000
         34001680 30000100 00000000 0004040101000000 00000000000000000000000000000000 20010db8000900000000000000000005
         0600150005000000 0800040003000000",
    );
}

#[test]
fn segment_routing_at_its_end() {
    // ip -6 route add 2001:db8:4::1/128 encap seg6local action End.DT6 table 100 count dev v0
    let counted = |e: Writer<Seg6Local>| {
        e.action(Seg6Action::EndDT6).table(100).counters(|c| c.packets(0).bytes_total(0).errors(0))
    };
    expect(
        &over::<Seg6Local>("2001:db8:4::1/128", counted),
        "24 0x600 0a800000fe03000100000000 1400010020010db8000400000000000000000001
         3c001680 0800010007000000 0800030064000000
         28000a80 0c0002000000000000000000 0c0003000000000000000000 0c0004000000000000000000
         0600150007000000 0800040003000000",
    );
    // ip -6 route add 2001:db8:5::1/128 encap seg6local action End flavors next-csid,psp lblen 32 nflen 16 dev v0
    let flavored = |e: Writer<Seg6Local>| {
        e.action(Seg6Action::End).flavors(|f| f.operations(1 << 4 | 1 << 1).block_bits(32).node_bits(16))
    };
    expect(
        &over::<Seg6Local>("2001:db8:5::1/128", flavored),
        "24 0x600 0a800000fe03000100000000 1400010020010db8000500000000000000000001
         28001680 0800010001000000 1c000b80 0800010012000000 0500020020000000 0500030010000000
         0600150007000000 0800040003000000",
    );
    // ip -6 route add 2001:db8:6::1/128 encap seg6local action End.B6.Encaps srh segs 2001:db8:9::5 dev v0
    let bound =
        |e: Writer<Seg6Local>| e.action(Seg6Action::EndB6Encaps).srh(&srh(&[ip6("2001:db8:9::5")], false, None));
    expect(
        &over::<Seg6Local>("2001:db8:6::1/128", bound),
        "24 0x600 0a800000fe03000100000000 1400010020010db8000600000000000000000001
         28001680 080001000a000000 1c000200 0002040000000000 20010db8000900000000000000000005
         0600150007000000 0800040003000000",
    );
}

#[test]
fn encapsulations_that_few_kernels_have() {
    // ip route add 10.7.0.0/16 encap mpls 100/200 ttl 5 via 10.9.0.2
    expect(
        &add("10.7.0.0/16").encap::<Mpls>(|e| e.dst(&MplsLabel::stack(&[100, 200])).ttl(5)).via(ip("10.9.0.2")),
        "24 0x600 02100000fe03000100000000 080001000a070000 18001680 0c00010000064000000c8100 0500020005000000
         0600150001000000 080005000a090002",
    );
    // ip -6 route add 2001:db8:8::/64 encap ila 1:2:3:4 csum-mode adj-transport ident-type luid hook-type input
    //   via 2001:db8:9::2
    let ila = |e: Writer<Ila>| {
        e.locator(0x0001_0002_0003_0004)
            .checksum_mode(IlaChecksumMode::AdjustTransport)
            .identifier_type(IlaIdentifierType::Luid)
            .hook(IlaHook::Input)
    };
    expect(
        &add("2001:db8:8::/64").encap::<Ila>(ila).via(ip("2001:db8:9::2")),
        "24 0x600 0a400000fe03000100000000 1400010020010db8000800000000000000000000
         28001680 0c0001000001000200030004 0500070000000000 0500080001000000 0500090001000000
         0600150003000000 1400050020010db8000900000000000000000002",
    );
    // ip -6 route add 2001:db8:9:1::/64 encap rpl segs 2001:db8:9::5,2001:db8:9::6 dev v0
    expect(
        &over::<Rpl>("2001:db8:9:1::/64", |e| e.segments(&[ip6("2001:db8:9::5"), ip6("2001:db8:9::6")])),
        "24 0x600 0a400000fe03000100000000 1400010020010db8000900010000000000000000
         30001680 2c000100 0004030200000000 20010db8000900000000000000000006 20010db8000900000000000000000005
         0600150008000000 0800040003000000",
    );
    // ip -6 route add 2001:db8:9:2::/64 encap ioam6 freq 1/3 mode encap tundst 2001:db8::5
    //   trace prealloc type 0x800000 ns 1 size 12 dev v0
    let trace = |e: Writer<Ioam6>| {
        e.frequency_k(1)
            .frequency_n(3)
            .mode(Ioam6Mode::Encap)
            .dst(ip6("2001:db8::5"))
            .trace(Ioam6Trace::new(1, 0x80_0000, 12))
    };
    expect(
        &over::<Ioam6>("2001:db8:9:2::/64", trace),
        "24 0x600 0a400000fe03000100000000 1400010020010db8000900020000000000000000
         3c001680 0800040001000000 0800050003000000 0500010002000000 1400020020010db8000000000000000000000005
         0c0003000001000380000000 0600150009000000 0800040003000000",
    );
    // ip -6 route add 2001:db8:9:3::/64 encap xfrm if_id 5 link_dev v0 dev v0; iproute2 6.1 forgets the second `dev`
    expect(
        &add("2001:db8:9:3::/64").encap::<Xfrm>(|e| e.if_id(5).link(DEV)),
        "24 0x600 0a400000fe03000100000000 1400010020010db8000900030000000000000000
         14001680 0800010005000000 0800020003000000 060015000a000000",
    );
    // ip -6 route add 2001:db8:9:4::/64 encap bpf headroom 10 dev v0; here too
    expect(
        &add("2001:db8:9:4::/64").encap::<Bpf>(|e| e.xmit_headroom(10)),
        "24 0x600 0a400000fe03000100000000 1400010020010db8000900040000000000000000
         0c001680 080004000a000000 0600150006000000",
    );
}

#[test]
fn questions() {
    // ip route get 10.1.2.3 from 10.9.0.1 oif v0 mark 5 tos 0x10 ipproto tcp sport 5 dport 6 uid 7 fibmatch
    let get = Get::to(ip("10.1.2.3")).from(ip("10.9.0.1")).oif(DEV).mark(5).tos(0x10).ip_protocol(6).sport(5).dport(6);
    // `fibmatch` takes the flag's place that says to name the table.
    expect(
        &get.uid(7).fib_match().lookup_table(false),
        "26 0x0 022020100000000000200000 080001000a010203 080002000a090001 05001b0006000000 06001c0000050000
         06001d0000060000 0800190007000000 0800040003000000 0800100005000000",
    );
    // ip route get 10.1.2.3
    expect(&Get::to(ip("10.1.2.3")), "26 0x0 022000000000000000100000 080001000a010203");
    // ip -6 route get 2001:db8::1
    expect(&Get::to(ip("2001:db8::1")), "26 0x0 0a8000000000000000000000 1400010020010db8000000000000000000000001");
    // ip -f mpls route del 100
    expect(&Delete::label(100), "25 0x0 1c140000fe00000100000000 0800010000064100");
    // ip route show table 100
    expect(&List::v4().table(100), "26 0x0 020000000000000000000000 08000f0064000000");
    // ip route show dev v0 proto kernel
    expect(
        &List::v4().table(254).device(DEV).protocol(2),
        "26 0x0 020000000002000000000000 08000f00fe000000 0800040003000000",
    );
    // ip -6 route show cache table main
    expect(&List::v6().table(254).cached(), "26 0x0 0a0000000000000000020000 08000f00fe000000");
    // ip -f mpls route show table all
    expect(&List::mpls(), "26 0x0 1c0000000000000000000000");
}

#[test]
fn nexthop_objects() {
    use nexthop::{Add, Delete, Get, GetBucket, List, ListBuckets, Replace};
    // ip nexthop add id 6 via 10.9.0.3 dev v0 onlink proto bgp
    expect(
        &Add::new(6).via(ip("10.9.0.3")).dev(DEV).onlink().protocol(186),
        "104 0x600 0200ba0004000000 0800010006000000 080006000a090003 0800050003000000",
    );
    // ip nexthop add id 7 group 5,3/6,5
    expect(
        &Add::new(7).group(&[(5, 3), (6, 5)]),
        "104 0x600 0000000000000000 0800010007000000 14000200 0500000002000000 0600000004000000",
    );
    // ip nexthop add id 8 group 5/6 type resilient buckets 4 idle_timer 10 unbalanced_timer 20
    expect(
        &Add::new(8).group(&[(5, 1), (6, 1)]).resilient(4, Some(1000), Some(2000)),
        "104 0x600 0000000000000000 0800010008000000 14000200 0500000000000000 0600000000000000
         1c000c80 0600010004000000 08000200e8030000 08000300d0070000 0600030001000000",
    );
    // ip nexthop replace id 9 blackhole
    expect(&Replace::new(9).blackhole(), "104 0x500 0200000000000000 0800010009000000 04000400");
    // ip nexthop add id 10 dev v0
    expect(&Add::new(10).dev(DEV), "104 0x600 0200000000000000 080001000a000000 0800050003000000");
    // ip nexthop add id 14 group 12 fdb
    expect(
        &Add::new(14).group(&[(12, 1)]).fdb(),
        "104 0x600 0000000000000000 080001000e000000 0c000200 0c00000000000000 04000b00",
    );
    // ip nexthop add id 13 encap mpls 100 via 10.9.0.2 dev v0
    expect(
        &Add::new(13).encap::<Mpls>(|e| e.dst(&MplsLabel::stack(&[100]))).via(ip("10.9.0.2")).dev(DEV),
        "104 0x600 0200000000000000 080001000d000000 0c000880 0800010000064100 0600070001000000
         080006000a090002 0800050003000000",
    );
    // ip nexthop del id 9
    expect(&Delete::new(9), "105 0x0 0000000000000000 0800010009000000");
    // ip nexthop show id 5
    expect(&Get::new(5), "106 0x0 0000000000000000 0800010005000000");
    // ip nexthop show groups
    expect(&List::all().groups(), "106 0x0 0000000000000000 04000900");
    // ip nexthop show dev v0
    expect(&List::all().device(DEV), "106 0x0 0000000000000000 0800050003000000");
    // ip nexthop bucket show id 8 nhid 5
    expect(&ListBuckets::of(8).member(5), "118 0x0 0000000000000000 0800010008000000 0c000d80 0800030005000000");
    // ip nexthop bucket get id 8 index 1
    expect(&GetBucket::new(8, 1), "118 0x0 0000000000000000 0800010008000000 0c000d80 0600010001000000");
}

#[test]
fn a_weight_of_sixteen_bits_is_split() {
    let member = nexthop::GroupMember::new(1, 0x1235);
    assert_eq!((member.weight_low, member.weight_high, member.weight()), (0x34, 0x12, 0x1235));
    assert_eq!(nexthop::GroupMember::new(1, 0).weight(), 1);
}

fn body<R: Request<Body = Route>>(request: &R) -> Box<Route> {
    let mut out = Buffer::new();
    request.write(&mut out);
    Route::boxed(&out.finish().unwrap()).unwrap()
}

#[test]
fn a_route_is_named_by_what_tells_it_from_others() {
    let shown = |route: &Route| named(route).to_string();
    assert_eq!(shown(&body(&add("10.0.0.0/8").table(100))), "route 10.0.0.0/8 table 100");
    assert_eq!(shown(&body(&add("default").via(ip("10.9.0.2")))), "route default via 10.9.0.2");
    assert_eq!(shown(&body(&add("10.1.0.1/32").table(1000).tos(8))), "route 10.1.0.1 tos 8 table 1000");
    assert_eq!(shown(&body(&Add::label(100))), "route label 100");
    assert_eq!(shown(&body(&Delete::new("default".parse().unwrap()))), "route default");
    assert_eq!(shown(&body(&List::v4().table(7))), "route table 7");
}

#[test]
fn keys_tell_routes_apart_as_the_kernel_does() {
    let key = |route: Add| body(&route).key();
    assert_eq!(key(add("10.1.2.3/16").dev(1)), key(add("10.1.0.0/16").dev(2).via(ip("10.9.0.1"))));
    assert_ne!(key(add("10.1.0.0/16").dev(1)), key(add("10.1.0.0/16").dev(1).priority(1)));
    assert_ne!(key(add("10.1.0.0/16").dev(1)), key(add("10.1.0.0/16").dev(1).table(1000)));
    assert_ne!(key(add("2001:db8::/32").dev(1)), key(add("2001:db8::/32").dev(2)));
    let shared = |index| add("2001:db8::/32").hop(Hop::new().dev(index)).hop(Hop::new().dev(9));
    assert_eq!(key(shared(1)), key(shared(2)));
}

#[test]
fn what_is_listed_is_filtered_again() {
    let route = body(&add("10.1.0.0/16").hop(Hop::new().via(ip("10.9.0.2")).dev(4)).hop(Hop::new().dev(5)));
    let accepts = |list: List| list.accepts(&route);
    assert!(accepts(List::all().device(4)) && accepts(List::v4().device(5)) && !accepts(List::all().device(3)));
    assert!(!accepts(List::v6()) && !accepts(List::all().cached()));
    assert!(accepts(List::v4().table(254)) && !accepts(List::v4().table(255)));
    let prefix = |text: &str| text.parse().unwrap();
    assert!(accepts(List::all().within(prefix("10.0.0.0/8"))) && !accepts(List::all().within(prefix("10.1.1.0/24"))));
    assert!(
        accepts(List::all().covering(prefix("10.1.1.0/24"))) && !accepts(List::all().covering(prefix("10.0.0.0/8")))
    );
    assert!(
        accepts(List::all().exactly(prefix("10.1.9.9/16"))) && !accepts(List::all().exactly(prefix("10.1.0.0/17")))
    );
    assert!(accepts(List::all().via(prefix("10.9.0.0/24"))) && !accepts(List::all().via(prefix("10.8.0.0/24"))));
}

#[test]
fn a_deletion_says_all_that_the_kernel_compares() {
    let route = body(&add("10.1.0.0/16").via(ip("10.9.0.2")).dev(DEV).table(1000).priority(7).mtu(1400));
    let delete = body(&Delete::of(&route));
    assert_eq!((delete.key(), delete.header()), (route.key(), route.header()));
    assert_eq!((delete.gateway(), delete.metrics().and_then(|m| m.mtu())), (Some(ip("10.9.0.2")), Some(1400)));
}
