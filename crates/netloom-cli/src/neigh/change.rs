//! `neighbor add`, `change`, `replace`, `delete` and `flush`.

use super::show::Filter;
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::flush;
use crate::words::Words;
use netloom::neighbour::{NeighbourExtendedFlags, NeighbourFlags, NeighbourState, Order};
use netloom::verb::Verb;
use netloom::wire::HardwareAddress;

/// Gives an order: `neighbor add` and its kin.
pub(super) fn order<V: Verb>(cx: &mut Context, words: &Words) -> Outcome {
    let order: Order<V> = read(cx, words)?;
    cx.order(&order)
}

/// `neighbor flush`.
pub(super) fn flush(cx: &mut Context, words: &Words) -> Outcome {
    if words.is_empty() {
        return Err(words.refused("nothing says which neighbours"));
    }
    let filter = Filter::new(cx, words, true)?;
    // The kernel keeps a deleted neighbour that is in use, as failed; once is enough.
    flush::flush(cx, filter.list(), |neighbour| filter.passes(neighbour), true)
}

fn read<V: Verb>(cx: &mut Context, words: &Words) -> Result<Order<V>, Failure> {
    let index = match words.text("dev") {
        Some(device) => cx.device(device)?,
        // A proxied address may be one of all links.
        None if words.has("proxy") => 0,
        None => return Err(words.missing("dev")),
    };
    let mut order = match (words.address("proxy"), words.address("to")) {
        (Some(proxy), None) => Order::<V>::proxy(index, proxy),
        (None, Some(to)) if to.is_unspecified() => return Err(words.missing("to")),
        (None, Some(to)) => Order::<V>::new(index, to),
        (Some(_), Some(_)) => return Err(words.wrong("two addresses are given")),
        (None, None) => return Err(words.missing("to")),
    };
    if let Some(lladdr) = words.bytes("lladdr") {
        order = order.lladdr(HardwareAddress::new(lladdr).unwrap_or_default());
    }
    for (word, flag) in [
        ("router", NeighbourFlags::ROUTER),
        ("use", NeighbourFlags::USE),
        ("extern_learn", NeighbourFlags::EXT_LEARNED),
    ] {
        if words.has(word) {
            order = order.flags(flag);
        }
    }
    if words.has("managed") {
        // The kernel resolves it: it begins without a state.
        order = order.extended_flags(NeighbourExtendedFlags::MANAGED).state(NeighbourState::empty());
    }
    if words.has("extern_valid") {
        order = order.extended_flags(NeighbourExtendedFlags::EXT_VALIDATED);
    }
    if let Some(state) = words.number("nud") {
        order = order.state(NeighbourState::from_bits_retain(state));
    }
    if let Some(protocol) = words.number("protocol") {
        order = order.protocol(protocol);
    }
    Ok(order)
}
