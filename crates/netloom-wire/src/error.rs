//! The one error: what was asked, what the kernel said, at which attribute.

use alloc::{
    borrow::{Cow, ToOwned},
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};
use core::{error, fmt};

use crate::{Errno, ExtendedAck, TooLong};

/// A result with netloom's [`Error`].
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// Why something failed. One pointer wide; ask it with its methods.
///
/// Its text says what was asked, what the kernel answered and at which attribute:
///
/// ```text
/// add route 10.0.0.0/8: Numerical result out of range (ERANGE): Attribute failed policy validation, at RTA_PRIORITY
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    errno: Option<Errno>,
    asked: Option<String>,
    detail: Cow<'static, str>,
    ack: ExtendedAck,
}

/// What sort of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The kernel refused the request; there is an [`Error::errno`].
    Kernel,
    /// A system call failed; there is an [`Error::errno`].
    System,
    /// No answer came within the time that was allowed.
    Timeout,
    /// A dump was interrupted by changes each time that it was tried.
    Interrupted,
    /// The answer was lost, in an overrun or with a connection: whether the request took effect is not known.
    Unknown,
    /// The kernel acknowledged a question without answering it.
    NoReply,
    /// A datagram did not fit the buffer: something was lost.
    Truncated,
    /// A request does not fit its wire format.
    Encode,
    /// A message of the kernel does not fit its format.
    Decode,
    /// What was given makes no sense; nothing was sent.
    InvalidInput,
    /// The kernel or the system lacks what is needed.
    Unsupported,
    /// A watch or a socket was stopped from elsewhere.
    Stopped,
    /// A proxy refused the message.
    Proxy,
    /// A program beside the kernel, a database or a daemon, failed or refused what it was asked for.
    Service,
    /// The library was used against its contract.
    Misuse,
}

