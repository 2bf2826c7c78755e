//! Sets of named bits, in the verbose and the compact form.

use alloc::{vec, vec::Vec};

use netloom_wire::attributes;

attributes! {
    /// A bit of a [`Bitset`] in the verbose form.
    pub BitsetBit, BitsetBitWriter = "ethtool/bitset-bit" {
        /// Its place, from 0.
        1 "ETHTOOL_A_BITSET_BIT_INDEX" index: u32,
        /// Its name, in the string set of the bitset.
        2 "ETHTOOL_A_BITSET_BIT_NAME" name: str,
        /// Present: the bit is set, or is to be set.
        3 "ETHTOOL_A_BITSET_BIT_VALUE" value: Flag,
    }
}

attributes! {
    /// The bits of a [`Bitset`] in the verbose form.
    pub BitsetBits, BitsetBitsWriter = "ethtool/bitset-bits" {
        /// A bit that is in the mask, or, without a mask, that is set.
        1 "ETHTOOL_A_BITSET_BITS_BIT" bit: Many(Nest(BitsetBit)),
    }
}

attributes! {
    /// A set of named bits, with or without a mask of those that it speaks of.
    pub Bitset, BitsetWriter = "ethtool/bitset" {
        /// There is no mask: a list of the bits that are set, all others are not.
        1 "ETHTOOL_A_BITSET_NOMASK" no_mask: Flag,
        /// How many bits there are.
        2 "ETHTOOL_A_BITSET_SIZE" size: u32,
        /// The bits one by one: the verbose form.
        3 "ETHTOOL_A_BITSET_BITS" bits: Nest(BitsetBits),
        /// Which bits are set, bit 0 the lowest of the first word: the compact form.
        4 "ETHTOOL_A_BITSET_VALUE" value: Array(u32),
        /// Which bits are spoken of, in the compact form.
        5 "ETHTOOL_A_BITSET_MASK" mask: Array(u32),
    }
}

/// A bit that a [`Bitset`] speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bit<'a> {
    /// Its place, where it is known: a request may have the name alone.
    pub index: Option<u32>,
    /// Its name; none in the compact form.
    pub name: Option<&'a str>,
    /// Whether it is set.
    pub value: bool,
}

impl Bitset {
    /// The bits that are spoken of, in either form: those in the mask, or without a mask those that are set.
    pub fn iter(&self) -> impl Iterator<Item = Bit<'_>> {
        let no_mask = self.no_mask();
        let verbose = self.bits().into_iter().flat_map(|bits| bits.bit());
        let verbose =
            verbose.map(move |bit| Bit { index: bit.index(), name: bit.name(), value: no_mask || bit.value() });
        let (value, mask) = (self.value(), if no_mask { self.value() } else { self.mask() });
        let words = mask.into_iter().flatten().zip(value.into_iter().flatten());
        let compact = words.zip((0..).step_by(32)).flat_map(|((mask, value), first)| {
            let bits = (0..32).filter(move |bit| mask >> bit & 1 == 1);
            bits.map(move |bit| Bit { index: Some(first | bit), name: None, value: value >> bit & 1 == 1 })
        });
        verbose.chain(compact)
    }

    /// Whether the bit of this name is set; none if it is not spoken of, or if the form is the compact one.
    pub fn named(&self, name: &str) -> Option<bool> {
        self.iter().find(|bit| bit.name == Some(name)).map(|bit| bit.value)
    }

    /// Whether the bit at this place is set; none if it is not spoken of.
    pub fn at(&self, index: u32) -> Option<bool> {
        self.iter().find(|bit| bit.index == Some(index)).map(|bit| bit.value)
    }

    /// Names of the bits that are set.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.iter().filter(|bit| bit.value).filter_map(|bit| bit.name)
    }

    /// The bits as words, out of either form: value and mask; bit 0 is the lowest of the first word. Without a
    /// mask, all
    /// bits are spoken of.
    pub fn words(&self) -> (Vec<u32>, Vec<u32>) {
        let size = self.size().unwrap_or_default();
        // No bitset of the kernel is longer than a message.
        let length = usize::try_from(size.div_ceil(32)).unwrap_or_default().min(1 << 14);
        let (mut value, mut mask) = (vec![0; length], vec![0; length]);
        if self.no_mask() {
            mask.iter_mut().zip((0..size).step_by(32)).for_each(|(word, first): (&mut u32, u32)| {
                let left = size.saturating_sub(first);
                *word = !u32::MAX.checked_shl(left).unwrap_or(0);
            });
        }
        for bit in self.iter() {
            let Some(index) = bit.index else { continue };
            let Ok(place) = usize::try_from(index / 32) else { continue };
            let one = 1 << (index % 32);
            if let (Some(value), Some(mask)) = (value.get_mut(place), mask.get_mut(place)) {
                *mask |= one;
                *value |= if bit.value { one } else { 0 };
            }
        }
        (value, mask)
    }
}

/// What a request says of bits; all others stay as they are, unless it is a list.
///
/// ```
/// use netloom_ethtool::{commands::SetFeatures, features::FeaturesWriter};
///
/// let bits = [("rx-gro", false), ("tx-nocache-copy", true)];
/// let set = SetFeatures::of("eth0", |w: FeaturesWriter| w.wanted(|b| b.named(bits)));
/// # let _ = set;
/// ```
impl BitsetWriter {
    /// Sets or clears bits by name.
    pub fn named<'a>(self, bits: impl IntoIterator<Item = (&'a str, bool)>) -> Self {
        self.bits(|w| {
            bits.into_iter()
                .fold(w, |w, (name, value)| w.bit(|bit| if value { bit.name(name).value() } else { bit.name(name) }))
        })
    }

    /// Sets or clears bits by place.
    pub fn numbered(self, bits: impl IntoIterator<Item = (u32, bool)>) -> Self {
        self.bits(|w| {
            bits.into_iter().fold(w, |w, (index, value)| {
                w.bit(|bit| if value { bit.index(index).value() } else { bit.index(index) })
            })
        })
    }

    /// Sets these bits by name and clears all others.
    pub fn list<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.no_mask().bits(|w| names.into_iter().fold(w, |w, name| w.bit(|bit| bit.name(name))))
    }

    /// The compact form: as many bits as `size` says, those in the mask set or cleared as the value says. Both have a
    /// word for every 32 bits.
    pub fn words(self, size: u32, value: &[u32], mask: &[u32]) -> Self {
        self.size(size).value(value).mask(mask)
    }

    /// The compact form without a mask: the bits that are set; all others are cleared.
    pub fn list_words(self, size: u32, value: &[u32]) -> Self {
        self.no_mask().size(size).value(value)
    }
}
