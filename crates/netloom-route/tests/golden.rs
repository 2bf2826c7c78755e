//! The tables against bytes that iproute2 sent and kernels answered.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::collections::BTreeSet;

use netloom_route::message_types;
use netloom_testkit::{Direction, Golden};
use netloom_wire::{Buffer, Fields, Layout, Node, Tlvs, check, nlmsg, path, reencode};

/// Every golden message that has a table, without its `nlmsghdr`, with where it is from.
fn messages() -> Vec<(String, &'static Layout, Vec<u8>)> {
    let mut all = Vec::new();
    for golden in Golden::all() {
        for (nth, message) in golden.messages.iter().enumerate() {
            let number = u16::from_ne_bytes([message[4], message[5]]);
            let title = format!("{} #{nth} (`{}`)", golden.title(), golden.command);
            let kind = message_types().iter().find(|kind| kind.number == number);
            let kind = kind.unwrap_or_else(|| panic!("{title}: no table for message type {number}"));
            all.push((title, (kind.layout)(), message[nlmsg::HEADER..].to_vec()));
        }
    }
    all
}

/// Fails with all complaints at once, so that one run shows what is left to do.
fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "{} messages:\n{}", complaints.len(), complaints.join("\n"));
}

#[test]
fn every_golden_message_fits_its_tables() {
    let complaints: Vec<String> = messages()
        .iter()
        .filter_map(|(title, layout, bytes)| Some(format!("{title}: {}", check(layout, bytes).err()?)))
        .collect();
    assert_none(&complaints);
}

#[test]
fn every_attribute_of_golden_messages_has_a_row() {
    let mut unknown = BTreeSet::new();
    for (title, layout, bytes) in messages() {
        collect_unknown(Fields::new(layout, &bytes), &title, &mut unknown);
    }
    assert_none(&Vec::from_iter(unknown));
}

fn collect_unknown(tree: Fields<'_>, title: &str, into: &mut BTreeSet<String>) {
    for (tlv, row, node) in tree.attributes() {
        // Empty ones pad: they put the 64-bit numbers behind them at multiples of 8.
        if row.is_none() && !tlv.payload.is_empty() {
            into.insert(format!("{title}: {} #{}", (tree.layout().set)().name, tlv.number()));
        }
        if let Node::Fields(inner) = node {
            collect_unknown(inner, title, into);
        }
    }
}

#[test]
fn every_golden_message_is_copied_byte_for_byte() {
    for (title, layout, bytes) in messages() {
        let (header, attributes) = bytes.split_at(layout.header_size().min(bytes.len()));
        let mut copy = Buffer::new();
        copy.raw(header);
        Tlvs::new(attributes).for_each(|tlv| copy.put(tlv.raw_type, tlv.payload));
        let copy = copy.finish().unwrap();
        let whole = padded(bytes.clone());
        assert_eq!(copy.len(), whole.len(), "{title}");
        // iproute2 leaves whatever lay there in the padding behind attributes of the top level.
        let padding = |at: usize| {
            Tlvs::new(attributes).any(|tlv| {
                let end = header.len() + tlv.payload_offset() + tlv.payload.len();
                (end..nlmsg::align(end)).contains(&at)
            })
        };
        let wrong = copy.iter().zip(&whole).enumerate().find(|(at, (a, b))| a != b && !padding(*at));
        assert_eq!(wrong, None, "{title}");
    }
}

#[test]
fn every_golden_message_is_written_again_from_its_values() {
    let mut complaints = Vec::new();
    for (title, layout, bytes) in messages() {
        let again = reencode(layout, &bytes).unwrap();
        let mut bytes = padded(bytes);
        if again.len() != bytes.len() {
            complaints.push(format!("{title}: {} bytes instead of {}", again.len(), bytes.len()));
            continue;
        }
        clear_padding(layout, &mut bytes, &again);
        if let Some(at) = bytes.iter().zip(&again).position(|(a, b)| a != b) {
            complaints.push(format!("{title}: differs at {at}, {}", path(layout, &bytes, at)));
        }
    }
    assert_none(&complaints);
}

/// Clears what iproute2 left in the padding behind attributes: at most three bytes before a multiple of four, zero in
/// what we write, on which no value depends.
fn clear_padding(layout: &'static Layout, bytes: &mut [u8], again: &[u8]) {
    for word in (0..again.len()).step_by(4) {
        let Some(at) = (word + 1..word + 4).find(|at| bytes.get(*at) != again.get(*at)) else { continue };
        let mut cleared = bytes.to_vec();
        cleared[at..word + 4].fill(0);
        if again[at..word + 4].iter().all(|byte| *byte == 0) && reencode(layout, &cleared).unwrap() == again {
            bytes.copy_from_slice(&cleared);
        }
    }
}

fn padded(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.resize(nlmsg::align(bytes.len()), 0);
    bytes
}

/// A new case is compared with a builder in one of the files beside this one, which name it.
#[test]
fn every_golden_request_is_beside_a_builder() {
    let folder = netloom_testkit::tree().join("crates/netloom-route/tests");
    let mut named = String::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let file = entry.unwrap().path();
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with("_requests.rs") || name == "kinds.rs" {
            named.push_str(&std::fs::read_to_string(&file).unwrap());
        }
    }
    let is_named = |title: &str| {
        // The actions of seg6local are a table of their last words.
        let action = title.strip_prefix("route/add6-seg6local-").is_some_and(|a| named.contains(&format!("(\"{a}\",")));
        action || named.contains(&format!("\"{title}\""))
    };
    let mut left = Vec::new();
    for golden in Golden::all().iter().filter(|golden| golden.direction == Direction::Request) {
        // What an older iproute2 says otherwise means the same.
        let title = golden.title().trim_end_matches(".6.1").to_owned();
        if !is_named(&title) {
            left.push(format!("{title}: {}", golden.command));
        }
    }
    assert_none(&left);
}
