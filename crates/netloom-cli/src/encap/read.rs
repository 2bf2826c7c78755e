//! From the words of `encap` to its attributes.

use super::segments::{labels, segments};
use super::{options, words};
use crate::bpf::{self, Purpose};
use crate::context::Context;
use crate::failure::Failure;
use crate::words::{Value, Words};
use netloom::encap::{
    Bpf, BpfProgramWriter, BpfWriter, Encapsulation, Ila, IlaWriter, Ioam6, Ioam6Trace, Ioam6Writer, Ip, Ip6,
    Ip6Writer, IpWriter, Mpls, MplsLabel, MplsWriter, Rpl, RplWriter, Seg6, Seg6Local, Seg6LocalWriter, Seg6Writer,
    TunnelFlags, Xfrm, XfrmWriter, srh,
};
use netloom::wire::{Buffer, Write};
use std::net::IpAddr;

/// An encapsulation that was given.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    /// `LWTUNNEL_ENCAP_*`.
    pub(crate) kind: u16,
    /// Its attributes.
    pub(crate) attributes: Buffer,
}

fn of<E: Encapsulation + ?Sized>(writer: impl Write) -> Given {
    Given { kind: E::TYPE, attributes: writer.into_buffer() }
}

/// Reads the words after `encap`, if they were given.
pub(crate) fn read(cx: &mut Context, words: &Words) -> Result<Option<Given>, Failure> {
    let Some((kind, words)) = words.choice("encap") else { return Ok(None) };
    Ok(Some(match kind {
        "mpls" => {
            let given = words.text("labels").ok_or_else(|| words.missing("labels"))?;
            let stack = MplsLabel::stack(&labels(words, given)?);
            of::<Mpls>(MplsWriter::default().dst(&stack).some(words.number("ttl"), MplsWriter::ttl))
        }
        "ip" | "ip6" if words.is_empty() => return Err(words.wrong("nothing says where to")),
        "ip" => of::<Ip>(ip(words)?),
        "ip6" => of::<Ip6>(ip6(words)?),
        "ila" => of::<Ila>(ila(words)?),
        "seg6" => of::<Seg6>(seg6(words)?),
        "seg6local" => of::<Seg6Local>(seg6local(cx, words)?),
        "bpf" => of::<Bpf>(programs(cx, words)?),
        "rpl" => of::<Rpl>(RplWriter::default().segments(&segments(words, "segs")?)),
        "ioam6" => of::<Ioam6>(ioam6(words)?),
        _ => of::<Xfrm>(xfrm(cx, words)?),
    }))
}

/// The flags of a tunnel's header.
fn flags(words: &Words) -> Option<TunnelFlags> {
    const NAMES: [(&str, TunnelFlags); 3] =
        [("key", TunnelFlags::KEY), ("csum", TunnelFlags::CSUM), ("seq", TunnelFlags::SEQUENCE)];
    let given = NAMES.iter().filter(|(name, _)| words.has(name));
    Some(given.fold(TunnelFlags::empty(), |all, (_, flag)| all | *flag)).filter(|flags| !flags.is_empty())
}

fn ip(words: &Words) -> Result<IpWriter, Failure> {
    let mut w = IpWriter::default();
    for (name, value) in words.iter() {
        w = match (name, value) {
            ("dst", Value::Address(IpAddr::V4(dst))) => w.dst(*dst),
            ("src", Value::Address(IpAddr::V4(src))) => w.src(*src),
            ("id", value) => w.some(value.number(), IpWriter::id),
            ("tos", value) => w.some(value.number(), IpWriter::tos),
            ("ttl", value) => w.some(value.number(), IpWriter::ttl),
            _ => match options::read(words, name, value)? {
                Some(options) => w.options(|o| o.append(&options)),
                None => w,
            },
        };
    }
    Ok(w.some(flags(words), IpWriter::flags))
}

