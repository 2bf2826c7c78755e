//! Orders of any size: cut into messages, obeyed by a kernel that is played, read back in parts.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
};

use netloom_wire::{Buffer, Errno, ErrorKind, View, Writer};
use netloom_wireguard::{
    AllowedIp, AllowedIpAttributes, AllowedIpFlags, DeviceFlags, DevicePart, DeviceWriter, Endpoint, Get,
    PeerAttributes, PeerFlags, PresharedKey, PrivateKey, PublicKey, Set, SetPeer,
};
use proptest::{collection::vec, option, prelude::*};

mod support;
use support::Recorder;

/// A message must be shorter; `nlmsghdr` and `genlmsghdr` take 20 bytes of it.
const MESSAGE: usize = 32 * 1024 - 20;

/// A device as the kernel's header says that it obeys (`linux/wireguard.h`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Played {
    private_key: Option<PrivateKey>,
    listen_port: u16,
    fwmark: u32,
    peers: BTreeMap<PublicKey, PlayedPeer>,
    /// Which peer was given an allowed IP last.
    owners: BTreeMap<AllowedIp, PublicKey>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct PlayedPeer {
    preshared_key: Option<PresharedKey>,
    endpoint: Option<SocketAddr>,
    keepalive: u16,
    allowed: BTreeSet<AllowedIp>,
}

impl Played {
    fn obey(&mut self, part: &DevicePart) {
        self.listen_port = part.listen_port().unwrap_or(self.listen_port);
        self.fwmark = part.fwmark().unwrap_or(self.fwmark);
        if let Some(key) = part.private_key() {
            self.private_key = Some(key).filter(|key| !key.is_zero());
        }
        if part.flags().is_some_and(|flags| flags.contains(DeviceFlags::REPLACE_PEERS)) {
            self.peers.clear();
        }
        part.peers().into_iter().flatten().for_each(|peer| self.obey_peer(peer));
    }

    fn obey_peer(&mut self, part: &PeerAttributes) {
        let key = part.public_key().unwrap();
        let flags = part.flags().unwrap_or_default();
        if flags.contains(PeerFlags::REMOVE_ME) {
            self.peers.remove(&key);
            return;
        }
        if flags.contains(PeerFlags::UPDATE_ONLY) && !self.peers.contains_key(&key) {
            return;
        }
        let peer = self.peers.entry(key).or_default();
        if flags.contains(PeerFlags::REPLACE_ALLOWEDIPS) {
            peer.allowed.clear();
        }
        if let Some(key) = part.preshared_key() {
            peer.preshared_key = Some(key).filter(|key| !key.is_zero());
        }
        peer.endpoint = part.endpoint().map(|endpoint| endpoint.0).or(peer.endpoint);
        peer.keepalive = part.persistent_keepalive_interval().unwrap_or(peer.keepalive);
        for allowed in part.allowedips().into_iter().flatten() {
            let ip = AllowedIp::new(allowed.ipaddr().unwrap(), allowed.cidr_mask().unwrap()).unwrap();
            assert_eq!(allowed.family(), Some(if ip.address().is_ipv4() { 2 } else { 10 }));
            let gone = allowed.flags().is_some_and(|flags| flags.contains(AllowedIpFlags::REMOVE_ME));
            if gone {
                self.peers.get_mut(&key).unwrap().allowed.remove(&ip);
                continue;
            }
            if let Some(owner) = self.owners.insert(ip, key).and_then(|owner| self.peers.get_mut(&owner)) {
                owner.allowed.remove(&ip);
            }
            self.peers.get_mut(&key).unwrap().allowed.insert(ip);
        }
    }

