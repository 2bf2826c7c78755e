//! What is measured.

use clap::ValueEnum;

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
    /// Ask a family of generic netlink, over and over.
    Generic,
    /// Set the peers of a WireGuard device and read them back.
    Wireguard,
}

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
            Self::Generic => "generic",
            Self::Wireguard => "wireguard",
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
            Self::Generic => "get a family of generic netlink, acknowledged",
            Self::Wireguard => "set WireGuard peers with three allowed IPs each, read them back",
        }
    }

    /// How many, if nobody says.
    pub fn default_count(self) -> u32 {
        match self {
            Self::Dump | Self::Collect | Self::Add => 1_000_000,
            Self::Codec => 10_000_000,
            Self::Links | Self::Wireguard => 10_000,
            Self::Get | Self::Generic => 300_000,
            Self::Open => 20_000,
            Self::Watch => 200_000,
        }
    }
}
