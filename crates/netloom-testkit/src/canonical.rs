//! A message as text that says what it means, not how it was laid out.
//!
//! Attributes are sorted by number, and of one that is there twice the last counts; the nested bit, the NUL after a text,
//! sequence number and port are left out.

use std::fmt::Write as _;

use netloom_wire::{Fields, Key, Kind, Layout, MessageType, Node, TYPE_MASK, Tlvs, nlmsg::ECHO};

/// The text of a message, header included, by the tables of `types`. That the object is asked back is left out too.
///
/// # Panics
/// If the message is shorter than its header.
pub fn canonical(message: &[u8], types: &[MessageType]) -> String {
    let number = |at: usize| u16::from_ne_bytes([message[at], message[at + 1]]);
    let (kind, flags) = (number(4), number(6) & !ECHO);
    let known = types.iter().find(|known| known.number == kind);
    let Some(known) = known else { return format!("message {kind} flags {flags:#x} {:02x?}\n", &message[16..]) };
    let mut text = format!("{} flags {flags:#x}\n", known.kernel);
    fields(Fields::new((known.layout)(), &message[16..]), 1, &mut text);
    text
}

fn fields(tree: Fields<'_>, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    if let Some((header, bytes)) = tree.header() {
        let _ = writeln!(text, "{indent}{:?}", Node::Struct(header, bytes));
    }
    let mut lines: Vec<(u16, String)> = Vec::new();
    let port = port_of(tree);
    for (tlv, row, node) in tree.attributes() {
        let (mut number, mut name, mut node) =
            (tlv.number(), row.map_or_else(|| format!("#{}", tlv.number()), |row| row.kernel.to_owned()), node);
        if let Some((port, layout)) = &port {
            // iproute2 says `bridge_slave` where the kernel says that the link is a port of a bridge.
            match name.as_str() {
                "IFLA_INFO_KIND" => (number, name, node) = (4, "IFLA_INFO_SLAVE_KIND".into(), Node::Text(port)),
                "IFLA_INFO_SLAVE_DATA" => node = Node::Fields(Fields::new(layout, tlv.payload)),
                _ => {}
            }
        }
        // Of an attribute that comes twice the kernel takes the last, unless it is one of several.
        if row.is_some_and(|row| !row.many) {
            lines.retain(|(known, _)| *known != number);
        }
        let mut line = format!("{indent}{name}");
        value(node, depth, &mut line);
        lines.push((number, line));
    }
    lines.sort();
    lines.iter().for_each(|(_, line)| text.push_str(line));
}

fn value(node: Node<'_>, depth: usize, text: &mut String) {
    match node {
        Node::Fields(inner) => {
            text.push('\n');
            fields(inner, depth + 1, text);
        }
        // Items keep their order, which means something, but not their numbers, which only count.
        Node::List(Kind::Nest(layout), bytes, _) => {
            for item in Tlvs::new(bytes) {
                let _ = writeln!(text, " item");
                fields(Fields::new(layout(), item.payload), depth + 1, text);
            }
        }
        Node::Records(layout, mut bytes, _) => {
            while let Some(length) = bytes.first_chunk().map(|length| usize::from(u16::from_ne_bytes(*length))) {
                let Some(record) = bytes.get(..length).filter(|record| record.len() >= 2) else { break };
                let _ = writeln!(text, " record");
                fields(Fields::new(layout, record), depth + 1, text);
                bytes = bytes.get(length.next_multiple_of(4)..).unwrap_or_default();
            }
        }
        leaf => {
            let _ = writeln!(text, " {leaf:?}");
        }
    }
}

/// The kind that a link is a port of, where iproute2 said so in the kind's name, with the layout of the port's data.
fn port_of(tree: Fields<'_>) -> Option<(&str, &'static Layout)> {
    let rows = (tree.layout().set)();
    if rows.name != "rt-link/linkinfo-attrs" {
        return None;
    }
    let kind = Tlvs::new(tree.bytes()).find(|tlv| tlv.raw_type & TYPE_MASK == 1)?.payload;
    let port = std::str::from_utf8(kind).ok()?.trim_end_matches('\0').strip_suffix("_slave")?;
    let Kind::Select { cases, .. } = rows.get(5)?.kind else { return None };
    let case = cases.iter().find(|case| matches!(case.key, Key::Str(name) if name == port))?;
    match case.kind {
        Kind::Nest(layout) => Some((port, layout())),
        _ => None,
    }
}
