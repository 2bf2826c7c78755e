//! Asking for statistics, and for the hardware to count.

use netloom_wire::{self as wire, Buffer, Command, Dump, Request, Write};

use super::{OffloadFilter, Stats, StatsFilter, StatsQuery, StatsQueryHeader, StatsQueryWriter};
use crate::Rtnetlink;

const RTM_NEWSTATS: u16 = 92;
const RTM_GETSTATS: u16 = 94;
const RTM_SETSTATS: u16 = 95;

/// What is asked for, of one link or of all.
#[derive(Clone, Copy, Debug)]
struct Question {
    index: u32,
    groups: StatsFilter,
    offload: Option<OffloadFilter>,
}

impl Question {
    fn write(&self, out: &mut Buffer) {
        let header = StatsQueryHeader { index: self.index, filter: self.groups.bits(), ..Default::default() };
        out.message(header, |w: StatsQueryWriter| w.some(self.offload, |w, offload| w.filters(|f| f.offload(offload))));
    }
}

/// Lists statistics of all links.
///
/// ```
/// use netloom_route::stats::{List, StatsFilter};
///
/// let of_bridges_and_ports = List::new(StatsFilter::EXTENDED | StatsFilter::PORT);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct List(Question);

impl List {
    /// These groups.
    pub fn new(groups: StatsFilter) -> Self {
        Self(Question { index: 0, groups, offload: None })
    }

    /// Of the counters of the hardware only these; Linux 5.19 and later.
    #[must_use]
    pub fn offload(self, offload: OffloadFilter) -> Self {
        Self(Question { offload: Some(offload), ..self.0 })
    }
}

impl Request for List {
    type Family = Rtnetlink;
    type Body = StatsQuery;
    type Reply = Stats;
    type Kind = Dump;
    const COMMAND: u16 = RTM_GETSTATS;
    const REPLY: u16 = RTM_NEWSTATS;
    const VERB: &'static str = "list";

    fn write(&self, out: &mut Buffer) {
        self.0.write(out);
    }
}

/// Gets statistics of a link.
///
/// ```
/// use netloom_route::stats::{Get, StatsFilter};
///
/// let counters = Get::new(2, StatsFilter::LINK);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Get(Question);

impl Get {
    /// These groups, of the link with this index.
    pub fn new(index: u32, groups: StatsFilter) -> Self {
        Self(Question { index, groups, offload: None })
    }

    /// Of the counters of the hardware only these; Linux 5.19 and later.
    #[must_use]
    pub fn offload(self, offload: OffloadFilter) -> Self {
        Self(Question { offload: Some(offload), ..self.0 })
    }
}

impl Request for Get {
    type Family = Rtnetlink;
    type Body = StatsQuery;
    type Reply = Stats;
    type Kind = wire::Get;
    const COMMAND: u16 = RTM_GETSTATS;
    const REPLY: u16 = RTM_NEWSTATS;
    const VERB: &'static str = "get";
    const ALWAYS_REPLIES: bool = true;

    fn write(&self, out: &mut Buffer) {
        self.0.write(out);
    }
}

/// Has the hardware of a link count, or stop to; Linux 5.19 and later.
///
/// ```
/// let count = netloom_route::stats::Set::new(2).l3(true);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Set {
    index: u32,
    l3: Option<bool>,
}

impl Set {
    /// On the link with this index.
    pub fn new(index: u32) -> Self {
        Self { index, l3: None }
    }

    /// Packets of layer 3.
    #[must_use]
    pub fn l3(self, on: bool) -> Self {
        Self { l3: Some(on), ..self }
    }
}

impl Request for Set {
    type Family = Rtnetlink;
    type Body = StatsQuery;
    type Reply = Stats;
    type Kind = Command;
    const COMMAND: u16 = RTM_SETSTATS;
    const REPLY: u16 = RTM_NEWSTATS;
    const VERB: &'static str = "set";

    fn write(&self, out: &mut Buffer) {
        let header = StatsQueryHeader { index: self.index, ..Default::default() };
        out.message(header, |w: StatsQueryWriter| w.some(self.l3, |w, on| w.count_l3(on.into())));
    }
}
