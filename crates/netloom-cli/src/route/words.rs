//! The words of `route`.

use super::metrics;
use crate::encap::ENCAPS;
use crate::named;
use crate::words::{Input, Kind, Value, Word, flag, word};

/// What routes do with packets.
pub(super) const TYPES: &[(&str, u64)] = &[
    ("unicast", 1),
    ("local", 2),
    ("broadcast", 3),
    ("brd", 3),
    ("anycast", 4),
    ("multicast", 5),
    ("blackhole", 6),
    ("unreachable", 7),
    ("prohibit", 8),
    ("throw", 9),
    ("nat", 10),
    ("xresolve", 11),
];

/// One of several next hops.
const HOP: &[Word] = &[
    word("via", Kind::Via, "router"),
    word("dev", Kind::Device, "link"),
    word("weight", Kind::Number(1, 256), "share of the packets"),
    flag("onlink", "the router is on the link, whatever the addresses say"),
    word("realms", Kind::Custom("[FROM/]TO", named::realms), "realms").prefix(),
    word("encap", Kind::Choice(ENCAPS), "put packets into this"),
    word("as", Kind::Custom("[ to ] LABEL/…", swap), "labels that replace the packet's"),
];

/// `route add` and its kin.
pub(super) const ROUTE: &[Word] = &[
    word("src", Kind::Address, "source for packets of this machine"),
    word("as", Kind::Custom("[ to ] LABEL/…", swap), "labels that replace the packet's"),
    word("via", Kind::Via, "router"),
    word("from", Kind::Prefix, "source that packets must have"),
    word("tos", named::DS_FIELD, "type of service").alias(&["dsfield"]),
    word("expires", Kind::U32, "seconds until it is removed"),
    word("metric", Kind::U32, "order among routes to the same destination, lower comes first")
        .prefix()
        .alias(&["priority", "preference"]),
    word("scope", named::SCOPE, "how far away the destination is"),
    word("mtu", metrics::NUMBER, "largest packet"),
    word("hoplimit", metrics::NUMBER, "hop limit"),
    word("advmss", metrics::NUMBER, "largest segment to announce"),
    word("reordering", metrics::NUMBER, "how far packets may be out of order").prefix(),
    word("rtt", metrics::TIME, "round trip time"),
    word("rto_min", metrics::TIME, "least retransmission timeout"),
    word("window", metrics::NUMBER, "largest window to announce").prefix(),
    word("cwnd", metrics::NUMBER, "clamp of the congestion window").prefix(),
    word("initcwnd", metrics::NUMBER, "initial congestion window").prefix(),
    word("initrwnd", metrics::NUMBER, "initial receive window").prefix(),
    word("features", metrics::FEATURES, "what connections may use").prefix(),
    word("quickack", Kind::Number(0, 1), "1: acknowledge at once").prefix(),
    word("congctl", metrics::NAME, "congestion control").prefix(),
    word("rttvar", metrics::TIME, "variance of the round trip time").prefix(),
    word("ssthresh", metrics::NUMBER, "slow start threshold").prefix(),
    word("realms", Kind::Custom("[FROM/]TO", named::realms), "realms").prefix(),
    flag("onlink", "the router is on the link, whatever the addresses say"),
    word("nexthop", Kind::Group(HOP), "one of several next hops").repeat(),
    word("protocol", named::PROTOCOL, "who makes the route").prefix(),
    word("table", named::TABLE, "the table").prefix(),
    word("vrf", Kind::Device, "the table of this VRF"),
    word("dev", Kind::Device, "link").alias(&["oif"]),
    word("pref", Kind::Custom("{ low | medium | high }", preference), "preference among default routers").prefix(),
    word("encap", Kind::Choice(ENCAPS), "put packets into this"),
    word("ttl-propagate", Kind::OneOf(&[("enabled", 1), ("disabled", 0)]), "take the time to live into the label"),
    word("fastopen_no_cookie", Kind::Number(0, 1), "1: TCP Fast Open without a cookie").prefix(),
    word("nhid", Kind::U32, "next hop object"),
    word("type", Kind::OneOf(TYPES), "what is done with packets").value_only(),
    word("to", Kind::Custom("[ TYPE ] PREFIX", typed), "destination").bare(),
];

/// `route show`, `flush`, `save`.
pub(super) const SHOW: &[Word] = &[
    word("table", Kind::Custom("{ TABLE | all | cache }", table), "only this table; main if none is named").prefix(),
    word("vrf", Kind::Device, "only the table of this VRF"),
    flag("cached", "those of the cache").alias(&["cloned"]).prefix(),
    word("tos", named::DS_FIELD, "only with this type of service").alias(&["dsfield"]),
    word("protocol", Kind::Custom("{ RTPROTO | all }", protocol), "only those of this protocol").prefix(),
    word("scope", Kind::Custom("{ SCOPE | all }", scope), "only with this scope").prefix(),
    word("type", Kind::OneOf(TYPES), "only those that do this").prefix(),
    word("dev", Kind::Device, "only over this link").alias(&["oif"]),
    word("iif", Kind::Device, "only for packets from this link"),
    word("mark", Kind::U32, "only for this mark"),
    word("metric", Kind::U32, "only with this metric").prefix().alias(&["priority", "preference"]),
    word("via", Kind::Custom("[ FAMILY ] PREFIX", via), "only by a router in this prefix"),
    word("src", Kind::Prefix, "only with this source for packets of this machine"),
    word("realms", Kind::Custom("{ TO | FROM/ | FROM/TO }", realms), "only with these realms").prefix(),
    word("nhid", Kind::U32, "only by this next hop object"),
    word("from", Kind::Custom("[ root | match | exact ] PREFIX", selector), "only for packets from there").repeat(),
    word("to", Kind::Custom("[ root | match | exact ] PREFIX", selector), "only to there").bare().repeat(),
];

