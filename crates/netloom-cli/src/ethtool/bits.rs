//! Bits as words say them: `N[/M]`, or names with `on` and `off`.

use crate::failure::Failure;
use crate::words::{Input, Value, Words};
use netloom::ethtool::bitset::BitsetWriter;

/// Bits that a word asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Value, and mask where there is one, bit 0 the lowest of the first word.
    Words(Vec<u32>, Option<Vec<u32>>),
    /// Names, set or cleared; all others stay.
    Named(Vec<(String, bool)>),
}

impl Asked {
    /// Writes them; without a mask, what is not set is cleared.
    pub(super) fn write(&self, w: BitsetWriter) -> BitsetWriter {
        match self {
            Self::Words(value, None) => w.list_words(size(value), value),
            Self::Words(value, Some(mask)) => w.words(size(mask), value, mask),
            Self::Named(bits) => w.named(bits.iter().map(|(name, on)| (name.as_str(), *on))),
        }
    }
}

/// Up to the highest bit that is set; the kernel wants at least one.
fn size(words: &[u32]) -> u32 {
    let sizes = words.iter().zip((0u32..).step_by(32)).filter(|(word, _)| **word != 0);
    let sizes = sizes.map(|(word, first)| first.saturating_add(32 - word.leading_zeros()));
    sizes.max().unwrap_or(1)
}

/// Reads pairs of a name and `on` or `off`, as many as follow.
pub(super) fn pairs(input: &mut Input<'_>) -> Result<Value, String> {
    let mut all = Vec::new();
    while !input.take_if("--") {
        let Some(pair) = pair(input)? else { break };
        all.push(pair);
    }
    if all.is_empty() { Err("a NAME with on or off is missing".into()) } else { Ok(Value::Several(all)) }
}

/// A name that must be followed by `on` or `off`; None at the end of the words.
fn pair(input: &mut Input<'_>) -> Result<Option<Value>, String> {
    let Some(name) = input.take() else { return Ok(None) };
    let on = match input.take() {
        Some("on") => true,
        Some("off") => false,
        _ => return Err(format!("{name:?} is not followed by \"on\" or \"off\"")),
    };
    Ok(Some(Value::Several(vec![Value::Text(name.to_owned()), Value::Bool(on)])))
}

/// Reads `N[/M]`, or pairs until `ends` says that a word is not a name any more.
pub(super) fn numbers_or_pairs(input: &mut Input<'_>, ends: fn(&str) -> bool) -> Result<Value, String> {
    let mut all = Vec::new();
    loop {
        let mut ahead = *input;
        let name = ahead.take().filter(|name| !ends(name));
        if name.is_none() || !matches!(ahead.peek(), Some("on" | "off")) {
            break;
        }
        all.extend(pair(input)?);
    }
    // ethtool ends a list so.
    input.take_if("--");
    if !all.is_empty() {
        return Ok(Value::Several(all));
    }
    Ok(Value::Text(input.need("N[/M], or NAME on|off")?.to_owned()))
}

/// The pairs of a word, or the two numbers; these are hexadecimal also without `0x` if `hex` says so.
pub(super) fn asked(words: &Words, name: &str, hex: bool) -> Result<Option<Asked>, Failure> {
    match words.value(name) {
        Some(Value::Several(all)) => Ok(Some(Asked::Named(named(all)))),
        Some(Value::Text(text)) => {
            let (value, mask) = match text.split_once('/') {
                Some((value, mask)) => (value, Some(mask)),
                None => (text.as_str(), None),
            };
            let wrong = || words.wrong(format!("{name}: {text:?} is neither N[/M] nor a NAME with on or off"));
            let mut value = number(value, hex).ok_or_else(wrong)?;
            let mask = mask.map(|mask| number(mask, hex).ok_or_else(wrong)).transpose()?;
            let Some(mut mask) = mask else { return Ok(Some(Asked::Words(value, None))) };
            let length = usize::try_from(size(&mask).div_ceil(32)).unwrap_or(usize::MAX);
            value.resize(length, 0);
            mask.resize(length, 0);
            // The kernel refuses values outside of their mask.
            value.iter_mut().zip(&mask).for_each(|(value, mask)| *value &= mask);
            Ok(Some(Asked::Words(value, Some(mask))))
        }
        _ => Ok(None),
    }
}

/// Names and values out of what [`pairs`] read.
pub(super) fn named(all: &[Value]) -> Vec<(String, bool)> {
    let pair = |value: &Value| match value {
        Value::Several(pair) => match pair.as_slice() {
            [Value::Text(name), Value::Bool(on)] => Some((name.clone(), *on)),
            _ => None,
        },
        _ => None,
    };
    all.iter().filter_map(pair).collect()
}

/// A number of any length, as words of 32 bits, the lowest first.
fn number(text: &str, hex: bool) -> Option<Vec<u32>> {
    let digits = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => digits,
        None if hex => text,
        None => {
            let number: u64 = text.parse().ok()?;
            let (low, high) = (number & u64::from(u32::MAX), number >> 32);
            let low = u32::try_from(low).ok()?;
            return Some(if high == 0 { vec![low] } else { vec![low, u32::try_from(high).ok()?] });
        }
    };
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let digits = digits.as_bytes();
    digits.rchunks(8).map(|eight| u32::from_str_radix(std::str::from_utf8(eight).ok()?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_any_length() {
        assert_eq!(number("0x20000000000", true), Some(vec![0, 0x200]));
        assert_eq!(number("20", true), Some(vec![0x20]));
        assert_eq!(number("20", false), Some(vec![20]));
        assert_eq!(number("4294967296", false), Some(vec![0, 1]));
        assert_eq!([size(&[0, 0x200]), size(&[1]), size(&[0])], [42, 1, 1]);
        assert_eq!(
            [number("", true), number("0x", false), number("-1", false), number("0xg", true)],
            [None, None, None, None]
        );
    }

    #[test]
    fn pairs_end_where_other_words_begin() {
        let given = ["drv", "on", "link", "off", "speed", "10"].map(str::to_owned);
        let mut input = Input::new(&given, None);
        let Ok(Value::Several(all)) = numbers_or_pairs(&mut input, |word| word == "speed") else { panic!("no pairs") };
        assert_eq!(named(&all), [("drv".to_owned(), true), ("link".to_owned(), false)]);
        assert_eq!(input.peek(), Some("speed"));
        let mut input = Input::new(&given[1..2], None);
        assert_eq!(numbers_or_pairs(&mut input, |_| false), Ok(Value::Text("on".into())));
        assert!(pairs(&mut Input::new(&given[4..], None)).is_err());
    }
}
