//! Requests and answers when nothing is lost.

mod script;

use netloom_proto::{Exchange, Handled};
use netloom_testkit::things::{self, *};
use netloom_wire::{Create, Errno, ErrorKind, Expect, Messages, nlmsg};
use script::{Short::*, *};

#[test]
fn replies_come_in_any_order_in_one_datagram() {
    let mut x = exchange();
    let (a, b, c) = (x.submit(&ask(1)), x.submit(&all()), x.submit(&ask(3)));
    assert_eq!(send_all(&mut x).len(), 3);
    let datagram = [
        thing(nlmsg::MULTI, 2, 5),
        thing(0, 3, 3),
        message_to(0, NEW, 0, 0, &[9; 4]),
        thing(0, 1, 1),
        ack(1, 0),
        thing(nlmsg::MULTI, 2, 6),
        done(2, 0),
        ack(3, 0),
    ]
    .concat();
    assert_eq!(
        feed(&mut x, &datagram),
        [Handled::Reply(b), Handled::Reply(c), Handled::Notification, Handled::Reply(a), Handled::Reply(b)]
    );
    // The fast path of a dump does not note that a reply came; nobody asks that of a dump.
    assert_eq!(ended(&mut x), [(a, Replied), (b, Fine), (c, Replied)]);
    assert!(x.is_idle());
}

#[test]
fn a_get_without_an_answer_is_told_from_one_with() {
    let mut x = exchange();
    let token = x.submit(&ask(1));
    send_all(&mut x);
    feed(&mut x, &ack(1, 0));
    assert_eq!(ended(&mut x), [(token, Fine)]);
}

#[test]
fn one_dump_at_a_time() {
    let mut x = exchange();
    let tokens = [x.submit(&all()), x.submit(&all()), x.submit(&all())];
    let add = x.submit(&add(1));
    assert_eq!(send_all(&mut x).len(), 2, "the first dump and the command");
    feed(&mut x, &[ack(4, 0), done(1, 0)].concat());
    assert_eq!(send_all(&mut x).len(), 1);
    feed(&mut x, &done(2, libc::ENODEV));
    assert_eq!(send_all(&mut x).len(), 1);
    feed(&mut x, &message(nlmsg::DONE, nlmsg::MULTI, 3, &[]));
    assert_eq!(ended(&mut x), [(add, Fine), (tokens[0], Fine), (tokens[1], Refused(libc::ENODEV)), (tokens[2], Fine)]);
    assert!(x.is_idle());
}

#[test]
fn a_dump_that_the_kernel_refuses_leaves_its_place() {
    let mut x = exchange();
    let (a, b) = (x.submit(&all()), x.submit(&all()));
    send_all(&mut x);
    feed(&mut x, &ack(1, libc::EINVAL));
    assert_eq!(send_all(&mut x).len(), 1);
    feed(&mut x, &[thing(nlmsg::MULTI, 2, 1), done(2, 0)].concat());
    assert_eq!(ended(&mut x), [(a, Refused(libc::EINVAL)), (b, Fine)]);
}

#[test]
fn an_interrupted_dump_is_marked() {
    for (data, end) in [(nlmsg::DUMP_INTR, 0), (0, nlmsg::DUMP_INTR)] {
        let mut x = exchange();
        let token = x.submit(&all());
        send_all(&mut x);
        let first = feed(&mut x, &thing(nlmsg::MULTI | data, 1, 1));
        assert_eq!(first, [Handled::Reply(token)]);
        assert_eq!(feed(&mut x, &thing(nlmsg::MULTI, 1, 2)), [Handled::Reply(token)]);
        feed(&mut x, &message(nlmsg::DONE, nlmsg::MULTI | end, 1, &[0; 4]));
        assert_eq!(ended(&mut x), [(token, Interrupted)]);
    }
}

