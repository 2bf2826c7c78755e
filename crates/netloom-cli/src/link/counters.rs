//! Counters of a link.

use crate::out::Record;
use netloom::link::{Link, LinkStats64};

/// Describes the counters of a link: 64 bits where the kernel has them. With `more` all of them.
pub(crate) fn describe(r: &mut Record, link: &Link, more: bool) {
    let (key, stats) = match (link.stats64(), link.stats()) {
        (Some(stats), _) => ("stats64", stats),
        (None, Some(stats)) => ("stats", widen(&stats)),
        (None, None) => return,
    };
    of(r, key, &stats, link.carrier_changes().filter(|_| more), more);
}

/// Describes counters under this key.
pub(crate) fn of(r: &mut Record, key: &'static str, stats: &LinkStats64, carrier_changes: Option<u32>, more: bool) {
    r.object(key, |r| {
        r.object("rx", |r| receive(r, stats, more));
        r.object("tx", |r| transmit(r, stats, carrier_changes, more));
    });
}

fn widen(narrow: &netloom::link::LinkStats) -> LinkStats64 {
    macro_rules! each { ($($field:ident)*) => { LinkStats64 { $($field: narrow.$field.into(),)* ..LinkStats64::default() } } }
    each! {
        rx_packets tx_packets rx_bytes tx_bytes rx_errors tx_errors rx_dropped tx_dropped multicast collisions
        rx_length_errors rx_over_errors rx_crc_errors rx_frame_errors rx_fifo_errors rx_missed_errors
        tx_aborted_errors tx_carrier_errors tx_fifo_errors tx_heartbeat_errors tx_window_errors
        rx_compressed tx_compressed rx_nohandler
    }
}

/// Writes counters under their JSON keys, each with the word that people see.
pub(crate) fn rows(r: &mut Record, rows: &[(&'static str, &'static str, u64)]) {
    for (key, label, count) in rows {
        r.counter(*key, *count).label(*label);
    }
}

fn receive(r: &mut Record, stats: &LinkStats64, more: bool) {
    r.line(4);
    r.text("RX:");
    rows(
        r,
        &[
            ("bytes", "bytes", stats.rx_bytes),
            ("packets", "packets", stats.rx_packets),
            ("errors", "errors", stats.rx_errors),
            ("dropped", "dropped", stats.rx_dropped),
            ("over_errors", "overrun", stats.rx_over_errors),
            ("multicast", "mcast", stats.multicast),
        ],
    );
    if stats.rx_compressed > 0 {
        r.counter("compressed", stats.rx_compressed);
    }
    if more {
        r.line(4);
        r.text("RX errors:");
        rows(
            r,
            &[
                ("length_errors", "length", stats.rx_length_errors),
                ("crc_errors", "crc", stats.rx_crc_errors),
                ("frame_errors", "frame", stats.rx_frame_errors),
                ("fifo_errors", "fifo", stats.rx_fifo_errors),
                ("missed_errors", "missed", stats.rx_missed_errors),
            ],
        );
        if stats.rx_nohandler > 0 {
            r.counter("nohandler", stats.rx_nohandler);
        }
        if stats.rx_otherhost_dropped > 0 {
            r.counter("otherhost", stats.rx_otherhost_dropped);
        }
    }
}

fn transmit(r: &mut Record, stats: &LinkStats64, carrier_changes: Option<u32>, more: bool) {
    r.line(4);
    r.text("TX:");
    rows(
        r,
        &[
            ("bytes", "bytes", stats.tx_bytes),
            ("packets", "packets", stats.tx_packets),
            ("errors", "errors", stats.tx_errors),
            ("dropped", "dropped", stats.tx_dropped),
            ("carrier_errors", "carrier", stats.tx_carrier_errors),
            ("collisions", "collsns", stats.collisions),
        ],
    );
    if stats.tx_compressed > 0 {
        r.counter("compressed", stats.tx_compressed);
    }
    if more {
        r.line(4);
        r.text("TX errors:");
        rows(
            r,
            &[
                ("aborted_errors", "aborted", stats.tx_aborted_errors),
                ("fifo_errors", "fifo", stats.tx_fifo_errors),
                ("window_errors", "window", stats.tx_window_errors),
                ("heartbeat_errors", "heartbeat", stats.tx_heartbeat_errors),
            ],
        );
        if let Some(changes) = carrier_changes {
            r.number("carrier_changes", changes).label("transns");
        }
    }
}
