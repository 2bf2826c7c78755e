//! Teams of links: the kernel's family `team`, and the daemon that runs a team by a configuration.
//!
//! The kernel alone gives a team a mode and its ports; [`Daemon`] starts `teamd`, which also watches links, speaks LACP
//! and does what else its configuration says.
//!
//! ```no_run
//! use netloom::{IpRoute, Generic, link, team::{Mode, Set, Team}};
//!
//! let mut ipr = IpRoute::open()?;
//! ipr.run(&link::Add::new("team0").kind("team").up())?;
//! let index = ipr.link("team0")?.index();
//! let mut team = Generic::<Team>::open()?; // after the first team, which loads the kernel's module
//! team.run(&Set::new(index).mode(Mode::RoundRobin))?;
//! ipr.run(&link::Set::new("eth1").master(index))?;
//! # Ok::<(), netloom::Error>(())
//! ```

mod daemon;

pub use daemon::Daemon;
pub use netloom_generic::team::*;
