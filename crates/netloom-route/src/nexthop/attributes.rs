//! The tables of next hop objects (`RTM_*NEXTHOP`, `linux/nexthop.h`).

use netloom_wire::{attributes, fixed, flags, message, open_enum};

use crate::encap::Encap;

message! {
    /// A next hop object, or a group of them.
    pub Nexthop, NexthopHeader = "nhmsg" NexthopAttributes {
        /// Address family of the router (`AF_*`); 0 for a group.
        pub family: u8,
        /// How far away the router is (`RT_SCOPE_*`); 0 in requests.
        pub scope: u8,
        /// Who made it (`RTPROT_*`).
        pub protocol: u8,
        #[doc(hidden)]
        pub _reserved: u8,
        /// [`RouteFlags`](crate::route::RouteFlags), those that begin with `RTNH_F_`.
        pub flags: u32,
    }
}

message! {
    /// A bucket of a resilient group: which member its packets go to.
    pub Bucket, BucketHeader = "nhmsg" NexthopAttributes {
        /// Always 0.
        pub family: u8,
        /// Always 0.
        pub scope: u8,
        /// Always 0.
        pub protocol: u8,
        #[doc(hidden)]
        pub _reserved: u8,
        /// [`RouteFlags`](crate::route::RouteFlags), those that begin with `RTNH_F_`.
        pub flags: u32,
    }
}

attributes! {
    /// Attributes of a next hop object (`NHA_*`, `linux/nexthop.h`).
    pub NexthopAttributes, NexthopWriter = "rt-nexthop/nexthop-attrs" {
        /// Identifier, not 0.
        1 "NHA_ID" id: u32,
        /// Members of a group.
        2 "NHA_GROUP" group: Array(GroupMember),
        /// Sort of group.
        3 "NHA_GROUP_TYPE" group_type: GroupType,
        /// Drops packets.
        4 "NHA_BLACKHOLE" blackhole: Flag,
        /// Index of the link.
        5 "NHA_OIF" oif: u32,
        /// Router.
        6 "NHA_GATEWAY" gateway: IpAddr,
        /// Type of the encapsulation (`LWTUNNEL_ENCAP_*`).
        7 "NHA_ENCAP_TYPE" encap_type: u16,
        /// Encapsulation.
        8 "NHA_ENCAP" encap: Select(Encap, encap_type),
        /// Only groups are wanted.
        9 "NHA_GROUPS" groups: Flag,
        /// Only those whose link has a master with this index are wanted.
        10 "NHA_MASTER" master: u32,
        /// For entries of a forwarding database, not for routes.
        11 "NHA_FDB" fdb: Flag,
        /// A resilient group.
        12 "NHA_RES_GROUP" resilient: Nest(ResilientGroup),
        /// A bucket of a resilient group.
        13 "NHA_RES_BUCKET" bucket: Nest(ResilientBucket),
        /// What else is asked.
        14 "NHA_OP_FLAGS" operation: OperationFlags,
        /// Counters of a group's members.
        15 "NHA_GROUP_STATS" group_stats: Nest(GroupStats),
        /// Whether hardware is asked to count, not 0 for yes.
        16 "NHA_HW_STATS_ENABLE" hw_stats_enable: u32,
        /// Whether hardware counts, not 0 for yes.
        17 "NHA_HW_STATS_USED" hw_stats_used: u32,
        /// UDP port at the tunnel's other end, for entries of a forwarding database.
        18 "NHA_DST_PORT" dst_port: Be16,
    }
}

open_enum! {
    /// A sort of group.
    pub GroupType: u16 = "nexthop-grp-type" {
        /// Flows are shared out by a hash over the members.
        0 "NEXTHOP_GRP_TYPE_MPATH" Multipath,
        /// Flows keep their member when others come or go.
        1 "NEXTHOP_GRP_TYPE_RES" Resilient,
    }
}

fixed! {
    /// A member of a group (`struct nexthop_grp`).
    pub GroupMember = "nexthop_grp" {
        /// Identifier of the next hop object.
        pub id: u32,
        /// Lower 8 bits of the weight less 1.
        pub weight_low: u8,
        /// Upper 8 bits of the weight less 1 (Linux 6.12 and later).
        pub weight_high: u8,
        #[doc(hidden)]
        pub _reserved: u16,
    }
}

impl GroupMember {
    /// A member with a weight, 1 to 65,535; kernels before 6.12 refuse more than 254.
    pub fn new(id: u32, weight: u16) -> Self {
        let [weight_low, weight_high] = weight.saturating_sub(1).to_le_bytes();
        Self { id, weight_low, weight_high, _reserved: 0 }
    }

    /// Its share of the packets beside those of the others, 1 to 65,536.
    pub fn weight(&self) -> u32 {
        u32::from(u16::from_le_bytes([self.weight_low, self.weight_high])).saturating_add(1)
    }
}

attributes! {
    /// A resilient group (`NHA_RES_GROUP_*`).
    pub ResilientGroup, ResilientGroupWriter = "rt-nexthop/res-group" {
        /// How many buckets.
        1 "NHA_RES_GROUP_BUCKETS" buckets: u16,
        /// How long without packets a bucket may be given to another member, in hundredths of a second.
        2 "NHA_RES_GROUP_IDLE_TIMER" idle_timer: u32,
        /// How long shares may be wrong before buckets with packets are given away, in hundredths of a second; 0 for ever.
        3 "NHA_RES_GROUP_UNBALANCED_TIMER" unbalanced_timer: u32,
        /// How long shares have been wrong, in hundredths of a second.
        4 "NHA_RES_GROUP_UNBALANCED_TIME" unbalanced_time: u64,
    }
}

attributes! {
    /// A bucket of a resilient group (`NHA_RES_BUCKET_*`).
    pub ResilientBucket, ResilientBucketWriter = "rt-nexthop/res-bucket" {
        /// Its index.
        1 "NHA_RES_BUCKET_INDEX" index: u16,
        /// How long it had no packets, in hundredths of a second.
        2 "NHA_RES_BUCKET_IDLE_TIME" idle_time: u64,
        /// The member that it belongs to.
        3 "NHA_RES_BUCKET_NH_ID" nh_id: u32,
    }
}

attributes! {
    /// Counters of a group (`NHA_GROUP_STATS_*`).
    pub GroupStats, GroupStatsWriter = "rt-nexthop/group-stats" {
        /// Of each member.
        1 "NHA_GROUP_STATS_ENTRY" entry: Many(Nest(GroupStatsEntry)),
    }
}

attributes! {
    /// Counters of a member (`NHA_GROUP_STATS_ENTRY_*`).
    pub GroupStatsEntry, GroupStatsEntryWriter = "rt-nexthop/group-stats-entry" {
        /// Identifier of the member.
        1 "NHA_GROUP_STATS_ENTRY_ID" id: u32,
        /// Packets.
        2 "NHA_GROUP_STATS_ENTRY_PACKETS" packets: Uint,
        /// Those of them that hardware sent.
        3 "NHA_GROUP_STATS_ENTRY_PACKETS_HW" packets_hw: Uint,
    }
}

flags! {
    /// What else is asked (`NHA_OP_FLAG_*`).
    pub OperationFlags: u32 = "nexthop-op-flags" {
        /// Counters of groups.
        "NHA_OP_FLAG_DUMP_STATS" STATS = 1,
        /// Those of hardware too.
        "NHA_OP_FLAG_DUMP_HW_STATS" HW_STATS = 2,
    }
}
