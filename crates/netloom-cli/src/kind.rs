//! Kinds of links: the words after `type KIND`, and what kinds have to say of a link or of a port.
//!
//! Each kind has a file of its own in `kind/`; here is the list of them.

mod bond;
mod bond_port;
mod bridge;
mod bridge_port;
mod fields;
mod ipvlan;
mod macvlan;
mod netkit;
mod openvswitch;
mod team;
#[cfg(test)]
mod tests;
pub(crate) mod tun;
mod veth;
mod vlan;
mod vrf;
mod vxlan;
mod wanted;

pub(crate) use wanted::Wanted;

use crate::context::Context;
use crate::devices::Devices;
use crate::failure::Failure;
use crate::link;
use crate::options::Options;
use crate::out::Record;
use crate::words::{Case, Words};
use netloom::Write;
use netloom::kind::Tun;
use netloom::link::{Link, LinkData, PortData};
use netloom::wire::Buffer;

/// Kinds that `type` may name: static, because the words of some lead back here.
pub(crate) static KINDS: [Case; 25] = [
    bond::CASE,
    bond_port::CASE,
    bridge::CASE,
    bridge_port::CASE,
    Case { name: "dummy", about: "a link that drops what it is given", words: &[] },
    Case { name: "ifb", about: "a link that queues what others receive", words: &[] },
    ipvlan::CASE,
    ipvlan::TAP,
    macvlan::CASE,
    macvlan::TAP,
    Case { name: "netkit", about: "a pair of links whose packets BPF programs decide on", words: &netkit::WORDS },
    Case { name: "nlmon", about: "a link that shows netlink messages", words: &[] },
    openvswitch::CASE,
    openvswitch::PORT,
    Case { name: "wireguard", about: "an encrypted tunnel, set up by wg", words: &[] },
    team::CASE,
    tun::TUN,
    tun::TAP,
    Case { name: "vcan", about: "a CAN bus within the machine", words: &[] },
    Case { name: "veth", about: "a pair of links, each of which receives what the other sends", words: &veth::WORDS },
    Case {
        name: "vxcan",
        about: "a pair of CAN interfaces, each of which receives what the other sends",
        words: &veth::WORDS,
    },
    vlan::CASE,
    vrf::CASE,
    vxlan::CASE,
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
    /// What a link is to be as a port of its own kind.
    pub(crate) port: Option<Buffer>,
}

/// Reads the words after `type KIND`; names of devices are looked up.
pub(crate) fn chosen(cx: &mut Context, name: &'static str, words: &Words) -> Result<Chosen, Failure> {
    let port = |name, data| Ok(Chosen { name, data, is_port: true, port: None });
    // Some kinds say more of a link that is being made than of one that is there.
    let new = link::is_new(words);
    let data = match name {
        "bond" => bond::read(cx, words)?,
        "bond_slave" => return port("bond", bond_port::read(words)?),
        "bridge" => bridge::read(words)?,
        "bridge_slave" => return port("bridge", bridge_port::read(cx, words)?),
        "ipvlan" | "ipvtap" => ipvlan::read(words)?,
        "macvlan" | "macvtap" => macvlan::read(words)?,
        "netkit" => netkit::read(cx, words)?,
        "openvswitch" => {
            let (data, port) = openvswitch::read(words)?;
            return Ok(Chosen { name, data, is_port: false, port });
        }
        "openvswitch_slave" => return port("openvswitch", openvswitch::read_port(words)?),
        "team" => team::read(words),
        "tun" => tun::read(Tun::tun(), words)?.into_buffer(),
        // The kernel has one kind for both.
        "tap" => {
            let data = tun::read(Tun::tap(), words)?.into_buffer();
            return Ok(Chosen { name: "tun", data, is_port: false, port: None });
        }
        "veth" => veth::read(cx, words, true)?,
        "vxcan" => veth::read(cx, words, false)?,
        "vlan" => vlan::read(words)?,
        "vrf" => vrf::read(words)?,
        "vxlan" => vxlan::read(cx, words, new)?,
        _ => Buffer::new(),
    };
    Ok(Chosen { name, data, is_port: false, port: None })
}

/// Describes what the kind of a link and the kind that it is a port of have to say.
pub(crate) fn describe(r: &mut Record, link: &Link, devices: &Devices, options: &Options) {
    let Some(info) = link.linkinfo() else { return };
    r.object("linkinfo", |r| {
        if let Some(kind) = info.kind() {
            r.line(4);
            r.string("info_kind", kind).bare();
        }
        if let Some(data) = info.data() {
            let mut inner = Record::new();
            describe_data(&mut inner, data, devices, options);
            r.nested("info_data", inner);
        }
        if let Some(kind) = info.port_kind() {
            r.line(4);
            r.string("info_slave_kind", kind).shown(format!("{kind}_slave"));
        }
        if let Some(data) = info.port_data() {
            let mut inner = Record::new();
            match data {
                PortData::Bond(port) => bond_port::describe(&mut inner, port),
                PortData::Bridge(port) => bridge_port::describe(&mut inner, port, devices),
                PortData::OpenVswitch(port) => openvswitch::describe_port(&mut inner, port),
                PortData::Vrf(port) => vrf::describe(&mut inner, port.table()),
                _ => {}
            }
            r.nested("info_slave_data", inner);
        }
    });
}

/// Indexes of the devices that the kind of a link, or the kind that it is a port of, refers to.
pub(crate) fn devices(link: &Link) -> impl Iterator<Item = u32> + use<> {
    let info = link.linkinfo();
    let of_link = match info.and_then(|info| info.data()) {
        Some(LinkData::Bond(bond)) => [bond.active_slave(), bond.primary()],
        Some(LinkData::Vxlan(vxlan)) => [vxlan.link(), None],
        _ => [None; 2],
    };
    let of_port = match info.and_then(|info| info.port_data()) {
        Some(PortData::Bridge(port)) => port.backup_port(),
        _ => None,
    };
    of_link.into_iter().chain([of_port]).flatten()
}

fn describe_data(r: &mut Record, data: LinkData<'_>, devices: &Devices, options: &Options) {
    match data {
        LinkData::Bond(bond) => bond::describe(r, bond, devices),
        LinkData::Bridge(bridge) => bridge::describe(r, bridge, options),
        LinkData::Ipvlan(ipvlan) | LinkData::Ipvtap(ipvlan) => ipvlan::describe(r, ipvlan),
        LinkData::Macvlan(macvlan) | LinkData::Macvtap(macvlan) => macvlan::describe(r, macvlan),
        LinkData::Netkit(netkit) => netkit::describe(r, netkit),
        LinkData::OpenVswitch(data) => openvswitch::describe(r, data),
        LinkData::Tun(tun) => tun::describe(r, tun),
        LinkData::Vlan(vlan) => vlan::describe(r, vlan, options),
        LinkData::Vrf(vrf) => vrf::describe(r, vrf.table()),
        LinkData::Vxlan(vxlan) => vxlan::describe(r, vxlan, devices),
        _ => {}
    }
}
