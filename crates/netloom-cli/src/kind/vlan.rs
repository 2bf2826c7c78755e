//! `type vlan`.

use super::fields::{number, read_vlan_protocol, vlan_protocol};
use crate::failure::Failure;
use crate::options::Options;
use crate::out::Record;
use crate::words::{self, Case, Input, Kind, Value, Word, Words, word};
use netloom::kind::{Vlan, VlanFlag, VlanFlags, VlanProtocol, VlanQos, VlanQosMapping, VlanQosWriter, VlanWriter};
use netloom::wire::{Buffer, Write};

pub(super) const CASE: Case = Case { name: "vlan", about: "one VLAN of a link", words: WORDS };

const WORDS: &[Word] = &[
    word("protocol", Kind::Custom("{ 802.1Q | 802.1ad }", read_vlan_protocol), "type of the tag").prefix(),
    word("id", Kind::U16, "number of the VLAN").prefix(),
    word("reorder_hdr", Kind::OnOff, "frames look as if they had no tag").prefix(),
    word("gvrp", Kind::OnOff, "tell switches of it by GVRP").prefix(),
    word("mvrp", Kind::OnOff, "tell switches of it by MVRP").prefix(),
    word("loose_binding", Kind::OnOff, "does not follow the state of the device").prefix(),
    word("bridge_binding", Kind::OnOff, "its carrier follows the ports that have this VLAN").prefix(),
    word("ingress-qos-map", MAP, "from priorities in tags to priorities of packets").prefix(),
    word("egress-qos-map", MAP, "from priorities of packets to priorities in tags").prefix(),
];
const MAP: Kind = Kind::Several(&Kind::Custom("FROM:TO", pair));

const FLAGS: [(&str, &str, VlanFlag); 5] = [
    ("reorder_hdr", "REORDER_HDR", VlanFlag::REORDER_HDR),
    ("gvrp", "GVRP", VlanFlag::GVRP),
    ("mvrp", "MVRP", VlanFlag::MVRP),
    ("loose_binding", "LOOSE_BINDING", VlanFlag::LOOSE_BINDING),
    ("bridge_binding", "BRIDGE_BINDING", VlanFlag::BRIDGE_BINDING),
];

fn pair(input: &mut Input<'_>) -> Result<Value, String> {
    let given = input.need("FROM:TO")?;
    let number = |text: &str| words::number(text).filter(|number| u32::try_from(*number).is_ok()).map(Value::Number);
    let both = given.split_once(':').and_then(|(from, to)| Some(vec![number(from)?, number(to)?]));
    both.map(Value::Several).ok_or_else(|| format!("{given:?} is not FROM:TO"))
}

pub(super) fn read(words: &Words) -> Result<Buffer, Failure> {
    let mut flags = VlanFlags::default();
    for (name, _, flag) in FLAGS {
        if let Some(on) = words.bool(name) {
            flags = flags.and(flag, on);
        }
    }
    let w = VlanWriter::default()
        .some(words.number::<u16>("protocol").map(VlanProtocol::from), VlanWriter::protocol)
        .some(words.number("id"), VlanWriter::id)
        .some(Some(flags).filter(|flags| flags.mask != 0), VlanWriter::flags)
        .some(map(words, "ingress-qos-map"), |w, map| w.ingress_qos(|q| written(q, &map)))
        .some(map(words, "egress-qos-map"), |w, map| w.egress_qos(|q| written(q, &map)));
    Ok(w.into_buffer())
}

fn map(words: &Words, name: &str) -> Option<Vec<VlanQosMapping>> {
    let pair = |value: &Value| match value {
        Value::Several(both) => match both.as_slice() {
            [from, to] => Some(VlanQosMapping { from: from.number()?, to: to.number()? }),
            _ => None,
        },
        _ => None,
    };
    words.has(name).then(|| words.several(name).iter().filter_map(pair).collect())
}

fn written(writer: VlanQosWriter, map: &[VlanQosMapping]) -> VlanQosWriter {
    map.iter().fold(writer, |writer, pair| writer.mapping(*pair))
}

pub(super) fn describe(r: &mut Record, v: &Vlan, options: &Options) {
    vlan_protocol(r, "protocol", Some(v.protocol().unwrap_or(VlanProtocol::Dot1Q).into()), options);
    number(r, "id", "id", v.id());
    if let Some(flags) = v.flags() {
        let known = FLAGS.iter().fold(VlanFlag::empty(), |known, (_, _, flag)| known | *flag);
        // iproute2 names loose binding after MVRP, as the kernel numbers them before.
        let mut names: Vec<String> = FLAGS
            .iter()
            .filter(|(_, _, flag)| flags.get().contains(*flag))
            .map(|(_, name, _)| (*name).into())
            .collect();
        let other = flags.get().difference(known);
        if !other.is_empty() {
            names.push(format!("{:x}", other.bits()));
        }
        let shown = format!("<{}>", names.join(","));
        r.strings("flags", names).shown(shown);
    }
    qos(r, "ingress_qos", "ingress-qos-map", v.ingress_qos());
    qos(r, "egress_qos", "egress-qos-map", v.egress_qos());
}

fn qos(r: &mut Record, key: &'static str, label: &'static str, map: Option<&VlanQos>) {
    let Some(map) = map else { return };
    r.line(6);
    r.text(format!("{label} {{"));
    r.array(key, |pairs| {
        for pair in map.mapping() {
            pairs.record(|r| {
                r.number("from", pair.from).shown(format!("{}:{}", pair.from, pair.to));
                r.number("to", pair.to).json_only();
            });
        }
    });
    r.text("}");
}
