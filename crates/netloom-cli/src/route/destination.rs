//! Destinations among the words: prefixes, or labels with `-f mpls`, and the family that they imply.

use crate::context::Context;
use crate::failure::Failure;
use crate::options::Family;
use crate::words::{Words, prefix};
use netloom::encap::MAX_LABEL;
use netloom::{Prefix, af};

/// What a route is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Destination {
    /// `default`, of whatever family.
    Default,
    /// A prefix.
    Prefix(Prefix),
    /// An MPLS label.
    Label(u32),
}

/// The family that the program's options ask for.
pub(super) fn family(cx: &Context) -> Option<u8> {
    cx.options.family().map(Family::number)
}

impl Destination {
    /// Reads one.
    pub(super) fn read(cx: &Context, words: &Words, given: &str) -> Result<Self, Failure> {
        if family(cx) == Some(af::MPLS) {
            let label = given.parse().ok().filter(|label| *label <= MAX_LABEL);
            return label.map(Self::Label).ok_or_else(|| words.refused(format!("{given:?} is not a label of 20 bits")));
        }
        let wrong = || words.refused(format!("{given:?} is not a prefix{}", words.near(given)));
        let read = prefix(given, cx.options.wants_v6()).ok_or_else(wrong)?;
        Ok(match read.address.and_then(|address| Prefix::new(address, read.length)) {
            Some(prefix) => Self::Prefix(prefix),
            None => Self::Default,
        })
    }

    /// The family, where it says one.
    pub(super) fn family(&self) -> Option<u8> {
        match self {
            Self::Default => None,
            Self::Prefix(prefix) => Some(af::of(prefix.address())),
            Self::Label(_) => Some(af::MPLS),
        }
    }

    /// The prefix of a family; none of a label.
    pub(super) fn prefix(&self, family: u8) -> Option<Prefix> {
        match self {
            Self::Default => Some(default_of(family)),
            Self::Prefix(prefix) => Some(*prefix),
            Self::Label(_) => None,
        }
    }
}

/// All of IPv6, or all of IPv4.
pub(super) fn default_of(family: u8) -> Prefix {
    if family == af::INET6 { Prefix::DEFAULT_V6 } else { Prefix::DEFAULT_V4 }
}
