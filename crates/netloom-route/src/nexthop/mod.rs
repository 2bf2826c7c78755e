//! Next hop objects, groups and buckets: the tables and the views (`RTM_*NEXTHOP`, `linux/nexthop.h`).

mod attributes;
mod object;
mod order;
mod query;

pub use attributes::{
    Bucket, BucketHeader, GroupMember, GroupStats, GroupStatsEntry, GroupStatsEntryWriter, GroupStatsWriter, GroupType,
    Nexthop, NexthopAttributes, NexthopHeader, NexthopWriter, OperationFlags, ResilientBucket, ResilientBucketWriter,
    ResilientGroup, ResilientGroupWriter,
};
pub use order::{Add, Delete, Order, Replace};
pub use query::{Get, GetBucket, List, ListBuckets};

pub(crate) const RTM_NEWNEXTHOP: u16 = 104;
pub(crate) const RTM_DELNEXTHOP: u16 = 105;
pub(crate) const RTM_GETNEXTHOP: u16 = 106;
pub(crate) const RTM_NEWNEXTHOPBUCKET: u16 = 116;
pub(crate) const RTM_GETNEXTHOPBUCKET: u16 = 118;
