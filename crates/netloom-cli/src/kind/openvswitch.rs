//! `type openvswitch` and `type openvswitch_slave`.

use super::fields::on_off;
use crate::failure::Failure;
use crate::out::Record;
use crate::words::{Case, Kind, Word, Words, flag, word};
use netloom::kind::{OpenVswitch, OpenVswitchPort, OpenVswitchPortWriter, OpenVswitchWriter};
use netloom::wire::{Buffer, Write};

pub(super) const CASE: Case =
    Case { name: "openvswitch", about: "a bridge of Open vSwitch, or an internal port of its master", words: WORDS };
pub(super) const PORT: Case =
    Case { name: "openvswitch_slave", about: "a port of a bridge of Open vSwitch", words: PORT_WORDS };

const WORDS: &[Word] = &[
    word("datapath", Kind::Text("{ system | netdev }"), "the kernel's, or the one in user space"),
    word("fail_mode", Kind::Text("{ standalone | secure }"), "what it does without a controller"),
    word("stp", Kind::OnOff, "Spanning Tree"),
    word("rstp", Kind::OnOff, "Rapid Spanning Tree"),
    word("mcast_snooping", Kind::OnOff, "multicast only where it is wanted"),
];

/// What a VLAN may be.
const VLAN: Kind = Kind::Number(0, 4095);

const PORT_WORDS: &[Word] = &[
    word("tag", VLAN, "the VLAN of untagged packets"),
    flag("notag", "no tag any more"),
    word("trunks", Kind::Several(&VLAN), "the VLANs that pass"),
    flag("notrunks", "all VLANs pass again"),
    word(
        "vlan_mode",
        Kind::Text("{ access | trunk | native-tagged | native-untagged | dot1q-tunnel }"),
        "how tag and trunks are meant",
    ),
];

pub(super) fn read(words: &Words) -> Buffer {
    OpenVswitch::new()
        .some(words.text("datapath"), OpenVswitchWriter::datapath)
        .some(words.text("fail_mode"), OpenVswitchWriter::fail_mode)
        .some(words.bool("stp"), OpenVswitchWriter::stp)
        .some(words.bool("rstp"), OpenVswitchWriter::rstp)
        .some(words.bool("mcast_snooping"), OpenVswitchWriter::multicast_snooping)
        .into_buffer()
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

pub(super) fn describe(r: &mut Record, bridge: &OpenVswitch) {
    for (key, value) in [("datapath", bridge.datapath()), ("fail_mode", bridge.fail_mode())] {
        if let Some(value) = value {
            r.string(key, value).label(key);
        }
    }
    on_off(r, "stp", bridge.stp());
    on_off(r, "rstp", bridge.rstp());
    on_off(r, "mcast_snooping", bridge.multicast_snooping());
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
