//! `monitor`: what changes, as the kernel tells it.
//!
//! With `-json` each line is one object: the kind of object under `object`, `"deleted": true` where something went away,
//! then the keys that `show` has. Where messages were lost, `{"resync": "begin"}` says so, everything that is watched
//! follows as it is now, and `{"resync": "end"}` ends it.

mod clock;
mod sources;

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::out::Record;
use crate::words::{Kind, Object, Verb, Word, Words, flag, word};
use netloom::RawIpRoute;
use netloom::link::{self, ExtMask};
use netloom::wire::Notice;
use sources::{SOURCES, Source};

pub(crate) static OBJECT: Object = Object {
    names: &["monitor"],
    about: "what changes, as it happens",
    verbs: &[Verb { names: &[], about: "show changes until it is interrupted", words: WORDS, run: monitor }],
};

const WORDS: &[Word] = &[
    flag("all", "all objects, each with its label"),
    flag("link", "network interfaces").prefix(),
    flag("address", "addresses").prefix(),
    flag("route", "routes").prefix(),
    flag("nexthop", "next hop objects and their buckets").prefix(),
    flag("rule", "rules of policy routing").prefix(),
    flag("neigh", "neighbours").prefix(),
    flag("fdb", "forwarding databases of bridges and vxlans"),
    flag("netconf", "settings of IPv4, IPv6 and MPLS").prefix(),
    flag("prefix", "prefixes that routers advertise").prefix(),
    flag("nsid", "numbers of network namespaces").prefix(),
    flag("label", "say what object each change is about").prefix(),
    flag("all-nsid", "also of the namespaces that have a number here").prefix(),
    word("dev", Kind::Device, "only what is about this device"),
];

/// How changes are shown.
struct View {
    label: bool,
    all_nsid: bool,
    device: Option<u32>,
}

/// A message of a group.
struct Change {
    command: u16,
    payload: Vec<u8>,
    nsid: Option<i32>,
}

fn monitor(cx: &mut Context, words: &Words) -> Outcome {
    let chosen: Vec<&Source> = SOURCES.iter().filter(|source| words.has(source.word)).collect();
    let sources = if chosen.is_empty() || words.has("all") { SOURCES.iter().collect() } else { chosen };
    let device = words.text("dev").map(|name| cx.device(name)).transpose()?;
    let view = View { label: words.has("label") || words.has("all"), all_nsid: words.has("all-nsid"), device };
    let options = cx.socket_options()?.listen_all_nsid(view.all_nsid);
    let family = cx.options.family();
    let groups: Vec<u32> = sources.iter().flat_map(|source| (source.groups)(family)).collect();
    let mut socket = RawIpRoute::with(&options).map_err(Failure::Unavailable)?;
    let mut notifications = socket.watch(&groups)?;
    // After the subscription, so that no name is missed in between.
    for link in &cx.run(&link::List::all().parts(ExtMask::SKIP_STATS))? {
        cx.devices.learn(link);
    }
    loop {
        let change = match notifications.next()? {
            Notice::Message { command, payload, nsid, .. } => Some(Change { command, payload: payload.to_vec(), nsid }),
            _ => None,
        };
        match change {
            Some(change) => {
                let source = sources.iter().find(|source| source.tells(change.command, &change.payload));
                if let Some(source) = source {
                    tell(cx, &view, source, &change)?;
                }
            }
            None => resync(cx, &view, &sources)?,
        }
    }
}

/// Tells one change.
fn tell(cx: &mut Context, view: &View, source: &Source, change: &Change) -> Outcome {
    // Another namespace's indices are not ours.
    let ours = change.nsid.is_some().then(|| std::mem::take(&mut cx.devices));
    let outcome = describe(cx, view, source, change);
    if let Some(ours) = ours {
        cx.devices = ours;
    }
    match outcome? {
        Some(record) => print(cx, record),
        None => Ok(()),
    }
}

fn describe(cx: &mut Context, view: &View, source: &Source, change: &Change) -> Result<Option<Record>, Failure> {
    let mut r = Record::new();
    stamp(cx, &mut r);
    if view.all_nsid {
        match change.nsid {
            Some(nsid) => r.number("nsid", nsid).shown(format!("[nsid {nsid}]")),
            None => r.string("nsid", "current").shown("[nsid current]"),
        };
    }
    let label = r.string("object", source.label.to_lowercase());
    if view.label {
        label.shown(format!("[{}]", source.label));
    } else {
        label.json_only();
    }
    if source.deleted == Some(change.command) {
        r.bool("deleted", true).shown("Deleted");
    }
    let about = (source.device)(&change.payload);
    if view.device.is_some() && about != view.device {
        return Ok(None);
    }
    // Made after the start, and its own message may come later or not be watched.
    if let (Some(index), None) = (about.filter(|index| *index > 0), change.nsid) {
        cx.learn_device(index)?;
    }
    (source.describe)(cx, &change.payload, &mut r)?;
    Ok(Some(r))
}

/// Reads again what is watched: changes were lost.
fn resync(cx: &mut Context, view: &View, sources: &[&Source]) -> Outcome {
    mark(cx, "begin", "messages were lost: everything is read again")?;
    for source in sources {
        for payload in (source.list)(cx)? {
            tell(cx, view, source, &Change { command: source.made, payload, nsid: None })?;
        }
    }
    mark(cx, "end", "from here on changes again")
}

fn mark(cx: &mut Context, which: &'static str, text: &str) -> Outcome {
    let mut r = Record::new();
    stamp(cx, &mut r);
    r.string("resync", which).shown(format!("[RESYNC] {text}"));
    print(cx, r)
}

/// The time, where it was asked for.
fn stamp(cx: &Context, r: &mut Record) {
    let now = clock::now();
    if cx.options.tshort {
        r.string("timestamp", now.short()).shown(format!("[{}]", now.short()));
    } else if cx.options.timestamp {
        r.string("timestamp", now.short()).shown(format!("Timestamp: {}", now.long()));
        r.line(0);
    }
}

fn print(cx: &mut Context, record: Record) -> Outcome {
    let mut list = cx.stream();
    list.push(record)?;
    list.flush()
}
