//! Notifications of a capture, and who is to be told them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use netloom_wire::{Header, Messages, RawMessage, nlmsg};

use super::script::append;

/// A protocol, and a group of it.
type Group = (u16, u32);

/// A datagram that was sent to a group.
#[derive(Debug)]
struct Notice {
    /// How many others of the capture are before it.
    place: usize,
    /// How many requests were made before.
    after: usize,
    datagram: Vec<u8>,
    /// How many sockets of the capture were told.
    hearers: usize,
}

/// Those of a capture, while it is read.
#[derive(Debug, Default)]
pub(super) struct Heard {
    notices: Vec<(Group, Notice)>,
    /// Where the same stand, and how often each socket was told so.
    same: BTreeMap<(Group, Vec<u8>), (Vec<usize>, BTreeMap<u32, usize>)>,
}

impl Heard {
    /// Takes in what a socket received after so many requests. What several did is one notification.
    pub(super) fn add(&mut self, receiver: u32, group: Group, after: usize, datagram: &[u8]) {
        let datagram = unaddressed(datagram);
        let (places, told) = self.same.entry((group, datagram.clone())).or_default();
        let times = told.entry(receiver).or_default();
        let known = places.get(*times).and_then(|place| self.notices.get_mut(*place));
        *times = times.saturating_add(1);
        match known {
            Some((_, notice)) => notice.hearers = notice.hearers.saturating_add(1),
            None => {
                let place = self.notices.len();
                places.push(place);
                self.notices.push((group, Notice { place, after, datagram, hearers: 1 }));
            }
        }
    }

    pub(super) fn finish(self) -> Notices {
        let mut waiting: BTreeMap<Group, VecDeque<Notice>> = BTreeMap::new();
        self.notices.into_iter().for_each(|(group, notice)| waiting.entry(group).or_default().push_back(notice));
        Notices { waiting, members: BTreeMap::new() }
    }
}

/// The datagram without the port of whoever set it off, which may be somebody else's by now.
fn unaddressed(datagram: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(datagram.len());
    for RawMessage { header, payload } in Messages::new(datagram) {
        let length = u32::try_from(header.length()).unwrap_or(u32::MAX);
        append(&mut out, &Header::new(length, header.command(), header.flags(), header.sequence(), 0), payload);
    }
    out
}

/// Those that were not told yet, and who is in which group.
#[derive(Debug)]
pub(super) struct Notices {
    waiting: BTreeMap<Group, VecDeque<Notice>>,
    members: BTreeMap<u32, BTreeSet<u32>>,
}

impl Notices {
    /// Whether a message says who joins or leaves a group; so it is then.
    pub(super) fn heeds(&mut self, message: &RawMessage<'_>, port: u32) -> bool {
        let parts =
            message.payload.split_first_chunk().and_then(|(group, joins)| Some((group, joins.try_into().ok()?)));
        let Some((group, joins)) = parts else { return false };
        if message.header.command() != nlmsg::NOOP || message.header.flags() != 0 {
            return false;
        }
        let members = self.members.entry(u32::from_ne_bytes(*group)).or_default();
        _ = if u32::from_ne_bytes(joins) == 0 { members.remove(&port) } else { members.insert(port) };
        true
    }

    /// What is to be told by now, when so many requests were made, each with the ports that hear it: in a group with as
    /// many members as there were.
    pub(super) fn due(&mut self, asked: usize) -> Vec<(Vec<u32>, Vec<u8>)> {
        let mut due = Vec::new();
        for ((_, group), waiting) in &mut self.waiting {
            let Some(members) = self.members.get(group) else { continue };
            let is_due = |next: &Notice| next.after <= asked && next.hearers <= members.len();
            let count = waiting.iter().take_while(|next| is_due(next)).count();
            let told = waiting.drain(..count);
            due.extend(told.map(|notice| (notice.place, members.iter().copied().collect(), notice.datagram)));
        }
        due.sort_by_key(|(place, ..)| *place);
        due.into_iter().map(|(_, members, datagram)| (members, datagram)).collect()
    }

    /// A socket is gone.
    pub(super) fn forget(&mut self, port: u32) {
        self.members.values_mut().for_each(|members| _ = members.remove(&port));
    }
}
