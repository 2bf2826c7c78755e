//! Reading the options and the ports of a team, however many messages they take.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use netloom_wire::{Driver, Operation, Request, Result};

use super::{GetOptions, GetPorts, OptionAttributes, PortAttributes, Team, TeamMessage, Value};

/// An option of a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamOption {
    /// Name: `mode`.
    pub name: String,
    /// Value.
    pub value: Value,
    /// Index of the port that it is of; None: of the team.
    pub port: Option<u32>,
    /// Place in an array of such options, from 0.
    pub array_index: Option<u32>,
    /// It has changed since it was last told.
    pub changed: bool,
    /// It is no longer there, as a notification may say.
    pub removed: bool,
}

impl From<&OptionAttributes> for TeamOption {
    fn from(option: &OptionAttributes) -> Self {
        Self {
            name: option.name().unwrap_or_default().to_owned(),
            value: Value::of(option),
            port: option.port_ifindex(),
            array_index: option.array_index(),
            changed: option.changed(),
            removed: option.removed(),
        }
    }
}

/// A port of a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// Index of its link.
    pub index: u32,
    /// It can carry packets.
    pub linkup: bool,
    /// Speed, in Mbit/s; 0 if unknown.
    pub speed: u32,
    /// Duplex: 0 half, 1 full, 255 unknown.
    pub duplex: u8,
    /// It has changed since it was last told.
    pub changed: bool,
    /// It is no longer there, as a notification may say.
    pub removed: bool,
}

impl From<&PortAttributes> for Port {
    fn from(port: &PortAttributes) -> Self {
        Self {
            index: port.ifindex().unwrap_or_default(),
            linkup: port.linkup(),
            speed: port.speed().unwrap_or_default(),
            duplex: port.duplex().unwrap_or(u8::MAX),
            changed: port.changed(),
            removed: port.removed(),
        }
    }
}

/// The items of all messages that answer a request: they come like a dump, but are none.
async fn all<R, D, T>(request: &R, io: &mut D, items: impl Fn(&TeamMessage) -> Vec<T> + Send + Sync) -> Result<Vec<T>>
where
    R: Request<Family = Team, Reply = TeamMessage>,
    D: Driver<Family = Team>,
    T: Send,
{
    let mut found = Vec::new();
    io.one(request, |message| found.extend(items(message))).await?;
    Ok(found)
}

/// Reads all options of a team.
///
/// ```no_run
/// use netloom_generic::team::{Options, Team, Value};
/// use netloom_wire::{Driver, Operation, Result};
///
/// async fn mode(team: u32, io: &mut impl Driver<Family = Team>) -> Result<Option<Value>> {
///     let options = Options::of(team).perform(io).await?;
///     Ok(options.into_iter().find(|option| option.name == "mode").map(|mode| mode.value))
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Options(u32);

impl Options {
    /// Of the team with this index.
    pub fn of(team: u32) -> Self {
        Self(team)
    }
}

impl Operation for Options {
    type Family = Team;
    type Output = Vec<TeamOption>;
    async fn perform<D: Driver<Family = Team>>(&self, io: &mut D) -> Result<Vec<TeamOption>> {
        let request = GetOptions::new(|w| w.team_ifindex(self.0));
        all(&request, io, |message| message.options().map(Into::into).collect()).await
    }
}

/// Reads all ports of a team.
///
/// ```no_run
/// use netloom_generic::team::{Ports, Team};
/// use netloom_wire::{Driver, Operation, Result};
///
/// async fn up(team: u32, io: &mut impl Driver<Family = Team>) -> Result<usize> {
///     Ok(Ports::of(team).perform(io).await?.iter().filter(|port| port.linkup).count())
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Ports(u32);

impl Ports {
    /// Of the team with this index.
    pub fn of(team: u32) -> Self {
        Self(team)
    }
}

impl Operation for Ports {
    type Family = Team;
    type Output = Vec<Port>;
    async fn perform<D: Driver<Family = Team>>(&self, io: &mut D) -> Result<Vec<Port>> {
        let request = GetPorts::new(|w| w.team_ifindex(self.0));
        all(&request, io, |message| message.ports().map(Into::into).collect()).await
    }
}
