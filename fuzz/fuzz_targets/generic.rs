//! Any bytes behind any command of every family of generic netlink: nothing that reads by the tables or by getters panics,
//! and what fits the tables is written as it was read.
#![no_main]

use std::fmt;

use libfuzzer_sys::fuzz_target;
use netloom_generic::MessageTypes;
use netloom_wire::{Fields, MessageType, check, generic, nlmsg, reencode};

#[path = "../../crates/netloom-route/tests/support/hostile.rs"]
#[allow(dead_code, reason = "what rtnetlink alone has is for the other targets")]
mod hostile;

/// Families with a crate of their own.
const MORE: [MessageTypes; 2] = [netloom_ethtool::message_types, netloom_wireguard::WireGuard::message_types];

/// A message shown by its getters.
struct Got<'a>(&'a MessageType, &'a [u8]);

impl fmt::Debug for Got<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0.getters)(self.1, f)
    }
}

fuzz_target!(|data: &[u8]| {
    // The family's number, which each kernel chooses, picks one of ours.
    let (Some(kind), Some(rest)) = (data.get(4..6), data.get(nlmsg::HEADER..)) else { return };
    let Some((command, bytes)) = generic::split(rest) else { return };
    let families: Vec<&MessageTypes> = netloom_generic::families().iter().chain(&MORE).collect();
    let family = families[usize::from(u16::from_ne_bytes([kind[0], kind[1]])) % families.len()]();
    for kind in family.iter().filter(|kind| kind.number == command) {
        let layout = (kind.layout)();
        let fits = check(layout, bytes);
        if let Err(problem) = &fits {
            assert!(problem.offset <= bytes.len(), "{problem}");
        }
        assert!(serde_json::to_string(&Fields::new(layout, bytes)).is_ok_and(|json| json.starts_with('{')));
        hostile::by_description(layout, bytes);
        hostile::as_extended_ack(layout, bytes);
        hostile::show(format_args!("{:-?}", Got(kind, bytes)));
        if fits.is_ok() {
            let once = reencode(layout, bytes).expect("it was short enough to arrive");
            check(layout, &once).expect("what we write fits our own tables");
            assert_eq!(reencode(layout, &once).expect("as above"), once);
        }
    }
});
