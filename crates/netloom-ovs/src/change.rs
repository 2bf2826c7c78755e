//! A change of any number of steps.

use std::fmt;

use netloom_wire::Result;

use crate::{
    bridge::{NewBridge, SetBridge},
    port::{NewPort, SetPort},
};

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    AddBridge(NewBridge),
    DeleteBridge(String),
    AddPort(String, NewPort),
    DeletePort(String),
    MovePort(String, String),
    SetPort(SetPort),
    SetBridge(SetBridge),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AddBridge(bridge) => write!(f, "add bridge {}", bridge.name()),
            Self::DeleteBridge(bridge) => write!(f, "delete bridge {bridge}"),
            Self::AddPort(bridge, port) => write!(f, "add port {} to bridge {bridge}", port.name()),
            Self::DeletePort(port) => write!(f, "delete port {port}"),
            Self::MovePort(port, bridge) => write!(f, "move port {port} to bridge {bridge}"),
            Self::SetPort(port) => write!(f, "set port {}", port.name()),
            Self::SetBridge(bridge) => write!(f, "set bridge {}", bridge.name()),
        }
    }
}

/// Steps that are one transaction: all are done, in this order, or none. A later step may use what an earlier one makes.
///
/// ```no_run
/// use netloom_ovs::{Change, NewPort, OpenVswitch};
///
/// # fn main() -> netloom_ovs::Result<()> {
/// let connection = Change::new()
///     .add_port("br0", NewPort::patch("to-br1", "to-br0"))
///     .add_port("br1", NewPort::patch("to-br0", "to-br1"));
/// OpenVswitch::new().apply(&connection)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    steps: Vec<Step>,
}

impl Change {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a bridge. That there is one of the name already is an error (`EEXIST`).
    #[must_use]
    pub fn add_bridge(self, bridge: NewBridge) -> Self {
        self.step(Step::AddBridge(bridge))
    }

    /// Deletes a bridge with its ports; links that others made stay. That there is none is an error (`ENODEV`).
    #[must_use]
    pub fn delete_bridge(self, bridge: impl Into<String>) -> Self {
        self.step(Step::DeleteBridge(bridge.into()))
    }

    /// Adds a port to a bridge. That there is one of the name already, on any bridge, is an error (`EEXIST`).
    #[must_use]
    pub fn add_port(self, bridge: impl Into<String>, port: NewPort) -> Self {
        self.step(Step::AddPort(bridge.into(), port))
    }

    /// Deletes a port from its bridge, whichever that is. That there is none is an error (`ENODEV`).
    #[must_use]
    pub fn delete_port(self, port: impl Into<String>) -> Self {
        self.step(Step::DeletePort(port.into()))
    }

    /// Moves a port to another bridge, with all its settings.
    #[must_use]
    pub fn move_port(self, port: impl Into<String>, bridge: impl Into<String>) -> Self {
        self.step(Step::MovePort(port.into(), bridge.into()))
    }

    /// Changes a port.
    #[must_use]
    pub fn set_port(self, port: SetPort) -> Self {
        self.step(Step::SetPort(port))
    }

    /// Changes a bridge. That there is none is an error (`ENODEV`).
    #[must_use]
    pub fn set_bridge(self, bridge: SetBridge) -> Self {
        self.step(Step::SetBridge(bridge))
    }

    fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// What can be wrong with it by itself.
    pub(crate) fn check(&self) -> Result<()> {
        self.steps.iter().try_for_each(|step| {
            let checked = match step {
                Step::AddPort(_, port) => port.check(),
                Step::SetPort(port) => port.check(),
                _ => Ok(()),
            };
            checked.map_err(|error| error.about(step))
        })
    }
}

/// As errors name it.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.steps.as_slice() {
            [] => f.write_str("change nothing"),
            [only] => only.fmt(f),
            [first, rest @ ..] => write!(f, "{first} and {} more", rest.len()),
        }
    }
}
