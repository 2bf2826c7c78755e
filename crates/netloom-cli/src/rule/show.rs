//! `rule list`.

use super::change::{numbers, ports, preference};
use crate::context::Context;
use crate::failure::Outcome;
use crate::named;
use crate::options::{Family, Options};
use crate::out::{Paint, Record};
use crate::words::{Prefix, Words};
use netloom::af;
use netloom::names::NameKind;
use netloom::rule::{self, Action, Rule, RuleFlags};
use std::net::IpAddr;

/// `RTN_NAT`: what iproute2 makes of `nat ADDRESS`; kernels keep the action and do nothing by it.
const RTN_NAT: u8 = 10;
/// `RTPROT_KERNEL`.
const RTPROT_KERNEL: u8 = 2;

/// `rule list`.
pub(super) fn show(cx: &mut Context, words: &Words) -> Outcome {
    let filter = Filter::new(words);
    let rules = cx.run(&list(&cx.options))?;
    let options = cx.options.clone();
    let mut list = cx.list();
    for rule in rules.iter().filter(|rule| filter.passes(rule)) {
        let mut r = Record::new();
        describe(&mut r, rule, &options);
        list.push(r)?;
    }
    list.finish()
}

/// The question for all rules of the family that the options ask for; IPv4 if they do not ask.
pub(super) fn list(options: &Options) -> rule::List {
    rule::List::family(options.family().map_or(af::INET, Family::number))
}

/// Which rules are meant. The kernel cannot filter them.
pub(super) struct Filter<'a> {
    words: &'a Words,
}

impl<'a> Filter<'a> {
    /// Reads the words.
    pub(super) fn new(words: &'a Words) -> Self {
        // A rule that fails by one word is not asked about the others, nor is any word if there is no rule.
        words.iter().for_each(drop);
        Self { words }
    }

    /// Whether a rule is meant.
    pub(super) fn passes(&self, rule: &Rule) -> bool {
        let words = self.words;
        let flags = RuleFlags::from_bits_retain(rule.flags());
        let number = |name: &str, value: Option<u32>| words.number(name).is_none_or(|wanted| value == Some(wanted));
        let range = |name: &str, range: Option<rule::PortRange>, mask: Option<u16>| {
            ports(words, name).is_none_or(|(first, last, wanted)| {
                range.is_some_and(|range| range.start == first && range.end == last)
                    && mask.unwrap_or(u16::MAX) == wanted.unwrap_or(u16::MAX)
            })
        };
        let masked = |name: &str, value: Option<u32>, mask: Option<u32>| match numbers::<2>(words, name) {
            None => true,
            Some([wanted, wanted_mask]) => value == wanted && wanted_mask.is_none_or(|wanted| mask == Some(wanted)),
        };
        (!words.has("not") || flags.contains(RuleFlags::INVERT))
            && words.prefix("from").is_none_or(|wanted| lies_in(rule.src(), rule.src_length(), wanted))
            && words.prefix("to").is_none_or(|wanted| lies_in(rule.dst(), rule.dst_length(), wanted))
            && preference(words).is_none_or(|wanted| rule.priority().unwrap_or_default() == wanted)
            && words.number::<u8>("tos").is_none_or(|wanted| rule.tos() == wanted)
            && numbers::<2>(words, "fwmark").is_none_or(|[wanted, mask]| marked(rule, wanted, mask))
            && number("realms", rule.realms())
            && number("protocol", rule.protocol().map(Into::into))
            && number("table", Some(rule.table()))
            && number("suppress_prefixlength", rule.suppress_prefix_length())
            && number("suppress_ifgroup", rule.suppress_group())
            && words.text("iif").is_none_or(|wanted| rule.iifname() == Some(wanted))
            && words.text("oif").is_none_or(|wanted| rule.oifname() == Some(wanted))
            && (!words.has("l3mdev") || rule.l3mdev().is_some_and(|on| on != 0))
            && numbers::<2>(words, "uidrange").is_none_or(|[first, last]| {
                rule.uid_range().is_some_and(|range| Some(range.start) == first && Some(range.end) == last)
            })
            && words.number::<u64>("tun_id").is_none_or(|wanted| rule.tunnel_id() == Some(wanted))
            && number("ipproto", rule.ip_protocol().map(Into::into))
            && range("sport", rule.sport_range(), rule.sport_mask())
            && range("dport", rule.dport_range(), rule.dport_mask())
            && masked("dscp", rule.dscp().map(Into::into), rule.dscp_mask().map(Into::into))
            && masked("flowlabel", rule.flowlabel(), rule.flowlabel_mask())
            && number("goto", rule.goto())
            && (!words.has("nop") || Action::from(rule.action()) == Action::Nop)
            && words.number::<u8>("type").is_none_or(|wanted| rule.action() == wanted)
    }
}

