//! `monitor`: what changes, as the kernel tells it, and what changes without its telling.
//!
//! Each message of the kernel is a line, as in iproute2, also where it changes nothing: who watches wants to see what the
//! kernel says. But the state is not the sum of its messages: IPv4 routes go without a word when their device goes down.
//! So the library's watch follows the objects that it knows, and what it finds by reading is told too, marked as
//! synthetic. Both come from one subscription, so that a synthetic removal never overtakes, or falls behind, what the
//! kernel says of the same object.
//!
//! With `-json` each line is one object: the kind of object under `object`, `"deleted": true` where something went away,
//! `"synthetic": true` where no message said so, then the keys that `show` has. With `all-nsid` the number of the
//! namespace that it comes from is under `from_nsid`, `current` for one's own. Where messages were lost,
//! `{"resync": "begin"}` says so, the differences to what was told before follow, and `{"resync": "end"}` ends it. Of
//! objects that the watch does not know (settings, numbers of namespaces, buckets, MPLS routes) it is not known what was
//! told before: all that there are follow.

mod clock;
mod multicast;
mod prefix;
mod saved;
mod sources;

pub(crate) use sources::describe_message;
#[cfg(test)]
pub(crate) use sources::describe_payload;

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::options::{Family, Options};
use crate::out::Record;
use crate::words::{Kind, Object, Verb, Word, Words, flag, word};
use netloom::link::{self, ExtMask, Link};
use netloom::watch::{AnyObject, Cause, Change, Event, Message, Objects};
use netloom::{IpRoute, RawIpRoute, SocketOptions, af, group};
use sources::{SOURCES, Source, Tells};

pub(crate) static OBJECT: Object = Object {
    names: &["monitor"],
    about: "what changes, as it happens",
    whole_verbs: false,
    one_failure: false,
    all_once: false,
    options: &[],
    verbs: &[Verb { names: &[], about: "show changes until it is interrupted", words: WORDS, run: monitor }],
};

const WORDS: &[Word] = &[
    word("file", Kind::Text("FILE"), "show the messages that rtmon wrote to this file").prefix(),
    flag("label", "say what object each change is about").prefix(),
    flag("link", "network interfaces").prefix(),
    flag("address", "addresses").prefix(),
    flag("route", "routes").prefix(),
    flag("mroute", "routes of multicast packets").prefix(),
    flag("maddress", "addresses of multicast groups that links are in").prefix(),
    flag("acaddress", "anycast addresses").prefix(),
    flag("prefix", "prefixes that routers advertise").prefix(),
    flag("neigh", "neighbours, and forwarding databases of bridges and vxlans").prefix(),
    flag("netconf", "settings of IPv4, IPv6 and MPLS").prefix(),
    flag("rule", "rules of policy routing").prefix(),
    flag("nsid", "numbers of network namespaces").prefix(),
    flag("nexthop", "next hop objects and their buckets").prefix(),
    flag("stats", "counters of the hardware"),
    flag("fdb", "forwarding databases of bridges and vxlans"),
    flag("all", "all objects, each with its label"),
    flag("all-nsid", "also of the namespaces that have a number here").prefix(),
    word("dev", Kind::Device, "only what is about this device, or about none"),
];

/// What is shown, and how.
struct View {
    sources: Vec<&'static Source>,
    /// Of this family alone, where objects are of one.
    family: Option<u8>,
    device: Option<u32>,
    label: bool,
    all_nsid: bool,
}

/// Something to tell of an object.
struct News<'a> {
    source: &'a Source,
    tells: Tells,
    payload: &'a [u8],
    nsid: Option<i32>,
    /// No message of the kernel said so.
    synthetic: bool,
}

fn monitor(cx: &mut Context, words: &Words) -> Outcome {
    let chosen: Vec<&Source> =
        SOURCES.iter().filter(|source| source.words.iter().any(|word| words.has(word))).collect();
    let named = !chosen.is_empty();
    let view = View {
        sources: if named { chosen } else { SOURCES.iter().collect() },
        family: family(&cx.options),
        device: words.text("dev").map(|name| cx.device_given(name)).transpose()?,
        label: words.has("label") | words.has("all"),
        all_nsid: words.has("all-nsid"),
    };
    match words.text("file") {
        Some(file) => saved::tell_file(cx, &view, file),
        None => follow(cx, &view, named),
    }
}

/// Tells what changes, for ever; that a group is not known to the kernel is a failure if its objects are `named`.
fn follow(cx: &mut Context, view: &View, named: bool) -> Outcome {
    let options = cx.socket_options()?.listen_all_nsid(view.all_nsid);
    let objects = view.sources.iter().fold(Objects::empty(), |objects, source| objects | source.watched);
    let mut groups = vec![group::LINK]; // for the names of links
    for source in &view.sources {
        let of_family = source.groups.iter().filter(|(family, _)| view.wants(*family));
        for (_, group) in of_family {
            if named || !source.is_recent || joins(&options, *group)? {
                groups.push(*group);
            }
        }
    }
    let mut socket = IpRoute::with(&options).map_err(Failure::Unavailable)?;
    let mut watch = socket.watch_with_messages(objects, &groups)?;
    // After the subscription, so that no name is missed in between.
    for link in &cx.run(&link::List::all().parts(ExtMask::SKIP_STATS))? {
        cx.devices.learn(link);
    }
    // What is there at the start is no change.
    let mut starting = true;
    loop {
        match watch.next()? {
            Event::Message(message) => said(cx, view, &message)?,
            Event::ReadEnd(Cause::Start) => starting = false,
            Event::ReadBegin(Cause::Lost) => mark(cx, "begin", "messages were lost: everything is read again")?,
            Event::ReadEnd(Cause::Lost) => {
                read_others(cx, view)?;
                mark(cx, "end", "from here on changes again")?;
            }
            Event::Change(change) if change.synthetic && !starting => found(cx, view, &change)?,
            _ => {}
        }
    }
}

