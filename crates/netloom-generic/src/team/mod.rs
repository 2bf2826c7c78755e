//! Teams of links: their options, and the state of their ports (`team`, `linux/if_team.h`).
//!
//! A team is a link of the kind `team`; links become its ports by their master. What it does with packets is its mode,
//! an option; others belong to a port or to a mode. [`Options`] reads them, [`Set`] sets some, [`Ports`] reads the ports:
//!
//! ```no_run
//! use netloom_generic::team::{Mode, Options, Ports, Set, Team};
//! use netloom_wire::{Driver, Operation, Result};
//!
//! async fn standby(team: u32, ports: [u32; 2], io: &mut impl Driver<Family = Team>) -> Result<()> {
//!     // The mode first: it is refused as soon as there are ports.
//!     Set::new(team).mode(Mode::ActiveBackup).perform(io).await?;
//!     let [first, second] = ports;
//!     Set::new(team).priority(first, 100).priority(second, -100).active_port(first).perform(io).await?;
//!     for option in Options::of(team).perform(io).await? {
//!         println!("{} = {}", option.name, option.value);
//!     }
//!     for port in Ports::of(team).perform(io).await? {
//!         println!("port {}: up {}, {} Mbit/s", port.index, port.linkup, port.speed);
//!     }
//!     Ok(())
//! }
//! ```
//!
//! Changes of both go to the group [`GROUP`], as messages that hold what changed.

mod mode;
mod read;
mod set;
mod table;
mod value;

pub use mode::Mode;
pub use read::{Options, Port, Ports, TeamOption};
pub use set::Set;
pub use table::{
    GROUP, GetOptions, GetPorts, Noop, OptionAttributes, OptionData, OptionItem, OptionItemWriter, OptionWriter,
    PortAttributes, PortItem, PortItemWriter, PortWriter, SetOptions, Team, TeamAttributes, TeamMessage, TeamWriter,
};
pub use value::Value;
