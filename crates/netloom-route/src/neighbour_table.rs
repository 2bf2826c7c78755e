//! Neighbour tables and what the kernel does with them on each link (`RTM_*NEIGHTBL`, `linux/neighbour.h`).

use alloc::string::String;
use core::fmt;

use netloom_wire::{
    Buffer, Command, Driver, Dump, Object, Operation, Request, Result, View, Write, attributes, fixed, message,
};

use crate::{
    Rtnetlink, af,
    setters::{families, setters},
};

message! {
    /// A neighbour table, or its settings for one link.
    pub NeighbourTable, NeighbourTableHeader = "ndtmsg" NeighbourTableAttributes {
        /// Address family (`AF_*`).
        pub family: u8,
        #[doc(hidden)]
        pub _pad1: u8,
        #[doc(hidden)]
        pub _pad2: u16,
    }
}

attributes! {
    /// Attributes of a neighbour table (`NDTA_*`, `linux/neighbour.h`).
    pub NeighbourTableAttributes, NeighbourTableWriter = "rt-neigh/ndt-attrs" {
        /// Name: `arp_cache`, `ndisc_cache`.
        1 "NDTA_NAME" name: str,
        /// Below this many entries nothing is collected.
        2 "NDTA_THRESH1" thresh1: u32,
        /// Above this many entries those older than 5 seconds are collected.
        3 "NDTA_THRESH2" thresh2: u32,
        /// More entries than this there cannot be.
        4 "NDTA_THRESH3" thresh3: u32,
        /// The table as it is; not in settings of a link.
        5 "NDTA_CONFIG" config: NeighbourTableConfig,
        /// Settings, of the link that they name or for links to come.
        6 "NDTA_PARMS" parameters: Nest(NeighbourParameters),
        /// Counters; not in settings of a link.
        7 "NDTA_STATS" statistics: NeighbourTableStatistics,
        /// Time between collections, in milliseconds.
        8 "NDTA_GC_INTERVAL" gc_interval: u64,
    }
}

attributes! {
    /// Settings of a neighbour table (`NDTPA_*`); times are in milliseconds.
    pub NeighbourParameters, NeighbourParametersWriter = "rt-neigh/ndtpa-attrs" {
        /// Index of the link; missing in the settings for links to come.
        1 "NDTPA_IFINDEX" index: u32,
        /// How many use the settings.
        2 "NDTPA_REFCNT" references: u32,
        /// How long a neighbour counts as reachable, drawn at random around the base.
        3 "NDTPA_REACHABLE_TIME" reachable_time: u64,
        /// Base of that.
        4 "NDTPA_BASE_REACHABLE_TIME" base_reachable_time: u64,
        /// Between two probes.
        5 "NDTPA_RETRANS_TIME" retrans_time: u64,
        /// After which an unused neighbour is collected.
        6 "NDTPA_GC_STALETIME" gc_stale_time: u64,
        /// Before a stale neighbour that is used is probed.
        7 "NDTPA_DELAY_PROBE_TIME" delay_probe_time: u64,
        /// Packets that wait for an address.
        8 "NDTPA_QUEUE_LEN" queue_length: u32,
        /// Probes that a daemon sends.
        9 "NDTPA_APP_PROBES" app_probes: u32,
        /// Probes sent to the known address.
        10 "NDTPA_UCAST_PROBES" ucast_probes: u32,
        /// Probes sent to all.
        11 "NDTPA_MCAST_PROBES" mcast_probes: u32,
        /// Upper bound of the random delay before an anycast address is answered for.
        12 "NDTPA_ANYCAST_DELAY" anycast_delay: u64,
        /// Upper bound of the random delay before a proxied address is answered for.
        13 "NDTPA_PROXY_DELAY" proxy_delay: u64,
        /// Questions for proxied addresses that wait.
        14 "NDTPA_PROXY_QLEN" proxy_queue_length: u32,
        /// During which an entry is not overwritten by another answer.
        15 "NDTPA_LOCKTIME" lock_time: u64,
        /// Bytes of packets that wait for an address.
        16 "NDTPA_QUEUE_LENBYTES" queue_bytes: u32,
        /// Probes sent to all after those to the known address failed.
        17 "NDTPA_MCAST_REPROBES" mcast_reprobes: u32,
        /// Between two probes of a managed neighbour; 1 to 86,400,000.
        19 "NDTPA_INTERVAL_PROBE_TIME_MS" interval_probe_time: u64,
    }
}

