//! Bytes that no kernel sends: whatever they are, they are described or left out, and nothing panics.

use crate::context::Context;
use crate::devices::Devices;
use crate::link::Whole;
use crate::monitor;
use crate::options::Options;
use crate::out::{Layout, Listing, Record, Units};
use crate::{addrlabel, decode, link, ntable, stats};
use netloom::addrlabel::AddressLabel;
use netloom::link::Link;
use netloom::neighbour_table::NeighbourTable;
use netloom::stats::Stats;
use netloom::wire::View as _;
use netloom_testkit::Golden;
use proptest::prelude::*;

/// Prints a record in every layout.
fn print(describe: impl Fn(&mut Record)) {
    for layout in [Layout::Text(false), Layout::Text(true), Layout::Array(true), Layout::JsonLines] {
        let mut record = Record::new();
        describe(&mut record);
        let mut out = Vec::new();
        let mut list = Listing::new(&mut out, layout, Units::Decimal);
        list.push(record).expect("memory can be written");
        list.finish().expect("memory can be written");
    }
}

/// Describes a message by all that may be asked to show one of its type.
fn describe(cx: &mut Context, command: u16, payload: &[u8]) {
    let devices = Devices::default();
    let mut r = Record::new();
    monitor::describe_payload(cx, command, payload, &mut r).expect("nothing is asked of a kernel");
    print_again(r);
    let name = netloom::message_types().iter().find(|known| known.number == command).map_or("", |known| known.kernel);
    let options = cx.options.clone();
    match name {
        "RTM_NEWLINK" | "RTM_DELLINK" | "RTM_SETLINK" => {
            let Some(found) = Link::view(payload) else { return };
            for whole in [Whole::Link, Whole::Address { hardware: true }] {
                print(|r| link::describe(r, found, &devices, &options, whole));
            }
            print(|r| link::brief_name(r, found, &devices));
        }
        "RTM_NEWNEIGHTBL" | "RTM_SETNEIGHTBL" => {
            let Some(table) = NeighbourTable::view(payload) else { return };
            print(|r| ntable::describe(r, table, &devices, &options));
        }
        "RTM_NEWADDRLABEL" => {
            let Some(label) = AddressLabel::view(payload) else { return };
            print(|r| addrlabel::describe(r, label, &devices));
        }
        "RTM_NEWSTATS" => {
            let Some(found) = Stats::view(payload) else { return };
            print(|r| stats::describe_all(&devices, found, r));
        }
        _ => {}
    }
}

fn print_again(record: Record) {
    let mut out = Vec::new();
    let mut list = Listing::new(&mut out, Layout::Text(false), Units::Binary);
    list.push(record).expect("memory can be written");
    list.finish().expect("memory can be written");
}

/// What shows most.
fn context() -> Context {
    Context::new(Options { details: 2, statistics: 2, numeric: false, ..Options::default() })
}

/// Message type and payload of every golden message.
fn golden() -> Vec<(u16, Vec<u8>)> {
    let messages = Golden::all().into_iter().flat_map(|golden| golden.messages);
    messages
        .filter_map(|message| {
            let command = u16::from_ne_bytes([*message.get(4)?, *message.get(5)?]);
            Some((command, message.get(16..)?.to_vec()))
        })
        .collect()
}

#[test]
fn truncated_golden_messages_are_described() {
    let mut cx = context();
    for (number, (command, payload)) in golden().into_iter().enumerate() {
        // Many messages are alike: of each these lengths, of its like others.
        let step = 1 + payload.len() / 24;
        for length in (number % step..=payload.len()).step_by(step) {
            describe(&mut cx, command, &payload[..length]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn golden_messages_with_other_bytes_are_described(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let all = golden_once();
        let (command, payload) = which.get(all);
        let mut payload = payload.clone();
        if payload.is_empty() {
            return Ok(());
        }
        for (at, byte) in changes {
            let at = at.index(payload.len());
            payload[at] = byte;
        }
        describe(&mut context(), *command, &payload);
    }

    #[test]
    fn any_bytes_are_described(which in any::<prop::sample::Index>(), payload in prop::collection::vec(any::<u8>(), 0..256)) {
        let command = which.get(netloom::message_types()).number;
        describe(&mut context(), command, &payload);
    }

    #[test]
    fn any_input_is_decoded_or_refused(input in prop::collection::vec(any::<u8>(), 0..512)) {
        decode::survives(&input);
    }

    #[test]
    fn samples_with_other_bytes_are_decoded_or_refused(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..16),
        cut in any::<prop::sample::Index>(),
    ) {
        let samples = decode::samples();
        let mut input = which.get(&samples).clone();
        for (at, byte) in changes {
            let at = at.index(input.len());
            input[at] = byte;
        }
        decode::survives(&input[..cut.index(input.len())]);
        decode::survives(&input);
    }

    #[test]
    fn any_text_is_decoded_or_refused(text in "[ |0-9a-fx:,.\\\\()=\n]{0,300}", call in "(socket|read|recvmsg|<\\.\\.\\. read resumed>)?\\(?[ -~]{0,40}") {
        decode::survives(text.as_bytes());
        decode::survives(format!("{call}\n | 00000  {text}").as_bytes());
    }
}

/// The golden messages, read once.
fn golden_once() -> &'static [(u16, Vec<u8>)] {
    static ALL: std::sync::OnceLock<Vec<(u16, Vec<u8>)>> = std::sync::OnceLock::new();
    ALL.get_or_init(golden)
}
