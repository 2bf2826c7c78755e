//! A message as a record: the kernel's names, values, and bytes where there is no name.

use super::Decoder;
use crate::families::Parts;
use crate::out::Record;
use netloom::wire::{
    Enum, Errno, ExtendedAckAttributes, Fields, Header, Layout, Node, Origin, RawMessage, View, generic, nlmsg,
};
use serde_json::Value as Json;

/// Blanks a level of the tree is indented by.
const STEP: usize = 4;

/// Describes a message.
pub(super) fn message(r: &mut Record, decoder: Decoder<'_>, message: &RawMessage<'_>) {
    let command = message.header.command();
    match decoder.protocol {
        Some(protocol) => r.string("protocol", protocol.name).json_only(),
        None => r.value("protocol", decoder.number).label("protocol"),
    };
    if decoder.is_generic(message) {
        return of_family(r, decoder, message);
    }
    let kind = decoder.message_type(message);
    let name = kind.map(|kind| kind.kernel).or_else(|| control(command));
    match name {
        Some(name) => r.string("type", name).bare(),
        None => r.string("type", format!("#{command}")).bare(),
    };
    header(r, message.header, flags(message.header, name.unwrap_or_default()));
    match (command, kind) {
        (nlmsg::ERROR | nlmsg::DONE, _) => acknowledgement(r, decoder, message),
        (_, Some(kind)) => body(r, (kind.layout)(), message.payload),
        _ => bytes(r, "payload", message.payload),
    }
}

/// Describes a message of generic netlink.
fn of_family(r: &mut Record, decoder: Decoder<'_>, message: &RawMessage<'_>) {
    let number = message.header.command();
    let Some((command, rest)) = generic::split(message.payload) else { return };
    let parts = decoder.families.parts(number, Origin::of(message.header), command, rest);
    self::command(r, &parts, number);
    r.value("version", message.payload.get(1).copied()).json_only();
    let names = flags(message.header, parts.kind.map_or("_GET", |kind| kind.kernel));
    header(r, message.header, names);
    self::parts(r, &parts);
}

/// Says of which family a message is, and which of its commands: names, or numbers with `#`.
pub(crate) fn command(r: &mut Record, parts: &Parts<'_>, number: u16) {
    r.string("family", parts.family.map_or_else(|| format!("#{number}"), str::to_owned)).bare();
    r.string("type", parts.kind.map_or_else(|| format!("#{}", parts.command), |kind| kind.kernel.to_owned())).bare();
    r.number("command", parts.command).json_only();
}

/// Describes what follows the header of generic netlink.
pub(crate) fn parts(r: &mut Record, parts: &Parts<'_>) {
    match parts.layout() {
        Some(layout) => {
            bytes(r, "header", parts.header);
            body(r, layout, parts.body);
        }
        None => bytes(r, "payload", parts.body),
    }
}

/// Header and attributes.
fn body(r: &mut Record, layout: &'static Layout, body: &[u8]) {
    let tree = Fields::new(layout, body);
    if let Some((layout, bytes)) = tree.header() {
        r.line(STEP);
        r.object("header", |r| members(r, Node::Struct(layout, bytes)));
    }
    r.object("attributes", |r| attributes(r, tree, STEP));
}

/// Bytes of which nothing is known, if there are any.
fn bytes(r: &mut Record, name: &'static str, bytes: &[u8]) {
    if !bytes.is_empty() {
        r.line(STEP);
        r.string(name, hex(bytes));
    }
}

/// Names of the messages that every protocol has.
fn control(command: u16) -> Option<&'static str> {
    Some(match command {
        nlmsg::NOOP => "NLMSG_NOOP",
        nlmsg::ERROR => "NLMSG_ERROR",
        nlmsg::DONE => "NLMSG_DONE",
        nlmsg::OVERRUN => "NLMSG_OVERRUN",
        _ => return None,
    })
}

