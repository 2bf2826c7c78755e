//! The words of `address`.

use crate::named;
use crate::words::{Input, Kind, Prefix, Value, Word, flag, number, word};
use netloom::address::{AddressFlags, FOREVER};

/// Flags by iproute2's names, in its order.
pub(super) const FLAGS: [(&str, AddressFlags); 12] = [
    ("secondary", AddressFlags::SECONDARY),
    ("nodad", AddressFlags::NODAD),
    ("optimistic", AddressFlags::OPTIMISTIC),
    ("dadfailed", AddressFlags::DADFAILED),
    ("home", AddressFlags::HOMEADDRESS),
    ("deprecated", AddressFlags::DEPRECATED),
    ("tentative", AddressFlags::TENTATIVE),
    ("permanent", AddressFlags::PERMANENT),
    ("mngtmpaddr", AddressFlags::MANAGETEMPADDR),
    ("noprefixroute", AddressFlags::NOPREFIXROUTE),
    ("autojoin", AddressFlags::MCAUTOJOIN),
    ("stable-privacy", AddressFlags::STABLE_PRIVACY),
];

/// Bit of a number in [`STATES`] that says "without".
pub(super) const WITHOUT: u64 = 1 << 32;

/// Flags that addresses must have or not have.
const STATES: &[(&str, u64)] = &[
    ("permanent", 0x80),
    ("dynamic", 0x80 | WITHOUT),
    ("secondary", 0x01),
    ("primary", 0x01 | WITHOUT),
    ("temporary", 0x01),
    ("nodad", 0x02),
    ("optimistic", 0x04),
    ("dadfailed", 0x08),
    ("home", 0x10),
    ("deprecated", 0x20),
    ("tentative", 0x40),
    ("mngtmpaddr", 0x100),
    ("noprefixroute", 0x200),
    ("autojoin", 0x400),
    ("stable-privacy", 0x800),
    ("-permanent", 0x80 | WITHOUT),
    ("-dynamic", 0x80),
    ("-secondary", 0x01 | WITHOUT),
    ("-primary", 0x01),
    ("-temporary", 0x01 | WITHOUT),
    ("-nodad", 0x02 | WITHOUT),
    ("-optimistic", 0x04 | WITHOUT),
    ("-dadfailed", 0x08 | WITHOUT),
    ("-home", 0x10 | WITHOUT),
    ("-deprecated", 0x20 | WITHOUT),
    ("-tentative", 0x40 | WITHOUT),
    ("-mngtmpaddr", 0x100 | WITHOUT),
    ("-noprefixroute", 0x200 | WITHOUT),
    ("-autojoin", 0x400 | WITHOUT),
    ("-stable-privacy", 0x800 | WITHOUT),
];

/// `address show` and `address flush`.
pub(super) const SHOW: &[Word] = &[
    word("to", Kind::Prefix, "only addresses in this prefix"),
    word("scope", Kind::Custom("SCOPE", scope_or_all), "only addresses with this scope"),
    flag("up", "only links that are up"),
    flag("down", "only links that are down"),
    word("state", Kind::OneOf(STATES), "only addresses with this flag; without it, after `-`").value_only().repeat(),
    word("label", Kind::Text("PATTERN"), "only addresses with a label like this"),
    word("group", named::GROUP, "only links of this group"),
    word("master", Kind::Device, "only ports of this link"),
    word("vrf", Kind::Device, "only links of this VRF"),
    word("nomaster", Kind::Flag, "only links that are nobody's port"),
    word("type", Kind::Text("TYPE"), "only links of this kind; with _slave ports of this kind"),
    word("proto", named::ADDRESS_PROTOCOL, "only addresses that this protocol added"),
    word("dev", Kind::Device, "only this link").bare().once(),
];

/// `address add`, `change`, `replace` and `delete`.
pub(super) const ADDRESS: &[Word] = &[
    word("peer", Kind::Prefix, "address at the other end of the link").alias(&["remote"]).once(),
    word(
        "broadcast",
        Kind::Addresses("{ ADDRESS | + | - }", broadcast),
        "broadcast address; + sets all bits, - clears them",
    )
    .alias(&["brd"])
    .prefix()
    .once(),
    word("anycast", Kind::Address, "anycast address").once(),
    word("scope", named::SCOPE, "where the address is valid"),
    word("dev", Kind::Device, "the link"),
    word("label", Kind::Text("LABEL"), "name for the address"),
    word("metric", Kind::U32, "metric of the prefix route").prefix().like(&["priority", "preference"]),
    word("valid_lft", Kind::Custom("{ SECONDS | forever }", lifetime), "how long it is valid").prefix().once(),
    word("preferred_lft", Kind::Custom("{ SECONDS | forever }", lifetime), "how long it is preferred").prefix().once(),
    flag("secondary", "no effect, with a warning: the kernel decides it").alias(&["temporary"]),
    flag("deprecated", "no effect, with a warning: the kernel decides it"),
    flag("tentative", "no effect, with a warning: the kernel decides it"),
    flag("permanent", "no effect, with a warning: the kernel decides it"),
    flag("dadfailed", "no effect, with a warning: the kernel decides it"),
    flag("stable-privacy", "no effect, with a warning: the kernel decides it"),
    flag("home", "home address of Mobile IPv6"),
    flag("nodad", "do not look for duplicates"),
    flag("optimistic", "use it while duplicates are looked for"),
    flag("mngtmpaddr", "make temporary addresses of it"),
    flag("noprefixroute", "make no route for its prefix"),
    flag("autojoin", "join the multicast group"),
    word("proto", named::ADDRESS_PROTOCOL, "who adds it"),
    word("local", Kind::Prefix, "the address and its prefix length").bare().once(),
];

fn scope_or_all(input: &mut Input<'_>) -> Result<Value, String> {
    if input.take_if("all") {
        return Ok(Value::Flag);
    }
    named::scope(input)
}

/// A broadcast address, or the sign that says how it follows from the prefix.
fn broadcast(input: &mut Input<'_>) -> Result<Value, String> {
    let given = input.need("ADDRESS")?;
    match given {
        "+" | "-" => Ok(Value::Text(given.into())),
        _ => match crate::words::prefix(given, Some(false)) {
            Some(Prefix { address: Some(address), explicit: false, .. }) => Ok(Value::Address(address)),
            _ => Err(format!("{given:?} is not an IPv4 address, + or -")),
        },
    }
}

fn lifetime(input: &mut Input<'_>) -> Result<Value, String> {
    match input.need("SECONDS")? {
        "forever" => Ok(Value::Number(FOREVER.into())),
        given => match number(given).filter(|seconds| u32::try_from(*seconds).is_ok()) {
            Some(seconds) => Ok(Value::Number(seconds)),
            None => Err(format!("{given:?} is neither a number of seconds nor \"forever\"")),
        },
    }
}
