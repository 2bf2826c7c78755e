//! A kernel by script: the messages that it would send, to an exchange that has no socket.

#![expect(dead_code, reason = "each test file uses a part of it")]

use netloom_proto::{Exchange, Handled, Outcome, Token};
use netloom_testkit::{Asked, Datagram};
use netloom_wire::{ErrorKind, Messages, Result};

/// Port of the socket under test.
pub(crate) const PORT: u32 = 7;

pub(crate) fn exchange() -> Exchange {
    Exchange::new(212_992, PORT, 1)
}

/// A message of the kernel to this socket.
pub(crate) fn message(command: u16, flags: u16, sequence: u32, payload: &[u8]) -> Vec<u8> {
    message_to(PORT, command, flags, sequence, payload)
}

/// A message with any port in its header.
pub(crate) fn message_to(port: u32, command: u16, flags: u16, sequence: u32, payload: &[u8]) -> Vec<u8> {
    Datagram::to(port).message(command, flags, sequence, payload).into_bytes()
}

/// A reply with a thing.
pub(crate) fn thing(flags: u16, sequence: u32, index: u32) -> Vec<u8> {
    Datagram::to(PORT).thing(flags, sequence, index).into_bytes()
}

/// A capped acknowledgement, or with an errno an error.
pub(crate) fn ack(sequence: u32, errno: i32) -> Vec<u8> {
    let request = Asked { command: 0, flags: 0, sequence, port: PORT, payload: Vec::new() };
    Datagram::to(PORT).answer(&request, errno, true, &[]).into_bytes()
}

/// The end of a dump.
pub(crate) fn done(sequence: u32, errno: i32) -> Vec<u8> {
    Datagram::to(PORT).done(sequence, errno).into_bytes()
}

/// An extended acknowledgement of `request`, a whole message, capped or not.
pub(crate) fn extended(request: &[u8], errno: i32, capped: bool, said: &[u8]) -> Vec<u8> {
    let asked = &Asked::all(request, PORT)[0];
    Datagram::to(PORT).answer(asked, errno, capped, said).into_bytes()
}

/// All datagrams that are due.
pub(crate) fn send_all(x: &mut Exchange) -> Vec<Vec<u8>> {
    std::iter::from_fn(|| x.transmit().map(<[u8]>::to_vec)).collect()
}

/// Hands a datagram to the exchange; gives what is to be delivered.
pub(crate) fn feed(x: &mut Exchange, datagram: &[u8]) -> Vec<Handled> {
    Messages::new(datagram).map(|message| x.handle(&message)).filter(|handled| *handled != Handled::Consumed).collect()
}

/// All requests that have ended, each with its outcome in short.
pub(crate) fn ended(x: &mut Exchange) -> Vec<(Token, Short)> {
    std::iter::from_fn(|| x.poll_done()).map(|(token, outcome)| (token, short(outcome))).collect()
}

/// An outcome without texts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Short {
    Fine,
    Replied,
    Interrupted,
    Refused(i32),
    Failed(ErrorKind),
}

pub(crate) fn short(outcome: Result<Outcome>) -> Short {
    match outcome {
        Ok(Outcome { interrupted: true, .. }) => Short::Interrupted,
        Ok(Outcome { replied: true, .. }) => Short::Replied,
        Ok(_) => Short::Fine,
        Err(error) => error
            .errno()
            .filter(|_| error.kind() == ErrorKind::Kernel)
            .map_or_else(|| Short::Failed(error.kind()), |errno| Short::Refused(errno.0)),
    }
}
