//! What can be said of a link when it is made and when it is changed.

use alloc::{
    borrow::{Cow, ToOwned},
    string::String,
};

use netloom_wire::{AnyWriter, Buffer, Tlvs, Write};

use super::{LinkFlags, LinkHeader, LinkWriter};

/// What a request says of a link beside its name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) header: LinkHeader,
    attributes: Buffer,
    /// Reasons to hold the carrier down: which are meant, and which are given.
    reasons: Option<(u32, u32)>,
    kind: Option<(String, Buffer)>,
    port: Option<(String, Buffer)>,
}

impl Settings {
    pub(crate) fn attributes(&mut self, write: impl FnOnce(LinkWriter) -> LinkWriter) {
        let attributes = core::mem::take(&mut self.attributes);
        self.attributes = write(LinkWriter::from_buffer(attributes)).into_buffer();
    }

    pub(crate) fn reason(&mut self, bit: u32, on: bool) {
        let (mask, value) = self.reasons.unwrap_or_default();
        self.reasons = Some((mask | bit, if on { value | bit } else { value & !bit }));
    }

    pub(crate) fn flag(&mut self, flag: LinkFlags, on: bool) {
        let bits = flag.bits();
        self.header.change |= bits;
        self.header.flags = if on { self.header.flags | bits } else { self.header.flags & !bits };
    }

    pub(crate) fn kind(&mut self, name: &str, data: Buffer) {
        self.kind = Some((name.to_owned(), data));
    }

    pub(crate) fn port(&mut self, name: &str, data: Buffer) {
        self.port = Some((name.to_owned(), data));
    }

    pub(crate) fn write(&self, w: LinkWriter) -> LinkWriter {
        let reasons = |w: LinkWriter, (mask, value)| w.proto_down_reason(|reason| reason.mask(mask).value(value));
        let w = w.append(&joined(&self.attributes)).some(self.reasons, reasons);
        if self.kind.is_none() && self.port.is_none() {
            return w;
        }
        let filled = |data: &&Buffer| !data.is_empty() || data.error().is_some();
        w.linkinfo(|mut info| {
            if let Some((name, data)) = &self.kind {
                info = info
                    .kind(name)
                    .some(Some(data).filter(filled), |info, data| info.data(|w: AnyWriter| w.append(data)));
            }
            if let Some((name, data)) = &self.port {
                info = info
                    .port_kind(name)
                    .some(Some(data).filter(filled), |info, data| info.port_data(|w: AnyWriter| w.append(data)));
            }
            info
        })
    }
}

/// Lists that may be written in parts, of which the kernel sees the last alone: `IFLA_VFINFO_LIST`, `IFLA_AF_SPEC`.
const LISTS: [u16; 2] = [22, 26];

/// The attributes with all parts of such a list in one.
fn joined(attributes: &Buffer) -> Cow<'_, Buffer> {
    let all = || Tlvs::new(attributes.bytes());
    let in_parts = LISTS.iter().any(|list| all().filter(|tlv| tlv.number() == *list).count() > 1);
    if !in_parts || attributes.error().is_some() {
        return Cow::Borrowed(attributes);
    }
    let mut out = Buffer::new();
    for tlv in all() {
        if !LISTS.contains(&tlv.number()) {
            out.put(tlv.raw_type, tlv.payload);
        } else if all().take_while(|before| before.offset < tlv.offset).all(|before| before.number() != tlv.number()) {
            let list = out.open(tlv.raw_type);
            all().filter(|part| part.number() == tlv.number()).for_each(|part| out.raw(part.payload));
            out.close(list);
        }
    }
    Cow::Owned(out)
}

/// The methods that [`Add`](super::Add) and [`Set`](super::Set) have in common; both hold a `settings: Settings`.
macro_rules! settings_methods {
    () => {
        /// Any attributes, those included that have no method here. What address families and virtual functions have to
        /// say may be said in several calls; else the last call counts.
        #[must_use]
        pub fn attributes(mut self, write: impl FnOnce(LinkWriter) -> LinkWriter) -> Self {
            self.settings.attributes(write);
            self
        }

        /// A flag, on or off.
        #[must_use]
        pub fn flag(mut self, flag: LinkFlags, on: bool) -> Self {
            self.settings.flag(flag, on);
            self
        }

        /// Up.
        #[must_use]
        pub fn up(self) -> Self {
            self.flag(LinkFlags::UP, true)
        }

        /// Of this kind, with the kind's data.
        #[must_use]
        pub fn kind(mut self, kind: impl LinkKind) -> Self {
            let name = kind.name().to_owned();
            self.settings.kind(&name, kind.into_data());
            self
        }

        /// With these data as a port.
        #[must_use]
        pub fn port(mut self, port: impl PortKind) -> Self {
            let name = port.name().to_owned();
            self.settings.port(&name, port.into_data());
            self
        }

        /// Largest packet, in bytes.
        #[must_use]
        pub fn mtu(self, bytes: u32) -> Self {
            self.attributes(|w| w.mtu(bytes))
        }

        /// Hardware address.
        #[must_use]
        pub fn address(self, address: impl Into<HardwareAddress>) -> Self {
            self.attributes(|w| w.address(address.into()))
        }

        /// Hardware address of broadcasts.
        #[must_use]
        pub fn broadcast(self, address: impl Into<HardwareAddress>) -> Self {
            self.attributes(|w| w.broadcast(address.into()))
        }

        /// Length of the transmit queue, in packets.
        #[must_use]
        pub fn txqlen(self, packets: u32) -> Self {
            self.attributes(|w| w.txqlen(packets))
        }

        /// A port of the link with this index: a bridge, bond, team or VRF.
        #[must_use]
        pub fn master(self, index: u32) -> Self {
            self.attributes(|w| w.master(index))
        }

        /// Group of links.
        #[must_use]
        pub fn group(self, group: u32) -> Self {
            self.attributes(|w| w.group(group))
        }

        /// A text for people, at most 255 bytes; empty: none. The kernel forgets it of a link that is being made.
        #[must_use]
        pub fn alias(self, text: &str) -> Self {
            self.attributes(|w| w.ifalias(text))
        }

        /// In the network namespace of this process.
        #[must_use]
        pub fn namespace_of(self, pid: u32) -> Self {
            self.attributes(|w| w.net_ns_pid(pid))
        }

        /// In the network namespace of this file descriptor, which must stay open until the request has been run.
        #[must_use]
        pub fn namespace(self, fd: i32) -> Self {
            // A descriptor below 0 is none; the kernel says so of u32::MAX.
            self.attributes(|w| w.net_ns_fd(u32::try_from(fd).unwrap_or(u32::MAX)))
        }

        /// Acts in another namespace, as this one numbers it.
        #[must_use]
        pub fn in_namespace(self, nsid: i32) -> Self {
            self.attributes(|w| w.target_netnsid(nsid))
        }

        /// How IPv6 addresses get their identifier.
        #[must_use]
        pub fn address_generation(self, mode: AddressGeneration) -> Self {
            self.attributes(|w| w.af_spec(|af: FamilySpecsWriter| af.inet6(|six| six.addr_gen_mode(mode))))
        }
    };
}
pub(crate) use settings_methods;