fn ip6(words: &Words) -> Result<Ip6Writer, Failure> {
    let mut w = Ip6Writer::default();
    for (name, value) in words.iter() {
        w = match (name, value) {
            ("dst", Value::Address(IpAddr::V6(dst))) => w.dst(*dst),
            ("src", Value::Address(IpAddr::V6(src))) => w.src(*src),
            ("id", value) => w.some(value.number(), Ip6Writer::id),
            ("tc", value) => w.some(value.number(), Ip6Writer::traffic_class),
            ("hoplimit", value) => w.some(value.number(), Ip6Writer::hop_limit),
            _ => match options::read(words, name, value)? {
                Some(options) => w.options(|o| o.append(&options)),
                None => w,
            },
        };
    }
    Ok(w.some(flags(words), Ip6Writer::flags))
}

fn ila(words: &Words) -> Result<IlaWriter, Failure> {
    let given = words.text("locator").ok_or_else(|| words.missing("locator"))?;
    let parts: Option<Vec<u16>> = given.split(':').map(|part| u16::from_str_radix(part, 16).ok()).collect();
    let locator = parts
        .filter(|parts| parts.len() == 4)
        .map(|parts| parts.iter().fold(0u64, |all, part| all << 16 | u64::from(*part)));
    let locator = locator.ok_or_else(|| words.wrong(format!("{given:?} is not a locator: X:X:X:X in hexadecimal")))?;
    let number = |name: &str| words.number::<u8>(name);
    Ok(IlaWriter::default()
        .locator(locator)
        .some(number("csum-mode"), |w, mode| w.checksum_mode(mode.into()))
        .some(number("ident-type"), |w, kind| w.identifier_type(kind.into()))
        .some(number("hook-type"), |w, hook| w.hook(hook.into())))
}

fn seg6(words: &Words) -> Result<Seg6Writer, Failure> {
    let mode: u32 = words.number("mode").ok_or_else(|| words.missing("mode"))?;
    let source = match words.address("tunsrc") {
        Some(IpAddr::V6(source)) => Some(source),
        Some(IpAddr::V4(_)) => return Err(words.wrong("tunsrc must be an IPv6 address")),
        None => None,
    };
    // A key of 0 signs nothing.
    let key = words.number("hmac").filter(|key| *key != 0);
    let w = Seg6Writer::default().segments(mode.into(), &segments(words, "segs")?, key);
    Ok(w.some(source, Seg6Writer::src).some(words.number("lookup"), Seg6Writer::table))
}

fn seg6local(cx: &mut Context, words: &Words) -> Result<Seg6LocalWriter, Failure> {
    let mut w = Seg6LocalWriter::default();
    if !words.has("action") {
        return Err(words.missing("action"));
    }
    for (name, value) in words.iter() {
        w = match (name, value) {
            ("action", value) => w.some(value.number::<u32>(), |w, action| w.action(action.into())),
            ("table", value) => w.some(value.number(), Seg6LocalWriter::table),
            ("vrftable", value) => w.some(value.number(), Seg6LocalWriter::vrf_table),
            ("nh4", Value::Address(IpAddr::V4(address))) => w.nh4(*address),
            ("nh6", Value::Address(IpAddr::V6(address))) => w.nh6(*address),
            ("iif", Value::Text(device)) => w.iif(cx.device(device)?),
            ("oif", Value::Text(device)) => w.oif(cx.device(device)?),
            ("srh", Value::Group(header)) => {
                let key = header.number("hmac").filter(|key| *key != 0);
                // End.B6 puts the header into the packet.
                let inline = words.number("action") == Some(9u8);
                w.srh(&srh(&segments(header, "segs")?, inline, key))
            }
            ("endpoint", Value::Choice(case, given)) => {
                let program = bpf::program(cx, Purpose::Seg6Local, case, given)?;
                w.bpf(|b| b.some(u32::try_from(program.fd).ok(), |b, fd| b.program(fd)).name(&program.name))
            }
            ("count", _) => w.counters(|c| c.packets(0).bytes_total(0).errors(0)),
            ("flavors", Value::Text(given)) => {
                let operations = flavors(words, given)?;
                w.flavors(|f| {
                    f.operations(operations)
                        .some(words.number("lblen"), |f, bits| f.block_bits(bits))
                        .some(words.number("nflen"), |f, bits| f.node_bits(bits))
                })
            }
            _ => w,
        };
    }
    Ok(w)
}

