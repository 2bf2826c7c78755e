//! What is measured, and who competes.

use anyhow::Result;
use clap::ValueEnum;

use crate::{bare, ours, peers};

/// A measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Work {
    /// Stream all routes and read two attributes of each.
    Dump,
    /// Collect all routes in memory.
    Collect,
    /// Add routes, a result for each.
    Add,
    /// Dump links.
    Links,
    /// Get one link by name, over and over.
    Get,
    /// Open a socket, get one link, close it.
    Open,
    /// Receive notifications.
    Watch,
    /// Read messages that are in memory already.
    Codec,
}

/// Someone who does a work.
pub struct Contender {
    /// Name in the table.
    pub name: &'static str,
    /// It runs as a command of its own.
    pub is_command: bool,
    /// Does it and says how many objects it saw or made.
    pub run: fn(u32) -> Result<u64>,
}

const fn library(name: &'static str, run: fn(u32) -> Result<u64>) -> Contender {
    Contender { name, is_command: false, run }
}

const fn command(name: &'static str, run: fn(u32) -> Result<u64>) -> Contender {
    Contender { name, is_command: true, run }
}

const DUMP: &[Contender] = &[
    library("bare loop", bare::dump),
    library("netloom", ours::dump),
    library("netloom, proxy for links", ours::dump_past_proxies),
    library("netloom, proxy for routes", ours::dump_through_proxy),
    library("netloom, tokio next", ours::dump_tokio),
    library("netloom, tokio buffered", ours::dump_tokio_buffered),
    library("netlink-bindings", peers::bindings::dump),
    library("nlink stream", peers::nlink::dump),
    library("rtnetlink", peers::rtnetlink::dump),
    library("neli", peers::neli::dump),
    command("ip route", peers::commands::dump),
    command("pyroute2", peers::commands::dump_pyroute2),
];
/// Not in the tables: what the watchers listen to.
pub const PRODUCER: Contender = library("producer", bare::add_routes);
const COLLECT: &[Contender] = &[
    library("bare loop", bare::dump),
    library("netloom List", ours::collect),
    library("netloom Vec<Box>", ours::collect_boxes),
    library("nlink", peers::nlink::collect),
    library("rtnetlink", peers::rtnetlink::collect),
];
const ADD: &[Contender] = &[
    library("bare loop, pre-encoded", bare::add_routes),
    library("netloom", ours::add),
    library("netloom, tokio", ours::add_tokio),
    library("nlink batch", peers::nlink::add),
    library("rtnetlink", peers::rtnetlink::add),
    library("netlink-bindings", peers::bindings::add),
    command("ip -batch", peers::commands::add),
];
const LINKS: &[Contender] = &[
    library("bare loop", bare::links),
    library("netloom", ours::links),
    library("netloom, tokio", ours::links_tokio),
    library("netlink-bindings", peers::bindings::links),
    library("nlink", peers::nlink::links),
    library("rtnetlink", peers::rtnetlink::links),
    library("neli", peers::neli::links),
    command("ip link", peers::commands::links),
];
const GET: &[Contender] = &[
    library("bare loop", bare::get),
    library("netloom", ours::get),
    library("netloom, tokio", ours::get_tokio),
    library("netlink-bindings", peers::bindings::get),
    library("nlink", peers::nlink::get),
    library("rtnetlink", peers::rtnetlink::get),
];
const OPEN: &[Contender] = &[
    library("bare loop", bare::open),
    library("netloom", ours::open),
    library("netloom, tokio", ours::open_tokio),
    library("netlink-bindings", peers::bindings::open),
    library("nlink", peers::nlink::open),
    library("rtnetlink", peers::rtnetlink::open),
];
const WATCH: &[Contender] = &[
    library("bare loop", bare::watch),
    library("netloom", ours::watch),
    library("netloom, tokio", ours::watch_tokio),
    library("rtnetlink", peers::rtnetlink::watch),
];
const CODEC: &[Contender] = &[
    library("bare walk", bare::codec),
    library("netloom", ours::codec),
    library("netlink-bindings", peers::bindings::codec),
    library("netlink-packet-route", peers::rtnetlink::codec),
];

impl Work {
    /// All of them.
    pub fn all() -> Vec<Self> {
        Self::value_variants().to_vec()
    }

    /// The word of the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dump => "dump",
            Self::Collect => "collect",
            Self::Add => "add",
            Self::Links => "links",
            Self::Get => "get",
            Self::Open => "open",
            Self::Watch => "watch",
            Self::Codec => "codec",
        }
    }

    /// What it is, for the table.
    pub fn title(self) -> &'static str {
        match self {
            Self::Dump => "stream routes, read destination and device of each",
            Self::Collect => "collect routes in memory",
            Self::Add => "add routes, an outcome for each",
            Self::Links => "dump links, read name and MTU of each",
            Self::Get => "get one link by name, acknowledged",
            Self::Open => "open a socket, get one link, close it",
            Self::Watch => "receive notifications of routes",
            Self::Codec => "read destination and device of routes in memory",
        }
    }

    /// How many, if nobody says.
    pub fn default_count(self) -> u32 {
        match self {
            Self::Dump | Self::Collect | Self::Add | Self::Codec => 1_000_000,
            Self::Links => 10_000,
            Self::Get => 300_000,
            Self::Open => 20_000,
            Self::Watch => 200_000,
        }
    }

    /// Who competes; the first is what the ratios are of.
    pub fn contenders(self) -> &'static [Contender] {
        match self {
            Self::Dump => DUMP,
            Self::Collect => COLLECT,
            Self::Add => ADD,
            Self::Links => LINKS,
            Self::Get => GET,
            Self::Open => OPEN,
            Self::Watch => WATCH,
            Self::Codec => CODEC,
        }
    }
}
