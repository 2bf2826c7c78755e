//! `decode`: netlink messages out of a capture, a hex dump or strace's output, as a tree or as JSON.
//!
//! Messages of generic netlink have the number of their family, which every kernel gives out anew. What the controller
//! answers in the input says which is which, wherever it stands; with `--running` the running kernel says so of the others;
//! messages of what is still unknown are shown as bytes.

mod capture;
mod check;
mod hex;
mod strace;
mod tree;

pub(crate) use tree::{command as describe_command, parts as describe_parts};

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::families::Families;
use crate::out::Record;
use crate::tables::{PROTOCOLS, Protocol};
use netloom::wire::{MessageType, Messages, RawMessage, generic, nlmsg};
use std::io::Read as _;

/// Bytes that were sent or received at once.
#[derive(Debug, PartialEq, Eq, Default)]
struct Datagram {
    /// `NETLINK_*`, where the input tells.
    protocol: Option<u16>,
    bytes: Vec<u8>,
}

/// By what a message is read.
#[derive(Clone, Copy)]
struct Decoder<'a> {
    /// `NETLINK_*`, where the input tells.
    number: Option<u16>,
    /// The protocol; rtnetlink where the input does not tell.
    protocol: Option<&'static Protocol>,
    families: &'a Families,
}

/// Runs the command on standard input; with `check`, writes each message again and compares; with `running`, families
/// have the numbers of the running kernel; `protocol` is that of what the input names none of.
pub(crate) fn run(cx: &mut Context, check: bool, running: bool, protocol: Option<u16>) -> Outcome {
    let mut input = Vec::new();
    std::io::stdin()
        .read_to_end(&mut input)
        .map_err(|error| Failure::Failed(format!("cannot read standard input: {error}")))?;
    let mut datagrams = datagrams(&input).map_err(Failure::Failed)?;
    for datagram in &mut datagrams {
        datagram.protocol = datagram.protocol.or(protocol);
    }
    let mut families = if running { Families::running(cx)? } else { Families::new() };
    learn(&mut families, &datagrams);
    let mut wrong = Vec::new();
    let mut count = 0usize;
    let mut list = cx.list();
    for datagram in &datagrams {
        let decoder = Decoder::new(datagram.protocol, &families);
        let mut messages = Messages::new(&datagram.bytes);
        for message in messages.by_ref() {
            count += 1;
            let mut record = Record::new();
            tree::message(&mut record, decoder, &message);
            list.push(record)?;
            if check {
                wrong.extend(check::message(decoder, &message).map(|what| format!("message {count}: {what}")));
            }
        }
        // Fewer bytes than a header can be padding of the capture.
        if messages.rest().iter().any(|byte| *byte != 0) {
            wrong.push(format!("after message {count}: {} bytes that are no whole message", messages.rest().len()));
        }
    }
    list.finish()?;
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Failure::Failed(wrong.join("\n")))
}

/// Takes in which families the controller tells of.
fn learn(families: &mut Families, datagrams: &[Datagram]) {
    let generic = datagrams.iter().filter(|datagram| datagram.protocol == Some(generic::PROTOCOL));
    generic.flat_map(|datagram| Messages::new(&datagram.bytes)).for_each(|message| families.hear(&message));
}

impl<'a> Decoder<'a> {
    fn new(number: Option<u16>, families: &'a Families) -> Self {
        let protocol = PROTOCOLS.iter().find(|protocol| protocol.number == number.unwrap_or_default());
        Self { number, protocol, families }
    }

    /// Whether a message is one of a family of generic netlink.
    fn is_generic(&self, message: &RawMessage<'_>) -> bool {
        let generic = self.protocol.is_some_and(|protocol| protocol.number == generic::PROTOCOL);
        generic && message.header.command() >= nlmsg::MIN_TYPE && message.payload.len() >= generic::HEADER
    }

    /// The message type of a message that is none of generic netlink, if the tables know it and its header is whole.
    fn message_type(&self, message: &RawMessage<'_>) -> Option<&'static MessageType> {
        let fits = |kind: &MessageType| message.payload.len() >= (kind.layout)().header_size();
        let mut types = (self.protocol?.messages)().iter();
        types.find(|kind| kind.number == message.header.command() && fits(kind))
    }
}

/// Recognises the form of the input and takes the datagrams out of it.
fn datagrams(input: &[u8]) -> Result<Vec<Datagram>, String> {
    if let Some(found) = capture::read(input) {
        return found;
    }
    let Ok(text) = std::str::from_utf8(input) else {
        return Err("the input is neither a capture (pcap, pcapng) nor text".into());
    };
    if strace::is_strace(text) { Ok(strace::read(text)) } else { hex::read(text) }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::{samples, survives};
