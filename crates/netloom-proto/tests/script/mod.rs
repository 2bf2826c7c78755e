//! A kernel by script: the messages that it would send, and requests for it.

#![expect(dead_code, unreachable_pub, reason = "each test file uses a part of it, and tables want `pub`")]

use std::fmt;

use netloom_proto::{Exchange, Handled, Outcome, Token};
use netloom_wire::{
    Buffer, Command, Create, Driver, Dump, Error, ErrorKind, Family, Get, Messages, Object, Request, Result,
    attributes, message, nlmsg,
};

attributes! {
    /// Attributes of a thing.
    pub ThingAttributes, ThingWriter = "test/thing-attrs" {
        /// Name.
        1 "THING_NAME" name: str,
        /// Weight.
        2 "THING_WEIGHT" weight: u32,
        /// Inner part.
        3 "THING_PART" part: Nest(Part),
    }
}
attributes! {
    /// Attributes of a part.
    pub Part, PartWriter = "test/part-attrs" {
        /// Size.
        4 "PART_SIZE" size: u32,
    }
}
message! {
    /// A thing.
    pub Thing, ThingHeader = "thingmsg" ThingAttributes {
        /// Number.
        pub index: u32,
    }
}

impl Object for Thing {
    type Key = u32;
    const NOUN: &'static str = "thing";
    fn key(&self) -> u32 {
        self.index()
    }
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.index())
    }
}

pub struct Things;
impl Family for Things {
    const PROTOCOL: u16 = 0;
    const NAME: &'static str = "things";
}

/// Message types of things.
pub const NEW: u16 = 16;
pub const GET: u16 = 18;

macro_rules! request {
    ($name:ident, $kind:ty, $command:ident, $verb:literal, |$request:ident, $writer:ident| $write:expr) => {
        impl Request for $name {
            type Family = Things;
            type Body = Thing;
            type Reply = Thing;
            type Kind = $kind;
            const COMMAND: u16 = $command;
            const REPLY: u16 = NEW;
            const VERB: &'static str = $verb;
            fn write(&self, out: &mut Buffer) {
                let $request = self;
                out.message(ThingHeader { index: self.index }, |$writer: ThingWriter| $write);
            }
        }
    };
}

/// Adds a thing with a part; `bulk` bytes of name.
#[derive(Clone, Debug)]
pub struct Add {
    pub index: u32,
    pub bulk: usize,
}
request!(Add, Command, NEW, "add", |request, w| {
    let name = "x".repeat(request.bulk);
    w.name(&name).weight(7).part(|p| p.size(1))
});
impl Create for Add {
    async fn fetch_created<D: Driver<Family = Things>>(&self, io: &mut D) -> Result<Box<Thing>> {
        io.one(&Ask { index: self.index }, |_| ()).await?;
        Err(Error::no_reply())
    }
}

/// Asks for a thing.
#[derive(Clone, Debug)]
pub struct Ask {
    pub index: u32,
}
request!(Ask, Get, GET, "get", |_request, w| w);

/// Asks for all things.
#[derive(Clone, Debug)]
pub struct All {
    pub index: u32,
}
request!(All, Dump, GET, "list", |_request, w| w);

pub fn add(index: u32) -> Add {
    Add { index, bulk: 2 }
}
pub fn ask(index: u32) -> Ask {
    Ask { index }
}
pub fn all() -> All {
    All { index: 0 }
}

/// Port of the socket under test.
pub const PORT: u32 = 7;

pub fn exchange() -> Exchange {
    Exchange::new(212_992, PORT, 1)
}

/// A message of the kernel to this socket.
pub fn message(command: u16, flags: u16, sequence: u32, payload: &[u8]) -> Vec<u8> {
    message_to(PORT, command, flags, sequence, payload)
}

/// A message with any port in its header.
pub fn message_to(port: u32, command: u16, flags: u16, sequence: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(nlmsg::HEADER + payload.len()).expect("a short message");
    let mut bytes = Vec::new();
    bytes.extend_from_slice(&length.to_ne_bytes());
    bytes.extend_from_slice(&command.to_ne_bytes());
    bytes.extend_from_slice(&flags.to_ne_bytes());
    bytes.extend_from_slice(&sequence.to_ne_bytes());
    bytes.extend_from_slice(&port.to_ne_bytes());
    bytes.extend_from_slice(payload);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// A reply with a thing.
pub fn thing(flags: u16, sequence: u32, index: u32) -> Vec<u8> {
    message(NEW, flags, sequence, &index.to_ne_bytes())
}

/// A capped acknowledgement, or with an errno an error.
pub fn ack(sequence: u32, errno: i32) -> Vec<u8> {
    message(nlmsg::ERROR, nlmsg::CAPPED, sequence, &[&(-errno).to_ne_bytes()[..], &[0; 16]].concat())
}

/// The end of a dump.
pub fn done(sequence: u32, errno: i32) -> Vec<u8> {
    message(nlmsg::DONE, nlmsg::MULTI, sequence, &(-errno).to_ne_bytes())
}

/// An extended acknowledgement of `request`, a whole message, capped or not.
pub fn extended(request: &[u8], errno: i32, capped: bool, said: &[u8]) -> Vec<u8> {
    let sent = Messages::new(request).next().expect("a whole message");
    let echo = if capped { &request[..nlmsg::HEADER] } else { &request[..nlmsg::align(sent.header.length())] };
    let flags = nlmsg::ACK_TLVS | if capped { nlmsg::CAPPED } else { 0 };
    let payload = [&(-errno).to_ne_bytes()[..], echo, said].concat();
    message(nlmsg::ERROR, flags, sent.header.sequence(), &payload)
}

/// An attribute.
pub fn attribute(number: u16, payload: &[u8]) -> Vec<u8> {
    let mut buffer = Buffer::new();
    buffer.put(number, payload);
    buffer.finish().expect("a short payload")
}

/// All datagrams that are due.
pub fn send_all(x: &mut Exchange) -> Vec<Vec<u8>> {
    std::iter::from_fn(|| x.transmit().map(<[u8]>::to_vec)).collect()
}

/// Hands a datagram to the exchange; gives what is to be delivered.
pub fn feed(x: &mut Exchange, datagram: &[u8]) -> Vec<Handled> {
    Messages::new(datagram).map(|message| x.handle(&message)).filter(|handled| *handled != Handled::Consumed).collect()
}

/// All requests that have ended, each with its outcome in short.
pub fn ended(x: &mut Exchange) -> Vec<(Token, Short)> {
    std::iter::from_fn(|| x.poll_done()).map(|(token, outcome)| (token, short(outcome))).collect()
}

/// An outcome without texts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Short {
    Fine,
    Replied,
    Interrupted,
    Refused(i32),
    Failed(ErrorKind),
}

pub fn short(outcome: Result<Outcome>) -> Short {
    match outcome {
        Ok(Outcome { interrupted: true, .. }) => Short::Interrupted,
        Ok(Outcome { replied: true, .. }) => Short::Replied,
        Ok(_) => Short::Fine,
        Err(error) => error
            .errno()
            .filter(|_| error.kind() == ErrorKind::Kernel)
            .map_or_else(|| Short::Failed(error.kind()), |errno| Short::Refused(errno.0)),
    }
}
