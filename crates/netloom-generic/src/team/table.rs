//! The tables of the kernel's interface (`linux/if_team.h`).

use core::fmt;

use netloom_wire::{Object, attributes, commands, message, select};

/// The multicast group that changes go to.
pub const GROUP: &str = "change_event";

commands! {
    /// The family of generic netlink by which teams are read and set. All of it takes CAP_NET_ADMIN.
    pub Team = "team" version 1 in "team" {
        /// Does nothing; the answer comes from the family.
        ///
        /// ```
        /// let request = netloom_generic::team::Noop::default();
        /// ```
        0 "TEAM_CMD_NOOP" "noop" Noop: Get(TeamMessage) -> 0 TeamMessage,
        /// Sets options, in order, until one is refused: [`Set`](super::Set) makes one of values. Where nobody listens to
        /// the [group](GROUP), the kernel stops after the first, which is set, and says `ESRCH`.
        ///
        /// ```
        /// use netloom_generic::team::SetOptions;
        ///
        /// let mode = |w: netloom_generic::team::OptionWriter| w.name("user_linkup").option_type(6).port_ifindex(9);
        /// let request = SetOptions::new(|w| w.team_ifindex(7).list_option(|list| list.option(mode)));
        /// ```
        1 "TEAM_CMD_OPTIONS_SET" "options-set" SetOptions: Command(TeamMessage) "set",
        /// Gets the options of a team, of which the first message holds some: [`Options`](super::Options) reads all.
        ///
        /// ```
        /// let request = netloom_generic::team::GetOptions::new(|w| w.team_ifindex(7));
        /// ```
        2 "TEAM_CMD_OPTIONS_GET" "options-get" GetOptions: Get(TeamMessage) -> 2 TeamMessage,
        /// Gets the ports of a team, of which the first message holds some: [`Ports`](super::Ports) reads all.
        ///
        /// ```
        /// let request = netloom_generic::team::GetPorts::new(|w| w.team_ifindex(7));
        /// ```
        3 "TEAM_CMD_PORT_LIST_GET" "port-list-get" GetPorts: Get(TeamMessage) -> 3 TeamMessage,
    }
}

message! {
    /// Options or ports of a team, or what changed of them.
    pub TeamMessage TeamAttributes
}

attributes! {
    /// Attributes of a team.
    pub TeamAttributes, TeamWriter = "team/team" {
        /// Index of the team's link.
        1 "TEAM_ATTR_TEAM_IFINDEX" team_ifindex: u32,
        /// Options.
        2 "TEAM_ATTR_LIST_OPTION" list_option: Nest(OptionItem),
        /// Ports.
        3 "TEAM_ATTR_LIST_PORT" list_port: Nest(PortItem),
    }
}

attributes! {
    /// Options of a team.
    pub OptionItem, OptionItemWriter = "team/item-option" {
        /// One of them.
        1 "TEAM_ATTR_ITEM_OPTION" option: Many(Nest(OptionAttributes)),
    }
}

attributes! {
    /// An option: of the team, of one of its ports, or one of an array.
    pub OptionAttributes, OptionWriter = "team/attr-option" {
        /// Name, at most 31 bytes.
        1 "TEAM_ATTR_OPTION_NAME" name: str,
        /// It has changed.
        2 "TEAM_ATTR_OPTION_CHANGED" changed: Flag,
        /// Type of the value, by the numbers of `NLA_*` (`net/netlink.h`): 3 `u32`, 5 text, 6 flag, 11 bytes, 14 `i32`.
        3 "TEAM_ATTR_OPTION_TYPE" option_type: u8,
        /// Value; there is none of a flag that is off.
        4 "TEAM_ATTR_OPTION_DATA" data: Select(OptionData, option_type) plain,
        /// It is no longer there.
        5 "TEAM_ATTR_OPTION_REMOVED" removed: Flag,
        /// Index of the port that it is of.
        6 "TEAM_ATTR_OPTION_PORT_IFINDEX" port_ifindex: u32,
        /// Place in the array, from 0.
        7 "TEAM_ATTR_OPTION_ARRAY_INDEX" array_index: u32,
    }
}

select! {
    /// Value of an option, by its type.
    pub OptionData = u8 {
        3 => U32(u32),
        5 => Text(str),
        6 => Flag(Bytes),
        11 => Bytes(Bytes),
        14 => I32(i32),
    }
}

attributes! {
    /// Ports of a team.
    pub PortItem, PortItemWriter = "team/item-port" {
        /// One of them.
        1 "TEAM_ATTR_ITEM_PORT" port: Many(Nest(PortAttributes)),
    }
}

attributes! {
    /// A port of a team.
    pub PortAttributes, PortWriter = "team/attr-port" {
        /// Index of its link.
        1 "TEAM_ATTR_PORT_IFINDEX" ifindex: u32,
        /// It has changed.
        2 "TEAM_ATTR_PORT_CHANGED" changed: Flag,
        /// It can carry packets.
        3 "TEAM_ATTR_PORT_LINKUP" linkup: Flag,
        /// Speed, in Mbit/s.
        4 "TEAM_ATTR_PORT_SPEED" speed: u32,
        /// Duplex: 0 half, 1 full, 255 unknown (`DUPLEX_*`, `linux/ethtool.h`).
        5 "TEAM_ATTR_PORT_DUPLEX" duplex: u8,
        /// It is no longer there.
        6 "TEAM_ATTR_PORT_REMOVED" removed: Flag,
    }
}

impl TeamMessage {
    /// The options that it holds.
    pub fn options(&self) -> impl Iterator<Item = &OptionAttributes> {
        self.list_option().into_iter().flat_map(|list| list.option())
    }

    /// The ports that it holds.
    pub fn ports(&self) -> impl Iterator<Item = &PortAttributes> {
        self.list_port().into_iter().flat_map(|list| list.port())
    }
}

impl Object for TeamMessage {
    type Key = Option<u32>;
    const NOUN: &'static str = "team";
    fn key(&self) -> Option<u32> {
        self.team_ifindex()
    }
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(index) = self.team_ifindex() {
            write!(f, "with index {index}")?;
        }
        let mut before = ": ";
        for option in self.options() {
            write!(f, "{before}{}", option.name().unwrap_or("an option without a name"))?;
            option.array_index().map_or(Ok(()), |place| write!(f, "[{place}]"))?;
            option.port_ifindex().map_or(Ok(()), |port| write!(f, " of port {port}"))?;
            before = ", ";
        }
        Ok(())
    }
}
