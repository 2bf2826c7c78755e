//! tun and tap, by the ioctls of `/dev/net/tun`.

use netloom_route::{
    Rtnetlink,
    kind::{Tun, TunMode},
    link::{Link, LinkData},
};
use netloom_socket::{
    Beside,
    hooks::{Outgoing, Verdict},
    tuntap::{Mode, TunTap},
};
use netloom_wire::{Error, ErrorKind, Result};

use super::made::{finish, impossible};

/// Makes the link that a request asks for.
pub(super) fn create(beside: &Beside, message: &Outgoing<'_>, link: &Link) -> Option<Result<Verdict>> {
    Some(made(beside, message, link))
}

fn made(beside: &Beside, message: &Outgoing<'_>, link: &Link) -> Result<Verdict> {
    impossible(link)?;
    let data = link.linkinfo().and_then(|info| info.data());
    let Some(LinkData::Tun(tun)) = data else {
        return Err(wrong("a tun or a tap? say which (IFLA_TUN_TYPE)"));
    };
    let wanted = wanted(link, tun)?.namespace(beside.namespace()?);
    // Opened before there is anything that would have to be undone without it.
    let mut kernel = beside.open::<Rtnetlink>()?;
    let name = wanted.create()?;
    finish(&mut kernel, message, link, &name)
}

/// What the attributes say.
fn wanted(link: &Link, tun: &Tun) -> Result<TunTap> {
    let mode = match tun.tun_type() {
        Some(TunMode::Tun) => Mode::Tun,
        Some(TunMode::Tap) => Mode::Tap,
        _ => return Err(wrong("a tun or a tap? say which (IFLA_TUN_TYPE)")),
    };
    if tun.persist() == Some(false) {
        return Err(wrong("one that does not persist goes with the program that has it open: use netloom::tuntap"));
    }
    let wanted = TunTap::new(mode, link.name())
        .pi(tun.pi().unwrap_or(false))
        .vnet_hdr(tun.vnet_hdr().unwrap_or(false))
        .multi_queue(tun.multi_queue().unwrap_or(false));
    let wanted = owned(wanted, tun);
    Ok(if link.index() == 0 { wanted } else { wanted.index(link.index()) })
}

/// With the owner and the group that the attributes name.
fn owned(device: TunTap, tun: &Tun) -> TunTap {
    let device = tun.owner().into_iter().fold(device, TunTap::owner);
    tun.group().into_iter().fold(device, TunTap::group)
}

/// Changes who may open a link, and the headers before its packets.
pub(super) fn change(beside: &Beside, link: &Link, there: &Link) -> Option<Result<()>> {
    let Some(LinkData::Tun(wanted)) = link.linkinfo().and_then(|info| info.data()) else { return None };
    let Some(LinkData::Tun(now)) = there.linkinfo().and_then(|info| info.data()) else { return None };
    Some(changed(beside, there.name(), wanted, now))
}

fn changed(beside: &Beside, name: &str, wanted: &Tun, now: &Tun) -> Result<()> {
    let differs = |wanted: Option<bool>, now: Option<bool>| wanted.is_some() && wanted != now;
    if wanted.tun_type().is_some_and(|mode| Some(mode) != now.tun_type())
        || differs(wanted.multi_queue(), now.multi_queue())
        || differs(wanted.persist(), now.persist())
    {
        return Err(wrong("its mode, and whether it persists and has several queues, are as it was made"));
    }
    let same = |wanted: Option<u32>, now: Option<u32>| wanted.is_none() || wanted == now;
    if same(wanted.owner(), now.owner())
        && same(wanted.group(), now.group())
        && !differs(wanted.pi(), now.pi())
        && !differs(wanted.vnet_hdr(), now.vnet_hdr())
    {
        // One that somebody has open may have no second queue to change it by.
        return Ok(());
    }
    let mode = if now.tun_type() == Some(TunMode::Tun) { Mode::Tun } else { Mode::Tap };
    let link = TunTap::new(mode, name)
        .pi(wanted.pi().or_else(|| now.pi()).unwrap_or(false))
        .vnet_hdr(wanted.vnet_hdr().or_else(|| now.vnet_hdr()).unwrap_or(false))
        .multi_queue(now.multi_queue().unwrap_or(false));
    // Opening it sets all that.
    owned(link, wanted).namespace(beside.namespace()?).open().map(drop)
}

fn wrong(what: &'static str) -> Error {
    Error::new(ErrorKind::InvalidInput, what)
}
