//! The words of `route`.

use super::metrics;
use crate::encap::ENCAPS;
use crate::named;
use crate::words::{Input, Kind, Value, Word, abbreviates, flag, number, word};

/// What routes do with packets.
pub(super) const TYPES: &[(&str, u64)] = &[
    ("local", 2),
    ("nat", 10),
    ("broadcast", 3),
    ("brd", 3),
    ("anycast", 4),
    ("multicast", 5),
    ("prohibit", 8),
    ("unreachable", 7),
    ("blackhole", 6),
    ("xresolve", 11),
    ("unicast", 1),
    ("throw", 9),
];
const TYPE: Kind = Kind::Abbreviated(TYPES);
/// One of these, or any number of a type.
pub(crate) const ANY_TYPE: Kind =
    Kind::Custom("{ unicast | blackhole | unreachable | prohibit | NUMBER | … }", any_type);

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
    word("via", Kind::Via, "router").once(),
    word("from", Kind::Prefix, "source that packets must have"),
    word("tos", named::DS_FIELD, "type of service").like(&["dsfield"]),
    word("expires", Kind::U32, "seconds until it is removed"),
    word("metric", Kind::U32, "order among routes to the same destination, lower comes first")
        .prefix()
        .like(&["priority"])
        .alias(&["preference"]),
    word("scope", named::SCOPE, "how far away the destination is"),
    word("mtu", metrics::NUMBER, "largest packet"),
    word("hoplimit", metrics::HOP_LIMIT, "hop limit"),
    word("advmss", metrics::NUMBER, "largest segment to announce"),
    word("reordering", metrics::NUMBER, "how far packets may be out of order").prefix(),
    word("rtt", metrics::TIME, "round trip time"),
    word("rto_min", metrics::LOCKED_TIME, "least retransmission timeout"),
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
    word("vrf", Kind::Device, "the table of this VRF").prefix(),
    word("dev", Kind::Device, "link").alias(&["oif"]),
    word("pref", Kind::Custom("{ low | medium | high }", preference), "preference among default routers").prefix(),
    word("encap", Kind::Choice(ENCAPS), "put packets into this"),
    word(
        "ttl-propagate",
        Kind::Abbreviated(&[("enabled", 1), ("disabled", 0)]),
        "take the time to live into the label",
    ),
    word("fastopen_no_cookie", Kind::Number(0, 1), "1: TCP Fast Open without a cookie").prefix(),
    word("nhid", Kind::U32, "next hop object"),
    word("type", TYPE, "what is done with packets").value_only().once(),
    word("to", Kind::Custom("[ TYPE ] PREFIX", typed), "destination").bare().once(),
];

/// `route show`, `flush`, `save`.
pub(super) const SHOW: &[Word] = &[
    word("table", Kind::Custom("{ TABLE | all | cache }", table), "only this table; main if none is named").prefix(),
    word("vrf", Kind::Device, "only the table of this VRF").prefix(),
    flag("cached", "those of the cache").prefix().like(&["cloned"]),
    word("tos", named::DS_FIELD, "only with this type of service").like(&["dsfield"]),
    word("protocol", Kind::Custom("{ RTPROTO | all }", protocol), "only those of this protocol").prefix(),
    word("scope", Kind::Custom("{ SCOPE | all }", scope), "only with this scope").prefix(),
    word("type", ANY_TYPE, "only those that do this").prefix(),
    word("dev", Kind::Device, "only over this link").alias(&["oif"]),
    word("iif", Kind::Device, "only for packets from this link"),
    word("mark", Kind::U32, "only for this mark"),
    word("metric", Kind::U32, "only with this metric").prefix().like(&["priority"]).alias(&["preference"]),
    word("via", Kind::Addresses("[ FAMILY ] PREFIX", via), "only by a router in this prefix"),
    word("src", Kind::Prefix, "only with this source for packets of this machine"),
    word("realms", Kind::Custom("{ TO | FROM/ | FROM/TO }", realms), "only with these realms").prefix(),
    word("nhid", Kind::U32, "only by this next hop object"),
    word("from", Kind::Custom("[ root | match | exact ] PREFIX", selector), "only for packets from there")
        .prefix()
        .repeat(),
    word("to", Kind::Custom("[ root | match | exact ] PREFIX", selector), "only to there").prefix().bare().repeat(),
];

