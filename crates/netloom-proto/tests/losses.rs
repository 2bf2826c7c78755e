//! When something is lost, or nobody wants it any more.

mod script;

use netloom_proto::{Exchange, Handled};
use netloom_testkit::things::*;
use netloom_wire::{ErrorKind, Messages, nlmsg};
use script::{Short::*, *};

const UNKNOWN: Short = Failed(ErrorKind::Unknown);
const TIMEOUT: Short = Failed(ErrorKind::Timeout);
const TRUNCATED: Short = Failed(ErrorKind::Truncated);

#[test]
fn an_overrun_leaves_unknown_what_was_not_answered() {
    let mut x = exchange();
    let tokens: Vec<_> = (0..4).map(|index| x.append(&add(index))).collect();
    let get = x.submit(&ask(9));
    send_all(&mut x);
    x.handle_overrun();
    let queued = x.submit(&add(7));
    feed(&mut x, &ack(2, libc::EEXIST)); // it was in the buffer; the rest was dropped
    assert!(x.is_draining() && send_all(&mut x).is_empty(), "nothing is sent before the socket is empty");
    x.handle_drained();
    let sent = send_all(&mut x);
    let kinds: Vec<u16> = sent.iter().map(|d| Messages::new(d).next().unwrap().header.command()).collect();
    assert_eq!(kinds, [NEW, nlmsg::NOOP], "what was queued, then the fence");
    assert_eq!(ended(&mut x), [(tokens[0], UNKNOWN), (tokens[1], Refused(libc::EEXIST))]);
    feed(&mut x, &[ack(6, 0), ack(7, 0)].concat());
    // What came before the overrun is settled by the first answer after it, what asked for one by the fence.
    let mut rest = ended(&mut x);
    rest.sort_by_key(|(token, _)| *token);
    assert_eq!(rest, [(tokens[2], UNKNOWN), (tokens[3], UNKNOWN), (get, UNKNOWN), (queued, Fine)]);
    assert!(x.is_idle());
}

#[test]
fn an_answer_saved_from_an_overrun_counts() {
    let mut x = exchange();
    let (a, b, c) = (x.submit(&add(1)), x.submit(&ask(2)), x.submit(&ask(3)));
    send_all(&mut x);
    assert_eq!(feed(&mut x, &thing(0, 2, 2)), [Handled::Reply(b)]);
    x.handle_overrun();
    feed(&mut x, &[ack(1, 0), ack(2, 0), ack(3, 0)].concat());
    assert_eq!(ended(&mut x), [(a, Fine), (b, Replied), (c, UNKNOWN)], "the reply to the third was dropped");
    x.handle_drained();
    assert!(x.is_idle() && send_all(&mut x).is_empty(), "nothing is in doubt, no fence");
}

#[test]
fn a_reply_that_is_the_whole_answer_may_be_lost_or_cut() {
    let mut x = exchange();
    let (lost, cut) = (x.submit(&look(1)), x.submit(&look(2)));
    send_all(&mut x);
    let reply = thing(0, 2, 2);
    assert_eq!(x.handle_truncated(&reply[..reply.len() - 2]), Handled::Consumed);
    assert_eq!(ended(&mut x), [(lost, Fine), (cut, TRUNCATED)]);
    let lost = x.submit(&look(3));
    send_all(&mut x);
    x.handle_overrun();
    x.handle_drained();
    assert_eq!(send_all(&mut x).len(), 1, "the fence");
    feed(&mut x, &ack(4, 0));
    assert_eq!(ended(&mut x), [(lost, UNKNOWN)]);
    assert!(x.is_idle());
}

#[test]
fn a_fence_may_be_lost_too() {
    let mut x = exchange();
    let token = x.submit(&add(1));
    send_all(&mut x);
    x.handle_overrun();
    x.handle_drained();
    assert_eq!(send_all(&mut x).len(), 1);
    x.handle_overrun();
    x.handle_drained();
    assert_eq!(send_all(&mut x).len(), 1);
    feed(&mut x, &ack(3, 0));
    assert_eq!(ended(&mut x), [(token, UNKNOWN)]);
    assert!(x.is_idle());
}

