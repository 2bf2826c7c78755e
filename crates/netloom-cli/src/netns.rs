//! `netns`: network namespaces that have a name under /run/netns.

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::out::Record;
use crate::words::{Object, Verb, Words};

/// Where iproute2 keeps the names.
const DIRECTORY: &str = "/run/netns";

pub(crate) static OBJECT: Object = Object {
    names: &["netns"],
    about: "network namespaces",
    verbs: &[Verb { names: &["list", "show", "lst"], about: "show the named namespaces", words: &[], run: list }],
};

fn list(cx: &mut Context, _: &Words) -> Outcome {
    let names = names().map_err(|error| Failure::Failed(format!("cannot read {DIRECTORY}: {error}")))?;
    let mut list = cx.list();
    for name in names {
        let mut record = Record::new();
        record.string("name", name).bare().column();
        list.push(record)?;
    }
    list.finish()
}

/// The names; none if the directory is not there.
fn names() -> std::io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(DIRECTORY) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

/// Opens a namespace: a name under /run/netns, or a path.
pub(crate) fn open(name: &str) -> std::io::Result<std::fs::File> {
    let path = std::path::Path::new(name);
    if name.contains('/') {
        std::fs::File::open(path)
    } else {
        std::fs::File::open(std::path::Path::new(DIRECTORY).join(path))
    }
}
