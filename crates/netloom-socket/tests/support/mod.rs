//! What tests of sockets share: a namespace for each, and a kernel that answers late.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part of this")]

use std::{io, os::unix::net::UnixDatagram, process::Command, thread, time::Duration};

use netloom_socket::{Namespace, RawSocket, SocketOptions};
use netloom_wire::{Header, Messages, align, nlmsg};
use zerocopy::IntoBytes;

/// A network namespace of a test's own, with a loopback device that is up; gone when dropped.
pub struct Space(netloom_testkit::Namespace);

impl Space {
    /// None, and the skip recorded, where there cannot be one.
    pub fn new() -> Option<Self> {
        netloom_testkit::Namespace::new().map(Self)
    }

    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// iproute2's `ip` in there.
    pub fn ip(&self, arguments: &[&str]) {
        self.0.ip(arguments);
    }

    pub fn namespace(&self) -> Namespace {
        Namespace::named(self.name()).unwrap()
    }

    pub fn options(&self) -> SocketOptions {
        SocketOptions::new().namespace(self.namespace())
    }
}

pub fn run(program: &str, arguments: &[&str]) {
    let status = Command::new(program).args(arguments).status();
    let status = status.unwrap_or_else(|e| panic!("{program}: {e}"));
    assert!(status.success(), "{program} {arguments:?}: {status}");
}

/// Appends a message as the kernel writes it.
pub fn message(out: &mut Vec<u8>, command: u16, flags: u16, sequence: u32, payload: &[u8]) {
    let length = u32::try_from(nlmsg::HEADER + payload.len()).unwrap();
    out.extend_from_slice(Header::new(length, command, flags, sequence, 0).as_bytes());
    out.extend_from_slice(payload);
    out.resize(align(out.len()), 0);
}

/// Appends an acknowledgement; errno 0 is success.
pub fn acknowledge(out: &mut Vec<u8>, sequence: u32, errno: i32) {
    let mut payload = [0; 20];
    payload[..4].copy_from_slice(&(-errno).to_ne_bytes());
    message(out, nlmsg::ERROR, nlmsg::CAPPED, sequence, &payload);
}

/// A socket, and the end of it where a kernel would be.
pub fn pair() -> (RawSocket, UnixDatagram) {
    let (ours, theirs) = UnixDatagram::pair().unwrap();
    (RawSocket::from_fd(ours, &SocketOptions::new()).unwrap(), theirs)
}

/// A request as the fake kernel receives it.
pub struct Asked {
    pub command: u16,
    pub flags: u16,
    pub sequence: u32,
    pub payload: Vec<u8>,
}

/// Receives the requests of one datagram.
pub fn asked(kernel: &UnixDatagram) -> io::Result<Vec<Asked>> {
    let mut buffer = [0; 1 << 16];
    let length = kernel.recv(&mut buffer)?;
    let asked = |message: netloom_wire::RawMessage<'_>| Asked {
        command: message.header.command(),
        flags: message.header.flags(),
        sequence: message.header.sequence(),
        payload: message.payload.to_vec(),
    };
    Ok(Messages::new(&buffer[..length]).map(asked).collect())
}

/// Answers gets of links by what was asked (so the reply has the name), late, in the reverse order, many in one
/// datagram, and now and then a reply and its acknowledgement apart. Names that begin with `-` do not exist.
pub fn late_kernel(kernel: UnixDatagram) {
    thread::spawn(move || {
        kernel.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
        let mut waiting = Vec::new();
        let mut answered = 0u32;
        loop {
            match asked(&kernel) {
                Ok(requests) if requests.is_empty() => return,
                Ok(requests) => {
                    waiting.extend(requests);
                    if waiting.len() < 9 {
                        continue;
                    }
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => return,
            }
            let mut out = Vec::new();
            for request in waiting.drain(..).rev() {
                // RTM_NEWLINK is RTM_GETLINK - 2.
                message(&mut out, request.command - 2, 0, request.sequence, &request.payload);
                answered += 1;
                if answered % 3 == 0 && kernel.send(&std::mem::take(&mut out)).is_err() {
                    return;
                }
                acknowledge(&mut out, request.sequence, 0);
            }
            if !out.is_empty() && kernel.send(&out).is_err() {
                return;
            }
        }
    });
}
