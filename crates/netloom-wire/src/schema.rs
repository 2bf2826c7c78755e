//! The static description of what the tables declare.

use core::fmt;

use crate::{Header, nlmsg};

/// A set of attributes.
#[derive(Debug)]
pub struct Set {
    /// Name in the kernel's specs: `rt-link/link-attrs`.
    pub name: &'static str,
    /// Rows, in the order of the table.
    pub attributes: &'static [Attribute],
}

/// One attribute.
#[derive(Debug)]
pub struct Attribute {
    /// Number, without flag bits.
    pub number: u16,
    /// Name in Rust.
    pub name: &'static str,
    /// The kernel's constant: `IFLA_MTU`.
    pub kernel: &'static str,
    /// May be repeated.
    pub many: bool,
    /// What the payload is.
    pub kind: Kind,
}

/// Layout of a nest. A function, because sets refer to each other in circles and constants must not.
pub type Shape = fn() -> &'static Layout;

/// What a payload is.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Kind {
    /// An unsigned byte.
    U8,
    /// 16 bits in the machine's byte order.
    U16,
    /// 32 bits in the machine's byte order.
    U32,
    /// 64 bits in the machine's byte order.
    U64,
    /// A signed byte.
    I8,
    /// 16 signed bits.
    I16,
    /// 32 signed bits.
    I32,
    /// 64 signed bits.
    I64,
    /// 16 bits in network byte order.
    Be16,
    /// 32 bits in network byte order.
    Be32,
    /// 64 bits in network byte order.
    Be64,
    /// Unsigned, 4 or 8 bytes.
    Uint,
    /// Signed, 4 or 8 bytes.
    Int,
    /// Text up to the first NUL.
    String,
    /// Anything.
    Bytes,
    /// True by being there.
    Flag,
    /// An IPv4 or IPv6 address, by its length.
    Ip,
    /// An IPv4 address.
    Ip4,
    /// An IPv6 address.
    Ip6,
    /// A hardware address of up to 32 bytes.
    HardwareAddress,
    /// `struct nla_bitfield32`: value and selector.
    Bitfield32,
    /// `struct rtvia`: an address behind its family.
    Via,
    /// A fixed struct.
    Struct(&'static Struct),
    /// Named numbers.
    Enum(&'static Enum),
    /// Named bits.
    Flags(&'static Enum),
    /// Values of a fixed width, one after the other.
    Array(&'static Self),
    /// Attributes, perhaps behind a header.
    Nest(Shape),
    /// Attributes whose numbers only count.
    List(&'static Self),
    /// Messages that begin with their own 16-bit length.
    Records(Shape),
    /// One of `cases`.
    Select {
        /// The sibling, or the field of the header, that chooses.
        by: &'static str,
        /// What may be chosen.
        cases: &'static [Case],
    },
}

impl Kind {
    /// Short name, as in `netloom schema --json`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::U64 => "u64",
            Self::I8 => "i8",
            Self::I16 => "i16",
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::Be16 => "be16",
            Self::Be32 => "be32",
            Self::Be64 => "be64",
            Self::Uint => "uint",
            Self::Int => "int",
            Self::String => "string",
            Self::Bytes => "bytes",
            Self::Flag => "flag",
            Self::Ip => "ip",
            Self::Ip4 => "ip4",
            Self::Ip6 => "ip6",
            Self::HardwareAddress => "mac",
            Self::Bitfield32 => "bitfield32",
            Self::Via | Self::Struct(_) => "struct",
            Self::Enum(named) | Self::Flags(named) => named.width.name(),
            Self::Array(_) | Self::List(_) | Self::Records(_) => "array",
            Self::Nest(_) => "nest",
            Self::Select { .. } => "select",
        }
    }

    /// Bytes that a value takes, where that is fixed.
    pub fn width(&self) -> Option<usize> {
        Some(match self {
            Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 | Self::Be16 => 2,
            Self::U32 | Self::I32 | Self::Be32 | Self::Ip4 => 4,
            Self::U64 | Self::I64 | Self::Be64 | Self::Bitfield32 => 8,
            Self::Ip6 => 16,
            Self::Flag => 0,
            Self::Struct(layout) => layout.size,
            Self::Enum(named) | Self::Flags(named) => return named.width.width(),
            _ => return None,
        })
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name()) // sets refer to each other in circles: do not follow
    }
}

/// Header (if any) and the attributes after it.
#[derive(Debug)]
pub struct Layout {
    /// Fixed part, as `ifinfomsg` in a link.
    pub header: Option<&'static Struct>,
    /// Attributes.
    pub set: fn() -> &'static Set,
}

impl Layout {
    /// Bytes of the fixed part.
    pub fn header_size(&self) -> usize {
        self.header.map_or(0, |header| header.size)
    }
}

/// A fixed struct.
#[derive(Debug)]
pub struct Struct {
    /// Name in the kernel's headers.
    pub name: &'static str,
    /// Bytes.
    pub size: usize,
    /// Members, in order.
    pub members: &'static [Member],
}

/// A member of a [`Struct`].
#[derive(Debug)]
pub struct Member {
    /// Name in Rust; begins with `_` if it is only padding.
    pub name: &'static str,
    /// Bytes from the begin of the struct.
    pub offset: usize,
    /// Bytes.
    pub size: usize,
    /// What it is.
    pub kind: Kind,
}

/// Names of numbers, or of bits.
#[derive(Debug)]
pub struct Enum {
    /// Name in the kernel's specs.
    pub name: &'static str,
    /// Kind of number.
    pub width: Kind,
    /// The names.
    pub entries: &'static [Entry],
}

/// A name of a number, or of bits.
#[derive(Debug)]
pub struct Entry {
    /// The number, or the bits.
    pub value: u64,
    /// Name in Rust.
    pub name: &'static str,
    /// The kernel's constant, where it has one.
    pub kernel: Option<&'static str>,
}

impl Enum {
    /// Entry of a number.
    pub fn get(&self, value: u64) -> Option<&'static Entry> {
        self.entries.iter().find(|entry| entry.value == value)
    }
}

