//! `type openvswitch` and `type openvswitch_slave`.

use super::fields::{number, on_off};
use crate::failure::Failure;
use crate::out::Record;
use crate::words::{Case, Kind, Value, Word, Words, flag, word};
use netloom::kind::{OpenVswitch, OpenVswitchPort, OpenVswitchPortWriter, OpenVswitchWriter};
use netloom::wire::{Buffer, Write};

pub(super) const CASE: Case = Case {
    name: "openvswitch",
    about: "a bridge of Open vSwitch, or a port of one: internal, patch, vxlan, geneve or gre",
    words: WORDS,
};
pub(super) const PORT: Case =
    Case { name: "openvswitch_slave", about: "a port of a bridge of Open vSwitch", words: PORT_WORDS };

const WORDS: &[Word] = &[
    word("datapath", Kind::Text("{ system | netdev }"), "of a bridge: the kernel's, or the one in user space"),
    word("fail_mode", Kind::Text("{ standalone | secure }"), "of a bridge: what it does without a controller"),
    word("stp", Kind::OnOff, "of a bridge: Spanning Tree"),
    word("rstp", Kind::OnOff, "of a bridge: Rapid Spanning Tree"),
    word("mcast_snooping", Kind::OnOff, "of a bridge: multicast only where it is wanted"),
    word("port", Kind::Text("{ internal | patch | vxlan | geneve | gre }"), "a port of this type, not a bridge"),
    word("bridge", Kind::Device, "the bridge that a new port is for, as master says it too"),
    word("peer", Kind::Text("PORT"), "of a patch port: the port at the other end, which names this one"),
    word("remote", Kind::Text("{ ADDRESS | flow }"), "of a tunnel: its remote end"),
    word("local", Kind::Text("{ ADDRESS | flow }"), "of a tunnel: the end here"),
    word("key", Kind::Text("{ NUMBER | flow }"), "of a tunnel: VNI or GRE key of both directions"),
    word("in_key", Kind::Text("{ NUMBER | flow }"), "of a tunnel: key of what comes"),
    word("out_key", Kind::Text("{ NUMBER | flow }"), "of a tunnel: key of what is sent"),
    word("dstport", Kind::U16, "of a tunnel: UDP port of the remote end"),
    word("tos", Kind::Text("{ TOS | inherit }"), "of a tunnel: type of service").alias(&["dsfield"]),
    word("ttl", Kind::Text("{ 1..255 | inherit }"), "of a tunnel: time to live").alias(&["hoplimit"]),
    word("csum", Kind::OnOff, "of a tunnel: checksums of the header outside"),
    word("df_default", Kind::OnOff, "of a tunnel: packets must not be fragmented"),
    word("egress_pkt_mark", Kind::U32, "of a tunnel: mark of its packets, for rules"),
    word("exts", Kind::Text("{ gbp | gpe }"), "of vxlan: its extensions"),
    word("seq", Kind::OnOff, "of gre: sequence numbers"),
    word("packet_type", Kind::Text("{ legacy_l2 | legacy_l3 | ptap }"), "of a tunnel: what is in its packets"),
    word("option", Kind::Text("NAME=VALUE"), "any other option of the database's table Interface").repeat(),
    word("unset", Kind::Text("NAME"), "an option of which nothing is said any more").repeat(),
    TAG,
    NOTAG,
    TRUNKS,
    NOTRUNKS,
    VLAN_MODE,
];

/// What a VLAN may be.
const VLAN: Kind = Kind::Number(0, 4095);

const TAG: Word = word("tag", VLAN, "the VLAN of untagged packets");
const NOTAG: Word = flag("notag", "no tag any more");
const TRUNKS: Word = word("trunks", Kind::Several(&VLAN), "the VLANs that pass");
const NOTRUNKS: Word = flag("notrunks", "all VLANs pass again");
const VLAN_MODE: Word = word(
    "vlan_mode",
    Kind::Text("{ access | trunk | native-tagged | native-untagged | dot1q-tunnel }"),
    "how tag and trunks are meant",
);

const PORT_WORDS: &[Word] = &[TAG, NOTAG, TRUNKS, NOTRUNKS, VLAN_MODE];

