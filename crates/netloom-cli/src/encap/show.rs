//! Encapsulations as JSON and text.

use super::words::{ACTIONS, CHECKSUM_MODES, FLAVORS, HOOKS, IDENTIFIER_TYPES, IOAM6_MODES, SEG6_MODES};
use crate::devices::Devices;
use crate::named;
use crate::options::Options;
use crate::out::{Paint, Record};
use netloom::encap::{
    BpfProgram, Encap, Ila, Ioam6, Mpls, Seg6, Seg6Local, Segments, TunnelFlags, TunnelOptions, show_labels,
};
use netloom::names::NameKind;
use std::net::IpAddr;

const NAMES: [&str; 11] = ["none", "mpls", "ip", "ila", "ip6", "seg6", "bpf", "seg6local", "rpl", "ioam6", "xfrm"];

/// Describes an encapsulation of a type.
pub(crate) fn describe(r: &mut Record, kind: u16, encap: &Encap<'_>, devices: &Devices, options: &Options) {
    let name = NAMES.get(usize::from(kind)).copied().unwrap_or("unknown");
    r.object("encap", |r| {
        r.string("encap_type", name).label("encap");
        fields(r, encap, devices, options);
    });
}

/// Indexes of the links that an encapsulation names.
pub(crate) fn links(encap: &Encap<'_>) -> impl Iterator<Item = u32> + use<> {
    let named = match encap {
        Encap::Seg6Local(local) => [local.iif(), local.oif()],
        Encap::Xfrm(xfrm) => [xfrm.link(), None],
        _ => [None; 2],
    };
    named.into_iter().flatten()
}

fn fields(r: &mut Record, encap: &Encap<'_>, devices: &Devices, options: &Options) {
    match encap {
        Encap::Mpls(mpls) => labels(r, mpls),
        Encap::Ip(ip) => {
            tunnel(r, ip.id(), ip.src().map(Into::into), ip.dst().map(Into::into));
            number(r, "ttl", ip.ttl());
            number(r, "tos", ip.tos());
            header(r, ip.flags(), ip.options());
        }
        Encap::Ip6(ip) => {
            tunnel(r, ip.id(), ip.src().map(Into::into), ip.dst().map(Into::into));
            number(r, "hoplimit", ip.hop_limit());
            number(r, "tc", ip.traffic_class());
            header(r, ip.flags(), ip.options());
        }
        Encap::Ila(ila) => locator(r, ila),
        Encap::Seg6(seg6) => along(r, seg6, options),
        Encap::Seg6Local(local) => at_segment(r, local, devices, options),
        Encap::Bpf(bpf) => {
            program(r, "in", bpf.input());
            program(r, "out", bpf.output());
            program(r, "xmit", bpf.xmit());
            number(r, "headroom", bpf.xmit_headroom());
        }
        Encap::Rpl(rpl) => {
            if let Some(list) = rpl.segments() {
                segments(r, &list);
            }
        }
        Encap::Ioam6(ioam6) => trace(r, ioam6),
        Encap::Xfrm(xfrm) => {
            if let Some(id) = xfrm.if_id() {
                r.number("if_id", id).shown(format!("{id:#x}"));
            }
            if let Some(link) = xfrm.link() {
                r.string("link_dev", devices.name(link)).paint(Paint::Device);
            }
        }
        _ => {}
    }
}

fn number(r: &mut Record, key: &'static str, value: Option<impl Into<u64>>) {
    if let Some(value) = value {
        r.number(key, value.into());
    }
}

fn address(r: &mut Record, key: &'static str, value: Option<IpAddr>) {
    if let Some(value) = value {
        r.string(key, value.to_string()).paint(Paint::address(&value));
    }
}

