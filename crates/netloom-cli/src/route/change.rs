//! `route add`, `change`, `replace`, `prepend`, `append`, `test`, `delete` and `flush`.

use super::destination::{self, Destination};
use super::filter::Filter;
use super::metrics;
use crate::context::Context;
use crate::encap::{self, labels};
use crate::failure::{Failure, Outcome};
use crate::flush as flushing;
use crate::words::{Value, Words};
use netloom::link::{self, LinkData};
use netloom::route::{Hop, Order, Route, RouteType};
use netloom::verb::Verb;
use netloom::wire::{AnyWriter, Write};
use netloom::{Prefix, af};
use std::net::IpAddr;

/// Gives an order: `route add` and its kin.
pub(super) fn order<V: Verb>(cx: &mut Context, words: &Words) -> Outcome {
    let order: Order<V> = read(cx, words)?;
    cx.order(&order)
}

/// `route flush`.
pub(super) fn flush(cx: &mut Context, words: &Words) -> Outcome {
    if words.is_empty() {
        return Err(words.refused("nothing says which routes"));
    }
    let filter = Filter::new(cx, words)?;
    if filter.cached && filter.family != af::INET6 {
        // IPv4 has no cache of routes that messages could remove; this drops what was learned.
        std::fs::write("/proc/sys/net/ipv4/route/flush", "-1")?;
        if filter.family == af::INET {
            return Ok(());
        }
    }
    let list = filter.list.clone();
    flushing::flush(cx, list, |route: &Route| filter.passes(route), false)
}

/// The table of a VRF.
pub(super) fn table_of_vrf(cx: &mut Context, words: &Words, name: &str) -> Result<u32, Failure> {
    let index = cx.device_given(name)?;
    let link = cx.run(&link::Get::new(index))?;
    let table = match link.linkinfo().and_then(|info| info.data()) {
        Some(LinkData::Vrf(vrf)) => vrf.table(),
        _ => None,
    };
    table.ok_or_else(|| words.wrong(format!("{name:?} is not a VRF")))
}

/// The family of a route whose destination is `default` only: that of its first router or source.
fn family_of_addresses(words: &Words) -> Option<u8> {
    let hops = words.groups("nexthop").find_map(|hop| hop.address("via"));
    let from = words.prefix("from").and_then(|from| from.address);
    let named = words.address("via").or_else(|| words.address("src")).or(from).or(hops);
    named.map(af::of)
}

fn read<V: Verb>(cx: &mut Context, words: &Words) -> Result<Order<V>, Failure> {
    let given = words.several("to");
    let (Some(Value::Text(to)), kind) = (given.first(), given.get(1)) else { return Err(words.missing("to")) };
    let to = Destination::read(cx, words, to)?;
    let asked = destination::family(cx);
    let family = to.family().or(asked).or_else(|| family_of_addresses(words)).unwrap_or(af::INET);
    let mut order = match to {
        Destination::Label(label) => Order::label(label),
        _ => Order::new(to.prefix(family).ok_or_else(|| words.missing("to"))?),
    };
    if let Some(kind) = kind.and_then(Value::number::<u8>).or_else(|| words.number("type")) {
        order = order.kind(RouteType::from(kind));
    }
    order = plain(order, words, family)?;
    order = named(cx, order, words)?;
    let given = metrics::read(words)?;
    order = order.metrics(|m| m.append(&given));
    for hop in words.groups("nexthop") {
        order = order.hop(hop_of(cx, hop, family)?);
    }
    Ok(order)
}

/// Words that need nothing but themselves, in their order.
fn plain<V: Verb>(mut order: Order<V>, words: &Words, family: u8) -> Result<Order<V>, Failure> {
    for (name, value) in words.iter() {
        order = match (name, value) {
            ("src", Value::Address(address)) => order.prefsrc(*address),
            ("as", Value::Text(given)) => order.labels(&labels(words, given)?),
            ("via", value) => order.via(via(words, value, family)?),
            ("from", Value::Prefix(from)) => {
                let prefix = from.address.and_then(|address| Prefix::new(address, from.length));
                order.from(prefix.unwrap_or_else(|| destination::default_of(family)))
            }
            ("onlink", _) => order.onlink(),
            _ => match value.number::<u32>() {
                Some(number) => set(order, name, number),
                None => order,
            },
        };
    }
    Ok(order)
}

/// Words whose value is a number.
fn set<V: Verb>(order: Order<V>, name: &str, number: u32) -> Order<V> {
    // The words bound them.
    let byte = u8::try_from(number).unwrap_or(u8::MAX);
    match name {
        "tos" => order.tos(byte),
        "expires" => order.expires(number),
        "metric" => order.priority(number),
        "scope" => order.scope(byte),
        "realms" => order.realms(number),
        "protocol" => order.protocol(byte),
        "table" => order.table(number),
        "pref" => order.pref(byte.into()),
        "ttl-propagate" => order.ttl_propagate(number != 0),
        "nhid" => order.nh_id(number),
        _ => order,
    }
}

/// Words that name links, and encapsulations.
fn named<V: Verb>(cx: &mut Context, mut order: Order<V>, words: &Words) -> Result<Order<V>, Failure> {
    if let Some(given) = encap::read(cx, words)? {
        order = order.attributes(|w| w.encap(|e: AnyWriter| e.append(&given.attributes)).encap_type(given.kind));
    }
    if let Some(vrf) = words.text("vrf") {
        order = order.table(table_of_vrf(cx, words, vrf)?);
    }
    if let Some(device) = words.text("dev") {
        order = order.dev(cx.device(device)?);
    }
    Ok(order)
}

/// A router's address. That of another family than the route's must say so.
fn via(words: &Words, value: &Value, family: u8) -> Result<IpAddr, Failure> {
    match value {
        Value::Via(address, named) if *named || af::of(*address) == family => Ok(*address),
        Value::Via(address, _) => {
            let named = if address.is_ipv6() { "inet6" } else { "inet" };
            Err(words
                .refused(format!("via: {address} is of another family than the route: say `via {named} {address}`")))
        }
        _ => Err(words.missing("via")),
    }
}

fn hop_of(cx: &mut Context, words: &Words, family: u8) -> Result<Hop, Failure> {
    let mut hop = Hop::new();
    for (name, value) in words.iter() {
        hop = match (name, value) {
            ("via", value) => hop.via(via(words, value, family)?),
            ("dev", Value::Text(device)) => hop.dev(cx.device(device)?),
            ("weight", Value::Number(weight)) => hop.weight(u16::try_from(*weight).unwrap_or(u16::MAX)),
            ("onlink", _) => hop.onlink(),
            ("realms", Value::Number(realms)) => hop.realms(u32::try_from(*realms).unwrap_or(u32::MAX)),
            ("as", Value::Text(given)) => hop.labels(&labels(words, given)?),
            ("encap", _) => match encap::read(cx, words)? {
                Some(given) => {
                    hop.attributes(|w| w.encap(|e: AnyWriter| e.append(&given.attributes)).encap_type(given.kind))
                }
                None => hop,
            },
            _ => hop,
        };
    }
    Ok(hop)
}
