//! A family of the tests' own: things, which a played kernel has.

use std::fmt;

use netloom_wire::{
    Buffer, Command, Create, Driver, Dump, Error, Family, Get, MessageType, Object, Request, Result, Sender, View,
    attributes, call_getters, message, nlmsg,
};

use crate::{Asked, Datagram};

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

/// The family, by `NETLINK_USERSOCK`.
#[derive(Clone, Copy, Debug)]
pub enum Things {}

impl Family for Things {
    const PROTOCOL: u16 = 2;
    const NAME: &'static str = "things";

    fn message_types() -> &'static [MessageType] {
        const fn kind(name: &'static str, kernel: &'static str, number: u16) -> MessageType {
            MessageType {
                family: "things",
                name,
                kernel,
                number,
                sender: Sender::Either,
                layout: Thing::layout,
                getters: call_getters::<Thing>,
            }
        }
        static TYPES: [MessageType; 2] = [kind("newthing", "THING_NEW", NEW), kind("getthing", "THING_GET", GET)];
        &TYPES
    }
}

/// Message type of a thing that is there, or is to be.
pub const NEW: u16 = 16;
/// Message type that asks for things.
pub const GET: u16 = 18;

macro_rules! request {
    ($name:ident, $kind:ty, $command:ident, $verb:literal, |$request:ident, $writer:ident| $write:expr $(, $constant:item)?) => {
        impl Request for $name {
            type Family = Things;
            type Body = Thing;
            type Reply = Thing;
            type Kind = $kind;
            const COMMAND: u16 = $command;
            const REPLY: u16 = NEW;
            const VERB: &'static str = $verb;
            $($constant)?
            fn write(&self, out: &mut Buffer) {
                let $request = self;
                out.message(ThingHeader { index: self.index }, |$writer: ThingWriter| $write);
            }
        }
    };
}

/// Adds a thing with a part.
#[derive(Clone, Debug)]
pub struct Add {
    /// Number of the thing.
    pub index: u32,
    /// Bytes of its name.
    pub bulk: usize,
}
request!(Add, Command, NEW, "add", |request, w| {
    let name = "x".repeat(request.bulk);
    w.name(&name).weight(7).part(|p| p.size(1))
});
impl Create for Add {
    async fn fetch_created<D: Driver<Family = Things>>(&self, io: &mut D) -> Result<Box<Thing>> {
        io.one(&ask(self.index), |_| ()).await?;
        Err(Error::no_reply())
    }
}

/// Asks for a thing.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Number of the thing.
    pub index: u32,
}
request!(Ask, Get, GET, "get", |_request, w| w);

/// Adds a thing, which takes the kernel long.
#[derive(Clone, Debug)]
pub struct AddSlowly {
    /// Number of the thing.
    pub index: u32,
}
request!(AddSlowly, Command, NEW, "add", |_request, w| w, const SLOW: bool = true;);

/// Asks for a thing, sure of a reply.
#[derive(Clone, Debug)]
pub struct Look {
    /// Number of the thing.
    pub index: u32,
}
request!(Look, Get, GET, "look at", |_request, w| w, const ALWAYS_REPLIES: bool = true;);

/// Asks for all things.
#[derive(Clone, Debug)]
pub struct All {
    /// Goes with the request, without a meaning.
    pub index: u32,
}
request!(All, Dump, GET, "list", |_request, w| w);

/// Adds the thing with this number.
pub fn add(index: u32) -> Add {
    Add { index, bulk: 2 }
}

/// Asks for the thing with this number.
pub fn ask(index: u32) -> Ask {
    Ask { index }
}

/// Asks for the thing with this number, sure of a reply.
pub fn look(index: u32) -> Look {
    Look { index }
}

/// Asks for all things.
pub fn all() -> All {
    All { index: 0 }
}

impl Datagram {
    /// Adds a thing with this number.
    #[must_use]
    pub fn thing(self, flags: u16, sequence: u32, index: u32) -> Self {
        self.message(NEW, flags, sequence, &index.to_ne_bytes())
    }

    /// Adds the answer to a request as a kernel gives it that has a thing of every number, and three when asked for all.
    #[must_use]
    pub fn served(self, request: &Asked) -> Self {
        if request.command == GET && request.is_dump() {
            let three = (0..3).fold(self, |out, index| out.thing(nlmsg::MULTI, request.sequence, index));
            return three.done(request.sequence, 0);
        }
        let replied = request.command == GET || request.flags & nlmsg::ECHO != 0;
        let out = if replied { self.message(NEW, 0, request.sequence, &request.payload) } else { self };
        if request.flags & nlmsg::ACK == 0 { out } else { out.acknowledge(request) }
    }
}
