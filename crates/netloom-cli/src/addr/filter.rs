//! Which addresses and links are meant.

use super::words::WITHOUT;
use crate::context::Context;
use crate::failure::Failure;
use crate::kind::Wanted;
use crate::options::Family;
use crate::words::{Prefix, Value, Words};
use netloom::address::{Address, AddressFlags};
use netloom::{af, link::Link};

/// A filter of addresses, and of the links that have them.
#[derive(Debug, Default)]
pub(super) struct Filter {
    /// Address family, or 0.
    pub(super) family: u8,
    /// Whether links alone are wanted (`-0`).
    pub(super) links_alone: bool,
    /// Index of the link.
    pub(super) index: Option<u32>,
    /// Index of the links' master.
    pub(super) master: Option<u32>,
    /// Kind of the links.
    pub(super) kind: Wanted,
    group: Option<u32>,
    up: bool,
    down: bool,
    to: Option<Prefix>,
    scope: Option<u8>,
    label: Option<String>,
    protocol: Option<u8>,
    with: AddressFlags,
    without: AddressFlags,
}

impl Filter {
    /// Reads the words.
    pub(super) fn new(cx: &mut Context, words: &Words) -> Result<Self, Failure> {
        let to = words.prefix("to").filter(|to| to.address.is_some());
        let family = match (cx.options.family(), to.and_then(|to| to.address)) {
            (Some(Family::Link), _) | (None, None) => af::UNSPEC,
            (Some(family), _) => family.number(),
            (None, Some(address)) => af::of(address),
        };
        let mut filter = Self { family, to, ..Self::default() };
        filter.links_alone = cx.options.family() == Some(Family::Link);
        if let Some(name) = words.text("dev") {
            filter.index = Some(cx.device(name)?);
        }
        filter.master = cx.master_given(words)?;
        filter.kind = Wanted::new(words);
        filter.group = words.number("group");
        filter.up = words.has("up");
        filter.down = words.has("down");
        filter.scope = words.number("scope");
        filter.label = words.text("label").map(str::to_owned);
        filter.protocol = words.number("proto");
        for state in words.all("state").filter_map(Value::number::<u64>) {
            let flag = u32::try_from(state & !WITHOUT).unwrap_or_default();
            let side = if state & WITHOUT == 0 { &mut filter.with } else { &mut filter.without };
            *side |= AddressFlags::from_bits_retain(flag);
        }
        Ok(filter)
    }

    /// Whether only addresses are asked for that have not the flag of the secondary ones.
    pub(super) fn primary_only(&self) -> bool {
        self.without.contains(AddressFlags::SECONDARY)
    }

    /// Whether an address passes.
    pub(super) fn passes(&self, address: &Address, device: &str) -> bool {
        (self.family == af::UNSPEC || self.family == address.family())
            && self.index.is_none_or(|index| address.index() == index)
            && self.scope.is_none_or(|scope| address.scope() == scope)
            && address.flags().contains(self.with)
            && !address.flags().intersects(self.without)
            && self.to.is_none_or(|to| address.own().is_some_and(|own| to.contains(own)))
            && self.protocol.is_none_or(|protocol| address.protocol().unwrap_or_default() == protocol)
            && self.label.as_deref().is_none_or(|label| matches(label, address.label().unwrap_or(device)))
    }

    /// Whether a link is shown at all.
    pub(super) fn passes_link(&self, link: &Link) -> bool {
        self.index.is_none_or(|index| link.index() == index)
            && (!self.up || link.is_up())
            && (!self.down || !link.is_up())
            && self.group.is_none_or(|group| link.group() == Some(group))
            && self.master.is_none_or(|master| link.master().unwrap_or_default() == master)
            && self.kind.passes(link)
    }

    /// Whether the link itself is shown, rather than its addresses alone: its name must be like the label too.
    pub(super) fn shows_link(&self, link: &Link) -> bool {
        self.family != af::UNSPEC || self.label.as_deref().is_none_or(|label| matches(label, link.name()))
    }

    /// Whether a link without any address is shown.
    pub(super) fn shows_bare_links(&self) -> bool {
        self.family == af::UNSPEC
    }
}

/// Whether `text` is like `pattern`: `*` is any text, `?` any character.
fn matches(pattern: &str, text: &str) -> bool {
    let mut rest = pattern.chars();
    match rest.next() {
        None => text.is_empty(),
        Some('*') => text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .any(|at| text.get(at..).is_some_and(|tail| matches(rest.as_str(), tail))),
        Some(wanted) => {
            let mut given = text.chars();
            given.next().is_some_and(|given| wanted == '?' || wanted == given) && matches(rest.as_str(), given.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_have_stars_and_question_marks() {
        for (pattern, text, expected) in [
            ("eth0", "eth0", true),
            ("eth0", "eth01", false),
            ("eth*", "eth0:home", true),
            ("*:?", "eth0:1", true),
            ("*:?", "eth0:12", false),
            ("*", "", true),
            ("", "x", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
