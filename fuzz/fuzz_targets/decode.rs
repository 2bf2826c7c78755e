//! Any bytes behind any message type: nothing that reads by the tables or by getters panics, and an error lies within the
//! message.
#![no_main]

use libfuzzer_sys::fuzz_target;
use netloom_wire::{Fields, check, nlmsg};

#[path = "../../crates/netloom-route/tests/support/hostile.rs"]
mod hostile;

fuzz_target!(|data: &[u8]| {
    // As a message that arrives, so that golden messages are good seeds; its own length is of no interest here.
    let (Some(kind), Some(bytes)) = (data.get(4..6), data.get(nlmsg::HEADER..)) else { return };
    let number = u16::from_ne_bytes([kind[0], kind[1]]);
    for kind in netloom_route::message_types().iter().filter(|kind| kind.number == number) {
        let layout = (kind.layout)();
        if let Err(problem) = check(layout, bytes) {
            assert!(problem.offset <= bytes.len(), "{problem}");
        }
        let json = serde_json::to_string(&Fields::new(layout, bytes));
        assert!(json.is_ok_and(|json| json.starts_with('{')), "every tree has a JSON form");
        hostile::by_description(layout, bytes);
        hostile::by_getters(number, bytes);
        hostile::as_extended_ack(layout, bytes);
    }
});
