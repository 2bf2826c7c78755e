//! The words of `neighbor`.

use crate::named;
use crate::words::{Input, Kind, Value, Word, flag, word};
use netloom::neighbour::NeighbourState;

/// States by iproute2's names, in the kernel's order.
pub(super) const STATES: [(&str, NeighbourState); 8] = [
    ("incomplete", NeighbourState::INCOMPLETE),
    ("reachable", NeighbourState::REACHABLE),
    ("stale", NeighbourState::STALE),
    ("delay", NeighbourState::DELAY),
    ("probe", NeighbourState::PROBE),
    ("failed", NeighbourState::FAILED),
    ("noarp", NeighbourState::NOARP),
    ("permanent", NeighbourState::PERMANENT),
];

/// Number that stands for every state.
pub(super) const ALL: u64 = 0xffff;

/// `neighbor add`, `change`, `replace` and `delete`.
pub(super) const NEIGHBOUR: &[Word] = &[
    word("lladdr", Kind::Addresses("{ LLADDR | null }", hardware), "its hardware address").prefix().once(),
    word("nud", Kind::Custom("STATE", state), "its state"),
    word("proxy", Kind::Address, "answer for this address").prefix().once(),
    flag("router", "it is a router"),
    flag("use", "resolve it at once"),
    flag("managed", "keep it resolved"),
    flag("extern_learn", "learned by a control plane").prefix(),
    flag("extern_valid", "validated by a control plane"),
    word("dev", Kind::Device, "link that it is reached by"),
    word("protocol", named::PROTOCOL, "who makes it").prefix(),
    word("to", Kind::Address, "its address").bare().once(),
];

/// `neighbor get`.
pub(super) const GET: &[Word] = &[
    word("dev", Kind::Device, "link that it is reached by"),
    word("proxy", Kind::Address, "the address that is answered for").prefix().once(),
    word("to", Kind::Address, "its address").bare().once(),
];

/// `neighbor show` and `flush`.
pub(super) const SHOW: &[Word] = &[
    word("dev", Kind::Device, "only of this link").once(),
    word("master", Kind::Device, "only of ports of this link"),
    word("vrf", Kind::Device, "only of links of this VRF"),
    flag("nomaster", "only of links that are nobody's port"),
    flag("unused", "only those that nobody uses"),
    word("nud", Kind::Custom("{ STATE | all }", state_or_all), "only those in this state").repeat(),
    flag("proxy", "the addresses that are answered for"),
    word("protocol", named::PROTOCOL, "only those that this protocol made").prefix(),
    word("to", Kind::Prefix, "only those in this prefix").bare(),
];

/// A hardware address; `null` is none.
fn hardware(input: &mut Input<'_>) -> Result<Value, String> {
    let given = input.need("LLADDR")?;
    if given == "null" {
        return Ok(Value::Flag);
    }
    let bytes = crate::words::hardware(given).ok_or_else(|| format!("{given:?} is not a hardware address"))?;
    Ok(Value::Bytes(bytes))
}

fn state(input: &mut Input<'_>) -> Result<Value, String> {
    let given = input.need("STATE")?;
    let abbreviable = ["permanent", "reachable", "failed"];
    let named = STATES
        .iter()
        .find(|(name, _)| *name == given || abbreviable.contains(name) && crate::words::abbreviates(given, name));
    let number = match named {
        Some((_, state)) => Some(u64::from(state.bits())),
        None if given == "none" => Some(0),
        None => crate::words::number(given).filter(|bits| *bits < 0x100 && bits.count_ones() < 2),
    };
    number.map(Value::Number).ok_or_else(|| format!("{given:?} is not a state of a neighbour"))
}

fn state_or_all(input: &mut Input<'_>) -> Result<Value, String> {
    if input.take_if("all") { Ok(Value::Number(ALL)) } else { state(input) }
}
