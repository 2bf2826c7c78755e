//! Asking which route a packet takes.

use alloc::vec::Vec;
use core::net::IpAddr;

use netloom_wire::{Buffer, Request, Write};

use super::{RTM_GETROUTE, RTM_NEWROUTE, Route, RouteFlags, RouteHeader, RouteWriter};
use crate::{Prefix, Rtnetlink, af, encap::MplsLabel, setters::setters};

/// Asks which route a packet takes, and what becomes of it.
///
/// ```
/// use netloom_route::route::Get;
///
/// let of_this_machine = Get::to("198.51.100.1".parse()?);
/// let forwarded = Get::to("198.51.100.1".parse()?).from("192.0.2.7".parse()?).iif(3).mark(7);
/// let entry = Get::to("198.51.100.1".parse()?).fib_match();
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Get {
    header: RouteHeader,
    dst: Option<Prefix>,
    label: Option<u32>,
    newdst: Option<Vec<MplsLabel>>,
    src: Option<IpAddr>,
    iif: Option<u32>,
    oif: Option<u32>,
    mark: Option<u32>,
    uid: Option<u32>,
    ip_protocol: Option<u8>,
    sport: Option<u16>,
    dport: Option<u16>,
    flowlabel: Option<u32>,
}

impl Get {
    /// Of a packet to this address.
    pub fn to(address: IpAddr) -> Self {
        Self::to_prefix(address.into())
    }

    /// Of a packet to this prefix; the kernel takes whole addresses only, unless it is an old one.
    pub fn to_prefix(prefix: Prefix) -> Self {
        let mut get = Self::of_family(af::of(prefix.address()));
        get.header.dst_length = prefix.length();
        Self { dst: Some(prefix), ..get }
    }

    /// Of a packet with this MPLS label.
    pub fn label(label: u32) -> Self {
        let mut get = Self::of_family(af::MPLS);
        get.header.dst_length = 20;
        Self { label: Some(label), ..get }
    }

    fn of_family(family: u8) -> Self {
        // Only IPv4 knows the flag; strict kernels refuse it elsewhere.
        let named = if family == af::INET { RouteFlags::LOOKUP_TABLE } else { RouteFlags::empty() };
        let header = RouteHeader { family, flags: named.bits(), ..Default::default() };
        Self {
            header,
            dst: None,
            label: None,
            newdst: None,
            src: None,
            iif: None,
            oif: None,
            mark: None,
            uid: None,
            ip_protocol: None,
            sport: None,
            dport: None,
            flowlabel: None,
        }
    }

    setters! {
        /// Coming in by the link with this index, so forwarded or taken in.
        iif: u32;
        /// Of a socket that is bound to the link with this index.
        oif: u32;
        /// With this mark.
        mark: u32;
        /// Of this user's socket.
        uid: u32;
        /// Of this protocol (`IPPROTO_*`).
        ip_protocol: u8;
        /// From this port.
        sport: u16;
        /// To this port.
        dport: u16;
        /// With this flow label, 20 bits; IPv6 only.
        flowlabel: u32;
    }

    /// With these MPLS labels beneath, outermost first; of several next hops the kernel chooses one by them. MPLS only.
    #[must_use]
    pub fn labels(self, labels: &[u32]) -> Self {
        Self { newdst: Some(MplsLabel::stack(labels)), ..self }
    }

    /// From this address.
    #[must_use]
    pub fn from(mut self, address: IpAddr) -> Self {
        self.header.src_length = af::bits(af::of(address));
        Self { src: Some(address), ..self }
    }

    /// With this type of service.
    #[must_use]
    pub fn tos(mut self, tos: u8) -> Self {
        self.header.tos = tos;
        self
    }

    /// The entry of the table that matched, not what became of it; Linux 4.13 and later.
    #[must_use]
    pub fn fib_match(mut self) -> Self {
        self.header.flags |= RouteFlags::FIB_MATCH.bits();
        self
    }

    /// Notifies when the route changes.
    #[must_use]
    pub fn notify(mut self) -> Self {
        self.header.flags |= RouteFlags::NOTIFY.bits();
        self
    }

    /// Names the table that was looked up, or not; on by default in IPv4, and refused elsewhere.
    #[must_use]
    pub fn lookup_table(mut self, on: bool) -> Self {
        let flag = RouteFlags::LOOKUP_TABLE.bits();
        self.header.flags = if on { self.header.flags | flag } else { self.header.flags & !flag };
        self
    }
}

impl Request for Get {
    type Family = Rtnetlink;
    type Body = Route;
    type Reply = Route;
    type Kind = netloom_wire::Get;
    const COMMAND: u16 = RTM_GETROUTE;
    const REPLY: u16 = RTM_NEWROUTE;
    const VERB: &'static str = "get";
    const ALWAYS_REPLIES: bool = true;

    fn write(&self, out: &mut Buffer) {
        out.message(self.header, |w: RouteWriter| {
            w.some(self.dst, |w, prefix| super::order::put_address(w, prefix.address()))
                .some(self.label, |w, label| super::order::put_label(w, MplsLabel::new(label, true)))
                .some(self.newdst.as_deref(), RouteWriter::newdst)
                .some(self.src, RouteWriter::src)
                .some(self.ip_protocol, RouteWriter::ip_protocol)
                .some(self.sport, |w, port| w.sport(port.into()))
                .some(self.dport, |w, port| w.dport(port.into()))
                .some(self.uid, RouteWriter::uid)
                .some(self.iif, RouteWriter::iif)
                .some(self.oif, RouteWriter::oif)
                .some(self.mark, RouteWriter::mark)
                .some(self.flowlabel, RouteWriter::flowlabel)
        });
    }
}
