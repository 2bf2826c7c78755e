//! What was asked, answered and told, out of a capture.

use std::collections::{BTreeMap, VecDeque};

use netloom_wire::{Header, Messages, RawMessage, align, nlmsg};

use super::{
    notices::{Heard, Notices},
    pcap::{self, Direction},
};

/// What makes two requests the same: type, flags, body.
type Asked = (u16, u16, Vec<u8>);
/// The datagrams of an answer.
type Answer = Vec<Vec<u8>>;

/// Requests with their answers, in the order of the capture.
#[derive(Debug, Default)]
pub(super) struct Script {
    answers: BTreeMap<Asked, Answers>,
    /// How many of the requests were asked.
    asked: usize,
}

/// The answers to requests that are the same, those that were given last first.
#[derive(Debug, Default)]
struct Answers {
    last: Option<Answer>,
    next: VecDeque<Answer>,
}

impl Script {
    /// Reads a capture, and what it has of notifications; None if it is no [`Recording`](super::Recording)'s, or cut.
    pub(super) fn read(capture: &[u8]) -> Option<(Self, Notices)> {
        let mut exchanges: Vec<(Asked, Answer)> = Vec::new();
        let mut heard = Heard::default();
        // By port and sequence number, which later sockets use again.
        let mut open: BTreeMap<(u32, u32), usize> = BTreeMap::new();
        for packet in pcap::read(capture)? {
            if packet.group != 0 {
                // It may bear port and sequence number of the request that set it off.
                heard.add(packet.receiver, (packet.protocol, packet.group), exchanges.len(), packet.datagram);
                continue;
            }
            let mut parts: BTreeMap<usize, Vec<u8>> = BTreeMap::new();
            for message in Messages::new(packet.datagram) {
                let place = (message.header.port(), message.header.sequence());
                match packet.direction {
                    Direction::ToKernel => {
                        open.insert(place, exchanges.len());
                        exchanges.push((asked(&message), Vec::new()));
                    }
                    Direction::FromKernel => {
                        if let Some(exchange) = open.get(&place) {
                            append(parts.entry(*exchange).or_default(), message.header, message.payload);
                        }
                    }
                }
            }
            for (exchange, part) in parts {
                exchanges.get_mut(exchange)?.1.push(part);
            }
        }
        let mut script = Self::default();
        for (asked, answer) in exchanges {
            script.answers.entry(asked).or_default().next.push_back(answer);
        }
        Some((script, heard.finish()))
    }

    /// How many of the requests of the capture were asked, the same ones as often as there.
    pub(super) fn asked(&self) -> usize {
        self.asked
    }

    /// The answer to a request, addressed to who asks; None if nobody asked that. What was asked several times is answered
    /// in that order, and then as the last time.
    pub(super) fn answer(&mut self, request: &RawMessage<'_>, port: u32) -> Option<Answer> {
        let answers = self.answers.get_mut(&asked(request))?;
        if let Some(next) = answers.next.pop_front() {
            answers.last = Some(next);
            self.asked = self.asked.saturating_add(1);
        }
        let addressed = |datagram: &Vec<u8>| {
            let mut out = Vec::with_capacity(datagram.len());
            for RawMessage { header, payload } in Messages::new(datagram) {
                let length = u32::try_from(header.length()).unwrap_or(u32::MAX);
                let sequence = request.header.sequence();
                append(&mut out, &Header::new(length, header.command(), header.flags(), sequence, port), payload);
            }
            out
        };
        Some(answers.last.iter().flatten().map(addressed).collect())
    }
}

fn asked(message: &RawMessage<'_>) -> Asked {
    (message.header.command(), message.header.flags(), message.payload.to_vec())
}

/// Appends a message, padded.
pub(super) fn append(out: &mut Vec<u8>, header: &Header, payload: &[u8]) {
    out.extend_from_slice(header.bytes());
    out.extend_from_slice(payload);
    out.resize(align(out.len()), 0);
}

/// The answer to what nobody asked: `EOPNOTSUPP`.
pub(super) fn refusal(request: &RawMessage<'_>, port: u32) -> Vec<u8> {
    const EOPNOTSUPP: i32 = 95;
    let length = u32::try_from(nlmsg::HEADER.saturating_add(4).saturating_add(nlmsg::HEADER)).unwrap_or(u32::MAX);
    let mut out = Vec::new();
    let header = Header::new(length, nlmsg::ERROR, nlmsg::CAPPED, request.header.sequence(), port);
    append(&mut out, &header, &[&(-EOPNOTSUPP).to_ne_bytes()[..], request.header.bytes()].concat());
    out
}
