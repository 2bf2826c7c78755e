//! From the words given to typed values, by the table.

use super::near::nearest;
use super::scalar;
use super::table::{Case, Kind, Object, Place, Verb, Word};
use super::value::{Value, Words};
use crate::failure::Failure;

/// Whether `given` is a beginning of `name`: iproute2's `matches()`.
pub(crate) fn abbreviates(given: &str, name: &str) -> bool {
    !given.is_empty() && name.starts_with(given)
}

/// The words still to be read.
#[derive(Clone, Copy)]
pub(crate) struct Input<'a> {
    rest: &'a [String],
    /// What `-4` and `-6` ask for: whether addresses must be IPv6.
    pub(crate) wants_v6: Option<bool>,
    /// Whether no word may be given twice unless its table says so.
    all_once: bool,
}

impl<'a> Input<'a> {
    /// Reads `rest`; addresses are of the family that `wants_v6` says, if it says.
    pub(crate) fn new(rest: &'a [String], wants_v6: Option<bool>) -> Self {
        Self { rest, wants_v6, all_once: false }
    }

    /// The same, where no word may be given twice unless its table says so.
    pub(crate) fn all_once(self, all_once: bool) -> Self {
        Self { all_once, ..self }
    }

    /// The next word, left in place.
    pub(crate) fn peek(&self) -> Option<&'a str> {
        self.rest.first().map(String::as_str)
    }

    /// The next word, taken.
    pub(crate) fn take(&mut self) -> Option<&'a str> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    /// Takes the next word if it is this one.
    pub(crate) fn take_if(&mut self, word: &str) -> bool {
        let found = self.peek() == Some(word);
        if found {
            self.take();
        }
        found
    }

    /// The next word, or the error that something is missing.
    pub(crate) fn need(&mut self, what: &str) -> Result<&'a str, String> {
        self.take().ok_or_else(|| format!("{what} is missing"))
    }

    /// How many words are left.
    pub(crate) fn len(&self) -> usize {
        self.rest.len()
    }
}

/// The verb that the first words name, and the words after it.
pub(crate) fn verb_of<'a>(object: &'static Object, given: &'a [String]) -> Option<(&'static Verb, &'a [String])> {
    if given.is_empty() {
        return object.default_verb().map(|verb| (verb, given));
    }
    object.verbs.iter().find_map(|verb| {
        if verb.names.is_empty() {
            // Beside verbs that are spelled like options, a word with a dash is one that nobody knows.
            let unknown = given.first().is_some_and(|word| word.starts_with('-')) && object.verbs.len() > 1;
            return (!unknown).then_some((verb, given));
        }
        verb.names.iter().find_map(|name| {
            let count = name.split(' ').count();
            let (head, rest) = given.split_at_checked(count)?;
            let names = |(given, name): (&String, &str)| {
                if object.whole_verbs { given == name } else { abbreviates(given, name) }
            };
            head.iter().zip(name.split(' ')).all(names).then_some((verb, rest))
        })
    })
}

/// Reads the options of an object that stand before its verb; gives back the words after them.
pub(crate) fn leading<'a>(object: &'static Object, given: &'a [String]) -> Result<(Words, &'a [String]), Failure> {
    let mut input = Input::new(given, None);
    let words = read_words(object.options, object.name(), &mut input, None)?;
    Ok((words, input.rest))
}

/// Parses all of `input` by `grammar`; `context` (`link add`) begins the error texts.
pub(crate) fn parse(grammar: &'static [Word], context: &str, mut input: Input<'_>) -> Result<Words, Failure> {
    let words = read_words(grammar, context, &mut input, Some(Failure::Usage))?;
    debug_assert_eq!(input.len(), 0);
    Ok(words)
}

/// What one word of the input is, by a grammar.
pub(super) struct Match {
    pub(super) word: &'static Word,
    /// Whether the word given is the keyword, so that the value follows.
    pub(super) keyword: bool,
    /// A toggle with `no` before it.
    negated: bool,
}

