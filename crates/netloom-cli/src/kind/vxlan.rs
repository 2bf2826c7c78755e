//! `type vxlan`.

use super::fields::{Names, hex, name_of, number};
use crate::context::Context;
use crate::devices::Devices;
use crate::failure::Failure;
use crate::named;
use crate::out::Record;
use crate::words::{self, Case, Input, Kind, Value, Word, Words, flag, word};
use netloom::kind::{TtlInherit, Vxlan, VxlanDf, VxlanPortRange, VxlanReservedBits, VxlanWriter};
use netloom::wire::{Buffer, Write};
use std::net::IpAddr;

pub(super) const CASE: Case = Case { name: "vxlan", about: "Ethernet over UDP", words: WORDS };

const DF: Names = &[("unset", 0), ("set", 1), ("inherit", 2)];
const INHERIT: &str = "inherit";

const WORDS: &[Word] = &[
    word("id", Kind::Number(0, 0xff_ffff), "network identifier").like(&["vni"]).prefix().once(),
    word("group", Kind::Address, "multicast group for frames to unknown addresses").prefix().once(),
    word("remote", Kind::Address, "host for frames to unknown addresses").prefix().once(),
    word("local", Kind::Address, "source of packets").prefix().once(),
    word("dev", Kind::Device, "device that packets leave by").prefix().once(),
    word("ttl", Kind::Custom("{ 1..255 | auto | inherit }", ttl), "time to live").like(&["hoplimit"]).prefix().once(),
    word("tos", Kind::Custom("{ TOS | inherit }", tos), "type of service").like(&["dsfield"]).prefix().once(),
    word("df", Kind::OneOf(DF), "don't-fragment bit").prefix().once(),
    word("flowlabel", Kind::Number(0, 0xf_ffff), "IPv6 flow label").like(&["label"]).prefix().once(),
    word("ageing", Kind::Custom("{ SECONDS | none }", |i| or_zero(i, "none")), "until what was learned is forgotten")
        .prefix()
        .once(),
    word(
        "maxaddress",
        Kind::Custom("{ NUMBER | unlimited }", |i| or_zero(i, "unlimited")),
        "addresses that may be learned",
    )
    .prefix()
    .once(),
    word("srcport", Kind::Custom("FIRST LAST", ports), "source ports").like(&["port"]).prefix().once(),
    word("dstport", Kind::U16, "destination port").prefix().once(),
    word("reserved_bits", Kind::U64, "bits of the header that make the kernel drop a packet").once(),
    word("learning", Kind::Toggle, "learn who is where").prefix().once(),
    word("proxy", Kind::Toggle, "answer ARP from what is known").prefix().once(),
    word("rsc", Kind::Toggle, "route where the destination is known").prefix().once(),
    word("l2miss", Kind::Toggle, "tell of unknown hardware addresses").prefix().once(),
    word("l3miss", Kind::Toggle, "tell of unknown neighbours").prefix().once(),
    word("udpcsum", Kind::Toggle, "checksums over IPv4").prefix().once(),
    word("udp6zerocsumtx", Kind::Toggle, "no checksums over IPv6 in what is sent").prefix().once(),
    word("udp6zerocsumrx", Kind::Toggle, "none are needed over IPv6 in what is received").prefix().once(),
    word("remcsumtx", Kind::Toggle, "remote checksum offload of what is sent").prefix().once(),
    word("remcsumrx", Kind::Toggle, "remote checksum offload of what is received").prefix().once(),
    word("localbypass", Kind::Toggle, "do not send to this machine through its stack").once(),
    word("external", Kind::Toggle, "routes, filters and programs say where packets go").prefix().once(),
    word("vnifilter", Kind::Toggle, "take only identifiers that were listed").once(),
    flag("gbp", "group based policy").prefix().once(),
    flag("gpe", "generic protocol extension").prefix().once(),
];

fn ttl(input: &mut Input<'_>) -> Result<Value, String> {
    let given = input.need("1..255, auto or inherit")?;
    match given {
        INHERIT => Ok(Value::Text(INHERIT.into())),
        "auto" => Ok(Value::Number(0)),
        _ => words::number(given)
            .filter(|ttl| *ttl <= 255)
            .map(Value::Number)
            .ok_or_else(|| format!("{given:?} is no time to live: 0 to 255, auto or inherit")),
    }
}

fn tos(input: &mut Input<'_>) -> Result<Value, String> {
    if input.take_if(INHERIT) {
        return Ok(Value::Number(1));
    }
    named::ds_field(input)
}

