//! All tables of the library: the protocols, their message types, and what is reachable from those.

use netloom::wire::{Enum, Family, Kind, Layout, MessageType, Set, Struct};

/// A netlink protocol and its message types.
pub(crate) struct Protocol {
    /// `NETLINK_*`.
    pub(crate) number: u16,
    /// How strace and the kernel's headers call it.
    pub(crate) kernel: &'static str,
    /// Its name.
    pub(crate) name: &'static str,
    /// Message types.
    pub(crate) messages: fn() -> &'static [MessageType],
}

/// The protocols whose tables the library has.
pub(crate) const PROTOCOLS: &[Protocol] = &[
    Protocol {
        number: netloom::Rtnetlink::PROTOCOL,
        kernel: "NETLINK_ROUTE",
        name: netloom::Rtnetlink::NAME,
        messages: netloom::message_types,
    },
    Protocol {
        number: netloom::wire::generic::PROTOCOL,
        kernel: "NETLINK_GENERIC",
        name: "generic",
        // Which they are depends on the numbers that a kernel gave its families.
        messages: || &[],
    },
];

/// The number of a protocol, by its name, the kernel's (with or without `NETLINK_`), or itself.
pub(crate) fn protocol_number(given: &str) -> Result<u16, String> {
    let short = |kernel: &str| kernel.strip_prefix("NETLINK_").is_some_and(|short| short.eq_ignore_ascii_case(given));
    let named = PROTOCOLS.iter().find(|known| known.name == given || known.kernel == given || short(known.kernel));
    let number = named.map(|known| known.number).or_else(|| given.parse().ok());
    number.ok_or_else(|| format!("{given:?} is neither a protocol with tables nor a number"))
}

/// Families of generic netlink that have a crate of their own.
const FAMILIES: &[netloom::generic::MessageTypes] =
    &[netloom::wireguard::Family::message_types, netloom::ethtool::message_types];

/// Message types of all families of generic netlink that the library has.
pub(crate) fn generic() -> impl Iterator<Item = &'static MessageType> + Clone {
    netloom::generic::families().iter().chain(FAMILIES).flat_map(|family| family())
}

/// Sets, structs and enums that message types lead to, each once, in the order they are met.
#[derive(Default)]
pub(crate) struct Tables {
    pub(crate) messages: Vec<&'static MessageType>,
    pub(crate) sets: Vec<&'static Set>,
    pub(crate) structs: Vec<&'static Struct>,
    pub(crate) enums: Vec<&'static Enum>,
}

impl Tables {
    /// Everything that the library knows.
    pub(crate) fn all() -> Self {
        let mut tables = Self::default();
        for message in PROTOCOLS.iter().flat_map(|protocol| (protocol.messages)()).chain(generic()) {
            tables.messages.push(message);
            tables.layout((message.layout)());
        }
        tables
    }

    fn layout(&mut self, layout: &'static Layout) {
        if let Some(header) = layout.header {
            self.structure(header);
        }
        let set = (layout.set)();
        if !self.sets.iter().any(|known| known.name == set.name) {
            self.sets.push(set);
            set.attributes.iter().for_each(|row| self.kind(&row.kind));
        }
    }

    fn structure(&mut self, layout: &'static Struct) {
        if !self.structs.iter().any(|known| known.name == layout.name) {
            self.structs.push(layout);
            layout.members.iter().for_each(|member| self.kind(&member.kind));
        }
    }

    fn kind(&mut self, kind: &'static Kind) {
        match kind {
            Kind::Struct(layout) => self.structure(layout),
            Kind::Enum(named) | Kind::Flags(named) if self.enums.iter().all(|known| known.name != named.name) => {
                self.enums.push(named);
            }
            Kind::Array(of) | Kind::List(of) => self.kind(of),
            Kind::Nest(shape) | Kind::Records(shape) => self.layout(shape()),
            Kind::Select { cases, .. } => cases.iter().for_each(|case| self.kind(&case.kind)),
            _ => {}
        }
    }
}
