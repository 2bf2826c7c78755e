//! Statistics of links beyond the common counters: of bridges and bonds, of hardware, of protocols (`RTM_*STATS`,
//! `linux/if_link.h`).

use core::fmt;

use netloom_wire::{Object, attributes, flags, message};

mod attributes;
mod request;

pub use attributes::{
    BondLacpStats, BondLacpStatsWriter, BondStats, BondStatsWriter, BridgeMcastStats, BridgeStats, BridgeStatsWriter,
    BridgeStpStats, BridgeVlanStats, ExtendedStats, ExtendedStatsWriter, FamilyStats, FamilyStatsWriter,
    HardwareStats64, HardwareStatsInfo, HardwareStatsInfoWriter, MplsLinkStats, MplsStats, MplsStatsWriter,
    OffloadStats, OffloadStatsWriter, RxTx,
};
pub use request::{Get, List, Set};

use crate::link::LinkStats64;

message! {
    /// Statistics of a link.
    pub Stats, StatsHeader = "if_stats_msg" StatsAttributes {
        /// Address family (`AF_*`).
        pub family: u8,
        #[doc(hidden)]
        pub _pad1: u8,
        #[doc(hidden)]
        pub _pad2: u16,
        /// Index of the link.
        pub index: u32,
        /// What was asked for, [`StatsFilter`].
        pub filter: u32,
    }
}

attributes! {
    /// Attributes of a link's statistics (`IFLA_STATS_*`, `linux/if_link.h`).
    pub StatsAttributes, StatsWriter = "rt-link/stats-attrs" {
        /// The common counters.
        1 "IFLA_STATS_LINK_64" link: LinkStats64,
        /// Counters of the link's kind.
        2 "IFLA_STATS_LINK_XSTATS" extended: Nest(ExtendedStats),
        /// Counters of the link as a port of its master.
        3 "IFLA_STATS_LINK_XSTATS_SLAVE" port: Nest(ExtendedStats),
        /// Counters of the hardware.
        4 "IFLA_STATS_LINK_OFFLOAD_XSTATS" offload: Nest(OffloadStats),
        /// Counters of protocols.
        5 "IFLA_STATS_AF_SPEC" families: Nest(FamilyStats),
    }
}

message! {
    /// A question for statistics, or an order to count.
    pub StatsQuery, StatsQueryHeader = "if_stats_msg" StatsQueryAttributes {
        /// Address family (`AF_*`).
        pub family: u8,
        #[doc(hidden)]
        pub _pad1: u8,
        #[doc(hidden)]
        pub _pad2: u16,
        /// Index of the link; 0 in a question for all.
        pub index: u32,
        /// What is asked for, [`StatsFilter`].
        pub filter: u32,
    }
}

attributes! {
    /// Attributes of a question for statistics (`IFLA_STATS_GETSET_*`).
    pub StatsQueryAttributes, StatsQueryWriter = "rt-link/stats-getset-attrs" {
        /// What is wanted within a group.
        1 "IFLA_STATS_GET_FILTERS" filters: Nest(StatsFilters),
        /// Whether the hardware is to count packets of layer 3.
        2 "IFLA_STATS_SET_OFFLOAD_XSTATS_L3_STATS" count_l3: u8,
    }
}

attributes! {
    /// What is wanted within a group, which the number names.
    pub StatsFilters, StatsFiltersWriter = "rt-link/stats-get-filters" {
        /// Of the counters of the hardware.
        4 "IFLA_STATS_LINK_OFFLOAD_XSTATS" offload: OffloadFilter,
    }
}

flags! {
    /// Groups of statistics (`IFLA_STATS_FILTER_BIT`).
    pub StatsFilter: u32 = "stats-filter" {
        /// The common counters.
        LINK = 0x01,
        /// Counters of the link's kind.
        EXTENDED = 0x02,
        /// Counters of the link as a port of its master.
        PORT = 0x04,
        /// Counters of the hardware.
        OFFLOAD = 0x08,
        /// Counters of protocols.
        FAMILIES = 0x10,
    }
}

flags! {
    /// Counters of the hardware (`IFLA_STATS_FILTER_BIT` of `IFLA_OFFLOAD_XSTATS_*`).
    pub OffloadFilter: u32 = "offload-filter" {
        /// Packets that the hardware handed to the processor.
        CPU_HIT = 0x1,
        /// Which counters there are.
        INFO = 0x2,
        /// Packets of layer 3.
        L3 = 0x4,
    }
}

macro_rules! objects { ($($view:ident)*) => { $(
    impl Object for $view {
        type Key = u32;
        const NOUN: &'static str = "statistics";
        fn key(&self) -> u32 {
            self.index()
        }
        fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            if self.index() != 0 { write!(f, "of dev {}", self.index()) } else { Ok(()) }
        }
    }
)* } }
objects! { Stats StatsQuery }