fn programs(cx: &mut Context, words: &Words) -> Result<BpfWriter, Failure> {
    if words.is_empty() {
        return Err(words.wrong("at least one of in, out, xmit and headroom is needed"));
    }
    let mut w = BpfWriter::default();
    for (name, value) in words.iter() {
        let Value::Choice(case, given) = value else { continue };
        let purpose = match name {
            "in" => Purpose::In,
            "out" => Purpose::Out,
            _ => Purpose::Xmit,
        };
        let program = bpf::program(cx, purpose, case, given)?;
        let write =
            |p: BpfProgramWriter| p.some(u32::try_from(program.fd).ok(), BpfProgramWriter::fd).name(&program.name);
        w = match purpose {
            Purpose::In => w.input(write),
            Purpose::Out => w.output(write),
            _ => w.xmit(write),
        };
    }
    Ok(w.some(words.number("headroom"), BpfWriter::xmit_headroom))
}

fn flavors(words: &Words, given: &str) -> Result<u32, Failure> {
    given.split(',').try_fold(0, |all, name| {
        let bit = words::FLAVORS.iter().find(|(known, _)| *known == name).map(|(_, bit)| 1u32 << bit);
        Ok(all | bit.ok_or_else(|| words.wrong(format!("{name:?} is not a flavor")))?)
    })
}

fn ioam6(words: &Words) -> Result<Ioam6Writer, Failure> {
    let (k, n) = match words.text("freq") {
        None => (1, 1),
        Some(given) => {
            let both = given.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
            both.filter(|(k, n): &(u32, u32)| (1..=*n).contains(k) && *n <= 1_000_000)
                .ok_or_else(|| words.wrong(format!("{given:?} is not K/N with K at most N, N at most 1000000")))?
        }
    };
    let trace = words.groups("trace").next().ok_or_else(|| words.missing("trace"))?;
    if !trace.has("prealloc") {
        return Err(trace.missing("prealloc"));
    }
    let number = |name: &str| trace.number::<u32>(name).ok_or_else(|| trace.missing(name));
    let (kind, size) = (number("type")?, number("size")?);
    let namespace = trace.number("ns").ok_or_else(|| trace.missing("ns"))?;
    if size % 4 != 0 {
        return Err(trace.wrong("the size must be a multiple of 4"));
    }
    let size = u8::try_from(size).map_err(|_| trace.wrong("the size is too large"))?;
    let header = Ioam6Trace::new(namespace, kind, size);
    let mode: u8 = words.number("mode").unwrap_or(1);
    match (mode, words.has("tundst")) {
        (1, true) => return Err(words.wrong("into the packet itself there is no tundst")),
        (1, false) | (_, true) => {}
        _ => return Err(words.missing("tundst")),
    }
    let outer = |name: &str| match words.address(name) {
        Some(IpAddr::V6(address)) => Ok(Some(address)),
        Some(IpAddr::V4(_)) => Err(words.wrong(format!("{name} must be an IPv6 address"))),
        None => Ok(None),
    };
    Ok(Ioam6Writer::default()
        .frequency_k(k)
        .frequency_n(n)
        .mode(mode.into())
        .some(outer("tunsrc")?, Ioam6Writer::src)
        .some(outer("tundst")?, Ioam6Writer::dst)
        .trace(header))
}

fn xfrm(cx: &mut Context, words: &Words) -> Result<XfrmWriter, Failure> {
    let id = words.number("if_id").ok_or_else(|| words.missing("if_id"))?;
    let link = words.text("link_dev").map(|device| cx.device(device)).transpose()?;
    Ok(XfrmWriter::default().if_id(id).some(link, XfrmWriter::link))
}
