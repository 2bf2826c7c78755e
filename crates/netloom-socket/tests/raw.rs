//! Bytes out and in, on the real kernel.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

mod support;

use std::{io, time::Duration};

use netloom_socket::{Filter, RawSocket, SocketOptions};
use netloom_testkit::Datagram;
use netloom_wire::{Messages, nlmsg};
use support::Space;

/// `NETLINK_ROUTE`.
const ROUTE: u16 = 0;
/// `NETLINK_USERSOCK`: what one process sends another gets, without rights.
const USER: u16 = 2;

fn message(command: u16, flags: u16, payload: &[u8]) -> Vec<u8> {
    Datagram::to(0).message(command, flags, 7, payload).into_bytes()
}

#[test]
fn the_kernel_answers() {
    let Some(space) = Space::new() else { return };
    let socket = RawSocket::open(ROUTE, &space.options()).unwrap();
    socket.send(&message(nlmsg::NOOP, nlmsg::REQUEST | nlmsg::ACK, &[])).unwrap();
    let mut buffer = [0; 256];
    let received = socket.receive(&mut buffer).unwrap();
    assert!(received.is_from_kernel() && !received.is_truncated());
    let answer = Messages::new(received.bytes(&buffer)).next().unwrap();
    assert_eq!((answer.header.command(), answer.header.sequence()), (nlmsg::ERROR, 7));
    assert_eq!(answer.header.port(), socket.port());
    assert_ne!(socket.port(), 0);
}

#[test]
fn nothing_there_is_told_apart_from_waiting_too_long() {
    let socket = user(&SocketOptions::new());
    assert_eq!(socket.try_receive(&mut [0; 16]).unwrap_err().kind(), io::ErrorKind::WouldBlock);
    socket.set_receive_timeout(Some(Duration::from_millis(20))).unwrap();
    let started = std::time::Instant::now();
    assert_eq!(socket.receive(&mut [0; 16]).unwrap_err().kind(), io::ErrorKind::WouldBlock);
    assert!(started.elapsed() >= Duration::from_millis(15));
}

#[test]
fn a_datagram_that_is_cut_says_so() {
    let (from, to) = (user(&SocketOptions::new()), user(&SocketOptions::new()));
    from.send_to(&message(20, 0, &[1; 84]), to.port(), 0).unwrap();
    let received = to.receive(&mut [0; 40]).unwrap();
    assert!(received.is_truncated());
    assert_eq!((received.length, received.sent, received.port), (40, 100, from.port()));
}

fn user(options: &SocketOptions) -> RawSocket {
    RawSocket::open(USER, options).unwrap()
}

#[test]
fn a_message_beyond_the_send_buffer_grows_it() {
    let from = user(&SocketOptions::new().send_buffer(4096));
    let to = user(&SocketOptions::new());
    let datagram = message(20, 0, &vec![1; 60_000]);
    from.send_to(&datagram, to.port(), 0).unwrap();
    let mut buffer = vec![0; 1 << 17];
    let received = to.receive(&mut buffer).unwrap();
    assert_eq!(received.bytes(&buffer), datagram);
}

#[test]
fn groups_above_31_come_with_their_number() {
    let to = user(&SocketOptions::new().group(4).packet_info(true));
    assert!(to.features().packet_info && to.features().bound);
    let from = user(&SocketOptions::new());
    from.send_to(&message(20, 0, &[]), 0, 1 << 3).unwrap();
    let mut buffer = [0; 64];
    assert_eq!(to.receive(&mut buffer).unwrap().group, Some(4));
    to.leave(4).unwrap();
    from.send_to(&message(20, 0, &[]), 0, 1 << 3).unwrap();
    assert_eq!(to.try_receive(&mut buffer).unwrap_err().kind(), io::ErrorKind::WouldBlock);

    let Some(space) = Space::new() else { return };
    let route = RawSocket::open(ROUTE, &space.options()).unwrap();
    route.join(36).unwrap(); // RTNLGRP_STATS
    let refused = route.join(100_000).unwrap_err();
    assert_eq!(refused.to_string(), "join netlink group 100000: Invalid argument (EINVAL)");
}

#[test]
fn a_filter_keeps_out_other_types() {
    let to = user(&SocketOptions::new().filter(Filter::commands(&[20, 0x1234]).unwrap()));
    let from = user(&SocketOptions::new());
    for command in [19, 20, 21, 0x3412, 0x1234] {
        from.send_to(&message(command, 0, &[]), to.port(), 0).unwrap();
    }
    let mut buffer = [0; 64];
    let mut seen = Vec::new();
    while let Ok(received) = to.try_receive(&mut buffer) {
        seen.extend(Messages::new(received.bytes(&buffer)).map(|m| m.header.command()));
    }
    assert_eq!(seen, [20, 0x1234]);
    assert!(Filter::commands(&[]).is_err() && Filter::new([]).is_err());
}

#[test]
fn a_port_is_taken_once() {
    let first = user(&SocketOptions::new().port(0x7000_1234));
    assert_eq!(first.port(), 0x7000_1234);
    let second = RawSocket::open(USER, &SocketOptions::new().port(0x7000_1234)).unwrap_err();
    assert_eq!(second.to_string(), "bind a netlink socket to port 1879052852: Address already in use (EADDRINUSE)");
}

#[test]
fn options_are_granted() {
    let socket = user(&SocketOptions::new().receive_buffer(1 << 16));
    let features = socket.features();
    assert!(features.extended_ack && features.capped_ack && features.strict_check);
    assert_eq!(features.receive_buffer, 1 << 17);
    let bare = SocketOptions::new().extended_ack(false).capped_ack(false).strict_check(false);
    let features = *user(&bare).features();
    assert!(!features.extended_ack && !features.capped_ack && !features.strict_check);
    let unknown = RawSocket::open(31, &SocketOptions::new()).unwrap_err();
    assert_eq!(unknown.to_string(), "open a netlink socket of protocol 31: Protocol not supported (EPROTONOSUPPORT)");
}
