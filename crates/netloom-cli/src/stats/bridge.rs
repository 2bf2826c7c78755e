//! Statistics of bridges and of their ports.

use crate::out::Record;
use netloom::stats::{BridgeStats, ExtendedStats, RxTx};

/// Multicast snooping.
pub(super) fn mcast(r: &mut Record, stats: Option<&ExtendedStats>) {
    let Some(mcast) = stats.and_then(ExtendedStats::bridge).and_then(BridgeStats::mcast) else { return };
    let igmp_queries = [mcast.igmp_v1_queries, mcast.igmp_v2_queries, mcast.igmp_v3_queries];
    let igmp_reports = [mcast.igmp_v1_reports, mcast.igmp_v2_reports, mcast.igmp_v3_reports];
    r.object("multicast", |r| {
        versions(r, "igmp_queries", "IGMP queries", &igmp_queries);
        versions(r, "igmp_reports", "IGMP reports", &igmp_reports);
        both(r, "igmp_leaves", "IGMP leaves", mcast.igmp_leaves);
        r.line(4);
        r.number("igmp_parse_errors", mcast.igmp_parse_errors).label("IGMP parse errors");
        versions(r, "mld_queries", "MLD queries", &[mcast.mld_v1_queries, mcast.mld_v2_queries]);
        versions(r, "mld_reports", "MLD reports", &[mcast.mld_v1_reports, mcast.mld_v2_reports]);
        both(r, "mld_leaves", "MLD leaves", mcast.mld_leaves);
        r.line(4);
        r.number("mld_parse_errors", mcast.mld_parse_errors).label("MLD parse errors");
    });
}

/// A counter for each version of a protocol, received and sent.
fn versions(r: &mut Record, key: &'static str, label: &'static str, counts: &[RxTx]) {
    r.line(4);
    r.text(label);
    let received = (1..).zip(counts).map(|(version, count)| (format!("rx_v{version}"), count.rx));
    let sent = (1..).zip(counts).map(|(version, count)| (format!("tx_v{version}"), count.tx));
    r.object(key, |r| {
        for (key, count) in received.chain(sent) {
            let label = key.replace('_', " ");
            r.number(key, count).label(label);
        }
    });
}

fn both(r: &mut Record, key: &'static str, label: &'static str, count: RxTx) {
    r.line(4);
    r.text(label);
    r.object(key, |r| {
        r.number("rx", count.rx);
        r.number("tx", count.tx);
    });
}

/// The spanning tree protocol.
pub(super) fn stp(r: &mut Record, stats: Option<&ExtendedStats>) {
    let Some(stp) = stats.and_then(ExtendedStats::bridge).and_then(BridgeStats::stp) else { return };
    r.object("stp", |r| {
        for (key, label, count) in [
            ("rx_bpdu", "STP BPDU: RX", stp.rx_bpdu),
            ("tx_bpdu", "STP BPDU: TX", stp.tx_bpdu),
            ("rx_tcn", "STP TCN: RX", stp.rx_tcn),
            ("tx_tcn", "STP TCN: TX", stp.tx_tcn),
            ("transition_blk", "STP transitions: blocked", stp.transition_blocking),
            ("transition_fwd", "STP transitions: forwarding", stp.transition_forwarding),
        ] {
            r.line(4);
            r.number(key, count).label(label);
        }
    });
}
