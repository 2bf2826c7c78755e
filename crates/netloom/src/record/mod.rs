//! Recording what sockets exchange with the kernel, and playing it again without one.
//!
//! A [`Recording`] is a capture that Wireshark opens and `netloom decode` reads. A [`Replay`] answers requests as the
//! kernel did when they were recorded: for tests that need an answer which this machine's kernel does not give.
//!
//! ```
//! use std::sync::Arc;
//! use netloom::{IpRoute, SocketOptions, record::{Recording, Replay}};
//!
//! let recording = Arc::new(Recording::new(Vec::new())?);
//! let links = IpRoute::with(&SocketOptions::new().tap(recording.clone()))?.links()?;
//! let capture = Arc::into_inner(recording).expect("the socket is closed").finish()?;
//!
//! let replay = Replay::start(&capture)?;
//! assert_eq!(IpRoute::with(&replay.options())?.links()?.len(), links.len());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod notices;
mod outbox;
mod pcap;
mod recording;
mod replay;
mod script;

pub use recording::Recording;
pub use replay::Replay;
