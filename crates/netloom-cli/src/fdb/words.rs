//! The words of `fdb`.

use crate::words::{Input, Kind, Value, Word, flag, word};

const VNI: Kind = Kind::Number(0, (1 << 24) - 1);
const VLAN: Kind = Kind::Number(0, 4095);

/// `fdb add`, `append`, `replace` and `delete`.
pub(super) const ENTRY: &[Word] = &[
    word("dev", Kind::Device, "port of the bridge, or the vxlan"),
    word("dst", Kind::Address, "other end of the tunnel").once(),
    word("nhid", Kind::U32, "next hop object that leads there"),
    word("port", Kind::U16, "UDP port of the other end"),
    word("vni", VNI, "virtual network at the other end"),
    word("src_vni", VNI, "virtual network that the entry belongs to"),
    word("via", Kind::Device, "link by which the other end is reached"),
    flag("self", "entry of the device itself"),
    flag("master", "entry of the device's master").prefix(),
    flag("router", "the other end is a router").prefix(),
    flag("local", "for ever, and for this machine").alias(&["permanent"]).prefix(),
    flag("permanent", "the same as local").prefix(),
    flag("static", "for ever").prefix(),
    flag("temp", "the same as static").prefix(),
    flag("dynamic", "until it is too old").prefix(),
    word("vlan", VLAN, "VLAN").prefix().once(),
    flag("use", "as if it were used").prefix(),
    flag("extern_learn", "learned by a control plane").prefix(),
    flag("sticky", "does not move to another port").prefix(),
    flag("activity_notify", "track activity and tell"),
    flag("inactive", "it is inactive"),
    flag("norefresh", "this change is no activity"),
    word("to", Kind::Mac, "hardware address").bare().once(),
];

/// `fdb get`.
pub(super) const GET: &[Word] = &[
    word("brport", Kind::Device, "port of the bridge"),
    word("br", Kind::Device, "the bridge"),
    word("dev", Kind::Device, "the vxlan, or the port"),
    word("vlan", VLAN, "VLAN").prefix().once(),
    word("vni", VNI, "virtual network"),
    flag("self", "entry of the device itself"),
    flag("master", "entry of the device's master").prefix(),
    flag("dynamic", "an entry that was learned").prefix(),
    word("to", Kind::Mac, "hardware address").bare().once(),
];

/// `fdb show`.
pub(super) const SHOW: &[Word] = &[
    word("dev", Kind::Device, "only of this port or vxlan").alias(&["brport"]),
    word("br", Kind::Device, "only of this bridge and its ports"),
    word("vlan", VLAN, "only of this VLAN").once(),
    word("state", Kind::Custom("STATE", state), "only entries in this state"),
    flag("dynamic", "only entries that were learned").prefix(),
];

/// `fdb flush`.
pub(super) const FLUSH: &[Word] = &[
    word("dev", Kind::Device, "the bridge, the vxlan, or with master a port"),
    word("brport", Kind::Device, "only of this port").once(),
    word("vlan", VLAN, "only of this VLAN").once(),
    word("src_vni", VNI, "only of this virtual network"),
    word("nhid", Kind::U32, "only with this next hop object"),
    word("vni", VNI, "only with this virtual network at the other end"),
    word("port", Kind::U16, "only with this UDP port at the other end"),
    word("dst", Kind::Address, "only with this other end").once(),
    flag("self", "of the device itself"),
    flag("master", "of the device's master"),
    word("permanent", Kind::Toggle, "only entries for ever"),
    word("static", Kind::Toggle, "only static entries"),
    word("dynamic", Kind::Toggle, "only entries that get old"),
    word("added_by_user", Kind::Toggle, "only entries that somebody added"),
    word("extern_learn", Kind::Toggle, "only entries that a control plane learned"),
    word("sticky", Kind::Toggle, "only entries that stay at their port"),
    word("offloaded", Kind::Toggle, "only entries in the hardware"),
    word("router", Kind::Toggle, "only entries of routers"),
];

/// A state as bits of `NUD_*`.
fn state(input: &mut Input<'_>) -> Result<Value, String> {
    let given = input.need("STATE")?;
    let known =
        [("permanent", 0x80), ("static", 0x40), ("temp", 0x40), ("stale", 0x04), ("dynamic", 0x02), ("all", 0xffff)];
    let named = known.iter().find(|(name, _)| crate::words::abbreviates(given, name)).map(|(_, bits)| *bits);
    let bits = named.or_else(|| crate::words::number(given).filter(|bits| *bits < 0x100));
    bits.map(Value::Number).ok_or_else(|| format!("{given:?} is not a state of an entry"))
}
