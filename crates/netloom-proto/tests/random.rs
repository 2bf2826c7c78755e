//! Anything in any order, against a model of the kernel: no outcome is wrong, told twice or never.

mod script;

use std::collections::{BTreeMap, VecDeque};

use netloom_proto::{Exchange, Handled, Token};
use netloom_testkit::things::*;
use netloom_wire::{Create, ErrorKind, Messages, RawMessage, nlmsg};
use proptest::prelude::*;
use script::{Short::*, *};

/// What a driver or a user may do.
#[derive(Clone, Copy, Debug)]
enum Step {
    Submit(Kind),
    Append(Kind),
    /// Cancels one of the requests so far, counted from the last.
    Cancel(usize),
    /// Sends one datagram.
    Send,
    /// Receives one datagram.
    Receive,
    Poll,
    Silence,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Add,
    Echo,
    Ask,
    Look,
    All,
    TooLong,
}

/// A kernel: works through each datagram at once and queues the answers, as many as fit.
#[derive(Default)]
struct Kernel {
    queue: VecDeque<Vec<u8>>,
    room: usize,
    congested: bool,
    overrun: bool,
    overruns: usize,
    /// The dump that it is at: sequence number and messages left.
    dump: Option<(u32, u32)>,
    /// Result of each request that came, by index.
    results: BTreeMap<u32, i32>,
}

impl Kernel {
    /// Every third request fails.
    fn result(index: u32) -> i32 {
        if index % 3 == 2 { 1 + (index % 30) as i32 } else { 0 }
    }

    fn answer(&mut self, bytes: Vec<u8>) {
        if self.congested || self.queue.len() >= self.room {
            self.overruns += usize::from(!self.congested);
            (self.congested, self.overrun) = (true, true);
        } else {
            self.queue.push_back(bytes);
        }
    }

    fn send(&mut self, datagram: &[u8]) {
        for message in Messages::new(datagram) {
            let (flags, sequence) = (message.header.flags(), message.header.sequence());
            assert_ne!(sequence, 0);
            let errno = if message.header.command() == nlmsg::NOOP { 0 } else { self.take(&message) };
            if errno == 0 && flags & nlmsg::DUMP == nlmsg::DUMP && message.header.command() == GET {
                assert!(self.dump.is_none(), "a second dump would be EBUSY");
                self.dump = Some((sequence, 3));
            } else if errno != 0 || flags & nlmsg::ACK != 0 {
                self.answer(ack(sequence, errno));
            }
        }
    }

    fn take(&mut self, message: &RawMessage<'_>) -> i32 {
        let index = u32::from_ne_bytes(*message.payload.first_chunk().expect("an index"));
        let errno = Self::result(index);
        assert!(self.results.insert(index, errno).is_none(), "sent once");
        let (flags, sequence) = (message.header.flags(), message.header.sequence());
        let single = message.header.command() == GET && flags & nlmsg::DUMP == 0;
        if errno == 0 && (single || flags & nlmsg::ECHO != 0) {
            self.answer(thing(0, sequence, index));
        }
        errno
    }

    /// `ENOBUFS`, a datagram, or nothing.
    fn receive(&mut self) -> Option<Result<Vec<u8>, ()>> {
        if std::mem::take(&mut self.overrun) {
            return Some(Err(()));
        }
        let datagram = self.queue.pop_front().or_else(|| {
            // A dump goes on as the reader makes room; its end may share a datagram with data.
            let (sequence, left) = self.dump.take()?;
            self.dump = (left > 1).then_some((sequence, left - 1));
            let end = if left == 1 { done(sequence, 0) } else { Vec::new() };
            Some([thing(nlmsg::MULTI, sequence, 0), end].concat())
        });
        self.congested &= !self.queue.is_empty();
        datagram.map(Ok)
    }
}

struct World {
    x: Exchange,
    kernel: Kernel,
    tokens: Vec<(Token, Kind)>,
    told: BTreeMap<Token, Short>,
    replies: BTreeMap<Token, u32>,
    cancelled: BTreeMap<Token, bool>,
    silences: usize,
}

impl World {
    fn step(&mut self, step: Step) {
        match step {
            Step::Submit(kind) | Step::Append(kind) => {
                let index = self.tokens.len() as u32;
                let alone = matches!(step, Step::Submit(_));
                let expected = self.x.next_token();
                let token = match kind {
                    Kind::Add if alone => self.x.submit(&add(index)),
                    Kind::Add => self.x.append(&add(index)),
                    Kind::Echo => self.x.append(&add(index).created()),
                    Kind::Ask if alone => self.x.submit(&ask(index)),
                    Kind::Ask => self.x.append(&ask(index)),
                    Kind::Look if alone => self.x.submit(&look(index)),
                    Kind::Look => self.x.append(&look(index)),
                    Kind::All => self.x.append(&All { index }),
                    Kind::TooLong => self.x.append(&Add { index, bulk: 70_000 }),
                };
                assert_eq!(token, expected);
                self.tokens.push((token, kind));
            }
            Step::Cancel(back) => {
                let at = self.tokens.len().checked_sub(back + 1);
                if let Some((token, _)) = at.and_then(|at| self.tokens.get(at)) {
                    self.x.cancel(*token);
                    let sent = at.is_some_and(|at| self.kernel.results.contains_key(&(at as u32)));
                    self.cancelled.entry(*token).or_insert(sent);
                }
            }
            Step::Send => {
                if let Some(datagram) = self.x.transmit() {
                    self.kernel.send(datagram);
                }
            }
            Step::Receive => match self.kernel.receive() {
                Some(Ok(datagram)) => self.feed(&datagram),
                Some(Err(())) => self.x.handle_overrun(),
                None => self.x.handle_drained(),
            },
            Step::Poll => self.poll(),
            Step::Silence => {
                // Whoever calls it silence has waited; the kernel answers inside `send`.
                if self.kernel.queue.is_empty() && self.kernel.dump.is_none() && !self.kernel.overrun {
                    self.x.handle_silence();
                    self.silences += 1;
                }
            }
        }
    }

