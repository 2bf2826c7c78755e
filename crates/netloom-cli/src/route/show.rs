//! `route show`, and routes as JSON and text.

use super::filter::{Filter, Hidden};
use super::metrics;
use crate::context::Context;
use crate::devices::Devices;
use crate::encap;
use crate::failure::{Failure, Outcome};
use crate::named;
use crate::options::Options;
use crate::out::{Paint, Record};
use crate::words::Words;
use netloom::af;
use netloom::encap::show_labels;
use netloom::names::NameKind;
use netloom::nexthop::{self, Nexthop};
use netloom::route::{NextHop, Route, RouteCacheInfo, RouteFlags, RouteType, RouterPreference, TABLE_MAIN};
use netloom::wire::Via;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// `RTPROT_BOOT`.
const BOOT: u8 = 3;
/// A second in the kernel's clock ticks.
const TICKS: u32 = 100;

/// `route show`.
pub(super) fn show(cx: &mut Context, words: &Words) -> Outcome {
    let filter = Filter::new(cx, words)?;
    let routes = cx.run(&filter.list)?;
    print(cx, || routes.iter().filter(|route| filter.passes(route)), filter.hidden)
}

/// Learns the names of the links that a route uses.
fn learn(cx: &mut Context, route: &Route) -> Outcome {
    let hops = || route.multipath().into_iter().flatten();
    let encaps = route.encap().into_iter().chain(hops().filter_map(|hop| hop.encap()));
    let named = encaps.flat_map(|encap| encap::links(&encap));
    let own = route.oif().into_iter().chain(route.iif());
    for index in own.chain(hops().map(|hop| hop.index())).chain(named) {
        cx.learn_device(index)?;
    }
    Ok(())
}

/// The next hop objects that were asked for; none of an identifier that there is no object of.
type Nexthops = BTreeMap<u32, Option<Box<Nexthop>>>;

/// Asks for the next hop object of a route, which details show.
fn nexthop_of(cx: &mut Context, route: &Route, known: &mut Nexthops) -> Outcome {
    let Some(id) = route.nh_id().filter(|id| cx.options.details > 0 && !known.contains_key(id)) else { return Ok(()) };
    let found = match cx.run(&nexthop::Get::new(id)) {
        Ok(found) => Some(found),
        Err(Failure::Kernel(_)) => None,
        Err(other) => return Err(other),
    };
    for index in found.iter().flat_map(|nexthop| crate::nexthop::links(nexthop)) {
        cx.learn_device(index)?;
    }
    known.insert(id, found);
    Ok(())
}

/// Prints routes.
pub(super) fn print<'a, I: Iterator<Item = &'a Route>>(
    cx: &mut Context,
    routes: impl Fn() -> I,
    hidden: Hidden,
) -> Outcome {
    let mut nexthops = Nexthops::new();
    for route in routes() {
        learn(cx, route)?;
        nexthop_of(cx, route, &mut nexthops)?;
    }
    let devices = std::mem::take(&mut cx.devices);
    let options = cx.options.clone();
    let mut list = cx.list();
    for route in routes() {
        let mut r = Record::new();
        let nexthop = route.nh_id().and_then(|id| nexthops.get(&id)?.as_deref());
        write(&mut r, route, nexthop, &devices, &options, hidden);
        list.push(r)?;
    }
    list.finish()?;
    cx.devices = devices;
    Ok(())
}

/// Describes a route.
pub(crate) fn describe(r: &mut Record, route: &Route, devices: &Devices, options: &Options) {
    write(r, route, None, devices, options, Hidden::default());
}

fn write(
    r: &mut Record,
    route: &Route,
    nexthop: Option<&Nexthop>,
    devices: &Devices,
    options: &Options,
    hidden: Hidden,
) {
    let details = options.details > 0;
    let cloned = route.route_flags().contains(RouteFlags::CLONED);
    target(r, route, options);
    if let Some(id) = route.nh_id() {
        r.number("nhid", id);
    }
    if let (Some(kind), Some(encapsulation)) = (route.encap_type(), route.encap()) {
        encap::describe(r, kind, &encapsulation, devices, options);
    }
    if route.tos() != 0 && !hidden.tos {
        r.string("tos", named::show(options, NameKind::DsField, route.tos().into()));
    }
    if let Some(gateway) = route.gateway().filter(|_| !hidden.via) {
        gateway_address(r, gateway, options);
    }
    if let Some(router) = route.via().filter(|_| !hidden.via) {
        via(r, router, options);
    }
    if let Some(index) = route.oif().filter(|_| !hidden.device) {
        r.string("dev", devices.name(index)).paint(Paint::Device);
    }
    let table = route.table();
    if table != 0 && (table != TABLE_MAIN || details) && !hidden.table {
        r.string("table", named::show(options, NameKind::Table, table));
    }
    if !cloned {
        if (route.protocol() != BOOT || details) && !hidden.protocol {
            r.string("protocol", named::show(options, NameKind::Protocol, route.protocol().into())).label("proto");
        }
        if (route.scope() != 0 || details) && !hidden.scope {
            r.string("scope", named::show(options, NameKind::Scope, route.scope().into()));
        }
    }
    if let Some(source) = route.prefsrc().filter(|_| !hidden.prefsrc) {
        r.string("prefsrc", source.to_string()).label("src").paint(Paint::address(&source));
    }
    if let Some(metric) = route.priority() {
        r.number("metric", metric);
    }
    flags(r, route.route_flags());
    packet(r, route, options, hidden);
    cache(r, route, options);
    if let Some(given) = route.metrics() {
        metrics::describe(r, given);
    }
    if let Some(index) = route.iif().filter(|_| !hidden.iif) {
        r.string("iif", devices.name(index)).paint(Paint::Device);
    }
    if let Some(preference) = route.pref() {
        r.string("pref", preference_name(preference));
    }
    if let Some(propagate) = route.ttl_propagate() {
        let shown = if propagate > 0 { "enabled" } else { "disabled" };
        r.bool("ttl-propagate", propagate > 0).shown(format!("ttl-propagate {shown}"));
        // The key has had this spelling in iproute2.
        r.bool("ttl-propogate", propagate > 0).json_only();
    }
    if let Some(nexthop) = nexthop {
        r.line(8);
        r.text("nh_info");
        r.object("nh_info", |r| crate::nexthop::describe(r, nexthop, devices, options));
    }
    if let Some(hops) = route.multipath() {
        r.array("nexthops", |list| {
            for next in hops {
                list.record(|r| hop(r, next, route, devices, options));
            }
        });
    }
}

