//! Kinds of links: the words after `type KIND`, and what kinds have to say of a link or of a port.
//!
//! Each kind has a file of its own in `kind/`; here is the list of them.

use crate::context::Context;
use crate::devices::Devices;
use crate::failure::Failure;
use crate::out::Record;
use crate::words::{Case, Words};
use netloom::link::Link;
use netloom::wire::Buffer;

/// Kinds that `type` may name.
pub(crate) const KINDS: &[Case] = &[
    Case { name: "dummy", about: "a link that drops what it is given", words: &[] },
    Case { name: "ifb", about: "a link that queues what others receive", words: &[] },
    Case { name: "nlmon", about: "a link that shows netlink messages", words: &[] },
    Case { name: "wireguard", about: "an encrypted tunnel, set up by wg", words: &[] },
    Case { name: "team", about: "several links as one, set up by teamd", words: &[] },
    Case { name: "vcan", about: "a CAN bus within the machine", words: &[] },
    Case { name: "lowpan", about: "IPv6 over IEEE 802.15.4", words: &[] },
];

/// What the words after `type KIND` say.
pub(crate) struct Chosen {
    /// Name of the kind; of a port's kind the kind that it is a port of.
    pub(crate) name: &'static str,
    /// Its data, attribute after attribute.
    pub(crate) data: Buffer,
    /// Whether these are a port's data (`type bridge_slave`).
    pub(crate) is_port: bool,
}

/// Reads the words after `type KIND`; names of devices are looked up.
pub(crate) fn chosen(_: &mut Context, name: &'static str, _: &Words) -> Result<Chosen, Failure> {
    Ok(Chosen { name, data: Buffer::new(), is_port: false })
}

/// Describes what the kind of a link and the kind that it is a port of have to say.
pub(crate) fn describe(r: &mut Record, link: &Link, _: &Devices) {
    let Some(info) = link.linkinfo() else { return };
    r.object("linkinfo", |r| {
        if let Some(kind) = info.kind() {
            r.line(4);
            r.string("info_kind", kind).bare();
        }
        if let Some(kind) = info.port_kind() {
            r.line(4);
            r.string("info_slave_kind", kind).shown(format!("{kind}_slave"));
        }
    });
}
