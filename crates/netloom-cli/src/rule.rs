//! `rule`: rules of policy routing.

mod change;
mod nat;
mod save;
mod show;
mod words;

pub(crate) use show::describe;

use crate::words::{Object, Verb};
use netloom::verb::{Add, Delete};

pub(crate) static OBJECT: Object = Object {
    names: &["rule"],
    about: "rules of policy routing",
    whole_verbs: false,
    one_failure: false,
    all_once: false,
    options: &[],
    verbs: &[
        Verb { names: &["list", "lst", "show"], about: "show rules", words: words::FILTER, run: show::show },
        Verb { names: &["add"], about: "add a rule", words: words::RULE, run: change::order::<Add> },
        Verb { names: &["delete"], about: "delete a rule", words: words::RULE, run: change::order::<Delete> },
        Verb {
            names: &["flush"],
            about: "delete rules, those of the kernel aside",
            words: words::FILTER,
            run: change::flush,
        },
        Verb { names: &["save"], about: "write rules as the kernel tells them", words: words::FILTER, run: save::save },
        Verb {
            names: &["restore"],
            about: "add the rules that were saved, from standard input",
            words: &[],
            run: save::restore,
        },
    ],
};
