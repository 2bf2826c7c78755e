//! Rules of policy routing: the table and the view (`RTM_*RULE`, `linux/fib_rules.h`).

use alloc::{boxed::Box, vec::Vec};
use core::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use netloom_wire::{Object, View, attributes, fixed, flags, message, open_enum};

mod list;
mod order;

pub use list::List;
pub use order::{Add, Delete, Order};

use crate::af;

message! {
    /// A rule that chooses a routing table.
    pub Rule, RuleHeader = "fib_rule_hdr" RuleAttributes {
        /// Address family (`AF_*`).
        pub family: u8,
        /// Bits of the destination that count.
        pub dst_length: u8,
        /// Bits of the source that count.
        pub src_length: u8,
        /// Type of service that a packet must have; 0 for any.
        pub tos: u8,
        /// The table if it is below 256; [`Rule::table`] has it always.
        pub low_table: u8,
        #[doc(hidden)]
        pub _res1: u8,
        #[doc(hidden)]
        pub _res2: u8,
        /// What the rule does, an [`Action`].
        pub action: u8,
        /// Properties, [`RuleFlags`].
        pub flags: u32,
    }
}

attributes! {
    /// Attributes of a rule (`FRA_*`, `linux/fib_rules.h`). A selector that is missing matches every packet.
    pub RuleAttributes, RuleWriter = "rt-rule/fib-rule-attrs" {
        /// Destination; [`Rule::dst_length`] says how many of its bits count.
        1 "FRA_DST" dst: IpAddr,
        /// Source; [`Rule::src_length`] says how many of its bits count.
        2 "FRA_SRC" src: IpAddr,
        /// Name of the link that a packet came in by; `lo` for packets of this machine.
        3 "FRA_IIFNAME" iifname: str,
        /// Priority of the rule to go on with, for [`Action::Goto`].
        4 "FRA_GOTO" goto: u32,
        /// Order among the rules: lower is asked first.
        6 "FRA_PRIORITY" priority: u32,
        /// Mark of the packet.
        10 "FRA_FWMARK" fwmark: u32,
        /// Realms: source in the upper 16 bits, destination in the lower.
        11 "FRA_FLOW" realms: u32,
        /// Identifier of the tunnel that the packet came by. Network byte order, other than the kernel's spec says.
        12 "FRA_TUN_ID" tunnel_id: Be64,
        /// Refuses a route whose link is in this group.
        13 "FRA_SUPPRESS_IFGROUP" suppress_group: u32,
        /// Refuses a route whose prefix is this long or shorter; `u32::MAX` if none is refused.
        14 "FRA_SUPPRESS_PREFIXLEN" suppress_prefix_length: u32,
        /// Table to look into; [`Rule::table`] has the header's where this is missing.
        15 "FRA_TABLE" wide_table: u32,
        /// Which bits of the mark count.
        16 "FRA_FWMASK" fwmask: u32,
        /// Name of the link that a socket is bound to.
        17 "FRA_OIFNAME" oifname: str,
        /// Not 0: looks into the table of the layer 3 master (VRF) that the packet's link belongs to.
        19 "FRA_L3MDEV" l3mdev: u8,
        /// Users whose sockets match.
        20 "FRA_UID_RANGE" uid_range: UidRange,
        /// Who made the rule (`RTPROT_*`).
        21 "FRA_PROTOCOL" protocol: u8,
        /// Protocol above IP (`IPPROTO_*`).
        22 "FRA_IP_PROTO" ip_protocol: u8,
        /// Source ports.
        23 "FRA_SPORT_RANGE" sport_range: PortRange,
        /// Destination ports.
        24 "FRA_DPORT_RANGE" dport_range: PortRange,
        /// DSCP, 6 bits.
        25 "FRA_DSCP" dscp: u8,
        /// IPv6 flow label, 20 bits.
        26 "FRA_FLOWLABEL" flowlabel: Be32,
        /// Which bits of the flow label count.
        27 "FRA_FLOWLABEL_MASK" flowlabel_mask: Be32,
        /// Which bits of the source port count.
        28 "FRA_SPORT_MASK" sport_mask: u16,
        /// Which bits of the destination port count.
        29 "FRA_DPORT_MASK" dport_mask: u16,
        /// Which bits of the DSCP count.
        30 "FRA_DSCP_MASK" dscp_mask: u8,
    }
}

fixed! {
    /// Ports, first and last (`struct fib_rule_port_range`).
    pub PortRange = "fib_rule_port_range" {
        /// First.
        pub start: u16,
        /// Last.
        pub end: u16,
    }
}

fixed! {
    /// User IDs, first and last (`struct fib_rule_uid_range`).
    pub UidRange = "fib_rule_uid_range" {
        /// First.
        pub start: u32,
        /// Last.
        pub end: u32,
    }
}

open_enum! {
    /// What a rule does with a packet that it matches (`FR_ACT_*`).
    pub Action: u8 = "fr-act" {
        /// Nothing said.
        0 "FR_ACT_UNSPEC" Unspecified,
        /// Looks into a table.
        1 "FR_ACT_TO_TBL" Table,
        /// Goes on with the rule of another priority.
        2 "FR_ACT_GOTO" Goto,
        /// Nothing.
        3 "FR_ACT_NOP" Nop,
        /// Drops it without a word.
        6 "FR_ACT_BLACKHOLE" Blackhole,
        /// Drops it and says that the network is unreachable.
        7 "FR_ACT_UNREACHABLE" Unreachable,
        /// Drops it and says that it is forbidden.
        8 "FR_ACT_PROHIBIT" Prohibit,
    }
}

