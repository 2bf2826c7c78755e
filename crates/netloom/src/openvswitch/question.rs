//! Questions that the kernel would answer wrongly: about links that it does not know, and with filters that it would apply
//! before the proxy has said what links are.

use netloom_ovs::Inventory;
use netloom_route::{
    Rtnetlink,
    link::{self, Link},
};
use netloom_socket::{
    Beside,
    hooks::{Outgoing, Replies, Verdict},
};
use netloom_wire::Errno;

use super::{
    KIND,
    body::{LINK_INFO, MASTER, finished, without},
    known::Known,
    linkless::{self, Linkless},
    proxy::Proxy,
    show::bridge_index,
};

/// Decides on a question; None: it is the kernel's affair.
pub(super) fn decide(beside: &Beside, known: &Known, message: &Outgoing<'_>) -> Option<Verdict> {
    let link = message.view::<Link>().filter(|link| link.family() == 0 && link.target_netnsid().is_none())?;
    if message.is_dump() { widened(&known.inventory, message, link) } else { answered(beside, known, link) }
}

/// The answer to a question for a port that the kernel does not know.
fn answered(beside: &Beside, known: &Known, link: &Link) -> Option<Verdict> {
    let Some(place) = known.linkless.meant(&known.inventory, link) else {
        let gone = || Replies::new().refuse(Errno::ENODEV, "Open vSwitch has no such port");
        return Linkless::is_index(link.index()).then(|| gone().into());
    };
    let name = place.interface.name.as_str();
    // A link that happens to have the name.
    if link.index() == 0 && beside.open::<Rtnetlink>().ok()?.run(&link::Get::new(name)).is_ok() {
        return None;
    }
    let bridge = bridge_index(beside, &known.inventory, &place);
    let body = linkless::body(&place, known.linkless.index(name)?, bridge)?;
    Some(Replies::new().reply(Proxy::SHOWN, body).into())
}

/// The dump without the filters that the kernel would apply wrongly: the library applies them again to what comes.
fn widened(inventory: &Inventory, message: &Outgoing<'_>, link: &Link) -> Option<Verdict> {
    let of_bridge = link.master().is_some_and(|master| may_be_bridge(inventory, master));
    if !of_bridge && !is_of_kind(link) {
        return None;
    }
    let filters: &[u16] = if of_bridge { &[MASTER, LINK_INFO] } else { &[LINK_INFO] };
    let body = finished(without(link, filters)).ok()?;
    Some(Verdict::Rewrite(message.with_body(body)))
}

fn is_of_kind(link: &Link) -> bool {
    link.linkinfo().is_some_and(|info| info.kind() == Some(KIND) || info.port_kind() == Some(KIND))
}

/// The database does not know the index of a bridge at once.
fn may_be_bridge(inventory: &Inventory, index: u32) -> bool {
    let own = inventory.bridges().iter().filter_map(|bridge| inventory.interface(&bridge.name));
    own.map(|place| place.interface.ifindex).any(|known| known.is_none_or(|known| u32::try_from(known) == Ok(index)))
}
