//! What acknowledgements say: errors, paths, warnings.

mod script;

use netloom_testkit::{attribute, things::*};
use netloom_wire::{ErrorKind, ExtendedAck, Messages, Result, nlmsg};
use script::*;

/// What the one outcome is after the kernel answered a request with `said`.
fn answered(errno: i32, capped: bool, said: &[u8]) -> Result<netloom_proto::Outcome> {
    let mut x = exchange();
    x.submit(&add(4));
    let sent = send_all(&mut x).concat();
    feed(&mut x, &extended(&sent, errno, capped, said));
    x.poll_done().expect("it has ended").1
}

fn refused(capped: bool, said: &[u8]) -> String {
    answered(libc::ERANGE, capped, said).expect_err("it was refused").to_string()
}

// A request: header 16, index 4, THING_NAME at 20 (8 bytes), THING_WEIGHT at 28, THING_PART at 36, PART_SIZE at 40.

#[test]
fn capped_or_not_it_is_the_same() {
    let said = [attribute(1, b"Attribute failed policy validation\0"), attribute(2, &28u32.to_ne_bytes())].concat();
    for capped in [true, false] {
        assert_eq!(
            refused(capped, &said),
            "add thing 4: Numerical result out of range (ERANGE): Attribute failed policy validation, at THING_WEIGHT"
        );
    }
}

#[test]
fn an_offset_becomes_a_path() {
    assert_eq!(
        refused(true, &attribute(2, &40u32.to_ne_bytes())),
        "add thing 4: Numerical result out of range (ERANGE), at THING_PART > PART_SIZE"
    );
    for nowhere in [0u32, 3, 5000, u32::MAX] {
        let error = answered(libc::EINVAL, true, &attribute(2, &nowhere.to_ne_bytes())).unwrap_err();
        assert_eq!(error.extended_ack().and_then(|ack| ack.offset), Some(nowhere));
        assert_eq!(error.extended_ack().and_then(|ack| ack.path.clone()), None);
    }
}

#[test]
fn a_missing_attribute_is_named() {
    assert_eq!(
        refused(true, &attribute(5, &2u32.to_ne_bytes())),
        "add thing 4: Numerical result out of range (ERANGE), missing THING_WEIGHT"
    );
    let said = [attribute(5, &4u32.to_ne_bytes()), attribute(6, &36u32.to_ne_bytes())].concat();
    assert!(refused(false, &said).ends_with("missing THING_PART > PART_SIZE"));
}

#[test]
fn the_policy_is_told() {
    let policy =
        [attribute(1, &4u32.to_ne_bytes()), attribute(4, &1u64.to_ne_bytes()), attribute(5, &9u64.to_ne_bytes())]
            .concat();
    let said = [attribute(2, &28u32.to_ne_bytes()), attribute(4 | 0x8000, &policy)].concat();
    assert!(refused(true, &said).ends_with("at THING_WEIGHT (wanted: U32 1 to 9)"), "{}", refused(true, &said));
}

#[test]
fn a_cookie_and_a_warning_come_with_success() {
    let warning = answered(0, true, &attribute(1, b"it was done differently\0")).unwrap().warning.unwrap();
    assert_eq!(warning.to_string(), "add thing 4: it was done differently");
    assert_eq!(warning.asked.as_deref(), Some("add thing 4"));
    let cookie = answered(0, false, &attribute(3, &[1, 2, 3])).unwrap().warning.unwrap();
    assert_eq!(cookie.ack.cookie.as_deref(), Some(&[1, 2, 3][..]));
    assert_eq!(answered(0, true, &[]).unwrap().warning, None);
}

#[test]
fn the_end_of_a_dump_carries_an_extended_ack_too() {
    for (errno, kind) in [(libc::EINVAL, Some(ErrorKind::Kernel)), (0, None)] {
        let mut x = exchange();
        x.submit(&all());
        send_all(&mut x);
        let payload = [&(-errno).to_ne_bytes()[..], &attribute(1, b"no such filter\0")].concat();
        feed(&mut x, &message(nlmsg::DONE, nlmsg::MULTI | nlmsg::ACK_TLVS, 1, &payload));
        let outcome = x.poll_done().unwrap().1;
        match kind {
            Some(kind) => {
                let error = outcome.unwrap_err();
                assert_eq!(
                    (error.kind(), error.to_string().as_str()),
                    (kind, "list thing 0: Invalid argument (EINVAL): no such filter")
                );
            }
            None => assert_eq!(outcome.unwrap().warning.unwrap().to_string(), "list thing 0: no such filter"),
        }
    }
}

#[test]
fn in_a_pipeline_each_error_names_its_own_request() {
    let mut x = exchange();
    (0..5).for_each(|index| _ = x.append(&add(index)));
    let sent = send_all(&mut x).concat();
    for (index, message) in Messages::new(&sent).enumerate().filter(|(index, _)| *index != 2) {
        let at = message.payload.as_ptr() as usize - sent.as_ptr() as usize - nlmsg::HEADER;
        let said = attribute(2, &(if index == 0 { 28u32 } else { 40 }).to_ne_bytes());
        feed(&mut x, &extended(&sent[at..], libc::EINVAL, true, &said));
    }
    let texts: Vec<_> = std::iter::from_fn(|| x.poll_done()).map(|(_, o)| o.err().map(|e| e.to_string())).collect();
    let part = |index| Some(format!("add thing {index}: Invalid argument (EINVAL), at THING_PART > PART_SIZE"));
    assert_eq!(
        texts,
        [Some("add thing 0: Invalid argument (EINVAL), at THING_WEIGHT".into()), part(1), None, part(3), part(4)]
    );
}

#[test]
fn acknowledgements_of_any_length_are_understood_or_refused() {
    let mut x = exchange();
    x.submit(&add(4));
    let sent = send_all(&mut x).concat();
    let said = [attribute(1, b"text\0"), attribute(2, &28u32.to_ne_bytes())].concat();
    for capped in [true, false] {
        let whole = extended(&sent, libc::EPERM, capped, &said);
        for length in nlmsg::HEADER..=whole.len() {
            let mut x = exchange();
            x.submit(&add(4));
            send_all(&mut x);
            let mut cut = whole[..length].to_vec();
            cut[..4].copy_from_slice(&u32::try_from(length).unwrap().to_ne_bytes());
            feed(&mut x, &cut);
            let error = x.poll_done().expect("any acknowledgement ends the request").1.unwrap_err();
            let expected = if length < 20 { ErrorKind::Decode } else { ErrorKind::Kernel };
            assert_eq!(error.kind(), expected, "{length}");
        }
    }
    assert!(ExtendedAck::default().is_empty());
}
