//! `rule add`, `delete` and `flush`.

use super::nat::{self, Translating};
use super::show::Filter;
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::flush;
use crate::options::Family;
use crate::words::{Value, Words};
use netloom::rule::{Action, Order};
use netloom::verb::Verb;
use std::net::IpAddr;

/// Gives an order: `rule add` and its kin.
pub(super) fn order<V: Verb>(cx: &mut Context, words: &Words) -> Outcome {
    if words.is_empty() {
        return Err(words.refused("nothing says which rule"));
    }
    let order: Order<V> = read(cx, words)?;
    match words.address("nat") {
        None => cx.order(&order),
        Some(IpAddr::V4(address)) => {
            cx.warn("Warning: route NAT is deprecated");
            let order = order.action(Action::from(nat::ACTION));
            // Unlike other actions, it looks into a table, if only by its header.
            let order = if words.has("table") { order } else { order.table(nat::TABLE) };
            cx.order(&Translating(order, address))
        }
        Some(IpAddr::V6(_)) => Err(words.wrong("nat needs an IPv4 address")),
    }
}

/// `rule flush`: all that pass the filter, but for the kernel's first rule.
pub(super) fn flush(cx: &mut Context, words: &Words) -> Outcome {
    let filter = Filter::new(words);
    let list = super::show::list(&cx.options);
    flush::flush(cx, list, |rule| filter.passes(rule), true)
}

/// The numbers of a word that takes one or several.
pub(super) fn numbers<const N: usize>(words: &Words, name: &str) -> Option<[Option<u32>; N]> {
    words.value(name)?;
    let mut numbers = words.several(name).iter().map(Value::number);
    Some(std::array::from_fn(|_| numbers.next().flatten()))
}

fn read<V: Verb>(cx: &Context, words: &Words) -> Result<Order<V>, Failure> {
    let prefixes = ["from", "to"].map(|name| words.prefix(name));
    let mut addresses = prefixes.iter().flatten().filter_map(|prefix| prefix.address);
    let v6 = match (addresses.next(), cx.options.family()) {
        (Some(address), _) => address.is_ipv6(),
        (None, family) => family == Some(Family::Inet6),
    };
    if addresses.any(|address| address.is_ipv6() != v6) {
        return Err(words.wrong("source and destination are of different families"));
    }
    let mut order = if v6 { Order::v6() } else { Order::v4() };
    let [from, to] = prefixes;
    if let Some((address, length)) = from.and_then(|prefix| Some((prefix.address?, prefix.length))) {
        order = order.src(address, length);
    }
    if let Some((address, length)) = to.and_then(|prefix| Some((prefix.address?, prefix.length))) {
        order = order.dst(address, length);
    }
    macro_rules! set { ($($method:ident = $value:expr;)*) => { $(
        if let Some(value) = $value {
            order = order.$method(value);
        }
    )* } }
    set! {
        priority = preference(words);
        tos = words.number("tos");
        realms = words.number("realms");
        protocol = words.number("protocol");
        suppress_prefix_length = words.number("suppress_prefixlength");
        suppress_group = words.number("suppress_ifgroup");
        iifname = words.text("iif");
        oifname = words.text("oif");
        tunnel_id = words.number("tun_id");
        ip_protocol = words.number("ipproto");
        table = words.number("table");
    }
    if let Some([Some(mark), mask]) = numbers(words, "fwmark") {
        order = order.fwmark(mark);
        if let Some(mask) = mask {
            order = order.fwmask(mask);
        }
    }
    if let Some([Some(first), Some(last)]) = numbers(words, "uidrange") {
        order = order.uid_range(first, last);
    }
    if let Some((first, last, mask)) = ports(words, "sport") {
        order = order.sport(first, last);
        if let Some(mask) = mask {
            order = order.sport_mask(mask);
        }
    }
    if let Some((first, last, mask)) = ports(words, "dport") {
        order = order.dport(first, last);
        if let Some(mask) = mask {
            order = order.dport_mask(mask);
        }
    }
    if let Some([Some(dscp), mask]) = numbers(words, "dscp") {
        order = order.dscp(byte(dscp));
        if let Some(mask) = mask {
            order = order.dscp_mask(byte(mask));
        }
    }
    if let Some([Some(label), Some(mask)]) = numbers(words, "flowlabel") {
        order = order.flowlabel(label).flowlabel_mask(mask);
    }
    if words.has("not") {
        order = order.invert();
    }
    if words.has("l3mdev") {
        if words.has("table") {
            return Err(words.wrong("l3mdev takes no table: the VRF decides"));
        }
        order = order.l3mdev();
    }
    if let Some(target) = words.number("goto") {
        order = order.goto(target);
    }
    match words.latest(&["goto", "nop", "type"]) {
        Some("nop") => order = order.action(Action::Nop),
        Some("type") => order = order.action(Action::from(words.number::<u8>("type").unwrap_or_default())),
        _ => {}
    }
    // The kernel chooses the table of an action that was named.
    if words.has("type") && !words.has("table") {
        order = order.table(0);
    }
    Ok(order)
}

/// The preference, by whichever name it was given.
pub(super) fn preference(words: &Words) -> Option<u32> {
    words.last(&["preference", "order", "priority"])?.number()
}

/// First and last port, and the mask.
pub(super) fn ports(words: &Words, name: &str) -> Option<(u16, u16, Option<u16>)> {
    let [first, last, mask] = numbers::<3>(words, name)?;
    let port = |number: Option<u32>| number.and_then(|number| u16::try_from(number).ok());
    Some((port(first)?, port(last)?, port(mask)))
}

fn byte(number: u32) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX) // the words' readers bound it
}
