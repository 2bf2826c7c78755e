//! What a team does with packets.

use core::fmt;

/// What a team does with packets: the name of a mode of the kernel (`team_mode_*` modules).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mode {
    /// Each packet goes out of all ports.
    Broadcast,
    /// Each goes out of the next port.
    RoundRobin,
    /// Each goes out of any port.
    Random,
    /// All go out of the active port, the others wait.
    ActiveBackup,
    /// The hash of a packet chooses the port, by a program and a table that are options.
    LoadBalance,
}

impl Mode {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Broadcast, Self::RoundRobin, Self::Random, Self::ActiveBackup, Self::LoadBalance];

    /// As the kernel calls it: `activebackup`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Broadcast => "broadcast",
            Self::RoundRobin => "roundrobin",
            Self::Random => "random",
            Self::ActiveBackup => "activebackup",
            Self::LoadBalance => "loadbalance",
        }
    }

    /// The mode that the kernel calls so.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
