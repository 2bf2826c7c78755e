//! `route`: routes of IPv4, IPv6 and MPLS.

mod change;
mod destination;
mod filter;
mod get;
mod metrics;
mod save;
mod show;
mod words;

pub(crate) use show::{describe, flags};
pub(crate) use words::ANY_TYPE;

use crate::words::{Object, Verb};
use netloom::verb::{Add, Append, Change, Delete, Prepend, Replace, Test};

pub(crate) static OBJECT: Object = Object {
    names: &["route"],
    about: "routes",
    whole_verbs: false,
    one_failure: false,
    all_once: false,
    options: &[],
    verbs: &[
        Verb { names: &["list", "show", "lst"], about: "show routes", words: words::SHOW, run: show::show },
        Verb { names: &["get"], about: "ask which route a packet takes", words: words::GET, run: get::get },
        Verb { names: &["add"], about: "make a route", words: words::ROUTE, run: change::order::<Add> },
        Verb { names: &["change", "chg"], about: "change a route", words: words::ROUTE, run: change::order::<Change> },
        Verb {
            names: &["replace"],
            about: "make a route, or change the one that is there",
            words: words::ROUTE,
            run: change::order::<Replace>,
        },
        Verb {
            names: &["prepend"],
            about: "make a route before those to the same destination",
            words: words::ROUTE,
            run: change::order::<Prepend>,
        },
        Verb {
            names: &["append"],
            about: "make a route after those to the same destination",
            words: words::ROUTE,
            run: change::order::<Append>,
        },
        Verb {
            names: &["test"],
            about: "say whether a route is there, and make none",
            words: words::ROUTE,
            run: change::order::<Test>,
        },
        Verb { names: &["delete"], about: "delete a route", words: words::ROUTE, run: change::order::<Delete> },
        Verb { names: &["flush"], about: "delete routes", words: words::SHOW, run: change::flush },
        Verb { names: &["save"], about: "write routes as the kernel tells them", words: words::SHOW, run: save::save },
        Verb {
            names: &["restore"],
            about: "make the routes that were saved, from standard input",
            words: &[],
            run: save::restore,
        },
        Verb {
            names: &["showdump"],
            about: "show the routes that were saved, from standard input",
            words: &[],
            run: save::show_dump,
        },
    ],
};