#[test]
fn a_dump_survives_an_overrun() {
    let mut x = exchange();
    let dump = x.submit(&all());
    send_all(&mut x);
    x.handle_overrun();
    assert_eq!(feed(&mut x, &thing(nlmsg::MULTI, 1, 1)), [Handled::Reply(dump)]);
    feed(&mut x, &done(1, 0));
    x.handle_drained();
    assert!(send_all(&mut x).is_empty(), "nothing is in doubt");
    assert_eq!(ended(&mut x), [(dump, Fine)]);
}

#[test]
fn that_a_dump_was_refused_may_be_lost() {
    let mut x = exchange();
    let (dump, next) = (x.submit(&all()), x.submit(&all()));
    send_all(&mut x);
    x.handle_overrun();
    x.handle_drained();
    assert_eq!(ended(&mut x), [(dump, UNKNOWN)], "if it ran, the socket would not be empty");
    assert_eq!(send_all(&mut x).len(), 1);
    feed(&mut x, &done(2, 0));
    assert_eq!(ended(&mut x), [(next, Fine)]);
}

#[test]
fn silence_ends_what_was_sent() {
    let mut x = Exchange::new(1, PORT, 1);
    let (dump, get, queued) = (x.submit(&all()), x.submit(&ask(1)), x.submit(&add(1)));
    assert_eq!(send_all(&mut x).len(), 2, "the window is full");
    x.handle_silence();
    assert_eq!(ended(&mut x), [(dump, TIMEOUT), (get, TIMEOUT)]);
    assert_eq!(send_all(&mut x).len(), 1);
    assert_eq!(feed(&mut x, &[thing(nlmsg::MULTI, 1, 1), thing(0, 2, 1), ack(2, 0), done(1, 0)].concat()), []);
    feed(&mut x, &ack(3, 0));
    assert_eq!(ended(&mut x), [(queued, Fine)], "late answers are dropped, the socket goes on");
    assert!(x.is_idle());
}

/// Hands over the first `length` bytes of a datagram that was longer.
fn feed_cut(x: &mut Exchange, datagram: &[u8], length: usize) -> (Vec<Handled>, Handled) {
    let cut = &datagram[..length];
    (feed(x, cut), x.handle_truncated(cut))
}

#[test]
fn a_cut_reply_ends_its_request() {
    let mut x = exchange();
    let (get, other) = (x.submit(&ask(1)), x.submit(&ask(2)));
    send_all(&mut x);
    let reply = message(NEW, 0, 1, &[0; 400]);
    for length in [16, 17, 40, 399] {
        let mut x = exchange();
        let get = x.submit(&ask(1));
        send_all(&mut x);
        assert_eq!(feed_cut(&mut x, &reply, length), (vec![], Handled::Consumed));
        assert_eq!(ended(&mut x), [(get, TRUNCATED)]);
        feed(&mut x, &ack(1, 0));
        assert!(x.is_idle() && ended(&mut x).is_empty());
    }
    // The others go on.
    feed_cut(&mut x, &reply, 30);
    feed(&mut x, &[ack(1, 0), thing(0, 2, 2), ack(2, 0)].concat());
    assert_eq!(ended(&mut x), [(get, TRUNCATED), (other, Replied)]);
}

#[test]
fn a_cut_dump_ends_but_keeps_its_place() {
    let mut x = exchange();
    let (dump, next) = (x.submit(&all()), x.submit(&all()));
    send_all(&mut x);
    let datagram = [thing(nlmsg::MULTI, 1, 1), message(NEW, nlmsg::MULTI, 1, &[0; 400])].concat();
    // Even if of the second message not so much as its header is there.
    let (handled, _) = feed_cut(&mut x, &datagram, 24);
    assert_eq!(handled, [Handled::Reply(dump)]);
    assert_eq!(ended(&mut x), [(dump, TRUNCATED)]);
    assert_eq!(send_all(&mut x).len(), 0, "the kernel would say EBUSY");
    assert_eq!(feed(&mut x, &thing(nlmsg::MULTI, 1, 3)), [], "nobody wants the rest");
    feed(&mut x, &done(1, 0));
    assert_eq!(send_all(&mut x).len(), 1);
    feed(&mut x, &done(2, 0));
    assert_eq!(ended(&mut x), [(next, Fine)]);
}