/// `route get`.
pub(super) const GET: &[Word] = &[
    word("from", Kind::Address, "source").prefix(),
    word("iif", Kind::Device, "link that the packet came in by").prefix(),
    word("oif", Kind::Device, "link that the socket is bound to").prefix().alias(&["dev"]),
    word("tos", named::DS_FIELD, "type of service").like(&["dsfield"]),
    word("mark", Kind::U32, "mark").prefix(),
    word("notify", Kind::Flag, "notify when the route changes").prefix(),
    word("vrf", Kind::Device, "VRF").prefix(),
    word("uid", Kind::U32, "user").prefix(),
    flag("connected", "the route of a socket that is bound to the source that was found").prefix(),
    flag("fibmatch", "the entry that matched, not what became of it").prefix(),
    word("ipproto", named::IP_PROTOCOL, "protocol above IP").prefix(),
    word("sport", Kind::U16, "source port").prefix(),
    word("dport", Kind::U16, "destination port").prefix(),
    word("flowlabel", Kind::Number(0, 0xf_ffff), "flow label").prefix(),
    word("as", Kind::Custom("[ to ] LABEL/…", swap), "labels beneath the one of the destination"),
    word("to", Kind::Text("ADDRESS"), "destination").bare().repeat(),
];

/// What [`SHOW`] has for "all".
pub(super) const ALL: &str = "all";

fn swap(input: &mut Input<'_>) -> Result<Value, String> {
    input.take_if("to");
    Ok(Value::Text(input.need("LABEL")?.to_owned()))
}

fn any_type(input: &mut Input<'_>) -> Result<Value, String> {
    let given = input.need("TYPE")?;
    let number = TYPE.number_of(given).or_else(|| number(given).filter(|number| *number <= 255));
    number.map(Value::Number).ok_or_else(|| format!("{given:?} is not a type"))
}

/// A destination, perhaps with its type before it.
fn typed(input: &mut Input<'_>) -> Result<Value, String> {
    let given = input.need("PREFIX")?;
    match TYPE.number_of(given) {
        Some(number) => {
            let to = input.need("PREFIX")?;
            Ok(Value::Several(vec![Value::Text(to.to_owned()), Value::Number(number)]))
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

/// Realms with the bits that count: a part that is missing does not.
fn realms(input: &mut Input<'_>) -> Result<Value, String> {
    let (to_missing, from_missing) = match input.peek() {
        Some(given) => (given.ends_with('/'), !given.contains('/') || given.starts_with('/')),
        None => (false, false),
    };
    let realms = named::realms(input)?;
    let number = realms.number().unwrap_or(0u32);
    let without = |missing: bool, part: u32| if missing && number & part == 0 { part } else { 0 };
    let mask = !(without(to_missing, 0xffff) | without(from_missing, 0xffff_0000));
    Ok(Value::Several(vec![realms, Value::Number(mask.into())]))
}

/// How much of a prefix is meant, and the prefix.
fn selector(input: &mut Input<'_>) -> Result<Value, String> {
    let how = match input.peek() {
        Some(given) => match ["root", "match", "exact"].into_iter().find(|how| abbreviates(given, how)) {
            Some(how) => {
                input.take();
                how
            }
            None => "exact",
        },
        None => "exact",
    };
    let prefix = input.need("PREFIX")?;
    Ok(Value::Several(vec![Value::Text(how.to_owned()), Value::Text(prefix.to_owned())]))
}
