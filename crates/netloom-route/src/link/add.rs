//! Making links.

use alloc::{
    borrow::ToOwned,
    boxed::Box,
    string::{String, ToString},
};

use netloom_wire::{
    Buffer, Command, Create, Driver, Error, HardwareAddress, Operation, Request, Result, Write,
    nlmsg::{CREATE, EXCL, REPLACE},
};

use super::{
    AddressGeneration, FamilySpecsWriter, Get, Link, LinkFlags, LinkKind, LinkWriter, List, PortKind,
    query::NEWLINK,
    settings::{Settings, settings_methods},
};
use crate::{Rtnetlink, kind::Veth};

/// Makes a link. A name with `%d` gets the first number that is free: run [`Create::created`] of it to learn which.
///
/// ```no_run
/// use netloom_route::{Rtnetlink, link};
/// use netloom_wire::{Create, Driver, Operation, Result};
///
/// async fn pair(io: &mut impl Driver<Family = Rtnetlink>) -> Result<u32> {
///     link::Add::new("v0").veth("v1").mtu(9000).up().perform(io).await?;
///     let bridge = link::Add::new("br%d").kind("bridge").created().perform(io).await?;
///     Ok(bridge.index())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Add {
    name: String,
    settings: Settings,
    flags: u16,
}

impl Add {
    /// A link of this name, at most 15 bytes; say its kind too. Without a name (`""`) the kernel makes one up of the kind.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), settings: Settings::default(), flags: CREATE | EXCL }
    }

    settings_methods!();

    /// Changes a link of this name if there is one, instead of failing.
    #[must_use]
    pub fn or_change(self) -> Self {
        Self { flags: CREATE | REPLACE, ..self }
    }

    /// With this index.
    #[must_use]
    pub fn index(mut self, index: u32) -> Self {
        self.settings.header.index = index;
        self
    }

    /// On top of the link with this index.
    #[must_use]
    pub fn link(self, index: u32) -> Self {
        self.attributes(|w| w.link(index))
    }

    /// On top of a link that is in another namespace, as this one numbers it.
    #[must_use]
    pub fn link_namespace(self, nsid: i32) -> Self {
        self.attributes(|w| w.link_netnsid(nsid))
    }

    /// Number of transmit queues.
    #[must_use]
    pub fn num_tx_queues(self, queues: u32) -> Self {
        self.attributes(|w| w.num_tx_queues(queues))
    }

    /// Number of receive queues.
    #[must_use]
    pub fn num_rx_queues(self, queues: u32) -> Self {
        self.attributes(|w| w.num_rx_queues(queues))
    }

    /// One end of a pair; the other has this name.
    #[must_use]
    pub fn veth(self, peer: &str) -> Self {
        self.kind(Veth::new().peer(|w| w.ifname(peer)))
    }
}

impl Request for Add {
    type Family = Rtnetlink;
    type Body = Link;
    type Reply = Link;
    type Kind = Command;
    const COMMAND: u16 = NEWLINK;
    const REPLY: u16 = NEWLINK;
    const VERB: &'static str = "add";
    const SLOW: bool = true;

    fn flags(&self) -> u16 {
        self.flags
    }
    fn write(&self, out: &mut Buffer) {
        out.message(self.settings.header, |w: LinkWriter| {
            let name = Some(self.name.as_str()).filter(|name| !name.is_empty());
            self.settings.write(w.some(name, LinkWriter::ifname))
        });
    }
}

impl Create for Add {
    async fn fetch_created<D: Driver<Family = Rtnetlink>>(&self, io: &mut D) -> Result<Box<Link>> {
        let Some((before, after)) = self.name.split_once("%d") else {
            return Get::new(&self.name).perform(io).await;
        };
        // Which number the kernel chose is not told; the newest link that fits has the highest index.
        let mut newest: Option<Box<Link>> = None;
        for link in &List::all().perform(io).await? {
            let number = link.name().strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
            let fits = number.is_some_and(|number| number.parse::<u32>().is_ok_and(|n| n.to_string() == number));
            if fits && newest.as_ref().is_none_or(|known| known.index() < link.index()) {
                newest = Some(link.to_owned());
            }
        }
        newest.ok_or_else(Error::no_reply)
    }
}
