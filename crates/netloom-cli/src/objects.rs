//! The objects, and how a command line finds its way to a verb.

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::words::{self, Input, Object};

/// All objects in iproute2's order of precedence (`ip n` is `neighbor`, `ip r` is `route`). A new object adds
/// itself here.
pub(crate) const OBJECTS: &[&Object] = &[
    &crate::addr::OBJECT,
    &crate::addrlabel::OBJECT,
    &crate::route::OBJECT,
    &crate::rule::OBJECT,
    &crate::neigh::OBJECT,
    &crate::ntable::OBJECT,
    &crate::link::OBJECT,
    &crate::tuntap::OBJECT,
    &crate::monitor::OBJECT,
    &crate::nexthop::OBJECT,
    &crate::netns::OBJECT,
    &crate::netconf::OBJECT,
    &crate::stats::OBJECT,
    &crate::fdb::OBJECT,
    &crate::genl::OBJECT,
    &crate::wg::OBJECT,
    &crate::ethtool::OBJECT,
];

/// The object that a name or abbreviation means.
pub(crate) fn find(name: &str) -> Option<&'static Object> {
    OBJECTS.iter().copied().find(|object| object.names.iter().any(|full| words::abbreviates(name, full)))
}

/// Runs one command: an object, its verb, its words.
pub(crate) fn run(cx: &mut Context, given: &[String]) -> Outcome {
    let Some((name, rest)) = given.split_first() else {
        return Err(Failure::Usage("no object is given; try `netloom -help`".into()));
    };
    if name == "help" {
        return help(cx, &crate::help());
    }
    let Some(object) = find(name) else {
        let near = words::nearest(name, OBJECTS.iter().flat_map(|object| object.names).copied());
        return Err(Failure::Failed(format!("object {name:?} is unknown{near}; try `netloom -help`")));
    };
    let outcome = with_own_options(cx, object, rest);
    if object.one_failure { outcome.map_err(Failure::plain) } else { outcome }
}

/// Runs a verb of an object under the object's own options.
fn with_own_options(cx: &mut Context, object: &'static Object, rest: &[String]) -> Outcome {
    let (own, rest) = words::leading(object, rest)?;
    if own.is_empty() {
        return run_verb(cx, object, rest);
    }
    // A batch has other lines.
    let before = cx.options.clone();
    let outcome = cx.options.adopt(&own).and_then(|()| run_verb(cx, object, rest));
    cx.options = before;
    outcome
}

fn run_verb(cx: &mut Context, object: &'static Object, rest: &[String]) -> Outcome {
    let verb = words::verb_of(object, rest);
    if let Some(asked) = rest.last().filter(|word| *word == "help") {
        match verb {
            None if rest.len() == 1 => return help(cx, &words::object_help(object)),
            Some((verb, [_])) if verb.names.is_empty() && object.verbs.len() > 1 => {
                return help(cx, &words::object_help(object));
            }
            Some((verb, [only])) if only == asked => return help(cx, &words::verb_help(object, verb)),
            _ => {}
        }
    }
    let Some((verb, rest)) = verb else {
        let given = rest.first().map(String::as_str).unwrap_or_default();
        let names = object.verbs.iter().flat_map(|verb| verb.names).filter_map(|name| name.split(' ').next());
        let near = words::nearest(given, names);
        let what = format!("command {given:?} is unknown{near}; try `netloom {} help`", object.name());
        // iproute2's exit codes differ.
        return Err(if object.whole_verbs { Failure::Failed(what) } else { Failure::Usage(what) });
    };
    let context = object.with(verb.name());
    let input = Input::new(rest, cx.options.wants_v6()).all_once(object.all_once);
    let words = words::parse(verb.words, &context, input)?;
    let outcome = (verb.run)(cx, &words);
    // A word that is accepted must mean something; the tests run with this.
    if cfg!(debug_assertions) && matches!(outcome, Ok(()) | Err(Failure::Kernel(_))) {
        let ignored = words.ignored();
        assert!(ignored.is_none(), "{} is ignored", ignored.unwrap_or_default());
    }
    outcome
}

fn help(cx: &mut Context, text: &str) -> Outcome {
    Ok(cx.out().write_all(text.as_bytes())?)
}
