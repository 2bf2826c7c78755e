//! `address`: addresses of links.

mod change;
mod filter;
mod save;
mod show;
mod words;

pub(crate) use show::describe;

use crate::words::{Object, Verb};
use netloom::verb::{Add, Change, Replace};

pub(crate) static OBJECT: Object = Object {
    names: &["address"],
    about: "addresses of links",
    whole_verbs: false,
    one_failure: false,
    all_once: false,
    options: &[],
    verbs: &[
        Verb { names: &["add"], about: "add an address to a link", words: words::ADDRESS, run: change::order::<Add> },
        Verb {
            names: &["change", "chg"],
            about: "change an address",
            words: words::ADDRESS,
            run: change::order::<Change>,
        },
        Verb {
            names: &["replace"],
            about: "add an address, or change the one that is there",
            words: words::ADDRESS,
            run: change::order::<Replace>,
        },
        Verb { names: &["delete"], about: "remove an address", words: words::ADDRESS, run: change::delete },
        Verb {
            names: &["list", "show", "lst"],
            about: "show links with addresses",
            words: words::SHOW,
            run: show::show,
        },
        Verb { names: &["flush"], about: "remove addresses", words: words::SHOW, run: change::flush },
        Verb {
            names: &["save"],
            about: "write addresses as the kernel tells them",
            words: words::SHOW,
            run: save::save,
        },
        Verb {
            names: &["showdump"],
            about: "show the addresses that were saved, from standard input",
            words: &[],
            run: save::show_dump,
        },
        Verb {
            names: &["restore"],
            about: "add the addresses that were saved, from standard input",
            words: &[],
            run: save::restore,
        },
    ],
};
