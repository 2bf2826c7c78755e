//! A link that was made in another way than by rtnetlink, and what else its request says.

use netloom_route::{
    Rtnetlink,
    link::{Delete, Get, Link, LinkRef},
};
use netloom_socket::{
    blocking::Socket,
    hooks::{Outgoing, Replies, Rewritten, Verdict},
};
use netloom_wire::{Buffer, Command, Error, ErrorKind, Request, Result, View, nlmsg};

use super::NEWLINK;
use crate::link_body::{INFO_DATA, INFO_KIND, LINK_INFO, nest, put_info_without, without};

/// Attributes of a link (`IFLA_*`, `linux/if_link.h`) that only count while the kernel makes one.
const LINK: u16 = 5;
const NUM_TX_QUEUES: u16 = 31;
const NUM_RX_QUEUES: u16 = 32;
/// Its names.
const IFNAME: u16 = 3;
const ALT_IFNAME: u16 = 53;
/// Attributes that move a link to another namespace.
const NET_NS_PID: u16 = 19;
const NET_NS_FD: u16 = 28;
const TARGET_NETNSID: u16 = 46;
/// Where the index stands in `struct ifinfomsg`.
const INDEX: usize = 4;

/// The attributes that a link made in this way cannot have, if the request has one.
pub(super) fn impossible(link: &Link) -> Result<()> {
    let names = [(LINK, "IFLA_LINK"), (NUM_TX_QUEUES, "IFLA_NUM_TX_QUEUES"), (NUM_RX_QUEUES, "IFLA_NUM_RX_QUEUES")];
    let found = link.tlvs().find_map(|tlv| names.iter().find(|(number, _)| *number == tlv.number()));
    match found {
        Some((_, name)) => Err(Error::new(ErrorKind::InvalidInput, format!("such a link cannot be given {name}"))),
        None => Ok(()),
    }
}

/// Sets what a request says of the link of this name beside name and kind, and answers as the kernel would have. If that
/// fails the link is deleted.
pub(super) fn finish(
    kernel: &mut Socket<Rtnetlink>,
    message: &Outgoing<'_>,
    wanted: &Link,
    name: &str,
) -> Result<Verdict> {
    let made = kernel.run(&Get::new(name)).map_err(|error| undo(kernel, name, name, wanted, error))?;
    let rest = Rest::of(wanted, &made);
    let done = if rest.is_empty() { Ok(()) } else { kernel.run(&rest) };
    let answer = done.and_then(|()| answer(kernel, message, &made));
    answer.map_err(|error| undo(kernel, made.index(), name, wanted, error))
}

/// The link, where the request asks for it.
fn answer(kernel: &mut Socket<Rtnetlink>, message: &Outgoing<'_>, made: &Link) -> Result<Verdict> {
    if message.flags() & nlmsg::ECHO == 0 {
        return Ok(Replies::new().into());
    }
    let answer = |link: &Link| Ok(Replies::new().reply(NEWLINK, link.bytes()).into());
    match kernel.run(&Get::new(made.index())) {
        Ok(link) => answer(&link),
        // It was to go to another namespace.
        Err(error) if error.is_not_found() => answer(made),
        Err(error) => Err(error),
    }
}

/// Deletes a link that was made for a request, by its name or index, because of an error. If that fails too, the error
/// says what is left.
pub(super) fn undo(
    kernel: &mut Socket<Rtnetlink>,
    made: impl Into<LinkRef>,
    name: &str,
    wanted: &Link,
    error: Error,
) -> Error {
    let left = match kernel.run(&Delete::new(made)) {
        Ok(()) => return error,
        // The kernel moves a link before it looks at the rest of a request.
        Err(gone) if gone.is_not_found() && moves(wanted) => {
            format!("the link {name} was made, and is in the namespace that it was to move to")
        }
        Err(gone) if gone.is_not_found() => return error,
        Err(problem) => format!("the link {name} was made and is left: {problem}"),
    };
    Error::new(error.kind(), format!("{error}; {left}"))
}

/// Whether a request moves its link to another namespace.
fn moves(wanted: &Link) -> bool {
    wanted.tlvs().any(|tlv| [NET_NS_PID, NET_NS_FD, TARGET_NETNSID].contains(&tlv.number()))
}

/// What a request says of a link that is there by now.
struct Rest(Buffer);

impl Rest {
    fn of(wanted: &Link, made: &Link) -> Self {
        let mut body = without_its_kind(wanted, &[IFNAME, LINK_INFO]);
        body.patch(INDEX, &made.index().to_ne_bytes());
        Self(body)
    }

    /// Whether there is nothing to set.
    fn is_empty(&self) -> bool {
        says_nothing(self.0.bytes())
    }
}

/// Whether a request sets nothing of the link that it names.
fn says_nothing(body: &[u8]) -> bool {
    let names = |number: u16| number == IFNAME || number == ALT_IFNAME;
    Link::view(body).is_none_or(|link| link.change() == 0 && link.tlvs().all(|tlv| names(tlv.number())))
}

/// A request without these attributes, and nothing of the link's kind. What is said of it as a port stays.
fn without_its_kind(wanted: &Link, numbers: &[u16]) -> Buffer {
    let mut body = without(wanted, numbers);
    let mut of_port = Buffer::new();
    put_info_without(&mut of_port, wanted, &[INFO_KIND, INFO_DATA]);
    if !of_port.is_empty() {
        nest(&mut body, LINK_INFO, |body| body.append(&of_port));
    }
    body
}

/// What is left of a request when the link's kind is as it says: nothing, or something for the kernel.
pub(super) fn rest(message: &Outgoing<'_>, wanted: &Link) -> Verdict {
    let rest = without_kind(message, wanted);
    if message.flags() & nlmsg::ECHO == 0 && says_nothing(&rest.body) { Replies::new().into() } else { rest.into() }
}

/// A request for a link that is there, without what it says of the link's kind, for the kernel.
pub(super) fn without_kind(message: &Outgoing<'_>, wanted: &Link) -> Rewritten {
    let rest = message.with_body(without_its_kind(wanted, &[LINK_INFO]).bytes());
    Rewritten { flags: rest.flags & !(nlmsg::CREATE | nlmsg::REPLACE | nlmsg::EXCL), ..rest }
}

impl Request for Rest {
    type Family = Rtnetlink;
    type Body = Link;
    type Reply = Link;
    type Kind = Command;
    const COMMAND: u16 = NEWLINK;
    const REPLY: u16 = NEWLINK;
    const VERB: &'static str = "set";

    fn write(&self, out: &mut Buffer) {
        out.append(&self.0);
    }
}
