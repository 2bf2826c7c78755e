//! Requests as values: what is asked, without any IO.

use alloc::boxed::Box;
use core::{fmt, future::Future};

use crate::{
    Buffer, Driver, Errno, Error, ErrorKind, Layout, List, Message, MessageType, Result, View,
    generic::{self, Generic},
    nlmsg,
};

/// A netlink protocol, or a family of generic netlink: keeps requests and sockets of different families apart.
pub trait Family: Send + Sync + 'static {
    /// `NETLINK_*` (`linux/netlink.h`), the third argument of `socket(2)`.
    const PROTOCOL: u16;
    /// Name: `rtnetlink`, or what the controller of generic netlink calls it.
    const NAME: &'static str;
    /// Of a family of generic netlink: what is known of it without asking. [`commands!`](crate::commands) fills it in.
    const GENERIC: Option<Generic> = None;

    /// Its message types, with generic netlink its commands, with what lies behind their header. What a proxy makes of a
    /// message is checked by it; without a row it is not.
    fn message_types() -> &'static [MessageType] {
        &[]
    }
}

/// A message that stands for a thing of the kernel: a link, a route.
pub trait Object: Message {
    /// The fields that make it this thing and no other.
    type Key: Ord + Clone + fmt::Debug + Send + Sync + 'static;
    /// What such a thing is called: `route`.
    const NOUN: &'static str;
    /// Reads the key.
    fn key(&self) -> Self::Key;
    /// Names it, without the noun: `10.0.0.0/8 table 100`.
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

/// A question or an order to the kernel, as a value: encodes itself, does no IO, names the type of its answer.
pub trait Request: Send + Sync {
    /// Where it may be sent.
    type Family: Family;
    /// What is sent.
    type Body: Object + ?Sized;
    /// What comes back.
    type Reply: Object + ?Sized;
    /// [`Command`], [`Get`], [`Dump`] or [`Echo`]: decides what running it returns.
    type Kind: RequestKind;
    /// Message type that is sent; with generic netlink the command.
    const COMMAND: u16;
    /// Message type of the replies that carry data.
    const REPLY: u16;
    /// What it does, for errors: `add`.
    const VERB: &'static str;
    /// The kernel sleeps inside `send` for long (it waits for RCU, or for a driver): an async socket offloads it.
    const SLOW: bool = false;
    /// Of a [`Get`]: the kernel answers with exactly one reply or with an error, always. It is not asked for an
    /// acknowledgement then, which is half of what it sends.
    const ALWAYS_REPLIES: bool = false;

    /// Flags beyond those that the kind asks for, as [`nlmsg::CREATE`].
    fn flags(&self) -> u16 {
        0
    }

    /// Writes the body: header and attributes.
    fn write(&self, out: &mut Buffer);

    /// Whether a reply is one that was asked for: kernels ignore filters that they do not know.
    fn accepts(&self, reply: &Self::Reply) -> bool {
        let _ = reply;
        true
    }

    /// Whether a dump that ends with `errno` found nothing, rather than failed.
    fn is_empty(errno: Errno) -> bool {
        let _ = errno;
        false
    }

    /// Asks for what should have been the reply, on a kernel that acknowledged without one.
    fn fetch<D: Driver<Family = Self::Family>>(
        &self,
        io: &mut D,
    ) -> impl Future<Output = Result<Box<Self::Reply>>> + Send {
        let _ = io;
        async { Err(Error::no_reply()) }
    }
}

/// What an exchange must know of a request beyond its bytes: how to name it and its attributes in an error.
#[derive(Debug)]
pub struct About {
    /// `add`.
    pub verb: &'static str,
    /// `route`.
    pub noun: &'static str,
    /// Layout of the body.
    pub layout: fn() -> &'static Layout,
    /// Bytes between the `nlmsghdr` and the body: the `genlmsghdr` of generic netlink.
    pub before: usize,
    /// Names the object of the body.
    pub describe: fn(&[u8], &mut fmt::Formatter<'_>) -> fmt::Result,
}

impl About {
    /// What is to be known of the requests of type `R`.
    pub const fn of<R: Request>() -> &'static Self {
        const {
            let before = if R::Family::GENERIC.is_some() { generic::HEADER } else { 0 };
            &Self { verb: R::VERB, noun: R::Body::NOUN, layout: R::Body::layout, before, describe: describe::<R::Body> }
        }
    }

    /// Says what `body` asks for: `add route 10.0.0.0/8`.
    pub fn asked<'a>(&'static self, body: &'a [u8]) -> impl fmt::Display + use<'a> {
        Asked { about: self, body }
    }
}

fn describe<T: Object + ?Sized>(body: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    T::view(body).map_or(Ok(()), |object| object.describe(f))
}

struct Asked<'a> {
    about: &'static About,
    body: &'a [u8],
}

impl fmt::Display for Asked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct Described<'a>(&'a Asked<'a>);
        impl fmt::Display for Described<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                (self.0.about.describe)(self.0.body, f)
            }
        }
        write!(f, "{} {}", self.about.verb, self.about.noun)?;
        let described = alloc::format!("{}", Described(self));
        if described.is_empty() { Ok(()) } else { write!(f, " {described}") }
    }
}