fn header(r: &mut Record, header: &Header, flags: Vec<String>) {
    r.number("number", header.command()).json_only();
    if !flags.is_empty() {
        r.strings("flags", flags);
    } else {
        r.strings("flags", flags).json_only();
    }
    r.number("sequence", header.sequence());
    r.number("port", header.port());
    r.number("length", header.length());
}

/// The names of a message's flags: what the upper ones mean depends on the message.
fn flags(header: &Header, name: &str) -> Vec<String> {
    const COMMON: &[(u16, &str)] = &[
        (nlmsg::REQUEST, "NLM_F_REQUEST"),
        (nlmsg::MULTI, "NLM_F_MULTI"),
        (nlmsg::ACK, "NLM_F_ACK"),
        (nlmsg::ECHO, "NLM_F_ECHO"),
        (nlmsg::DUMP_INTR, "NLM_F_DUMP_INTR"),
        (nlmsg::DUMP_FILTERED, "NLM_F_DUMP_FILTERED"),
    ];
    const GET: &[(u16, &str)] =
        &[(nlmsg::DUMP, "NLM_F_DUMP"), (0x100, "NLM_F_ROOT"), (0x200, "NLM_F_MATCH"), (0x400, "NLM_F_ATOMIC")];
    const NEW: &[(u16, &str)] = &[
        (nlmsg::REPLACE, "NLM_F_REPLACE"),
        (nlmsg::EXCL, "NLM_F_EXCL"),
        (nlmsg::CREATE, "NLM_F_CREATE"),
        (nlmsg::APPEND, "NLM_F_APPEND"),
    ];
    const DELETE: &[(u16, &str)] = &[(nlmsg::NONREC, "NLM_F_NONREC"), (nlmsg::BULK, "NLM_F_BULK")];
    const ANSWER: &[(u16, &str)] = &[(nlmsg::CAPPED, "NLM_F_CAPPED"), (nlmsg::ACK_TLVS, "NLM_F_ACK_TLVS")];
    let upper = if matches!(header.command(), nlmsg::ERROR | nlmsg::DONE) {
        ANSWER
    } else if name.contains("_GET") {
        GET
    } else if name.contains("_DEL") {
        DELETE
    } else {
        NEW
    };
    let mut left = header.flags();
    let mut found = Vec::new();
    for (bits, name) in COMMON.iter().chain(upper) {
        if left & bits == *bits {
            found.push((*name).to_owned());
            left &= !bits;
        }
    }
    if left != 0 {
        found.push(format!("{left:#x}"));
    }
    found
}

/// An errno; the request that it is about; the kernel's own words.
fn acknowledgement(r: &mut Record, decoder: Decoder<'_>, answer: &RawMessage<'_>) {
    let Some((errno, mut rest)) = answer.payload.split_first_chunk::<4>() else { return };
    let errno = i32::from_ne_bytes(*errno);
    r.line(STEP);
    r.number("error", errno);
    if errno < 0 {
        r.string("meaning", Errno(errno.saturating_neg()).to_string()).bare();
    }
    if answer.header.command() == nlmsg::ERROR {
        let Some((_, body)) = rest.split_at_checked(nlmsg::HEADER) else { return };
        let capped = answer.header.flags() & nlmsg::CAPPED != 0;
        let size = netloom::wire::Messages::new(rest).next().map_or(0, |request| request.payload.len());
        if !capped && size > 0 {
            if let Some(request) = netloom::wire::Messages::new(rest).next() {
                r.line(STEP);
                r.text("request");
                r.object("request", |r| message(r, decoder, &request));
            }
            rest = body.get(nlmsg::align(size)..).unwrap_or_default();
        } else {
            rest = body;
        }
    }
    if answer.header.flags() & nlmsg::ACK_TLVS != 0 && !rest.is_empty() {
        let tree = Fields::new(ExtendedAckAttributes::layout(), rest);
        r.object("extended_ack", |r| attributes(r, tree, STEP));
    }
}