/// What the route is for.
fn target(r: &mut Record, route: &Route, options: &Options) {
    let kind = route.kind();
    let kind = (kind != RouteType::Unicast || options.details > 0).then(|| type_name(kind, options));
    let (dst, paint) = match (route.destination(), route.label()) {
        (Some(dst), _) if !dst.is_default() => (prefix(dst, options), Paint::address(&dst.address())),
        (None, Some(label)) => (label.to_string(), Paint::Plain),
        _ => ("default".into(), Paint::Plain),
    };
    // One column of both, so that what follows is aligned.
    let shown = kind.as_ref().map_or_else(|| dst.clone(), |kind| format!("{kind} {dst}"));
    if let Some(kind) = kind {
        r.string("type", kind).json_only();
    }
    r.string("dst", dst).shown(shown).paint(paint).column();
    if let Some(source) = route.source() {
        let text = if source.is_default() { format!("0/{}", source.length()) } else { prefix(source, options) };
        r.string("from", text).paint(Paint::address(&source.address()));
    }
    if let Some(labels) = route.newdst() {
        r.string("to", show_labels(labels).to_string()).label("as to");
    }
}

/// What the packet was that the question was about.
fn packet(r: &mut Record, route: &Route, options: &Options, hidden: Hidden) {
    if let Some(mark) = route.mark().filter(|mark| *mark != 0) {
        if mark >= 16 {
            r.hex("mark", mark);
        } else {
            r.number("mark", mark);
        }
    }
    if let Some(realms) = route.realms().filter(|_| !hidden.realms) {
        flow(r, realms, options);
    }
    if let Some(uid) = route.uid() {
        r.number("uid", uid);
    }
}

fn gateway_address(r: &mut Record, gateway: IpAddr, options: &Options) {
    r.string("gateway", options.host(gateway)).label("via").paint(Paint::address(&gateway));
}

/// A prefix, which may be a host.
fn prefix(prefix: netloom::Prefix, options: &Options) -> String {
    if prefix.is_host() { options.host(prefix.address()) } else { format!("{prefix:#}") }
}

/// Describes a router of another family than the route's.
fn via(r: &mut Record, via: Via, options: &Options) {
    let family = match u8::try_from(via.family) {
        Ok(af::INET) => "inet",
        Ok(af::INET6) => "inet6",
        Ok(af::MPLS) => "mpls",
        Ok(af::BRIDGE) => "bridge",
        _ => "???",
    };
    r.object("via", |r| {
        r.string("family", family).label("via");
        let (host, paint) = match via.ip() {
            Some(ip) => (options.host(ip), Paint::address(&ip)),
            None => (via.to_string(), Paint::Plain),
        };
        r.string("host", host).bare().paint(paint);
    });
}

/// Realms of a route or a hop.
fn flow(r: &mut Record, realms: u32, options: &Options) {
    let (from, to) = (realms >> 16, realms & 0xffff);
    let name = |realm: u32| named::show(options, NameKind::Realm, realm);
    r.object("flow", |r| {
        if from > 0 {
            r.string("from", name(from)).shown(format!("realms {}/{}", name(from), name(to)));
            r.string("to", name(to)).json_only();
        } else {
            r.string("to", name(to)).label("realm");
        }
    });
}