/// How an exchange ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Expect {
    /// With an acknowledgement; what else has its sequence number is a notification that it set off.
    Ack,
    /// With an acknowledgement after one or more replies.
    Reply,
    /// With the one reply, or an error; no acknowledgement is asked for.
    Answer,
    /// With the end of a dump.
    Dump,
}

/// What running a request returns. Sealed: [`Command`], [`Get`], [`Dump`], [`Echo`].
pub trait RequestKind: sealed::Sealed + Send + Sync + 'static {
    /// How its exchange ends.
    const EXPECT: Expect;
    /// Flags that go with it.
    const FLAGS: u16 = 0;
    /// What running it returns.
    type Output<T: Object + ?Sized>: Send;
    /// Runs a request of this kind.
    fn run<R: Request<Kind = Self>, D: Driver<Family = R::Family>>(
        request: &R,
        io: &mut D,
    ) -> impl Future<Output = Result<Self::Output<R::Reply>>> + Send;
}

/// An order: returns nothing.
#[derive(Clone, Copy, Debug)]
pub enum Command {}
/// A question for one object: returns it.
#[derive(Clone, Copy, Debug)]
pub enum Get {}
/// A question for all objects: returns a [`List`].
#[derive(Clone, Copy, Debug)]
pub enum Dump {}
/// An order that returns the object it made; see [`Created`].
#[derive(Clone, Copy, Debug)]
pub enum Echo {}

mod sealed {
    #[expect(unnameable_types, reason = "that is what seals it")]
    pub trait Sealed {}
    impl Sealed for super::Command {}
    impl Sealed for super::Get {}
    impl Sealed for super::Dump {}
    impl Sealed for super::Echo {}
}

impl RequestKind for Command {
    const EXPECT: Expect = Expect::Ack;
    type Output<T: Object + ?Sized> = ();
    async fn run<R: Request<Kind = Self>, D: Driver<Family = R::Family>>(request: &R, io: &mut D) -> Result<()> {
        io.one(request, |_| ()).await
    }
}

/// The first reply to a request, if there was one.
async fn first<R: Request, D: Driver<Family = R::Family>>(request: &R, io: &mut D) -> Result<Option<Box<R::Reply>>> {
    let mut found = None;
    io.one(request, |reply| {
        if found.is_none() {
            found = R::Reply::boxed(reply.bytes());
        }
    })
    .await?;
    Ok(found)
}

impl RequestKind for Get {
    const EXPECT: Expect = Expect::Reply;
    type Output<T: Object + ?Sized> = Box<T>;
    async fn run<R: Request<Kind = Self>, D: Driver<Family = R::Family>>(
        request: &R,
        io: &mut D,
    ) -> Result<Box<R::Reply>> {
        let found = match first(request, io).await {
            // The buffer has grown since.
            Err(error) if error.kind() == ErrorKind::Truncated => first(request, io).await,
            found => found,
        };
        found?.ok_or_else(Error::no_reply)
    }
}

impl RequestKind for Echo {
    const EXPECT: Expect = Expect::Reply;
    const FLAGS: u16 = nlmsg::ECHO;
    type Output<T: Object + ?Sized> = Box<T>;
    async fn run<R: Request<Kind = Self>, D: Driver<Family = R::Family>>(
        request: &R,
        io: &mut D,
    ) -> Result<Box<R::Reply>> {
        match first(request, io).await {
            Ok(Some(made)) => Ok(made),
            Ok(None) => request.fetch(io).await,
            // It was made; only its echo did not fit the receive buffer.
            Err(error) if error.kind() == ErrorKind::Truncated => request.fetch(io).await,
            Err(error) => Err(error),
        }
    }
}

impl RequestKind for Dump {
    const EXPECT: Expect = Expect::Dump;
    const FLAGS: u16 = nlmsg::DUMP;
    type Output<T: Object + ?Sized> = List<T>;
    async fn run<R: Request<Kind = Self>, D: Driver<Family = R::Family>>(
        request: &R,
        io: &mut D,
    ) -> Result<List<R::Reply>> {
        List::collect(request, io).await
    }
}

/// An order to make something, which can be asked for what it made.
pub trait Create: Request<Kind = Command> {
    /// Asks for what was made, on a kernel that does not echo it.
    fn fetch_created<D: Driver<Family = Self::Family>>(
        &self,
        io: &mut D,
    ) -> impl Future<Output = Result<Box<Self::Reply>>> + Send;

    /// The same order, returning what it made: a name out of `veth%d`, an index.
    fn created(self) -> Created<Self>
    where
        Self: Sized,
    {
        Created(self)
    }
}

/// An order that returns what it made: with `NLM_F_ECHO` the kernel sends it back; where it does not, it is fetched.
#[derive(Clone, Debug)]
pub struct Created<R>(pub R);

impl<R: Create> Request for Created<R> {
    type Family = R::Family;
    type Body = R::Body;
    type Reply = R::Reply;
    type Kind = Echo;
    const COMMAND: u16 = R::COMMAND;
    const REPLY: u16 = R::REPLY;
    const VERB: &'static str = R::VERB;
    const SLOW: bool = R::SLOW;

    fn flags(&self) -> u16 {
        self.0.flags()
    }
    fn write(&self, out: &mut Buffer) {
        self.0.write(out);
    }
    async fn fetch<D: Driver<Family = Self::Family>>(&self, io: &mut D) -> Result<Box<Self::Reply>> {
        self.0.fetch_created(io).await
    }
}
