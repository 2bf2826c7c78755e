//! Which routes are shown, flushed or saved.

use super::change::table_of_vrf;
use super::destination::{self, Destination};
use super::words::ALL;
use crate::context::Context;
use crate::failure::Failure;
use crate::words::{Value, Words};
use netloom::route::{List, Route, RouteType, TABLE_MAIN};
use netloom::{Prefix, af};

/// A question for routes, and what the kernel's answer is sifted by besides.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    /// The question.
    pub(super) list: List,
    /// Address family, 0 for all.
    pub(super) family: u8,
    /// Routes of the cache are asked for.
    pub(super) cached: bool,
    via: Option<Prefix>,
    iif: Option<u32>,
    mark: Option<u32>,
    /// What all have in common and is not shown.
    pub(super) hidden: Hidden,
}

/// Fields that are the same in all routes because they were asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hidden {
    pub(super) table: bool,
    pub(super) protocol: bool,
    pub(super) scope: bool,
    pub(super) tos: bool,
    pub(super) device: bool,
    pub(super) iif: bool,
    pub(super) realms: bool,
    pub(super) via: bool,
    pub(super) prefsrc: bool,
}

impl Filter {
    /// Reads the words.
    pub(super) fn new(cx: &mut Context, words: &Words) -> Result<Self, Failure> {
        let table = table(cx, words)?;
        let cached = words.has("cached") || words.text("table") == Some("cache");
        let (to, from) = (selected(cx, words, "to")?, selected(cx, words, "from")?);
        let implied = to.iter().chain(&from).find_map(|(_, destination)| destination.family());
        // Without a table that all families have, iproute2 means IPv4.
        let default = if table.is_some() || cached { af::INET } else { af::UNSPEC };
        let family = destination::family(cx).or(implied).unwrap_or(default);
        let mut filter = Self { list: List::family(family), family, cached, ..Self::default() };
        filter.tables(table);
        filter.prefixes(&to, &from);
        filter.numbers(words);
        filter.devices(cx, words)?;
        filter.addresses(cx, words)?;
        Ok(filter)
    }

    fn narrow(&mut self, narrow: impl FnOnce(List) -> List) {
        self.list = narrow(std::mem::take(&mut self.list));
    }

    fn tables(&mut self, table: Option<u32>) {
        self.hidden.table = table.is_some();
        if let Some(table) = table {
            self.narrow(|list| list.table(table));
        }
        if self.cached {
            self.narrow(List::cached);
        }
    }

    /// Narrows by where routes lead to and come from. Of several the last counts, for either bound by itself.
    fn prefixes(&mut self, to: &[(&str, Destination)], from: &[(&str, Destination)]) {
        let family = self.family;
        let last = |given: &[(&str, Destination)], bound: &str| {
            let found = given.iter().rev().find(|(how, _)| *how == bound || *how == "exact");
            found.and_then(|(_, destination)| destination.prefix(family))
        };
        match (last(to, "root"), last(to, "match")) {
            (Some(root), Some(inner)) if root == inner => self.narrow(|list| list.exactly(root)),
            (root, inner) => {
                if let Some(prefix) = root {
                    self.narrow(|list| list.within(prefix));
                }
                if let Some(prefix) = inner {
                    self.narrow(|list| list.covering(prefix));
                }
            }
        }
        if let Some(prefix) = last(from, "root") {
            self.narrow(|list| list.source_within(prefix));
        }
        if let Some(prefix) = last(from, "match") {
            self.narrow(|list| list.source_covering(prefix));
        }
    }

    fn numbers(&mut self, words: &Words) {
        if let Some(protocol) = words.number("protocol") {
            self.hidden.protocol = true;
            self.narrow(|list| list.protocol(protocol));
        }
        if let Some(scope) = words.number("scope") {
            self.hidden.scope = true;
            self.narrow(|list| list.scope(scope));
        }
        if let Some(tos) = words.number("tos") {
            self.hidden.tos = true;
            self.narrow(|list| list.tos(tos));
        }
        if let Some(kind) = words.number::<u8>("type") {
            self.narrow(|list| list.kind(RouteType::from(kind)));
        }
        if let Some(metric) = words.number("metric") {
            self.narrow(|list| list.priority(metric));
        }
        if let Some(id) = words.number("nhid") {
            self.narrow(|list| list.nh_id(id));
        }
        if let [Value::Number(realms), Value::Number(mask)] = words.several("realms") {
            let part = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
            let (realms, mask) = (part(*realms), part(*mask));
            self.hidden.realms = mask == u32::MAX;
            self.narrow(|list| list.realms(realms, mask));
        }
        self.mark = words.number("mark");
    }

    fn devices(&mut self, cx: &mut Context, words: &Words) -> Result<(), Failure> {
        if let Some(name) = words.text("dev") {
            let index = cx.device(name)?;
            self.hidden.device = true;
            self.narrow(|list| list.device(index));
        }
        if let Some(name) = words.text("iif") {
            self.iif = Some(cx.device(name)?);
            self.hidden.iif = true;
        }
        Ok(())
    }

    fn addresses(&mut self, cx: &Context, words: &Words) -> Result<(), Failure> {
        if let Some(given) = words.text("via") {
            let wrong = || words.refused(format!("via: {given:?} is not a prefix"));
            // A router may be of another family than the route.
            let read = crate::words::prefix(given, None).ok_or_else(wrong)?;
            let via = match read.address.and_then(|address| Prefix::new(address, read.length)) {
                Some(prefix) => prefix,
                None => Destination::read(cx, words, given)?.prefix(self.family).ok_or_else(wrong)?,
            };
            self.hidden.via = via.is_host();
            self.via = Some(via);
        }
        let source = words.prefix("src").and_then(|src| Prefix::new(src.address?, src.length));
        if let Some(source) = source {
            self.hidden.prefsrc = source.is_host();
            self.narrow(|list| list.prefsrc(source));
        }
        Ok(())
    }

    /// Whether a route is meant, of those that the list has.
    pub(super) fn passes(&self, route: &Route) -> bool {
        // A route of several next hops is by no router in particular.
        self.via.is_none_or(|via| route.router().is_some_and(|router| via.contains(router)))
            && self.iif.is_none_or(|index| route.iif() == Some(index))
            && self.mark.is_none_or(|mark| route.mark().unwrap_or_default() == mark)
    }
}

/// The prefixes of a word, each with how much of it is meant.
fn selected<'a>(cx: &Context, words: &'a Words, name: &'a str) -> Result<Vec<(&'a str, Destination)>, Failure> {
    let both = words.all(name).filter_map(|value| match value {
        Value::Several(both) => match both.as_slice() {
            [Value::Text(how), Value::Text(given)] => Some((how.as_str(), given)),
            _ => None,
        },
        _ => None,
    });
    both.map(|(how, given)| Ok((how, Destination::read(cx, words, given)?))).collect()
}

/// The table that is meant; none for all.
fn table(cx: &mut Context, words: &Words) -> Result<Option<u32>, Failure> {
    if let Some(vrf) = words.text("vrf") {
        return Ok(Some(table_of_vrf(cx, words, vrf)?));
    }
    Ok(match words.value("table") {
        Some(Value::Number(number)) => u32::try_from(*number).ok().filter(|table| *table != 0),
        Some(Value::Text(all)) if all == ALL => None,
        _ => Some(TABLE_MAIN),
    })
}
