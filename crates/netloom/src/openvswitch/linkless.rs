//! Ports that are no link of the kernel's: patch ports and tunnels, as links.
//!
//! They show with an index that no link can have: the kernel's are positive numbers of 32 bits with a sign
//! (`dev_new_index`, `net/core/dev.c`), and it refuses others in requests. Theirs has the highest bit, and below it bits of
//! the row's identity in the database, so that all programs and all times agree on it for as long as the port is there.

use std::collections::{BTreeSet, HashMap};

use netloom_ovs::{Bridge, Inventory, Place};
use netloom_route::link::{Link, LinkFlags, LinkHeader, OperState};
use netloom_wire::{HardwareAddress, Message, Write};

use super::{
    body::{LINK_INFO, finished, nest, without},
    show,
};

/// The first of their indexes.
const FIRST: u32 = 1 << 31;

/// `ARPHRD_ETHER`.
const ETHERNET: u16 = 1;

/// Which there are.
#[derive(Debug, Default)]
pub(super) struct Linkless {
    indexes: HashMap<String, u32>,
    names: HashMap<u32, String>,
}

impl Linkless {
    pub(super) fn of(inventory: &Inventory) -> Self {
        let interfaces = inventory.places().map(|place| place.interface);
        // Those that `ovs-vswitchd` has set up.
        let there = interfaces.filter(|interface| interface.is_linkless() && interface.number.is_some_and(|n| n > 0));
        // Where two have the same bits, the order decides.
        let sorted: BTreeSet<_> = there.map(|interface| (&interface.uuid, &interface.name)).collect();
        let mut all = Self::default();
        for (uuid, name) in sorted {
            let mut index = index_of(uuid);
            // The last would be -1.
            while index == u32::MAX || all.names.contains_key(&index) {
                index = index.wrapping_add(1) | FIRST;
            }
            all.indexes.insert(name.clone(), index);
            all.names.insert(index, name.clone());
        }
        all
    }

    pub(super) fn is_index(index: u32) -> bool {
        index >= FIRST
    }

    pub(super) fn index(&self, name: &str) -> Option<u32> {
        self.indexes.get(name).copied()
    }

    pub(super) fn name(&self, index: u32) -> Option<&str> {
        self.names.get(&index).map(String::as_str)
    }

    /// The one that a header with `index` or else one of the names means.
    pub(super) fn meant<'i>(&self, inventory: &'i Inventory, link: &Link) -> Option<Place<'i>> {
        let name = match link.index() {
            0 => named(link).filter(|name| self.indexes.contains_key(*name))?,
            index => self.name(index)?,
        };
        inventory.interface(name)
    }

    /// All that are on a bridge.
    pub(super) fn on<'i>(
        &'i self,
        inventory: &'i Inventory,
        bridge: &'i str,
    ) -> impl Iterator<Item = (u32, Place<'i>)> {
        let places = inventory.bridge(bridge).into_iter().flat_map(Bridge::places);
        places.filter_map(|place| Some((self.index(&place.interface.name)?, place)))
    }
}

/// The name that a request has for a link.
pub(super) fn named(link: &Link) -> Option<&str> {
    link.ifname().or_else(|| link.alt_ifname().next())
}

fn index_of(uuid: &str) -> u32 {
    let digits = uuid.get(..8).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    digits.unwrap_or_default() | FIRST
}

/// How it shows as a link; `bridge` is the index of its master.
pub(super) fn body(place: &Place<'_>, index: u32, bridge: Option<u32>) -> Option<Vec<u8>> {
    let interface = place.interface;
    // Open vSwitch calls a patch port up whose peer is not there.
    let runs = interface.link_state.as_deref() == Some("up") && interface.error.is_none();
    let flags = LinkFlags::UP | LinkFlags::BROADCAST | LinkFlags::MULTICAST;
    let flags = if runs { flags | LinkFlags::RUNNING | LinkFlags::LOWER_UP } else { flags };
    let header =
        LinkHeader { hardware: ETHERNET, index, flags: flags.bits(), change: u32::MAX, ..LinkHeader::default() };
    let state = if runs { OperState::Up } else { OperState::Down };
    let address = interface.mac.as_deref().and_then(|mac| mac.parse::<HardwareAddress>().ok());
    let link = Link::build(header, |w| {
        w.ifname(&interface.name)
            .some(interface.mtu, |w, mtu| w.mtu(mtu))
            .some(bridge, |w, bridge| w.master(bridge))
            .operstate(state)
            .some(address, |w, address| w.address(address))
    });
    let link = link.ok()?;
    let mut body = without(&link, &[]);
    nest(&mut body, LINK_INFO, |body| show::put_info(body, &link, place));
    finished(body).ok()
}