#[test]
fn a_cut_acknowledgement_is_understood() {
    let mut x = exchange();
    let (a, b) = (x.submit(&add(1)), x.submit(&add(2)));
    send_all(&mut x);
    feed_cut(&mut x, &message(nlmsg::ERROR, 0, 1, &[0; 400]), 60);
    let refused = [&(-libc::EPERM).to_ne_bytes()[..], &[0; 400]].concat();
    feed_cut(&mut x, &message(nlmsg::ERROR, 0, 2, &refused), 22);
    assert_eq!(ended(&mut x), [(a, Fine), (b, Refused(libc::EPERM))]);
}

#[test]
fn a_cut_notification_is_told() {
    let mut x = exchange();
    let token = x.submit(&ask(1));
    send_all(&mut x);
    let (_, cut) = feed_cut(&mut x, &message_to(0, NEW, 0, 0, &[0; 400]), 100);
    assert_eq!(cut, Handled::Notification);
    feed(&mut x, &ack(1, 0));
    assert_eq!(ended(&mut x), [(token, Fine)]);
}

#[test]
fn cancelled_before_it_is_sent_it_never_is() {
    let mut x = exchange();
    let (command, dump) = (x.submit(&add(1)), x.submit(&all()));
    x.cancel(command);
    x.cancel(dump);
    assert!(send_all(&mut x).is_empty() && x.is_idle() && ended(&mut x).is_empty());
}

#[test]
fn cancelled_in_a_shared_datagram_it_does_nothing() {
    for cancelled in 0..3 {
        let mut x = exchange();
        let tokens: Vec<_> = (0..3).map(|index| x.append(&add(index))).collect();
        x.cancel(tokens[cancelled]);
        let sent = send_all(&mut x).concat();
        let seen: Vec<_> = Messages::new(&sent).map(|m| (m.header.command(), m.header.flags() & nlmsg::ACK)).collect();
        let expected: Vec<_> = (0..3)
            .map(|at| (if at == cancelled { nlmsg::NOOP } else { NEW }, if at == 2 { nlmsg::ACK } else { 0 }))
            .collect();
        assert_eq!(seen, expected);
        feed(&mut x, &ack(3, 0));
        let others: Vec<_> = (0..3).filter(|at| *at != cancelled).map(|at| (tokens[at], Fine)).collect();
        assert_eq!(ended(&mut x), others);
        assert!(x.is_idle());
    }
}

#[test]
fn cancelled_at_any_later_point_its_answers_are_dropped() {
    // After it was sent, after a reply, after it has ended.
    for point in 0..3 {
        let mut x = exchange();
        let (get, dump, next) = (x.submit(&ask(1)), x.submit(&all()), x.submit(&all()));
        send_all(&mut x);
        let answers = [[thing(0, 1, 1), thing(nlmsg::MULTI, 2, 1)].concat(), [ack(1, 0), done(2, 0)].concat()];
        let mut delivered = 0;
        for (at, answer) in answers.iter().enumerate() {
            if at == point {
                x.cancel(get);
                x.cancel(dump);
                assert!(point == 2 || send_all(&mut x).is_empty(), "the kernel is still at the dump");
            }
            delivered += feed(&mut x, answer).len();
        }
        if point == 2 {
            x.cancel(get);
            x.cancel(dump);
        }
        assert_eq!(delivered, if point == 0 { 0 } else { 2 });
        assert_eq!(send_all(&mut x).len(), 1);
        feed(&mut x, &done(3, 0));
        assert_eq!(ended(&mut x), [(next, Fine)]);
        assert!(x.is_idle());
    }
}