/// Whether a rule has this mark and this mask. As in iproute2 a mark of 0 is any.
fn marked(rule: &Rule, wanted: Option<u32>, mask: Option<u32>) -> bool {
    (wanted == Some(0) || rule.fwmark() == wanted) && mask.is_none_or(|mask| rule.fwmask() == Some(mask))
}

/// Whether a selector is the one that is wanted, or lies in it.
fn lies_in(address: Option<IpAddr>, length: u8, wanted: Prefix) -> bool {
    match (address, wanted.address) {
        (Some(address), Some(_)) => length >= wanted.length && wanted.contains(address),
        (None, Some(_)) => wanted.length == 0,
        (_, None) => true,
    }
}

/// Describes a rule.
pub(crate) fn describe(r: &mut Record, rule: &Rule, options: &Options) {
    let flags = RuleFlags::from_bits_retain(rule.flags());
    let priority = rule.priority().unwrap_or_default();
    r.number("priority", priority).shown(format!("{priority}:")).column();
    if flags.contains(RuleFlags::INVERT) {
        r.flag("not");
    }
    prefix(r, ("from", "src", "srclen"), rule.src(), rule.src_length(), true, options);
    prefix(r, ("to", "dst", "dstlen"), rule.dst(), rule.dst_length(), false, options);
    if rule.tos() != 0 {
        r.string("tos", named::show(options, NameKind::DsField, rule.tos().into()));
    }
    mark(r, rule);
    device(r, "iif", rule.iifname(), flags.contains(RuleFlags::IIF_DETACHED));
    device(r, "oif", rule.oifname(), flags.contains(RuleFlags::OIF_DETACHED));
    if rule.l3mdev().is_some_and(|on| on != 0) {
        r.flag("l3mdev").shown("lookup [l3mdev-table]");
    }
    if let Some(range) = rule.uid_range() {
        r.number("uid_start", range.start).label("uidrange");
        r.number("uid_end", range.end).shown(format!("-{}", range.end)).glued();
    }
    if let Some(protocol) = rule.ip_protocol() {
        r.string("ipproto", named::show_ip_protocol(options, protocol));
    }
    ports_of(r, ("sport", "sport_start", "sport_end", "sport_mask"), rule.sport_range(), rule.sport_mask());
    ports_of(r, ("dport", "dport_start", "dport_end", "dport_mask"), rule.dport_range(), rule.dport_mask());
    if let Some(tunnel) = rule.tunnel_id() {
        r.number("tun_id", tunnel).label("tun_id");
    }
    table(r, rule, options);
    if let Some(realms) = rule.realms() {
        let realm = |number| named::show(options, NameKind::Realm, number);
        let (from, to) = (realms >> 16, realm(realms & 0xffff));
        if from != 0 {
            r.string("flow_from", realm(from)).label("realms");
            r.string("flow_to", to.as_str()).shown(format!("/{to}")).glued();
        } else {
            r.string("flow_to", to).label("realms");
        }
    }
    action(r, rule, flags, options);
    if let Some(protocol) = rule.protocol().filter(|made| options.details > 0 || ![0, RTPROT_KERNEL].contains(made)) {
        r.string("protocol", named::show(options, NameKind::Protocol, protocol.into())).label("proto");
    }
    if let Some(dscp) = rule.dscp() {
        differentiated(r, dscp, rule.dscp_mask(), options);
    }
    if let Some(label) = rule.flowlabel() {
        let mask = rule.flowlabel_mask();
        r.string("flowlabel", named::hex(label));
        if let Some(mask) = mask {
            let field = r.string("flowlabel_mask", named::hex(mask));
            if mask == 0xf_ffff {
                field.json_only()
            } else {
                field.shown(format!("/{mask:#x}")).glued()
            };
        }
    }
}

