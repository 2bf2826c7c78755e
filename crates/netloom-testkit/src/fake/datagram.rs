//! What a kernel is asked, and what it says. All is written by hand: the codec under test must not be its own judge.

use netloom_wire::{Header, Messages, align, nlmsg};

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Message type.
    pub command: u16,
    /// `NLM_F_*`.
    pub flags: u16,
    /// Sequence number.
    pub sequence: u32,
    /// Port of who asks.
    pub port: u32,
    /// All after the `nlmsghdr`.
    pub payload: Vec<u8>,
}

impl Asked {
    /// The requests of a datagram that came from `port`.
    pub fn all(datagram: &[u8], port: u32) -> Vec<Self> {
        let asked = Messages::new(datagram).map(|message| Self {
            command: message.header.command(),
            flags: message.header.flags(),
            sequence: message.header.sequence(),
            port,
            payload: message.payload.to_vec(),
        });
        asked.collect()
    }

    /// Whether it asks for all objects.
    pub fn is_dump(&self) -> bool {
        self.flags & nlmsg::DUMP == nlmsg::DUMP
    }
}

/// A datagram of the kernel's, message after message.
#[derive(Clone, Debug, Default)]
pub struct Datagram {
    bytes: Vec<u8>,
    port: u32,
}

impl Datagram {
    /// An empty one, for the socket with this port; notifications have port 0.
    pub fn to(port: u32) -> Self {
        Self { bytes: Vec::new(), port }
    }

    /// Port of the socket that it is for.
    pub fn port(&self) -> u32 {
        self.port
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The same, owned.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Adds a message of any type.
    ///
    /// # Panics
    /// If it is longer than 4 GiB.
    #[must_use]
    pub fn message(mut self, command: u16, flags: u16, sequence: u32, payload: &[u8]) -> Self {
        let length = u32::try_from(nlmsg::HEADER + payload.len()).unwrap_or_else(|_| panic!("longer than any message"));
        self.bytes.extend_from_slice(Header::new(length, command, flags, sequence, self.port).bytes());
        self.bytes.extend_from_slice(payload);
        self.bytes.resize(align(self.bytes.len()), 0);
        self
    }

    /// Adds the end of a dump; `errno` is 0 where it went well.
    #[must_use]
    pub fn done(self, sequence: u32, errno: i32) -> Self {
        self.message(nlmsg::DONE, nlmsg::MULTI, sequence, &errno.saturating_neg().to_ne_bytes())
    }

    /// Adds the acknowledgement of success.
    #[must_use]
    pub fn acknowledge(self, request: &Asked) -> Self {
        self.answer(request, 0, true, &[])
    }

    /// Adds an acknowledgement, of an error where `errno` is not 0. Capped it repeats the request's header alone, else
    /// the whole request; `said` are the attributes after that (`enum nlmsgerr_attrs`).
    #[must_use]
    pub fn answer(self, request: &Asked, errno: i32, capped: bool, said: &[u8]) -> Self {
        let length = u32::try_from(nlmsg::HEADER + request.payload.len()).unwrap_or(u32::MAX);
        let header = Header::new(length, request.command, request.flags, request.sequence, 0);
        let mut payload = errno.saturating_neg().to_ne_bytes().to_vec();
        payload.extend_from_slice(header.bytes());
        if !capped {
            payload.extend_from_slice(&request.payload);
            payload.resize(align(payload.len()), 0);
        }
        payload.extend_from_slice(said);
        let flags = if capped { nlmsg::CAPPED } else { 0 } | if said.is_empty() { 0 } else { nlmsg::ACK_TLVS };
        self.message(nlmsg::ERROR, flags, request.sequence, &payload)
    }
}

/// An attribute.
pub fn attribute(number: u16, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(4 + payload.len()).unwrap_or(u16::MAX);
    let mut bytes = [length.to_ne_bytes(), number.to_ne_bytes()].concat();
    bytes.extend_from_slice(payload);
    bytes.resize(align(bytes.len()), 0);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_as_the_kernel_writes_it() {
        let request = Asked { command: 26, flags: 5, sequence: 9, port: 7, payload: vec![1, 2, 3, 4, 5] };
        let said = [attribute(1, b"no\0"), attribute(2, &24u32.to_ne_bytes())].concat();
        let capped = Datagram::to(7).answer(&request, 22, true, &said);
        assert_eq!(capped.bytes().len(), 16 + 4 + 16 + 8 + 8);
        assert_eq!(capped.bytes()[4..8], [2, 0, 0, 3]);
        assert_eq!(capped.bytes()[12..20], [7, 0, 0, 0, 234, 255, 255, 255]);
        assert_eq!(capped.bytes()[36..44], [7, 0, 1, 0, b'n', b'o', 0, 0]);
        let whole = Datagram::to(7).answer(&request, 22, false, &said);
        assert_eq!(whole.bytes().len(), capped.bytes().len() + 8);
        assert_eq!(whole.bytes()[4..8], [2, 0, 0, 2]);
        let success = Datagram::to(7).acknowledge(&request);
        assert_eq!((success.bytes().len(), &success.bytes()[4..8]), (36, &[2, 0, 0, 1][..]));
    }
}