#[test]
fn only_the_last_command_of_a_datagram_is_acknowledged() {
    let mut x = exchange();
    let tokens: Vec<_> = (0..6).map(|index| x.append(&add(index))).collect();
    let sent = send_all(&mut x);
    assert_eq!(sent.len(), 1);
    let asks: Vec<bool> = Messages::new(&sent[0]).map(|m| m.header.flags() & nlmsg::ACK != 0).collect();
    assert_eq!(asks, [false, false, false, false, false, true]);
    feed(&mut x, &[ack(2, libc::EEXIST), ack(5, libc::ENETUNREACH)].concat());
    assert_eq!(
        ended(&mut x),
        [
            (tokens[0], Fine),
            (tokens[1], Refused(libc::EEXIST)),
            (tokens[2], Fine),
            (tokens[3], Fine),
            (tokens[4], Refused(libc::ENETUNREACH))
        ],
        "an answer settles all before it"
    );
    feed(&mut x, &ack(6, 0));
    assert_eq!(ended(&mut x), [(tokens[5], Fine)]);
    assert!(x.is_idle());
}

#[test]
fn gets_and_echoes_in_a_shared_datagram_are_each_acknowledged() {
    let mut x = exchange();
    let tokens = [x.append(&add(1)), x.append(&ask(2)), x.append(&add(3).created()), x.append(&add(4))];
    let sent = send_all(&mut x).concat();
    let flags: Vec<u16> = Messages::new(&sent).map(|m| m.header.flags() & (nlmsg::ACK | nlmsg::ECHO)).collect();
    assert_eq!(flags, [0, nlmsg::ACK, nlmsg::ACK | nlmsg::ECHO, nlmsg::ACK]);
    assert_eq!(
        feed(&mut x, &[thing(0, 2, 2), thing(0, 3, 3)].concat()),
        tokens[1..3].iter().map(|t| Handled::Reply(*t)).collect::<Vec<_>>()
    );
    feed(&mut x, &[ack(2, 0), ack(3, 0), ack(4, 0)].concat());
    let mut all = ended(&mut x);
    all.sort_by_key(|(token, _)| *token);
    assert_eq!(all, [(tokens[0], Fine), (tokens[1], Replied), (tokens[2], Replied), (tokens[3], Fine)]);
}

#[test]
fn what_is_sure_of_a_reply_asks_for_no_acknowledgement() {
    let mut x = exchange();
    let tokens = [x.append(&add(1)), x.append(&look(2)), x.append(&look(3))];
    let sent = send_all(&mut x).concat();
    let asks: Vec<u16> = Messages::new(&sent).map(|m| m.header.flags() & nlmsg::ACK).collect();
    assert_eq!(asks, [0, 0, 0]);
    assert_eq!(feed(&mut x, &thing(0, 2, 2)), [Handled::Reply(tokens[1])]);
    assert_eq!(
        ended(&mut x),
        [(tokens[0], Fine), (tokens[1], Replied)],
        "the reply tells that what was before it succeeded"
    );
    feed(&mut x, &ack(3, libc::ENODEV));
    assert_eq!(ended(&mut x), [(tokens[2], Refused(libc::ENODEV))]);
    assert!(x.is_idle());
}

#[test]
fn what_was_given_up_still_answers_for_those_before_it() {
    let mut x = exchange();
    let (a, b) = (x.append(&add(1)), x.append(&look(2)));
    x.cancel(b);
    let sent = send_all(&mut x).concat();
    let said: Vec<_> = Messages::new(&sent).map(|m| (m.header.command(), m.header.flags() & nlmsg::ACK)).collect();
    assert_eq!(said, [(NEW, 0), (nlmsg::NOOP, nlmsg::ACK)]);
    feed(&mut x, &ack(2, 0));
    assert_eq!(ended(&mut x), [(a, Fine)]);
    assert!(x.is_idle());
}

#[test]
fn what_asked_for_an_acknowledgement_waits_for_it() {
    let mut x = exchange();
    let (a, b) = (x.submit(&add(1)), x.submit(&add(2)));
    send_all(&mut x);
    feed(&mut x, &ack(2, 0));
    assert_eq!(ended(&mut x), [(b, Fine)], "the answer to the first may still come");
    feed(&mut x, &ack(1, libc::EEXIST));
    assert_eq!(ended(&mut x), [(a, Refused(libc::EEXIST))]);
}

