//! Who does which work; the first of each is what the ratios are of.

use crate::{
    bare,
    contender::{Contender, command, library, pyroute2},
    ours,
    peers::{bindings, commands, neli, nlink, rtnetlink},
    work::Work,
};

/// Not in the tables: what the watchers listen to.
pub const PRODUCER: Contender = library("producer", bare::add_routes);

const DUMP: &[Contender] = &[
    library("bare loop", bare::dump),
    library("netloom", ours::dump),
    library("netloom, proxy for links", ours::dump_past_proxies),
    library("netloom, proxy for routes", ours::dump_through_proxy),
    library("netloom, tokio next", ours::dump_tokio),
    library("netloom, tokio buffered", ours::dump_tokio_buffered),
    library("netlink-bindings", bindings::dump),
    library("nlink stream", nlink::dump),
    library("rtnetlink", rtnetlink::dump),
    library("neli", neli::dump),
    command("ip route", commands::dump),
    pyroute2("pyroute2, 1/50 scaled", 50),
];
const COLLECT: &[Contender] = &[
    library("bare loop", bare::dump),
    library("netloom List", ours::collect),
    library("netloom Vec<Box>", ours::collect_boxes),
    library("nlink", nlink::collect),
    library("rtnetlink", rtnetlink::collect),
    library("neli", neli::collect),
    pyroute2("pyroute2, 1/50 scaled", 50),
];
const ADD: &[Contender] = &[
    library("bare loop, pre-encoded", bare::add_routes),
    library("netloom", ours::add),
    library("netloom, tokio", ours::add_tokio),
    library("nlink batch", nlink::add),
    library("rtnetlink", rtnetlink::add),
    library("netlink-bindings", bindings::add),
    library("neli", neli::add),
    command("ip -batch", commands::add),
    pyroute2("pyroute2, 1/100 scaled", 100),
];
const LINKS: &[Contender] = &[
    library("bare loop", bare::links),
    library("netloom", ours::links),
    library("netloom, tokio", ours::links_tokio),
    library("netlink-bindings", bindings::links),
    library("nlink", nlink::links),
    library("rtnetlink", rtnetlink::links),
    library("neli", neli::links),
    command("ip link", commands::links),
    pyroute2("pyroute2, 1/10 scaled", 10),
];
const GET: &[Contender] = &[
    library("bare loop", bare::get),
    library("netloom", ours::get),
    library("netloom, tokio", ours::get_tokio),
    library("netlink-bindings", bindings::get),
    library("nlink", nlink::get),
    library("rtnetlink", rtnetlink::get),
    library("neli", neli::get),
    command("ip -batch", commands::get),
    pyroute2("pyroute2, 1/100 scaled", 100),
];
const OPEN: &[Contender] = &[
    library("bare loop", bare::open),
    library("netloom", ours::open),
    library("netloom, no proxies", ours::open_raw),
    library("netloom, tokio", ours::open_tokio),
    library("netlink-bindings", bindings::open),
    library("nlink", nlink::open),
    library("rtnetlink", rtnetlink::open),
    library("neli", neli::open),
    pyroute2("pyroute2, 1/50 scaled", 50),
];
const WATCH: &[Contender] = &[
    library("bare loop", bare::watch),
    library("netloom", ours::watch),
    library("netloom, tokio", ours::watch_tokio),
    library("netlink-bindings", bindings::watch),
    library("nlink", nlink::watch),
    library("rtnetlink", rtnetlink::watch),
    library("neli", neli::watch),
    command("ip monitor", commands::watch),
    pyroute2("pyroute2, 1/50 scaled", 50),
];
const CODEC: &[Contender] = &[
    library("bare walk", bare::codec),
    library("netloom", ours::codec),
    library("netlink-bindings", bindings::codec),
    library("nlink", nlink::codec),
    library("netlink-packet-route", rtnetlink::codec),
    library("neli", neli::codec),
    pyroute2("pyroute2, 1/1000 scaled", 1000),
];
const GENERIC: &[Contender] = &[
    library("bare loop", bare::generic::get),
    library("bare loop, senders checked", bare::generic::get_checked),
    library("netloom", ours::generic::get),
    library("netloom, tokio", ours::generic::get_tokio),
    library("netloom, tokio, 64 in flight", ours::generic::get_tokio_many),
    library("netlink-bindings", bindings::generic),
    library("nlink, by name", nlink::generic),
    library("genetlink", rtnetlink::generic),
    library("neli", neli::generic),
    pyroute2("pyroute2, 1/100 scaled", 100),
];
const WIREGUARD: &[Contender] = &[
    library("bare loop", bare::wireguard::set_and_get),
    library("netloom", ours::wireguard::set_and_get),
    library("netloom, tokio", ours::wireguard::set_and_get_tokio),
    library("netlink-bindings", bindings::wireguard),
    library("nlink", nlink::wireguard),
    command("wg setconf, wg show dump", commands::wireguard),
    pyroute2("pyroute2, 1/50 scaled", 50),
];

/// Those who do this work.
pub fn of(work: Work) -> &'static [Contender] {
    match work {
        Work::Dump => DUMP,
        Work::Collect => COLLECT,
        Work::Add => ADD,
        Work::Links => LINKS,
        Work::Get => GET,
        Work::Open => OPEN,
        Work::Watch => WATCH,
        Work::Codec => CODEC,
        Work::Generic => GENERIC,
        Work::Wireguard => WIREGUARD,
    }
}
