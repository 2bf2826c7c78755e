//! tun and tap, by the ioctls of `/dev/net/tun`.

use netloom_route::{
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
    let name = wanted(link, tun)?.namespace(beside.namespace()?).create()?;
    finish(beside, message, link, &name)
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
    let mut wanted = TunTap::new(mode, link.name())
        .pi(tun.pi().unwrap_or(false))
        .vnet_hdr(tun.vnet_hdr().unwrap_or(false))
        .multi_queue(tun.multi_queue().unwrap_or(false));
    if let Some(user) = tun.owner() {
        wanted = wanted.owner(user);
    }
    if let Some(group) = tun.group() {
        wanted = wanted.group(group);
    }
    Ok(if link.index() == 0 { wanted } else { wanted.index(link.index()) })
}

fn wrong(what: &'static str) -> Error {
    Error::new(ErrorKind::InvalidInput, what)
}
