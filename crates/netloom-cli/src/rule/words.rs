//! The words of `rule`.

use crate::named;
use crate::route::ANY_TYPE;
use crate::words::{Input, Kind, Value, Word, flag, word};

/// A rule.
pub(super) const RULE: &[Word] = &selectors(false);
/// A filter, when rules are shown or flushed.
pub(super) const FILTER: &[Word] = &selectors(true);

/// The words of both. What has no keyword is a rule's action, but a filter's destination.
const fn selectors(filter: bool) -> [Word; 27] {
    let from = word("from", Kind::Prefix, "source");
    let table = word("table", named::TABLE, "look into this table").prefix();
    let to = word("to", Kind::Prefix, "destination");
    let action = word("type", ANY_TYPE, "what is done, by the names and numbers of routes' types");
    [
        flag("not", "matches what the selectors do not"),
        if filter { from.prefix().like(&["src"]) } else { from },
        if filter { to.prefix().like(&["dst"]).bare() } else { to },
        word("preference", Kind::U32, "order among the rules, lower is asked first").prefix(),
        word("order", Kind::U32, "the same as preference").prefix(),
        word("priority", Kind::U32, "the same as preference").prefix(),
        word("tos", named::DS_FIELD, "type of service").like(&["dsfield"]),
        word("fwmark", Kind::Custom("MARK[/MASK]", mark), "mark of the packet"),
        word("realms", Kind::Custom("[FROM/]TO", named::realms), "realms").prefix(),
        word("protocol", named::PROTOCOL, "who made the rule").prefix(),
        word("tun_id", Kind::U64, "tunnel that the packet came by").prefix(),
        if filter { table.like(&["lookup"]) } else { table.alias(&["lookup"]) },
        word(
            "suppress_prefixlength",
            Kind::Number(0, i32::MAX as u64),
            "refuse routes with a prefix this long or shorter",
        )
        .alias(&["sup_pl"])
        .prefix(),
        word("suppress_ifgroup", named::GROUP, "refuse routes over links of this group").alias(&["sup_group"]).prefix(),
        word("iif", Kind::Device, "link that a packet came in by").alias(&["dev"]),
        word("oif", Kind::Device, "link that a socket is bound to"),
        flag("l3mdev", "look into the table of the VRF that the packet's link belongs to"),
        word("uidrange", Kind::Custom("FIRST-LAST", uid_range), "users whose sockets match"),
        word("ipproto", named::IP_PROTOCOL, "protocol above IP"),
        word("sport", Kind::Custom("PORT[-LAST | /MASK]", ports), "source ports"),
        word("dport", Kind::Custom("PORT[-LAST | /MASK]", ports), "destination ports"),
        word("dscp", Kind::Custom("DSCP[/MASK]", dscp), "DSCP"),
        word("flowlabel", Kind::Custom("LABEL[/MASK]", flow_label), "IPv6 flow label"),
        word("goto", Kind::U32, "go on with the rule of this preference").prefix(),
        flag("nop", "do nothing").prefix(),
        word("nat", Kind::Address, "an address to translate to; kernels have no route NAT any more").like(&["map-to"]),
        if filter { action } else { action.bare() },
    ]
}

/// Reads `VALUE[/MASK]`, both at most `most`; without a mask all bits count.
fn masked(input: &mut Input<'_>, what: &str, most: u32) -> Result<(u32, Option<u32>), String> {
    let given = input.need(what)?;
    let (value, mask) = match given.split_once('/') {
        Some((value, mask)) => (value, Some(mask)),
        None => (given, None),
    };
    let bad = || format!("{given:?} is not {what}");
    let read = |text: &str| number(text).filter(|number| *number <= most);
    let mask = mask.map(|mask| read(mask).ok_or_else(bad)).transpose()?;
    Ok((read(value).ok_or_else(bad)?, mask))
}

fn number(text: &str) -> Option<u32> {
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None if text.len() > 1 && text.starts_with('0') => (text, 8),
        None => (text, 10),
    };
    u32::from_str_radix(digits, radix).ok().filter(|_| !digits.starts_with('+'))
}

fn pair(first: u32, second: Option<u32>) -> Value {
    Value::Several([Some(first), second].into_iter().flatten().map(|number| Value::Number(number.into())).collect())
}

fn mark(input: &mut Input<'_>) -> Result<Value, String> {
    masked(input, "MARK[/MASK]", u32::MAX).map(|(mark, mask)| pair(mark, mask))
}

fn dscp(input: &mut Input<'_>) -> Result<Value, String> {
    use netloom::names::{NameKind, Names};
    // Names are those of the whole field; the DSCP is its upper six bits.
    let named = input.peek().and_then(|given| {
        let (number, _) = Names::system().iter(NameKind::DsField).find(|(_, name)| *name == given)?;
        (number & 3 == 0).then_some(number >> 2)
    });
    if let Some(number) = named {
        input.take();
        return Ok(pair(number, None));
    }
    masked(input, "DSCP[/MASK]", 0x3f).map(|(dscp, mask)| pair(dscp, mask))
}

fn flow_label(input: &mut Input<'_>) -> Result<Value, String> {
    masked(input, "LABEL[/MASK]", 0xf_ffff).map(|(label, mask)| pair(label, Some(mask.unwrap_or(0xf_ffff))))
}

fn uid_range(input: &mut Input<'_>) -> Result<Value, String> {
    let given = input.need("FIRST-LAST")?;
    let range = given.split_once('-').and_then(|(first, last)| Some((number(first)?, number(last)?)));
    let (first, last) = range.ok_or_else(|| format!("{given:?} is not FIRST-LAST"))?;
    Ok(pair(first, Some(last)))
}

/// Ports: first, last, and a mask where one is given.
fn ports(input: &mut Input<'_>) -> Result<Value, String> {
    let port = |text: &str| number(text).filter(|port| *port <= 0xffff);
    if let Some((first, last)) = input.peek().and_then(|given| given.split_once('-')) {
        let range = port(first).zip(port(last)).ok_or_else(|| format!("\"{first}-{last}\" is not a range of ports"))?;
        input.take();
        return Ok(pair(range.0, Some(range.1)));
    }
    let (port, mask) = masked(input, "PORT[-LAST | /MASK]", 0xffff)?;
    let numbers = [Some(port), Some(port), mask.filter(|mask| *mask != 0xffff)];
    Ok(Value::Several(numbers.into_iter().flatten().map(|number| Value::Number(number.into())).collect()))
}