    /// The device in parts: settings in the first, `each` allowed IPs in a part, a peer cut wherever that is reached.
    fn tell(&self, name: &str, each: usize) -> Vec<Vec<u8>> {
        let mut cuts: Vec<Vec<(PublicKey, bool, Vec<AllowedIp>)>> = vec![Vec::new()];
        let mut room = each;
        for (key, peer) in &self.peers {
            let mut rest: Vec<AllowedIp> = peer.allowed.iter().copied().collect();
            let mut first = true;
            loop {
                if room == 0 {
                    cuts.push(Vec::new());
                    room = each;
                }
                let taken: Vec<_> = rest.drain(..room.min(rest.len())).collect();
                room -= taken.len().max(1).min(room);
                cuts.last_mut().unwrap().push((*key, std::mem::take(&mut first), taken));
                if rest.is_empty() {
                    break;
                }
            }
        }
        cuts.iter().enumerate().map(|(at, peers)| self.part(name, at == 0, peers)).collect()
    }

    fn part(&self, name: &str, first: bool, peers: &[(PublicKey, bool, Vec<AllowedIp>)]) -> Vec<u8> {
        let mut buffer = Buffer::new();
        buffer.message((), |mut w: DeviceWriter| {
            if first {
                w = w.listen_port(self.listen_port).fwmark(self.fwmark).ifindex(7);
                if let Some(key) = &self.private_key {
                    w = w.private_key(key.clone()).public_key(key.public_key());
                }
            }
            w.ifname(name).peers(|list| {
                peers.iter().fold(list, |list, (key, first, allowed)| {
                    list.at(0).item(|w: Writer<PeerAttributes>| self.peer(*key, *first, allowed, w))
                })
            })
        });
        buffer.finish().unwrap()
    }

    fn peer(
        &self,
        key: PublicKey,
        first: bool,
        allowed: &[AllowedIp],
        w: Writer<PeerAttributes>,
    ) -> Writer<PeerAttributes> {
        let peer = &self.peers[&key];
        let mut w = w.public_key(key);
        if first {
            let shared = peer.preshared_key.clone().unwrap_or(PresharedKey::from_bytes([0; 32]));
            w = w.preshared_key(shared).persistent_keepalive_interval(peer.keepalive);
            if let Some(endpoint) = peer.endpoint {
                w = w.endpoint(Endpoint(endpoint));
            }
        }
        w.allowedips(|list| {
            allowed.iter().fold(list, |list, allowed| {
                list.at(0).item(|w: Writer<AllowedIpAttributes>| {
                    let family = if allowed.address().is_ipv4() { 2 } else { 10 };
                    w.family(family).ipaddr(allowed.address()).cidr_mask(allowed.prefix())
                })
            })
        })
    }
}

/// Sends an order to a played kernel, and gives what became of it and the messages.
fn obeyed(before: Played, set: &Set) -> (Played, Vec<Vec<u8>>) {
    let device = Arc::new(Mutex::new(before));
    let obeying = Arc::clone(&device);
    let mut recorder =
        Recorder { obey: Some(Box::new(move |part| obeying.lock().unwrap().obey(part))), ..Recorder::default() };
    let sent = recorder.set(set).unwrap();
    let after = device.lock().unwrap().clone();
    (after, sent)
}

fn key(n: u32) -> PublicKey {
    let mut bytes = [7; 32];
    bytes[..4].copy_from_slice(&n.to_be_bytes());
    PublicKey::from_bytes(bytes)
}

fn ip(n: u32) -> AllowedIp {
    AllowedIp::from(IpAddr::from(n.to_be_bytes()))
}

#[test]
fn ten_thousand_peers_go_there_and_come_back() {
    let peers = (0..10_000).map(|n| {
        let endpoint = SocketAddr::from(([10, 0, 0, 1], 51820));
        SetPeer::new(key(n))
            .endpoint(endpoint)
            .keepalive(25)
            .replace_allowed_ips()
            .allowed_ips((0..3).map(|m| ip(n * 3 + m)))
    });
    let set = Set::new("wg0").listen_port(1).replace_peers().peers(peers);
    let (device, sent) = obeyed(Played::default(), &set);
    assert_eq!(device.peers.len(), 10_000);
    assert!(device.peers.values().all(|peer| peer.allowed.len() == 3 && peer.keepalive == 25));
    assert!(sent.iter().all(|message| message.len() < MESSAGE));
    assert!(sent.len() < 100, "{} messages", sent.len());
    let parts: Vec<_> =
        device.tell("wg0", 100).into_iter().map(|part| [&[0, 1, 0, 0], part.as_slice()].concat()).collect();
    let read = Recorder::answering(&parts).get(&Get::new("wg0")).unwrap();
    assert_eq!(read.peers.len(), 10_000);
    assert!(read.peers.iter().all(|peer| peer.allowed_ips.len() == 3));
}

