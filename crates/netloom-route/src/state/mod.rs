//! Verbs about the state of things: make it so, remove all, wait until, look up. Written once, for blocking and async sockets.

mod absent;
mod copy;
mod flush;
mod matching;
mod objects;
mod present;
mod routes;
mod until;

pub use absent::Absent;
pub use copy::Removal;
pub use flush::{Flush, Removable};
pub use matching::Matching;
pub use present::{Outcome, Present, Presentable};
pub use until::Until;
