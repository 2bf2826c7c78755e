//! `type team`: made by the kernel alone, or run by `teamd`.

use super::fields::{Names, name_of};
use crate::words::{Case, Kind, Word, Words, word};
use netloom::Write;
use netloom::kind::{Team, TeamWriter};
use netloom::wire::Buffer;

pub(super) const CASE: Case = Case { name: "team", about: "several links as one", words: WORDS };

const MODES: Names = &[("broadcast", 0), ("roundrobin", 1), ("random", 2), ("activebackup", 3), ("loadbalance", 4)];

const WORDS: &[Word] = &[
    word("mode", Kind::OneOf(MODES), "what becomes of packets"),
    word("notify_peers_count", Kind::U32, "how often neighbours are told of a new active port"),
    word("notify_peers_interval", Kind::U32, "ms between"),
    word("mcast_rejoin_count", Kind::U32, "how often multicast groups are joined again"),
    word("mcast_rejoin_interval", Kind::U32, "ms between"),
    word("config", Kind::Text("JSON"), "configuration of teamd, which is started and runs the team"),
    word("daemon", Kind::Text("PROGRAM"), "the program to start instead of teamd"),
];

/// Reads what the words say of a team that is to be made.
pub(super) fn read(words: &Words) -> Buffer {
    Team::new()
        .some(words.number("mode").and_then(|mode| name_of(mode, MODES)), TeamWriter::mode)
        .some(words.number("notify_peers_count"), TeamWriter::notify_peers_count)
        .some(words.number("notify_peers_interval"), TeamWriter::notify_peers_interval)
        .some(words.number("mcast_rejoin_count"), TeamWriter::mcast_rejoin_count)
        .some(words.number("mcast_rejoin_interval"), TeamWriter::mcast_rejoin_interval)
        .some(words.text("config"), TeamWriter::config)
        .some(words.text("daemon"), TeamWriter::daemon)
        .into_buffer()
}
