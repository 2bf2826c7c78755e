//! `neighbor`: the hardware addresses of neighbours, and the addresses answered for.

mod change;
mod show;
mod words;

pub(crate) use show::{ages, describe};

use crate::words::{Object, Verb};
use netloom::verb::{Add, Change, Delete, Replace};

pub(crate) static OBJECT: Object = Object {
    names: &["neighbor", "neighbour"],
    about: "neighbours: ARP and NDP",
    whole_verbs: false,
    one_failure: false,
    all_once: false,
    options: &[],
    verbs: &[
        Verb { names: &["add"], about: "add a neighbour", words: words::NEIGHBOUR, run: change::order::<Add> },
        Verb {
            names: &["change", "chg"],
            about: "change a neighbour",
            words: words::NEIGHBOUR,
            run: change::order::<Change>,
        },
        Verb {
            names: &["replace"],
            about: "add a neighbour, or change the one that is there",
            words: words::NEIGHBOUR,
            run: change::order::<Replace>,
        },
        Verb { names: &["delete"], about: "delete a neighbour", words: words::NEIGHBOUR, run: change::order::<Delete> },
        Verb { names: &["get"], about: "show one neighbour", words: words::GET, run: show::get },
        Verb { names: &["show", "list", "lst"], about: "show neighbours", words: words::SHOW, run: show::show },
        Verb {
            names: &["flush"],
            about: "delete neighbours, those for ever aside",
            words: words::SHOW,
            run: change::flush,
        },
    ],
};
