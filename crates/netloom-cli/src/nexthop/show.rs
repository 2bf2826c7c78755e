//! `nexthop list`, `get` and `bucket`.

use crate::context::Context;
use crate::devices::Devices;
use crate::encap;
use crate::failure::{Failure, Outcome};
use crate::named;
use crate::options::{Family, Options};
use crate::out::{Paint, Record};
use crate::route;
use crate::words::Words;
use netloom::af;
use netloom::names::NameKind;
use netloom::nexthop::{Bucket, Get, GetBucket, GroupType, List, ListBuckets, Nexthop, OperationFlags, ResilientGroup};
use netloom::route::RouteFlags;

/// `nexthop list`.
pub(super) fn show(cx: &mut Context, words: &Words) -> Outcome {
    if words.has("id") {
        alone(words)?;
        return get(cx, words);
    }
    let list = list(cx, words)?.stats(stats(&cx.options));
    let nexthops = cx.run(&list)?;
    print(cx, || nexthops.iter())
}

/// That nothing is said beside the identifier, which says it all.
pub(super) fn alone(words: &Words) -> Outcome {
    match words.iter().count() {
        1 => Ok(()),
        _ => Err(words.wrong("beside id nothing may be said")),
    }
}

/// `nexthop get`.
pub(super) fn get(cx: &mut Context, words: &Words) -> Outcome {
    let id = words.number("id").ok_or_else(|| words.missing("id"))?;
    let nexthop = cx.run(&Get::new(id).stats(stats(&cx.options)))?;
    print(cx, || std::iter::once(&*nexthop))
}

/// Which counters are asked for.
fn stats(options: &Options) -> OperationFlags {
    match options.statistics {
        0 => OperationFlags::empty(),
        1 => OperationFlags::STATS,
        _ => OperationFlags::STATS | OperationFlags::HW_STATS,
    }
}

/// The question that the words ask.
pub(super) fn list(cx: &mut Context, words: &Words) -> Result<List, Failure> {
    let mut list = List::family(cx.options.family().map_or(af::UNSPEC, Family::number));
    if let Some(device) = words.text("dev") {
        list = list.device(cx.device_given(device)?);
    }
    if words.has("groups") {
        list = list.groups();
    }
    if let Some(master) = cx.master_given(words)? {
        list = list.master(master);
    }
    if let Some(protocol) = words.number("protocol") {
        list = list.protocol(protocol);
    }
    if words.has("fdb") {
        list = list.fdb();
    }
    Ok(list)
}

/// Indexes of the links that a next hop object names.
pub(crate) fn links(nexthop: &Nexthop) -> impl Iterator<Item = u32> + use<> {
    let encap = nexthop.encap().map(|encap| encap::links(&encap));
    nexthop.oif().into_iter().chain(encap.into_iter().flatten())
}

fn print<'a, I: Iterator<Item = &'a Nexthop>>(cx: &mut Context, nexthops: impl Fn() -> I) -> Outcome {
    for index in nexthops().flat_map(links) {
        cx.learn_device(index)?;
    }
    let devices = std::mem::take(&mut cx.devices);
    let options = cx.options.clone();
    let mut list = cx.list();
    for nexthop in nexthops() {
        let mut r = Record::new();
        describe(&mut r, nexthop, &devices, &options);
        list.push(r)?;
    }
    list.finish()?;
    cx.devices = devices;
    Ok(())
}

/// Describes a next hop object.
pub(crate) fn describe(r: &mut Record, nexthop: &Nexthop, devices: &Devices, options: &Options) {
    let details = options.details > 0;
    let id = nexthop.id().unwrap_or_default();
    r.number("id", id).column();
    members(r, nexthop);
    if let Some(kind) = nexthop.group_type().filter(|kind| *kind != GroupType::Multipath) {
        r.string("type", if kind == GroupType::Resilient { "resilient" } else { "<unknown type>" });
    }
    if let Some(resilient) = nexthop.resilient() {
        r.object("resilient_args", |r| timers(r, resilient));
    }
    if let (Some(kind), Some(encapsulation)) = (nexthop.encap_type(), nexthop.encap()) {
        encap::describe(r, kind, &encapsulation, devices, options);
    }
    if let Some(gateway) = nexthop.gateway() {
        r.string("gateway", options.host(gateway)).label("via").paint(Paint::address(&gateway));
    }
    if let Some(index) = nexthop.oif() {
        r.string("dev", devices.name(index)).paint(Paint::Device);
    }
    if nexthop.scope() != 0 || details {
        r.string("scope", named::show(options, NameKind::Scope, nexthop.scope().into()));
    }
    if nexthop.blackhole() {
        r.flag("blackhole");
    }
    if nexthop.protocol() != 0 || details {
        r.string("protocol", named::show(options, NameKind::Protocol, nexthop.protocol().into())).label("proto");
    }
    route::flags(r, nexthop.nexthop_flags());
    if nexthop.fdb() {
        r.flag("fdb");
    }
    counters(r, nexthop, options);
}

