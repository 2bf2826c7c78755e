//! `fdb`: forwarding databases of bridges and vxlans, with the words of `bridge fdb`.

mod change;
mod show;
mod words;

pub(crate) use show::describe;

use crate::words::{Object, Verb};
use netloom::verb::{Add, Append, Delete, Replace};

pub(crate) static OBJECT: Object = Object {
    names: &["fdb"],
    about: "forwarding databases of bridges and vxlans",
    whole_verbs: false,
    one_failure: false,
    all_once: false,
    options: &[],
    verbs: &[
        Verb { names: &["add"], about: "add an entry", words: words::ENTRY, run: change::order::<Add> },
        Verb {
            names: &["append"],
            about: "add a further destination to a vxlan's entry",
            words: words::ENTRY,
            run: change::order::<Append>,
        },
        Verb {
            names: &["replace"],
            about: "add an entry, or change the one that is there",
            words: words::ENTRY,
            run: change::order::<Replace>,
        },
        Verb { names: &["delete"], about: "delete an entry", words: words::ENTRY, run: change::order::<Delete> },
        Verb { names: &["get"], about: "show one entry", words: words::GET, run: show::get },
        Verb { names: &["show", "lst", "list"], about: "show entries", words: words::SHOW, run: show::show },
        Verb { names: &["flush"], about: "delete entries", words: words::FLUSH, run: change::flush },
    ],
};
