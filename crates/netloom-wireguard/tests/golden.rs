//! What `wg` sends and the kernel answers, byte for byte.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::{fs, path::Path, time::Duration};

use netloom_wire::{Buffer, Layout, View, check, generic, reencode};
use netloom_wireguard::{Device, DevicePart, Get, PresharedKey, PrivateKey, PublicKey, Set, SetPeer, WireGuard};

mod support;
use support::Recorder;

const PRIVATE: &str = "YOJSGcCEO6fmoSSAdm8VtYp6mSZ9+Rp+z0Dl1wPkjVE=";
const PUBLIC: &str = "QIppPnzML6pNHJYPD+i9Sf+QnjwZ+s5FfSccVTIhUVc=";
const SHARED: &str = "FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE=";
const FIRST: &str = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
const SECOND: &str = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=";

/// The messages of a file in `tests/golden`, each from the header of generic netlink on; that says how it was captured.
fn golden(name: &str) -> Vec<Vec<u8>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name).with_extension("txt");
    netloom_testkit::golden_messages(&file)
}

fn device() -> PrivateKey {
    PRIVATE.parse().unwrap()
}

fn peer(key: &str) -> SetPeer {
    SetPeer::new(key.parse().unwrap())
}

fn allowed(text: &str) -> Vec<netloom_wireguard::AllowedIp> {
    text.split(',').map(|allowed| allowed.parse().unwrap()).collect()
}

/// The only message of an order, with its header of generic netlink.
fn sent(set: &Set) -> Vec<u8> {
    let sent = Recorder::default().set(set).unwrap();
    assert_eq!(sent.len(), 1);
    [&generic::header(1, 1), sent[0].as_slice()].concat()
}

#[test]
fn orders_are_those_of_wg() {
    let set = Set::new("wg0").private_key(device()).listen_port(51820).fwmark(0x1234);
    assert_eq!(sent(&set), golden("set-device")[0]);
    let whole = peer(FIRST)
        .preshared_key(SHARED.parse::<PresharedKey>().unwrap())
        .endpoint("192.0.2.1:51821".parse().unwrap())
        .keepalive(25)
        .replace_allowed_ips()
        .allowed_ips(allowed("10.0.0.0/24,fd00::/64,10.1.2.3/32"));
    assert_eq!(sent(&Set::new("wg0").peer(whole)), golden("set-peer")[0]);
    let local = peer(SECOND)
        .endpoint("[fe80::1%1]:1234".parse().unwrap())
        .replace_allowed_ips()
        .allowed_ips(allowed("10.7.0.0/16"));
    assert_eq!(sent(&Set::new("wg0").peer(local)), golden("set-peer-link-local")[0]);
    assert_eq!(sent(&Set::new("wg0").peer(peer(FIRST).remove())), golden("remove-peer")[0]);
    let only = peer(FIRST)
        .endpoint("192.0.2.1:51821".parse().unwrap())
        .keepalive(25)
        .replace_allowed_ips()
        .allowed_ips(allowed("10.0.0.0/24,fd00::/64"));
    let none = peer(SECOND).no_preshared_key().keepalive(0);
    assert_eq!(sent(&Set::new("wg0").no_private_key().peer(none)), golden("remove-keys")[0]);
    let set = Set::new("wg0").private_key(device()).listen_port(51820).peer(only);
    assert_eq!(sent(&set), golden("addconf")[0]);
    assert_eq!(sent(&set.fwmark(0).replace_peers()), golden("setconf")[0]);
}

#[test]
fn peers_that_an_order_does_not_name_go_as_wg_sends_them_away() {
    let mut recorder = Recorder::answering(&golden("syncconf-before"));
    let only = peer(FIRST)
        .endpoint("192.0.2.1:51821".parse().unwrap())
        .keepalive(25)
        .replace_allowed_ips()
        .allowed_ips(allowed("10.0.0.0/24,fd00::/64"));
    let set = Set::new("wg0").private_key(device()).listen_port(51820).fwmark(0).peer(only);
    support::run(&set.synchronize(), &mut recorder).unwrap();
    let [get, set] = golden("syncconf").try_into().unwrap();
    let sent = |at: usize, command| [&generic::header(command, 1), recorder.sent[at].as_slice()].concat();
    assert_eq!((sent(0, 0), sent(1, 1)), (get, set));
    assert_eq!(recorder.sent.len(), 2);
}

