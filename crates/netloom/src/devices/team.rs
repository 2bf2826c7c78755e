//! Teams with settings: by the kernel's family `team`, or by `teamd`.

use netloom_generic::team::{self, Mode, Set, Value};
use netloom_route::{
    Rtnetlink, kind,
    link::{Add, Get, Link, LinkData},
};
use netloom_socket::{
    Beside,
    blocking::Socket,
    hooks::{Outgoing, Verdict},
};
use netloom_wire::{Create, Errno, Error, ErrorKind, Result};

use super::made::{finish, impossible, undo};
use crate::team::Daemon;

/// Makes the team that a request asks for; None of one without settings, which the kernel makes.
pub(super) fn create(beside: &Beside, message: &Outgoing<'_>, link: &Link) -> Option<Result<Verdict>> {
    let Some(LinkData::Team(settings)) = link.linkinfo().and_then(|info| info.data()) else { return None };
    Some(match settings.config() {
        Some(config) => by_daemon(beside, message, link, settings, config),
        None => by_kernel(beside, message, link, settings),
    })
}

fn by_kernel(beside: &Beside, message: &Outgoing<'_>, link: &Link, settings: &kind::Team) -> Result<Verdict> {
    impossible(link)?;
    let options = options(settings)?;
    let mut kernel = beside.open::<Rtnetlink>()?;
    let made = kernel.run(&Add::new(link.name()).index(link.index()).kind("team").created())?;
    let index = made.index();
    set(beside, index, options).map_err(|error| undo(&mut kernel, index, made.name(), link, error))?;
    finish(&mut kernel, message, link, made.name())
}

/// Sets options of a team that is there.
pub(super) fn change(beside: &Beside, link: &Link, there: &Link) -> Option<Result<()>> {
    let Some(LinkData::Team(settings)) = link.linkinfo().and_then(|info| info.data()) else { return None };
    Some(match settings.config() {
        Some(_) => Err(wrong("teamd reads its configuration when it starts".to_owned())),
        None => options(settings).and_then(|options| set(beside, there.index(), options)),
    })
}

/// The kernel has the family as soon as it has made a team.
fn set(beside: &Beside, index: u32, options: Vec<(&'static str, Value)>) -> Result<()> {
    let set = options.into_iter().fold(Set::new(index), |set, (name, value)| set.option(name, value));
    beside.open::<team::Team>()?.run(&set)
}

/// What the settings say, the mode first: other options may belong to it.
fn options(settings: &kind::Team) -> Result<Vec<(&'static str, Value)>> {
    let mut options = Vec::new();
    if let Some(mode) = settings.mode() {
        if Mode::named(mode).is_none() {
            let known = Mode::ALL.map(Mode::name).join(", ");
            return Err(wrong(format!("a team has no mode {mode:?}, but {known}")));
        }
        options.push(("mode", Value::Text(mode.to_owned())));
    }
    let numbers = [
        ("notify_peers_count", settings.notify_peers_count()),
        ("notify_peers_interval", settings.notify_peers_interval()),
        ("mcast_rejoin_count", settings.mcast_rejoin_count()),
        ("mcast_rejoin_interval", settings.mcast_rejoin_interval()),
    ];
    options.extend(numbers.into_iter().filter_map(|(name, value)| Some((name, Value::U32(value?)))));
    Ok(options)
}

fn by_daemon(
    beside: &Beside,
    message: &Outgoing<'_>,
    link: &Link,
    settings: &kind::Team,
    config: &str,
) -> Result<Verdict> {
    impossible(link)?;
    if let Some((name, _)) = options(settings)?.first() {
        return Err(wrong(format!("teamd takes {name} in its configuration")));
    }
    let name = link.name();
    if name.is_empty() || name.contains('%') || link.index() != 0 {
        return Err(wrong("a team that teamd runs has a name of its own, and no index that is chosen".to_owned()));
    }
    let daemon = Daemon::new(name, config).namespace(beside.namespace()?);
    let daemon = if let Some(program) = settings.daemon() { daemon.program(program) } else { daemon };
    let mut kernel = beside.open::<Rtnetlink>()?;
    if is_there(&mut kernel, name)? {
        return Err(Error::system(Errno::EEXIST, "a link has this name"));
    }
    daemon.start().map_err(|error| match is_there(&mut kernel, name) {
        Ok(false) => error,
        // Whose it is nobody knows: somebody else may have been faster.
        Ok(true) => Error::new(error.kind(), format!("{error}; there is a link {name} now")),
        Err(problem) => Error::new(error.kind(), format!("{error}; whether there is a link {name} now: {problem}")),
    })?;
    // It ends when its link is deleted, should anything else fail.
    finish(&mut kernel, message, link, name)
}

fn is_there(kernel: &mut Socket<Rtnetlink>, name: &str) -> Result<bool> {
    match kernel.run(&Get::new(name)) {
        Ok(_) => Ok(true),
        Err(error) if error.is_not_found() => Ok(false),
        Err(error) => Err(error),
    }
}

fn wrong(what: String) -> Error {
    Error::new(ErrorKind::InvalidInput, what)
}
