//! Warnings of disk quotas (`VFS_DQUOT`, `linux/quota.h`).

use core::fmt;

use netloom_wire::{Object, attributes, commands, message, open_enum};

/// The multicast group that the warnings go to.
pub const GROUP: &str = "events";

commands! {
    /// Warnings of disk quotas; there is nothing to ask for.
    pub QuotaEvents = "VFS_DQUOT" version 1 in "" {
        /// A limit was passed, in one direction or the other.
        1 "QUOTA_NL_C_WARNING" "warning": Event(QuotaWarning),
    }
}

message! {
    /// A warning.
    pub QuotaWarning QuotaAttributes
}

attributes! {
    /// Attributes of a warning.
    pub QuotaAttributes, QuotaWriter = "quota/attrs" {
        /// Whose quota it is: a user's, a group's, a project's.
        1 "QUOTA_NL_A_QTYPE" kind: QuotaKind,
        /// User, group or project.
        2 "QUOTA_NL_A_EXCESS_ID" id: u64,
        /// What happened.
        3 "QUOTA_NL_A_WARNING" warning: QuotaLimit,
        /// Major number of the file system's device.
        4 "QUOTA_NL_A_DEV_MAJOR" device_major: u32,
        /// Minor number of the file system's device.
        5 "QUOTA_NL_A_DEV_MINOR" device_minor: u32,
        /// User who caused it.
        6 "QUOTA_NL_A_CAUSED_ID" caused_by: u64,
    }
}

open_enum! {
    /// Whose quota it is (`USRQUOTA` …).
    pub QuotaKind: u32 = "quota-kind" { 0 "USRQUOTA" User, 1 "GRPQUOTA" Group, 2 "PRJQUOTA" Project }
}

open_enum! {
    /// Which limit was passed, and how (`QUOTA_NL_*`).
    pub QuotaLimit: u32 = "quota-warning" {
        0 "QUOTA_NL_NOWARN" None,
        1 "QUOTA_NL_IHARDWARN" InodeHardLimit,
        2 "QUOTA_NL_ISOFTLONGWARN" InodeGraceExpired,
        3 "QUOTA_NL_ISOFTWARN" InodeSoftLimit,
        4 "QUOTA_NL_BHARDWARN" BlockHardLimit,
        5 "QUOTA_NL_BSOFTLONGWARN" BlockGraceExpired,
        6 "QUOTA_NL_BSOFTWARN" BlockSoftLimit,
        7 "QUOTA_NL_IHARDBELOW" InodeBelowHardLimit,
        8 "QUOTA_NL_ISOFTBELOW" InodeBelowSoftLimit,
        9 "QUOTA_NL_BHARDBELOW" BlockBelowHardLimit,
        10 "QUOTA_NL_BSOFTBELOW" BlockBelowSoftLimit,
    }
}

impl Object for QuotaWarning {
    type Key = (u32, u64);
    const NOUN: &'static str = "quota warning";
    fn key(&self) -> (u32, u64) {
        (self.kind().map_or(u32::MAX, u32::from), self.id().unwrap_or_default())
    }
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind(), self.id(), self.warning()) {
            (Some(kind), Some(id), Some(warning)) => write!(f, "{kind:?} {id}: {warning:?}"),
            _ => Ok(()),
        }
    }
}
