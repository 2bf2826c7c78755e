//! The words of `link`.

use crate::bpf;
use crate::kind::KINDS;
use crate::words::{Kind, Word, flag, word};

/// `link show`.
pub(super) const SHOW: &[Word] = &[
    word("dev", Kind::Device, "only this link, by name or alternative name").bare().once(),
    word("group", Kind::Text("GROUP"), "only links of this group"),
    flag("up", "only links that are up"),
    flag("down", "only links that are down"),
    word("master", Kind::Device, "only ports of this link"),
    word("vrf", Kind::Device, "only links of this VRF"),
    word("type", Kind::Text("TYPE"), "only links of this kind; with _slave ports of this kind"),
    flag("nomaster", "only links that are nobody's port"),
    flag("novf", "without virtual functions"),
];

/// `link delete`.
pub(super) const DELETE: &[Word] = &[
    word("dev", Kind::Device, "the link").bare().once(),
    word("group", Kind::Text("GROUP"), "all links of this group").once(),
    word("type", Kind::Choice(&KINDS), "kind of the link, which is not needed").prefix().rest().others(),
];

/// `link property add` and `link property delete`.
pub(super) const PROPERTY: &[Word] = &[
    word("dev", Kind::Device, "the link").bare().once(),
    word("altname", Kind::Text("NAME"), "an alternative name").prefix().repeat(),
];

/// `link help`.
pub(super) const HELP: &[Word] = &[word("kind", Kind::Text("KIND"), "the kind").bare()];

/// `link add`, `link set`, and a veth's peer: static, because a peer's words are these again.
pub(crate) static SETTINGS: [Word; 46] = [
    flag("up", "bring it up"),
    flag("down", "take it down"),
    word("name", Kind::Text("NAME"), "its name; its new name").once(),
    word("index", Kind::Number(1, i32::MAX as u64), "its index").once(),
    word("link", Kind::Device, "the link below").prefix(),
    word("address", Kind::Mac, "hardware address").prefix(),
    word("broadcast", Kind::Mac, "hardware address of broadcasts").alias(&["brd"]).prefix(),
    word("txqueuelen", Kind::U32, "length of the transmit queue in packets")
        .prefix()
        .alias(&["qlen"])
        .like(&["txqlen"])
        .once(),
    word("mtu", Kind::U32, "largest packet in bytes").once(),
    word("xdp", bpf::XDP, "XDP program, attached where it can be"),
    word("xdpgeneric", bpf::XDP, "XDP program, attached after the driver"),
    word("xdpdrv", bpf::XDP, "XDP program, attached in the driver"),
    word("xdpoffload", bpf::XDP, "XDP program, attached in the device"),
    word("netns", Kind::Text("{ NAME | PID }"), "network namespace to put it in").once(),
    word("multicast", Kind::OnOff, "whether it can multicast"),
    word("allmulticast", Kind::OnOff, "whether it receives all multicast packets"),
    word("promisc", Kind::OnOff, "whether it receives all packets"),
    word("trailers", Kind::OnOff, "whether trailers are used"),
    word("arp", Kind::OnOff, "whether it asks for addresses"),
    word("carrier", Kind::OnOff, "whether it has a carrier"),
    word("vf", Kind::Group(FUNCTION), "a virtual function").repeat(),
    word("master", Kind::Device, "make it a port of this link").prefix(),
    word("vrf", Kind::Device, "put it in this VRF"),
    flag("nomaster", "make it nobody's port").prefix(),
    word("dynamic", Kind::OnOff, "whether its addresses go when it goes down").prefix(),
    word("type", Kind::Choice(&KINDS), "kind, and what the kind wants to know").prefix().rest().others(),
    word("alias", Kind::Text("TEXT"), "a text for people").prefix(),
    word("group", Kind::Text("GROUP"), "group of links").once(),
    word("mode", Kind::AnyCase(&[("default", 0), ("dormant", 1)]), "what its state waits for when the carrier comes"),
    word(
        "state",
        Kind::AnyCase(&[
            ("unknown", 0),
            ("notpresent", 1),
            ("down", 2),
            ("lowerlayerdown", 3),
            ("testing", 4),
            ("dormant", 5),
            ("up", 6),
        ]),
        "operational state",
    ),
    word("numtxqueues", Kind::U32, "number of transmit queues").prefix().once(),
    word("numrxqueues", Kind::U32, "number of receive queues").prefix().once(),
    word(
        "addrgenmode",
        Kind::AnyCase(&[("eui64", 0), ("none", 1), ("stable_secret", 2), ("random", 3)]),
        "how IPv6 addresses get their identifier",
    )
    .prefix(),
    word("link-netns", Kind::Text("NAME"), "namespace of the link below").prefix().once(),
    word("link-netnsid", Kind::Number(0, i32::MAX as u64), "number of the namespace of the link below").prefix().once(),
    word("new-netnsid", Kind::Number(0, i32::MAX as u64), "number of the namespace that it goes to"),
    word("new-ifindex", Kind::Number(1, i32::MAX as u64), "index in the namespace that it goes to"),
    word("protodown", Kind::OnOff, "whether a protocol holds its carrier down"),
    word("protodown_reason", Kind::Group(REASON), "why"),
    word("gso_max_size", Kind::U32, "largest packet to be segmented, in bytes"),
    word("gso_max_segs", Kind::Number(0, u16::MAX as u64), "most segments of one packet"),
    word("gro_max_size", Kind::U32, "largest packet that received ones are merged to, in bytes"),
    word("gso_ipv4_max_size", Kind::U32, "the same as gso_max_size, for IPv4"),
    word("gro_ipv4_max_size", Kind::U32, "the same as gro_max_size, for IPv4"),
    word("parentdev", Kind::Text("NAME"), "device that it belongs to"),
    word("dev", Kind::Device, "the link").bare().once(),
];

const REASON: &[Word] = &[
    word("reason", Kind::Text("REASON"), "name or number of the reason").bare().once(),
    word("state", Kind::Abbreviated(&[("on", 1), ("off", 0)]), "given or taken back").value_only(),
];

const FUNCTION: &[Word] = &[
    word("number", Kind::U32, "number of the virtual function").bare().once(),
    word("mac", Kind::Mac, "hardware address").prefix(),
    word("vlan", Kind::Group(VLAN), "VLAN that it is confined to").prefix().repeat(),
    word("rate", Kind::U32, "largest rate in Mbit/s, for older kernels").prefix(),
    word("max_tx_rate", Kind::U32, "largest rate in Mbit/s").prefix(),
    word("min_tx_rate", Kind::U32, "smallest rate in Mbit/s").prefix(),
    word("spoofchk", Kind::OnOff, "whether other hardware addresses are refused").prefix(),
    word("query_rss", Kind::OnOff, "whether it may ask how received packets are spread").prefix(),
    word("trust", Kind::OnOff, "whether it may do what others may not").prefix(),
    word("state", Kind::Abbreviated(&[("auto", 0), ("enable", 1), ("disable", 2)]), "whether it follows the carrier")
        .prefix(),
    word("node_guid", Kind::Mac, "node identity on InfiniBand").prefix(),
    word("port_guid", Kind::Mac, "port identity on InfiniBand").prefix(),
];

const VLAN: &[Word] = &[
    word("id", Kind::Number(0, 4095), "the VLAN, 0 for none").bare().once(),
    word("qos", Kind::Number(0, 7), "priority"),
    word(
        "proto",
        Kind::OneOf(&[("802.1q", 0x8100), ("802.1Q", 0x8100), ("802.1ad", 0x88a8), ("802.1AD", 0x88a8)]),
        "protocol of the tag",
    ),
];
