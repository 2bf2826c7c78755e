//! Verbs about the state of things: make it so, remove all, wait until. Written once, for blocking and async sockets.

mod absent;
mod copy;
mod flush;
mod objects;
mod present;
mod routes;
mod until;

pub use absent::Absent;
pub use copy::Removal;
pub use flush::{Flush, Removable};
pub use present::{Outcome, Present, Presentable};
pub use until::Until;