/// `route get`.
pub(super) const GET: &[Word] = &[
    word("from", Kind::Address, "source"),
    word("iif", Kind::Device, "link that the packet came in by"),
    word("oif", Kind::Device, "link that the socket is bound to").alias(&["dev"]),
    word("tos", named::DS_FIELD, "type of service").alias(&["dsfield"]).repeat(),
    word("mark", Kind::U32, "mark"),
    word("notify", Kind::Flag, "notify when the route changes").prefix(),
    word("vrf", Kind::Device, "VRF"),
    word("uid", Kind::U32, "user"),
    flag("connected", "the route of a socket that is bound to the source that was found"),
    flag("fibmatch", "the entry that matched, not what became of it"),
    word("ipproto", named::IP_PROTOCOL, "protocol above IP"),
    word("sport", Kind::U16, "source port"),
    word("dport", Kind::U16, "destination port"),
    word("flowlabel", Kind::Number(0, 0xf_ffff), "flow label"),
    word("as", Kind::Custom("[ to ] LABEL/…", swap), "labels beneath the one of the destination"),
    word("to", Kind::Text("ADDRESS"), "destination").bare(),
];

/// What [`SHOW`] has for "all".
pub(super) const ALL: &str = "all";

fn swap(input: &mut Input<'_>) -> Result<Value, String> {
    input.take_if("to");
    Ok(Value::Text(input.need("LABEL")?.to_owned()))
}

/// A destination, perhaps with its type before it.
fn typed(input: &mut Input<'_>) -> Result<Value, String> {
    let given = input.need("PREFIX")?;
    match TYPES.iter().find(|(name, _)| *name == given) {
        Some((_, number)) => {
            let to = input.need("PREFIX")?;
            Ok(Value::Several(vec![Value::Text(to.to_owned()), Value::Number(*number)]))
        }
        None => Ok(Value::Several(vec![Value::Text(given.to_owned())])),
    }
}

fn preference(input: &mut Input<'_>) -> Result<Value, String> {
    let given = input.need("PREFERENCE")?;
    let number = match given {
        "low" => Some(3),
        "medium" => Some(0),
        "high" => Some(1),
        other => other.parse::<u8>().ok(),
    };
    number.map(|number| Value::Number(number.into())).ok_or_else(|| format!("{given:?} is not a preference"))
}

/// A name out of the system's files, or one of `others`, which stays a text.
fn or_word(
    input: &mut Input<'_>,
    read: fn(&mut Input<'_>) -> Result<Value, String>,
    others: &[&str],
) -> Result<Value, String> {
    match input.peek() {
        Some(given) if others.contains(&given) => {
            input.take();
            Ok(Value::Text(given.to_owned()))
        }
        _ => read(input),
    }
}

fn table(input: &mut Input<'_>) -> Result<Value, String> {
    or_word(input, named::table, &[ALL, "cache"])
}

fn protocol(input: &mut Input<'_>) -> Result<Value, String> {
    or_word(input, named::protocol, &[ALL])
}

fn scope(input: &mut Input<'_>) -> Result<Value, String> {
    or_word(input, named::scope, &[ALL])
}

/// A router: a family that may be named, then a prefix.
fn via(input: &mut Input<'_>) -> Result<Value, String> {
    if matches!(input.peek(), Some("inet" | "inet6")) {
        input.take();
    }
    Ok(Value::Text(input.need("PREFIX")?.to_owned()))
}

/// Realms, and which of their bits count: a part that is not given does not.
fn realms(input: &mut Input<'_>) -> Result<Value, String> {
    let given = input.peek().unwrap_or_default();
    let (realms, mask) = match given.strip_suffix('/') {
        Some(from) => {
            let from = named::realm(from).ok_or_else(|| format!("{from:?} is not a realm"))?;
            input.take();
            (from << 16, 0xffff_0000)
        }
        None => {
            let mask = if given.contains('/') { u32::MAX } else { 0xffff };
            (named::realms(input)?.number().unwrap_or_default(), mask)
        }
    };
    Ok(Value::Several([realms, mask].map(|number| Value::Number(number.into())).into()))
}

/// How much of a prefix is meant, and the prefix.
fn selector(input: &mut Input<'_>) -> Result<Value, String> {
    let how = match input.peek() {
        Some(how @ ("root" | "match" | "exact")) => {
            input.take();
            how
        }
        _ => "exact",
    };
    let prefix = input.need("PREFIX")?;
    Ok(Value::Several(vec![Value::Text(how.to_owned()), Value::Text(prefix.to_owned())]))
}