impl Error {
    /// An error of the library's own.
    #[cold]
    pub fn new(kind: ErrorKind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner { kind, errno: None, asked: None, detail: detail.into(), ack: ExtendedAck::default() }))
    }

    /// The kernel refused, with what it said.
    #[cold]
    pub fn kernel(errno: Errno, ack: ExtendedAck) -> Self {
        Self(Box::new(Inner { kind: ErrorKind::Kernel, errno: Some(errno), asked: None, detail: "".into(), ack }))
    }

    /// The system call `what` failed.
    #[cold]
    pub fn system(errno: Errno, what: impl Into<Cow<'static, str>>) -> Self {
        let ack = ExtendedAck::default();
        Self(Box::new(Inner { kind: ErrorKind::System, errno: Some(errno), asked: None, detail: what.into(), ack }))
    }

    /// A question was acknowledged without an answer.
    #[cold]
    pub fn no_reply() -> Self {
        Self::new(ErrorKind::NoReply, "acknowledged without a reply")
    }

    /// Nothing came in time.
    #[cold]
    pub fn timeout() -> Self {
        Self::new(ErrorKind::Timeout, "no answer in time")
    }

    /// Processed, but its answer was dropped.
    #[cold]
    pub fn unknown() -> Self {
        Self::new(ErrorKind::Unknown, "the answer was lost in an overrun, the effect is not known")
    }

    /// Says what was asked; the first to say it wins.
    #[must_use]
    pub fn about(mut self, asked: impl fmt::Display) -> Self {
        if self.0.asked.is_none() {
            self.0.asked = Some(asked.to_string());
        }
        self
    }

    /// Says why, where the library knows more than the kernel told; the first to say it wins.
    #[must_use]
    pub fn because(mut self, reason: impl Into<Cow<'static, str>>) -> Self {
        if self.0.detail.is_empty() {
            self.0.detail = reason.into();
        }
        self
    }

    /// Gives it a number, by which [`is_not_found`](Self::is_not_found) and the like go; the first wins.
    #[must_use]
    pub fn numbered(mut self, errno: Errno) -> Self {
        self.0.errno.get_or_insert(errno);
        self
    }

    /// The same as an error of a proxy's that has this name: of the kind [`ErrorKind::Proxy`], about nothing that was
    /// asked yet.
    #[cold]
    #[must_use]
    pub fn by_proxy(mut self, name: &str) -> Self {
        let Inner { kind, asked, detail, .. } = &mut *self.0;
        *kind = ErrorKind::Proxy;
        let name = Some(alloc::format!("proxy `{name}`"));
        let said = [name, asked.take(), Some(detail.to_string()).filter(|detail| !detail.is_empty())];
        *detail = said.into_iter().flatten().collect::<Vec<_>>().join(": ").into();
        self
    }

    /// What sort of failure it was.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The error number of the kernel or of the system call.
    pub fn errno(&self) -> Option<Errno> {
        self.0.errno
    }

    /// What was asked, as `add route 10.0.0.0/8`.
    pub fn asked(&self) -> Option<&str> {
        self.0.asked.as_deref()
    }

    /// The kernel's own words, where it said more than a number.
    pub fn extended_ack(&self) -> Option<&ExtendedAck> {
        Some(&self.0.ack).filter(|ack| !ack.is_empty())
    }

    /// What was named does not exist: `ENOENT`, `ESRCH`, `ENODEV`, `EADDRNOTAVAIL` or `ENXIO`.
    pub fn is_not_found(&self) -> bool {
        const ABSENT: [Errno; 5] = [Errno::ENOENT, Errno::ESRCH, Errno::ENODEV, Errno::EADDRNOTAVAIL, Errno::ENXIO];
        self.0.errno.is_some_and(|errno| ABSENT.contains(&errno))
    }

    /// It exists already: `EEXIST`.
    pub fn is_exists(&self) -> bool {
        self.0.errno == Some(Errno::EEXIST)
    }

    /// The caller lacks a right: `EPERM` or `EACCES`.
    pub fn is_permission(&self) -> bool {
        matches!(self.0.errno, Some(Errno::EPERM | Errno::EACCES))
    }

    /// The kernel does not know such a thing: `EOPNOTSUPP`, `ENOTSUPP`, `EAFNOSUPPORT`, or [`ErrorKind::Unsupported`].
    pub fn is_unsupported(&self) -> bool {
        matches!(self.0.errno, Some(Errno::EOPNOTSUPP | Errno::ENOTSUPP | Errno::EAFNOSUPPORT))
            || self.0.kind == ErrorKind::Unsupported
    }

    /// A dump was interrupted by changes.
    pub fn is_interrupted(&self) -> bool {
        self.0.kind == ErrorKind::Interrupted
    }

    /// No answer came in time.
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout
    }

    /// An answer was lost for want of room, in a buffer or in the socket: a question may be asked again.
    pub fn is_lost_answer(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Truncated | ErrorKind::Unknown)
    }

    /// Whether the request took effect is not known.
    pub fn is_unknown(&self) -> bool {
        self.0.kind == ErrorKind::Unknown
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { errno, asked, detail, ack, .. } = &*self.0;
        let mut separator = "";
        if let Some(asked) = asked {
            f.write_str(asked)?;
            separator = ": ";
        }
        if !detail.is_empty() {
            write!(f, "{separator}{detail}")?;
            separator = ": ";
        }
        if let Some(errno) = errno {
            write!(f, "{separator}{errno}")?;
            separator = ": ";
        }
        if !ack.is_empty() {
            let said = ack.to_string();
            if !said.is_empty() {
                // A path without a message goes on the sentence before it.
                let separator = if ack.message.is_some() { separator } else { ", " };
                write!(f, "{separator}{said}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, errno, asked, detail, ack } = &*self.0;
        let mut shown = f.debug_struct("Error");
        shown.field("kind", kind);
        if let Some(errno) = errno {
            shown.field("errno", errno);
        }
        if let Some(asked) = asked {
            shown.field("asked", asked);
        }
        if !detail.is_empty() {
            shown.field("detail", detail);
        }
        if !ack.is_empty() {
            shown.field("extended_ack", ack);
        }
        shown.finish()
    }
}

impl error::Error for Error {}

impl From<TooLong> for Error {
    fn from(problem: TooLong) -> Self {
        Self::new(ErrorKind::Encode, problem.to_string())
    }
}

impl From<crate::DecodeError> for Error {
    fn from(problem: crate::DecodeError) -> Self {
        Self::new(ErrorKind::Decode, problem.to_string().to_owned())
    }
}