#[test]
fn peers_that_stay_lose_what_an_order_does_not_say() {
    let before = Recorder::default().set(&Set::new("wg0").peers([
        peer(FIRST).preshared_key(SHARED.parse().unwrap()).keepalive(25),
        peer(SECOND).preshared_key(SHARED.parse().unwrap()).keepalive(25),
    ]));
    let mut recorder = Recorder { dumps: [(before.unwrap(), false)].into(), ..Recorder::default() };
    // Of the first nothing is said; of the second, in two places, both.
    let kept = [peer(SECOND).keepalive(7), peer(SECOND).preshared_key(SHARED.parse().unwrap())];
    let set = Set::new("wg0").replace_peers().peer(peer(FIRST)).peers(kept.clone());
    support::run(&set.synchronize(), &mut recorder).unwrap();
    let wanted = Set::new("wg0").peer(peer(FIRST).no_preshared_key().keepalive(0)).peers(kept);
    assert_eq!(recorder.sent[1..], Recorder::default().set(&wanted).unwrap());
}

#[test]
fn a_device_is_asked_for_as_wg_does() {
    let mut recorder = Recorder::default();
    recorder.get(&Get::new("wg0")).unwrap();
    assert_eq!([&generic::header(0, 1), recorder.sent[0].as_slice()].concat(), golden("show")[0]);
}

#[test]
fn what_the_kernel_tells_is_what_wg_shows() {
    let mut recorder = Recorder::answering(&golden("show-reply"));
    let device = recorder.get(&Get::new("wg0")).unwrap();
    assert_eq!((device.name.as_str(), device.listen_port, device.fwmark), ("wg0", 51820, 0));
    assert_eq!(device.private_key, Some(self::device()));
    assert_eq!(device.public_key.unwrap().to_string(), PUBLIC);
    let [peer] = device.peers.as_slice() else { panic!("{device:?}") };
    assert_eq!(peer.public_key, FIRST.parse::<PublicKey>().unwrap());
    assert_eq!((peer.preshared_key.as_ref(), peer.endpoint), (None, Some("192.0.2.1:51821".parse().unwrap())));
    assert_eq!((peer.keepalive, peer.last_handshake, peer.protocol_version), (25, None::<Duration>, 1));
    assert_eq!((peer.rx_bytes, peer.tx_bytes), (0, 0));
    assert_eq!(peer.allowed_ips, allowed("10.0.0.0/24,fd00::/64"));
}

#[test]
fn a_peer_that_goes_on_in_the_next_message_is_one() {
    let parts = golden("show-many-reply");
    assert!(parts.len() > 1);
    let device: Device = Recorder::answering(&parts).get(&Get::new("wg0")).unwrap();
    let counts: Vec<_> = device.peers.iter().map(|peer| (peer.allowed_ips.len(), peer.keepalive)).collect();
    assert_eq!(counts, [(200, 7), (1, 0), (0, 0)]);
    let mut seen = device.peers[0].allowed_ips.clone();
    seen.sort_unstable();
    let all: Vec<_> = (0..200u8).map(|n| allowed(&format!("10.0.{n}.0/24"))[0]).collect();
    assert_eq!(seen, all);
    assert_eq!(device.peers[1].public_key.to_string(), SECOND);
}

#[test]
fn every_golden_message_fits_the_tables_and_is_written_again_from_its_values() {
    let layout: &'static Layout = DevicePart::layout();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        for message in golden(path.file_stem().unwrap().to_str().unwrap()) {
            let (command, body) = generic::split(&message).unwrap();
            assert!(WireGuard::message_types().iter().any(|known| known.number == command), "{}", path.display());
            assert_eq!(check(layout, body), Ok(()), "{}", path.display());
            assert_eq!(reencode(layout, body).unwrap(), body, "{}", path.display());
            let mut copy = Buffer::new();
            DevicePart::view(body).unwrap().tlvs().for_each(|tlv| copy.put(tlv.raw_type, tlv.payload));
            assert_eq!(copy.bytes(), body, "{}", path.display());
        }
    }
}