flags! {
    /// Properties of a rule (`FIB_RULE_*`).
    pub RuleFlags: u32 = "fib-rule-flags" {
        /// Cannot be removed.
        "FIB_RULE_PERMANENT" PERMANENT = 0x1,
        /// Matches what its selectors do not.
        "FIB_RULE_INVERT" INVERT = 0x2,
        /// The rule that it goes on with does not exist.
        "FIB_RULE_UNRESOLVED" UNRESOLVED = 0x4,
        /// There is no link with the name of its incoming one.
        "FIB_RULE_IIF_DETACHED" IIF_DETACHED = 0x8,
        /// There is no link with the name of its outgoing one.
        "FIB_RULE_OIF_DETACHED" OIF_DETACHED = 0x10,
        /// The source was chosen by the rule.
        "FIB_RULE_FIND_SADDR" FIND_SADDR = 0x10000,
    }
}

const FRA_SUPPRESS_PREFIXLEN: u16 = 14;
const FRA_TABLE: u16 = 15;
const FRA_FWMASK: u16 = 16;
const FRA_PROTOCOL: u16 = 21;

impl Rule {
    /// The table to look into; 0 if the rule does not.
    pub fn table(&self) -> u32 {
        self.wide_table().unwrap_or_else(|| self.low_table().into())
    }

    /// Source and the bits of it that count; an address of zeros where only the length is given.
    pub fn source(&self) -> Option<(IpAddr, u8)> {
        self.prefix(self.src(), self.src_length())
    }

    /// Destination and the bits of it that count; an address of zeros where only the length is given.
    pub fn destination(&self) -> Option<(IpAddr, u8)> {
        self.prefix(self.dst(), self.dst_length())
    }

    fn prefix(&self, address: Option<IpAddr>, length: u8) -> Option<(IpAddr, u8)> {
        let zeros = || match self.family() {
            af::INET => Some(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
            af::INET6 => Some(IpAddr::V6(Ipv6Addr::UNSPECIFIED)),
            _ => None,
        };
        let address = address.or_else(|| zeros().filter(|_| length > 0))?;
        Some((address, length))
    }
}

/// What makes a rule this one and no other: all of it but who made it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleKey {
    /// Address family (`AF_*`).
    pub family: u8,
    /// Order among the rules.
    pub priority: u32,
    /// The table to look into.
    pub table: u32,
    /// What the rule does, an [`Action`].
    pub action: u8,
    /// Whether it matches what its selectors do not.
    pub inverted: bool,
    /// Type of service.
    pub tos: u8,
    /// Bits of source and destination that count.
    pub lengths: (u8, u8),
    /// The selectors: number and payload of their attributes, sorted.
    pub selectors: Vec<(u16, Box<[u8]>)>,
}

impl Object for Rule {
    type Key = RuleKey;
    const NOUN: &'static str = "rule";
    fn key(&self) -> RuleKey {
        // What the kernel sends as "nothing" is left out, so that a request and its echo have the same key.
        let says_nothing = |number, payload: &[u8]| match number {
            FRA_FWMASK => payload == [0xff; 4] || self.fwmark().is_none(),
            FRA_SUPPRESS_PREFIXLEN => payload == [0xff; 4],
            FRA_TABLE | FRA_PRIORITY | FRA_PROTOCOL => true,
            _ => false,
        };
        let mut selectors: Vec<_> = self
            .tlvs()
            .filter(|tlv| !says_nothing(tlv.number(), tlv.payload))
            .map(|tlv| (tlv.number(), tlv.payload.into()))
            .collect();
        selectors.sort();
        RuleKey {
            family: self.family(),
            priority: self.priority().unwrap_or_default(),
            table: self.table(),
            action: self.action(),
            inverted: RuleFlags::from_bits_retain(self.flags()).contains(RuleFlags::INVERT),
            tos: self.tos(),
            lengths: (self.src_length(), self.dst_length()),
            selectors,
        }
    }
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        let mut say = |f: &mut fmt::Formatter<'_>, what: fmt::Arguments<'_>| {
            write!(f, "{separator}{what}")?;
            separator = " ";
            Ok(())
        };
        if let Some(priority) = self.priority() {
            say(f, format_args!("priority {priority}"))?;
        }
        if let Some((address, length)) = self.source() {
            say(f, format_args!("from {address}/{length}"))?;
        }
        if let Some((address, length)) = self.destination() {
            say(f, format_args!("to {address}/{length}"))?;
        }
        if let Some(name) = self.iifname() {
            say(f, format_args!("iif {name}"))?;
        }
        if let Some(name) = self.oifname() {
            say(f, format_args!("oif {name}"))?;
        }
        if let Some(mark) = self.fwmark() {
            say(f, format_args!("fwmark {mark:#x}"))?;
        }
        if self.table() != 0 {
            say(f, format_args!("table {}", self.table()))?;
        }
        Ok(())
    }
}

const FRA_PRIORITY: u16 = 6;
pub(crate) const RTM_NEWRULE: u16 = 32;
pub(crate) const RTM_DELRULE: u16 = 33;
const RTM_GETRULE: u16 = 34;
