//! `address add`, `change`, `replace`, `delete` and `flush`.

use super::filter::Filter;
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::flush;
use crate::words::{Prefix, Value, Words};
use netloom::address::{self, Address, AddressFlags, FOREVER, Order};
use netloom::verb::Verb;
use std::net::{IpAddr, Ipv4Addr};

/// Gives an order: `address add` and its kin.
pub(super) fn order<V: Verb>(cx: &mut Context, words: &Words) -> Outcome {
    let order: Order<V> = read(cx, words)?;
    cx.order(&order)
}

/// `address delete`.
pub(super) fn delete(cx: &mut Context, words: &Words) -> Outcome {
    let delete: address::Delete = read(cx, words)?;
    match (words.prefix("local"), words.has("peer"), words.text("dev")) {
        // As iproute2 has it for old scripts: without a length, any.
        (Some(Prefix { address: Some(IpAddr::V4(own)), explicit: false, .. }), false, Some(device)) => {
            let index = cx.device(device)?;
            cx.order(&address::Delete::with_any_prefix(index, own))
        }
        _ => cx.order(&delete),
    }
}

/// `address flush`.
pub(super) fn flush(cx: &mut Context, words: &Words) -> Outcome {
    if words.is_empty() {
        return Err(words.refused("nothing says which addresses"));
    }
    let filter = Filter::new(cx, words)?;
    if filter.links_alone {
        return Err(words.wrong("addresses of links themselves cannot be removed"));
    }
    let addresses = cx.run(&address::List::family(filter.family))?;
    for address in &addresses {
        cx.learn_device(address.index())?;
    }
    // Without its primary address the kernel promotes a secondary one, which must stay here.
    let once = filter.primary_only();
    let devices = std::mem::take(&mut cx.devices);
    let passes = |address: &Address| filter.passes(address, &devices.name(address.index()));
    let flushed = flush::flush(cx, address::List::family(filter.family), passes, once);
    cx.devices = devices;
    flushed
}

fn read<V: Verb>(cx: &mut Context, words: &Words) -> Result<Order<V>, Failure> {
    let local = words.prefix("local");
    let peer = words.prefix("peer");
    let device = words.text("dev").ok_or_else(|| words.lacking("dev"))?;
    let own = local.and_then(|local| local.address).ok_or_else(|| words.missing("local"))?;
    if peer.and_then(|peer| peer.address).is_some_and(|peer| peer.is_ipv6() != own.is_ipv6()) {
        return Err(words.refused("the address and its peer are of different families"));
    }
    let length = peer.or(local).map_or(0, |prefix| prefix.length);
    let mut order = Order::<V>::new(cx.device(device)?, own, length);
    if let Some(peer) = peer.and_then(|peer| peer.address) {
        order = order.peer(peer);
    }
    match words.value("broadcast") {
        Some(Value::Address(IpAddr::V4(broadcast))) => order = order.broadcast(*broadcast),
        Some(Value::Text(sign)) if !V::DELETES => {
            if let Some(broadcast) = broadcast(words, peer.or(local), sign == "+")? {
                order = order.broadcast(broadcast);
            }
        }
        _ => {}
    }
    macro_rules! set { ($($method:ident = $name:literal;)*) => { $(
        if let Some(value) = words.number($name) {
            order = order.$method(value);
        }
    )* } }
    set! { scope = "scope"; metric = "metric"; protocol = "proto"; valid = "valid_lft"; preferred = "preferred_lft"; }
    if let Some(anycast) = words.address("anycast") {
        order = order.anycast(anycast);
    }
    if let Some(label) = words.text("label") {
        order = order.label(label);
    }
    lifetimes(words)?;
    let mut flags = AddressFlags::empty();
    for (name, flag) in super::words::FLAGS.iter().filter(|(name, _)| words.has(name)) {
        if !ADDABLE.contains(name) {
            cx.warn(&format!("Warning: {name} option is not mutable from userspace"));
        } else if own.is_ipv4() && *flag != AddressFlags::NOPREFIXROUTE && *flag != AddressFlags::MCAUTOJOIN {
            cx.warn(&format!("Warning: {name} option can be set only for IPv6 addresses"));
        } else {
            flags |= *flag;
        }
    }
    if flags.contains(AddressFlags::MCAUTOJOIN) && !own.is_multicast() {
        return Err(words.refused("autojoin needs a multicast address"));
    }
    Ok(order.flags(flags))
}

/// The flags that an address can be given.
const ADDABLE: [&str; 6] = ["home", "nodad", "optimistic", "mngtmpaddr", "noprefixroute", "autojoin"];

/// Says what the kernel would only call an invalid argument.
fn lifetimes(words: &Words) -> Outcome {
    let valid = words.number::<u32>("valid_lft").unwrap_or(FOREVER);
    let preferred = words.number::<u32>("preferred_lft").unwrap_or(FOREVER);
    if words.has("valid_lft") && valid == 0 {
        return Err(words.refused("valid_lft is zero"));
    }
    if (words.has("valid_lft") || words.has("preferred_lft")) && valid < preferred {
        return Err(words.refused("preferred_lft is greater than valid_lft"));
    }
    Ok(())
}

/// The address of a prefix with all bits behind it set or cleared; none in a prefix too long for a broadcast address.
fn broadcast(words: &Words, prefix: Option<Prefix>, set: bool) -> Result<Option<Ipv4Addr>, Failure> {
    let Some((IpAddr::V4(address), length)) = prefix.and_then(|prefix| Some((prefix.address?, prefix.length))) else {
        return Err(words.wrong("only an IPv4 address has a broadcast address"));
    };
    let host = u32::MAX.checked_shr(length.into()).unwrap_or_default();
    let bits = if set { u32::from(address) | host } else { u32::from(address) & !host };
    Ok((length <= 30).then(|| bits.into()))
}
