//! Asking for next hop objects and buckets.

use netloom_wire::{Buffer, Dump, Errno, Request, Write};

use super::{
    Bucket, BucketHeader, Nexthop, NexthopHeader, NexthopWriter, OperationFlags, RTM_GETNEXTHOP, RTM_GETNEXTHOPBUCKET,
    RTM_NEWNEXTHOP, RTM_NEWNEXTHOPBUCKET,
};
use crate::{
    Rtnetlink, af,
    setters::{families, setters},
};

/// Lists next hop objects.
///
/// ```
/// use netloom_route::nexthop::{List, OperationFlags};
///
/// let groups = List::all().groups().stats(OperationFlags::STATS);
/// let of_a_link = List::v6().device(3);
/// ```
#[derive(Clone, Debug, Default)]
pub struct List {
    family: u8,
    groups: bool,
    fdb: bool,
    device: Option<u32>,
    master: Option<u32>,
    protocol: Option<u8>,
    stats: OperationFlags,
}

impl List {
    families! {
        /// Of all families, and groups.
        all;
        /// With routers of IPv4; no groups.
        v4;
        /// With routers of IPv6; no groups.
        v6;
        /// Of a family (`AF_*`).
        family;
    }

    /// Only groups.
    #[must_use]
    pub fn groups(self) -> Self {
        Self { groups: true, ..self }
    }

    /// Only those for forwarding databases.
    #[must_use]
    pub fn fdb(self) -> Self {
        Self { fdb: true, ..self }
    }

    /// With counters of groups; Linux 6.9 and later.
    #[must_use]
    pub fn stats(self, stats: OperationFlags) -> Self {
        Self { stats, ..self }
    }

    setters! {
        /// Only those by the link with this index.
        device: u32;
        /// Only those by a link whose master has this index.
        master: u32;
        /// Only those that this protocol made (`RTPROT_*`).
        protocol: u8;
    }
}

/// Writes that counters are wanted, where they are.
fn put_stats(w: NexthopWriter, stats: OperationFlags) -> NexthopWriter {
    if stats.is_empty() { w } else { w.operation(stats) }
}

impl Request for List {
    type Family = Rtnetlink;
    type Body = Nexthop;
    type Reply = Nexthop;
    type Kind = Dump;
    const COMMAND: u16 = RTM_GETNEXTHOP;
    const REPLY: u16 = RTM_NEWNEXTHOP;
    const VERB: &'static str = "list";

    fn write(&self, out: &mut Buffer) {
        out.message(NexthopHeader { family: self.family, ..Default::default() }, |mut w: NexthopWriter| {
            w = w.some(self.device, NexthopWriter::oif);
            if self.groups {
                w = w.groups();
            }
            w = w.some(self.master, NexthopWriter::master);
            if self.fdb {
                w = w.fdb();
            }
            put_stats(w, self.stats)
        });
    }

    fn accepts(&self, nexthop: &Nexthop) -> bool {
        // Which master a link has, only the kernel knows.
        (self.family == af::UNSPEC || nexthop.family() == self.family)
            && (!self.groups || nexthop.group().is_some())
            && (!self.fdb || nexthop.fdb())
            && self.device.is_none_or(|index| nexthop.oif() == Some(index))
            && self.protocol.is_none_or(|protocol| nexthop.protocol() == protocol)
    }

    fn is_empty(errno: Errno) -> bool {
        // A kernel without next hop objects.
        errno == Errno::EOPNOTSUPP
    }
}

/// Asks for one next hop object.
///
/// ```
/// let get = netloom_route::nexthop::Get::new(7);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Get {
    id: u32,
    stats: OperationFlags,
}

impl Get {
    /// The one with this identifier.
    pub fn new(id: u32) -> Self {
        Self { id, stats: OperationFlags::empty() }
    }

    /// With counters, if it is a group; Linux 6.9 and later.
    #[must_use]
    pub fn stats(self, stats: OperationFlags) -> Self {
        Self { stats, ..self }
    }
}

impl Request for Get {
    type Family = Rtnetlink;
    type Body = Nexthop;
    type Reply = Nexthop;
    type Kind = netloom_wire::Get;
    const COMMAND: u16 = RTM_GETNEXTHOP;
    const REPLY: u16 = RTM_NEWNEXTHOP;
    const VERB: &'static str = "get";
    const ALWAYS_REPLIES: bool = true;

    fn write(&self, out: &mut Buffer) {
        out.message(NexthopHeader::default(), |w: NexthopWriter| put_stats(w.id(self.id), self.stats));
    }
}

/// Lists the buckets of resilient groups.
///
/// ```
/// let of_a_member = netloom_route::nexthop::ListBuckets::of(8).member(5);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct ListBuckets {
    group: Option<u32>,
    member: Option<u32>,
    device: Option<u32>,
    master: Option<u32>,
}

impl ListBuckets {
    /// Of all groups.
    pub fn all() -> Self {
        Self::default()
    }

    /// Of the group with this identifier; an error if there is none.
    pub fn of(group: u32) -> Self {
        Self { group: Some(group), ..Self::default() }
    }

    setters! {
        /// Only those that belong to this member.
        member: u32;
        /// Only those whose member goes by the link with this index.
        device: u32;
        /// Only those whose member goes by a link whose master has this index.
        master: u32;
    }
}

impl Request for ListBuckets {
    type Family = Rtnetlink;
    type Body = Bucket;
    type Reply = Bucket;
    type Kind = Dump;
    const COMMAND: u16 = RTM_GETNEXTHOPBUCKET;
    const REPLY: u16 = RTM_NEWNEXTHOPBUCKET;
    const VERB: &'static str = "list";

    fn write(&self, out: &mut Buffer) {
        out.message(BucketHeader::default(), |w: NexthopWriter| {
            w.some(self.device, NexthopWriter::oif)
                .some(self.master, NexthopWriter::master)
                .some(self.group, NexthopWriter::id)
                .some(self.member, |w, id| w.bucket(|b| b.nh_id(id)))
        });
    }

    fn accepts(&self, bucket: &Bucket) -> bool {
        // Where a member goes, only the kernel knows.
        self.group.is_none_or(|id| bucket.id() == Some(id))
            && self.member.is_none_or(|id| bucket.bucket().and_then(|bucket| bucket.nh_id()) == Some(id))
    }
}

/// Asks for one bucket of a resilient group.
///
/// ```
/// let first = netloom_route::nexthop::GetBucket::new(8, 0);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct GetBucket {
    group: u32,
    index: u16,
}

impl GetBucket {
    /// Of the group with this identifier, the bucket with this index.
    pub fn new(group: u32, index: u16) -> Self {
        Self { group, index }
    }
}

impl Request for GetBucket {
    type Family = Rtnetlink;
    type Body = Bucket;
    type Reply = Bucket;
    type Kind = netloom_wire::Get;
    const COMMAND: u16 = RTM_GETNEXTHOPBUCKET;
    const REPLY: u16 = RTM_NEWNEXTHOPBUCKET;
    const VERB: &'static str = "get";
    const ALWAYS_REPLIES: bool = true;

    fn write(&self, out: &mut Buffer) {
        out.message(BucketHeader::default(), |w: NexthopWriter| w.id(self.group).bucket(|b| b.index(self.index)));
    }
}
