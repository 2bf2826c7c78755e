//! Fields of packets that are hashed: `-n DEVICE rx-flow-hash SORT`, `-N DEVICE rx-flow-hash SORT LETTERS`.

use super::super::sheet::Sheet;
use super::super::talk::{CHANGED, Headed as _, Talk, changed, number, print};
use super::CONTEXT;
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::words::{Input, Kind, Value, Word, Words, word};
use netloom::ethtool::commands::{GetRss, SetRss};
use netloom::ethtool::rss::{FlowHash, FlowHashWriter, HashFields};

/// Letters of the fields, and what they are.
const LETTERS: &[(char, HashFields, &str)] = &[
    ('m', HashFields::ETHERNET_DESTINATION, "destination's hardware address"),
    ('v', HashFields::VLAN, "VLAN tag"),
    ('t', HashFields::PROTOCOL, "protocol over IP"),
    ('s', HashFields::IP_SOURCE, "source's IP address"),
    ('d', HashFields::IP_DESTINATION, "destination's IP address"),
    ('f', HashFields::SOURCE_PORT, "source port"),
    ('n', HashFields::DESTINATION_PORT, "destination port"),
    ('e', HashFields::GTP_TUNNEL, "identifier of a GTP tunnel"),
    ('l', HashFields::FLOW_LABEL, "IPv6 flow label"),
    ('r', HashFields::DISCARD, "nothing: dropped"),
];

macro_rules! sorts { ($($name:literal $field:ident),* $(,)?) => {
    const SORTS: &[(&str, u64)] = &[$(($name, 0)),*];

    fn get(found: &FlowHash, sort: &str) -> Option<HashFields> {
        match sort {
            $($name => found.$field(),)*
            _ => None,
        }
    }

    fn put(w: FlowHashWriter, sort: &str, fields: HashFields) -> FlowHashWriter {
        match sort {
            $($name => w.$field(fields),)*
            _ => w,
        }
    }
} }
sorts! {
    "ether" ether, "ip4" ip4, "ip6" ip6, "tcp4" tcp4, "tcp6" tcp6, "udp4" udp4, "udp6" udp6, "sctp4" sctp4,
    "sctp6" sctp6, "ah4" ah4, "ah6" ah6, "esp4" esp4, "esp6" esp6, "gtpu4" gtpu4, "gtpu6" gtpu6, "gtpc4" gtpc4,
    "gtpc6" gtpc6, "gtpc4t" gtpc_teid4, "gtpc6t" gtpc_teid6, "gtpu4e" gtpu_eh4, "gtpu6e" gtpu_eh6,
    "gtpu4u" gtpu_ul4, "gtpu6u" gtpu_ul6, "gtpu4d" gtpu_dl4, "gtpu6d" gtpu_dl6,
}

pub(in super::super) const SHOW: &[Word] = &[
    CHANGED,
    word("rx-flow-hash", Kind::Custom("SORT", sort), "fields of packets of this sort that are hashed"),
    CONTEXT,
];
pub(in super::super) const SET: &[Word] = &[
    CHANGED,
    word(
        "rx-flow-hash",
        Kind::Custom("SORT LETTERS", sort_and_letters),
        "fields to hash: m hardware address, v VLAN, t protocol, s and d addresses, f and n ports, e GTP tunnel, l flow \
         label, r drop",
    ),
    CONTEXT,
];

const ABSENT: &str = "rules of classification are known to an ioctl (ETHTOOL_GRXCLSRULE) only, not to netlink";

fn sort(input: &mut Input<'_>) -> Result<Value, String> {
    let given = input.need("a sort of packets")?;
    if SORTS.iter().any(|(name, _)| *name == given) {
        return Ok(Value::Text(given.to_owned()));
    }
    let names: Vec<&str> = SORTS.iter().map(|(name, _)| *name).collect();
    Err(format!("{given:?} is none of {}", names.join(", ")))
}

fn sort_and_letters(input: &mut Input<'_>) -> Result<Value, String> {
    let sort = sort(input)?;
    let letters = input.need("LETTERS")?;
    if let Some(unknown) = letters.chars().find(|letter| fields_of(*letter).is_none()) {
        return Err(format!("{unknown:?} is no field"));
    }
    Ok(Value::Several(vec![sort, Value::Text(letters.to_owned())]))
}

fn fields_of(letter: char) -> Option<HashFields> {
    LETTERS.iter().find(|(known, ..)| *known == letter).map(|(_, fields, _)| *fields)
}

pub(in super::super) fn show(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    let Some(sort) = words.text("rx-flow-hash") else { return Err(Failure::Failed(ABSENT.into())) };
    let context = number(words, "context");
    let get_rss = GetRss::with(device, |w| context.into_iter().fold(w, |w, context| w.context(context)));
    let found = Talk::open(cx)?.run(&get_rss)?;
    let fields = found.flow_hash().and_then(|all| get(all, sort));
    let silent = || {
        let why =
            format!("Linux tells of them by netlink since {}, and only of sorts that the device knows", super::SINCE);
        Failure::Failed(format!("rx-flow-hash {sort}: the kernel says nothing of its fields; {why}"))
    };
    let fields = fields.ok_or_else(silent)?;
    let names: Vec<String> =
        LETTERS.iter().filter(|(_, one, _)| fields.contains(*one)).map(|(.., name)| (*name).to_owned()).collect();
    let mut s = Sheet::default();
    s.row("flow-type", sort);
    super::named(&mut s, names);
    print(cx, [s.of(found.header_of())])
}

pub(in super::super) fn set(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    let [Value::Text(sort), Value::Text(letters)] = words.several("rx-flow-hash") else {
        return Err(Failure::Failed(ABSENT.into()));
    };
    let fields = letters.chars().filter_map(fields_of).fold(HashFields::empty(), |all, one| all | one);
    let context = number(words, "context");
    let set = SetRss::of(device, |w| {
        let w = context.into_iter().fold(w, |w, context| w.context(context));
        w.flow_hash(|flow| put(flow, sort, fields))
    });
    Talk::open(cx)?.since(super::SINCE, &set)
}
