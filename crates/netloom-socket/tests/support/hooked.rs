//! Handlers, and ways to ask and to see what came.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part of this")]

use netloom_socket::hooks::{Hook, Incoming, Outgoing, ReceiveVerdict, Replies, Verdict};
use netloom_testkit::{Datagram, things::*};
use netloom_wire::{Errno, Error, List, Message, Messages, Result, View, Write, nlmsg};

use crate::handle::Handle;

/// A thing with this number and this name, as its body.
pub fn thing(index: u32, name: &str) -> Vec<u8> {
    Thing::build(ThingHeader { index }, |w: ThingWriter| w.name(name)).unwrap().bytes().to_vec()
}

/// The same message about the thing 100 places further, with a name, so that it is longer.
pub fn further(message: &Outgoing<'_>) -> Option<Verdict> {
    let asked = message.view::<Thing>()?;
    let moved = Thing::build(ThingHeader { index: asked.index() + 100 }, |w: ThingWriter| {
        w.copy(asked.tlvs().filter(|tlv| tlv.number() != 1)).name("further")
    });
    Some(message.with_body(moved.unwrap().bytes()).into())
}

/// A message as a request to be sent as bytes.
pub fn raw(command: u16, flags: u16, sequence: u32, body: &[u8]) -> Vec<u8> {
    Datagram::to(0).message(command, flags | nlmsg::REQUEST, sequence, body).into_bytes()
}

/// Numbers of the things in a datagram, and its other messages as type and errno.
pub fn seen(datagram: &[u8]) -> (Vec<u32>, Vec<(u16, i32)>) {
    let (mut things, mut ends) = (Vec::new(), Vec::new());
    for message in Messages::new(datagram) {
        match message.header.command() {
            NEW => things.push(Thing::view(message.payload).unwrap().index()),
            other => ends.push((other, i32::from_ne_bytes(*message.payload.first_chunk().unwrap()))),
        }
    }
    (things, ends)
}

pub fn seen_by_get(replies: &[u8]) -> Vec<u32> {
    seen(replies).0
}

pub fn listed(list: &List<Thing>) -> Vec<u32> {
    list.iter().map(Thing::index).collect()
}

pub async fn streamed(io: &mut impl Handle<Things>) -> Result<Vec<u32>> {
    let mut indexes = Vec::new();
    io.stream(&all(), |thing| indexes.push(thing.index())).await?;
    Ok(indexes)
}

/// Replies as the fake kernel would give them, but of things from 40 on.
pub fn answer(message: &Outgoing<'_>) -> Option<Verdict> {
    if message.command() == NEW && message.flags() & nlmsg::ECHO == 0 {
        return Some(Replies::new().into());
    }
    let index = message.view::<Thing>()?.index();
    let replies = if message.is_dump() {
        (40..43).fold(Replies::new(), |all, index| all.reply(NEW, thing(index, "made up")))
    } else {
        Replies::new().reply(NEW, thing(index + 40, "made up"))
    };
    Some(replies.into())
}

pub fn refuse(_: &Outgoing<'_>) -> Option<Verdict> {
    Some(Replies::new().refuse(Errno::EBUSY, "that is mine").into())
}

/// All ways to ask fail, and nothing reaches the kernel; the texts, without what was asked.
pub async fn all_fail(io: &mut impl Handle<Things>) -> Vec<Error> {
    let mut errors = vec![
        io.run(ask(1)).await.unwrap_err(),
        io.run(add(1)).await.unwrap_err(),
        io.run(all()).await.unwrap_err(),
        streamed(io).await.unwrap_err(),
    ];
    let report = io.pipeline((0..3).map(ask), |_, _| ()).await.unwrap();
    assert_eq!((report.total, report.failures.len()), (3, 3));
    errors.extend(report.failures.into_iter().map(|(_, error)| error));
    let report = io.pipeline((0..3).map(add), |_, _| ()).await.unwrap();
    assert_eq!((report.total, report.failures.len()), (3, 3));
    errors.extend(report.failures.into_iter().map(|(_, error)| error));
    errors
}

/// Registers the same handler for all messages that are sent.
pub fn on_all(
    io: &impl Handle<Things>,
    name: &str,
    slow: bool,
    handler: fn(&Outgoing<'_>) -> Option<Verdict>,
) -> [Hook; 2] {
    [NEW, GET].map(|command| match slow {
        true => io.on_send_slow(name, command, handler),
        false => io.on_send(name, command, handler),
    })
}

/// Renames the thing that a message is about, and counts.
pub fn rename(message: &Incoming<'_>) -> Option<ReceiveVerdict> {
    let seen = message.view::<Thing>()?;
    let name = format!("thing-{}-{}", seen.index(), if message.is_notification() { "told" } else { "replied" });
    let renamed = Thing::build(ThingHeader { index: seen.index() }, |w: ThingWriter| {
        w.copy(seen.tlvs().filter(|tlv| tlv.number() != 1)).name(&name)
    });
    Some(ReceiveVerdict::Rewrite(renamed.unwrap().bytes().to_vec()))
}

pub fn named(thing: &Thing) -> String {
    thing.name().unwrap_or("nameless").to_owned()
}
