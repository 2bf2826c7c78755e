//! The properties that `wg show DEVICE PROPERTY` tells: lines of columns for scripts, and the same keys as JSON.

use super::endpoint;
use crate::devices::Devices;
use crate::words::Case;
use netloom::wireguard::{Device, Peer};
use serde_json::{Map, Value as Json};
use std::fmt::Write as _;

/// A column: the key that it has in JSON, and its text.
struct Column<T> {
    key: &'static str,
    text: fn(&T, &Devices) -> String,
}

/// What one word asks for: columns of the device on a line, columns of each peer on a line of its own.
pub(super) struct Property {
    case: Case,
    device: &'static [Column<Device>],
    peer: &'static [Column<Peer>],
}

const NONE: &str = "(none)";

fn or_none(text: Option<impl ToString>) -> String {
    text.map_or_else(|| NONE.to_owned(), |text| text.to_string())
}

fn off_or(number: u16) -> String {
    if number == 0 { "off".to_owned() } else { number.to_string() }
}

/// The allowed IPs with this between them.
fn allowed(peer: &Peer, between: &str) -> String {
    let all: Vec<_> = peer.allowed_ips.iter().map(ToString::to_string).collect();
    if all.is_empty() { NONE.to_owned() } else { all.join(between) }
}

const PRIVATE_KEY: Column<Device> = Column {
    key: "private_key",
    text: |device, _| or_none(device.private_key.as_ref().map(|key| key.to_base64().as_str().to_owned())),
};
const PUBLIC_KEY: Column<Device> = Column { key: "public_key", text: |device, _| or_none(device.public_key) };
const LISTEN_PORT: Column<Device> = Column { key: "listen_port", text: |device, _| device.listen_port.to_string() };
const FWMARK: Column<Device> = Column {
    key: "fwmark",
    text: |device, _| if device.fwmark == 0 { "off".to_owned() } else { format!("{:#x}", device.fwmark) },
};

const KEY: Column<Peer> = Column { key: "public_key", text: |peer, _| peer.public_key.to_string() };
const PRESHARED_KEY: Column<Peer> = Column {
    key: "preshared_key",
    text: |peer, _| or_none(peer.preshared_key.as_ref().map(|key| key.to_base64().as_str().to_owned())),
};
const ENDPOINT: Column<Peer> = Column {
    key: "endpoint",
    text: |peer, devices| or_none(peer.endpoint.as_ref().map(|endpoint| endpoint::show(endpoint, devices))),
};
const ALLOWED_IPS: Column<Peer> = Column { key: "allowed_ips", text: |peer, _| allowed(peer, " ") };
const HANDSHAKE: Column<Peer> = Column {
    key: "last_handshake",
    text: |peer, _| peer.last_handshake.map_or(0, |since| since.as_secs()).to_string(),
};
const RX: Column<Peer> = Column { key: "rx_bytes", text: |peer, _| peer.rx_bytes.to_string() };
const TX: Column<Peer> = Column { key: "tx_bytes", text: |peer, _| peer.tx_bytes.to_string() };
const KEEPALIVE: Column<Peer> = Column { key: "keepalive", text: |peer, _| off_or(peer.keepalive) };

const fn of_device(name: &'static str, about: &'static str, device: &'static [Column<Device>]) -> Property {
    Property { case: Case { name, about, words: &[] }, device, peer: &[] }
}

const fn of_peers(name: &'static str, about: &'static str, peer: &'static [Column<Peer>]) -> Property {
    Property { case: Case { name, about, words: &[] }, device: &[], peer }
}

static PROPERTIES: [Property; COUNT] = TABLE;
const COUNT: usize = TABLE.len();
const TABLE: [Property; 12] = [
    of_device("public-key", "public key of the device", &[PUBLIC_KEY]),
    of_device("private-key", "private key of the device", &[PRIVATE_KEY]),
    of_device("listen-port", "UDP port", &[LISTEN_PORT]),
    of_device("fwmark", "mark of the packets that are sent", &[FWMARK]),
    of_peers("peers", "public keys of the peers", &[KEY]),
    of_peers("preshared-keys", "preshared key of each peer", &[KEY, PRESHARED_KEY]),
    of_peers("endpoints", "where each peer is reached", &[KEY, ENDPOINT]),
    of_peers("allowed-ips", "what each peer may send from", &[KEY, ALLOWED_IPS]),
    of_peers(
        "latest-handshakes",
        "when the latest handshake with each peer was, in seconds since 1970",
        &[KEY, HANDSHAKE],
    ),
    of_peers("transfer", "bytes received from and sent to each peer", &[KEY, RX, TX]),
    of_peers(
        "persistent-keepalive",
        "interval of packets that keep the way to each peer open, in seconds",
        &[KEY, KEEPALIVE],
    ),
    Property {
        case: Case { name: "dump", about: "everything, with columns between tabs", words: &[] },
        device: &[PRIVATE_KEY, PUBLIC_KEY, LISTEN_PORT, FWMARK],
        peer: &[
            KEY,
            PRESHARED_KEY,
            ENDPOINT,
            Column { key: "allowed_ips", text: |peer, _| allowed(peer, ",") },
            HANDSHAKE,
            RX,
            TX,
            KEEPALIVE,
        ],
    },
];

/// The words, for the table of `show`.
#[expect(clippy::indexing_slicing, reason = "the compiler counts")]
pub(super) const CASES: [Case; COUNT] = {
    let mut cases = [TABLE[0].case; COUNT];
    let mut at = 0;
    while at < COUNT {
        cases[at] = TABLE[at].case;
        at += 1;
    }
    cases
};

/// The property with this name.
pub(super) fn find(name: &str) -> Option<&'static Property> {
    PROPERTIES.iter().find(|property| property.case.name == name)
}

impl Property {
    /// Lines of columns; with the name of the device before each if lines of several devices come together.
    pub(super) fn lines(&self, device: &Device, devices: &Devices, named: bool) -> String {
        let mut text = String::new();
        let mut line = |columns: Vec<String>| {
            let name = named.then(|| device.name.clone());
            let columns: Vec<_> = name.into_iter().chain(columns).collect();
            _ = writeln!(text, "{}", columns.join("\t"));
        };
        if !self.device.is_empty() {
            line(self.device.iter().map(|column| (column.text)(device, devices)).collect());
        }
        if !self.peer.is_empty() {
            for peer in &device.peers {
                line(self.peer.iter().map(|column| (column.text)(peer, devices)).collect());
            }
        }
        text
    }

    /// Of a device as JSON the same: its name, and what the columns tell.
    pub(super) fn json(&self, device: Map<String, Json>) -> Map<String, Json> {
        let mut kept = Map::new();
        for (key, value) in device {
            let value = match value {
                Json::Array(peers) if !self.peer.is_empty() => {
                    peers.into_iter().map(|peer| self.peer_json(peer)).collect()
                }
                value if key == "name" || self.device.iter().any(|column| column.key == key) => value,
                _ => continue,
            };
            kept.insert(key, value);
        }
        kept
    }

    fn peer_json(&self, peer: Json) -> Json {
        let Json::Object(mut peer) = peer else { return peer };
        peer.retain(|key, _| self.peer.iter().any(|column| column.key == key));
        peer.into()
    }
}
