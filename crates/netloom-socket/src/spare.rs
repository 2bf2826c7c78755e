//! Memory of sockets that were closed, for those to come.

use std::sync::Mutex;

use netloom_proto::Exchange;

use crate::shared::locked;

/// No more buffers, and no more exchanges, are kept.
const KEPT: usize = 4;
/// No buffer longer than this is kept, in bytes.
const LONGEST: usize = 1 << 20;

static BUFFERS: Mutex<Vec<Box<[u8]>>> = Mutex::new(Vec::new());
static EXCHANGES: Mutex<Vec<Exchange>> = Mutex::new(Vec::new());

/// A buffer of this many bytes, with anything in it.
///
/// A fresh one comes zeroed and not resident from the system, but an allocator that has seen a few of that size zeroes
/// them itself: that took longer than all else about opening a socket.
pub(crate) fn buffer(length: usize) -> Box<[u8]> {
    let found = {
        let mut spare = locked(&BUFFERS);
        let at = spare.iter().position(|buffer| buffer.len() == length);
        at.map(|at| spare.swap_remove(at))
    };
    found.unwrap_or_else(|| vec![0; length].into())
}

/// Keeps a buffer.
pub(crate) fn keep_buffer(buffer: Box<[u8]>) {
    let mut spare = locked(&BUFFERS);
    if spare.len() < KEPT && buffer.len() <= LONGEST {
        spare.push(buffer);
    }
}

/// An exchange without requests.
pub(crate) fn exchange(receive_buffer: usize, port: u32, first_sequence: u32) -> Exchange {
    let spare = locked(&EXCHANGES).pop();
    match spare {
        Some(spare) => spare.restarted(receive_buffer, port, first_sequence),
        None => Exchange::new(receive_buffer, port, first_sequence),
    }
}

/// Keeps the memory of an exchange.
pub(crate) fn keep_exchange(exchange: Exchange) {
    let mut spare = locked(&EXCHANGES);
    if spare.len() < KEPT {
        spare.push(exchange);
    }
}
