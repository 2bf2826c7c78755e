//! What holds for every row of every table, whatever it says.

use std::{
    collections::{BTreeMap, HashSet},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use netloom::wire::{Attribute, Buffer, Fields, Kind, Layout, Node, check, reencode};
use proptest::prelude::*;

/// Every layout that message types lead to, each once.
fn layouts() -> Vec<&'static Layout> {
    let mut all: Vec<&'static Layout> = Vec::new();
    let families = netloom::generic::families().iter().flat_map(|family| family());
    let more = netloom::ethtool::message_types().iter().chain(netloom::wireguard::Family::message_types());
    let types = netloom::message_types().iter().chain(families).chain(more);
    types.for_each(|kind| collect((kind.layout)(), &mut all));
    all
}

fn collect(layout: &'static Layout, into: &mut Vec<&'static Layout>) {
    let name = |layout: &Layout| (layout.header.map(|header| header.name), (layout.set)().name);
    if into.iter().all(|known| name(known) != name(layout)) {
        into.push(layout);
        (layout.set)().attributes.iter().for_each(|row| descend(&row.kind, into));
    }
}

fn descend(kind: &'static Kind, into: &mut Vec<&'static Layout>) {
    match kind {
        Kind::Nest(shape) | Kind::Records(shape) => collect(shape(), into),
        Kind::List(of) | Kind::Array(of) => descend(of, into),
        Kind::Select { cases, .. } => cases.iter().for_each(|case| descend(&case.kind, into)),
        _ => {}
    }
}

#[test]
fn numbers_and_names_of_a_set_are_its_own() {
    for layout in layouts() {
        let set = (layout.set)();
        let (mut numbers, mut names, mut kernel) = (HashSet::new(), HashSet::new(), HashSet::new());
        for row in set.attributes {
            assert!(numbers.insert(row.number), "{}: number {} twice", set.name, row.number);
            assert!(names.insert(row.name), "{}: {} twice", set.name, row.name);
            assert!(kernel.insert(row.kernel), "{}: {} twice", set.name, row.kernel);
            assert!(row.number < 0x4000, "{}: {} takes flag bits", set.name, row.name);
        }
        for member in layout.header.map_or(&[][..], |header| header.members) {
            assert!(!names.contains(member.name), "{}: field and attribute are called {}", set.name, member.name);
        }
    }
}

#[test]
fn a_number_of_a_named_kind_has_one_name() {
    let mut enums = BTreeMap::new();
    for layout in layouts() {
        for row in (layout.set)().attributes {
            if let Kind::Enum(named) = row.kind {
                enums.insert(named.name, named);
            }
        }
    }
    assert!(enums.len() > 3, "few named numbers: {enums:?}");
    for named in enums.values() {
        let mut values = HashSet::new();
        assert!(named.entries.iter().all(|entry| values.insert(entry.value)), "{}: a number twice", named.name);
    }
}

#[test]
fn a_choice_is_made_by_what_is_there() {
    let all = layouts();
    for layout in &all {
        let set = (layout.set)();
        for row in set.attributes {
            let Kind::Select { by, cases } = row.kind else { continue };
            // A set may also be a nest without the header that chooses: alternative names are in a list of link attributes.
            let headers = all.iter().filter(|other| (other.set)().name == set.name).filter_map(|other| other.header);
            let field = headers.flat_map(|header| header.members).any(|member| member.name == by);
            assert!(field || set.named(by).is_some(), "{}: {} is chosen by {by}", set.name, row.name);
            assert!(!cases.is_empty(), "{}: {} has no cases", set.name, row.name);
        }
    }
}

/// The bytes of a value, written here and not by the codec, and what the tree has to show.
fn value(row: &'static Attribute, random: &[u8; 16]) -> Option<(Vec<u8>, String)> {
    let number = u64::from_ne_bytes(*random.first_chunk()?);
    let short = |width: u32| if width >= 64 { number } else { number & ((1 << width) - 1) };
    let native = |width: usize| {
        let bytes = number.to_ne_bytes();
        if cfg!(target_endian = "big") { bytes[8 - width..].to_vec() } else { bytes[..width].to_vec() }
    };
    let network = |width: usize| number.to_be_bytes()[8 - width..].to_vec();
    Some(match row.kind {
        Kind::U8 => (native(1), short(8).to_string()),
        Kind::U16 => (native(2), short(16).to_string()),
        Kind::U32 => (native(4), short(32).to_string()),
        Kind::U64 | Kind::Uint => (native(8), number.to_string()),
        Kind::I32 => (native(4), i32::from_ne_bytes(native(4).try_into().ok()?).to_string()),
        Kind::I64 | Kind::Int => (native(8), i64::from_ne_bytes(native(8).try_into().ok()?).to_string()),
        Kind::Be16 => (network(2), short(16).to_string()),
        Kind::Be32 => (network(4), short(32).to_string()),
        Kind::Be64 => (network(8), number.to_string()),
        Kind::String => {
            let text: String = random.iter().map(|byte| char::from(b'a' + byte % 26)).collect();
            ([text.as_bytes(), &[0]].concat(), text)
        }
        Kind::Bytes => (random.to_vec(), format!("{random:02x?}")),
        Kind::Flag => (Vec::new(), "flag".to_owned()),
        Kind::Ip4 => (random[..4].to_vec(), Ipv4Addr::from(*random.first_chunk::<4>()?).to_string()),
        Kind::Ip | Kind::Ip6 => (random.to_vec(), Ipv6Addr::from(*random).to_string()),
        _ => return None,
    })
}

fn shown(node: &Node<'_>) -> String {
    match node {
        Node::Unsigned(number) => number.to_string(),
        Node::Signed(number) => number.to_string(),
        Node::Text(text) => (*text).to_owned(),
        Node::Bytes(bytes) => format!("{bytes:02x?}"),
        Node::Flag => "flag".to_owned(),
        Node::Ip(IpAddr::V4(address)) => address.to_string(),
        Node::Ip(IpAddr::V6(address)) => address.to_string(),
        other => format!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn every_row_shows_the_value_that_was_written(random in any::<[u8; 16]>()) {
        let mut seen = 0;
        for layout in layouts() {
            for row in (layout.set)().attributes {
                let Some((payload, expected)) = value(row, &random) else { continue };
                seen += 1;
                let mut out = Buffer::new();
                out.raw(&vec![0; layout.header_size()]);
                out.put(row.number, &payload);
                let bytes = out.finish().expect("short");
                prop_assert_eq!(check(layout, &bytes), Ok(()), "{}", row.kernel);
                prop_assert_eq!(reencode(layout, &bytes).expect("short"), bytes.clone(), "{}", row.kernel);
                let tree = Fields::new(layout, &bytes);
                let nodes: Vec<String> = tree.attributes().map(|(_, _, node)| shown(&node)).collect();
                prop_assert_eq!(nodes, [expected], "{}", row.kernel);
            }
        }
        prop_assert!(seen > 550, "only {} rows", seen);
    }

    #[test]
    fn any_bytes_are_shown_and_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for layout in layouts() {
            let _ = check(layout, &bytes);
            let text = format!("{:?}", Fields::new(layout, &bytes));
            prop_assert!(!text.is_empty());
            prop_assert!(reencode(layout, &bytes).is_ok());
        }
    }
}