#[test]
fn one_peer_with_very_many_allowed_ips_is_replaced_once() {
    let set =
        Set::new(3).peer(SetPeer::new(key(1)).keepalive(9).replace_allowed_ips().allowed_ips((0..20_000).map(ip)));
    let before = Played {
        peers: [(key(1), PlayedPeer { allowed: [ip(u32::MAX)].into(), ..Default::default() })].into(),
        ..Default::default()
    };
    let (device, sent) = obeyed(before, &set);
    assert_eq!(device.peers[&key(1)].allowed.len(), 20_000);
    assert!(sent.len() > 1 && sent.iter().all(|message| message.len() < MESSAGE));
    let said = sent.iter().filter(|message| {
        let peer = DevicePart::view(message).unwrap().peers().unwrap().next().unwrap();
        peer.flags().is_some() || peer.persistent_keepalive_interval().is_some()
    });
    assert_eq!(said.count(), 1);
}

#[test]
fn a_peer_that_must_exist_is_not_made_by_its_second_message() {
    let set = Set::new("wg0").peer(SetPeer::new(key(1)).update_only().allowed_ips((0..5_000).map(ip)));
    let (device, sent) = obeyed(Played::default(), &set);
    assert!(sent.len() > 1 && device.peers.is_empty());
}

#[test]
fn an_error_ends_the_order_and_names_device_and_peer() {
    let set =
        Set::new("wg0").listen_port(5).replace_peers().peers((0..1000).map(|n| SetPeer::new(key(n)).allowed_ip(ip(n))));
    let refused = key(500);
    let mut recorder = Recorder {
        refuse: Some(Box::new(move |part| {
            part.peers().into_iter().flatten().any(|peer| peer.public_key() == Some(refused)).then_some(Errno::EINVAL)
        })),
        ..Recorder::default()
    };
    let error = recorder.set(&set).unwrap_err();
    assert_eq!(error.to_string(), format!("set WireGuard device wg0, peer {refused}: Invalid argument (EINVAL)"));
    let last = recorder.sent.last().unwrap();
    assert!(recorder.sent.iter().all(|message| {
        DevicePart::view(message).unwrap().peers().into_iter().flatten().all(|peer| peer.public_key() != Some(key(501)))
            || message.len() > last.len()
    }));

    let mut recorder = Recorder {
        refuse: Some(Box::new(|part| part.listen_port().map(|_| Errno::EADDRINUSE))),
        ..Recorder::default()
    };
    let error = recorder.set(&set).unwrap_err();
    assert!(error.to_string().starts_with("set WireGuard device wg0: "), "{error}");

    // Of a device that is not there no peer is at fault.
    let mut recorder = Recorder { refuse: Some(Box::new(|_| Some(Errno::ENODEV))), ..Recorder::default() };
    let error = recorder.set(&Set::new("wg0").peer(SetPeer::new(key(1)))).unwrap_err();
    assert!(error.to_string().starts_with("set WireGuard device wg0: "), "{error}");
}

