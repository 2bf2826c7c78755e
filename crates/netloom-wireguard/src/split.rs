//! Orders cut into messages.
//!
//! A message should stay below 32 KiB: the kernel takes it in one piece of memory, and a send buffer holds several. What
//! an order says once is in its first message alone: the settings of the device, and that its peers are replaced. So it
//! is with a peer whose allowed IPs go on in a further message; only that it must exist already is said again, since the
//! kernel would make it otherwise.

use alloc::vec::Vec;
use core::net::SocketAddr;

use netloom_wire::{Buffer, Command, Driver, Request, Result, Write};

use crate::{
    AllowedIp, AllowedIpAttributes, DeviceFlags, DevicePart, DeviceRef, DeviceWriter, PeerAttributes, PeerFlags,
    PeerWriter, Set, SetDevice, SetPeer, WireGuard,
};

/// Length in bytes that the attributes of a message have at most: 32 KiB with the headers, and some to spare.
pub(crate) const LIMIT: usize = 30 * 1024;

/// Bytes of an attribute's header.
const HEADER: usize = netloom_wire::TLV_HEADER;
/// Bytes of an attribute with a number of up to 32 bits.
const NUMBER: usize = HEADER + 4;
/// Bytes of an attribute with a key.
const KEY: usize = HEADER + 32;

/// One message.
#[derive(Clone, Debug)]
pub(crate) struct Part<'a> {
    set: &'a Set,
    /// With the settings of the device.
    settings: bool,
    peers: Vec<Slice<'a>>,
}

/// A peer with some of its allowed IPs.
#[derive(Clone, Debug)]
struct Slice<'a> {
    peer: &'a SetPeer,
    /// It begins here, rather than going on from the message before.
    first: bool,
    allowed_ips: &'a [(AllowedIp, bool)],
}

/// Cuts an order into messages whose attributes take at most `limit` bytes; of a peer there is always something in one.
pub(crate) fn parts(set: &Set, limit: usize) -> impl Iterator<Item = Part<'_>> + Send {
    Parts {
        set,
        limit,
        settings: true,
        rest: set.peers.iter().map(Slice::whole).collect::<Vec<_>>().into_iter(),
        cut: None,
    }
}

struct Parts<'a, I> {
    set: &'a Set,
    limit: usize,
    /// The first message is still to come.
    settings: bool,
    rest: I,
    /// What did not fit the message before.
    cut: Option<Slice<'a>>,
}

impl<'a, I: Iterator<Item = Slice<'a>>> Iterator for Parts<'a, I> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        let mut part = Part { set: self.set, settings: core::mem::take(&mut self.settings), peers: Vec::new() };
        let mut left = self.limit.saturating_sub(part.size());
        while let Some(slice) = self.cut.take().or_else(|| self.rest.next()) {
            if !part.peers.is_empty() && slice.least() > left {
                self.cut = Some(slice);
                break;
            }
            let (fits, rest) = slice.split(left);
            left = left.saturating_sub(fits.size());
            part.peers.push(fits);
            self.cut = rest;
            if self.cut.is_some() {
                break;
            }
        }
        (part.settings || !part.peers.is_empty()).then_some(part)
    }
}

impl<'a> Slice<'a> {
    fn whole(peer: &'a SetPeer) -> Self {
        // What goes needs no allowed IPs.
        Self { peer, first: true, allowed_ips: if peer.remove { &[] } else { &peer.allowed_ips } }
    }

    /// Bytes of what is not allowed IPs.
    fn head(&self) -> usize {
        let SetPeer { preshared_key, endpoint, keepalive, .. } = self.peer;
        let flags = if self.flags().is_empty() { 0 } else { NUMBER };
        // The nest, its key, its list.
        let always = [HEADER, KEY, HEADER, flags];
        let endpoint = match endpoint {
            Some(SocketAddr::V4(_)) => NUMBER + 12,
            Some(SocketAddr::V6(_)) => NUMBER + 24,
            None => 0,
        };
        let once = [preshared_key.as_ref().map_or(0, |_| KEY), keepalive.map_or(0, |_| NUMBER), endpoint];
        let once = if self.first && !self.peer.remove { once.as_slice() } else { &[] };
        always.iter().chain(once).sum()
    }

    fn size(&self) -> usize {
        self.allowed_ips.iter().map(size_of_allowed).fold(self.head(), usize::saturating_add)
    }

    /// Bytes with one allowed IP at most.
    fn least(&self) -> usize {
        self.head().saturating_add(self.allowed_ips.first().map_or(0, size_of_allowed))
    }

    /// As much as takes `room` bytes, but one allowed IP at least, and the rest.
    fn split(self, room: usize) -> (Self, Option<Self>) {
        let mut size = self.head();
        let fitting = self.allowed_ips.iter().take_while(|allowed| {
            size = size.saturating_add(size_of_allowed(allowed));
            size <= room
        });
        let count = fitting.count().max(1).min(self.allowed_ips.len());
        let (fits, rest) = self.allowed_ips.split_at_checked(count).unwrap_or((self.allowed_ips, &[]));
        let rest = (!rest.is_empty()).then_some(Self { first: false, allowed_ips: rest, ..self });
        (Self { allowed_ips: fits, ..self }, rest)
    }