fn or_zero(input: &mut Input<'_>, zero: &str) -> Result<Value, String> {
    if input.take_if(zero) {
        return Ok(Value::Number(0));
    }
    let given = input.need("NUMBER")?;
    let number = words::number(given).filter(|number| u32::try_from(*number).is_ok());
    number.map(Value::Number).ok_or_else(|| format!("{given:?} is neither a number nor {zero:?}"))
}

fn ports(input: &mut Input<'_>) -> Result<Value, String> {
    let mut port = || {
        let given = input.need("FIRST LAST")?;
        let number = words::number(given).filter(|port| *port <= 0xffff);
        number.map(Value::Number).ok_or_else(|| format!("{given:?} is not a port"))
    };
    Ok(Value::Several(vec![port()?, port()?]))
}

pub(super) fn read(cx: &mut Context, words: &Words, new: bool) -> Result<Buffer, Failure> {
    let external = words.bool("external");
    match (external, words.has("id")) {
        (Some(true), true) => return Err(words.refused("with external no id is given")),
        (None | Some(false), false) if new => return Err(words.lacking("id")),
        _ => {}
    }
    let far = match (words.address("group"), words.address("remote")) {
        (Some(_), Some(_)) => return Err(words.wrong("either group or remote, not both")),
        (Some(group), None) if !group.is_multicast() => {
            return Err(words.wrong(format!("group: {group} is no multicast address")));
        }
        (None, Some(remote)) if remote.is_multicast() => {
            return Err(words.wrong(format!("remote: {remote} is a multicast address")));
        }
        (Some(_), None) if !words.has("dev") => return Err(words.missing("dev")),
        (group, remote) => group.or(remote),
    };
    if external != Some(true) && words.bool("vnifilter") == Some(true) {
        return Err(words.refused("vnifilter goes with external"));
    }
    for name in ["group", "remote", "local"] {
        if let Some(address) =
            words.address(name).filter(|ip| ip.is_unspecified() || name == "local" && ip.is_multicast())
        {
            return Err(words.wrong(format!("{name}: {address} is not the address of a host or a group")));
        }
    }
    let below = words.text("dev").map(|name| cx.device_given(name)).transpose()?;
    let inherits = words.text("ttl").is_some();
    let range = match words.several("srcport") {
        [low, high] => Some((low.number::<u16>().unwrap_or(0), high.number::<u16>().unwrap_or(0))),
        _ => None,
    };
    let range =
        range.filter(|range| *range != (0, 0)).map(|(low, high)| VxlanPortRange { low: low.into(), high: high.into() });
    let reserved = words.number::<u64>("reserved_bits").map(|bits| {
        let half = |shift: u32| u32::try_from(bits >> shift & 0xffff_ffff).unwrap_or(0);
        VxlanReservedBits { flags: half(32).into(), vni: half(0).into() }
    });
    // What programs decide is not learned; of what exists nothing is changed that nobody asked for.
    let learning = words.bool("learning").or_else(|| new.then_some(external != Some(true)));
    let port = words.number::<u16>("dstport").or_else(|| words.has("gpe").then_some(4790)).filter(|port| *port > 0);
    let w = VxlanWriter::default()
        .some(words.number("id"), VxlanWriter::id)
        .some(far, VxlanWriter::group)
        .some(words.address("local"), VxlanWriter::local)
        .some(below, VxlanWriter::link)
        .some(words.number("ttl"), VxlanWriter::ttl)
        .some(inherits.then_some(TtlInherit(true)), VxlanWriter::ttl_inherit)
        .some(words.number("tos"), VxlanWriter::tos)
        .some(words.number::<u8>("df").map(VxlanDf::from), VxlanWriter::df)
        .some(words.number("flowlabel"), VxlanWriter::label)
        .some(words.number("ageing"), VxlanWriter::ageing)
        .some(words.number("maxaddress"), VxlanWriter::limit)
        .some(range, VxlanWriter::port_range)
        .some(port, VxlanWriter::port)
        .some(reserved, VxlanWriter::reserved_bits)
        .some(learning, VxlanWriter::learning)
        .some(words.bool("proxy"), VxlanWriter::proxy)
        .some(words.bool("rsc"), VxlanWriter::rsc)
        .some(words.bool("l2miss"), VxlanWriter::l2miss)
        .some(words.bool("l3miss"), VxlanWriter::l3miss)
        .some(words.bool("udpcsum"), VxlanWriter::udp_csum)
        .some(words.bool("udp6zerocsumtx"), VxlanWriter::udp_zero_csum6_tx)
        .some(words.bool("udp6zerocsumrx"), VxlanWriter::udp_zero_csum6_rx)
        .some(words.bool("remcsumtx"), VxlanWriter::remcsum_tx)
        .some(words.bool("remcsumrx"), VxlanWriter::remcsum_rx)
        .some(words.bool("localbypass"), VxlanWriter::localbypass)
        .some(external, VxlanWriter::collect_metadata)
        .some(words.bool("vnifilter"), VxlanWriter::vnifilter)
        .some(words.has("gbp").then_some(()), |w, ()| w.gbp())
        .some(words.has("gpe").then_some(()), |w, ()| w.gpe());
    Ok(w.into_buffer())
}

