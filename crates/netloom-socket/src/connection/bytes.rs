//! Bytes out and in past the exchange.

use std::{io, time::Instant};

use netloom_wire::{Errno, Error, ErrorKind, Result, nlmsg};

use super::Connection;
use crate::{Received, hooks::Piece, namespace::failed};

/// As many datagrams of the kernel's at most are put before an answer of a handler's.
const AHEAD: usize = 64;
/// What the kernel counts of a receive buffer for a datagram beside its bytes.
const OVERHEAD: usize = 768;

/// What a receive past the exchange brought.
enum Datagram {
    /// One of this length, in bytes.
    Here(usize),
    /// One that is not for us, or a signal.
    Skipped,
    Nothing,
}

impl Connection {
    /// Sends a datagram as the handlers leave it, and puts their answers where the kernel's would lie: behind what was
    /// sent before them. Whether something waits to be received now.
    pub(crate) fn send_pieces(&mut self, pieces: Vec<Piece>) -> Result<bool> {
        let mut answered = false;
        for piece in pieces {
            match piece {
                Piece::Send(bytes) => self.socket.send(&bytes).map_err(|error| failed(&error, "send"))?,
                Piece::Answer(request, answer) => {
                    while self.waiting.len() < AHEAD {
                        let received = self.try_receive_from_socket().map(|received| received.map(<[u8]>::to_vec));
                        let Some(received) = received.transpose() else { break };
                        self.waiting.push_back(received);
                    }
                    let is_dump = request.flags() & nlmsg::DUMP == nlmsg::DUMP;
                    self.keep_waiting(answer.datagram(&request, is_dump, self.socket.port()));
                    answered = true;
                }
            }
        }
        Ok(answered)
    }

    /// Keeps an answer for who receives; as the kernel does, only as much as the receive buffer has room for.
    fn keep_waiting(&mut self, answer: Vec<u8>) {
        let cost = |length: usize| length.saturating_add(OVERHEAD);
        let held = self.waiting.iter().flatten().fold(0, |held: usize, next| held.saturating_add(cost(next.len())));
        if held.saturating_add(cost(answer.len())) <= self.socket.features().receive_buffer.max(cost(answer.len())) {
            self.waiting.push_back(Ok(answer));
        } else if !matches!(self.waiting.back(), Some(Err(_))) {
            self.shared.count_overrun();
            self.waiting.push_back(Err(Error::system(Errno::ENOBUFS, "receive")));
        }
    }

    /// Waits for a datagram and gives it as the handlers leave it; the exchange does not see it.
    pub(crate) fn receive_datagram(&mut self, deadline: Option<Instant>) -> Result<&[u8]> {
        let mut length = match self.waiting.pop_front() {
            Some(waiting) => self.fill(&waiting?),
            None => loop {
                self.limit_time(deadline)?;
                self.prepare();
                let received = self.socket.receive(&mut self.buffer);
                match self.take_datagram(received)? {
                    Datagram::Here(length) => break length,
                    Datagram::Skipped => {}
                    Datagram::Nothing => return Err(Error::timeout()),
                }
            },
        };
        if let Some(chain) = self.shared.hooks().receiving() {
            if let Some(made) = chain.pass_datagram(self.buffer.get(..length).unwrap_or_default())? {
                length = self.fill(&made);
            }
        }
        Ok(self.buffer.get(..length).unwrap_or_default())
    }

    /// Gives a datagram as it is, if one is there; neither the exchange nor a handler sees it.
    #[cfg(any(feature = "tokio", feature = "async-io"))]
    pub(crate) fn try_receive_datagram(&mut self) -> Result<Option<&[u8]>> {
        match self.waiting.pop_front() {
            Some(waiting) => {
                let length = self.fill(&waiting?);
                Ok(self.buffer.get(..length))
            }
            None => self.try_receive_from_socket(),
        }
    }

    fn try_receive_from_socket(&mut self) -> Result<Option<&[u8]>> {
        let length = loop {
            self.prepare();
            let received = self.socket.try_receive(&mut self.buffer);
            match self.take_datagram(received)? {
                Datagram::Here(length) => break length,
                Datagram::Skipped => {}
                Datagram::Nothing => return Ok(None),
            }
        };
        Ok(self.buffer.get(..length))
    }

    /// Puts bytes at the begin of the buffer and says how many they are.
    fn fill(&mut self, bytes: &[u8]) -> usize {
        self.prepare();
        self.put_into_buffer(0, bytes);
        bytes.len()
    }

    fn take_datagram(&self, received: io::Result<Received>) -> Result<Datagram> {
        match received {
            Ok(received) if !self.is_wanted(&received) => Ok(Datagram::Skipped),
            Ok(received) if received.is_truncated() => {
                self.shared.grow(received.sent);
                Err(Error::new(ErrorKind::Truncated, "a datagram was longer than the receive buffer"))
            }
            Ok(received) => Ok(Datagram::Here(received.length)),
            Err(error) => match error.raw_os_error() {
                Some(libc::EINTR) => Ok(Datagram::Skipped),
                Some(libc::EAGAIN) => Ok(Datagram::Nothing),
                _ => Err(failed(&error, "receive")),
            },
        }
    }
}
