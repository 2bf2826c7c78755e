//! Everything that reads a message of the kernel's, for bytes that no kernel sends: nothing in here may panic.
//!
//! `tests/hostile.rs` calls it with broken golden messages, the fuzz targets with anything.

use std::{
    fmt::{self, Write as _},
    hint::black_box,
};

use netloom_route::{
    address::{self, Address, AddressFlags},
    addrlabel::{self, AddressLabel},
    encap::Encap,
    link::{self, Link, LinkRef},
    message_types,
    neighbour::{self, Neighbour, NeighbourState},
    neighbour_table::{self, NeighbourTable},
    netconf::{self, Netconf},
    nexthop::{self, Bucket, Nexthop},
    nsid::Nsid,
    prefix::AdvertisedPrefix,
    route::{self, Route},
    rule::{self, Rule},
    state::{Presentable, Removable},
    stats::{Stats, StatsQuery},
    watch::Watched,
};
use netloom_wire::{
    Buffer, ExtendedAck, Fields, Layout, Object, Request, Sent, check, difference, missing_path, named, path, reencode,
};

/// By the tables alone.
pub(crate) fn by_description(layout: &'static Layout, bytes: &[u8]) {
    let _ = check(layout, bytes);
    show(format_args!("{:?}", Fields::new(layout, bytes)));
    let _ = reencode(layout, bytes);
    let _ = difference(layout, bytes, bytes, &[]);
    for offset in [0, bytes.len() / 2, bytes.len()] {
        let _ = path(layout, bytes, offset);
        let _ = missing_path(layout, bytes, Some(offset), 1);
    }
}

/// As the extended acknowledgement of a message of this layout.
pub(crate) fn as_extended_ack(layout: &'static Layout, bytes: &[u8]) {
    for request in [None, Some(Sent { layout, before: 0, body: bytes })] {
        show(format_args!("{} {:?}", ExtendedAck::read(bytes, request), ExtendedAck::read(bytes, request)));
    }
}

/// By every getter, and by all that is made of getters, of the view that belongs to a message type.
pub(crate) fn by_getters(number: u16, bytes: &[u8]) {
    match message_types().iter().find(|kind| kind.number == number).map_or("", |kind| kind.name) {
        "newlink" | "dellink" | "getlink" | "setlink" | "newlinkprop" | "dellinkprop" | "getlinkprop" => {
            object::<Link>(bytes, link)
        }
        "newaddr" | "deladdr" | "getaddr" | "newmulticast" | "delmulticast" | "getmulticast" | "newanycast"
        | "delanycast" | "getanycast" => object::<Address>(bytes, address),
        "newroute" | "delroute" | "getroute" => object::<Route>(bytes, route),
        "newneigh" | "delneigh" | "getneigh" => object::<Neighbour>(bytes, neighbour),
        "newrule" | "delrule" | "getrule" => object::<Rule>(bytes, rule),
        "newprefix" => object::<AdvertisedPrefix>(bytes, |_| ()),
        "newneightbl" | "getneightbl" | "setneightbl" => object::<NeighbourTable>(bytes, neighbour_table),
        "newaddrlabel" | "deladdrlabel" | "getaddrlabel" => object::<AddressLabel>(bytes, address_label),
        "newnetconf" | "delnetconf" | "getnetconf" => object::<Netconf>(bytes, netconf),
        "newnsid" | "delnsid" | "getnsid" => object::<Nsid>(bytes, |_| ()),
        "newstats" => object::<Stats>(bytes, |_| ()),
        "getstats" | "setstats" => object::<StatsQuery>(bytes, |_| ()),
        "newnexthop" | "delnexthop" | "getnexthop" => object::<Nexthop>(bytes, nexthop),
        "newnexthopbucket" | "delnexthopbucket" | "getnexthopbucket" => object::<Bucket>(bytes, bucket),
        "" => {}
        other => panic!("{other} is a message type that nothing in here reads"),
    }
}

/// Where texts go: nowhere, and no deeper than a stack can bear. A view within a view opens a brace.
#[derive(Default)]
struct Sink {
    depth: usize,
}

impl fmt::Write for Sink {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let count = |brace: char| text.matches(brace).count();
        self.depth = (self.depth + count('{')).saturating_sub(count('}'));
        if self.depth > 80 { Err(fmt::Error) } else { Ok(()) }
    }
}

pub(crate) fn show(text: fmt::Arguments<'_>) {
    let _ = Sink::default().write_fmt(text);
}

fn object<T: Object + fmt::Debug + ?Sized>(bytes: &[u8], more: impl FnOnce(&T)) {
    let Some(object) = T::view(bytes) else { return };
    show(format_args!("{object:-?}"));
    show(format_args!("{} {:?}", named(object), object.key()));
    assert_eq!(object.key(), object.key());
    assert_eq!(object.bytes(), bytes);
    black_box(object.unknown().count());
    more(object);
}