    fn feed(&mut self, datagram: &[u8]) {
        for message in Messages::new(datagram) {
            if let Handled::Reply(token) = self.x.handle(&message) {
                assert!(!self.cancelled.contains_key(&token), "a reply for nobody");
                assert!(!self.told.contains_key(&token), "a reply after the end");
                *self.replies.entry(token).or_default() += 1;
            }
        }
    }

    fn poll(&mut self) {
        while let Some((token, outcome)) = self.x.poll_done() {
            assert!(!self.cancelled.contains_key(&token), "an outcome for nobody");
            assert!(self.told.insert(token, short(outcome)).is_none(), "an outcome told twice");
        }
    }

    /// Lets everything come to its end.
    fn settle(&mut self) {
        for _ in 0..20_000 {
            self.step(Step::Poll);
            if self.x.is_idle() {
                return;
            }
            self.step(Step::Send);
            self.step(Step::Receive);
        }
        panic!("it hangs: {:?}", self.x);
    }

    fn check(&self) {
        let replies = |token| self.replies.get(token).copied().unwrap_or(0);
        for (index, (token, kind)) in (0u32..).zip(&self.tokens) {
            let result = self.kernel.results.get(&index).copied();
            let Some(told) = self.told.get(token) else {
                let sent_before = self.cancelled.get(token).expect("it was cancelled");
                assert!(*sent_before || result.is_none(), "{index} was sent after it was cancelled");
                continue;
            };
            match (told, kind) {
                (Failed(ErrorKind::Encode), Kind::TooLong) => assert_eq!(result, None),
                (Failed(ErrorKind::Unknown), Kind::Add | Kind::Echo | Kind::Ask | Kind::Look) => {
                    assert!(self.kernel.overruns > 0)
                }
                // A dump that runs is never lost, but that it was refused may be.
                (Failed(ErrorKind::Unknown), Kind::All) => assert!(self.kernel.overruns > 0 && result != Some(0)),
                (Failed(ErrorKind::Timeout), _) => assert!(self.silences > 0),
                (Refused(errno), _) => assert_eq!(result, Some(*errno)),
                (Fine, Kind::Add) => assert_eq!(result, Some(0)),
                (Replied, Kind::Ask | Kind::Look | Kind::Echo) => assert_eq!((result, replies(token)), (Some(0), 1)),
                (Fine, Kind::All) => assert_eq!((result, replies(token)), (Some(0), 3)),
                other => panic!("{index}: {other:?}, the kernel's result is {result:?}"),
            }
        }
    }
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        6 => Just(Kind::Add),
        2 => Just(Kind::Ask),
        2 => Just(Kind::Look),
        1 => Just(Kind::Echo),
        1 => Just(Kind::All),
        1 => Just(Kind::TooLong)
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => kind().prop_map(Step::Submit),
        8 => kind().prop_map(Step::Append),
        1 => (0usize..12).prop_map(Step::Cancel),
        4 => Just(Step::Send),
        8 => Just(Step::Receive),
        2 => Just(Step::Poll),
        1 => Just(Step::Silence),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_outcome_is_right(
        steps in prop::collection::vec(step(), 0..250),
        first in prop_oneof![Just(1u32), Just(u32::MAX - 3), any::<u32>()],
        window in prop_oneof![Just(1usize), 1280usize..100_000, Just(10_000_000)],
        room in 1usize..40,
        batch in prop_oneof![Just(1usize), 1usize..20],
    ) {
        let mut x = Exchange::new(window, PORT, first);
        x.limit_batch(batch);
        let mut world = World {
            x,
            kernel: Kernel { room, ..Kernel::default() },
            tokens: Vec::new(),
            told: BTreeMap::new(),
            replies: BTreeMap::new(),
            cancelled: BTreeMap::new(),
            silences: 0,
        };
        steps.into_iter().for_each(|step| world.step(step));
        world.settle();
        world.check();
    }

    #[test]
    fn any_bytes_are_survived(
        datagrams in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..120), 1..8),
        headers in prop::collection::vec((0u32..90, 0u16..20, any::<u16>(), 0u32..6, 0u32..9), 8),
    ) {
        let mut x = exchange();
        (0..3).for_each(|index| _ = x.append(&add(index)));
        x.submit(&all());
        send_all(&mut x);
        for (mut datagram, (length, command, flags, sequence, port)) in datagrams.into_iter().zip(headers) {
            // Nearly a header, so that it gets as far as possible.
            let header = message_to(port, command, flags, sequence, &[]);
            let known = header.len().min(datagram.len());
            datagram[..known].copy_from_slice(&header[..known]);
            if let Some(field) = datagram.first_chunk_mut() {
                *field = length.to_ne_bytes();
            }
            feed(&mut x, &datagram);
            x.handle_truncated(&datagram);
        }
        x.handle_silence();
        while x.poll_done().is_some() {}
    }
}
