//! A kernel that is played: datagrams over a socket pair, in any order and shape that the real one may choose.

use std::{
    io,
    os::{fd::OwnedFd, unix::net::UnixDatagram},
    thread::{self, JoinHandle},
    time::Duration,
};

use netloom_wire::{Header, Messages, align, nlmsg};

/// One end of a socket pair, where a kernel would be; a driver runs over the other end.
#[derive(Debug)]
pub struct FakeKernel {
    socket: UnixDatagram,
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Message type.
    pub command: u16,
    /// `NLM_F_*`.
    pub flags: u16,
    /// Sequence number.
    pub sequence: u32,
    /// All after the `nlmsghdr`.
    pub payload: Vec<u8>,
}

impl FakeKernel {
    /// A played kernel and the descriptor of a socket connected to it.
    ///
    /// # Panics
    /// If there are no descriptors left.
    pub fn new() -> (Self, OwnedFd) {
        let (socket, other) = UnixDatagram::pair().unwrap_or_else(|e| panic!("socketpair: {e}"));
        (Self { socket }, other.into())
    }

    /// Waits for one datagram and returns its requests.
    ///
    /// # Errors
    /// The other end is closed, or nothing came within 10 s.
    pub fn receive(&self) -> io::Result<Vec<Asked>> {
        self.socket.set_read_timeout(Some(Duration::from_secs(10)))?;
        let mut buffer = vec![0; 1 << 20];
        let length = self.socket.recv(&mut buffer)?;
        if length == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let asked = Messages::new(&buffer[..length]).map(|message| Asked {
            command: message.header.command(),
            flags: message.header.flags(),
            sequence: message.header.sequence(),
            payload: message.payload.to_vec(),
        });
        Ok(asked.collect())
    }

    /// Sends one datagram.
    ///
    /// # Errors
    /// As of `send`.
    pub fn send(&self, datagram: &Datagram) -> io::Result<()> {
        self.socket.send(&datagram.bytes).map(drop)
    }

    /// Answers each datagram of requests by what `script` makes of it, on a thread of its own, until the other end closes.
    pub fn serve(self, mut script: impl FnMut(Vec<Asked>) -> Vec<Datagram> + Send + 'static) -> JoinHandle<()> {
        thread::spawn(move || {
            while let Ok(asked) = self.receive() {
                for datagram in script(asked) {
                    if self.send(&datagram).is_err() {
                        return;
                    }
                }
            }
        })
    }
}

/// A datagram of the kernel's, message after message.
#[derive(Clone, Debug, Default)]
pub struct Datagram {
    bytes: Vec<u8>,
}

/// What a refusal says beside its errno (`enum nlmsgerr_attrs`).
#[derive(Clone, Debug, Default)]
pub struct Refusal {
    /// Errno, positive; 0 with a message is a warning on success.
    pub errno: i32,
    /// `NLMSGERR_ATTR_MSG`.
    pub message: Option<String>,
    /// `NLMSGERR_ATTR_OFFS`, from the begin of the request's header.
    pub offset: Option<u32>,
    /// `NLMSGERR_ATTR_MISS_TYPE`.
    pub missing: Option<u32>,
    /// `NLMSGERR_ATTR_MISS_NEST`.
    pub missing_nest: Option<u32>,
    /// `NLMSGERR_ATTR_COOKIE`.
    pub cookie: Option<Vec<u8>>,
    /// `NLMSGERR_ATTR_POLICY`: the bytes of the nest.
    pub policy: Option<Vec<u8>>,
}

impl Datagram {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Adds a message of any type.
    ///
    /// # Panics
    /// If it is longer than 4 GiB.
    #[must_use]
    pub fn message(mut self, command: u16, flags: u16, sequence: u32, payload: &[u8]) -> Self {
        let length = u32::try_from(nlmsg::HEADER + payload.len()).unwrap_or_else(|_| panic!("longer than any message"));
        self.bytes.extend_from_slice(Header::new(length, command, flags, sequence, 0).bytes());
        self.bytes.extend_from_slice(payload);
        self.bytes.resize(align(self.bytes.len()), 0);
        self
    }

    /// Adds one object of a dump.
    #[must_use]
    pub fn part(self, command: u16, sequence: u32, payload: &[u8]) -> Self {
        self.message(command, nlmsg::MULTI, sequence, payload)
    }

    /// Adds one object of a dump that a change of the table interrupted.
    #[must_use]
    pub fn interrupted(self, command: u16, sequence: u32, payload: &[u8]) -> Self {
        self.message(command, nlmsg::MULTI | nlmsg::DUMP_INTR, sequence, payload)
    }

