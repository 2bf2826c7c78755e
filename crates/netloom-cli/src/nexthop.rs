//! `nexthop`: next hop objects, groups and buckets.

mod change;
mod show;
mod words;

pub(crate) use show::{describe, describe_bucket, links};

use crate::words::{Object, Verb};
use netloom::verb::{Add, Replace};

pub(crate) static OBJECT: Object = Object {
    names: &["nexthop"],
    about: "next hop objects",
    whole_verbs: false,
    one_failure: false,
    all_once: false,
    options: &[],
    verbs: &[
        Verb { names: &["add"], about: "make a next hop object", words: words::NEXTHOP, run: change::order::<Add> },
        Verb {
            names: &["replace"],
            about: "make a next hop object, or change the one that is there",
            words: words::NEXTHOP,
            run: change::order::<Replace>,
        },
        Verb { names: &["delete"], about: "delete a next hop object", words: words::ID, run: change::delete },
        Verb { names: &["list", "show", "lst"], about: "show next hop objects", words: words::SHOW, run: show::show },
        Verb { names: &["get"], about: "show one next hop object", words: words::ID, run: show::get },
        Verb { names: &["flush"], about: "delete next hop objects", words: words::SHOW, run: change::flush },
        Verb {
            names: &["bucket list", "bucket show", "bucket lst"],
            about: "show buckets of resilient groups",
            words: words::BUCKETS,
            run: show::buckets,
        },
        Verb { names: &["bucket get"], about: "show one bucket", words: words::BUCKET, run: show::bucket },
        Verb { names: &["bucket"], about: "show buckets of all resilient groups", words: &[], run: show::buckets },
    ],
};