fn members(r: &mut Record, nexthop: &Nexthop) {
    let Some(group) = nexthop.group() else { return };
    r.array("group", |list| {
        for (at, member) in group.enumerate() {
            list.record(|r| {
                let weight = Some(member.weight()).filter(|weight| *weight > 1);
                let tail = weight.map_or_else(String::new, |weight| format!(",{weight}"));
                let head = if at == 0 { "group " } else { "/" };
                let field = r.number("id", member.id).shown(format!("{head}{}{tail}", member.id));
                if at > 0 {
                    field.glued();
                }
                if let Some(weight) = weight {
                    r.number("weight", weight).json_only();
                }
            });
        }
    });
}

/// Hundredths of a second, as seconds.
fn seconds(r: &mut Record, key: &'static str, hundredths: u64) {
    match (hundredths % 100, hundredths / 100) {
        (0, whole) => r.number(key, whole).label(key),
        // Exact below 2⁵³ hundredths.
        (rest, whole) => {
            let text = format!("{whole}.{rest:02}");
            let number = text.parse::<f64>().ok().and_then(serde_json::Number::from_f64);
            r.number(key, number.unwrap_or_else(|| whole.into())).label(key)
        }
    };
}

fn timers(r: &mut Record, resilient: &ResilientGroup) {
    r.number("buckets", resilient.buckets().unwrap_or_default());
    seconds(r, "idle_timer", resilient.idle_timer().unwrap_or_default().into());
    seconds(r, "unbalanced_timer", resilient.unbalanced_timer().unwrap_or_default().into());
    seconds(r, "unbalanced_time", resilient.unbalanced_time().unwrap_or_default());
}

fn counters(r: &mut Record, nexthop: &Nexthop, options: &Options) {
    if options.details > 0 || options.statistics > 0 {
        if let Some(enabled) = nexthop.hw_stats_enable() {
            r.object("hw_stats", |r| {
                r.bool("enabled", enabled != 0).label("hw_stats");
                r.bool("used", nexthop.hw_stats_used().unwrap_or_default() != 0);
            });
        }
    }
    let Some(stats) = nexthop.group_stats().filter(|_| options.statistics > 0) else { return };
    r.array("group_stats", |list| {
        for member in stats.entry() {
            list.record(|r| {
                r.line(4);
                r.number("id", member.id().unwrap_or_default());
                r.number("packets", member.packets().unwrap_or_default());
                if options.statistics > 1 {
                    r.number("packets_hw", member.packets_hw().unwrap_or_default());
                }
            });
        }
    });
}

/// `nexthop bucket list`.
pub(super) fn buckets(cx: &mut Context, words: &Words) -> Outcome {
    let mut list = ListBuckets::all();
    // `nexthop bucket` alone has no words.
    if !words.is_empty() {
        list = words.number("id").map_or(list, ListBuckets::of);
        if let Some(id) = words.number("nhid") {
            list = list.member(id);
        }
        if let Some(device) = words.text("dev") {
            list = list.device(cx.device_given(device)?);
        }
        if let Some(master) = cx.master_given(words)? {
            list = list.master(master);
        }
    }
    let buckets = cx.run(&list)?;
    let mut out = cx.list();
    for bucket in &buckets {
        let mut r = Record::new();
        describe_bucket(&mut r, bucket);
        out.push(r)?;
    }
    out.finish()
}

/// `nexthop bucket get`.
pub(super) fn bucket(cx: &mut Context, words: &Words) -> Outcome {
    let group = words.number("id").ok_or_else(|| words.missing("id"))?;
    let index = words.number("index").ok_or_else(|| words.missing("index"))?;
    let bucket = cx.run(&GetBucket::new(group, index))?;
    let mut out = cx.list();
    let mut r = Record::new();
    describe_bucket(&mut r, &bucket);
    out.push(r)?;
    out.finish()
}

/// Describes a bucket.
pub(crate) fn describe_bucket(r: &mut Record, bucket: &Bucket) {
    if let Some(id) = bucket.id() {
        r.number("id", id).column();
    }
    let flags = RouteFlags::from_bits_retain(bucket.flags());
    let Some(inner) = bucket.bucket() else { return };
    r.object("bucket", |r| {
        if let Some(index) = inner.index() {
            r.number("index", index);
        }
        if let Some(time) = inner.idle_time() {
            seconds(r, "idle_time", time);
        }
        if let Some(id) = inner.nh_id() {
            r.number("nhid", id);
        }
    });
    route::flags(r, flags);
}