/// One possibility of a [`Kind::Select`].
#[derive(Debug)]
pub struct Case {
    /// What chooses it.
    pub key: Key,
    /// What the payload is then.
    pub kind: Kind,
}

/// What chooses a [`Case`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A text.
    Str(&'static str),
    /// A number.
    Number(u64),
}

impl Set {
    /// Row of a number.
    pub fn get(&self, number: u16) -> Option<&'static Attribute> {
        self.attributes.iter().find(|row| row.number == number)
    }

    /// Row of a name.
    pub fn named(&self, name: &str) -> Option<&'static Attribute> {
        self.attributes.iter().find(|row| row.name == name)
    }
}

/// Who sends a message of a type. Generic netlink numbers the commands of users and of the kernel apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// A user.
    User,
    /// The kernel: a reply, or a notification.
    Kernel,
    /// The kernel, to those who listen, where notifications are numbered apart from replies.
    Group,
    /// Both.
    Either,
}

/// A message type of a family: what lies behind the header of a datagram's message.
#[derive(Debug)]
pub struct MessageType {
    /// Family that it belongs to: `rt-link`.
    pub family: &'static str,
    /// Name in the kernel's specs: `getlink`.
    pub name: &'static str,
    /// The kernel's constant: `RTM_GETLINK`.
    pub kernel: &'static str,
    /// Number.
    pub number: u16,
    /// Who sends it.
    pub sender: Sender,
    /// What a message of this type looks like.
    pub layout: fn() -> &'static Layout,
}

/// Where a message comes from: families may number what comes from each apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A user.
    User,
    /// The kernel, to who asked.
    Reply,
    /// The kernel, to who listens.
    Notification,
}

impl Origin {
    /// Of the message with this header. Only what nobody asked for has no port.
    pub fn of(header: &Header) -> Self {
        match (header.flags() & nlmsg::REQUEST, header.port()) {
            (0, 0) => Self::Notification,
            (0, _) => Self::Reply,
            _ => Self::User,
        }
    }

    /// What messages with this number are that come from here, by the tables of families; the most exact first.
    pub fn kinds(
        self,
        types: impl Iterator<Item = &'static MessageType> + Clone,
        number: u16,
    ) -> impl Iterator<Item = &'static MessageType> {
        let senders: &[Sender] = match self {
            Self::User => &[Sender::User, Sender::Either],
            Self::Reply => &[Sender::Kernel, Sender::Either],
            Self::Notification => &[Sender::Group, Sender::Kernel, Sender::Either],
        };
        senders
            .iter()
            .flat_map(move |sender| types.clone().filter(move |kind| kind.number == number && kind.sender == *sender))
    }
}
