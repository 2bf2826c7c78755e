//! Asking for rules.

use netloom_wire::{Buffer, Dump, Errno, Request};

use super::{RTM_GETRULE, RTM_NEWRULE, Rule, RuleHeader, RuleWriter};
use crate::{
    Rtnetlink, af,
    setters::{families, setters},
};

/// Lists the rules of policy routing, in the order in which they are asked.
///
/// ```
/// use netloom_route::rule::List;
///
/// let to_main = List::v4().table(254);
/// let of_a_daemon = List::v6().protocol(186);
/// ```
#[derive(Clone, Debug, Default)]
pub struct List {
    family: u8,
    table: Option<u32>,
    priority: Option<u32>,
    protocol: Option<u8>,
}

impl List {
    families! {
        /// Of all families.
        all;
        /// Of IPv4.
        v4;
        /// Of IPv6.
        v6;
        /// Of a family (`AF_*`).
        family;
    }

    setters! {
        /// Only those that look into this table.
        table: u32;
        /// Only those with this priority.
        priority: u32;
        /// Only those that this protocol made (`RTPROT_*`).
        protocol: u8;
    }
}

impl Request for List {
    type Family = Rtnetlink;
    type Body = Rule;
    type Reply = Rule;
    type Kind = Dump;
    const COMMAND: u16 = RTM_GETRULE;
    const REPLY: u16 = RTM_NEWRULE;
    const VERB: &'static str = "list";

    fn write(&self, out: &mut Buffer) {
        // No filter: a strict kernel answers any with EINVAL at the end of the dump.
        out.message(RuleHeader { family: self.family, ..Default::default() }, |w: RuleWriter| w);
    }

    fn accepts(&self, rule: &Rule) -> bool {
        (self.family == af::UNSPEC || rule.family() == self.family)
            && self.table.is_none_or(|table| rule.table() == table)
            && self.priority.is_none_or(|priority| rule.priority().unwrap_or_default() == priority)
            && self.protocol.is_none_or(|protocol| rule.protocol() == Some(protocol))
    }

    fn is_empty(errno: Errno) -> bool {
        // A kernel without rules for the family.
        errno == Errno::EAFNOSUPPORT
    }
}
