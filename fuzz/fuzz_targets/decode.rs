//! Any bytes behind any message type: nothing that reads by the tables panics, and an error lies within the message.
#![no_main]

use libfuzzer_sys::fuzz_target;
use netloom_wire::{Fields, check, missing_path, nlmsg, path, serde};

fuzz_target!(|data: &[u8]| {
    // As a message that arrives, so that golden messages are good seeds; its own length is of no interest here.
    let (Some(kind), Some(bytes)) = (data.get(4..6), data.get(nlmsg::HEADER..)) else { return };
    let number = u16::from_ne_bytes([kind[0], kind[1]]);
    for kind in netloom_route::message_types().iter().filter(|kind| kind.number == number) {
        let layout = (kind.layout)();
        if let Err(problem) = check(layout, bytes) {
            assert!(problem.offset <= bytes.len(), "{problem}");
        }
        let tree = Fields::new(layout, bytes);
        assert!(!format!("{tree:?}").is_empty());
        json(&tree);
        for offset in [0, bytes.len() / 3, bytes.len()] {
            let _ = path(layout, bytes, offset).name();
            let _ = missing_path(layout, bytes, Some(offset), number).name();
        }
    }
});

fn json(tree: &impl serde::Serialize) {
    serde_json::to_string(tree).expect("every tree has a JSON form");
}
