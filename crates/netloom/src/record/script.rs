//! What was asked, answered and told, out of a capture.

use std::collections::{HashMap, VecDeque};

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
    /// In the order of what was asked, to be found by halving.
    answers: Vec<(Asked, Answers)>,
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
        // By port and sequence number, which later sockets use again: where it is, and the datagram that answered last.
        let mut open: HashMap<(u32, u32), (usize, Option<usize>)> = HashMap::new();
        for (number, packet) in pcap::read(capture)?.into_iter().enumerate() {
            if packet.group != 0 {
                // It may bear port and sequence number of the request that set it off.
                heard.add(packet.receiver, (packet.protocol, packet.group), exchanges.len(), packet.datagram);
                continue;
            }
            for message in Messages::new(packet.datagram) {
                let place = (message.header.port(), message.header.sequence());
                match packet.direction {
                    Direction::ToKernel => {
                        open.insert(place, (exchanges.len(), None));
                        exchanges.push((asked(&message), Vec::new()));
                    }
                    Direction::FromKernel => {
                        let Some((exchange, last)) = open.get_mut(&place) else { continue };
                        let (_, answer) = exchanges.get_mut(*exchange)?;
                        if last.replace(number) != Some(number) {
                            answer.push(Vec::new());
                        }
                        append(answer.last_mut()?, message.header, message.payload);
                    }
                }
            }
        }
        // What was asked several times stays in the order of the capture.
        exchanges.sort_by(|(asked, _), (other, _)| asked.cmp(other));
        let mut answers: Vec<(Asked, Answers)> = Vec::new();
        for (asked, answer) in exchanges {
            match answers.last_mut() {
                Some((same, answers)) if *same == asked => answers.next.push_back(answer),
                _ => answers.push((asked, Answers { last: None, next: VecDeque::from([answer]) })),
            }
        }
        Some((Self { answers, asked: 0 }, heard.finish()))
    }

    /// How many of the requests of the capture were asked, the same ones as often as there.
    pub(super) fn asked(&self) -> usize {
        self.asked
    }

    /// The answer to a request, addressed to who asks; None if nobody asked that. What was asked several times is answered
    /// in that order, and then as the last time.
    pub(super) fn answer(&mut self, request: &RawMessage<'_>, port: u32) -> Option<Answer> {
        let asked = asked(request);
        let place = self.answers.binary_search_by(|(known, _)| known.cmp(&asked)).ok()?;
        let (_, answers) = self.answers.get_mut(place)?;
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
