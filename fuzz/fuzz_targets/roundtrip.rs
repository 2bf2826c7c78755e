//! Attributes copied one by one are the same bytes; values that fit their kinds are written as they were read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use netloom_wire::{Buffer, Tlvs, check, nlmsg, reencode};

fuzz_target!(|data: &[u8]| {
    let (Some(kind), Some(bytes)) = (data.get(4..6), data.get(nlmsg::HEADER..)) else { return };
    let number = u16::from_ne_bytes([kind[0], kind[1]]);
    for kind in netloom_route::message_types().iter().filter(|kind| kind.number == number) {
        let layout = (kind.layout)();
        let Some(run) = bytes.get(layout.header_size()..) else { continue };
        copy(run);
        if check(layout, bytes).is_ok() {
            let once = reencode(layout, bytes).expect("it was short enough to arrive");
            // A text may come with more than one NUL and padding may hold anything; written once, it is settled.
            check(layout, &once).expect("what we write fits our own tables");
            assert_eq!(reencode(layout, &once).expect("as above"), once);
        }
    }
});

fn copy(run: &[u8]) {
    let mut out = Buffer::new();
    let mut walk = Tlvs::new(run);
    let mut end = 0;
    for tlv in &mut walk {
        out.put(tlv.raw_type, tlv.payload);
        end = tlv.payload_offset() + tlv.payload.len();
        assert_eq!(run.get(tlv.payload_offset()..end), Some(tlv.payload));
    }
    let copy = out.finish().expect("it was short enough to arrive");
    // Only the padding, which has no meaning, may differ.
    for (a, b) in Tlvs::new(&copy).zip(Tlvs::new(run)) {
        assert!(a.raw_type == b.raw_type && a.payload == b.payload && a.offset == b.offset);
    }
    assert_eq!(copy.len(), nlmsg::align(end));
}
