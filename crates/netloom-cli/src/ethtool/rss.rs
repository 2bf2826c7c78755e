//! How received packets are spread over queues: `-x`, `-X`, and the fields that are hashed: `-n`, `-N`.

use super::sheet::Sheet;
use super::talk::{CHANGED, Headed as _, SHOWN, Talk, changed, must_say, number, print, show};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::out::Paint;
use crate::words::{Kind, Value, Word, Words, flag, word};
use netloom::ethtool::Answers as _;
use netloom::ethtool::commands::{CreateRss, DeleteRss, GetRss, ListRss, SetRss};
use netloom::ethtool::rss::{HashTransform, Rss, RssWriter};
use netloom::ethtool::strings::StringSetId;

const CONTEXT: Word = word("context", Kind::U32, "a context beside the device's own, by number");

pub(super) const SHOW: &[Word] = &[SHOWN, CONTEXT];
pub(super) const SET: &[Word] = &[
    CHANGED,
    word("context", Kind::Text("{ NUMBER | new }"), "a context beside the device's own; new makes one"),
    flag("delete", "delete the context"),
    word("hkey", Kind::Mac, "key of the hash function, bytes in hexadecimal"),
    word("hfunc", Kind::Text("FUNCTION"), "hash function"),
    word(
        "xfrm",
        Kind::OneOf(&[("none", 0), ("symmetric-xor", 1), ("symmetric-or-xor", 2)]),
        "what is done with the fields before they are hashed",
    ),
    word("start", Kind::U32, "the first queue"),
    word("equal", Kind::Number(1, u32::MAX as u64), "spread over so many queues, each the same"),
    word("weight", Kind::Several(&Kind::U32), "spread over queues by these weights"),
    flag("default", "spread as the device did at first"),
];

/// Since when the kernel changes it by netlink.
const SINCE: &str = "6.17";

/// Entries of the table on a line of text.
const LINE: usize = 8;

pub(super) fn show_rss(cx: &mut Context, words: &Words) -> Outcome {
    let context = number(words, "context").filter(|context| *context != 0);
    show(
        cx,
        words,
        false,
        |device| GetRss::with(device, |w| context.into_iter().fold(w, |w, context| w.context(context))),
        |flags| ListRss::with(flags, |w| w),
        rss,
    )
}

pub(super) fn rss(talk: &mut Talk, found: &Rss) -> Result<Sheet, Failure> {
    let mut s = Sheet::default();
    s.some("rss-context", found.context().filter(|context| *context != 0));
    if let Some(table) = found.table() {
        let table: Vec<u32> = table.collect();
        let line = |(at, queues): (usize, &[u32])| {
            let queues: String = queues.iter().map(|queue| format!(" {queue:3}")).collect();
            format!("{:4}:{queues}", at.saturating_mul(LINE))
        };
        if !table.is_empty() {
            let lines: Vec<String> = table.chunks(LINE).enumerate().map(line).collect();
            s.row("rss-indirection-table", table).lines(lines);
        }
    }
    if let Some(key) = found.key().filter(|key| !key.is_empty()) {
        let hex: Vec<String> = key.iter().map(|byte| format!("{byte:02x}")).collect();
        s.row("rss-hash-key", key.to_vec()).lines(hex.chunks(20).map(|line| line.join(":")));
    }
    if let Some(function) = found.hash_function() {
        let names = talk.names(StringSetId::HashFunctions)?;
        let name = names.get(&function.trailing_zeros()).filter(|_| function.is_power_of_two());
        match name {
            Some(name) => _ = s.row("rss-hash-function", name.clone()),
            None => _ = s.row("rss-hash-function-raw", function),
        }
    }
    // Without the attribute nothing is done.
    let transform = found.transform().unwrap_or_default();
    s.section("rss-input-transformation", |s| {
        s.row("symmetric-xor", transform.contains(HashTransform::SYMMETRIC_XOR));
        s.row("symmetric-or-xor", transform.contains(HashTransform::SYMMETRIC_OR_XOR));
    });
    Ok(s)
}

