//! Making, changing and deleting next hop objects.

use alloc::{boxed::Box, vec::Vec};
use core::{marker::PhantomData, net::IpAddr};

use netloom_wire::{Buffer, Command, Create, Driver, Error, Request, Result, Write, Writer};

use super::{Get, GroupMember, GroupType, Nexthop, NexthopHeader, NexthopWriter, RTM_DELNEXTHOP, RTM_NEWNEXTHOP};
use crate::{
    Rtnetlink, af,
    encap::Encapsulation,
    route::RouteFlags,
    verb::{self, Verb},
};

/// Makes a next hop object; an error if there is one with its identifier.
///
/// ```
/// use netloom_route::nexthop::Add;
///
/// let router = Add::new(5).via("192.0.2.1".parse()?).dev(2);
/// let shared = Add::new(7).group(&[(5, 3), (6, 1)]);
/// let steady = Add::new(8).group(&[(5, 1), (6, 1)]).resilient(64, Some(12_000), None);
/// let numbered_by_the_kernel = Add::unnumbered().blackhole();
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
pub type Add = Order<verb::Add>;
/// Makes a next hop object, or puts it in the place of the one with its identifier.
///
/// ```
/// let replace = netloom_route::nexthop::Replace::new(5).blackhole();
/// ```
pub type Replace = Order<verb::Replace>;

/// What is to be done with a next hop object: [`Add`], [`Replace`].
#[derive(Clone, Debug)]
pub struct Order<V> {
    header: NexthopHeader,
    id: Option<u32>,
    /// In the order in which they were given.
    attributes: Buffer,
    verb: PhantomData<V>,
}

impl<V: Verb> Order<V> {
    /// With this identifier, not 0.
    pub fn new(id: u32) -> Self {
        Self { id: Some(id), ..Self::unnumbered() }
    }

    /// With an identifier that the kernel chooses: run it as [`Create::created`] to learn which.
    pub fn unnumbered() -> Self {
        // A group has no family; the first word about anything else sets one.
        Self { header: NexthopHeader::default(), id: None, attributes: Buffer::new(), verb: PhantomData }
    }

    /// Of this family (`AF_*`), for one that has no router; IPv4 if nothing is said.
    #[must_use]
    pub fn family(mut self, family: u8) -> Self {
        self.header.family = family;
        self
    }

    /// By this router.
    #[must_use]
    pub fn via(self, router: IpAddr) -> Self {
        self.family(af::of(router)).attributes(|w| w.gateway(router))
    }

    /// By the link with this index.
    #[must_use]
    pub fn dev(self, index: u32) -> Self {
        self.single().attributes(|w| w.oif(index))
    }

    /// Drops packets.
    #[must_use]
    pub fn blackhole(self) -> Self {
        self.single().attributes(NexthopWriter::blackhole)
    }

    /// For entries of a forwarding database, not for routes.
    #[must_use]
    pub fn fdb(self) -> Self {
        self.attributes(NexthopWriter::fdb)
    }

    /// The router is on the link, whatever the addresses say.
    #[must_use]
    pub fn onlink(mut self) -> Self {
        self.header.flags |= RouteFlags::ONLINK.bits();
        self
    }

    /// Who makes it (`RTPROT_*`).
    #[must_use]
    pub fn protocol(mut self, protocol: u8) -> Self {
        self.header.protocol = protocol;
        self
    }

    /// A group of others, each with a weight of 1 to 65,535; kernels before 6.12 refuse more than 254.
    #[must_use]
    pub fn group(mut self, members: &[(u32, u16)]) -> Self {
        self.header.family = af::UNSPEC;
        let members: Vec<GroupMember> = members.iter().map(|(id, weight)| GroupMember::new(*id, *weight)).collect();
        self.attributes(|w| w.group(&members))
    }

    /// The group is resilient: how many buckets, and its timers in hundredths of a second, the kernel's own if none.
    ///
    /// A bucket of 0 leaves the number to the kernel, or as it is.
    #[must_use]
    pub fn resilient(self, buckets: u16, idle_timer: Option<u32>, unbalanced_timer: Option<u32>) -> Self {
        self.attributes(|w| {
            w.resilient(|r| {
                r.some(Some(buckets).filter(|buckets| *buckets > 0), |r, buckets| r.buckets(buckets))
                    .some(idle_timer, |r, timer| r.idle_timer(timer))
                    .some(unbalanced_timer, |r, timer| r.unbalanced_timer(timer))
            })
            .group_type(GroupType::Resilient)
        })
    }

    /// Whether hardware is asked to count a group's packets; Linux 6.9 and later.
    #[must_use]
    pub fn hw_stats(self, on: bool) -> Self {
        self.attributes(|w| w.hw_stats_enable(on.into()))
    }

    /// Packets are put into this.
    #[must_use]
    pub fn encap<E: Encapsulation + ?Sized>(self, build: impl FnOnce(Writer<E>) -> Writer<E>) -> Self {
        self.attributes(|w| w.encap(build).encap_type(E::TYPE))
    }

    /// More attributes, as the table has them.
    #[must_use]
    pub fn attributes(mut self, write: impl FnOnce(NexthopWriter) -> NexthopWriter) -> Self {
        self.attributes = write(NexthopWriter::from_buffer(self.attributes)).into_buffer();
        self
    }

    /// It is no group: of IPv4 unless a family was given.
    fn single(mut self) -> Self {
        if self.header.family == af::UNSPEC {
            self.header.family = af::INET;
        }
        self
    }
}

impl<V: Verb> Request for Order<V> {
    type Family = Rtnetlink;
    type Body = Nexthop;
    type Reply = Nexthop;
    type Kind = Command;
    const COMMAND: u16 = RTM_NEWNEXTHOP;
    const REPLY: u16 = RTM_NEWNEXTHOP;
    const VERB: &'static str = V::NAME;

    fn flags(&self) -> u16 {
        V::FLAGS
    }

    fn write(&self, out: &mut Buffer) {
        out.message(self.header, |w: NexthopWriter| w.some(self.id, NexthopWriter::id).append(&self.attributes));
    }
}

impl<V: Verb> Create for Order<V> {
    async fn fetch_created<D: Driver<Family = Rtnetlink>>(&self, io: &mut D) -> Result<Box<Nexthop>> {
        match self.id {
            Some(id) => netloom_wire::Operation::perform(&Get::new(id), io).await,
            None => Err(Error::no_reply()),
        }
    }
}

/// Deletes a next hop object, and with it the routes that use it.
///
/// ```
/// let delete = netloom_route::nexthop::Delete::new(5);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Delete {
    id: u32,
}

impl Delete {
    /// The one with this identifier.
    pub fn new(id: u32) -> Self {
        Self { id }
    }
}

impl Request for Delete {
    type Family = Rtnetlink;
    type Body = Nexthop;
    type Reply = Nexthop;
    type Kind = Command;
    const COMMAND: u16 = RTM_DELNEXTHOP;
    const REPLY: u16 = RTM_NEWNEXTHOP;
    const VERB: &'static str = "delete";

    fn write(&self, out: &mut Buffer) {
        out.message(NexthopHeader::default(), |w: NexthopWriter| w.id(self.id));
    }
}