pub(super) fn describe(r: &mut Record, v: &Vxlan, devices: &Devices) {
    let Some(id) = v.id() else { return };
    number(r, "id", "id", Some(id));
    if let Some(far) = v.group().filter(|far| !far.is_unspecified()) {
        let (key, label) = match (far, far.is_multicast()) {
            (IpAddr::V4(_), true) => ("group", "group"),
            (IpAddr::V4(_), false) => ("remote", "remote"),
            (IpAddr::V6(_), true) => ("group6", "group"),
            (IpAddr::V6(_), false) => ("remote6", "remote"),
        };
        r.string(key, far.to_string()).label(label);
    }
    if let Some(local) = v.local().filter(|local| !local.is_unspecified()) {
        r.string(if local.is_ipv4() { "local" } else { "local6" }, local.to_string()).label("local");
    }
    if let Some(index) = v.link().filter(|index| *index > 0) {
        r.string("link", devices.name(index)).label("dev");
    }
    if let Some(range) = v.port_range() {
        r.object("port_range", |r| {
            r.number("low", range.low.get()).label("srcport");
            r.number("high", range.high.get()).bare();
        });
    }
    number(r, "port", "dstport", v.port());
    lifetime(r, v);
    if let Some(bits) = v.reserved_bits() {
        let bits = u64::from(bits.flags.get()) << 32 | u64::from(bits.vni.get());
        hex(r, "reserved_bits", "reserved_bits", Some(bits));
    }
    if v.gbp() {
        r.flag("gbp");
    }
    if v.gpe() {
        r.flag("gpe");
    }
    // People see what is on, and what is off against the usual.
    let switches = [
        ("external", v.collect_metadata(), false),
        ("vnifilter", v.vnifilter(), false),
        ("learning", v.learning(), true),
        ("proxy", v.proxy(), false),
        ("rsc", v.rsc(), false),
        ("l2miss", v.l2miss(), false),
        ("l3miss", v.l3miss(), false),
        ("udp_csum", v.udp_csum(), true),
        ("udp_zero_csum6_tx", v.udp_zero_csum6_tx(), false),
        ("udp_zero_csum6_rx", v.udp_zero_csum6_rx(), false),
        ("remcsum_tx", v.remcsum_tx(), false),
        ("remcsum_rx", v.remcsum_rx(), false),
        ("localbypass", v.localbypass(), true),
        ("mcroute", v.mc_route(), false),
    ];
    for (key, on, usual) in switches {
        if let Some(on) = on {
            let field = r.bool(key, on);
            if on || usual {
                field.shown(format!("{}{key}", if on { "" } else { "no" }));
            } else {
                field.json_only();
            }
        }
    }
}

fn lifetime(r: &mut Record, v: &Vxlan) {
    if let Some(tos) = v.tos().filter(|tos| *tos != 0) {
        let field = r.string("tos", named::hex(tos)).label("tos");
        if tos == 1 {
            field.shown("tos inherit");
        }
    }
    if v.ttl_inherit() == Some(TtlInherit(true)) {
        r.text("ttl inherit");
    } else if let Some(ttl) = v.ttl() {
        let field = r.number("ttl", ttl);
        if ttl == 0 {
            field.shown("ttl auto");
        }
    }
    if let Some(df) = v.df() {
        r.string("df", name_of(u8::from(df).into(), DF).unwrap_or("unknown")).label("df");
    }
    hex(r, "label", "flowlabel", v.label().filter(|label| *label != 0));
    if let Some(ageing) = v.ageing() {
        let field = r.number("ageing", ageing).label("ageing");
        if ageing == 0 {
            field.shown("ageing none");
        }
    }
    number(r, "limit", "maxaddr", v.limit().filter(|limit| *limit > 0));
}