fn accepted<R: Request>(reply: &R::Reply, lists: impl IntoIterator<Item = R>) {
    lists.into_iter().for_each(|list| _ = black_box(list.accepts(reply)));
}

fn removal<T: Removable + ?Sized>(object: &T) {
    let mut out = Buffer::new();
    black_box(object.is_removable());
    object.write_removal(&mut out);
    let _ = out.finish();
}

fn presence<A: Presentable>(object: &A::Body) {
    let mut out = Buffer::new();
    A::find(object).write(&mut out);
    let _ = (out.finish(), A::is(object, object), A::transient(object));
    let _ = A::header_differs(object, object).map_err(|error| error.to_string());
}

fn watched<T: Watched + ?Sized>(object: &T) {
    black_box(object.is_watched());
    assert!(object.same(object), "{:?}", object.fields());
}

fn link(link: &Link) {
    black_box((link.name(), link.kind(), link.port_kind(), link.link_flags(), link.is_up(), link.has_carrier()));
    black_box((link.alt_names().count(), link.is_named("eth0"), LinkRef::from("eth0").is(link)));
    black_box(LinkRef::from(1).is(link));
    accepted(link, [link::List::all().kind("veth").master(1).group(1).up(), link::List::bridge_ports()]);
    removal(link);
    presence::<link::Add>(link);
    watched(link);
}

fn address(address: &Address) {
    black_box((address.flags(), address.own(), address.peer()));
    let list = address::List::all().device(1).scope(0).label("lo").protocol(1);
    accepted(address, [list.with(AddressFlags::all()).without(AddressFlags::empty()), address::List::v6()]);
    removal(address);
    presence::<address::Add>(address);
    watched(address);
}

fn route(route: &Route) {
    black_box((route.table(), route.kind(), route.route_flags(), route.destination(), route.label(), route.source()));
    black_box((route.router(), route.uses(1)));
    route
        .multipath()
        .into_iter()
        .flatten()
        .for_each(|hop| _ = black_box((hop.hop_flags(), hop.weight(), hop.router())));
    match route.encap() {
        Some(Encap::Seg6(encap)) => {
            _ = black_box((encap.mode(), encap.segments().map(|s| (s.iter().count(), s.hmac_key()))))
        }
        Some(Encap::Seg6Local(encap)) => _ = black_box(encap.segments().map(|segments| segments.iter().count())),
        Some(Encap::Rpl(encap)) => _ = black_box(encap.segments().map(|segments| segments.iter().count())),
        _ => {}
    }
    let [v4, v6] = ["10.0.0.0/8", "2000::/3"].map(|text| text.parse().unwrap_or_else(|e| panic!("{text}: {e}")));
    accepted(
        route,
        [
            route::List::all().device(1).nh_id(1).realms(1, 1),
            route::List::all().cached(),
            route::List::v4().within(v4).via(v4).source_within(v4),
            route::List::v6().covering(v6).via(v6).source_covering(v6),
            route::List::all().exactly(v4).prefsrc(v4),
        ],
    );
    removal(route);
    presence::<route::Add>(route);
    watched(route);
}

fn neighbour(neighbour: &Neighbour) {
    black_box((neighbour.state(), neighbour.flags(), neighbour.port(), neighbour.is_of_master(), neighbour.is_fdb()));
    let list = neighbour::List::all().device(1).states(NeighbourState::all()).protocol(1).vlan(1);
    accepted(neighbour, [list, neighbour::List::fdb()]);
    removal(neighbour);
    presence::<neighbour::Add>(neighbour);
    watched(neighbour);
}

fn rule(rule: &Rule) {
    black_box((rule.table(), rule.source(), rule.destination()));
    accepted(rule, [rule::List::all().table(254).priority(1).protocol(2), rule::List::v6()]);
    removal(rule);
    presence::<rule::Add>(rule);
    watched(rule);
}

fn nexthop(nexthop: &Nexthop) {
    black_box(nexthop.nexthop_flags());
    nexthop.group().into_iter().flatten().for_each(|member| _ = black_box(member.weight()));
    accepted(nexthop, [nexthop::List::all().groups().fdb().device(1).protocol(2), nexthop::List::v4()]);
    removal(nexthop);
    presence::<nexthop::Add>(nexthop);
    watched(nexthop);
}

fn bucket(bucket: &Bucket) {
    black_box(bucket.index());
    accepted(bucket, [nexthop::ListBuckets::of(1).member(2)]);
}

fn neighbour_table(table: &NeighbourTable) {
    black_box(table.index());
    accepted(table, [neighbour_table::List::v4().name("arp_cache").device(1)]);
}

fn address_label(label: &AddressLabel) {
    black_box(addrlabel::Delete::of(label));
    removal(label);
    presence::<addrlabel::Add>(label);
}

fn netconf(settings: &Netconf) {
    accepted(settings, [netconf::List::v4().device(1)]);
}
