//! Following the state of the kernel: every object that there is, and every change.
//!
//! The state is not the sum of the kernel's messages. IPv4 routes go without a word when their device goes down or when
//! their next hop object is deleted; addresses change their label with the name of their link; a message may be lost,
//! or tell only a part. A [`Watch`] knows these cases, reads again what they touch, and tells the difference as if the
//! kernel had: such changes are marked [`synthetic`](Change::synthetic).
//!
//! ```no_run
//! use netloom_route::{Rtnetlink, watch::{Event, Objects, Watch}};
//! use netloom_wire::{Driver, Result};
//!
//! async fn follow(io: impl Driver<Family = Rtnetlink>) -> Result<()> {
//!     let mut watch = Watch::start(io, Objects::LINKS | Objects::ROUTES).await?;
//!     loop {
//!         match watch.next().await? {
//!             Event::Change(change) => println!("{change}"),
//!             Event::ReadEnd(_) => println!("{} links, {} routes", watch.links().len(), watch.routes().len()),
//!             _ => {}
//!         }
//!     }
//! }
//! ```

mod beside;
mod engine;
mod implied;
mod joined;
mod object;
mod reading;
mod table;

pub use engine::Watch;
pub use object::{AnyObject, Objects, Volatility, Watched};
pub use table::Table;

use alloc::vec::Vec;
use core::fmt;

/// What a [`Watch`] tells.
///
/// ```
/// use netloom_route::watch::{Cause, Event};
///
/// fn is_up_to_date(event: &Event) -> bool {
///     !matches!(event, Event::ReadBegin(Cause::Start | Cause::Lost))
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// Everything is going to be read, for this reason; what is told until [`Event::ReadEnd`] brings the state up to date.
    ReadBegin(Cause),
    /// Everything has been read: the state is that of the kernel. While changes never paused long enough to read a table
    /// in one go, it is what there was of it, and is read again at once.
    ReadEnd(Cause),
    /// An object came, changed or went.
    Change(Change),
    /// What the kernel said, as it said it: only of a watch that [tells messages](Watch::with_messages). What it changes
    /// follows.
    Message(Message),
}

/// A message of the kernel's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Message type.
    pub command: u16,
    /// `NLM_F_*` bits: whether it replaces, or is appended to, what was there.
    pub flags: u16,
    /// Header and attributes.
    pub payload: Vec<u8>,
    /// Namespace that it is about, as the watch's own namespace numbers it; None for the watch's own.
    pub nsid: Option<i32>,
}

/// Why everything is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The watch begins.
    Start,
    /// Messages were lost, because the receive buffer was full or a datagram was cut.
    Lost,
}

/// An object came, changed or went.
///
/// ```
/// use netloom_route::watch::{AnyObject, Change, Event};
///
/// /// The name of a link that went, whether or not the kernel said so.
/// fn lost_link(event: &Event) -> Option<&str> {
///     match event {
///         Event::Change(Change { before: Some(AnyObject::Link(link)), now: None, .. }) => Some(link.name()),
///         _ => None,
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// The object as it was; None if it is new.
    pub before: Option<AnyObject>,
    /// The object as it is; None if it is gone.
    pub now: Option<AnyObject>,
    /// No message of the kernel said so: it was found by reading.
    pub synthetic: bool,
}

impl Change {
    /// The object, as it is or was.
    pub fn object(&self) -> Option<&AnyObject> {
        self.now.as_ref().or(self.before.as_ref())
    }

    /// Whether the object is gone.
    pub fn is_removal(&self) -> bool {
        self.now.is_none()
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match (&self.before, &self.now) {
            (None, _) => "added",
            (Some(_), Some(_)) => "changed",
            (Some(_), None) => "removed",
        };
        match self.object() {
            Some(object) => write!(f, "{object} {what}"),
            None => f.write_str(what),
        }
    }
}
