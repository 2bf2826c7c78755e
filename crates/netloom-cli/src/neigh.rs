//! `neighbor`: the hardware addresses of neighbours, and the addresses answered for.

mod change;
mod show;
mod words;

pub(crate) use show::{ages, describe};

use crate::words::{Object, Verb};

pub(crate) static OBJECT: Object = Object {
    names: &["neighbor", "neighbour"],
    about: "neighbours: ARP and NDP",
    verbs: &[
        Verb { names: &["add"], about: "add a neighbour", words: words::NEIGHBOUR, run: change::add },
        Verb { names: &["change", "chg"], about: "change a neighbour", words: words::NEIGHBOUR, run: change::change },
        Verb {
            names: &["replace"],
            about: "add a neighbour, or change the one that is there",
            words: words::NEIGHBOUR,
            run: change::replace,
        },
        Verb { names: &["delete"], about: "delete a neighbour", words: words::NEIGHBOUR, run: change::delete },
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
