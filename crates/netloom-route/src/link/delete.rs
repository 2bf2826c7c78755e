//! Deleting links, and their alternative names.

use alloc::{string::String, vec::Vec};

use netloom_wire::{
    Buffer, Command, Request, Write,
    nlmsg::{APPEND, CREATE, EXCL},
};

use super::{Link, LinkHeader, LinkRef, LinkWriter, query::NEWLINK};
use crate::Rtnetlink;

/// `RTM_DELLINK`.
pub(crate) const DELLINK: u16 = 17;

/// Deletes a link, or all links of a group.
///
/// ```no_run
/// use netloom_route::{Rtnetlink, link};
/// use netloom_wire::{Driver, Operation, Result};
///
/// async fn remove(io: &mut impl Driver<Family = Rtnetlink>) -> Result<()> {
///     match link::Delete::new("v0").perform(io).await {
///         Err(error) if error.is_not_found() => Ok(()),
///         other => other,
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Delete {
    link: Option<LinkRef>,
    attributes: Buffer,
}

impl Delete {
    /// Deletes one link.
    pub fn new(link: impl Into<LinkRef>) -> Self {
        Self { link: Some(link.into()), attributes: Buffer::new() }
    }

    /// Deletes every link of a group.
    pub fn of_group(group: u32) -> Self {
        Self { link: None, attributes: Buffer::new() }.attributes(|w| w.group(group))
    }

    /// Deletes it in another namespace, as this one numbers it.
    #[must_use]
    pub fn in_namespace(self, nsid: i32) -> Self {
        self.attributes(|w| w.target_netnsid(nsid))
    }

    /// Any attributes; the kernel looks at few.
    #[must_use]
    pub fn attributes(self, write: impl FnOnce(LinkWriter) -> LinkWriter) -> Self {
        Self { attributes: write(LinkWriter::from_buffer(self.attributes)).into_buffer(), ..self }
    }
}

impl Request for Delete {
    type Family = Rtnetlink;
    type Body = Link;
    type Reply = Link;
    type Kind = Command;
    const COMMAND: u16 = DELLINK;
    const REPLY: u16 = NEWLINK;
    const VERB: &'static str = "delete";
    const SLOW: bool = true;

    fn write(&self, out: &mut Buffer) {
        let header = self.link.as_ref().map_or_else(LinkHeader::default, LinkRef::header);
        out.message(header, |w: LinkWriter| {
            w.some(self.link.as_ref(), |w, link| link.write(w)).append(&self.attributes)
        });
    }
}

macro_rules! alternative_names {
    ($(#[$meta:meta])* $name:ident $command:literal $verb:literal $flags:expr) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name {
            index: u32,
            names: Vec<String>,
        }

        impl $name {
            /// Of the link with this index.
            pub fn new<N: Into<String>>(index: u32, names: impl IntoIterator<Item = N>) -> Self {
                Self { index, names: names.into_iter().map(Into::into).collect() }
            }
        }

        impl Request for $name {
            type Family = Rtnetlink;
            type Body = Link;
            type Reply = Link;
            type Kind = Command;
            const COMMAND: u16 = $command;
            const REPLY: u16 = NEWLINK;
            const VERB: &'static str = $verb;

            fn flags(&self) -> u16 {
                $flags
            }
            fn write(&self, out: &mut Buffer) {
                out.message(LinkHeader { index: self.index, ..LinkHeader::default() }, |w: LinkWriter| {
                    w.prop_list(|list| self.names.iter().fold(list, |list, name| list.alt_ifname(name)))
                });
            }
        }
    };
}

alternative_names! {
    /// Gives a link alternative names, each of at most 127 bytes.
    ///
    /// ```no_run
    /// use netloom_route::{Rtnetlink, link};
    /// use netloom_wire::{Driver, Operation, Result};
    ///
    /// async fn alias(index: u32, io: &mut impl Driver<Family = Rtnetlink>) -> Result<()> {
    ///     link::AddNames::new(index, ["the uplink of this machine"]).perform(io).await
    /// }
    /// ```
    AddNames 108 "add names to" CREATE | EXCL | APPEND
}
alternative_names! {
    /// Takes alternative names from a link.
    ///
    /// ```no_run
    /// use netloom_route::{Rtnetlink, link};
    /// use netloom_wire::{Driver, Operation, Result};
    ///
    /// async fn forget(index: u32, io: &mut impl Driver<Family = Rtnetlink>) -> Result<()> {
    ///     link::DeleteNames::new(index, ["the uplink of this machine"]).perform(io).await
    /// }
    /// ```
    DeleteNames 109 "delete names of" 0
}