#[test]
fn a_device_that_changes_is_read_again_and_not_for_ever() {
    let whole = Played { listen_port: 9, ..Default::default() }.tell("wg0", 1);
    let half =
        Played { listen_port: 8, peers: [(key(1), PlayedPeer::default())].into(), ..Default::default() }.tell("wg0", 1);
    let mut recorder =
        Recorder { dumps: [(half.clone(), true), (half.clone(), true), (whole, false)].into(), ..Recorder::default() };
    let device = recorder.get(&Get::new("wg0")).unwrap();
    assert_eq!((device.listen_port, device.peers.len(), recorder.sent.len()), (9, 0, 3));
    let mut recorder = Recorder { dumps: [(half, true)].into(), ..Recorder::default() };
    let error = recorder.get(&Get::new("wg0")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert_eq!(error.to_string(), "get WireGuard device wg0: the device changed during each attempt to read it");
    assert!(recorder.sent.len() < 20);
}

fn any_ip() -> impl Strategy<Value = AllowedIp> {
    // Few, so that peers take them from each other.
    prop_oneof![
        (0..40u32, 0..=32u8).prop_map(|(n, prefix)| AllowedIp::new(ip(n << 24).address(), prefix).unwrap()),
        (0..40u128, 0..=128u8)
            .prop_map(|(n, prefix)| AllowedIp::new(IpAddr::from((n << 120).to_be_bytes()), prefix).unwrap()),
    ]
}

prop_compose! {
    fn any_peer()(
        n in 0..6u32,
        shared in option::of(any::<[u8; 32]>()),
        endpoint in option::of(any::<SocketAddr>()),
        keepalive in option::of(any::<u16>()),
        (remove, update_only, replace) in (prop::bool::weighted(0.1), any::<bool>(), any::<bool>()),
        allowed in vec((any_ip(), prop::bool::weighted(0.2)), 0..1500),
        few in any::<bool>(),
    ) -> SetPeer {
        let mut peer = SetPeer::new(key(n));
        if let Some(shared) = shared { peer = peer.preshared_key(PresharedKey::from_bytes(shared)); }
        if let Some(endpoint) = endpoint { peer = peer.endpoint(endpoint); }
        if let Some(keepalive) = keepalive { peer = peer.keepalive(keepalive); }
        if remove { peer = peer.remove(); }
        if update_only { peer = peer.update_only(); }
        if replace { peer = peer.replace_allowed_ips(); }
        let count = if few { 3 } else { allowed.len() };
        allowed.into_iter().take(count).fold(peer, |peer, (ip, gone)| if gone { peer.remove_allowed_ip(ip) } else { peer.allowed_ip(ip) })
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn cut_into_messages_an_order_does_what_its_peers_do_one_by_one(
        peers in vec(any_peer(), 0..6), more in vec(any_peer(), 0..3), replace in any::<bool>(), each in 1..50usize,
    ) {
        let mut set = Set::new("wg0").fwmark(4).peers(more.clone());
        let (before, _) = obeyed(Played::default(), &set);
        set = Set::new("wg0").private_key(PrivateKey::from_bytes([9; 32])).peers(peers.clone());
        if replace { set = set.replace_peers(); }
        let (after, sent) = obeyed(before.clone(), &set);
        for message in &sent {
            prop_assert!(message.len() < MESSAGE);
            prop_assert!(DevicePart::view(message).unwrap().check().is_ok());
        }
        // The same allowed IP by allowed IP, each in an order of its own.
        let mut settings = Set::new("wg0").private_key(PrivateKey::from_bytes([9; 32]));
        if replace { settings = settings.replace_peers(); }
        let (mut slowly, _) = obeyed(before, &settings);
        for peer in peers {
            (slowly, _) = obeyed(slowly, &Set::new("wg0").peer(peer));
        }
        prop_assert_eq!(&after, &slowly);

        let parts: Vec<_> = after.tell("wg0", each).into_iter().map(|part| [&[0, 1, 0, 0], part.as_slice()].concat()).collect();
        let read = Recorder::answering(&parts).get(&Get::new("wg0")).unwrap();
        prop_assert_eq!((read.name.as_str(), read.index, read.fwmark), ("wg0", 7, 4));
        prop_assert_eq!(read.private_key.as_ref(), after.private_key.as_ref());
        prop_assert_eq!(read.peers.len(), after.peers.len());
        for (peer, (key, played)) in read.peers.iter().zip(&after.peers) {
            prop_assert_eq!(&peer.public_key, key);
            prop_assert_eq!(&peer.preshared_key, &played.preshared_key);
            prop_assert_eq!((peer.endpoint, peer.keepalive), (played.endpoint, played.keepalive));
            prop_assert_eq!(peer.allowed_ips.iter().copied().collect::<BTreeSet<_>>(), played.allowed.clone());
            prop_assert_eq!(peer.allowed_ips.len(), played.allowed.len());
        }
    }
}