/// Attributes of a nest; those of one number together, since JSON has a name only once.
fn attributes(r: &mut Record, tree: Fields<'_>, indent: usize) {
    let all: Vec<_> = tree.attributes().collect();
    let mut told: Vec<u16> = Vec::new();
    for (tlv, row, _) in &all {
        if told.contains(&tlv.number()) {
            continue;
        }
        told.push(tlv.number());
        let values: Vec<_> =
            all.iter().filter(|(other, ..)| other.number() == tlv.number()).map(|(.., v)| *v).collect();
        let name = row.map_or_else(|| format!("#{}", tlv.number()), |row| row.kernel.to_owned());
        match values.as_slice() {
            [value] if !row.is_some_and(|row| row.many) => one(r, name, *value, indent),
            _ => many(r, name, &values, indent),
        }
    }
}

fn one(r: &mut Record, name: String, value: Node<'_>, indent: usize) {
    match value {
        Node::List(..) | Node::Records(..) | Node::Array(..) => many(r, name, &value.elements(), indent),
        Node::Fields(tree) => {
            r.line(indent);
            r.text(name.clone());
            r.object(name, |r| nest(r, tree, indent));
        }
        Node::Struct(..) => {
            r.line(indent);
            r.text(name.clone());
            r.object(name, |r| members(r, value));
        }
        _ => {
            r.line(indent);
            r.value(name.clone(), scalar(value)).label(name);
        }
    }
}

fn many(r: &mut Record, name: String, values: &[Node<'_>], indent: usize) {
    r.line(indent);
    if values.iter().any(|value| matches!(value, Node::Fields(_) | Node::Struct(..))) {
        r.text(name.clone());
        r.array(name, |list| {
            for value in values {
                list.record(|r| {
                    r.line(indent + STEP);
                    r.text("-");
                    match *value {
                        Node::Fields(tree) => nest(r, tree, indent + STEP),
                        _ => members(r, *value),
                    }
                });
            }
        });
    } else {
        let values: Vec<Json> = values.iter().map(|value| scalar(*value)).collect();
        r.value(name.clone(), values).label(name);
    }
}

fn nest(r: &mut Record, tree: Fields<'_>, indent: usize) {
    if let Some((layout, bytes)) = tree.header() {
        r.object("header", |r| members(r, Node::Struct(layout, bytes)));
    }
    attributes(r, tree, indent + STEP);
}

/// Members of a struct, on one line, and the bytes that a newer kernel has behind them.
fn members(r: &mut Record, value: Node<'_>) {
    for (name, member) in value.members() {
        match member {
            Node::Struct(..) => r.object(name, |r| members(r, member)),
            _ => {
                r.value(name, scalar(member)).label(name);
            }
        }
    }
    if let Node::Struct(layout, bytes) = value {
        if let Some(rest) = bytes.get(layout.size..).filter(|rest| !rest.is_empty()) {
            r.string("rest", hex(rest));
        }
    }
}

fn scalar(value: Node<'_>) -> Json {
    match value {
        Node::Unsigned(number) => number.into(),
        Node::Signed(number) => number.into(),
        Node::Text(text) => text.into(),
        Node::Flag => true.into(),
        Node::Named(named, number) => match named.get(number) {
            Some(entry) => entry.kernel.unwrap_or(entry.name).into(),
            None => number.into(),
        },
        Node::Bits(named, bits) => bit_names(named, bits).into(),
        Node::Bytes(bytes) => hex(bytes).into(),
        Node::List(..) | Node::Records(..) | Node::Array(..) => value.elements().into_iter().map(scalar).collect(),
        other => format!("{other:?}").into(),
    }
}

/// Names of the bits that are set; those without a name as one number.
fn bit_names(named: &'static Enum, bits: u64) -> Vec<String> {
    let mut left = bits;
    let mut found = Vec::new();
    for entry in named.entries.iter().filter(|entry| entry.value != 0 && bits & entry.value == entry.value) {
        found.push(entry.kernel.unwrap_or(entry.name).to_owned());
        left &= !entry.value;
    }
    if left != 0 {
        found.push(format!("{left:#x}"));
    }
    found
}

/// Bytes in hexadecimal.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
