//! `address show`.

use super::filter::Filter;
use super::words::FLAGS;
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::link::{self, Whole};
use crate::named;
use crate::options::Options;
use crate::out::{Paint, Record};
use crate::words::Words;
use netloom::address::{self, Address, AddressFlags, FOREVER};
use netloom::link::{ExtMask, Link};
use netloom::names::NameKind;
use netloom::wire::List;
use netloom::{af, link as links};
use std::net::IpAddr;

/// `address show`.
pub(super) fn show(cx: &mut Context, words: &Words) -> Outcome {
    let filter = Filter::new(cx, words)?;
    let links = links_of(cx, &filter)?;
    let all: Vec<&Link> = links.iter().collect();
    link::learn_around(cx, &all)?;
    let mut list = address::List::family(filter.family);
    if let Some(index) = filter.index {
        list = list.device(index);
    }
    let addresses = if filter.links_alone { List::new() } else { cx.run(&list)? };
    let devices = std::mem::take(&mut cx.devices);
    let options = cx.options.clone();
    let mut out = cx.list();
    for link in all {
        let own = || addresses.iter().filter(|address| address.index() == link.index());
        let passing = |address: &&Address| filter.passes(address, link.name());
        if !filter.links_alone && !own().any(|address| passing(&address)) {
            let bare = own().next().is_none() && filter.shows_bare_links();
            if !bare {
                continue;
            }
        }
        // What a filter of links hides is an empty object in iproute2's JSON too.
        if !filter.passes_link(link) {
            out.push(Record::new())?;
            continue;
        }
        if options.oneline && !options.json && !options.brief && !filter.links_alone {
            for address in own().filter(passing) {
                let mut r = Record::new();
                describe(&mut r, address, &options, Some(link.name()));
                out.push(r)?;
            }
            continue;
        }
        let mut r = Record::new();
        if options.brief {
            link::brief_name(&mut r, link, &devices);
        } else if (!options.oneline || filter.links_alone) && filter.shows_link(link) {
            let hardware = filter.family == af::UNSPEC;
            link::describe(&mut r, link, &devices, &options, Whole::Address { hardware });
        }
        if !filter.links_alone {
            r.array("addr_info", |list| {
                for address in own().filter(|address| filter.family == af::UNSPEC || address.family() == filter.family)
                {
                    list.record(|r| {
                        if passing(&address) {
                            let device = options.oneline.then_some(link.name());
                            describe(r, address, &options, device);
                        }
                    });
                }
            });
        }
        if options.statistics > 0 && !options.brief && !options.oneline {
            link::counters::describe(&mut r, link, options.statistics > 1);
        }
        out.push(r)?;
    }
    out.finish()?;
    cx.devices = devices;
    Ok(())
}

/// The links that addresses are shown of.
fn links_of(cx: &mut Context, filter: &Filter) -> Result<List<Link>, Failure> {
    let parts: ExtMask = link::parts(cx, true);
    if let Some(index) = filter.index {
        let mut one = List::new();
        one.push(&*cx.run(&links::Get::new(index).parts(parts))?);
        return Ok(one);
    }
    let mut list = links::List::all().parts(parts);
    if let Some(master) = filter.master {
        list = list.master(master);
    }
    if let Some(kind) = filter.kind.kind() {
        list = list.kind(kind);
    }
    cx.run(&list)
}

/// Describes an address; behind its link's index and name, if `device` is given, else on a line of its own.
pub(crate) fn describe(r: &mut Record, address: &Address, options: &Options, device: Option<&str>) {
    if !options.brief {
        match device {
            Some(device) => {
                r.number("index", address.index()).shown(format!("{}:", address.index()));
                r.string("dev", device).bare().paint(Paint::Device).column();
            }
            None => r.line(4),
        }
        match address.family() {
            af::INET => r.string("family", "inet").bare(),
            af::INET6 => r.string("family", "inet6").bare(),
            other => r.number("family_index", other).label("family"),
        };
    }
    if let Some(own) = address.local().or_else(|| address.address()) {
        ip(r, "local", own, options);
        if let Some(peer) = address.peer() {
            r.text("peer");
            ip(r, "address", peer, options);
        }
        r.number("prefixlen", address.prefix_length()).shown(format!("/{}", address.prefix_length())).glued();
    }
    if let Some(metric) = address.metric() {
        r.number("metric", metric);
    }
    if options.brief {
        return;
    }
    if let Some(broadcast) = address.broadcast() {
        r.string("broadcast", options.host(broadcast.into())).label("brd").paint(Paint::Inet);
    }
    if let Some(anycast) = address.anycast() {
        r.string("anycast", options.host(anycast)).label("any").paint(Paint::address(&anycast));
    }
    if let Some(group) = address.multicast() {
        r.string("multicast", options.host(group)).label("mcast").paint(Paint::address(&group));
    }
    r.string("scope", named::show(options, NameKind::Scope, address.scope().into()));
    flags(r, address);
    if let Some(protocol) = address.protocol().filter(|protocol| *protocol != 0 || options.json) {
        r.string("protocol", named::show(options, NameKind::AddressProtocol, protocol.into())).label("proto");
    }
    if let Some(label) = address.label() {
        r.string("label", label).bare();
    }
    if let Some(info) = address.cache_info() {
        r.line(7);
        seconds(r, "valid_life_time", "valid_lft", info.valid, false);
        let overdue = address.flags().contains(AddressFlags::DEPRECATED);
        seconds(r, "preferred_life_time", "preferred_lft", info.preferred, overdue);
    }
}

fn ip(r: &mut Record, key: &'static str, address: IpAddr, options: &Options) {
    r.string(key, options.host(address)).bare().paint(Paint::address(&address));
}

fn flags(r: &mut Record, address: &Address) {
    let mut left = address.flags();
    for (name, flag) in FLAGS {
        let set = left.contains(flag);
        left -= flag;
        let key = match flag {
            AddressFlags::PERMANENT => "dynamic",
            AddressFlags::SECONDARY if address.family() == af::INET6 => "temporary",
            _ => name,
        };
        if set != (flag == AddressFlags::PERMANENT) {
            r.bool(key, true).shown(key);
        }
    }
    if !left.is_empty() {
        r.string("ifa_flags", format!("{:02x}", left.bits())).label("flags");
    }
}

/// A lifetime. One that has been over for some seconds is negative.
fn seconds(r: &mut Record, key: &'static str, label: &'static str, seconds: u32, overdue: bool) {
    if seconds == FOREVER {
        r.number(key, FOREVER).shown(format!("{label} forever"));
    } else if overdue {
        let seconds = i32::from_ne_bytes(seconds.to_ne_bytes());
        r.number(key, seconds).shown(format!("{label} {seconds}sec"));
    } else {
        r.number(key, seconds).shown(format!("{label} {seconds}sec"));
    }
}