pub(super) fn set_rss(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    must_say(words)?;
    let new = words.text("context") == Some("new");
    let context = match words.text("context") {
        Some(text) if !new => {
            Some(text.parse::<u32>().map_err(|_| words.wrong(format!("context: {text:?} is no number, nor \"new\"")))?)
        }
        _ => None,
    };
    let mut talk = Talk::open(cx)?;
    if words.has("delete") {
        let context = context.ok_or_else(|| words.wrong("delete: it is not said which context"))?;
        return talk.since(SINCE, &DeleteRss::of(device, |w| w.context(context)));
    }
    let function = words.text("hfunc").map(|name| function(&mut talk, words, name)).transpose()?;
    let size = |talk: &mut Talk| -> Result<usize, Failure> {
        let found = talk.run(&GetRss::of(device.clone()))?;
        Ok(found.table().map_or(0, Iterator::count))
    };
    let table = match spread(words)? {
        Some(spread) => Some(spread.table(size(&mut talk)?, words)?),
        None => None,
    };
    let change = |w: RssWriter| {
        let w = context.into_iter().fold(w, |w, context| w.context(context));
        let w = function.into_iter().fold(w, |w, function| w.hash_function(function));
        let w = table.iter().fold(w, |w, table| w.table(table));
        let w = words.bytes("hkey").into_iter().fold(w, |w, key| w.key(key));
        let transform = number(words, "xfrm").map(HashTransform::from_bits_retain);
        transform.into_iter().fold(w, |w, transform| w.transform(transform))
    };
    if !new {
        return talk.since(SINCE, &SetRss::of(device.clone(), change));
    }
    let made = talk.since(SINCE, &CreateRss::of(device.clone(), change).answered())?;
    let mut s = Sheet::default();
    s.some("rss-context", made.context());
    print(cx, [s.of(made.header_of())])
}

/// The bit of a hash function.
fn function(talk: &mut Talk, words: &Words, name: &str) -> Result<u32, Failure> {
    let names = talk.names(StringSetId::HashFunctions)?;
    let place = names.iter().find(|(_, known)| *known == name).map(|(place, _)| *place);
    let known = || names.values().cloned().collect::<Vec<_>>().join(", ");
    let bit = place.and_then(|place| 1u32.checked_shl(place));
    bit.ok_or_else(|| words.wrong(format!("hfunc: {name:?} is none of {}", known())))
}

/// How the table is to be filled.
#[derive(Debug, PartialEq, Eq)]
enum Spread {
    Default,
    Equal { start: u32, queues: u32 },
    Weights { start: u32, weights: Vec<u32> },
}

fn spread(words: &Words) -> Result<Option<Spread>, Failure> {
    let start = number(words, "start").unwrap_or_default();
    let weights: Vec<u32> = words.several("weight").iter().filter_map(Value::number).collect();
    let ways = [words.has("equal"), words.has("weight"), words.has("default")];
    if ways.into_iter().filter(|given| *given).count() > 1 {
        return Err(words.wrong("of equal, weight and default only one may be given"));
    }
    if words.has("start") && !words.has("equal") && !words.has("weight") {
        return Err(words.wrong("start: it goes with equal or weight"));
    }
    Ok(match number(words, "equal") {
        Some(queues) => Some(Spread::Equal { start, queues }),
        None if !weights.is_empty() => Some(Spread::Weights { start, weights }),
        None => words.has("default").then_some(Spread::Default),
    })
}

impl Spread {
    /// The table, of this size; an empty one stands for the default.
    fn table(&self, size: usize, words: &Words) -> Result<Vec<u32>, Failure> {
        let queue = |start: &u32, number: usize| start.saturating_add(u32::try_from(number).unwrap_or(u32::MAX));
        match self {
            Self::Default => Ok(Vec::new()),
            _ if size == 0 => Err(words.refused("the device has no table")),
            Self::Equal { start, queues } => {
                let queues = usize::try_from(*queues).unwrap_or(usize::MAX);
                Ok((0..size).map(|place| queue(start, place % queues.max(1))).collect())
            }
            Self::Weights { start, weights } => {
                let sum: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
                if sum == 0 || sum > size as u64 {
                    return Err(words.wrong(format!("weight: the sum must be between 1 and {size}, it is {sum}")));
                }
                let mut table = Vec::with_capacity(size);
                let mut before = 0u64;
                for (number, weight) in weights.iter().enumerate() {
                    before = before.saturating_add(u64::from(*weight));
                    // A queue's share ends where the weights so far say, in parts of the whole.
                    let end = (size as u64).saturating_mul(before).div_ceil(sum);
                    let end = usize::try_from(end).unwrap_or(size);
                    table.resize(end.max(table.len()), queue(start, number));
                }
                Ok(table)
            }
        }
    }
}

pub(super) mod fields;

/// Fields as people see them.
fn named(s: &mut Sheet, fields: Vec<String>) {
    s.row("rx-flow-hash", fields.clone()).lines(fields).paint(Paint::Plain);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(spread: &Spread, size: usize) -> Vec<u32> {
        let words = crate::words::parse(SET, "-X", crate::words::Input::new(&[], None)).expect("no words");
        spread.table(size, &words).expect("it fits")
    }

    #[test]
    fn weights_fill_the_table_in_order() {
        assert_eq!(table(&Spread::Equal { start: 2, queues: 3 }, 8), [2, 3, 4, 2, 3, 4, 2, 3]);
        let weights = Spread::Weights { start: 0, weights: vec![1, 0, 3] };
        assert_eq!(table(&weights, 8), [0, 0, 2, 2, 2, 2, 2, 2]);
        let odd = Spread::Weights { start: 1, weights: vec![1, 1, 1] };
        assert_eq!(table(&odd, 8), [1, 1, 1, 2, 2, 2, 3, 3]);
    }
}