/// Finds the word of the grammar that `given` is: what must come first, a keyword, a name of a value-only word, then the
/// first bare word that has not been given yet, or else, if there is nobody else to take it (`alone`), that may be given again.
pub(super) fn recognise(grammar: &'static [Word], given: &str, words: &Words, alone: bool) -> Option<Match> {
    if let Some(word) = grammar.first().filter(|word| word.place == Place::First && words.is_empty()) {
        return Some(Match { word, keyword: false, negated: false });
    }
    // A toggle's beginnings are as long as they are with `no` before it: `n` is its negation too.
    let keyword = |word: &'static Word| {
        if matches!(word.place, Place::ValueOnly | Place::First) {
            return None;
        }
        let is = given == word.name
            || word.aliases.contains(&given)
            || word.abbreviable && abbreviates(given, word.name)
            || word.likes.iter().any(|like| abbreviates(given, like));
        let negated = || match given.strip_prefix("no") {
            _ if !matches!(word.kind, Kind::Toggle) => false,
            Some(rest) => rest == word.name || word.abbreviable && word.name.starts_with(rest),
            None => word.abbreviable && given == "n",
        };
        (is || negated()).then_some(Match { word, keyword: true, negated: !is })
    };
    if let Some(found) = grammar.iter().find_map(keyword) {
        return Some(found);
    }
    let named = |word: &&'static Word| match (word.place, word.kind) {
        (Place::ValueOnly, Kind::Choice(cases)) => cases.iter().any(|case| case.name == given),
        (Place::ValueOnly, kind) => kind.number_of(given).is_some(),
        _ => false,
    };
    let bare = |word: &&'static Word| word.place == Place::Bare && (word.repeats || !words.includes(word.name));
    let again = |word: &&'static Word| alone && word.place == Place::Bare && !word.once;
    let first_of = |fits: &dyn Fn(&&'static Word) -> bool| grammar.iter().find(|word| fits(word));
    let word = first_of(&named).or_else(|| first_of(&bare)).or_else(|| first_of(&again))?;
    Some(Match { word, keyword: false, negated: false })
}

/// Reads words of `grammar` until one that is not among them, which is a failure if `unknown` says which.
fn read_words(
    grammar: &'static [Word],
    context: &str,
    input: &mut Input<'_>,
    unknown: Option<fn(String) -> Failure>,
) -> Result<Words, Failure> {
    let mut words = Words::new(grammar, context);
    while let Some(given) = input.peek() {
        let Some(found) = recognise(grammar, given, &words, unknown.is_some()) else {
            match unknown {
                Some(failure) => return Err(failure(unexpected(&words, given))),
                None => break,
            }
        };
        let word = found.word;
        if found.keyword {
            input.take();
        }
        if (word.once || input.all_once && !word.repeats) && words.includes(word.name) {
            return Err(Failure::Usage(format!("{context}: {:?} is given twice", word.name)));
        }
        let inner = format!("{context} {}", word.name);
        let value = match word.kind {
            Kind::Toggle => Value::Bool(!found.negated),
            Kind::Group(nested) => {
                Value::Group(read_words(nested, &inner, input, word.takes_rest.then_some(Failure::Usage))?)
            }
            Kind::Choice(cases) if word.takes_others && is_other(cases, input) => {
                let name = input.need(word.name).map_err(Failure::Usage)?;
                if let Some(more) = input.peek() {
                    return Err(Failure::Failed(format!(
                        "{inner} {name}: {more:?} is not expected, nothing may follow"
                    )));
                }
                Value::Text(name.to_owned())
            }
            Kind::Choice(cases) => {
                let case = case_of(cases, &inner, input)?;
                let inner = format!("{inner} {}", case.name);
                // Of what a kind does not know, iproute2 says so with another exit code.
                let unknown = word.takes_rest.then_some(Failure::Failed as fn(String) -> Failure);
                Value::Choice(case.name, read_words(case.words, &inner, input, unknown)?)
            }
            kind if input.peek().is_none() && kind.takes_argument() => {
                return Err(Failure::Usage(format!("{inner}: {} is expected", kind.shape())));
            }
            _ => {
                // What has no keyword may be a keyword that is misspelled.
                let near = || if found.keyword { String::new() } else { words.near(given) };
                let value = read_value(&word.kind, input);
                value.map_err(|what| refused(&word.kind, format!("{inner}: {what}{}", near())))?
            }
        };
        words.push(word, value);
    }
    Ok(words)
}