#[test]
fn what_a_command_sets_off_is_no_reply() {
    let mut x = exchange();
    let token = x.submit(&add(1));
    send_all(&mut x);
    assert_eq!(feed(&mut x, &thing(0, 1, 1)), [Handled::Notification], "own sequence number and port");
    assert_eq!(feed(&mut x, &message_to(0, NEW, 0, 0, &[0; 4])), [Handled::Notification]);
    feed(&mut x, &ack(1, 0));
    assert_eq!(ended(&mut x), [(token, Fine)]);
}

#[test]
fn another_sockets_sequence_number_is_not_taken_for_ones_own() {
    let mut x = exchange();
    let (get, dump) = (x.submit(&ask(1)), x.submit(&all()));
    send_all(&mut x);
    assert_eq!(feed(&mut x, &message_to(99, NEW, 0, 1, &[0; 4])), [Handled::Notification]);
    assert_eq!(feed(&mut x, &message_to(99, NEW, nlmsg::MULTI, 2, &[0; 4])), [Handled::Notification]);
    assert_eq!(feed(&mut x, &message_to(99, nlmsg::ERROR, 0, 1, &[0; 20])), []);
    assert_eq!(ended(&mut x), []);
    // Some protocols leave the port out of their replies.
    assert_eq!(feed(&mut x, &message_to(0, NEW, 0, 1, &[0; 4])), [Handled::Reply(get)]);
    feed(&mut x, &[ack(1, 0), done(2, 0)].concat());
    assert_eq!(ended(&mut x), [(get, Replied), (dump, Fine)]);
}

#[test]
fn answers_to_unknown_sequence_numbers_are_dropped() {
    let mut x = exchange();
    let token = x.submit(&ask(1));
    send_all(&mut x);
    let stray = [thing(0, 2, 1), ack(2, 0), ack(0, 0), ack(u32::MAX, libc::EPERM), done(77, 0)].concat();
    assert_eq!(feed(&mut x, &stray), []);
    assert_eq!(ended(&mut x), []);
    feed(&mut x, &ack(1, 0));
    assert_eq!(ended(&mut x), [(token, Fine)]);
}

#[test]
fn sequence_numbers_wrap_in_the_middle_of_a_datagram() {
    let mut x = Exchange::new(212_992, PORT, u32::MAX - 3);
    let tokens: Vec<_> = (0..8).map(|index| x.append(&add(index))).collect();
    let sent = send_all(&mut x).concat();
    let numbers: Vec<u32> = Messages::new(&sent).map(|m| m.header.sequence()).collect();
    assert_eq!(numbers, [u32::MAX - 3, u32::MAX - 2, u32::MAX - 1, u32::MAX, 1, 2, 3, 4]);
    assert_eq!(feed(&mut x, &message_to(0, NEW, 0, 0, &[0; 4])), [Handled::Notification], "0 is nobody's");
    feed(&mut x, &[ack(u32::MAX, libc::EEXIST), ack(2, libc::EPERM), ack(4, 0)].concat());
    let expected = [Fine, Fine, Fine, Refused(libc::EEXIST), Fine, Refused(libc::EPERM), Fine, Fine];
    assert_eq!(ended(&mut x), tokens.into_iter().zip(expected).collect::<Vec<_>>());
    let (dump, get) = (x.submit(&all()), x.submit(&ask(1)));
    send_all(&mut x);
    assert_eq!(
        feed(&mut x, &[thing(nlmsg::MULTI, 5, 1), thing(0, 6, 1)].concat()),
        [Handled::Reply(dump), Handled::Reply(get)]
    );
    feed(&mut x, &[done(5, 0), ack(6, 0)].concat());
    assert!(ended(&mut x).len() == 2 && x.is_idle());
}

#[test]
fn a_request_that_does_not_fit_fails_alone() {
    for position in 0..3 {
        let mut x = exchange();
        let bulk = |at| if at == position { 70_000 } else { 2 };
        let tokens: Vec<_> = (0..3u32).map(|at| x.append(&Add { index: at, bulk: bulk(at) })).collect();
        let sent = send_all(&mut x).concat();
        let messages: Vec<_> =
            Messages::new(&sent).map(|m| (m.header.sequence(), m.header.flags() & nlmsg::ACK)).collect();
        let last = if position == 2 { 2 } else { 3 };
        let expected: Vec<_> = (1..=3)
            .filter(|sequence| *sequence != position + 1)
            .map(|sequence| (sequence, if sequence == last { nlmsg::ACK } else { 0 }))
            .collect();
        assert_eq!(messages, expected);
        let (token, outcome) = x.poll_done().unwrap();
        let error = outcome.unwrap_err();
        assert!(token == tokens[position as usize] && error.kind() == ErrorKind::Encode);
        assert!(error.to_string().starts_with(&format!("add thing {position}: ")), "{error}");
        feed(&mut x, &ack(last, 0));
        assert!(ended(&mut x).iter().all(|(_, outcome)| *outcome == Fine) && x.is_idle());
    }
}