/// Name of a number, or the number.
fn name(names: &[(&'static str, u64)], number: u64) -> String {
    let named = names.iter().find(|(_, known)| *known == number);
    named.map_or_else(|| number.to_string(), |(name, _)| (*name).to_owned())
}

fn labels(r: &mut Record, mpls: &Mpls) {
    if let Some(stack) = mpls.dst() {
        r.string("dst", show_labels(stack).to_string()).bare();
    }
    number(r, "ttl", mpls.ttl());
}

fn tunnel(r: &mut Record, id: Option<u64>, src: Option<IpAddr>, dst: Option<IpAddr>) {
    number(r, "id", id);
    address(r, "src", src);
    address(r, "dst", dst);
}

fn header(r: &mut Record, flags: Option<TunnelFlags>, options: Option<&TunnelOptions>) {
    let flags = flags.unwrap_or_default();
    for (key, flag) in [("key", TunnelFlags::KEY), ("csum", TunnelFlags::CSUM), ("seq", TunnelFlags::SEQUENCE)] {
        if flags.contains(flag) {
            r.bool(key, true).shown(key);
        }
    }
    let Some(options) = options else { return };
    let geneve: Vec<_> = options.geneve().collect();
    if !geneve.is_empty() {
        r.array("geneve_opts", |list| {
            for option in geneve {
                let data: String = option.data().unwrap_or_default().iter().map(|byte| format!("{byte:02x}")).collect();
                let (class, kind) = (option.class().unwrap_or_default(), option.option().unwrap_or_default());
                list.record(|r| {
                    r.number("class", class).shown(format!("geneve_opts {class}:{kind}:{data}"));
                    r.number("type", kind).json_only();
                    r.string("data", data).json_only();
                });
            }
        });
    }
    if let Some(gbp) = options.vxlan().and_then(|vxlan| vxlan.gbp()) {
        r.array("vxlan_opts", |list| {
            list.record(|r| {
                r.number("gbp", gbp).shown(format!("vxlan_opts {gbp}"));
            });
        });
    }
    if let Some(erspan) = options.erspan() {
        let (version, index) = (erspan.version().unwrap_or_default(), erspan.index().unwrap_or_default());
        let (direction, hardware) = (erspan.direction().unwrap_or_default(), erspan.hardware().unwrap_or_default());
        r.array("erspan_opts", |list| {
            list.record(|r| {
                // Version 1 has the port, version 2 the rest.
                r.number("ver", version).shown(format!("erspan_opts {version}:{index}:{direction}:{hardware}"));
                r.number("index", index).json_only();
                r.number("dir", direction).json_only();
                r.number("hwid", hardware).json_only();
            });
        });
    }
}

fn locator(r: &mut Record, ila: &Ila) {
    if let Some(locator) = ila.locator() {
        let part = |shift: u32| locator.checked_shr(shift).unwrap_or_default() & 0xffff;
        r.string("locator", format!("{:x}:{:x}:{:x}:{:x}", part(48), part(32), part(16), part(0))).bare();
    }
    let mut named = |key: &'static str, label: &'static str, names: &[(&'static str, u64)], value: Option<u8>| {
        if let Some(value) = value {
            r.string(key, name(names, value.into())).label(label);
        }
    };
    named("csum_mode", "csum-mode", CHECKSUM_MODES, ila.checksum_mode().map(Into::into));
    named("ident_type", "ident-type", IDENTIFIER_TYPES, ila.identifier_type().map(Into::into));
    named("hook_type", "hook-type", HOOKS, ila.hook().map(Into::into));
}

fn segments(r: &mut Record, list: &Segments<'_>) {
    let addresses: Vec<String> = list.iter().map(|segment| segment.to_string()).collect();
    let shown = format!("segs {} [ {} ]", addresses.len(), addresses.join(" "));
    r.strings("segs", addresses).shown(shown);
    if let Some(key) = list.hmac_key() {
        r.hex("hmac", key);
    }
}

fn along(r: &mut Record, seg6: &Seg6, options: &Options) {
    if let Some(mode) = seg6.mode() {
        r.string("mode", name(SEG6_MODES, u32::from(mode).into()));
    }
    address(r, "tunsrc", seg6.src().map(Into::into));
    if let Some(list) = seg6.segments() {
        segments(r, &list);
    }
    if let Some(table) = seg6.table() {
        r.string("lookup", named::show(options, NameKind::Table, table));
    }
}

fn at_segment(r: &mut Record, local: &Seg6Local, devices: &Devices, options: &Options) {
    if let Some(action) = local.action() {
        r.string("action", name(ACTIONS, u32::from(action).into()));
    }
    if let Some(list) = local.segments() {
        r.object("srh", |r| segments(r, &list));
    }
    for (key, table) in [("table", local.table()), ("vrftable", local.vrf_table())] {
        if let Some(table) = table {
            r.string(key, named::show(options, NameKind::Table, table));
        }
    }
    address(r, "nh4", local.nh4().map(Into::into));
    address(r, "nh6", local.nh6().map(Into::into));
    for (key, device) in [("iif", local.iif()), ("oif", local.oif())] {
        if let Some(device) = device {
            r.string(key, devices.name(device)).paint(Paint::Device);
        }
    }
    if let Some(program) = local.bpf() {
        r.string("endpoint", program.name().unwrap_or("<unknown>"));
    }
    if let Some(counters) = local.counters().filter(|_| options.statistics > 0) {
        r.object("stats64", |r| {
            number(r, "packets", counters.packets());
            number(r, "bytes", counters.bytes_total());
            number(r, "errors", counters.errors());
        });
    }
    if let Some(flavors) = local.flavors() {
        let operations = flavors.operations().unwrap_or_default();
        let given = FLAVORS.iter().filter(|(_, bit)| operations & (1 << bit) != 0);
        r.strings("flavors", given.map(|(name, _)| *name));
        number(r, "lblen", flavors.block_bits());
        number(r, "nflen", flavors.node_bits());
    }
}

fn program(r: &mut Record, key: &'static str, program: Option<&BpfProgram>) {
    if let Some(program) = program {
        r.string(key, program.name().unwrap_or("<unknown>"));
    }
}

fn trace(r: &mut Record, ioam6: &Ioam6) {
    if let (Some(k), Some(n)) = (ioam6.frequency_k(), ioam6.frequency_n()) {
        r.number("freqk", k).shown(format!("freq {k}/{n}"));
        r.number("freqn", n).json_only();
    }
    if let Some(mode) = ioam6.mode() {
        r.string("mode", name(IOAM6_MODES, u8::from(mode).into()));
    }
    address(r, "tunsrc", ioam6.src().map(Into::into));
    address(r, "tundst", ioam6.dst().map(Into::into));
    let Some(trace) = ioam6.trace() else { return };
    r.flag("trace");
    r.flag("prealloc");
    r.string("type", format!("{:x}", trace.kind())).shown(format!("type {:#08x}", trace.kind()));
    r.number("ns", trace.namespace.get());
    r.number("size", trace.size());
}
