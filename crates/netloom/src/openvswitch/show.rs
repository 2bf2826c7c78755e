//! How links of an Open vSwitch show.

use netloom_ovs::{Inventory, Place};
use netloom_route::{
    Rtnetlink,
    kind::{OpenVswitchPortWriter, OpenVswitchWriter},
    link::{self, Link},
};
use netloom_socket::{
    Beside,
    hooks::{Incoming, ReceiveVerdict},
};
use netloom_wire::{Buffer, View, Write, nlmsg};

use super::{
    KIND,
    body::{
        INFO_DATA, INFO_KIND, INFO_PORT_DATA, INFO_PORT_KIND, INFO_XSTATS, LINK_INFO, MASTER, finished, nest,
        put_info_without, text, without,
    },
    known::Known,
    linkless, options,
};

/// What is to become of a link that came: it shows with what the database tells of it, and in a dump a bridge's own link
/// has those of its ports behind it that the kernel does not know.
pub(super) fn shown(beside: &Beside, known: &Known, message: &Incoming<'_>) -> Option<ReceiveVerdict> {
    let link = message.view::<Link>().filter(|link| link.family() == 0 && link.target_netnsid().is_none())?;
    let place = place(&known.inventory, link)?;
    let rewritten = rewritten(beside, &known.inventory, link, &place);
    let in_dump = !message.is_notification() && message.flags() & nlmsg::MULTI != 0;
    if !in_dump || !place.is_bridge() {
        return rewritten.map(ReceiveVerdict::Rewrite);
    }
    let bridge = Some(link.index());
    let ports = known.linkless.on(&known.inventory, &place.bridge.name);
    let ports = ports.filter_map(|(index, port)| linkless::body(&port, index, bridge));
    let own = rewritten.unwrap_or_else(|| link.bytes().to_vec());
    Some(ReceiveVerdict::Several(std::iter::once(own).chain(ports).collect()))
}

/// The body of a link with what the database tells of it.
fn rewritten(beside: &Beside, inventory: &Inventory, link: &Link, place: &Place<'_>) -> Option<Vec<u8>> {
    let mut body = without(link, &[MASTER, LINK_INFO]);
    if !place.is_bridge() {
        body.put(MASTER, &bridge_index(beside, inventory, place)?.to_ne_bytes());
    }
    nest(&mut body, LINK_INFO, |body| put_info(body, link, place));
    finished(body).ok()
}

/// Where a link is, if it is the one that the database means by its name.
pub(super) fn place<'i>(inventory: &'i Inventory, link: &Link) -> Option<Place<'i>> {
    let place = inventory.interface(link.ifname()?)?;
    // The kernel has others of that name only if they were made in the meantime, or somewhere else.
    let other = place.interface.ifindex.is_some_and(|index| u32::try_from(index) != Ok(link.index()));
    let is_link = place.interface.is_internal() || place.interface.is_system();
    (is_link && !other).then_some(place)
}

/// The index of the bridge that a place is on: the database has it, but not at once.
pub(super) fn bridge_index(beside: &Beside, inventory: &Inventory, place: &Place<'_>) -> Option<u32> {
    let own = inventory.interface(&place.bridge.name)?;
    match own.interface.ifindex {
        Some(index) => u32::try_from(index).ok(),
        None => {
            let mut kernel = beside.open::<Rtnetlink>().ok()?;
            Some(kernel.run(&link::Get::new(place.bridge.name.as_str())).ok()?.index())
        }
    }
}

/// Appends what a link is and what it is a port of.
pub(super) fn put_info(body: &mut Buffer, link: &Link, place: &Place<'_>) {
    let is_ours = !place.interface.is_system();
    if is_ours {
        // In the datapath in user space the kernel sees a tap.
        text(body, INFO_KIND, KIND);
        let data = if place.is_bridge() { bridge_data(place) } else { options::shown(place.interface) };
        nest(body, INFO_DATA, |body| body.append(&data));
    }
    let ours: &[u16] = if is_ours {
        &[INFO_KIND, INFO_DATA, INFO_XSTATS, INFO_PORT_KIND, INFO_PORT_DATA]
    } else {
        &[INFO_PORT_KIND, INFO_PORT_DATA]
    };
    put_info_without(body, link, ours);
    if !place.is_bridge() {
        text(body, INFO_PORT_KIND, KIND);
        let data = port_data(place);
        if !data.is_empty() {
            nest(body, INFO_PORT_DATA, |body| body.append(&data));
        }
    }
}

fn bridge_data(place: &Place<'_>) -> Buffer {
    let bridge = place.bridge;
    let datapath = if bridge.datapath.is_empty() { "system" } else { &bridge.datapath };
    let writer = OpenVswitchWriter::default().datapath(datapath);
    let writer = writer.some(bridge.fail_mode.as_deref(), OpenVswitchWriter::fail_mode);
    let writer = writer.stp(bridge.stp).rstp(bridge.rstp);
    writer.multicast_snooping(bridge.multicast_snooping).into_buffer()
}

fn port_data(place: &Place<'_>) -> Buffer {
    let port = place.port;
    let writer = OpenVswitchPortWriter::default().some(port.tag, OpenVswitchPortWriter::tag);
    let writer = port.trunks.iter().fold(writer, |writer, trunk| writer.trunk(*trunk));
    writer.some(port.vlan_mode.as_deref(), OpenVswitchPortWriter::vlan_mode).into_buffer()
}
