//! `nexthop add`, `replace`, `delete` and `flush`.

use super::show::{alone, list};
use crate::context::Context;
use crate::encap;
use crate::failure::{Failure, Outcome};
use crate::flush as flushing;
use crate::options::Family;
use crate::words::{Value, Words};
use netloom::af;
use netloom::nexthop::{self, Nexthop, Order};
use netloom::verb::Verb;
use netloom::wire::{AnyWriter, Write};

/// Gives an order: `nexthop add` and its kin.
pub(super) fn order<V: Verb>(cx: &mut Context, words: &Words) -> Outcome {
    let order: Order<V> = read(cx, words)?;
    cx.order(&order)
}

/// `nexthop delete`.
pub(super) fn delete(cx: &mut Context, words: &Words) -> Outcome {
    cx.order(&nexthop::Delete::new(words.number("id").ok_or_else(|| words.missing("id"))?))
}

/// `nexthop flush`.
pub(super) fn flush(cx: &mut Context, words: &Words) -> Outcome {
    if let Some(id) = words.number("id") {
        alone(words)?;
        return cx.run(&nexthop::Delete::new(id));
    }
    let list = list(cx, words)?;
    // Groups first: a group loses a member that goes, and goes itself with the last.
    if words.is_empty() {
        flushing::flush(cx, list.clone().groups(), |_: &Nexthop| true, false)?;
    }
    flushing::flush(cx, list, |_: &Nexthop| true, false)
}

fn read<V: Verb>(cx: &mut Context, words: &Words) -> Result<Order<V>, Failure> {
    let mut order = words.number("id").map_or_else(Order::unnumbered, Order::new);
    if cx.options.family() == Some(Family::Inet6) {
        order = order.family(af::INET6);
    }
    for (name, value) in words.iter() {
        order = match (name, value) {
            ("via", Value::Via(address, _)) => order.via(*address),
            ("dev", Value::Text(device)) => order.dev(cx.device_given(device)?),
            ("encap", _) => match encap::read(cx, words)? {
                Some(given) => {
                    order.attributes(|w| w.encap(|e: AnyWriter| e.append(&given.attributes)).encap_type(given.kind))
                }
                None => order,
            },
            ("blackhole", _) => order.blackhole(),
            ("fdb", _) => order.fdb(),
            ("onlink", _) => order.onlink(),
            ("group", Value::Several(numbers)) => {
                let members: Vec<(u32, u16)> = numbers
                    .chunks_exact(2)
                    .filter_map(|pair| Some((pair.first()?.number()?, pair.get(1)?.number()?)))
                    .collect();
                order.group(&members)
            }
            ("type", Value::Choice("resilient", args)) => {
                let buckets = args.number("buckets").unwrap_or_default();
                order.resilient(buckets, args.number("idle_timer"), args.number("unbalanced_timer"))
            }
            ("protocol", Value::Number(protocol)) => order.protocol(u8::try_from(*protocol).unwrap_or_default()),
            ("hw_stats", Value::Bool(on)) => order.hw_stats(*on),
            _ => order,
        };
    }
    Ok(order)
}
