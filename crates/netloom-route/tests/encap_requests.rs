//! Encapsulations of routes beside what iproute2 sends for the same command. What some kernels do not survive is compared
//! here and never sent.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]
#![cfg(target_endian = "little")]

#[path = "support/beside.rs"]
mod beside;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use beside::{V0, V1, expect};
use netloom_route::{
    encap::{
        Bpf, Encapsulation, Ila, IlaChecksumMode, IlaHook, IlaIdentifierType, Ioam6, Ioam6Mode, Ioam6Trace, Ip, Ip6,
        Mpls, MplsLabel, Rpl, Seg6, Seg6Action, Seg6Local, Seg6Mode, TunnelFlags, Xfrm, srh,
    },
    route::Add,
};
use netloom_wire::Writer;

const FAR: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn ip6(text: &str) -> Ipv6Addr {
    text.parse().unwrap()
}

fn two() -> [Ipv6Addr; 2] {
    [ip6("2001:db8::a"), ip6("2001:db8::b")]
}

fn to<E: Encapsulation + ?Sized>(prefix: &str, write: impl FnOnce(Writer<E>) -> Writer<E>) -> Add {
    Add::new(prefix.parse().unwrap()).encap::<E>(write)
}

#[test]
fn tunnels() {
    let by = |prefix: &str, write: fn(Writer<Ip>) -> Writer<Ip>| {
        to::<Ip>(prefix, |e| write(e.id(100).dst(FAR))).via(ip("10.0.0.2"))
    };
    let all = |e: Writer<Ip>| {
        let flags = TunnelFlags::KEY | TunnelFlags::CSUM | TunnelFlags::SEQUENCE;
        e.src([192, 0, 2, 2].into()).tos(4).ttl(9).flags(flags)
    };
    expect("route/add-encap-ip", &by("10.21.0.0/16", all));
    expect("route/add-encap-ip-vxlan", &by("10.22.0.0/16", |e| e.options(|o| o.vxlan(|v| v.gbp(456)))));
    let geneve = |e: Writer<Ip>| {
        e.options(|o| {
            o.geneve(|g| g.class(66).option(80).data(&[0, 0x11, 0x22, 0x33]))
                .geneve(|g| g.class(67).option(81).data(&[0x44, 0x55, 0x66, 0x77]))
        })
    };
    expect("route/add-encap-ip-geneve", &by("10.23.0.0/16", geneve));
    let erspan = |e: Writer<Ip>| e.options(|o| o.erspan(|s| s.version(2).index(0).direction(1).hardware(2)));
    expect("route/add-encap-ip-erspan", &by("10.24.0.0/16", erspan));
    let all = |e: Writer<Ip6>| {
        let e = e.id(200).dst(ip6("2001:db8::99")).src(ip6("2001:db8::98"));
        e.traffic_class(7).hop_limit(33).flags(TunnelFlags::CSUM)
    };
    expect("route/add-encap-ip6", &to::<Ip6>("10.25.0.0/16", all).dev(V0));
    expect("route/add6-encap-ip6", &to::<Ip6>("2001:db8:25::/48", |e| e.id(201).dst(ip6("2001:db8::99"))).dev(V0));
}

#[test]
fn segment_routing() {
    let [a, b] = two();
    let by = |prefix: &str, mode, segments: &[Ipv6Addr], hmac| {
        to::<Seg6>(prefix, |e| e.segments(mode, segments, hmac)).dev(V0)
    };
    expect("route/add-encap-seg6", &by("10.28.0.0/16", Seg6Mode::Encap, &[a, b], None));
    expect("route/add6-encap-seg6-inline", &by("2001:db8:26::/48", Seg6Mode::Inline, &[a, b], None));
    expect("route/add6-encap-seg6-encap", &by("2001:db8:27::/48", Seg6Mode::Encap, &[a], None));
    expect("route/add6-encap-seg6-red", &by("2001:db8:28::/48", Seg6Mode::EncapReduced, &[a, b], None));
    expect("route/add6-encap-seg6-l2", &by("2001:db8:29::/48", Seg6Mode::L2Encap, &[a], None));
    expect("route/add6-encap-seg6-l2-red", &by("2001:db8:2a::/48", Seg6Mode::L2EncapReduced, &[a], None));
    expect("route/add6-encap-seg6-hmac", &by("2001:db8:2b::/48", Seg6Mode::Encap, &[a, b], Some(15)));
}