fixed! {
    /// A neighbour table as it is (`struct ndt_config`); ages are in milliseconds.
    pub NeighbourTableConfig = "ndt_config" {
        /// Bytes of a key.
        pub key_length: u16,
        /// Bytes of an entry.
        pub entry_size: u16,
        /// Entries.
        pub entries: u32,
        /// Since the table was flushed.
        pub last_flush: u32,
        /// Since the reachable time was drawn.
        pub last_rand: u32,
        /// Seed of the hash.
        pub hash_random: u32,
        /// Mask of the hash.
        pub hash_mask: u32,
        /// Chain that is collected next.
        pub hash_chain_gc: u32,
        /// Questions for proxied addresses that wait.
        pub proxy_queue_length: u32,
    }
}

fixed! {
    /// Counters of a neighbour table (`struct ndt_stats`).
    pub NeighbourTableStatistics = "ndt_stats" {
        /// Entries made.
        pub allocs: u64,
        /// Entries removed.
        pub destroys: u64,
        /// Times that the hash grew.
        pub hash_grows: u64,
        /// Resolutions that failed.
        pub resolutions_failed: u64,
        /// Times that an entry was looked for.
        pub lookups: u64,
        /// Times that one was found.
        pub hits: u64,
        /// Probes received that went to all.
        pub received_probes_mcast: u64,
        /// Probes received that went to this machine.
        pub received_probes_ucast: u64,
        /// Collections by time.
        pub periodic_gc_runs: u64,
        /// Collections for want of room.
        pub forced_gc_runs: u64,
        /// Entries refused, because the table was full.
        pub table_fulls: u64,
    }
}

/// What makes a neighbour table, or its settings for a link, this one and no other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NeighbourTableKey {
    /// Name of the table.
    pub name: String,
    /// Index of the link; None for the table itself.
    pub index: Option<u32>,
}

impl NeighbourTable {
    /// Index of the link that these settings are for; None for the table itself. 0 is the kernel's own device for
    /// packets to nowhere.
    pub fn index(&self) -> Option<u32> {
        self.parameters().and_then(NeighbourParameters::index)
    }
}

impl Object for NeighbourTable {
    type Key = NeighbourTableKey;
    const NOUN: &'static str = "neighbour table";
    fn key(&self) -> NeighbourTableKey {
        NeighbourTableKey { name: self.name().unwrap_or_default().into(), index: self.index() }
    }
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.name(), self.index()) {
            (Some(name), Some(index)) => write!(f, "{name} dev {index}"),
            (name, _) => f.write_str(name.unwrap_or_default()),
        }
    }
}

const RTM_NEWNEIGHTBL: u16 = 64;
const RTM_GETNEIGHTBL: u16 = 66;
const RTM_SETNEIGHTBL: u16 = 67;

/// Lists neighbour tables, each followed by its settings for each link.
///
/// ```
/// let arp = netloom_route::neighbour_table::List::v4();
/// ```
#[derive(Clone, Debug, Default)]
pub struct List {
    family: u8,
    name: Option<String>,
    device: Option<u32>,
}

impl List {
    families! {
        /// Of all families. Where the settings of one table end with a datagram, kernels skip as many of the next table's;
        /// [`Tables`] asks in a way that loses none.
        all;
        /// Of IPv4: `arp_cache`.
        v4;
        /// Of IPv6: `ndisc_cache`.
        v6;
        /// Of a family (`AF_*`).
        family;
    }

