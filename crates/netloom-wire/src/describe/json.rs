//! A tree as JSON, or whatever else serde writes.

use alloc::{format, vec::Vec};

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{
    debug::{Hex, names},
    fields::{Fields, Node, elements, items, members, nests},
};

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(None)?;
        if let Some((header, bytes)) = self.header() {
            map.serialize_entry("header", &Node::Struct(header, bytes))?;
        }
        let attributes: Vec<_> = self.attributes().collect();
        for (at, (tlv, row, value)) in attributes.iter().enumerate() {
            let same = || attributes.iter().enumerate().filter(|(_, (other, ..))| other.number() == tlv.number());
            if same().next().is_some_and(|(first, _)| first != at) {
                continue; // told with the first of its number
            }
            let number;
            let name = match row {
                Some(row) => row.name,
                None => {
                    number = format!("#{}", tlv.number());
                    &number
                }
            };
            if row.is_some_and(|row| row.many) || same().count() > 1 {
                map.serialize_entry(name, &same().map(|(_, (.., value))| value).collect::<Vec<_>>())?;
            } else {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match *self {
            Node::Unsigned(number) => s.serialize_u64(number),
            Node::Signed(number) => s.serialize_i64(number),
            Node::Text(text) => s.serialize_str(text),
            Node::Flag => s.serialize_bool(true),
            Node::Ip(ip) => s.collect_str(&ip),
            Node::HardwareAddress(address) => s.collect_str(&address),
            Node::Bitfield32(bits) => {
                let mut map = s.serialize_map(Some(2))?;
                map.serialize_entry("value", &bits.value)?;
                map.serialize_entry("selector", &bits.selector)?;
                map.end()
            }
            Node::Via(via) => {
                let mut map = s.serialize_map(Some(2))?;
                map.serialize_entry("family", &via.family)?;
                match via.ip() {
                    Some(ip) => map.serialize_entry("address", &format!("{ip}"))?,
                    None => map.serialize_entry("address", &format!("{}", Hex(via.as_bytes())))?,
                }
                map.end()
            }
            Node::Named(named, number) => match named.get(number) {
                Some(entry) => s.serialize_str(entry.name),
                None => s.serialize_u64(number),
            },
            Node::Bits(named, bits) => s.collect_seq(names(named, bits)),
            Node::Struct(layout, bytes) => s.collect_map(members(layout, bytes)),
            Node::Fields(fields) => fields.serialize(s),
            Node::List(kind, bytes, depth) => s.collect_seq(items(kind, bytes, depth).map(|(_, item)| item)),
            Node::Records(..) => s.collect_seq(nests(*self).into_iter().map(|(_, nest)| nest)),
            Node::Array(kind, bytes) => s.collect_seq(elements(kind, bytes)),
            Node::Bytes(bytes) => s.collect_str(&Hex(bytes)),
        }
    }
}
