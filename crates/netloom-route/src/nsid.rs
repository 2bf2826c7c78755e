//! Numbers of network namespaces, as another namespace knows them (`RTM_*NSID`, `linux/net_namespace.h`).

use core::fmt;

use netloom_wire::{self as wire, Buffer, Command, Dump, Object, Request, Write, attributes, message};

use crate::{Rtnetlink, setters::setters};

message! {
    /// The number of a network namespace.
    pub Nsid, NsidHeader = "rtgenmsg, padded" NsidAttributes {
        /// Always `AF_UNSPEC`.
        pub family: u8,
        #[doc(hidden)]
        pub _pad: [u8; 3],
    }
}

attributes! {
    /// Attributes of a namespace's number (`NETNSA_*`, `linux/net_namespace.h`).
    pub NsidAttributes, NsidWriter = "rt-nsid/nsid-attrs" {
        /// The number; -1 if the namespace has none.
        1 "NETNSA_NSID" nsid: i32,
        /// A process in the namespace that is meant.
        2 "NETNSA_PID" pid: u32,
        /// A descriptor of the namespace that is meant.
        3 "NETNSA_FD" fd: u32,
        /// The namespace whose numbers are meant, as the socket's own numbers it.
        4 "NETNSA_TARGET_NSID" target_nsid: i32,
        /// The number as the socket's own namespace has it, if another's numbers were asked for.
        5 "NETNSA_CURRENT_NSID" current_nsid: i32,
    }
}

/// A namespace without a number (`NETNSA_NSID_NOT_ASSIGNED`).
pub const NOT_ASSIGNED: i32 = -1;

impl Object for Nsid {
    type Key = i32;
    const NOUN: &'static str = "nsid";
    fn key(&self) -> i32 {
        self.nsid().unwrap_or(NOT_ASSIGNED)
    }
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.nsid(), self.pid(), self.fd()) {
            (Some(nsid), None, None) => write!(f, "{nsid}"),
            (Some(nsid), Some(pid), _) if nsid != NOT_ASSIGNED => write!(f, "{nsid} of pid {pid}"),
            (Some(nsid), _, Some(fd)) if nsid != NOT_ASSIGNED => write!(f, "{nsid} of descriptor {fd}"),
            (_, Some(pid), _) => write!(f, "of pid {pid}"),
            (_, _, Some(fd)) => write!(f, "of descriptor {fd}"),
            (None, None, None) => Ok(()),
        }
    }
}

const RTM_NEWNSID: u16 = 88;
const RTM_GETNSID: u16 = 90;

/// A namespace that a request means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Namespace {
    /// That of a process.
    Pid(u32),
    /// That of an open descriptor, as of a file in `/run/netns`.
    Fd(u32),
    /// That which has this number already.
    Nsid(i32),
}

impl Namespace {
    fn write(self, w: NsidWriter) -> NsidWriter {
        match self {
            Self::Pid(pid) => w.pid(pid),
            Self::Fd(fd) => w.fd(fd),
            Self::Nsid(nsid) => w.nsid(nsid),
        }
    }
}

/// Lists the numbers that a namespace has given to others.
///
/// ```
/// let own = netloom_route::nsid::List::all();
/// let seen_from_3 = netloom_route::nsid::List::all().target_nsid(3);
/// ```
#[derive(Clone, Debug, Default)]
pub struct List {
    target_nsid: Option<i32>,
}

impl List {
    /// All numbers.
    pub fn all() -> Self {
        Self::default()
    }

    setters! {
        /// The numbers that this namespace has given; the socket's own by default.
        target_nsid: i32;
    }
}

impl Request for List {
    type Family = Rtnetlink;
    type Body = Nsid;
    type Reply = Nsid;
    type Kind = Dump;
    const COMMAND: u16 = RTM_GETNSID;
    const REPLY: u16 = RTM_NEWNSID;
    const VERB: &'static str = "list";

    fn write(&self, out: &mut Buffer) {
        out.message(NsidHeader::default(), |w: NsidWriter| w.some(self.target_nsid, NsidWriter::target_nsid));
    }
}

/// Gets the number of a namespace; [`NOT_ASSIGNED`] if it has none.
///
/// ```
/// use netloom_route::nsid::{Get, Namespace};
///
/// let of_init = Get::new(Namespace::Pid(1));
/// ```
#[derive(Clone, Debug)]
pub struct Get {
    namespace: Namespace,
    target_nsid: Option<i32>,
}

impl Get {
    /// Of this namespace.
    pub fn new(namespace: Namespace) -> Self {
        Self { namespace, target_nsid: None }
    }

    setters! {
        /// The number that this namespace has given; the socket's own by default.
        target_nsid: i32;
    }
}

impl Request for Get {
    type Family = Rtnetlink;
    type Body = Nsid;
    type Reply = Nsid;
    type Kind = wire::Get;
    const COMMAND: u16 = RTM_GETNSID;
    const REPLY: u16 = RTM_NEWNSID;
    const VERB: &'static str = "get";
    const ALWAYS_REPLIES: bool = true;

    fn write(&self, out: &mut Buffer) {
        out.message(NsidHeader::default(), |w: NsidWriter| {
            self.namespace.write(w).some(self.target_nsid, NsidWriter::target_nsid)
        });
    }
}

/// Gives a namespace a number; an error if it has one, or another has it.
///
/// ```
/// use netloom_route::nsid::{Namespace, Set};
///
/// let any = Set::new(Namespace::Pid(1234));
/// let seven = Set::new(Namespace::Pid(1234)).nsid(7);
/// ```
#[derive(Clone, Debug)]
pub struct Set {
    namespace: Namespace,
    nsid: i32,
}

impl Set {
    /// To this namespace, named by a process or by a descriptor; the kernel chooses the number.
    pub fn new(namespace: Namespace) -> Self {
        Self { namespace, nsid: NOT_ASSIGNED }
    }

    /// This number, not negative.
    #[must_use]
    pub fn nsid(self, nsid: i32) -> Self {
        Self { nsid, ..self }
    }
}

impl Request for Set {
    type Family = Rtnetlink;
    type Body = Nsid;
    type Reply = Nsid;
    type Kind = Command;
    const COMMAND: u16 = RTM_NEWNSID;
    const REPLY: u16 = RTM_NEWNSID;
    const VERB: &'static str = "set";

    fn write(&self, out: &mut Buffer) {
        out.message(NsidHeader::default(), |w: NsidWriter| self.namespace.write(w).nsid(self.nsid));
    }
}