#[test]
fn segment_routing_at_its_end() {
    use Seg6Action::*;
    type W = Writer<Seg6Local>;
    const ROUTER: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 2);
    fn counted(w: W) -> W {
        w.counters(|c| c.packets(0).bytes_total(0).errors(0))
    }
    /// The case's last words, the last group of its prefix, the action, and what else is said.
    type Case = (&'static str, &'static str, Seg6Action, fn(W) -> W);
    let cases: &[Case] = &[
        ("end", "30", End, |w| w),
        ("end-count", "31", End, counted),
        ("end-flavors", "32", End, |w| w.flavors(|f| f.operations(1 << 1))),
        ("end-next-csid", "33", End, |w| w.flavors(|f| f.operations(1 << 4).block_bits(48).node_bits(16))),
        ("end-x", "34", EndX, |w| w.nh6(ROUTER)),
        ("end-x-csid", "4a", EndX, |w| w.nh6(ROUTER).flavors(|f| f.operations(1 << 4))),
        ("end-t", "35", EndT, |w| w.table(100)),
        ("end-dx2", "36", EndDX2, |w| w.oif(V1)),
        ("end-dx4", "37", EndDX4, |w| w.nh4([10, 0, 0, 2].into())),
        ("end-dx6", "38", EndDX6, |w| w.nh6(ROUTER)),
        ("end-dt4", "39", EndDT4, |w| w.vrf_table(100)),
        ("end-dt6", "3a", EndDT6, |w| w.table(100)),
        ("end-dt6-vrf", "4b", EndDT6, |w| w.vrf_table(100)),
        ("end-dt46", "3b", EndDT46, |w| counted(w.vrf_table(100))),
        ("end-b6", "3c", EndB6, |w| w.srh(&srh(&two(), true, None))),
        ("end-b6-encaps", "3d", EndB6Encaps, |w| w.srh(&srh(&two(), false, Some(15)))),
        ("end-bm", "3e", EndBM, |w| w),
        ("end-s", "3f", EndS, |w| w),
        ("end-as", "40", EndAS, |w| w),
        ("end-am", "41", EndAM, |w| w),
        ("end-bpf", "42", EndBpf, |w| w.bpf(|b| b.program(4).name("seg6local:[*fsobj]"))),
    ];
    for (name, prefix, action, write) in cases {
        let route = to::<Seg6Local>(&format!("2001:db8:{prefix}::/128"), |e| write(e.action(*action))).dev(V0);
        expect(&format!("route/add6-seg6local-{name}"), &route);
    }
}

#[test]
fn labels_and_programs() {
    let labels = |prefix: &str, stack: &[u32]| to::<Mpls>(prefix, |e| e.dst(&MplsLabel::stack(stack)));
    expect("route/add-encap-mpls", &labels("10.26.0.0/16", &[100, 200, 300]).via(ip("10.0.0.2")));
    let with_ttl = to::<Mpls>("10.27.0.0/16", |e| e.dst(&MplsLabel::stack(&[100])).ttl(77));
    expect("route/add-encap-mpls-ttl", &with_ttl.via(ip("10.0.0.2")));
    let both = |e: Writer<Bpf>| e.input(|p| p.fd(4).name("in:[*fsobj]")).output(|p| p.fd(5).name("out:[*fsobj]"));
    expect("route/add-encap-bpf-in-out", &to::<Bpf>("10.30.0.0/16", both).dev(V0));
    let xmit = |e: Writer<Bpf>| e.xmit(|p| p.fd(4).name("xmit:[*fsobj]")).xmit_headroom(32);
    expect("route/add-encap-bpf-xmit", &to::<Bpf>("10.29.0.0/16", xmit).dev(V0));
    // iproute2 takes the second `dev` for a word of the encapsulation and forgets it: the link is not said.
    expect("route/add-encap-xfrm", &to::<Xfrm>("10.31.0.0/16", |e| e.if_id(0x15).link(V0)).scope(253));
}

#[test]
fn encapsulations_that_few_kernels_have() {
    let located = |e: Writer<Ila>| e.locator(0x0001_0002_0003_0004);
    let mapped = |e: Writer<Ila>| {
        let e = located(e).checksum_mode(IlaChecksumMode::NeutralMap);
        e.identifier_type(IlaIdentifierType::Luid).hook(IlaHook::Input)
    };
    expect("route/add6-encap-ila", &to::<Ila>("2001:db8:43::/64", mapped).via(ip("2001:db8::2")));
    let adjusted = |e: Writer<Ila>| {
        let e = located(e).checksum_mode(IlaChecksumMode::AdjustTransport);
        e.identifier_type(IlaIdentifierType::UseFormat).hook(IlaHook::Output)
    };
    expect("route/add6-encap-ila-output", &to::<Ila>("2001:db8:4c::/64", adjusted).via(ip("2001:db8::2")));
    expect("route/add6-encap-rpl", &to::<Rpl>("2001:db8:44::/48", |e| e.segments(&two())).dev(V0));
    let traced = |n: u32, mode, namespace, kind, size: u8| {
        move |e: Writer<Ioam6>| {
            let trace = Ioam6Trace::new(namespace, kind, size);
            e.frequency_k(1).frequency_n(n).mode(mode).trace(trace)
        }
    };
    let inline = traced(1, Ioam6Mode::Inline, 1, 0x80_0000, 12);
    expect("route/add6-encap-ioam6-inline", &to::<Ioam6>("2001:db8:45::/48", inline).dev(V0));
    let far = |e: Writer<Ioam6>| e.dst(ip6("2001:db8::77"));
    let encap = traced(100, Ioam6Mode::Encap, 2, 0xf8_0000, 24);
    expect("route/add6-encap-ioam6-encap", &to::<Ioam6>("2001:db8:46::/48", |e| far(encap(e))).dev(V0));
    let auto = traced(1, Ioam6Mode::Auto, 1, 0x80_0000, 12);
    expect("route/add6-encap-ioam6-auto", &to::<Ioam6>("2001:db8:47::/48", |e| far(auto(e))).dev(V0));
}