/// Whether the next word is a name that is none of these.
fn is_other(cases: &[Case], input: &Input<'_>) -> bool {
    input.peek().is_some_and(|given| cases.iter().all(|case| case.name != given))
}

/// That an argument cannot be read. What is no address, or neither `on` nor `off`, has an exit code of its own in iproute2.
fn refused(kind: &Kind, what: String) -> Failure {
    match kind {
        Kind::Address
        | Kind::Ipv4
        | Kind::Ipv6
        | Kind::Prefix
        | Kind::Via
        | Kind::Mac
        | Kind::Addresses(..)
        | Kind::OnOff => Failure::Failed(what),
        _ => Failure::Usage(what),
    }
}

fn case_of(cases: &'static [Case], context: &str, input: &mut Input<'_>) -> Result<&'static Case, Failure> {
    let names = || cases.iter().map(|case| case.name).collect::<Vec<_>>().join(", ");
    let Some(given) = input.take() else {
        return Err(Failure::Usage(format!("{context}: one of these must follow: {}", names())));
    };
    cases.iter().find(|case| case.name == given).ok_or_else(|| {
        let near = nearest(given, cases.iter().map(|case| case.name));
        Failure::Usage(format!("{context}: {given:?} is not known here{near}; expected one of: {}", names()))
    })
}

/// Reads the argument of a word, by its kind.
fn read_value(kind: &Kind, input: &mut Input<'_>) -> Result<Value, String> {
    let wants_v6 = input.wants_v6;
    let expected = || format!("{} is expected", kind.shape());
    Ok(match *kind {
        Kind::Flag => Value::Flag,
        Kind::Custom(_, read) | Kind::Addresses(_, read) => read(input)?,
        Kind::Several(kind) => {
            let mut values = vec![read_value(kind, input)?];
            loop {
                let mut ahead = *input;
                match read_value(kind, &mut ahead) {
                    Ok(value) if ahead.len() < input.len() => values.push(value),
                    _ => break,
                }
                *input = ahead;
            }
            Value::Several(values)
        }
        Kind::Via => {
            let named = match input.peek() {
                Some("inet") => Some(false),
                Some("inet6") => Some(true),
                _ => None,
            };
            if named.is_some() {
                input.take();
            }
            let given = input.need("ADDRESS")?;
            let address = scalar::address(given, named.or(wants_v6)).ok_or_else(|| not(given, "an address"))?;
            Value::Via(address, named.is_some())
        }
        _ => {
            let given = input.take().ok_or_else(expected)?;
            scalar_value(kind, given, wants_v6)?
        }
    })
}

