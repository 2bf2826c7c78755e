//! A link as an object: its key, its name, and what is asked of it most.

use core::fmt;

use netloom_wire::Object;

use super::{Link, LinkAttributes, LinkFlags};

/// Address family of messages in which a bridge speaks of its ports (`AF_BRIDGE`, `linux/socket.h`).
pub const AF_BRIDGE: u8 = 7;

/// What makes a link this one and no other.
///
/// What a bridge says of its port has the port's index, and is another thing: it goes when the port leaves the bridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkKey {
    /// Address family of the message: 0 for the link itself.
    pub family: u8,
    /// Index of the link.
    pub index: u32,
}

impl Object for Link {
    type Key = LinkKey;
    const NOUN: &'static str = "link";

    fn key(&self) -> LinkKey {
        LinkKey { family: self.family(), index: self.index() }
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.ifname().or_else(|| self.alt_names().next()), self.index(), self.group()) {
            (Some(name), ..) => f.write_str(name),
            (None, 0, Some(group)) => write!(f, "group {group}"),
            (None, 0, None) => Ok(()),
            (None, index, _) => write!(f, "index {index}"),
        }
    }
}

impl Link {
    /// Its name; empty in a request that names the link by its index.
    pub fn name(&self) -> &str {
        self.ifname().unwrap_or_default()
    }

    /// Its kind: `veth`; None for a real device.
    pub fn kind(&self) -> Option<&str> {
        self.linkinfo()?.kind()
    }

    /// Kind of the link that it is a port of: `bridge`.
    pub fn port_kind(&self) -> Option<&str> {
        self.linkinfo()?.port_kind()
    }

    /// Its flags, by name.
    pub fn link_flags(&self) -> LinkFlags {
        LinkFlags::from_bits_retain(self.flags())
    }

    /// Whether it is up administratively; see `operstate` for whether it can be used.
    pub fn is_up(&self) -> bool {
        self.link_flags().contains(LinkFlags::UP)
    }

    /// Whether there is something at the other end of its wire.
    pub fn has_carrier(&self) -> bool {
        self.link_flags().contains(LinkFlags::LOWER_UP)
    }

    /// Whether it is the loopback.
    pub fn is_loopback(&self) -> bool {
        self.link_flags().contains(LinkFlags::LOOPBACK)
    }

    /// Its alternative names.
    pub fn alt_names(&self) -> impl Iterator<Item = &str> {
        self.prop_list().into_iter().flat_map(LinkAttributes::alt_ifname).chain(self.alt_ifname())
    }

    /// Whether this is its name or one of its alternative names.
    pub fn is_named(&self, name: &str) -> bool {
        self.name() == name || self.alt_names().any(|alternative| alternative == name)
    }
}
