//! Changing links.

use alloc::{borrow::ToOwned, string::String};

use netloom_wire::{Buffer, Command, Driver, HardwareAddress, Operation, Request, Result, Write};

use super::{
    AddressGeneration, FamilySpecsWriter, Get, Link, LinkFlags, LinkHeader, LinkKind, LinkMode, LinkRef, LinkWriter,
    OperState, PortKind, Vf, XdpFlags,
    query::NEWLINK,
    settings::{Settings, settings_methods},
};
use crate::Rtnetlink;

/// Which links a change is for.
#[derive(Clone, Debug)]
enum Target {
    One(LinkRef),
    Group(u32),
}

/// Changes a link, or all links of a group.
///
/// ```no_run
/// use netloom_route::{Rtnetlink, link};
/// use netloom_wire::{Driver, Operation, Result};
///
/// async fn plug(port: &str, bridge: u32, io: &mut impl Driver<Family = Rtnetlink>) -> Result<()> {
///     link::Set::new(port).master(bridge).mtu(9000).up().perform(io).await
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Set {
    target: Target,
    settings: Settings,
}

impl Set {
    /// Changes one link. A new name is given by [`Rename`].
    pub fn new(link: impl Into<LinkRef>) -> Self {
        Self { target: Target::One(link.into()), settings: Settings::default() }
    }

    /// Changes every link of a group.
    pub fn of_group(group: u32) -> Self {
        Self { target: Target::Group(group), settings: Settings::default() }
    }

    settings_methods!();

    /// Down.
    #[must_use]
    pub fn down(self) -> Self {
        self.flag(LinkFlags::UP, false)
    }

    /// Nobody's port any more.
    #[must_use]
    pub fn no_master(self) -> Self {
        self.master(0)
    }

    /// Whether it is to have a carrier, for links that have no wire.
    #[must_use]
    pub fn carrier(self, on: bool) -> Self {
        self.attributes(|w| w.carrier(on.into()))
    }

    /// Operational state, as a supplicant sets it: up or dormant.
    #[must_use]
    pub fn operstate(self, state: OperState) -> Self {
        self.attributes(|w| w.operstate(state))
    }

    /// What the operational state waits for when the carrier comes.
    #[must_use]
    pub fn mode(self, mode: LinkMode) -> Self {
        self.attributes(|w| w.linkmode(mode))
    }

    /// Whether a protocol holds the carrier down.
    #[must_use]
    pub fn proto_down(self, on: bool) -> Self {
        self.attributes(|w| w.proto_down(on.into()))
    }

    /// A reason to hold the carrier down, 0 to 31, given or taken back; of several, one call for each.
    #[must_use]
    pub fn proto_down_reason(mut self, reason: u32, on: bool) -> Self {
        self.settings.reason(1u32.checked_shl(reason).unwrap_or(0), on);
        self
    }

    /// The index that it gets in the namespace where it goes.
    #[must_use]
    pub fn new_index(self, index: i32) -> Self {
        self.attributes(|w| w.new_ifindex(index))
    }

    /// Settings of a virtual function; of several, one call for each.
    #[must_use]
    pub fn vf(self, function: Vf) -> Self {
        self.attributes(|w| w.vfinfo_list(|list| function.write(list)))
    }

    /// Attaches the XDP program of a file descriptor; -1 takes the program off.
    #[must_use]
    pub fn xdp(self, fd: i32, flags: XdpFlags) -> Self {
        self.attributes(|w| w.xdp(|xdp| xdp.fd(fd).some(Some(flags).filter(|f| !f.is_empty()), |x, f| x.flags(f))))
    }
}

impl Request for Set {
    type Family = Rtnetlink;
    type Body = Link;
    type Reply = Link;
    type Kind = Command;
    // RTM_SETLINK cannot change the data of a kind.
    const COMMAND: u16 = NEWLINK;
    const REPLY: u16 = NEWLINK;
    const VERB: &'static str = "set";
    const SLOW: bool = true;

    fn write(&self, out: &mut Buffer) {
        let index = match &self.target {
            Target::One(link) => link.header().index,
            Target::Group(_) => 0,
        };
        out.message(LinkHeader { index, ..self.settings.header }, |w: LinkWriter| {
            let w = match &self.target {
                Target::One(link) => link.write(w),
                Target::Group(group) => w.group(*group),
            };
            self.settings.write(w)
        });
    }
}

/// Gives a link a new name. If it is named by its name, its index is asked for first.
///
/// A link may be renamed while it is up since Linux 6.2.
#[derive(Clone, Debug)]
pub struct Rename {
    link: LinkRef,
    name: String,
}

impl Rename {
    /// The link, and its new name of at most 15 bytes.
    pub fn new(link: impl Into<LinkRef>, name: &str) -> Self {
        Self { link: link.into(), name: name.to_owned() }
    }
}

impl Operation for Rename {
    type Family = Rtnetlink;
    type Output = ();

    async fn perform<D: Driver<Family = Rtnetlink>>(&self, io: &mut D) -> Result<()> {
        let index = match &self.link {
            LinkRef::Index(index) => *index,
            LinkRef::Name(name) => Get::new(name).perform(io).await?.index(),
        };
        Set::new(index).attributes(|w| w.ifname(&self.name)).perform(io).await
    }
}