/// The kinds that are one word each.
fn scalar_value(kind: &Kind, given: &str, wants_v6: Option<bool>) -> Result<Value, String> {
    Ok(match *kind {
        Kind::OnOff => match given {
            "on" => Value::Bool(true),
            "off" => Value::Bool(false),
            _ => return Err(format!("{given:?} is neither \"on\" nor \"off\"")),
        },
        Kind::Number(least, most) => {
            let number = scalar::number(given).filter(|n| (least..=most).contains(n));
            Value::Number(number.ok_or_else(|| format!("{given:?} is not a number between {least} and {most}"))?)
        }
        Kind::Signed(least, most) => {
            let number = scalar::signed(given).filter(|n| (least..=most).contains(n));
            Value::Signed(number.ok_or_else(|| format!("{given:?} is not a number between {least} and {most}"))?)
        }
        Kind::Address => Value::Address(scalar::address(given, wants_v6).ok_or_else(|| not(given, "an address"))?),
        Kind::Prefix => Value::Prefix(scalar::prefix(given, wants_v6).ok_or_else(|| not(given, "a prefix"))?),
        Kind::Mac => Value::Bytes(scalar::hardware(given).ok_or_else(|| not(given, "a hardware address"))?),
        Kind::Ipv4 | Kind::Ipv6 => {
            let v6 = matches!(kind, Kind::Ipv6);
            let what = if v6 { "an IPv6 address" } else { "an IPv4 address" };
            Value::Address(scalar::address(given, Some(v6)).ok_or_else(|| not(given, what))?)
        }
        _ => match kind.names() {
            Some(names) => Value::Number(kind.number_of(given).ok_or_else(|| {
                let near = nearest(given, names.iter().map(|(name, _)| *name));
                format!("{given:?} is not one of {}{near}", kind.shape())
            })?),
            None => Value::Text(given.to_owned()),
        },
    })
}

fn not(given: &str, what: &str) -> String {
    format!("{given:?} is not {what}")
}

