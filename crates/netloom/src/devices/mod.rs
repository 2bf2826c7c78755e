//! Built-in proxies: links that the kernel does not make by rtnetlink are made, and changed, by the same requests as all
//! others.

mod made;
#[cfg(feature = "generic")]
mod team;
mod tun;

use netloom_route::{
    Rtnetlink,
    link::{Get, Link},
};
use netloom_socket::{
    Beside,
    hooks::{Kit, Outgoing, Verdict},
};
use netloom_wire::{Result, nlmsg};

use crate::proxies::Carrier;

/// `RTM_NEWLINK` (`linux/rtnetlink.h`).
const NEWLINK: u16 = 16;

/// Adds them to a kit.
pub(crate) fn add(kit: Kit<Carrier>) -> Kit<Carrier> {
    let kit = add_kind(kit, "tun/tap", "tun", tun::create, tun::change);
    #[cfg(feature = "generic")]
    let kit = add_kind(kit, "team", "team", team::create, team::change);
    kit
}

/// What makes a link; None if the kernel can.
type Create = fn(&Beside, &Outgoing<'_>, &Link) -> Option<Result<Verdict>>;

/// What makes a link that is there, the last argument, what a request says of its kind; None if it says nothing.
type Change = fn(&Beside, &Link, &Link) -> Option<Result<()>>;

/// Adds what makes and changes links of a kind; errors call it `name`.
fn add_kind(kit: Kit<Carrier>, name: &str, kind: &'static str, create: Create, change: Change) -> Kit<Carrier> {
    let concerns =
        move |_: &Carrier, message: &Outgoing<'_>| message.view::<Link>().is_some_and(|link| link.kind() == Some(kind));
    kit.on_send_slow_if::<Rtnetlink>(name, NEWLINK, concerns, move |Carrier { beside, .. }, message| {
        let link = message.view::<Link>()?;
        let (creates, new) = (message.flags() & nlmsg::CREATE != 0, message.flags() & nlmsg::EXCL != 0);
        let there = if creates && new { Ok(None) } else { find(beside, link) };
        let verdict = match there {
            Ok(Some(there)) if there.kind() == Some(kind) => {
                change(beside, link, &there)?.map(|()| made::rest(message, link))
            }
            Ok(None) if creates => create(beside, message, link)?,
            // The kernel says what is wrong; of one that is not there it would say that it cannot be made.
            Ok(None) if link.index() != 0 || link.ifname().is_some() => Ok(made::without_kind(message, link).into()),
            Ok(_) => return None,
            Err(error) => Err(error),
        };
        Some(verdict.unwrap_or_else(Verdict::Error))
    })
}

/// The link that a request is about, if there is one.
fn find(beside: &Beside, wanted: &Link) -> Result<Option<Box<Link>>> {
    let get = match (wanted.index(), wanted.ifname().or_else(|| wanted.alt_names().next())) {
        (0, None) => return Ok(None),
        (0, Some(name)) => Get::new(name),
        (index, _) => Get::new(index),
    };
    match beside.open::<Rtnetlink>()?.run(&get) {
        Ok(link) => Ok(Some(link)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}
