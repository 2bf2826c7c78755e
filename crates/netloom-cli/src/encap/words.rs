//! The words of `encap`.

use crate::words::{Case, Kind, Word, flag, word};
use crate::{bpf, named};

/// Encapsulations with their words.
pub(crate) const ENCAPS: &[Case] = &[
    Case { name: "mpls", about: "labels before the packet", words: MPLS },
    Case { name: "ip", about: "a tunnel over IPv4", words: IP },
    Case { name: "ip6", about: "a tunnel over IPv6", words: IP6 },
    Case { name: "ila", about: "identifier locator addressing", words: ILA },
    Case { name: "seg6", about: "along segments", words: SEG6 },
    Case { name: "seg6local", about: "what is done at a segment", words: SEG6_LOCAL },
    Case { name: "bpf", about: "BPF programs", words: BPF },
    Case { name: "rpl", about: "along segments, as RPL does", words: RPL },
    Case { name: "ioam6", about: "with a trace", words: IOAM6 },
    Case { name: "xfrm", about: "IPsec", words: XFRM },
];

const MPLS: &[Word] = &[
    word("ttl", Kind::U8, "time to live of the labels").once(),
    word("labels", Kind::Text("LABEL/…"), "labels, outermost first").bare().once(),
];

/// Words for a header of an IP tunnel, those of its version between the ones that both have.
macro_rules! tunnel {
    ($($own:expr),+ $(,)?) => {
        &[
            word("id", Kind::U64, "identifier of the tunnel").once(),
            $($own.once(),)+
            flag("key", "the header carries the identifier").once(),
            flag("csum", "the header carries a checksum").once(),
            flag("seq", "the header carries a sequence number").once(),
            word("geneve_opts", Kind::Text("CLASS:TYPE:DATA,…"), "options of Geneve").once(),
            word("vxlan_opts", Kind::U32, "group policy of VXLAN").once(),
            word("erspan_opts", Kind::Text("VERSION:INDEX:DIRECTION:HARDWARE"), "header of ERSPAN").once(),
        ]
    };
}

const IP: &[Word] = tunnel![
    word("dst", Kind::Ipv4, "far end"),
    word("src", Kind::Ipv4, "near end"),
    word("tos", named::DS_FIELD, "type of service"),
    word("ttl", Kind::U8, "time to live"),
];

const IP6: &[Word] = tunnel![
    word("dst", Kind::Ipv6, "far end"),
    word("src", Kind::Ipv6, "near end"),
    word("tc", named::DS_FIELD, "traffic class"),
    word("hoplimit", Kind::U8, "hop limit"),
];

/// What is done to checksums.
pub(super) const CHECKSUM_MODES: &[(&str, u64)] =
    &[("adj-transport", 0), ("neutral-map", 1), ("no-action", 2), ("neutral-map-auto", 3)];
/// What an identifier is.
pub(super) const IDENTIFIER_TYPES: &[(&str, u64)] = &[
    ("iid", 0),
    ("luid", 1),
    ("virt-v4", 2),
    ("virt-uni-v6", 3),
    ("virt-multi-v6", 4),
    ("nonlocal-addr", 5),
    ("use-format", 32),
];
/// Where packets are changed.
pub(super) const HOOKS: &[(&str, u64)] = &[("output", 0), ("input", 1)];

const ILA: &[Word] = &[
    word("csum-mode", Kind::OneOf(CHECKSUM_MODES), "what is done to checksums"),
    word("ident-type", Kind::OneOf(IDENTIFIER_TYPES), "what the identifier is"),
    word("hook-type", Kind::OneOf(HOOKS), "where packets are changed"),
    word("locator", Kind::Text("X:X:X:X"), "upper half of the new destination").bare().once(),
];

/// How packets are sent along segments.
pub(super) const SEG6_MODES: &[(&str, u64)] =
    &[("inline", 0), ("encap", 1), ("l2encap", 2), ("encap.red", 3), ("l2encap.red", 4)];

