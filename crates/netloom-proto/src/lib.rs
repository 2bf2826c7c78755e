//! The netlink exchange as a machine without IO: sequence numbers, acknowledgements, dumps, losses, pipelining.
//!
//! It opens no socket, reads no clock and starts no thread. A driver moves datagrams between an [`Exchange`] and a
//! socket; blocking and async drivers differ only in how they wait. For one socket:
//!
//! 1. [`Exchange::submit`] a request, or [`Exchange::append`] many that share datagrams. Each gets a [`Token`].
//! 2. While [`Exchange::transmit`] gives a datagram, send it. If that fails, tell [`Exchange::handle_unsent`].
//! 3. Receive a datagram. Drop it if its sender is not the kernel (its port is not 0).
//! 4. Hand each of its messages to [`Exchange::handle`], in order, and deliver what that says: a [`Handled::Reply`] to
//!    whoever holds the token, a [`Handled::Notification`] to whoever watches. If the datagram did not fit the buffer,
//!    hand what there is of it to [`Exchange::handle_truncated`] afterwards.
//! 5. Take [`Exchange::poll_done`] until it is empty: requests that have ended, each exactly once.
//! 6. The socket says `ENOBUFS`: tell [`Exchange::handle_overrun`]. It gives out no datagram from here on; receive
//!    until the socket is empty, then tell [`Exchange::handle_drained`] and go on at 2.
//! 7. Nothing came for as long as one cares to wait: tell [`Exchange::handle_silence`]. All that was sent ends.
//! 8. Nobody wants an answer any more: [`Exchange::cancel`], at any time.
//!
//! ```
//! use netloom_proto::{Exchange, Handled};
//! use netloom_wire::{Expect, Messages, nlmsg};
//!
//! let mut exchange = Exchange::new(212_992, 0, 1);
//! let token = exchange.submit_raw(16, 0, Expect::Ack, None, &[0; 16]);
//! let sent = exchange.transmit().map(<[u8]>::to_vec);
//!
//! // What the kernel answers: errno 0 and the header of the request.
//! let mut answer = Vec::new();
//! for number in [36u32, u32::from(nlmsg::ERROR), 1, 0, 0, 0, 0, 0, 0] {
//!     answer.extend_from_slice(&number.to_ne_bytes());
//! }
//! # if cfg!(target_endian = "big") { answer[4..8].copy_from_slice(&[0, 2, 0, 0]); }
//! for message in Messages::new(&answer) {
//!     assert_eq!(exchange.handle(&message), Handled::Consumed);
//! }
//! let (ended, outcome) = exchange.poll_done().expect("it has ended");
//! assert!(ended == token && outcome.is_ok() && exchange.is_idle());
//! ```
//!
//! # What success without an acknowledgement rests on
//!
//! The kernel works through a datagram inside `send`, message by message, and goes on after one that fails
//! (`netlink_rcv_skb`, `net/netlink/af_netlink.c`). It queues each answer before it looks at the next message. An
//! answer to one message therefore proves that all before it were processed, and that their errors lie before it. So
//! only the last command of a datagram asks for an acknowledgement; a command before it has succeeded when a later one
//! is answered first. What asked for an acknowledgement itself waits for it, since such answers may come in any order.
//!
//! After an overrun nothing may be inferred: the kernel drops every answer until the socket has been read empty. What
//! was in flight then ends as [unknown](netloom_wire::Error::is_unknown) unless its own answer was saved; a fence, a
//! message that does nothing but be acknowledged, tells when all that can still come has come.
#![no_std]
#![forbid(unsafe_code)]
// Lengths and numbers come from the other side.
#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::as_conversions)]
#![warn(clippy::std_instead_of_core, clippy::alloc_instead_of_core)]

extern crate alloc;

mod acknowledgement;
mod answer;
mod datagram;
mod exchange;
mod outcome;
mod outgoing;
mod recovery;
mod slots;

pub use exchange::Exchange;
pub use outcome::{Handled, Outcome, Warning};
pub use slots::Token;
