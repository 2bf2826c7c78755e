//! `netns`: network namespaces, their names under /run/netns and their numbers.

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::out::Record;
use crate::words::{Input, Kind, Object, Value, Verb, Word, Words, word};
use netloom::nsid::{self, Namespace, Nsid};
use std::fs::File;
use std::io;
use std::os::fd::AsRawFd as _;
use std::path::Path;

/// Where iproute2 keeps the names.
const DIRECTORY: &str = "/run/netns";

/// Numbers that a namespace can have.
const NSID: Kind = Kind::Number(0, i32::MAX as u64);

pub(crate) static OBJECT: Object = Object {
    names: &["netns"],
    about: "network namespaces",
    whole_verbs: false,
    one_failure: false,
    all_once: false,
    options: &[],
    verbs: &[
        Verb {
            names: &["list", "show", "lst"],
            about: "show the named namespaces, with their numbers",
            words: &[],
            run: list,
        },
        Verb {
            names: &["list-id"],
            about: "show the numbers that this namespace gave to others",
            words: LIST_ID,
            run: list_id,
        },
        Verb { names: &["set"], about: "give a named namespace a number", words: SET, run: set },
    ],
};

const LIST_ID: &[Word] = &[
    word("target-nsid", NSID, "the numbers that the namespace of this number gave").once(),
    word("nsid", NSID, "only this number").once(),
];

const SET: &[Word] = &[
    word("name", Kind::Text("NAME"), "the namespace").bare().once(),
    word("nsid", Kind::Custom("{ auto | NUMBER }", auto_or_number), "its number; the kernel chooses with auto")
        .bare()
        .once(),
];

fn auto_or_number(input: &mut Input<'_>) -> Result<Value, String> {
    let given = input.need("a number or auto")?;
    if given == "auto" {
        return Ok(Value::Signed(nsid::NOT_ASSIGNED.into()));
    }
    let number = crate::words::number(given).and_then(|number| i32::try_from(number).ok());
    number.map(|number| Value::Signed(number.into())).ok_or_else(|| format!("{given:?} is neither a number nor auto"))
}

fn list(cx: &mut Context, _: &Words) -> Outcome {
    let mut found = Vec::new();
    for name in names()? {
        // A file that is no namespace has a name all the same.
        let id = id_of(cx, &name).unwrap_or_default();
        found.push((name, id));
    }
    let mut list = cx.list();
    for (name, id) in found {
        let mut r = Record::new();
        r.string("name", name).bare();
        if let Some(id) = id {
            r.number("id", id).shown(format!("(id: {id})"));
        }
        list.push(r)?;
    }
    list.finish()
}

fn list_id(cx: &mut Context, words: &Words) -> Outcome {
    let target: Option<i32> = words.number("target-nsid");
    let named = named_ids(cx)?;
    let mut records = Vec::new();
    match words.number("nsid") {
        Some(number) => {
            let mut get = nsid::Get::new(Namespace::Nsid(number));
            if let Some(target) = target {
                get = get.target_nsid(target);
            }
            records.push(record(&cx.run(&get)?, &named));
        }
        None => {
            let mut all = nsid::List::all();
            if let Some(target) = target {
                all = all.target_nsid(target);
            }
            records.extend(cx.run(&all)?.iter().map(|nsid| record(nsid, &named)));
        }
    }
    let mut list = cx.list();
    for record in records {
        list.push(record)?;
    }
    list.finish()
}

fn set(cx: &mut Context, words: &Words) -> Outcome {
    let name = words.text("name").ok_or_else(|| words.lacking("name"))?;
    let number: i32 = words.signed("nsid").ok_or_else(|| words.lacking("nsid"))?;
    let file =
        open(name).map_err(|error| Failure::Failed(format!("Cannot open network namespace {name:?}: {error}")))?;
    let mut set = nsid::Set::new(namespace(&file)?);
    if number != nsid::NOT_ASSIGNED {
        set = set.nsid(number);
    }
    cx.run(&set)
}

fn record(nsid: &Nsid, named: &[(String, i32)]) -> Record {
    let mut r = Record::new();
    describe(&mut r, nsid, named);
    r
}

/// Describes a number, with the name of the namespace that has it.
pub(crate) fn describe(r: &mut Record, nsid: &Nsid, named: &[(String, i32)]) {
    let own = nsid.nsid().unwrap_or(nsid::NOT_ASSIGNED);
    number(r, "nsid", own);
    if let Some(current) = nsid.current_nsid() {
        number(r, "current-nsid", current);
    }
    let seen = nsid.current_nsid().unwrap_or(own);
    if let Some((name, _)) = named.iter().find(|(_, id)| *id == seen) {
        r.string("name", name).shown(format!("(iproute2 netns name: {name})"));
    }
}

fn number(r: &mut Record, key: &'static str, number: i32) {
    match number {
        nsid::NOT_ASSIGNED => r.string(key, "not-assigned"),
        _ => r.number(key, number),
    };
}

/// The names with the numbers that this namespace gave them; names without a number are left out.
pub(crate) fn named_ids(cx: &mut Context) -> Result<Vec<(String, i32)>, Failure> {
    let mut found = Vec::new();
    for name in names()? {
        if let Ok(Some(id)) = id_of(cx, &name) {
            found.push((name, id));
        }
    }
    Ok(found)
}

/// The number that this namespace gave to the one of this name.
pub(crate) fn id_of(cx: &mut Context, name: &str) -> Result<Option<i32>, Failure> {
    let file = open(name).map_err(|error| Failure::Failed(format!("cannot open namespace {name}: {error}")))?;
    let found = cx.run(&nsid::Get::new(namespace(&file)?))?;
    Ok(found.nsid().filter(|nsid| *nsid != nsid::NOT_ASSIGNED))
}

/// The same; a namespace without a number gets one.
pub(crate) fn id_of_or_new(cx: &mut Context, name: &str) -> Result<Option<i32>, Failure> {
    if let Some(id) = id_of(cx, name)? {
        return Ok(Some(id));
    }
    let file = open(name)?;
    cx.run(&nsid::Set::new(namespace(&file)?))?;
    id_of(cx, name)
}

fn namespace(file: &File) -> Result<Namespace, Failure> {
    let fd = u32::try_from(file.as_raw_fd()).map_err(|error| Failure::Failed(error.to_string()))?;
    Ok(Namespace::Fd(fd))
}

/// The names, in the order of the directory; none if it is not there.
fn names() -> Result<Vec<String>, Failure> {
    let unreadable = |error| Failure::Failed(format!("cannot read {DIRECTORY}: {error}"));
    let entries = match std::fs::read_dir(DIRECTORY) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(unreadable)?,
    };
    entries.map(|entry| Ok(entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned())).collect()
}

/// Opens a namespace: a name under /run/netns, or a path.
pub(crate) fn open(name: &str) -> io::Result<File> {
    if name.contains('/') { File::open(name) } else { File::open(Path::new(DIRECTORY).join(name)) }
}