/// Describes flags of a route, a hop or a next hop object.
pub(crate) fn flags(r: &mut Record, flags: RouteFlags) {
    const NAMES: [(RouteFlags, &str); 11] = [
        (RouteFlags::DEAD, "dead"),
        (RouteFlags::ONLINK, "onlink"),
        (RouteFlags::PERVASIVE, "pervasive"),
        (RouteFlags::OFFLOAD, "offload"),
        (RouteFlags::TRAP, "trap"),
        (RouteFlags::NOTIFY, "notify"),
        (RouteFlags::LINKDOWN, "linkdown"),
        (RouteFlags::UNRESOLVED, "unresolved"),
        (RouteFlags::ROUTE_OFFLOAD, "rt_offload"),
        (RouteFlags::ROUTE_TRAP, "rt_trap"),
        (RouteFlags::OFFLOAD_FAILED, "rt_offload_failed"),
    ];
    let set: Vec<&str> = NAMES.iter().filter(|(flag, _)| flags.contains(*flag)).map(|(_, name)| *name).collect();
    let shown = set.join(" ");
    let field = r.strings("flags", set);
    if shown.is_empty() {
        field.json_only();
    } else {
        field.shown(shown);
    }
}

/// What the kernel remembers of a route.
fn cache(r: &mut Record, route: &Route, options: &Options) {
    /// Flags of a cached route of IPv4 (`RTCF_*`), in the upper half.
    const NAMES: [(u32, &str); 14] = [
        (0x8000_0000, "local"),
        (0x4000_0000, "reject"),
        (0x2000_0000, "mc"),
        (0x1000_0000, "brd"),
        (0x0800_0000, "dst-nat"),
        (0x0080_0000, "src-nat"),
        (0x0040_0000, "masq"),
        (0x0002_0000, "dst-direct"),
        (0x0400_0000, "src-direct"),
        (0x0004_0000, "redirected"),
        (0x0100_0000, "redirect"),
        (0x0020_0000, "fastroute"),
        (0x0001_0000, "notify"),
        (0x0008_0000, "proxy"),
    ];
    let cloned = route.route_flags().contains(RouteFlags::CLONED);
    match route.family() {
        af::INET if cloned => {
            let mut left = route.flags() & 0xffff_0000;
            let mut set = Vec::new();
            for (bit, name) in NAMES {
                if left & bit != 0 {
                    set.push(name.to_owned());
                    left &= !bit;
                }
            }
            r.line(4);
            let shown = if set.is_empty() { "cache".into() } else { format!("cache <{}>", set.join(",")) };
            r.strings("cache", set).shown(shown);
        }
        af::INET6 if cloned => {
            r.line(4);
            r.text("cache");
        }
        _ => {}
    }
    if let Some(info) = route.cache_info() {
        cache_info(r, &info, options);
    }
}

fn cache_info(r: &mut Record, info: &RouteCacheInfo, options: &Options) {
    let unsigned = |number: i32| u32::from_ne_bytes(number.to_ne_bytes());
    let ticks = i32::try_from(TICKS).unwrap_or(i32::MAX);
    if info.expires != 0 {
        let seconds = info.expires / ticks;
        r.number("expires", seconds).shown(format!("expires {seconds}sec"));
    }
    if info.error != 0 {
        // iproute2 prints it as if it had no sign.
        r.number("error", unsigned(info.error)).shown(format!("error {}", info.error));
    }
    if options.statistics > 0 {
        let counters =
            [("users", info.clntref, 1, ""), ("used", info.used, 1, ""), ("age", info.lastuse, TICKS, "sec")];
        for (key, number, unit, sign) in counters.into_iter().filter(|(_, number, ..)| *number != 0) {
            let number = number / unit;
            r.number(key, number).shown(format!("{key} {number}{sign}"));
        }
    }
}

fn hop(r: &mut Record, hop: &NextHop, route: &Route, devices: &Devices, options: &Options) {
    r.line(8);
    r.text("nexthop");
    if let Some(labels) = hop.newdst() {
        r.string("to", show_labels(labels).to_string()).label("as to");
    }
    if let (Some(kind), Some(encapsulation)) = (hop.encap_type(), hop.encap()) {
        encap::describe(r, kind, &encapsulation, devices, options);
    }
    if let Some(gateway) = hop.gateway() {
        gateway_address(r, gateway, options);
    }
    if let Some(router) = hop.via() {
        via(r, router, options);
    }
    if let Some(realms) = hop.realms() {
        flow(r, realms, options);
    }
    r.string("dev", devices.name(hop.index())).paint(Paint::Device);
    // Routes of MPLS have no weights.
    if route.family() != af::MPLS {
        r.number("weight", hop.weight());
    }
    flags(r, hop.hop_flags());
}

/// Name of a type.
fn type_name(kind: RouteType, options: &Options) -> String {
    let number = u8::from(kind);
    match kind {
        _ if options.numeric => number.to_string(),
        RouteType::Unspecified => "none".into(),
        _ => {
            let named = super::words::TYPES.iter().find(|(_, known)| *known == u64::from(number));
            named.map_or_else(|| number.to_string(), |(name, _)| (*name).to_owned())
        }
    }
}

fn preference_name(preference: RouterPreference) -> String {
    match preference {
        RouterPreference::Low => "low".into(),
        RouterPreference::Medium => "medium".into(),
        RouterPreference::High => "high".into(),
        other => u8::from(other).to_string(),
    }
}
