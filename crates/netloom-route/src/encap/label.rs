//! MPLS labels, as routes and encapsulations stack them.

use alloc::vec::Vec;
use core::fmt;

use netloom_wire::{Be32, fixed};

fixed! {
    /// An entry of a label stack (RFC 3032): label, traffic class, end of the stack, time to live.
    ///
    /// ```
    /// use netloom_route::encap::MplsLabel;
    ///
    /// let stack = MplsLabel::stack(&[100, 200]);
    /// assert_eq!(stack.iter().map(|entry| (entry.label(), entry.is_last())).collect::<Vec<_>>(), [(100, false), (200, true)]);
    /// ```
    pub MplsLabel = "mpls_label" {
        /// All of it.
        pub entry: Be32,
    }
}

/// Highest label, 20 bits.
pub const MAX_LABEL: u32 = (1 << 20) - 1;

const SHIFT: u32 = 12;
const LAST: u32 = 1 << 8;

impl MplsLabel {
    /// An entry with nothing but a label, of which 20 bits count; `last` ends the stack.
    pub fn new(label: u32, last: bool) -> Self {
        let entry = (label & MAX_LABEL) << SHIFT | if last { LAST } else { 0 };
        Self { entry: Be32::new(entry) }
    }

    /// A stack, outermost label first.
    pub fn stack(labels: &[u32]) -> Vec<Self> {
        let last = labels.len().saturating_sub(1);
        labels.iter().enumerate().map(|(at, label)| Self::new(*label, at == last)).collect()
    }

    /// The label, 20 bits.
    pub fn label(&self) -> u32 {
        self.entry.get() >> SHIFT
    }

    /// Whether the stack ends here.
    pub fn is_last(&self) -> bool {
        self.entry.get() & LAST != 0
    }
}

/// Shows labels as they are written: `100/200`, up to the end of the stack.
pub fn show_labels(labels: impl Iterator<Item = MplsLabel> + Clone) -> impl fmt::Display {
    struct Shown<I>(I);
    impl<I: Iterator<Item = MplsLabel> + Clone> fmt::Display for Shown<I> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            for (at, label) in self.0.clone().enumerate() {
                write!(f, "{}{}", if at > 0 { "/" } else { "" }, label.label())?;
                if label.is_last() {
                    break;
                }
            }
            Ok(())
        }
    }
    Shown(labels)
}
