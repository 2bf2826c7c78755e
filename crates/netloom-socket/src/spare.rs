//! Receive buffers of sockets that were closed, for those to come.

use std::sync::Mutex;

use crate::shared::locked;

/// No more buffers are kept.
const KEPT: usize = 4;
/// None longer than this is kept, in bytes.
const LONGEST: usize = 1 << 20;

static SPARE: Mutex<Vec<Box<[u8]>>> = Mutex::new(Vec::new());

/// A buffer of this many bytes, with anything in it.
///
/// A fresh one comes zeroed and not resident from the system, but an allocator that has seen a few of that size zeroes
/// them itself: that took longer than all else about opening a socket.
pub(crate) fn take(length: usize) -> Box<[u8]> {
    let found = {
        let mut spare = locked(&SPARE);
        let at = spare.iter().position(|buffer| buffer.len() == length);
        at.map(|at| spare.swap_remove(at))
    };
    found.unwrap_or_else(|| vec![0; length].into())
}

/// Keeps a buffer.
pub(crate) fn give(buffer: Box<[u8]>) {
    let mut spare = locked(&SPARE);
    if spare.len() < KEPT && buffer.len() <= LONGEST {
        spare.push(buffer);
    }
}
