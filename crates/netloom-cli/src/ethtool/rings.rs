//! Sizes of queues: `-g`, `-G`.

use super::given::given;
use super::sheet::Sheet;
use super::talk::{CHANGED, Talk, changed, must_say, show};
use crate::context::Context;
use crate::failure::Outcome;
use crate::words::{Kind, Word, Words, word};
use netloom::ethtool::commands::{GetRings, ListRings, SetRings};
use netloom::ethtool::rings::{Rings, TcpDataSplit};

pub(super) const RINGS: &[Word] = &[
    CHANGED,
    word("rx", Kind::U32, "entries in each receive ring"),
    word("rx-mini", Kind::U32, "entries in each receive ring for small packets"),
    word("rx-jumbo", Kind::U32, "entries in each receive ring for large packets"),
    word("tx", Kind::U32, "entries in each transmit ring"),
    word("rx-buf-len", Kind::U32, "bytes of each receive buffer"),
    word(
        "tcp-data-split",
        Kind::OneOf(&[("auto", 0), ("off", 1), ("on", 2)]),
        "whether headers of TCP are received apart from the data",
    ),
    word("hds-thresh", Kind::U32, "headers are split from the data of packets longer than so many bytes"),
    word("cqe-size", Kind::U32, "bytes of an entry of the completion queue"),
    word("tx-push", Kind::OnOff, "whether transmit descriptors are written straight into the device's memory"),
    word("rx-push", Kind::OnOff, "whether receive descriptors are written straight into the device's memory"),
    word("tx-push-buf-len", Kind::U32, "bytes of a packet that are pushed into the device's memory"),
];

pub(super) fn show_rings(cx: &mut Context, words: &Words) -> Outcome {
    show(cx, words, false, GetRings::of, |flags| ListRings::with(flags, |w| w), |_, found| Ok(rings(found)))
}

pub(super) fn rings(found: &Rings) -> Sheet {
    let mut s = Sheet::default();
    s.some("rx-max", found.rx_max());
    s.some("rx-mini-max", found.rx_mini_max());
    s.some("rx-jumbo-max", found.rx_jumbo_max());
    s.some("tx-max", found.tx_max());
    s.some("tx-push-buff-max-len", found.tx_push_buf_len_max());
    s.some("hds-thresh-max", found.header_split_threshold_max());
    s.some("rx", found.rx());
    s.some("rx-mini", found.rx_mini());
    s.some("rx-jumbo", found.rx_jumbo());
    s.some("tx", found.tx());
    s.some("rx-buf-len", found.rx_buf_len());
    s.some("cqe-size", found.cqe_size());
    s.some("tx-push", found.tx_push());
    s.some("rx-push", found.rx_push());
    s.some("tx-push-buf-len", found.tx_push_buf_len());
    match found.tcp_data_split() {
        None | Some(TcpDataSplit::Unknown) => {}
        Some(TcpDataSplit::Disabled) => _ = s.row("tcp-data-split", "off"),
        Some(TcpDataSplit::Enabled) => _ = s.row("tcp-data-split", "on"),
        Some(other) => _ = s.row("tcp-data-split", format!("unknown({})", u8::from(other))),
    }
    s.some("hds-thresh", found.header_split_threshold());
    s
}

pub(super) fn set_rings(cx: &mut Context, words: &Words) -> Outcome {
    let device = changed(cx, words)?;
    must_say(words)?;
    let set = SetRings::of(device, |w| {
        let w = given!(w, words; number "rx" => rx, number "rx-mini" => rx_mini, number "rx-jumbo" => rx_jumbo,
            number "tx" => tx, number "rx-buf-len" => rx_buf_len, number "hds-thresh" => header_split_threshold,
            number "cqe-size" => cqe_size, bool "tx-push" => tx_push, bool "rx-push" => rx_push,
            number "tx-push-buf-len" => tx_push_buf_len);
        match words.number::<u8>("tcp-data-split") {
            Some(split) => w.tcp_data_split(split.into()),
            None => w,
        }
    });
    Talk::open(cx)?.run(&set)
}
