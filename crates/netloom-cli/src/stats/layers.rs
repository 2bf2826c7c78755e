//! Statistics of the hardware, of MPLS and of LACP.

use crate::link::counters;
use crate::out::Record;
use netloom::stats::{ExtendedStats, HardwareStatsInfo, OffloadStats, Stats};

/// `IFLA_OFFLOAD_XSTATS_L3_STATS`.
const L3_STATS: u16 = 3;

/// What there is to say about packets of layer 3 that the hardware counts.
fn layer3_info(stats: &Stats) -> Option<&HardwareStatsInfo> {
    stats.offload().and_then(OffloadStats::info)?.numbered().find(|(number, _)| *number == L3_STATS).map(|(_, i)| i)
}

/// Which counters the hardware has.
pub(super) fn info(r: &mut Record, stats: &Stats) {
    r.object("info", |r| {
        if let Some(info) = layer3_info(stats) {
            r.line(4);
            r.text("l3_stats");
            r.object("l3_stats", |r| state(r, info));
        }
    });
}

fn state(r: &mut Record, info: &HardwareStatsInfo) {
    if let Some(requested) = info.requested() {
        r.bool("request", requested != 0).bare();
    }
    if let Some(used) = info.used() {
        r.bool("used", used != 0);
    }
}

/// Packets of layer 3 that the hardware counts.
pub(super) fn layer3(r: &mut Record, stats: &Stats) {
    if let Some(info) = layer3_info(stats) {
        r.object("info", |r| state(r, info));
    }
    if let Some(l3) = stats.offload().and_then(OffloadStats::l3) {
        let rx = [l3.rx_bytes, l3.rx_packets, l3.rx_errors, l3.rx_dropped];
        let tx = [l3.tx_bytes, l3.tx_packets, l3.tx_errors, l3.tx_dropped];
        r.object("stats64", |r| directions(r, rx, tx, ("multicast", "mcast", l3.multicast)));
    }
}

/// Packets of MPLS.
pub(super) fn mpls(r: &mut Record, stats: &Stats) {
    if let Some(mpls) = stats.families().and_then(|families| families.mpls()).and_then(|mpls| mpls.link()) {
        let rx = [mpls.rx_bytes, mpls.rx_packets, mpls.rx_errors, mpls.rx_dropped];
        let tx = [mpls.tx_bytes, mpls.tx_packets, mpls.tx_errors, mpls.tx_dropped];
        r.object("mpls_stats", |r| directions(r, rx, tx, ("noroute", "noroute", mpls.rx_no_route)));
    }
}

/// Bytes, packets, errors and drops in both directions, and one more counter of what is received.
fn directions(r: &mut Record, rx: [u64; 4], tx: [u64; 4], more: (&'static str, &'static str, u64)) {
    const KEYS: [&str; 4] = ["bytes", "packets", "errors", "dropped"];
    let named = |counts: [u64; 4]| KEYS.into_iter().zip(counts).map(|(key, count)| (key, key, count));
    r.object("rx", |r| {
        r.line(4);
        r.text("RX:");
        counters::rows(r, &named(rx).chain([more]).collect::<Vec<_>>());
    });
    r.object("tx", |r| {
        r.line(4);
        r.text("TX:");
        counters::rows(r, &named(tx).collect::<Vec<_>>());
    });
}

/// LACP.
pub(super) fn lacp(r: &mut Record, stats: Option<&ExtendedStats>) {
    let Some(lacp) = stats.and_then(ExtendedStats::bond).and_then(|bond| bond.lacp()) else { return };
    r.object("802.3ad", |r| {
        for (key, label, count) in [
            ("lacpdu_rx", "LACPDU Rx", lacp.lacpdu_rx()),
            ("lacpdu_tx", "LACPDU Tx", lacp.lacpdu_tx()),
            ("lacpdu_unknown_rx", "LACPDU Unknown type Rx", lacp.lacpdu_unknown_rx()),
            ("lacpdu_illegal_rx", "LACPDU Illegal Rx", lacp.lacpdu_illegal_rx()),
            ("marker_rx", "Marker Rx", lacp.marker_rx()),
            ("marker_tx", "Marker Tx", lacp.marker_tx()),
            ("marker_response_rx", "Marker response Rx", lacp.marker_response_rx()),
            ("marker_response_tx", "Marker response Tx", lacp.marker_response_tx()),
            ("marker_unknown_rx", "Marker unknown type Rx", lacp.marker_unknown_rx()),
        ] {
            if let Some(count) = count {
                r.line(4);
                r.number(key, count).label(label);
            }
        }
    });
}
