//! `team`: several links as one, by a mode of the kernel or by the daemon `teamd`.
//!
//! The kernel takes no settings of a team by rtnetlink, but by its family `team`: what is in this table is written and read
//! by the proxy of `netloom::IpRoute`, and a socket without it would lose it. The numbers are ours.

use netloom_wire::attributes;

attributes! {
    /// Settings of a team that is made.
    pub Team, TeamWriter = "teamd/link" {
        /// Mode: `broadcast`, `roundrobin`, `random`, `activebackup`, `loadbalance`; the kernel begins with none.
        1 "TEAM_MODE" mode: str,
        /// How often neighbours are told of a new active port.
        2 "TEAM_NOTIFY_PEERS_COUNT" notify_peers_count: u32,
        /// Milliseconds between.
        3 "TEAM_NOTIFY_PEERS_INTERVAL" notify_peers_interval: u32,
        /// How often multicast groups are joined again after a change of the active port.
        4 "TEAM_MCAST_REJOIN_COUNT" mcast_rejoin_count: u32,
        /// Milliseconds between.
        5 "TEAM_MCAST_REJOIN_INTERVAL" mcast_rejoin_interval: u32,
        /// Configuration of `teamd` in JSON (`teamd.conf(5)`): it is started, and runs the team.
        6 "TEAM_CONFIG" config: str,
        /// The program to start; `teamd` if there is none.
        7 "TEAM_DAEMON" daemon: str,
    }
}

super::settings::kind! { TeamWriter, "team" }

impl Team {
    /// Settings of a team.
    ///
    /// ```
    /// use netloom_route::kind::Team;
    /// use netloom_route::link::Add;
    ///
    /// let by_the_kernel = Add::new("team0").kind(Team::new().mode("activebackup"));
    /// let by_teamd = Add::new("team0").kind(Team::new().config(r#"{"runner": {"name": "lacp"}}"#));
    /// ```
    pub fn new() -> TeamWriter {
        TeamWriter::default()
    }
}
