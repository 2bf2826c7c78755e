//! The exchange under any sequence of what a driver, a caller and a kernel may do: no panic, each request ends once.
#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use netloom_proto::{Exchange, Token};
use netloom_wire::{Errno, Expect, Header, Messages, nlmsg};

/// Number of the first request: near the end, so that numbers wrap.
const FIRST: u32 = u32::MAX - 3;

fuzz_target!(|data: &[u8]| {
    let mut bytes = data.iter().copied();
    let mut exchange = Exchange::new(212_992, 0, FIRST);
    let mut open: BTreeSet<Token> = BTreeSet::new();
    while let Some(step) = bytes.next() {
        let argument = bytes.next().unwrap_or_default();
        match step % 12 {
            0..=2 => {
                let expect = [Expect::Ack, Expect::Reply, Expect::Dump][usize::from(step % 3)];
                let body = vec![argument; usize::from(argument)];
                assert!(open.insert(exchange.submit_raw(16 + u16::from(argument % 100), 0, expect, None, &body)));
            }
            3 | 4 => {
                if let Some(sent) = exchange.transmit() {
                    assert!(Messages::new(sent).next().is_some(), "an empty datagram");
                }
            }
            5 => exchange.handle_unsent(Errno(i32::from(argument))),
            6 | 7 => receive(&mut exchange, argument, &mut bytes),
            8 => {
                exchange.handle_overrun();
                if argument % 2 == 0 {
                    exchange.handle_drained();
                }
            }
            9 => exchange.handle_silence(),
            10 => {
                if let Some(token) = open.iter().nth(usize::from(argument) % open.len().max(1)).copied() {
                    exchange.cancel(token);
                    open.remove(&token);
                }
            }
            _ => {
                let rest: Vec<u8> = bytes.by_ref().take(usize::from(argument)).collect();
                exchange.handle_truncated(&rest);
            }
        }
        while let Some((token, _)) = exchange.poll_done() {
            assert!(open.remove(&token), "{token:?} ended twice, or was never asked");
        }
    }
    // Whatever happened: silence ends all that was sent.
    exchange.handle_drained();
    for _ in 0..data.len() + 2 {
        while exchange.transmit().is_some() {}
        exchange.handle_silence();
        while let Some((token, _)) = exchange.poll_done() {
            assert!(open.remove(&token), "{token:?} ended twice, or was never asked");
        }
    }
    assert!(open.is_empty(), "never ended: {open:?}");
});

/// A message of the kernel's, most often about a request that was made.
fn receive(exchange: &mut Exchange, argument: u8, bytes: &mut impl Iterator<Item = u8>) {
    let kind = [nlmsg::ERROR, nlmsg::DONE, nlmsg::NOOP, nlmsg::OVERRUN, 16, 24][usize::from(argument % 6)];
    let flags = u16::from(argument) & (nlmsg::MULTI | nlmsg::DUMP_INTR) | u16::from(argument & 0xc0) << 2;
    let sequence = FIRST.wrapping_add(u32::from(bytes.next().unwrap_or_default() % 16));
    let payload: Vec<u8> = bytes.take(usize::from(argument % 40)).collect();
    let length = u32::try_from(nlmsg::HEADER + payload.len()).unwrap_or_default();
    let datagram = [Header::new(length, kind, flags, sequence, 0).bytes(), &payload].concat();
    for message in Messages::new(&datagram) {
        let _ = exchange.handle(&message);
    }
}
