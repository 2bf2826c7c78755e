//! `decode`: netlink messages out of a capture, a hex dump or strace's output, as a tree or as JSON.

mod capture;
mod check;
mod hex;
mod strace;
mod tree;

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::out::Record;
use crate::tables::{PROTOCOLS, Protocol};
use netloom::wire::{Messages, RawMessage};
use std::io::Read as _;

/// Bytes that were sent or received at once.
#[derive(Debug, PartialEq, Eq, Default)]
struct Datagram {
    /// `NETLINK_*`, where the input tells.
    protocol: Option<u16>,
    bytes: Vec<u8>,
}

/// Runs the command on standard input; with `check`, writes each message again and compares.
pub(crate) fn run(cx: &mut Context, check: bool) -> Outcome {
    let mut input = Vec::new();
    std::io::stdin()
        .read_to_end(&mut input)
        .map_err(|error| Failure::Failed(format!("cannot read standard input: {error}")))?;
    let datagrams = datagrams(&input).map_err(Failure::Failed)?;
    let mut wrong = Vec::new();
    let mut count = 0usize;
    let mut list = cx.list();
    for datagram in &datagrams {
        let protocol = protocol(datagram.protocol);
        let mut messages = Messages::new(&datagram.bytes);
        for message in messages.by_ref() {
            count += 1;
            let mut record = Record::new();
            tree::message(&mut record, protocol, datagram.protocol, &message);
            list.push(record)?;
            if check {
                wrong.extend(check::message(protocol, &message).map(|what| format!("message {count}: {what}")));
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

/// The protocol with this number; rtnetlink where the input does not tell.
fn protocol(number: Option<u16>) -> Option<&'static Protocol> {
    PROTOCOLS.iter().find(|protocol| protocol.number == number.unwrap_or_default())
}

/// The message type of a message, if the tables know it and its header is whole.
fn message_type(protocol: Option<&Protocol>, message: &RawMessage<'_>) -> Option<&'static netloom::wire::MessageType> {
    let types = (protocol?.messages)();
    types
        .iter()
        .find(|kind| kind.number == message.header.command() && message.payload.len() >= (kind.layout)().header_size())
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