/// Whether the kernel knows a group.
fn joins(options: &SocketOptions, group: u32) -> Result<bool, Failure> {
    let mut socket = RawIpRoute::with(options).map_err(Failure::Unavailable)?;
    Ok(socket.watch(&[group]).is_ok())
}

/// The family that the options ask for.
fn family(options: &Options) -> Option<u8> {
    options.family().map(Family::number)
}

impl View {
    /// Whether something of this family is wanted; what is of no family always is.
    fn wants(&self, family: u8) -> bool {
        family == af::UNSPEC || self.family.is_none_or(|wanted| wanted == family)
    }

    /// Whether what is said of an object is wanted.
    fn passes(&self, news: &News<'_>) -> bool {
        let of_family = !news.source.has_family || self.wants(sources::family_of(news.payload));
        let about = || (news.source.device)(news.payload);
        let of_device = self.device.is_none_or(|device| about().is_none_or(|about| about == device));
        of_family && of_device
    }
}

/// Tells what the kernel said.
fn said(cx: &mut Context, view: &View, message: &Message) -> Outcome {
    let Message { command, payload, nsid, .. } = message;
    for source in &view.sources {
        if let Some(tells) = source.tells(*command, payload) {
            tell(cx, view, &News { source, tells, payload, nsid: *nsid, synthetic: false })?;
        }
    }
    if nsid.is_none() {
        remember(cx, *command, payload);
    }
    Ok(())
}

/// Links are heard of for their names' sake, also if nobody wants to be told.
fn remember(cx: &mut Context, command: u16, payload: &[u8]) {
    if let Some(link) = sources::link_of(command, payload) {
        learn(cx, link);
    }
}

fn learn(cx: &mut Context, link: &Link) {
    if !link.name().is_empty() {
        cx.devices.learn(link);
    }
}

/// Tells what the kernel did not say.
fn found(cx: &mut Context, view: &View, change: &Change) -> Outcome {
    let Some(object) = change.object() else { return Ok(()) };
    if let AnyObject::Link(link) = object {
        learn(cx, link);
    }
    let tells = if change.is_removal() { Tells::Gone } else { Tells::There };
    let payload = object.bytes();
    for source in view.sources.iter().filter(|source| source.watched == object.object() && (source.is)(payload)) {
        tell(cx, view, &News { source, tells, payload, nsid: None, synthetic: true })?;
    }
    Ok(())
}

/// Tells of the objects that the watch does not follow, as they are now.
fn read_others(cx: &mut Context, view: &View) -> Outcome {
    for source in &view.sources {
        for payload in (source.others)(cx)? {
            tell(cx, view, &News { source, tells: Tells::There, payload: &payload, nsid: None, synthetic: true })?;
        }
    }
    Ok(())
}

fn tell(cx: &mut Context, view: &View, news: &News<'_>) -> Outcome {
    if !view.passes(news) {
        return Ok(());
    }
    // Another namespace's indices are not ours.
    let ours = news.nsid.is_some().then(|| std::mem::take(&mut cx.devices));
    let described = describe(cx, view, news);
    if let Some(ours) = ours {
        cx.devices = ours;
    }
    print(cx, described?)
}

fn describe(cx: &mut Context, view: &View, news: &News<'_>) -> Result<Record, Failure> {
    let mut r = Record::new();
    stamp(cx, &mut r);
    if view.all_nsid {
        match news.nsid {
            Some(nsid) => r.number("from_nsid", nsid).shown(format!("[nsid {nsid}]")),
            None => r.string("from_nsid", "current").shown("[nsid current]"),
        };
    }
    let label = r.string("object", news.source.label.to_lowercase());
    if view.label {
        label.shown(format!("[{}]", news.source.label));
    } else {
        label.json_only();
    }
    if news.synthetic {
        r.bool("synthetic", true).shown("[synthetic]");
    }
    match news.tells {
        Tells::There => {}
        Tells::Gone => drop(r.bool("deleted", true).shown("Deleted")),
        Tells::Missed => drop(r.flag("miss")),
    }
    // Made after the start, and its own message may come later.
    let about = (news.source.device)(news.payload).filter(|index| *index > 0);
    if let (Some(index), None) = (about, news.nsid) {
        cx.learn_device(index)?;
    }
    (news.source.describe)(cx, news.payload, &mut r)?;
    Ok(r)
}

fn mark(cx: &mut Context, which: &'static str, text: &str) -> Outcome {
    let mut r = Record::new();
    stamp(cx, &mut r);
    r.string("resync", which).shown(format!("[RESYNC] {text}"));
    print(cx, r)
}

/// The time, where it was asked for.
pub(crate) fn stamp(cx: &Context, r: &mut Record) {
    let now = clock::now();
    if cx.options.tshort {
        r.string("timestamp", now.short()).shown(format!("[{}]", now.short()));
    } else if cx.options.timestamp {
        r.string("timestamp", now.short()).shown(format!("Timestamp: {}", now.long()));
        r.line(0);
    }
}

/// Prints a record at once.
pub(crate) fn print(cx: &mut Context, record: Record) -> Outcome {
    let mut list = cx.stream();
    list.push(record)?;
    list.flush()
}