    /// Adds the end of a dump; `errno` is 0 where it went well.
    #[must_use]
    pub fn done(self, sequence: u32, errno: i32) -> Self {
        self.message(nlmsg::DONE, nlmsg::MULTI, sequence, &errno.saturating_neg().to_ne_bytes())
    }

    /// Adds the acknowledgement of success.
    #[must_use]
    pub fn acknowledge(self, request: &Asked) -> Self {
        self.refuse(request, &Refusal::default(), true)
    }

    /// Adds an acknowledgement; capped, it repeats the request's header alone, else the whole request where it failed.
    #[must_use]
    pub fn refuse(self, request: &Asked, refusal: &Refusal, capped: bool) -> Self {
        let whole = !capped && refusal.errno != 0;
        let length = u32::try_from(nlmsg::HEADER + request.payload.len()).unwrap_or(u32::MAX);
        let header = Header::new(length, request.command, request.flags, request.sequence, 0);
        let mut payload = refusal.errno.saturating_neg().to_ne_bytes().to_vec();
        payload.extend_from_slice(header.bytes());
        if whole {
            payload.extend_from_slice(&request.payload);
            payload.resize(align(payload.len()), 0);
        }
        let before = payload.len();
        refusal.write(&mut payload);
        let mut flags = if whole { 0 } else { nlmsg::CAPPED };
        if payload.len() > before {
            flags |= nlmsg::ACK_TLVS;
        }
        self.message(nlmsg::ERROR, flags, request.sequence, &payload)
    }
}

impl Refusal {
    fn write(&self, out: &mut Vec<u8>) {
        // Written by hand: the codec under test must not be its own judge.
        let mut put = |number: u16, value: &[u8]| {
            let length = u16::try_from(4 + value.len()).unwrap_or(u16::MAX);
            out.extend_from_slice(&length.to_ne_bytes());
            out.extend_from_slice(&number.to_ne_bytes());
            out.extend_from_slice(value);
            out.resize(align(out.len()), 0);
        };
        if let Some(message) = &self.message {
            put(1, &[message.as_bytes(), &[0]].concat());
        }
        let numbers = [(2, self.offset), (5, self.missing), (6, self.missing_nest)];
        numbers
            .iter()
            .filter_map(|(n, v)| v.map(|v| (*n, v)))
            .for_each(|(number, value)| put(number, &value.to_ne_bytes()));
        if let Some(cookie) = &self.cookie {
            put(3, cookie);
        }
        if let Some(policy) = &self.policy {
            put(4 | 0x8000, policy);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_as_the_kernel_writes_it() {
        let request = Asked { command: 26, flags: 5, sequence: 9, payload: vec![1, 2, 3, 4, 5] };
        let refusal = Refusal { errno: 22, message: Some("no".to_owned()), offset: Some(24), ..Refusal::default() };
        let capped = Datagram::new().refuse(&request, &refusal, true);
        assert_eq!(capped.bytes().len(), 16 + 4 + 16 + 8 + 8);
        assert_eq!(capped.bytes()[4..8], [2, 0, 0, 3]);
        assert_eq!(capped.bytes()[16..20], (-22i32).to_ne_bytes());
        assert_eq!(capped.bytes()[36..44], [7, 0, 1, 0, b'n', b'o', 0, 0]);
        let whole = Datagram::new().refuse(&request, &refusal, false);
        assert_eq!(whole.bytes().len(), capped.bytes().len() + 8);
        assert_eq!(whole.bytes()[4..8], [2, 0, 0, 2]);
        let success = Datagram::new().acknowledge(&request);
        assert_eq!((success.bytes().len(), &success.bytes()[4..8]), (36, &[2, 0, 0, 1][..]));
    }

    #[test]
    fn serves_until_the_other_end_closes() {
        let (kernel, fd) = FakeKernel::new();
        let thread = kernel.serve(|asked| asked.iter().map(|request| Datagram::new().acknowledge(request)).collect());
        let socket = UnixDatagram::from(fd);
        socket.send(Datagram::new().message(18, 5, 3, &[0; 16]).message(18, 5, 4, &[]).bytes()).expect("send");
        let mut buffer = [0; 100];
        for sequence in [3u8, 4] {
            assert_eq!(socket.recv(&mut buffer).expect("receive"), 36);
            assert_eq!(buffer[8], sequence);
        }
        drop(socket);
        thread.join().expect("ends");
    }
}
