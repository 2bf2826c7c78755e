//! What may be registered as a handler: any function of the right type.

use super::{Incoming, Outgoing, ReceiveVerdict, Verdict};

/// A handler for what is sent: a function that sees a message and decides, or leaves it to the next with None.
/// Implemented by all such functions, and not to be implemented by hand.
pub trait SendHandler: Fn(&Outgoing<'_>) -> Option<Verdict> + Send + Sync + 'static {}
impl<H: Fn(&Outgoing<'_>) -> Option<Verdict> + Send + Sync + 'static> SendHandler for H {}

/// A handler for what is received, of the same kind.
pub trait ReceiveHandler: Fn(&Incoming<'_>) -> Option<ReceiveVerdict> + Send + Sync + 'static {}
impl<H: Fn(&Incoming<'_>) -> Option<ReceiveVerdict> + Send + Sync + 'static> ReceiveHandler for H {}

/// Says at once whether a slow handler is to be asked about a message. Implemented by all such functions, and not to be
/// implemented by hand.
pub trait SendTest: Fn(&Outgoing<'_>) -> bool + Send + Sync + 'static {}
impl<T: Fn(&Outgoing<'_>) -> bool + Send + Sync + 'static> SendTest for T {}

/// Such a function, whichever it is.
pub(crate) type Concerns = dyn Fn(&Outgoing<'_>) -> bool + Send + Sync;
/// A handler for what is sent, whichever it is.
pub(crate) type OnSend = dyn Fn(&Outgoing<'_>) -> Option<Verdict> + Send + Sync;
/// A handler for what is received, whichever it is.
pub(crate) type OnReceive = dyn Fn(&Incoming<'_>) -> Option<ReceiveVerdict> + Send + Sync;
