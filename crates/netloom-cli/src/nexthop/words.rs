//! The words of `nexthop`.

use crate::encap::ENCAPS;
use crate::named;
use crate::words::{Case, Input, Kind, Value, Word, flag, number, word};

const RESILIENT: &[Word] = &[
    word("buckets", Kind::Number(1, 65_535), "how many buckets"),
    word("idle_timer", Kind::Custom("SECONDS", seconds), "how long without packets a bucket may be moved"),
    word("unbalanced_timer", Kind::Custom("SECONDS", seconds), "how long shares may be wrong"),
];

const GROUP_TYPES: &[Case] = &[
    Case { name: "mpath", about: "flows are shared out by a hash", words: &[] },
    Case { name: "resilient", about: "flows keep their member", words: RESILIENT },
];

/// `nexthop add` and `replace`.
pub(super) const NEXTHOP: &[Word] = &[
    word("id", Kind::Number(1, u32::MAX as u64), "identifier; the kernel chooses one if none is given"),
    word("dev", Kind::Device, "link"),
    word("via", Kind::Via, "router"),
    word("encap", Kind::Choice(ENCAPS), "put packets into this"),
    flag("blackhole", "drop packets"),
    flag("fdb", "for entries of forwarding databases"),
    flag("onlink", "the router is on the link, whatever the addresses say"),
    word("group", Kind::Custom("ID[,WEIGHT]/…", members), "members of a group"),
    word("type", Kind::Choice(GROUP_TYPES), "sort of group"),
    word("protocol", named::PROTOCOL, "who makes it").prefix(),
    word("hw_stats", Kind::OnOff, "whether hardware counts packets"),
];

/// `nexthop get` and `delete`.
pub(super) const ID: &[Word] = &[word("id", Kind::Number(1, u32::MAX as u64), "identifier")];

/// `nexthop list` and `flush`.
pub(super) const SHOW: &[Word] = &[
    word("dev", Kind::Device, "only by this link").prefix(),
    flag("groups", "only groups").prefix(),
    word("master", Kind::Device, "only by a port of this link").prefix(),
    word("vrf", Kind::Device, "only by a link of this VRF").prefix(),
    word("id", Kind::Number(1, u32::MAX as u64), "only this one"),
    word("protocol", named::PROTOCOL, "only those of this protocol").prefix(),
    flag("fdb", "only those for forwarding databases").prefix(),
];

/// `nexthop bucket list`.
pub(super) const BUCKETS: &[Word] = &[
    word("dev", Kind::Device, "only those whose member goes by this link").prefix(),
    word("master", Kind::Device, "only those whose member goes by a port of this link").prefix(),
    word("vrf", Kind::Device, "only those whose member goes by a link of this VRF").prefix(),
    word("id", Kind::Number(1, u32::MAX as u64), "only of this group"),
    word("nhid", Kind::Number(1, u32::MAX as u64), "only of this member"),
];

/// `nexthop bucket get`.
pub(super) const BUCKET: &[Word] =
    &[word("id", Kind::Number(1, u32::MAX as u64), "the group"), word("index", Kind::U16, "index of the bucket")];

/// Members with their weights: pairs of numbers.
fn members(input: &mut Input<'_>) -> Result<Value, String> {
    let given = input.need("ID")?;
    let member = |text: &str| {
        let (id, weight) = text.split_once(',').unwrap_or((text, "1"));
        let id = number(id).filter(|id| (1..=u32::MAX.into()).contains(id))?;
        let weight = number(weight).filter(|weight| (1..=65_535).contains(weight))?;
        Some([Value::Number(id), Value::Number(weight)])
    };
    let members: Option<Vec<[Value; 2]>> = given.split('/').map(member).collect();
    let members = members.ok_or_else(|| format!("{given:?} is not a list of ID[,WEIGHT]"))?;
    Ok(Value::Several(members.into_iter().flatten().collect()))
}

/// Seconds, as hundredths.
fn seconds(input: &mut Input<'_>) -> Result<Value, String> {
    let given = input.need("SECONDS")?;
    let hundredths = number(given).and_then(|seconds| u32::try_from(seconds.checked_mul(100)?).ok());
    hundredths.map(|number| Value::Number(number.into())).ok_or_else(|| format!("{given:?} is not a number of seconds"))
}