    /// Only the table with this name.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    setters! {
        /// Only settings for the link with this index.
        device: u32;
    }
}

impl Request for List {
    type Family = Rtnetlink;
    type Body = NeighbourTable;
    type Reply = NeighbourTable;
    type Kind = Dump;
    const COMMAND: u16 = RTM_GETNEIGHTBL;
    const REPLY: u16 = RTM_NEWNEIGHTBL;
    const VERB: &'static str = "list";

    fn write(&self, out: &mut Buffer) {
        // A strict kernel takes the family alone.
        let header = NeighbourTableHeader { family: self.family, ..Default::default() };
        out.message(header, |w: NeighbourTableWriter| w);
    }

    fn accepts(&self, table: &NeighbourTable) -> bool {
        (self.family == af::UNSPEC || table.family() == self.family)
            && self.name.as_deref().is_none_or(|name| table.name() == Some(name))
            && self.device.is_none_or(|index| table.index() == Some(index))
    }
}

/// Lists the neighbour tables of IPv4 and IPv6 with their settings for each link, by a question for each family.
///
/// ```no_run
/// use netloom_route::{Rtnetlink, neighbour_table::Tables};
/// use netloom_wire::{Driver, Operation, Result};
///
/// async fn count(io: &mut impl Driver<Family = Rtnetlink>) -> Result<usize> {
///     Ok(Tables.perform(io).await?.len())
/// }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Tables;

impl Operation for Tables {
    type Family = Rtnetlink;
    type Output = netloom_wire::List<NeighbourTable>;

    async fn perform<D: Driver<Family = Rtnetlink>>(&self, io: &mut D) -> Result<Self::Output> {
        let mut all = List::v4().perform(io).await?;
        all.append(&List::v6().perform(io).await?);
        Ok(all)
    }
}

/// Changes settings of a neighbour table, for one link or for links to come. Times are in milliseconds.
///
/// ```
/// use netloom_route::neighbour_table::Set;
///
/// let patient = Set::new("arp_cache").device(2).ucast_probes(5).retrans_time(2000);
/// let large = Set::new("ndisc_cache").thresh2(8192).thresh3(16384);
/// ```
#[derive(Clone, Debug)]
pub struct Set {
    family: u8,
    name: String,
    thresh1: Option<u32>,
    thresh2: Option<u32>,
    thresh3: Option<u32>,
    gc_interval: Option<u64>,
    index: Option<u32>,
    base_reachable_time: Option<u64>,
    retrans_time: Option<u64>,
    gc_stale_time: Option<u64>,
    delay_probe_time: Option<u64>,
    queue_length: Option<u32>,
    app_probes: Option<u32>,
    ucast_probes: Option<u32>,
    mcast_probes: Option<u32>,
    anycast_delay: Option<u64>,
    proxy_delay: Option<u64>,
    proxy_queue_length: Option<u32>,
    lock_time: Option<u64>,
    queue_bytes: Option<u32>,
    mcast_reprobes: Option<u32>,
    interval_probe_time: Option<u64>,
}