/// What the link is to be, and what as a port.
pub(super) fn read(words: &Words) -> Result<(Buffer, Option<Buffer>), Failure> {
    let texts = |name: &'static str| {
        words.all(name).filter_map(|value| match value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        })
    };
    let w = OpenVswitch::new()
        .some(words.text("datapath"), OpenVswitchWriter::datapath)
        .some(words.text("fail_mode"), OpenVswitchWriter::fail_mode)
        .some(words.bool("stp"), OpenVswitchWriter::stp)
        .some(words.bool("rstp"), OpenVswitchWriter::rstp)
        .some(words.bool("mcast_snooping"), OpenVswitchWriter::multicast_snooping)
        .some(words.text("port"), OpenVswitchWriter::interface)
        .some(words.text("bridge"), OpenVswitchWriter::bridge)
        .some(words.text("peer"), OpenVswitchWriter::peer)
        .some(words.text("remote"), OpenVswitchWriter::remote)
        .some(words.text("local"), OpenVswitchWriter::local)
        .some(words.text("key"), OpenVswitchWriter::key)
        .some(words.text("in_key"), OpenVswitchWriter::in_key)
        .some(words.text("out_key"), OpenVswitchWriter::out_key)
        .some(words.number("dstport"), OpenVswitchWriter::dst_port)
        .some(words.text("tos"), OpenVswitchWriter::tos)
        .some(words.text("ttl"), OpenVswitchWriter::ttl)
        .some(words.bool("csum"), OpenVswitchWriter::csum)
        .some(words.bool("df_default"), OpenVswitchWriter::df_default)
        .some(words.number("egress_pkt_mark"), OpenVswitchWriter::egress_pkt_mark)
        .some(words.text("exts"), OpenVswitchWriter::exts)
        .some(words.bool("seq"), OpenVswitchWriter::seq)
        .some(words.text("packet_type"), OpenVswitchWriter::packet_type);
    let w = texts("option").fold(w, OpenVswitchWriter::option);
    let w = texts("unset").fold(w, OpenVswitchWriter::unset);
    let port = read_port(words)?;
    Ok((w.into_buffer(), Some(port).filter(|port| !port.is_empty())))
}

pub(super) fn read_port(words: &Words) -> Result<Buffer, Failure> {
    if words.has("tag") && words.has("notag") || words.has("trunks") && words.has("notrunks") {
        return Err(words.wrong("a port has what it is given, or it has not"));
    }
    let mut w = OpenVswitchPort::new()
        .some(words.number("tag"), OpenVswitchPortWriter::tag)
        .some(words.text("vlan_mode"), OpenVswitchPortWriter::vlan_mode);
    w = words.several("trunks").iter().filter_map(|trunk| trunk.number()).fold(w, OpenVswitchPortWriter::trunk);
    if words.has("notag") {
        w = w.untagged();
    }
    if words.has("notrunks") {
        w = w.untrunked();
    }
    Ok(w.into_buffer())
}

pub(super) fn describe(r: &mut Record, link: &OpenVswitch) {
    let text = |r: &mut Record, texts: &[(&'static str, Option<&str>)]| {
        for &(key, value) in texts {
            if let Some(value) = value {
                r.string(key, value).label(key);
            }
        }
    };
    text(r, &[("datapath", link.datapath()), ("fail_mode", link.fail_mode())]);
    on_off(r, "stp", link.stp());
    on_off(r, "rstp", link.rstp());
    on_off(r, "mcast_snooping", link.multicast_snooping());
    let ends = [("port", link.interface()), ("peer", link.peer()), ("remote", link.remote()), ("local", link.local())];
    text(r, &ends);
    text(r, &[("key", link.key()), ("in_key", link.in_key()), ("out_key", link.out_key())]);
    number(r, "dstport", "dstport", link.dst_port());
    text(r, &[("tos", link.tos()), ("ttl", link.ttl())]);
    on_off(r, "csum", link.csum());
    on_off(r, "df_default", link.df_default());
    number(r, "egress_pkt_mark", "egress_pkt_mark", link.egress_pkt_mark());
    text(r, &[("exts", link.exts())]);
    on_off(r, "seq", link.seq());
    text(r, &[("packet_type", link.packet_type())]);
    let options: Vec<&str> = link.option().collect();
    if !options.is_empty() {
        let words: Vec<String> = options.iter().map(|option| format!("option {option}")).collect();
        r.value("options", options).shown(words.join(" "));
    }
}

pub(super) fn describe_port(r: &mut Record, port: &OpenVswitchPort) {
    if let Some(tag) = port.tag() {
        r.number("tag", tag);
    }
    let trunks: Vec<u16> = port.trunk().collect();
    if !trunks.is_empty() {
        let words: Vec<String> = trunks.iter().map(u16::to_string).collect();
        r.value("trunks", trunks).shown(format!("trunks {}", words.join(" ")));
    }
    if let Some(mode) = port.vlan_mode() {
        r.string("vlan_mode", mode).label("vlan_mode");
    }
}
