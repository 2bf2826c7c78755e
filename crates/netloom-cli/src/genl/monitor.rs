//! `genl monitor`: what a family tells its groups, as it happens, with the kernel's names where the library has tables of it.

use crate::context::Context;
use crate::decode;
use crate::failure::{Failure, Outcome};
use crate::families::{self, Families};
use crate::monitor;
use crate::out::Record;
use crate::words::{Kind, Value, Word, Words, word};
use netloom::Generic;
use netloom::generic::controller::{FamilyInfo, Get};
use netloom::generic::taskstats::{Register, TaskStats};
use netloom::socket::blocking::Notifications;
use netloom::wire::{Family as _, Notice, Origin};

pub(super) const WORDS: &[Word] = &[
    word("family", Kind::Text("FAMILY"), "the family, by its name").bare(),
    word("group", Kind::Text("GROUP"), "only what goes to this group").bare().repeat(),
];

/// Tells what a family says, for ever.
pub(super) fn run(cx: &mut Context, words: &Words) -> Outcome {
    let name = words.text("family").ok_or_else(|| words.missing("family"))?;
    let mut socket = families::socket(cx)?;
    let info = socket.run(&Get::named(name))?;
    let wanted: Vec<&str> = words.all("group").filter_map(text).collect();
    let mut notifications = if name == TaskStats::NAME && wanted.is_empty() {
        tasks(cx)?
    } else {
        socket.watch(&groups(&info, name, &wanted).map_err(|what| words.refused(what))?)?
    };
    let mut families = Families::new();
    families.learn(&info);
    loop {
        let notice = notifications.next()?;
        let mut r = Record::new();
        monitor::stamp(cx, &mut r);
        match notice {
            Notice::Message { message_type, command, payload, .. } => {
                let parts = families.parts(message_type, Origin::Notification, command, payload);
                decode::describe_command(&mut r, &parts, message_type);
                decode::describe_parts(&mut r, &parts);
            }
            _ => drop(r.bool("lost", true).shown("[LOST] messages were lost")),
        }
        monitor::print(cx, r)?;
    }
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// The numbers of these groups of a family, or of all that it has.
fn groups(info: &FamilyInfo, name: &str, wanted: &[&str]) -> Result<Vec<u32>, String> {
    let all: Vec<_> =
        info.groups().into_iter().flatten().filter_map(|group| Some((group.name()?, group.id()?))).collect();
    if all.is_empty() {
        return Err(format!("family {name} has no groups: it tells nothing by itself"));
    }
    let number = |wanted: &&str| {
        let found = all.iter().find(|(group, _)| group == wanted).map(|(_, id)| *id);
        found.ok_or_else(|| {
            let names: Vec<_> = all.iter().map(|(group, _)| *group).collect();
            format!("family {name} has no group {wanted:?}; it has {}", names.join(", "))
        })
    };
    match wanted {
        [] => Ok(all.iter().map(|(_, id)| *id).collect()),
        wanted => wanted.iter().map(number).collect(),
    }
}

/// Task statistics have no group: they go to the socket that registers for the tasks that end on some processors.
fn tasks(cx: &Context) -> Result<Notifications, Failure> {
    const POSSIBLE: &str = "/sys/devices/system/cpu/possible";
    let cpus = std::fs::read_to_string(POSSIBLE).map_err(|error| Failure::Failed(format!("{POSSIBLE}: {error}")))?;
    let mut socket = Generic::<TaskStats>::with(&cx.socket_options()?).map_err(Failure::Unavailable)?;
    socket.run(&Register::cpus(cpus.trim()))?;
    Ok(socket.into_notifications())
}