impl Set {
    /// Of the table with this name: `arp_cache`, `ndisc_cache`.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            family: af::UNSPEC,
            name: name.into(),
            thresh1: None,
            thresh2: None,
            thresh3: None,
            gc_interval: None,
            index: None,
            base_reachable_time: None,
            retrans_time: None,
            gc_stale_time: None,
            delay_probe_time: None,
            queue_length: None,
            app_probes: None,
            ucast_probes: None,
            mcast_probes: None,
            anycast_delay: None,
            proxy_delay: None,
            proxy_queue_length: None,
            lock_time: None,
            queue_bytes: None,
            mcast_reprobes: None,
            interval_probe_time: None,
        }
    }

    /// Only if the table is one of this family (`AF_*`).
    #[must_use]
    pub fn family(self, family: u8) -> Self {
        Self { family, ..self }
    }

    /// For the link with this index; the settings of the table itself cannot be among them.
    #[must_use]
    pub fn device(self, index: u32) -> Self {
        Self { index: Some(index), ..self }
    }

    setters! {
        /// Below this many entries nothing is collected.
        thresh1: u32;
        /// Above this many entries those older than 5 seconds are collected.
        thresh2: u32;
        /// More entries than this there cannot be.
        thresh3: u32;
        /// Time between collections.
        gc_interval: u64;
        /// How long a neighbour counts as reachable, on average.
        base_reachable_time: u64;
        /// Time between two probes.
        retrans_time: u64;
        /// After which an unused neighbour is collected.
        gc_stale_time: u64;
        /// Before a stale neighbour that is used is probed.
        delay_probe_time: u64;
        /// Packets that wait for an address.
        queue_length: u32;
        /// Probes that a daemon sends.
        app_probes: u32;
        /// Probes sent to the known address.
        ucast_probes: u32;
        /// Probes sent to all.
        mcast_probes: u32;
        /// Upper bound of the random delay before an anycast address is answered for.
        anycast_delay: u64;
        /// Upper bound of the random delay before a proxied address is answered for.
        proxy_delay: u64;
        /// Questions for proxied addresses that wait.
        proxy_queue_length: u32;
        /// During which an entry is not overwritten by another answer.
        lock_time: u64;
        /// Bytes of packets that wait for an address.
        queue_bytes: u32;
        /// Probes sent to all after those to the known address failed.
        mcast_reprobes: u32;
        /// Between two probes of a managed neighbour; 1 to 86,400,000.
        interval_probe_time: u64;
    }
}

impl Request for Set {
    type Family = Rtnetlink;
    type Body = NeighbourTable;
    type Reply = NeighbourTable;
    type Kind = Command;
    const COMMAND: u16 = RTM_SETNEIGHTBL;
    const REPLY: u16 = RTM_NEWNEIGHTBL;
    const VERB: &'static str = "set";

    fn write(&self, out: &mut Buffer) {
        use NeighbourParametersWriter as P;
        let mut parameters = Buffer::new();
        parameters.message((), |p: P| {
            p.some(self.index, P::index)
                .some(self.base_reachable_time, P::base_reachable_time)
                .some(self.retrans_time, P::retrans_time)
                .some(self.gc_stale_time, P::gc_stale_time)
                .some(self.delay_probe_time, P::delay_probe_time)
                .some(self.queue_length, P::queue_length)
                .some(self.app_probes, P::app_probes)
                .some(self.ucast_probes, P::ucast_probes)
                .some(self.mcast_probes, P::mcast_probes)
                .some(self.anycast_delay, P::anycast_delay)
                .some(self.proxy_delay, P::proxy_delay)
                .some(self.proxy_queue_length, P::proxy_queue_length)
                .some(self.lock_time, P::lock_time)
                .some(self.queue_bytes, P::queue_bytes)
                .some(self.mcast_reprobes, P::mcast_reprobes)
                .some(self.interval_probe_time, P::interval_probe_time)
        });
        // An empty nest would ask for a change of nothing; the kernel takes the table's thresholds without one.
        let parameters = NeighbourParameters::view(parameters.bytes()).filter(|p| !p.bytes().is_empty());
        let header = NeighbourTableHeader { family: self.family, ..Default::default() };
        out.message(header, |w: NeighbourTableWriter| {
            w.name(&self.name)
                .some(self.thresh1, NeighbourTableWriter::thresh1)
                .some(self.thresh2, NeighbourTableWriter::thresh2)
                .some(self.thresh3, NeighbourTableWriter::thresh3)
                .some(self.gc_interval, NeighbourTableWriter::gc_interval)
                .some(parameters, |w, parameters| w.parameters(|p| p.copy(parameters.tlvs())))
        });
    }
}
