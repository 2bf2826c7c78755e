//! Bitsets, read and written in both forms.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use netloom_ethtool::bitset::{Bit, Bitset, BitsetWriter};
use netloom_wire::{Buffer, View};

fn bitset(build: impl FnOnce(BitsetWriter) -> BitsetWriter) -> Box<Bitset> {
    let mut out = Buffer::new();
    out.message((), build);
    Bitset::boxed(&out.finish().unwrap()).unwrap()
}

#[test]
fn the_verbose_form_has_names() {
    let set = bitset(|w| w.named([("tso", true), ("gro", false)]));
    assert_eq!((set.named("tso"), set.named("gro"), set.named("lro")), (Some(true), Some(false), None));
    assert_eq!(set.names().collect::<Vec<_>>(), ["tso"]);
    let list = bitset(|w| w.list(["a", "b"]));
    assert_eq!(list.names().collect::<Vec<_>>(), ["a", "b"]);
    assert!(list.no_mask());
}

#[test]
fn both_forms_say_the_same() {
    let words = bitset(|w| w.words(70, &[1 << 31, 2, 0], &[1 << 31 | 1, 2, 1 << 5]));
    let bits = [(0, false), (31, true), (33, true), (69, false)];
    let numbered = bitset(|w| w.size(70).numbered(bits));
    for set in [&words, &numbered] {
        let found: Vec<_> = set.iter().map(|bit| (bit.index.unwrap(), bit.value)).collect();
        assert_eq!(found, bits);
        assert_eq!(set.words(), (vec![1 << 31, 2, 0], vec![1 << 31 | 1, 2, 1 << 5]));
        assert_eq!((set.at(31), set.at(69), set.at(1)), (Some(true), Some(false), None));
    }
}

#[test]
fn without_a_mask_all_bits_are_spoken_of() {
    let list = bitset(|w| w.list_words(33, &[4, 1]));
    let first = Bit { index: Some(2), name: None, value: true };
    assert_eq!(list.iter().collect::<Vec<_>>(), [first, Bit { index: Some(32), ..first }]);
    assert_eq!(list.words(), (vec![4, 1], vec![u32::MAX, 1]));
}

#[test]
fn sizes_that_lie_cost_nothing() {
    assert_eq!(bitset(|w| w.size(u32::MAX).numbered([(u32::MAX, true)])).words().0.len(), 1 << 14);
}
