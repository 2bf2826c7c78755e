//! What changed in the database, as the kernel would tell it.

use std::collections::HashMap;

use netloom_ovs::{Bridge, Interface, Place};
use netloom_route::{Rtnetlink, group, link};
use netloom_socket::Beside;
use netloom_wire::View;

use super::{known::Known, linkless, proxy::Proxy, show::bridge_index};

/// Tells who listens.
pub(super) fn tell(beside: &Beside, old: &Known, new: &Known) {
    let (before, after) = (faces(old), faces(new));
    // Without the right to tell them anything, subscriptions tell what the kernel does.
    let notify = |command, body: Option<Vec<u8>>| body.and_then(|body| beside.notify(group::LINK, command, &body).ok());
    for (name, face) in &before {
        let now = after.get(name);
        if face.linkless.is_some() && now.is_none_or(|now| now.linkless.is_none()) {
            let _told = notify(Proxy::GONE, port(beside, old, name));
        } else if now.is_none() {
            let _told = notify(Proxy::SHOWN, link(beside, name));
        }
    }
    for (name, face) in after.iter().filter(|(name, face)| before.get(*name) != Some(face)) {
        let body = if face.linkless.is_some() { port(beside, new, name) } else { link(beside, name) };
        let _told = notify(Proxy::SHOWN, body);
    }
}

/// A port that is no link of the kernel's.
fn port(beside: &Beside, known: &Known, name: &str) -> Option<Vec<u8>> {
    let place = known.inventory.interface(name)?;
    linkless::body(&place, known.linkless.index(name)?, bridge_index(beside, &known.inventory, &place))
}

/// A link as the kernel has it: how it shows is the affair of the handler for what comes.
fn link(beside: &Beside, name: &str) -> Option<Vec<u8>> {
    let asked = beside.open::<Rtnetlink>().and_then(|mut kernel| kernel.run(&link::Get::new(name)));
    asked.ok().map(|link| link.bytes().to_vec())
}

/// What of an interface shows.
#[derive(Debug, PartialEq)]
struct Face<'k> {
    bridge: &'k str,
    tag: Option<u16>,
    trunks: &'k [u16],
    vlan_mode: Option<&'k str>,
    /// Of the bridge's own link: settings.
    settings: Option<(&'k str, Option<&'k str>, [bool; 3])>,
    /// Of what is no link of the kernel's: all that would be one's.
    linkless: Option<&'k Interface>,
}

impl<'k> Face<'k> {
    fn of(known: &Known, place: &Place<'k>) -> Self {
        let Place { bridge, port, interface, .. } = *place;
        let settings = |bridge: &'k Bridge| {
            (&*bridge.datapath, bridge.fail_mode.as_deref(), [bridge.stp, bridge.rstp, bridge.multicast_snooping])
        };
        Self {
            bridge: &bridge.name,
            tag: port.tag,
            trunks: &port.trunks,
            vlan_mode: port.vlan_mode.as_deref(),
            settings: place.is_bridge().then(|| settings(bridge)),
            linkless: known.linkless.index(&interface.name).map(|_| interface),
        }
    }
}

fn faces(known: &Known) -> HashMap<&str, Face<'_>> {
    let is_shown = |Place { interface, .. }: &Place<'_>| {
        // A tunnel that is not set up is nothing yet.
        !interface.is_linkless() || known.linkless.index(&interface.name).is_some()
    };
    let places = known.inventory.places().filter(is_shown);
    places.map(|place| (&*place.interface.name, Face::of(known, &place))).collect()
}