const SEG6: &[Word] = &[
    word("mode", Kind::OneOf(SEG6_MODES), "how packets are sent").once(),
    word("segs", Kind::Text("ADDRESS,…"), "segments in the order of the visit").once(),
    word("hmac", Kind::U32, "key that signs the header").once(),
    word("tunsrc", Kind::Ipv6, "source of the outer packet").once(),
    word("lookup", named::TABLE, "table for the outer packet").once(),
];

/// What is done at a segment.
pub(super) const ACTIONS: &[(&str, u64)] = &[
    ("End", 1),
    ("End.X", 2),
    ("End.T", 3),
    ("End.DX2", 4),
    ("End.DX6", 5),
    ("End.DX4", 6),
    ("End.DT6", 7),
    ("End.DT4", 8),
    ("End.B6", 9),
    ("End.B6.Encaps", 10),
    ("End.BM", 11),
    ("End.S", 12),
    ("End.AS", 13),
    ("End.AM", 14),
    ("End.BPF", 15),
    ("End.DT46", 16),
];

/// Variants of an action, by their bit.
pub(super) const FLAVORS: &[(&str, u32)] = &[("psp", 1), ("usp", 2), ("usd", 3), ("next-csid", 4)];

const SRH: &[Word] = &[
    word("segs", Kind::Text("ADDRESS,…"), "segments in the order of the visit").once(),
    word("hmac", Kind::U32, "key that signs the header").once(),
];

const SEG6_LOCAL: &[Word] = &[
    word("action", Kind::OneOf(ACTIONS), "what is done").once(),
    word("table", named::TABLE, "table to look into").once(),
    word("vrftable", named::TABLE, "table of a VRF to look into").once(),
    word("nh4", Kind::Ipv4, "next hop of IPv4").once(),
    word("nh6", Kind::Ipv6, "next hop of IPv6").once(),
    word("iif", Kind::Device, "link that packets must come in by").once(),
    word("oif", Kind::Device, "link that packets leave by").once(),
    word("srh", Kind::Group(SRH), "routing header").once(),
    word("endpoint", bpf::PROGRAM, "program of End.BPF").once(),
    flag("count", "count packets").once(),
    word("flavors", Kind::Text("FLAVOR,…"), "variants: psp, usp, usd, next-csid").once(),
    word("lblen", Kind::Number(1, 255), "bits of the locator block").once(),
    word("nflen", Kind::Number(1, 255), "bits of node and function").once(),
];

const BPF: &[Word] = &[
    word("in", bpf::PROGRAM, "on packets that come in"),
    word("out", bpf::PROGRAM, "on packets of this machine"),
    word("xmit", bpf::PROGRAM, "on packets that leave"),
    word("headroom", Kind::Number(1, 256), "bytes to keep free before a packet that leaves"),
];

const RPL: &[Word] = &[word("segs", Kind::Text("ADDRESS,…"), "segments in the order of the visit").once()];

/// How a trace is added.
pub(super) const IOAM6_MODES: &[(&str, u64)] = &[("inline", 1), ("encap", 2), ("auto", 3)];

const TRACE: &[Word] = &[
    flag("prealloc", "room for the trace is made at once").once(),
    word("type", Kind::Number(1, 0xff_ffff), "which data each node adds").once(),
    word("ns", Kind::U16, "namespace").once(),
    word("size", Kind::Number(4, 244), "bytes of the trace, a multiple of 4").once(),
];

const IOAM6: &[Word] = &[
    word("freq", Kind::Text("K/N"), "K of N packets").once(),
    word("mode", Kind::OneOf(IOAM6_MODES), "into the packet or around it").once(),
    word("tunsrc", Kind::Ipv6, "source of the packet around it").once(),
    word("tundst", Kind::Ipv6, "destination of the packet around it").once(),
    word("trace", Kind::Group(TRACE), "the trace").once(),
];

const XFRM: &[Word] = &[
    word("if_id", Kind::Number(1, u32::MAX as u64), "identifier of the interface").once(),
    word("link_dev", Kind::Device, "link below").once(),
];
