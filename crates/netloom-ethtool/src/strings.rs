//! Sets of strings: the names of bits and of counters.

use netloom_wire::{attributes, message, open_enum};

use crate::{
    commands::GetStringSets,
    header::{DeviceRef, Header},
    object::object,
};

attributes! {
    /// A string of a set.
    pub StringEntry, StringEntryWriter = "ethtool/string" {
        /// Its place, from 0.
        1 "ETHTOOL_A_STRING_INDEX" index: u32,
        /// The string.
        2 "ETHTOOL_A_STRING_VALUE" value: str,
    }
}

attributes! {
    /// The strings of a set.
    pub Strings, StringsWriter = "ethtool/strings" {
        /// A string.
        1 "ETHTOOL_A_STRINGS_STRING" string: Many(Nest(StringEntry)),
    }
}

attributes! {
    /// A set of strings.
    pub StringSet, StringSetWriter = "ethtool/stringset" {
        /// Which set it is.
        1 "ETHTOOL_A_STRINGSET_ID" id: StringSetId,
        /// How many strings it has.
        2 "ETHTOOL_A_STRINGSET_COUNT" count: u32,
        /// The strings; absent where only the count was asked for.
        3 "ETHTOOL_A_STRINGSET_STRINGS" strings: Nest(Strings),
    }
}

attributes! {
    /// Sets of strings.
    pub StringSetList, StringSetListWriter = "ethtool/stringsets" {
        /// A set.
        1 "ETHTOOL_A_STRINGSETS_STRINGSET" set_of_strings: Many(Nest(StringSet)),
    }
}

message! {
    /// String sets, of a device or of the kernel itself.
    pub StringSets StringSetsAttributes
}

attributes! {
    /// Attributes of [`StringSets`].
    pub StringSetsAttributes, StringSetsWriter = "ethtool/strset" {
        /// The device.
        1 "ETHTOOL_A_STRSET_HEADER" header: Nest(Header),
        /// The sets.
        2 "ETHTOOL_A_STRSET_STRINGSETS" sets: Nest(StringSetList),
        /// Asks for the number of strings alone.
        3 "ETHTOOL_A_STRSET_COUNTS_ONLY" counts_only: Flag,
    }
}

open_enum! {
    /// A set of strings (`ETH_SS_*`). Those of tests, statistics, private flags and PHY statistics are a
    /// device's own; the
    /// others are the same for all.
    pub StringSetId: u32 = "stringset" {
        0 "ETH_SS_TEST" Tests,
        1 "ETH_SS_STATS" Statistics,
        2 "ETH_SS_PRIV_FLAGS" PrivateFlags,
        3 "ETH_SS_NTUPLE_FILTERS" NtupleFilters,
        4 "ETH_SS_FEATURES" Features,
        5 "ETH_SS_RSS_HASH_FUNCS" HashFunctions,
        6 "ETH_SS_TUNABLES" Tunables,
        7 "ETH_SS_PHY_STATS" PhyStatistics,
        8 "ETH_SS_PHY_TUNABLES" PhyTunables,
        9 "ETH_SS_LINK_MODES" LinkModes,
        10 "ETH_SS_MSG_CLASSES" DebugMessages,
        11 "ETH_SS_WOL_MODES" WakeModes,
        12 "ETH_SS_SOF_TIMESTAMPING" Timestamping,
        13 "ETH_SS_TS_TX_TYPES" TimestampTxTypes,
        14 "ETH_SS_TS_RX_FILTERS" TimestampRxFilters,
        15 "ETH_SS_UDP_TUNNEL_TYPES" TunnelKinds,
        16 "ETH_SS_STATS_STD" StatisticsGroups,
        17 "ETH_SS_STATS_ETH_PHY" StatisticsEthPhy,
        18 "ETH_SS_STATS_ETH_MAC" StatisticsEthMac,
        19 "ETH_SS_STATS_ETH_CTRL" StatisticsEthControl,
        20 "ETH_SS_STATS_RMON" StatisticsRmon,
        21 "ETH_SS_STATS_PHY" StatisticsPhy,
        22 "ETH_SS_TS_FLAGS" TimestampFlags,
    }
}

object! { StringSets "string sets" }

impl StringSets {
    /// The strings of a set with their places, if the answer has it.
    pub fn strings(&self, set: StringSetId) -> impl Iterator<Item = (u32, &str)> {
        let sets = self.sets().into_iter().flat_map(|sets| sets.set_of_strings());
        let strings = sets.filter(move |found| found.id() == Some(set)).filter_map(|found| found.strings());
        strings.flat_map(|strings| strings.string()).filter_map(|entry| Some((entry.index()?, entry.value()?)))
    }

    /// How many strings a set has, if the answer says.
    pub fn count(&self, set: StringSetId) -> Option<u32> {
        self.sets()?.set_of_strings().find(|found| found.id() == Some(set))?.count()
    }
}

fn ask(w: StringSetsWriter, sets: &[StringSetId]) -> StringSetsWriter {
    w.sets(|w| sets.iter().fold(w, |w, set| w.set_of_strings(|w| w.id(*set))))
}

impl GetStringSets {
    /// Sets that are the same for all devices.
    ///
    /// ```no_run
    /// use netloom_ethtool::{Ethtool, commands::GetStringSets, strings::StringSetId};
    /// use netloom_wire::{Driver, Operation, Result};
    ///
    /// async fn features(io: &mut impl Driver<Family = Ethtool>) -> Result<()> {
    ///     let answer = GetStringSets::of_kernel(&[StringSetId::Features]).perform(io).await?;
    ///     for (bit, name) in answer.strings(StringSetId::Features) {
    ///         println!("{bit} {name}");
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn of_kernel(sets: &[StringSetId]) -> Self {
        Self::new(|w| ask(w.header(|h| h), sets))
    }

    /// Some sets of a device; [`GetStringSets::of`] asks for all that are its own.
    pub fn some_of(device: impl Into<DeviceRef>, sets: &[StringSetId]) -> Self {
        Self::with(device, |w| ask(w, sets))
    }

    /// The number of strings in some sets of a device.
    pub fn counts_of(device: impl Into<DeviceRef>, sets: &[StringSetId]) -> Self {
        Self::with(device, |w| ask(w, sets).counts_only())
    }
}
