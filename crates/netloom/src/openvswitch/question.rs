//! Questions whose filters the kernel would apply before the proxy has said what links are.

use netloom_ovs::Inventory;
use netloom_route::link::Link;
use netloom_socket::hooks::{Outgoing, Verdict};

use super::{
    KIND,
    body::{LINK_INFO, MASTER, finished, without},
};

/// `RTM_GETLINK`.
pub(super) const COMMAND: u16 = 18;

/// Whether a dump of links is for ports of some master, or for links of the kind or their ports.
pub(super) fn is_filtered(message: &Outgoing<'_>) -> bool {
    let filtered = |link: &Link| link.master().is_some() || is_of_kind(link);
    message.is_dump() && message.view::<Link>().is_some_and(filtered)
}

/// The dump without the filters that the kernel would apply wrongly: the library applies them again to what comes.
pub(super) fn widened(inventory: &Inventory, message: &Outgoing<'_>) -> Option<Verdict> {
    let link = message.view::<Link>()?;
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
