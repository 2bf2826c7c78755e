//! Built-in proxies: links that the kernel does not make by rtnetlink are made by the same requests as all others.

mod made;
#[cfg(feature = "generic")]
mod team;
mod tun;

use netloom_route::link::Link;
use netloom_socket::{
    Beside,
    hooks::{Outgoing, Verdict},
};
use netloom_wire::{Result, nlmsg};

/// `RTM_NEWLINK` (`linux/rtnetlink.h`).
const NEWLINK: u16 = 16;

/// A handler for what is sent, by name and message type.
pub(crate) type Handler = Box<dyn Fn(&Outgoing<'_>) -> Option<Verdict> + Send + Sync>;

/// All of them, for a socket beside which they ask the kernel. They do IO.
pub(crate) fn proxies(beside: &Beside) -> Vec<(&'static str, u16, Handler)> {
    vec![
        ("tun/tap", NEWLINK, creating(beside, "tun", tun::create)),
        #[cfg(feature = "generic")]
        ("team", NEWLINK, creating(beside, "team", team::create)),
    ]
}

/// What makes a link: None if the kernel can.
type Create = fn(&Beside, &Outgoing<'_>, &Link) -> Option<Result<Verdict>>;

/// A handler for requests that make links of a kind.
fn creating(beside: &Beside, kind: &'static str, create: Create) -> Handler {
    let beside = beside.clone();
    Box::new(move |message| {
        let link = message.view::<Link>()?;
        if message.flags() & nlmsg::CREATE == 0 || link.kind() != Some(kind) {
            return None;
        }
        create(&beside, message, link).map(|outcome| outcome.unwrap_or_else(Verdict::Error))
    })
}