fn unexpected(words: &Words, given: &str) -> String {
    let expected: Vec<_> = words.grammar().iter().map(super::help::shape).collect();
    let context = words.context();
    if expected.is_empty() {
        return format!("{context}: {given:?} is not expected, nothing may follow");
    }
    let near = words.near(given);
    format!("{context}: {given:?} is not expected here{near}; what may follow: {}", expected.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::table::{flag, word};
    use super::*;

    const VXLAN: &[Word] =
        &[word("id", Kind::Number(0, 16_777_215), "id"), word("learning", Kind::Toggle, "learn").prefix()];
    const KINDS: &[Case] = &[
        Case { name: "vxlan", about: "", words: VXLAN },
        Case { name: "veth", about: "", words: &[word("peer", Kind::Group(PEER), "peer").rest()] },
    ];
    const PEER: &[Word] = &[word("name", Kind::Text("NAME"), "name").prefix().bare(), word("mtu", Kind::U32, "mtu")];
    const ADD: &[Word] = &[
        word("name", Kind::Text("NAME"), "name").prefix().bare().once(),
        word("mtu", Kind::U32, "largest packet"),
        word("txqueuelen", Kind::U32, "queue").prefix().alias(&["qlen"]).like(&["txqlen"]),
        word("qos", Kind::Several(&Kind::Custom("FROM:TO", pair)), "map"),
        flag("up", "up"),
        word("type", Kind::Choice(KINDS), "kind").prefix().rest(),
    ];
    const NEXT_HOP: &[Word] = &[word("via", Kind::Via, "gateway"), word("weight", Kind::Number(1, 256), "weight")];
    const ROUTE: &[Word] = &[
        word("type", Kind::OneOf(&[("unicast", 1), ("blackhole", 6)]), "type").value_only(),
        word("to", Kind::Prefix, "destination").bare(),
        word("dev", Kind::Device, "device"),
        word("nexthop", Kind::Group(NEXT_HOP), "next hop").repeat(),
        word("encap", Kind::Choice(ENCAPS), "encapsulation"),
    ];
    const ENCAPS: &[Case] = &[Case { name: "mpls", about: "", words: &[word("ttl", Kind::U8, "ttl")] }];

    fn pair(input: &mut Input<'_>) -> Result<Value, String> {
        let given = input.need("FROM:TO")?;
        given.contains(':').then(|| Value::Text(given.into())).ok_or_else(|| format!("{given:?} is not FROM:TO"))
    }

    fn try_parse(grammar: &'static [Word], line: &str) -> Result<Words, String> {
        let given: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
        parse(grammar, "x", Input::new(&given, None)).map_err(|failure| failure.to_string())
    }

    fn refused(grammar: &'static [Word], line: &str) -> String {
        try_parse(grammar, line).expect_err(line)
    }

    #[test]
    fn keywords_come_before_bare_words() -> Result<(), String> {
        let words = try_parse(ADD, "mtu 1400 eth0 qlen 7 up qos 1:2 3:4")?;
        assert_eq!(words.number("mtu"), Some(1400u32));
        assert_eq!(words.text("name"), Some("eth0"));
        assert_eq!(words.number("txqueuelen"), Some(7u32));
        assert_eq!(words.several("qos").len(), 2);
        assert!(words.has("up"));
        assert_eq!(try_parse(ADD, "na type")?.text("name"), Some("type"));
        Ok(())
    }

    #[test]
    fn a_kind_takes_all_words_that_follow() -> Result<(), String> {
        let words = try_parse(ADD, "v0 ty veth peer name v1 mtu 9000")?;
        let (kind, data) = words.choice("type").ok_or("no type")?;
        let peer = data.groups("peer").next().ok_or("no peer")?;
        assert_eq!((kind, peer.text("name"), peer.number("mtu")), ("veth", Some("v1"), Some(9000u32)));
        let words = try_parse(ADD, "vx type vxlan nolearning id 0x10")?;
        let (_, data) = words.choice("type").ok_or("no type")?;
        assert_eq!((data.bool("learning"), data.number("id")), (Some(false), Some(16u32)));
        assert!(refused(ADD, "vx type vxlan mtu 9").starts_with("x type vxlan: \"mtu\" is not expected here"));
        Ok(())
    }

    #[test]
    fn of_a_word_given_twice_the_last_counts() -> Result<(), String> {
        let words = try_parse(ADD, "mtu 1 eth0 mtu 2 qos 1:2 qos 3:4")?;
        assert_eq!((words.number("mtu"), words.several("qos").len()), (Some(2u32), 1));
        let words = try_parse(ROUTE, "unicast 10/8 blackhole 11/8")?;
        assert_eq!(words.number("type"), Some(6u8));
        assert_eq!(words.prefix("to").and_then(|p| p.address), "11.0.0.0".parse().ok());
        assert_eq!(refused(ADD, "name a name b"), "x: \"name\" is given twice");
        assert!(refused(ADD, "a b").starts_with("x: \"b\" is not expected here"));
        let given = ["mtu", "1", "mtu", "2"].map(str::to_owned);
        let strict = parse(ADD, "x", Input::new(&given, None).all_once(true));
        assert_eq!(strict.map_err(|failure| failure.to_string()), Err("x: \"mtu\" is given twice".into()));
        Ok(())
    }

    #[test]
    fn synonyms_and_negations_have_beginnings_too() -> Result<(), String> {
        for line in ["tx 5", "txqueu 5", "qlen 5", "txql 5"] {
            assert_eq!(try_parse(ADD, line)?.number("txqueuelen"), Some(5u32), "{line}");
        }
        assert!(try_parse(ADD, "qle 5").is_err());
        for (line, on) in [("l", true), ("learn", true), ("n", false), ("no", false), ("nolea", false)] {
            assert_eq!(try_parse(VXLAN, line)?.bool("learning"), Some(on), "{line}");
        }
        Ok(())
    }

    #[test]
    fn names_are_taken_whole_in_any_case_or_by_a_beginning() -> Result<(), String> {
        const NAMES: &[(&str, u64)] = &[("default", 0), ("dormant", 1)];
        const WORDS: &[Word] = &[
            word("whole", Kind::OneOf(NAMES), ""),
            word("case", Kind::AnyCase(NAMES), ""),
            word("short", Kind::Abbreviated(NAMES), ""),
        ];
        let words = try_parse(WORDS, "whole dormant case DorMant short do")?;
        assert_eq!(["whole", "case", "short"].map(|name| words.number(name)), [Some(1u8); 3]);
        assert_eq!(try_parse(WORDS, "short d")?.number("short"), Some(0u8));
        for line in ["whole DORMANT", "whole dorm", "case dorm", "short DO"] {
            assert!(try_parse(WORDS, line).is_err(), "{line}");
        }
        assert_eq!(
            refused(WORDS, "whole dromant"),
            "x whole: \"dromant\" is not one of { default | dormant } (is \"dormant\" meant?)"
        );
        Ok(())
    }

    #[test]
    fn groups_end_where_their_words_end() -> Result<(), String> {
        let words =
            try_parse(ROUTE, "blackhole 10/8 nexthop via 10.1 weight 2 nexthop via inet6 ::1 encap mpls ttl 9 dev e")?;
        assert_eq!(words.number("type"), Some(6u8));
        assert_eq!(words.prefix("to").map(|p| p.length), Some(8));
        let vias: Vec<_> = words.groups("nexthop").filter_map(|hop| hop.address("via")).collect();
        assert_eq!(vias, ["10.1.0.0".parse::<std::net::IpAddr>(), "::1".parse()].map(|a| a.expect("an address")));
        assert_eq!(words.choice("encap").and_then(|(_, encap)| encap.number("ttl")), Some(9u8));
        assert_eq!(words.text("dev"), Some("e"));
        Ok(())
    }

    #[test]
    fn what_comes_first_is_taken_whatever_it_is() -> Result<(), String> {
        const OF_PEER: &[Word] = &[word("key", Kind::Text("KEY"), "key").first(), flag("remove", "remove")];
        const SET: &[Word] = &[
            word("device", Kind::DeviceOr(&["all"]), "device").first(),
            word("port", Kind::U16, "port"),
            word("peer", Kind::Group(OF_PEER), "peer").repeat(),
        ];
        let words = try_parse(SET, "port port 7 peer remove remove peer device")?;
        assert_eq!((words.text("device"), words.number("port")), (Some("port"), Some(7u16)));
        let peers: Vec<_> = words.groups("peer").map(|peer| (peer.text("key"), peer.has("remove"))).collect();
        assert_eq!(peers, [(Some("remove"), true), (Some("device"), false)]);
        assert_eq!(
            refused(SET, "wg0 device wg1"),
            "x: \"device\" is not expected here; what may follow: { DEVICE | all }, port NUMBER, peer …"
        );
        Ok(())
    }

    #[test]
    fn refusals_name_word_and_expectation() {
        assert_eq!(refused(ADD, "mtu"), "x mtu: NUMBER is expected");
        assert_eq!(refused(ADD, "mtu 4294967296"), "x mtu: \"4294967296\" is not a number between 0 and 4294967295");
        assert_eq!(refused(ADD, "na a na b"), "x: \"name\" is given twice");
        assert_eq!(
            refused(ADD, "eth0 type vxlna"),
            "x type: \"vxlna\" is not known here (is \"vxlan\" meant?); expected one of: vxlan, veth"
        );
        assert_eq!(refused(ADD, "type"), "x type: one of these must follow: vxlan, veth");
        assert_eq!(
            refused(ADD, "type vx"),
            "x type: \"vx\" is not known here (is \"vxlan\" meant?); expected one of: vxlan, veth"
        );
        assert_eq!(refused(ROUTE, "nexthop weight 0"), "x nexthop weight: \"0\" is not a number between 1 and 256");
        assert_eq!(
            refused(ROUTE, "10/8 10.2"),
            "x: \"10.2\" is not expected here; what may follow: { unicast | blackhole }, [ to ] PREFIX, dev DEVICE, nexthop …, encap mpls …"
        );
        assert_eq!(refused(ROUTE, "10/33"), "x to: \"10/33\" is not a prefix");
    }
}
