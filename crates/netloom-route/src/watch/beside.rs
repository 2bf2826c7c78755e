//! Links that name each other: peers, and what lies on what.

use alloc::collections::{BTreeMap, BTreeSet};

use crate::link::Link;

/// Whom a link names as its peer, or as the one below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Named {
    /// In another namespace.
    elsewhere: bool,
    index: u32,
}

/// Which link names which.
///
/// When one of them leaves the namespace or comes into it, the other says so (`IFLA_LINK_NETNSID`), without a message.
#[derive(Debug, Default)]
pub(super) struct Beside {
    named: BTreeMap<u32, Named>,
    /// The same, the one that is named first.
    by: BTreeSet<(Named, u32)>,
}

impl Beside {
    /// Takes note of whom a link names now.
    pub(super) fn learn(&mut self, link: &Link) {
        let elsewhere = link.link_netnsid().is_some();
        let named = link.link().filter(|index| *index != 0).map(|index| Named { elsewhere, index });
        if self.named.get(&link.index()).copied() == named {
            return;
        }
        self.forget(link.index());
        if let Some(named) = named {
            self.named.insert(link.index(), named);
            self.by.insert((named, link.index()));
        }
    }

    /// A link is gone.
    pub(super) fn forget(&mut self, index: u32) {
        if let Some(named) = self.named.remove(&index) {
            self.by.remove(&(named, index));
        }
    }

    /// Who names this link, which is here.
    pub(super) fn of(&self, index: u32) -> impl Iterator<Item = u32> {
        self.by(Named { elsewhere: false, index })
    }

    /// Who may name this link, which came: it had the same index elsewhere, unless that was taken here.
    pub(super) fn of_new(&self, index: u32) -> impl Iterator<Item = u32> {
        self.by(Named { elsewhere: true, index })
    }

    fn by(&self, named: Named) -> impl Iterator<Item = u32> {
        self.by.range((named, 0)..=(named, u32::MAX)).map(|(_, by)| *by)
    }
}