    fn flags(&self) -> PeerFlags {
        let SetPeer { remove, update_only, replace_allowed_ips, .. } = *self.peer;
        let mut flags = PeerFlags::empty();
        flags.set(PeerFlags::REMOVE_ME, remove);
        flags.set(PeerFlags::REPLACE_ALLOWEDIPS, replace_allowed_ips && self.first && !remove);
        flags.set(PeerFlags::UPDATE_ONLY, update_only);
        flags
    }

    /// Writes in the order that `wg` does.
    fn write(&self, w: PeerWriter) -> PeerWriter {
        let mut w = w.public_key(self.peer.public_key);
        if self.first && !self.peer.remove {
            w = w
                .some(self.peer.preshared_key.clone(), PeerWriter::preshared_key)
                .some(self.peer.endpoint.map(crate::Endpoint), PeerWriter::endpoint)
                .some(self.peer.keepalive, PeerWriter::persistent_keepalive_interval);
        }
        let flags = self.flags();
        if !flags.is_empty() {
            w = w.flags(flags);
        }
        if self.allowed_ips.is_empty() {
            return w;
        }
        w.allowedips(|list| {
            self.allowed_ips.iter().fold(list, |list, (allowed, remove)| {
                list.at(0).item(|w: netloom_wire::Writer<AllowedIpAttributes>| allowed.write(*remove, w))
            })
        })
    }
}

fn size_of_allowed((allowed, remove): &(AllowedIp, bool)) -> usize {
    let address = if allowed.address().is_ipv4() { NUMBER } else { NUMBER + 12 };
    // The nest, family, address, prefix, flags.
    [HEADER, NUMBER, address, NUMBER, if *remove { NUMBER } else { 0 }].iter().sum()
}

impl<'a> Part<'a> {
    /// Bytes beside the peers.
    fn size(&self) -> usize {
        let name = match &self.set.device {
            DeviceRef::Name(name) => name.len(),
            DeviceRef::Index(_) => 4,
        };
        // With every setting, and the list of peers itself.
        let settings = if self.settings { KEY + 3 * NUMBER } else { 0 };
        [HEADER, NUMBER, settings].iter().sum::<usize>().saturating_add(name)
    }

    /// Whether it is about peers too.
    pub(crate) fn has_peers(&self) -> bool {
        !self.peers.is_empty()
    }

    /// The same in messages about one thing each: the device first, then peer by peer.
    pub(crate) fn singles(self) -> impl Iterator<Item = Part<'a>> + Send {
        let device = Part { set: self.set, settings: self.settings, peers: Vec::new() };
        let peer = move |slice| Part { set: self.set, settings: false, peers: alloc::vec![slice] };
        core::iter::once(device).chain(self.peers.into_iter().map(peer))
    }

    /// Sends it.
    pub(crate) async fn send<D: Driver<Family = WireGuard>>(&self, io: &mut D) -> Result<()> {
        // Taking peers away waits until no processor uses them any more.
        if self.set.replace_peers && self.settings || self.peers.iter().any(|slice| slice.peer.remove) {
            io.one(&Order::<'_, true>(self), |_| ()).await
        } else {
            io.one(&Order::<'_, false>(self), |_| ()).await
        }
    }

    /// Writes in the order that `wg` does.
    pub(crate) fn write(&self, out: &mut Buffer) {
        out.message((), |w: DeviceWriter| {
            let mut w = self.set.device.write(w);
            if self.settings {
                w = w
                    .some(self.set.private_key.clone(), DeviceWriter::private_key)
                    .some(self.set.listen_port, DeviceWriter::listen_port)
                    .some(self.set.fwmark, DeviceWriter::fwmark)
                    .some(self.set.replace_peers.then_some(DeviceFlags::REPLACE_PEERS), DeviceWriter::flags);
            }
            if self.peers.is_empty() {
                return w;
            }
            w.peers(|list| {
                self.peers
                    .iter()
                    .fold(list, |list, slice| list.at(0).item(|w: netloom_wire::Writer<PeerAttributes>| slice.write(w)))
            })
        });
    }
}

/// A part as a request; with `SLOW` it holds the kernel for long.
struct Order<'p, const SLOW: bool>(&'p Part<'p>);

impl<const SLOW: bool> Request for Order<'_, SLOW> {
    type Family = WireGuard;
    type Body = DevicePart;
    type Reply = DevicePart;
    type Kind = Command;
    const COMMAND: u16 = SetDevice::COMMAND;
    const REPLY: u16 = SetDevice::REPLY;
    const VERB: &'static str = SetDevice::VERB;
    const SLOW: bool = SLOW;

    fn write(&self, out: &mut Buffer) {
        self.0.write(out);
    }
}
