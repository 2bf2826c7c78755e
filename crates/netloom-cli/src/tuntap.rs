//! `tuntap`: links whose packets a program handles, in the words of `ip tuntap`.

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::kind::tun::{self, GROUP, MULTI_QUEUE, PI, USER, VNET_HDR};
use crate::out::Record;
use crate::words::{Kind, Object, Verb, Word, Words, flag, word};
use netloom::kind::{Tun, TunMode};
use netloom::link::{self, Link, LinkData};
use netloom::tuntap::{Mode, TunTap};
use serde_json::json;
use std::fs;

pub(crate) static OBJECT: Object = Object {
    names: &["tuntap", "tap"],
    about: "links whose packets a program handles",
    whole_verbs: false,
    one_failure: false,
    all_once: false,
    options: &[],
    verbs: &[
        Verb { names: &["add"], about: "make one that stays", words: LINK, run: add },
        Verb { names: &["delete"], about: "delete one that stays", words: LINK, run: delete },
        Verb { names: &["show", "lst", "list"], about: "show them", words: SHOW, run: show },
    ],
};

const MODE: Word =
    word("mode", Kind::OneOf(&[("tun", 1), ("tap", 2)]), "packets of IP, or Ethernet frames").prefix().once();
const DEVICE: Word = word("name", Kind::Text("NAME"), "the link; with %d in it the first number that is free")
    .like(&["dev"])
    .prefix()
    .bare()
    .once();

const LINK: &[Word] = &[
    MODE,
    USER.prefix(),
    GROUP.prefix(),
    flag("one_queue", "nothing, since Linux 3.8").prefix(),
    PI.prefix(),
    VNET_HDR.prefix(),
    MULTI_QUEUE.prefix(),
    DEVICE,
];
const SHOW: &[Word] = &[MODE, DEVICE];

/// The mode that the words name.
fn mode(words: &Words) -> Option<Mode> {
    words.number::<u8>("mode").map(|number| if number == 1 { Mode::Tun } else { Mode::Tap })
}

fn needed(words: &Words) -> Result<Mode, Failure> {
    mode(words).ok_or_else(|| words.lacking("mode"))
}

fn add(cx: &mut Context, words: &Words) -> Outcome {
    let wanted = match needed(words)? {
        Mode::Tun => Tun::tun(),
        Mode::Tap => Tun::tap(),
    };
    let _ = words.has("one_queue");
    let name = words.text("name").unwrap_or_default();
    if name.len() > 15 || name.contains('/') {
        return Err(words.wrong(format!("{name:?} is no name of a link")));
    }
    let order = link::Add::new(name).kind(tun::read(wanted, words)?);
    cx.order(&order).map_err(refused)
}

/// Deletes by the ioctls, so that one that is open stays until it is closed. What the words say beside name and mode does
/// not matter.
fn delete(cx: &mut Context, words: &Words) -> Outcome {
    let name = words.text("name").ok_or_else(|| words.lacking("name"))?;
    let _ = ["user", "group", "one_queue", "pi", "vnet_hdr"].map(|word| words.has(word));
    let link = TunTap::new(needed(words)?, name).multi_queue(words.has("multi_queue"));
    let link = match cx.namespace()? {
        Some(namespace) => link.namespace(namespace),
        None => link,
    };
    link.delete().map_err(Failure::Unavailable)
}

/// What the kernel refuses has the exit code 1, as in iproute2, which has it from an ioctl.
fn refused(failure: Failure) -> Failure {
    match failure {
        Failure::Kernel(error) => Failure::Unavailable(error),
        other => other,
    }
}

fn show(cx: &mut Context, words: &Words) -> Outcome {
    let (name, mode) = (words.text("name"), mode(words));
    let links = cx.run(&link::List::all().kind("tun"))?;
    let (details, here) = (cx.options.details > 0, cx.options.netns.is_none());
    let mut list = cx.list();
    for link in links.iter().filter(|link| name.is_none_or(|name| link.is_named(name))) {
        let Some(LinkData::Tun(tun)) = link.linkinfo().and_then(|info| info.data()) else { continue };
        let one_queue = here && has_one_queue(link);
        let carried = if tun.tun_type() == Some(TunMode::Tun) { Mode::Tun } else { Mode::Tap };
        if mode.is_none_or(|mode| mode == carried) {
            let mut r = Record::new();
            describe(&mut r, link, tun, (carried, one_queue), details);
            list.push(r)?;
        }
    }
    list.finish()?;
    Ok(())
}

fn describe(r: &mut Record, link: &Link, tun: &Tun, (mode, one_queue): (Mode, bool), details: bool) {
    r.string("ifname", link.name()).shown(format!("{}:", link.name()));
    let mode = mode.to_string();
    let flags = [
        (mode.as_str(), Some(true)),
        ("pi", tun.pi()),
        ("one_queue", Some(one_queue)),
        ("multi_queue", tun.multi_queue()),
        ("vnet_hdr", tun.vnet_hdr()),
        ("persist", tun.persist()),
        // iproute2 takes one bit for two flags.
        ("filter", tun.pi()),
    ];
    let flags: Vec<&str> = flags.into_iter().filter(|(_, on)| *on == Some(true)).map(|(name, _)| name).collect();
    r.strings("flags", flags.iter().copied()).shown(flags.join(" "));
    for (key, id) in [("user", tun.owner()), ("group", tun.group())] {
        if let Some(id) = id {
            r.number(key, id);
        }
    }
    if details {
        let users = users(link.name());
        let shown: Vec<String> = users.iter().map(|(name, pid)| format!("{name}({pid})")).collect();
        let users: Vec<_> = users.into_iter().map(|(name, pid)| json!({"name": name, "pid": pid})).collect();
        r.value("processes", users).shown(format!("\n\tAttached to processes:{}", shown.join(" "))).glued();
    }
}

/// Whether it was made with `one_queue`, which has no effect and is told by sysfs alone: that may show another namespace,
/// where the name is another link's.
fn has_one_queue(link: &Link) -> bool {
    /// `linux/if_tun.h`.
    const IFF_ONE_QUEUE: u32 = 0x2000;
    let read = |file: &str| fs::read_to_string(format!("/sys/class/net/{}/{file}", link.name())).ok();
    let is_it = read("ifindex").is_some_and(|index| index.trim().parse() == Ok(link.index()));
    let flags = read("tun_flags").and_then(|flags| u32::from_str_radix(flags.trim().trim_start_matches("0x"), 16).ok());
    is_it && flags.is_some_and(|flags| flags & IFF_ONE_QUEUE != 0)
}

/// Name and number of the processes that have a link of this name open, as far as one may look.
fn users(name: &str) -> Vec<(String, u32)> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let mut users: Vec<(String, u32)> = numbers
        .filter(|pid| has_open(*pid, name))
        .map(|pid| (fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default().trim().to_owned(), pid))
        .collect();
    users.sort_by_key(|(_, pid)| *pid);
    users
}

/// Whether a process has it open: `iff` of a descriptor says its name (`proc(5)`).
fn has_open(pid: u32, name: &str) -> bool {
    let descriptors = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
    let tuns = descriptors.filter(|fd| fs::read_link(fd.path()).is_ok_and(|to| to.ends_with("net/tun")));
    tuns.filter_map(|fd| fs::read_to_string(format!("/proc/{pid}/fdinfo/{}", fd.file_name().to_string_lossy())).ok())
        .any(|info| info.lines().any(|line| line.strip_prefix("iff:").is_some_and(|of| of.trim() == name)))
}
