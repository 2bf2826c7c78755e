//! Setting options of a team.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use netloom_wire::{Driver, Errno, Operation, Result, Write};

use super::{Mode, OptionWriter, SetOptions, Team, Value};

/// Sets options of a team, in order, until the kernel refuses one, which the error names; those before it are set.
///
/// ```
/// use netloom_generic::team::{Set, Value};
///
/// let port = 9;
/// let request = Set::new(7).enabled(port, true).queue(port, 1).option("notify_peers_count", Value::U32(3));
/// ```
#[derive(Clone, Debug)]
pub struct Set {
    team: u32,
    options: Vec<Wanted>,
}

#[derive(Clone, Debug)]
struct Wanted {
    name: String,
    value: Value,
    port: Option<u32>,
    place: Option<u32>,
}

impl Set {
    /// Of the team with this index.
    pub fn new(team: u32) -> Self {
        Self { team, options: Vec::new() }
    }

    fn with(mut self, name: &str, value: Value, port: Option<u32>, place: Option<u32>) -> Self {
        self.options.push(Wanted { name: name.to_owned(), value, port, place });
        self
    }

    /// What it does with packets. The kernel refuses it (`EBUSY`) of a team that has ports.
    #[must_use]
    pub fn mode(self, mode: Mode) -> Self {
        self.option("mode", Value::Text(mode.name().to_owned()))
    }

    /// Any option of the team.
    #[must_use]
    pub fn option(self, name: &str, value: Value) -> Self {
        self.with(name, value, None, None)
    }

    /// Any option of the port with this index.
    #[must_use]
    pub fn port_option(self, port: u32, name: &str, value: Value) -> Self {
        self.with(name, value, Some(port), None)
    }

    /// Any option that is one of an array, at this place, from 0.
    #[must_use]
    pub fn array_option(self, place: u32, name: &str, value: Value) -> Self {
        self.with(name, value, None, Some(place))
    }

    /// Whether a port carries packets.
    #[must_use]
    pub fn enabled(self, port: u32, on: bool) -> Self {
        self.port_option(port, "enabled", Value::Flag(on))
    }

    /// How much a port is preferred; 0 at first.
    #[must_use]
    pub fn priority(self, port: u32, priority: i32) -> Self {
        self.port_option(port, "priority", Value::I32(priority))
    }

    /// The transmit queue of the team that goes out of a port; 0: none of its own.
    #[must_use]
    pub fn queue(self, port: u32, queue: u32) -> Self {
        self.port_option(port, "queue_id", Value::U32(queue))
    }

    /// Says whether a port is up, for a program that knows better than its link.
    #[must_use]
    pub fn user_linkup(self, port: u32, up: bool) -> Self {
        self.port_option(port, "user_linkup", Value::Flag(up))
    }

    /// Whether [`Set::user_linkup`] counts, instead of the port's link.
    #[must_use]
    pub fn user_linkup_enabled(self, port: u32, on: bool) -> Self {
        self.port_option(port, "user_linkup_enabled", Value::Flag(on))
    }

    /// The port that is active, of a team of [`Mode::ActiveBackup`].
    #[must_use]
    pub fn active_port(self, port: u32) -> Self {
        self.option("activeport", Value::U32(port))
    }

    /// The port that packets of this hash, from 0 to 255, go out of, of a team of [`Mode::LoadBalance`]; 0: any.
    #[must_use]
    pub fn hash_port(self, hash: u8, port: u32) -> Self {
        self.array_option(hash.into(), "lb_tx_hash_to_port_mapping", Value::U32(port))
    }
}

impl Set {
    /// The requests that it sends: one for each option, since the kernel stops after the first of a message where nobody
    /// listens to the [group](super::GROUP).
    pub fn requests(&self) -> impl Iterator<Item = SetOptions> {
        self.options.iter().map(|wanted| {
            SetOptions::new(|w| {
                let option = |w: OptionWriter| {
                    let w = w.name(&wanted.name).some(wanted.port, OptionWriter::port_ifindex);
                    wanted.value.write(w.some(wanted.place, OptionWriter::array_index))
                };
                w.team_ifindex(self.team).list_option(|list| list.option(option))
            })
        })
    }
}

impl Operation for Set {
    type Family = Team;
    type Output = ();
    async fn perform<D: Driver<Family = Team>>(&self, io: &mut D) -> Result<()> {
        for request in self.requests() {
            match request.perform(io).await {
                // It is set: what failed is telling the group (`genlmsg_multicast_netns`), which nobody listens to.
                Err(error) if error.errno() == Some(Errno::ESRCH) => {}
                outcome => outcome?,
            }
        }
        Ok(())
    }
}
