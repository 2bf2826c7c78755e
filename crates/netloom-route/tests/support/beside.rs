//! Requests beside what iproute2 sent for the same command: the same attributes with the same values, in whatever order
//! and with or without the nested bit.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::sync::OnceLock;

use netloom_route::message_types;
use netloom_testkit::{Golden, canonical};
use netloom_wire::{Buffer, Header, Message, Request, RequestKind, View, check, nlmsg};

/// Links of the golden captures: `lo`, `v1` and its peer `v0`.
pub(crate) const LO: u32 = 1;
pub(crate) const V1: u32 = 3;
pub(crate) const V0: u32 = 4;

fn golden(title: &str) -> &'static Golden {
    static ALL: OnceLock<Vec<Golden>> = OnceLock::new();
    let found = ALL.get_or_init(Golden::all).iter().find(|case| case.title() == title);
    found.unwrap_or_else(|| panic!("there is no golden case {title}"))
}

/// What a message means, whether or not it asks for an acknowledgement.
fn meaning(message: &[u8]) -> String {
    let mut message = message.to_vec();
    let flags = u16::from_ne_bytes([message[6], message[7]]) & !(nlmsg::REQUEST | nlmsg::ACK);
    message[6..8].copy_from_slice(&flags.to_ne_bytes());
    canonical(&message, message_types())
}

fn ours<R: Request>(request: &R) -> String {
    let mut body = Buffer::new();
    request.write(&mut body);
    let body = body.finish().unwrap_or_else(|error| panic!("{error}"));
    check(R::Body::layout(), &body).unwrap_or_else(|error| panic!("{error}"));
    let header = Header::new(0, R::COMMAND, R::Kind::FLAGS | request.flags(), 0, 0);
    meaning(&[header.bytes(), &body].concat())
}

/// What iproute2 sent with this command: most often one message, now and then with questions beside it.
fn theirs(title: &str, command: u16) -> Vec<String> {
    let of = |message: &Vec<u8>| u16::from_ne_bytes([message[4], message[5]]);
    golden(title).messages.iter().filter(|message| of(message) == command).map(|message| meaning(message)).collect()
}

/// Asserts that a request says what iproute2 said in the golden case `OBJECT/CASE`.
#[track_caller]
pub(crate) fn expect<R: Request>(title: &str, request: &R) {
    expect_but(title, request, &[]);
}

/// The same, but for what iproute2 says otherwise: each text stands for the other, and the reason with the caller.
#[track_caller]
pub(crate) fn expect_but<R: Request>(title: &str, request: &R, instead: &[(&str, &str)]) {
    same(title, &ours(request), theirs(title, R::COMMAND), instead);
}

/// Asserts that the table's writer can say what iproute2 said, where this crate has no request for it.
#[track_caller]
pub(crate) fn expect_written<M: Message + ?Sized>(title: &str, command: u16, message: &M) {
    let header = Header::new(0, command, 0, 0, 0);
    same(title, &meaning(&[header.bytes(), message.bytes()].concat()), theirs(title, command), &[]);
}

#[track_caller]
fn same(title: &str, ours: &str, mut theirs: Vec<String>, instead: &[(&str, &str)]) {
    for (says, should) in instead {
        assert!(theirs.iter().any(|text| text.contains(says)), "{title}: nobody says {says:?}: {theirs:?}");
        theirs.iter_mut().for_each(|text| *text = text.replace(says, should));
    }
    if !theirs.iter().any(|text| text == ours) {
        panic!("{title}: {}\nours:\n{ours}\niproute2's:\n{}", golden(title).command, theirs.join("\n"));
    }
}

/// A number of those that iproute2's message has: that behind `label`.
pub(crate) fn number(title: &str, command: u16, label: &str) -> u32 {
    let text = theirs(title, command).concat();
    let digits = text.split(label).nth(1).map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or(""));
    digits.and_then(|digits| digits.parse().ok()).unwrap_or_else(|| panic!("{title}: no {label:?} in {text}"))
}
