//! `link`: network interfaces.

mod change;
pub(crate) mod counters;
mod functions;
mod settings;
mod show;
mod words;
mod xdp;

pub(crate) use settings::{is_new, peer};
pub(crate) use show::{Whole, describe};
pub(crate) use words::SETTINGS;

use crate::context::Context;
use crate::devices::Devices;
use crate::failure::{Failure, Outcome};
use crate::hardware;
use crate::kind::{self, Wanted};
use crate::out::{Paint, Record};
use crate::stats;
use crate::words::{self as grammar, Object, Verb, Words};
use netloom::link::{self, ExtMask, Link};
use netloom::names::{NameKind, Names};

pub(crate) static OBJECT: Object = Object {
    names: &["link"],
    about: "network interfaces",
    whole_verbs: false,
    one_failure: false,
    all_once: false,
    options: &[],
    verbs: &[
        Verb { names: &["add"], about: "make a link", words: &SETTINGS, run: change::add },
        Verb { names: &["set", "change"], about: "change a link", words: &SETTINGS, run: change::set },
        Verb {
            names: &["replace"],
            about: "make a link, or change the one that is there",
            words: &SETTINGS,
            run: change::replace,
        },
        Verb { names: &["delete"], about: "delete a link", words: words::DELETE, run: change::delete },
        Verb { names: &["show", "list", "lst", "ls"], about: "show links", words: words::SHOW, run: show_links },
        Verb {
            names: &["property add"],
            about: "give a link alternative names",
            words: words::PROPERTY,
            run: change::property_add,
        },
        Verb {
            names: &["property delete"],
            about: "take alternative names from a link",
            words: words::PROPERTY,
            run: change::property_delete,
        },
        Verb {
            names: &["afstats"],
            about: "show statistics of protocols",
            words: stats::AFSTATS,
            run: stats::families,
        },
        Verb {
            names: &["xstats"],
            about: "show statistics of bridges, bonds and their ports",
            words: stats::XSTATS,
            run: stats::extended,
        },
        Verb { names: &["help"], about: "explain the words of a kind", words: words::HELP, run: help },
    ],
};

/// `link help KIND`.
fn help(cx: &mut Context, words: &Words) -> Outcome {
    let text = match words.text("kind") {
        None => grammar::object_help(&OBJECT),
        Some(name) => match kind::KINDS.iter().find(|case| case.name == name) {
            Some(case) => grammar::case_help("link add … type", case),
            None => return Err(words.wrong(format!("nothing is known of the kind {name:?}"))),
        },
    };
    Ok(cx.out().write_all(text.as_bytes())?)
}

/// Which links are shown.
#[derive(Debug, Default)]
struct Filter {
    up: bool,
    down: bool,
    master: Option<u32>,
    group: Option<u32>,
    kind: Wanted,
}

impl Filter {
    fn passes(&self, link: &Link) -> bool {
        (!self.up || link.is_up())
            && (!self.down || !link.is_up())
            && self.group.is_none_or(|group| link.group() == Some(group))
            && self.master.is_none_or(|master| link.master().unwrap_or(0) == master)
            && self.kind.passes(link)
    }
}

fn show_links(cx: &mut Context, words: &Words) -> Outcome {
    let master = cx.master_given(words)?;
    let group = match words.text("group") {
        Some(name) => Some(group_of(words, name)?),
        None => None,
    };
    let filter = Filter { up: words.has("up"), down: words.has("down"), master, group, kind: Wanted::new(words) };
    if let Some(name) = words.text("dev") {
        let get = link::Get::new(name).parts(parts(cx, !words.has("novf")));
        let link = cx.run(&get).map_err(|failure| failure.of_device(name))?;
        learn_around(cx, &[&link])?;
        return print(cx, std::iter::once(&*link), &filter);
    }
    let mut list = link::List::all().parts(parts(cx, !words.has("novf")));
    if let Some(kind) = filter.kind.kind() {
        list = list.kind(kind);
    }
    if let Some(master) = filter.master {
        list = list.master(master);
    }
    let links = cx.run(&list)?;
    learn_around(cx, &links.iter().collect::<Vec<_>>())?;
    print(cx, links.iter(), &filter)
}

/// Which parts of a link are asked for.
pub(crate) fn parts(cx: &Context, functions: bool) -> ExtMask {
    let mut mask = if functions { ExtMask::VF } else { ExtMask::empty() };
    if cx.options.statistics == 0 {
        mask |= ExtMask::SKIP_STATS;
    }
    mask
}

/// Number of a group that is given by name or number.
pub(super) fn group_of(words: &Words, name: &str) -> Result<u32, Failure> {
    Names::system().number(NameKind::Group, name).ok_or_else(|| words.wrong(format!("{name:?} is not a group")))
}

/// Remembers these links, and those that they refer to.
pub(crate) fn learn_around(cx: &mut Context, links: &[&Link]) -> Outcome {
    for link in links {
        cx.devices.learn(link);
    }
    for link in links {
        let below = link.link().filter(|_| link.link_netnsid().is_none());
        let around = [link.master(), below].into_iter().flatten().chain(kind::devices(link));
        for index in around.filter(|index| *index > 0) {
            cx.learn_device(index)?;
        }
    }
    Ok(())
}

fn print<'a>(cx: &mut Context, links: impl Iterator<Item = &'a Link>, filter: &Filter) -> Outcome {
    let devices = std::mem::take(&mut cx.devices);
    let options = cx.options.clone();
    let mut list = cx.list();
    for link in links {
        let mut r = Record::new();
        if filter.passes(link) {
            if options.brief {
                brief(&mut r, link, &devices)
            } else {
                describe(&mut r, link, &devices, &options, Whole::Link)
            }
        }
        // What a filter hides is an empty object in iproute2's JSON too.
        list.push(r)?;
    }
    list.finish()?;
    cx.devices = devices;
    Ok(())
}

/// Describes a link in one line of columns, as `-br` does for `link`.
fn brief(r: &mut Record, link: &Link, devices: &Devices) {
    brief_name(r, link, devices);
    if let Some(address) = hardware::address_of(link) {
        r.string("address", address).bare().paint(Paint::Mac).column();
    }
    show::flags(r, link, devices);
}

/// Name and state as columns, as `-br` begins each line.
pub(crate) fn brief_name(r: &mut Record, link: &Link, devices: &Devices) {
    let below = show::below(r, link, devices);
    r.string("ifname", link.name()).shown(format!("{}{below}", link.name())).paint(Paint::Device).column();
    if let Some(state) = link.operstate() {
        match show::oper_state(state) {
            Some(name) => r.string("operstate", name).bare().paint(show::state_paint(state)).column(),
            None => r.number("operstate_index", u8::from(state)).bare().column(),
        };
    }
}
