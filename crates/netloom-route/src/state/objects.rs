//! What each object needs to be made sure of and to be flushed.

use alloc::format;

use netloom_wire::{Buffer, Error, ErrorKind, Object, Request, Result, nlmsg};

use super::{Presentable, Removable};
use crate::{
    Prefix,
    address::{self, Address, AddressFlags},
    addrlabel::{self, AddressLabel},
    af,
    link::{self, Link},
    neighbour::{self, Neighbour, NeighbourState},
    rule::{self, Rule, RuleKey},
};

const CREATE_OR_REPLACE: u16 = nlmsg::CREATE | nlmsg::REPLACE;

impl Presentable for link::Add {
    type Find = link::List;
    const UPDATE: u16 = 0;

    fn transient(wanted: &Link) -> &'static [u16] {
        // IFLA_IFNAME, which may be an alternative name; IFLA_NET_NS_PID, IFLA_NET_NS_FD, IFLA_EXT_MASK.
        const ORDER: &[u16] = &[3, 19, 28, 29];
        // Besides IFLA_LINKINFO: the kernel does not tell the data of these kinds.
        const WITHOUT_DATA: &[u16] = &[3, 18, 19, 28, 29];
        if matches!(wanted.kind(), Some("veth")) { WITHOUT_DATA } else { ORDER }
    }

    fn find(_: &Link) -> link::List {
        link::List::all()
    }

    fn is(wanted: &Link, there: &Link) -> bool {
        there.is_named(wanted.name())
    }

    fn header_differs(wanted: &Link, there: &Link) -> Result<bool> {
        if wanted.kind() != there.kind() {
            let shown = |link: &Link| link.kind().map_or_else(|| "of no kind".into(), |kind| format!("of kind {kind}"));
            let problem = format!("there is one {}, which cannot become one {}", shown(there), shown(wanted));
            return Err(Error::new(ErrorKind::InvalidInput, problem).about(format!("ensure link {}", wanted.name())));
        }
        Ok((wanted.flags() ^ there.flags()) & wanted.change() != 0)
    }
}

impl Presentable for address::Add {
    type Find = address::List;
    const UPDATE: u16 = CREATE_OR_REPLACE;

    fn transient(_: &Address) -> &'static [u16] {
        // IFA_ADDRESS and IFA_LOCAL are the key; IFA_CACHEINFO runs down; IFA_FLAGS has bits of the kernel's own.
        &[1, 2, 6, 8]
    }

    fn find(wanted: &Address) -> address::List {
        address::List::family(wanted.family()).device(wanted.index())
    }

    fn header_differs(wanted: &Address, there: &Address) -> Result<bool> {
        let asked = wanted.flags().difference(AddressFlags::PERMANENT);
        // In IPv6 the kernel tells the scope by the address.
        let scope = wanted.family() == af::INET && wanted.scope() != there.scope();
        let length = wanted.prefix_length() != there.prefix_length();
        Ok(scope || length || !there.flags().contains(asked))
    }
}

impl Presentable for rule::Add {
    type Find = rule::List;
    const UPDATE: u16 = nlmsg::CREATE | nlmsg::EXCL;

    fn transient(_: &Rule) -> &'static [u16] {
        // FRA_PROTOCOL; everything else is the key.
        &[21]
    }

    fn find(wanted: &Rule) -> rule::List {
        rule::List::family(wanted.family())
    }

    fn is(wanted: &Rule, there: &Rule) -> bool {
        // Without a priority the kernel chooses one.
        let priority = wanted.priority().unwrap_or_else(|| there.priority().unwrap_or_default());
        RuleKey { priority, ..wanted.key() } == there.key()
    }

    fn header_differs(_: &Rule, _: &Rule) -> Result<bool> {
        Ok(false)
    }
}

impl Presentable for neighbour::Add {
    type Find = neighbour::List;
    const UPDATE: u16 = CREATE_OR_REPLACE;

    fn transient(_: &Neighbour) -> &'static [u16] {
        // NDA_CACHEINFO, NDA_PROBES.
        &[3, 4]
    }

    fn find(wanted: &Neighbour) -> neighbour::List {
        let list = neighbour::List::family(wanted.family()).device(u32::try_from(wanted.index()).unwrap_or_default());
        if wanted.key().proxy { list.proxies() } else { list }
    }

    fn header_differs(wanted: &Neighbour, there: &Neighbour) -> Result<bool> {
        // Of the states only those that last can be held to; a proxy has none.
        let lasting = NeighbourState::PERMANENT | NeighbourState::NOARP;
        Ok(!wanted.key().proxy && wanted.state() & lasting != there.state() & lasting)
    }
}

impl Presentable for addrlabel::Add {
    type Find = addrlabel::List;
    const UPDATE: u16 = CREATE_OR_REPLACE;

    fn transient(_: &AddressLabel) -> &'static [u16] {
        // IFAL_ADDRESS, of which the kernel keeps the prefix alone.
        &[1]
    }

    fn find(_: &AddressLabel) -> addrlabel::List {
        addrlabel::List::all()
    }

    fn is(wanted: &AddressLabel, there: &AddressLabel) -> bool {
        let prefix = |label: &AddressLabel| {
            Some((Prefix::new(label.address()?, label.prefix_length())?.masked(), label.index()))
        };
        prefix(wanted).is_some() && prefix(wanted) == prefix(there)
    }

    fn header_differs(_: &AddressLabel, _: &AddressLabel) -> Result<bool> {
        Ok(false)
    }
}

impl Removable for Link {
    const REMOVE: u16 = link::RTM_DELLINK;
    const SET: u16 = link::RTM_NEWLINK;
    const SLOW: bool = true;

    /// Its index is enough.
    fn write_removal(&self, out: &mut Buffer) {
        let header = link::LinkHeader { index: self.index(), ..Default::default() };
        out.message(header, |w: link::LinkWriter| w);
    }

    /// Devices without a kind belong to a driver, or are the loopback.
    fn is_removable(&self) -> bool {
        self.kind().is_some() && self.family() == 0
    }
}

impl Removable for Address {
    const REMOVE: u16 = address::RTM_DELADDR;
    const SET: u16 = address::RTM_NEWADDR;
}

impl Removable for Rule {
    const REMOVE: u16 = rule::RTM_DELRULE;
    const SET: u16 = rule::RTM_NEWRULE;

    /// The rule of the local table stays, as with `ip rule flush`.
    fn is_removable(&self) -> bool {
        self.priority().is_some_and(|priority| priority != 0)
    }
}

impl Removable for AddressLabel {
    const REMOVE: u16 = addrlabel::RTM_DELADDRLABEL;
    const SET: u16 = addrlabel::RTM_NEWADDRLABEL;
}

impl Removable for Neighbour {
    const REMOVE: u16 = neighbour::RTM_DELNEIGH;
    const SET: u16 = neighbour::RTM_NEWNEIGH;

    /// An entry of a bridge must say that it is one: what the kernel tells of it does not.
    fn write_removal(&self, out: &mut Buffer) {
        neighbour::Delete::of(self).write(out);
    }
}