fn prefix(
    r: &mut Record,
    keys: (&'static str, &'static str, &'static str),
    ip: Option<IpAddr>,
    length: u8,
    all: bool,
    options: &Options,
) {
    let (label, key, length_key) = keys;
    let full = match ip {
        Some(ip) if ip.is_ipv6() => 128,
        _ => 32,
    };
    match ip {
        Some(ip) => {
            let text = if length == full { options.host(ip) } else { ip.to_string() };
            r.string(key, text).label(label).paint(Paint::address(&ip));
        }
        None if length > 0 => {
            r.string(key, "0").label(label);
        }
        None if all => {
            r.string(key, "all").label(label);
        }
        None => return,
    }
    if length != full && (ip.is_some() || length > 0) {
        r.number(length_key, length).shown(format!("/{length}")).glued();
    }
}

fn mark(r: &mut Record, rule: &Rule) {
    if rule.fwmark().is_none() && rule.fwmask().is_none() {
        return;
    }
    r.string("fwmark", named::hex(rule.fwmark().unwrap_or_default()));
    if let Some(mask) = rule.fwmask().filter(|mask| *mask != u32::MAX) {
        let mask = named::hex(mask);
        r.string("fwmask", mask.as_str()).shown(format!("/{mask}")).glued();
    }
}

fn device(r: &mut Record, key: &'static str, name: Option<&str>, detached: bool) {
    let Some(name) = name else { return };
    r.string(key, name).paint(Paint::Device);
    if detached {
        r.flag(format!("{key}_detached")).shown("[detached]");
    }
}

fn ports_of(
    r: &mut Record,
    keys: (&'static str, &'static str, &'static str, &'static str),
    range: Option<rule::PortRange>,
    mask: Option<u16>,
) {
    let Some(range) = range else { return };
    let (one, first, last, mask_key) = keys;
    if range.start != range.end {
        r.number(first, range.start).label(one);
        r.number(last, range.end).shown(format!("-{}", range.end)).glued();
        return;
    }
    match mask {
        Some(mask) if mask != 0xffff => {
            r.number(one, range.start).shown(format!("{one} {}", named::hex(range.start)));
            r.string(mask_key, named::hex(mask)).shown(format!("/{}", named::hex(mask))).glued();
        }
        mask => {
            r.number(one, range.start);
            if let Some(mask) = mask {
                r.string(mask_key, named::hex(mask)).json_only();
            }
        }
    }
}

fn table(r: &mut Record, rule: &Rule, options: &Options) {
    if rule.table() == 0 {
        return;
    }
    r.string("table", named::show(options, NameKind::Table, rule.table())).label("lookup");
    if let Some(length) = rule.suppress_prefix_length().filter(|length| *length != u32::MAX) {
        r.number("suppress_prefixlen", i32::from_ne_bytes(length.to_ne_bytes())).label("suppress_prefixlength");
    }
    if let Some(group) = rule.suppress_group().filter(|group| *group != u32::MAX) {
        r.string("suppress_ifgroup", named::show(options, NameKind::Group, group)).label("suppress_ifgroup");
    }
}

fn action(r: &mut Record, rule: &Rule, flags: RuleFlags, options: &Options) {
    match Action::from(rule.action()) {
        Action::Table => {}
        Action::Goto => {
            match rule.goto() {
                Some(target) => r.number("goto", target),
                None => r.string("goto", "none"),
            };
            if flags.contains(RuleFlags::UNRESOLVED) {
                r.flag("unresolved").shown("[unresolved]");
            }
        }
        Action::Nop => {
            r.flag("nop");
        }
        _ if rule.action() == RTN_NAT => {
            r.flag("masquerade");
        }
        other => {
            let name = match other {
                _ if options.numeric => None,
                Action::Unspecified => Some("none"),
                Action::Blackhole => Some("blackhole"),
                Action::Unreachable => Some("unreachable"),
                Action::Prohibit => Some("prohibit"),
                _ => None,
            };
            r.string("action", name.map_or_else(|| rule.action().to_string(), str::to_owned)).bare();
        }
    }
}

fn differentiated(r: &mut Record, dscp: u8, mask: Option<u8>, options: &Options) {
    // Names are those of the whole field.
    let name = named::show(options, NameKind::DsField, u32::from(dscp) << 2);
    let named = !name.starts_with("0x");
    let field = r.string("dscp", if named { name } else { dscp.to_string() });
    let Some(mask) = mask else { return };
    if mask == 0x3f {
        r.string("dscp_mask", named::hex(mask)).json_only();
    } else {
        field.shown(format!("dscp {}", named::hex(dscp)));
        r.string("dscp_mask", named::hex(mask)).shown(format!("/{}", named::hex(mask))).glued();
    }
}
