//! Asking for links: one, or all.

use alloc::{borrow::ToOwned, string::String};

use netloom_wire::{Buffer, Dump, Get as GetKind, Request, Write};

use super::{AF_BRIDGE, ExtMask, Link, LinkHeader, LinkRef, LinkWriter};
use crate::Rtnetlink;

/// `RTM_NEWLINK`.
pub(crate) const NEWLINK: u16 = 16;
/// `RTM_GETLINK`.
const GETLINK: u16 = 18;

/// Asks for one link. Returns `Box<Link>`; an error whose `is_not_found()` holds if there is none.
///
/// ```no_run
/// use netloom_route::{Rtnetlink, link};
/// use netloom_wire::{Driver, Operation, Result};
///
/// async fn mtu(io: &mut impl Driver<Family = Rtnetlink>) -> Result<Option<u32>> {
///     Ok(link::Get::new("eth0").perform(io).await?.mtu())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Get {
    link: LinkRef,
    mask: ExtMask,
    namespace: Option<i32>,
}

impl Get {
    /// By index, by name, or by an alternative name.
    pub fn new(link: impl Into<LinkRef>) -> Self {
        Self { link: link.into(), mask: ExtMask::VF, namespace: None }
    }

    /// With these parts instead of the virtual functions.
    #[must_use]
    pub fn parts(self, mask: ExtMask) -> Self {
        Self { mask, ..self }
    }

    /// Out of another namespace, as this one numbers it.
    #[must_use]
    pub fn in_namespace(self, nsid: i32) -> Self {
        Self { namespace: Some(nsid), ..self }
    }
}

impl Request for Get {
    type Family = Rtnetlink;
    type Body = Link;
    type Reply = Link;
    type Kind = GetKind;
    const COMMAND: u16 = GETLINK;
    const REPLY: u16 = NEWLINK;
    const VERB: &'static str = "get";
    const ALWAYS_REPLIES: bool = true;

    fn write(&self, out: &mut Buffer) {
        out.message(self.link.header(), |w: LinkWriter| {
            self.link.write(w.ext_mask(self.mask)).some(self.namespace, LinkWriter::target_netnsid)
        });
    }
}

/// Asks for all links, or for those that pass every filter. Returns `List<Link>`.
///
/// What the kernel can filter by it is told; every filter is applied to the replies too.
///
/// ```no_run
/// use netloom_route::{Rtnetlink, link};
/// use netloom_wire::{Driver, Operation, Result};
///
/// async fn ports(bridge: u32, io: &mut impl Driver<Family = Rtnetlink>) -> Result<usize> {
///     Ok(link::List::all().master(bridge).up().perform(io).await?.len())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct List {
    mask: ExtMask,
    family: u8,
    kind: Option<String>,
    master: Option<u32>,
    group: Option<u32>,
    up: bool,
    namespace: Option<i32>,
}

impl List {
    /// All links.
    pub fn all() -> Self {
        Self { mask: ExtMask::VF, family: 0, kind: None, master: None, group: None, up: false, namespace: None }
    }

    /// What bridges have to say of their ports, with the VLANs of each as ranges.
    pub fn bridge_ports() -> Self {
        Self { mask: ExtMask::BRIDGE_VLAN_COMPRESSED, family: AF_BRIDGE, ..Self::all() }
    }

    /// What another address family has to say of the links (`AF_*`).
    #[must_use]
    pub fn family(self, family: u8) -> Self {
        Self { family, ..self }
    }

    /// With these parts instead of the virtual functions.
    #[must_use]
    pub fn parts(self, mask: ExtMask) -> Self {
        Self { mask, ..self }
    }

    /// Without counters, which are a third of a message.
    #[must_use]
    pub fn without_stats(self) -> Self {
        Self { mask: self.mask | ExtMask::SKIP_STATS, ..self }
    }

    /// Only links of this kind: `veth`.
    #[must_use]
    pub fn kind(self, kind: &str) -> Self {
        Self { kind: Some(kind.to_owned()), ..self }
    }

    /// Only ports of the link with this index; 0: only those that are nobody's port.
    #[must_use]
    pub fn master(self, index: u32) -> Self {
        Self { master: Some(index), ..self }
    }

    /// Only links of this group.
    #[must_use]
    pub fn group(self, group: u32) -> Self {
        Self { group: Some(group), ..self }
    }

    /// Only links that are up.
    #[must_use]
    pub fn up(self) -> Self {
        Self { up: true, ..self }
    }

    /// The links of another namespace, as this one numbers it.
    #[must_use]
    pub fn in_namespace(self, nsid: i32) -> Self {
        Self { namespace: Some(nsid), ..self }
    }
}

impl Request for List {
    type Family = Rtnetlink;
    type Body = Link;
    type Reply = Link;
    type Kind = Dump;
    const COMMAND: u16 = GETLINK;
    const REPLY: u16 = NEWLINK;
    const VERB: &'static str = "list";

    fn write(&self, out: &mut Buffer) {
        // The kernel measures its links before it allocates only for a mask that is not empty; otherwise links with long
        // messages are dropped, or end the dump. Of the link itself the bit for media redundancy asks nothing.
        let mask = if self.mask.is_empty() { ExtMask::MRP } else { self.mask };
        // A bridge's own handler refuses filters that it does not know.
        let (kind, master) = if self.family == AF_BRIDGE { (None, None) } else { (self.kind.as_deref(), self.master) };
        out.message(LinkHeader { family: self.family, ..LinkHeader::default() }, |w: LinkWriter| {
            w.ext_mask(mask)
                .some(master, LinkWriter::master)
                .some(kind, |w, kind| w.linkinfo(|info| info.kind(kind)))
                .some(self.namespace, LinkWriter::target_netnsid)
        });
    }

    fn accepts(&self, link: &Link) -> bool {
        self.kind.as_deref().is_none_or(|kind| link.kind() == Some(kind))
            && self.master.is_none_or(|master| link.master().unwrap_or(0) == master)
            && self.group.is_none_or(|group| link.group().unwrap_or(0) == group)
            && (!self.up || link.is_up())
    }
}