#[test]
fn a_datagram_that_is_not_sent_fails_whole() {
    let mut x = exchange();
    let tokens = [x.append(&add(1)), x.append(&ask(2))];
    let dump = x.submit(&all());
    assert!(x.transmit().is_some());
    x.handle_unsent(Errno(libc::EPERM));
    assert!(x.transmit().is_some());
    x.handle_unsent(Errno(libc::EMSGSIZE));
    let all: Vec<_> = std::iter::from_fn(|| x.poll_done()).map(|(t, o)| (t, o.unwrap_err().to_string())).collect();
    assert_eq!(
        all,
        [
            (tokens[0], "add thing 1: send: Operation not permitted (EPERM)".into()),
            (tokens[1], "get thing 2: send: Operation not permitted (EPERM)".into()),
            (dump, "list thing 0: send: Message too long (EMSGSIZE)".into()),
        ]
    );
    assert!(x.is_idle());
    let next = x.submit(&things::all());
    assert_eq!(send_all(&mut x).len(), 1, "the place for a dump is free");
    feed(&mut x, &done(4, 0));
    assert_eq!(ended(&mut x), [(next, Fine)]);
}

#[test]
fn the_receive_buffer_bounds_what_is_in_flight() {
    let mut x = Exchange::new(20 * 1280, PORT, 1);
    let mut submitted = 0;
    while x.has_room() {
        x.submit(&add(submitted));
        submitted += 1;
    }
    assert_eq!(submitted, 20);
    assert_eq!(send_all(&mut x).len(), 20);
    // More may be queued, but it is not sent before there is room for its answer.
    (0..3).for_each(|index| _ = x.submit(&add(index)));
    assert_eq!(send_all(&mut x).len(), 0);
    feed(&mut x, &[ack(1, 0), ack(2, 0)].concat());
    assert_eq!(send_all(&mut x).len(), 2);
    assert!(!x.has_room() && !x.is_hungry());
    (3..=21).for_each(|sequence| _ = feed(&mut x, &ack(sequence, 0)));
    assert!(x.is_hungry() && send_all(&mut x).len() == 1);
    feed(&mut x, &[ack(22, 0), ack(23, 0)].concat());
    assert_eq!(ended(&mut x).len(), 23);
    assert!(x.is_idle());
}

#[test]
fn raw_messages_are_named_where_it_is_known_how() {
    let mut x = exchange();
    let about = netloom_wire::About::of::<Add>();
    x.submit_raw(NEW, nlmsg::CREATE, Expect::Ack, Some(about), &5u32.to_ne_bytes());
    x.submit_raw(NEW, 0, Expect::Ack, None, &5u32.to_ne_bytes());
    x.submit_raw(GET, 0, Expect::Dump, None, &[0; 4]);
    let flags: Vec<u16> = send_all(&mut x).iter().map(|d| Messages::new(d).next().unwrap().header.flags()).collect();
    assert_eq!(
        flags,
        [nlmsg::REQUEST | nlmsg::ACK | nlmsg::CREATE, nlmsg::REQUEST | nlmsg::ACK, nlmsg::REQUEST | nlmsg::DUMP]
    );
    feed(&mut x, &[ack(1, libc::EEXIST), ack(2, libc::EEXIST), done(3, 0)].concat());
    let texts: Vec<_> =
        std::iter::from_fn(|| x.poll_done()).filter_map(|(_, o)| o.err()).map(|e| e.to_string()).collect();
    assert_eq!(texts, ["add thing 5: File exists (EEXIST)", "File exists (EEXIST)"]);
}
