//! Walking any datagram: every message lies in it, one behind the other, and what is left is said.
#![no_main]

use libfuzzer_sys::fuzz_target;
use netloom_wire::{Messages, nlmsg};

fuzz_target!(|data: &[u8]| {
    let mut walk = Messages::new(data);
    let mut taken = 0;
    for message in &mut walk {
        let length = message.header.length();
        assert_eq!(message.payload.len() + nlmsg::HEADER, length);
        assert_eq!(data.get(taken + nlmsg::HEADER..taken + length), Some(message.payload));
        taken += nlmsg::align(length);
    }
    assert_eq!(walk.rest().len(), data.len().saturating_sub(taken));
});
