//! Datagrams for sockets that may have no room for them.

use std::{
    collections::{BTreeMap, VecDeque},
    io,
};

use netloom_socket::RawSocket;

/// What waits for room, by the port that it is for: nobody has to wait for another who does not read.
#[derive(Debug, Default)]
pub(super) struct Outbox(BTreeMap<u32, VecDeque<Vec<u8>>>);

impl Outbox {
    pub(super) fn put(&mut self, port: u32, datagram: Vec<u8>) {
        self.0.entry(port).or_default().push_back(datagram);
    }

    /// Sends what there is room for, and says who is gone.
    pub(super) fn send(&mut self, socket: &RawSocket) -> Vec<u32> {
        let mut gone = Vec::new();
        self.0.retain(|port, waiting| {
            while let Some(datagram) = waiting.front() {
                match socket.try_send_to(datagram, *port) {
                    Ok(()) => _ = waiting.pop_front(),
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => return true,
                    Err(_) => {
                        gone.push(*port);
                        return false;
                    }
                }
            }
            false
        });
        gone
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
