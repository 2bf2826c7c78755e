//! WireGuard on the real kernel, through the facade; `wg` is the judge, and the one who sets what is read back.
#![cfg(all(feature = "wireguard", feature = "route"))]
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::{
    collections::BTreeSet,
    fs::File,
    io::Write as _,
    net::{IpAddr, SocketAddr, UdpSocket},
    os::fd::AsRawFd,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant, SystemTime},
};

use netloom::{
    IpRoute, Namespace, SocketOptions, WireGuard, address, link,
    wireguard::{AllowedIp, PresharedKey, PrivateKey, PublicKey, Set, SetPeer},
};
use netloom_testkit::{Namespace as Space, skip};

struct Scene {
    space: Space,
    ipr: IpRoute,
    wg: WireGuard,
}

fn options(space: &Space) -> SocketOptions {
    SocketOptions::new().namespace(Namespace::path(space.path()).unwrap())
}

/// A namespace with the device wg0 in it; None where there is no namespace, or an error where the kernel has no WireGuard.
fn scene() -> Option<Result<Scene, &'static str>> {
    let space = Space::new()?;
    if !space.has_kind("wireguard") {
        return Some(Err("the kernel has none"));
    }
    let mut ipr = IpRoute::with(&options(&space)).unwrap();
    ipr.run(&link::Add::new("wg0").kind("wireguard").up()).unwrap();
    let wg = WireGuard::with(&options(&space)).unwrap();
    Some(Ok(Scene { space, ipr, wg }))
}

macro_rules! scene {
    () => {
        match scene() {
            None => return,
            Some(Err(reason)) => skip!("wireguard", reason),
            Some(Ok(scene)) => scene,
        }
    };
}

impl Scene {
    /// What `wg` prints in the namespace.
    fn wg(&self, words: &str) -> String {
        self.wg_given(words, "")
    }

    /// The same with a text that it reads as /dev/stdin.
    fn wg_given(&self, words: &str, given: &str) -> String {
        self.space.enter(|| {
            let mut command = Command::new("wg");
            let _ = command.args(words.split(' ')).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = command.spawn().unwrap_or_else(|e| panic!("wg: {e}"));
            let mut pipe = child.stdin.take().unwrap();
            let given = given.to_owned();
            let writer = thread::spawn(move || pipe.write_all(given.as_bytes()));
            let out = child.wait_with_output().unwrap();
            let _ = writer.join().unwrap();
            assert!(out.status.success(), "wg {words}: {}", String::from_utf8_lossy(&out.stderr));
            String::from_utf8(out.stdout).unwrap()
        })
    }
}

fn key(n: u32) -> PublicKey {
    let mut bytes = [7; 32];
    bytes[..4].copy_from_slice(&n.to_be_bytes());
    PublicKey::from_bytes(bytes)
}

fn allowed(texts: &[&str]) -> Vec<AllowedIp> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

#[test]
fn a_device_is_set_as_wg_shows_it() {
    let mut scene = scene!();
    let (private, shared) = (PrivateKey::generate().unwrap(), PresharedKey::generate().unwrap());
    let first = SetPeer::new(key(1))
        .preshared_key(shared.clone())
        .endpoint("192.0.2.1:51821".parse().unwrap())
        .keepalive(25)
        .allowed_ips(allowed(&["10.0.0.0/24", "fd00::/64"]));
    let second = SetPeer::new(key(2)).endpoint("[2001:db8::1]:7".parse().unwrap());
    let set = Set::new("wg0").private_key(private.clone()).listen_port(51820).fwmark(0x1234).peer(first).peer(second);
    scene.wg.run(&set).unwrap();
    let shown = [
        format!("{}\t{}\t51820\t0x1234", private.to_base64().as_str(), private.public_key()),
        format!("{}\t{}\t192.0.2.1:51821\t10.0.0.0/24,fd00::/64\t0\t0\t0\t25", key(1), shared.to_base64().as_str()),
        format!("{}\t(none)\t[2001:db8::1]:7\t(none)\t0\t0\t0\toff", key(2)),
    ];
    assert_eq!(scene.wg("show wg0 dump").lines().collect::<Vec<_>>(), shown);
    let file = scene.wg("showconf wg0");
    for line in
        ["ListenPort = 51820", "FwMark = 0x1234", "PersistentKeepalive = 25", "AllowedIPs = 10.0.0.0/24, fd00::/64"]
    {
        assert!(file.lines().any(|found| found == line), "{file}");
    }

    // What is not said stays; what is said, changes.
    let change = SetPeer::new(key(1))
        .no_preshared_key()
        .keepalive(0)
        .replace_allowed_ips()
        .allowed_ips(allowed(&["10.9.0.0/16"]));
    let absent = SetPeer::new(key(3)).update_only().keepalive(1);
    scene.wg.run(&Set::new("wg0").fwmark(0).peers([change, SetPeer::new(key(2)).remove(), absent])).unwrap();
    let shown = [
        format!("{}\t{}\t51820\toff", private.to_base64().as_str(), private.public_key()),
        format!("{}\t(none)\t192.0.2.1:51821\t10.9.0.0/16\t0\t0\t0\toff", key(1)),
    ];
    assert_eq!(scene.wg("show wg0 dump").lines().collect::<Vec<_>>(), shown);

    scene.wg.run(&Set::new("wg0").no_private_key().replace_peers().peer(SetPeer::new(key(4)))).unwrap();
    assert_eq!(scene.wg("show wg0 peers").trim(), key(4).to_string());
    assert_eq!(scene.wg("show wg0 private-key").trim(), "(none)");
}

#[test]
fn what_wg_sets_is_read_back() {
    let mut scene = scene!();
    let private = PrivateKey::generate().unwrap();
    let file = format!(
        "[Interface]\nPrivateKey = {}\nListenPort = 4242\nFwMark = 7\n[Peer]\nPublicKey = {}\nEndpoint = [fe80::1%lo]:9\n\
         AllowedIPs = 0.0.0.0/0, ::/0\nPersistentKeepalive = 65535\n[Peer]\nPublicKey = {}\n",
        private.to_base64().as_str(),
        key(1),
        key(2)
    );
    scene.wg_given("setconf wg0 /dev/stdin", &file);
    let index = scene.ipr.link("wg0").unwrap().index();
    let device = scene.wg.device("wg0").unwrap();
    assert_eq!((device.name.as_str(), device.index, device.listen_port, device.fwmark), ("wg0", index, 4242, 7));
    assert_eq!((device.private_key.as_ref(), device.public_key), (Some(&private), Some(private.public_key())));
    let peer = |public: PublicKey| device.peers.iter().find(|peer| peer.public_key == public).unwrap();
    let first = peer(key(1));
    assert_eq!((first.endpoint, first.keepalive), (Some("[fe80::1%1]:9".parse().unwrap()), 65535));
    assert_eq!((first.last_handshake, first.protocol_version), (None, 1));
    assert_eq!(first.allowed_ips, allowed(&["0.0.0.0/0", "::/0"]));
    let second = peer(key(2));
    assert_eq!((second.endpoint, second.keepalive, second.preshared_key.as_ref()), (None, 0, None));
    assert!(second.allowed_ips.is_empty());

    assert_eq!(scene.wg.device(index).unwrap(), device);
    scene.ipr.run(&link::Add::new("wg1").kind("wireguard")).unwrap();
    let names: Vec<_> = scene.wg.devices().unwrap().into_iter().map(|device| device.name).collect();
    assert_eq!(names, ["wg0", "wg1"]);
}

#[test]
fn errors_name_device_and_peer() {
    let mut scene = scene!();
    let error = scene.wg.device("nowhere").unwrap_err();
    assert!(error.is_not_found() && error.to_string().starts_with("get WireGuard device nowhere: "), "{error}");
    let error = scene.wg.run(&Set::new("nowhere").listen_port(1).peer(SetPeer::new(key(1)))).unwrap_err();
    assert!(error.is_not_found() && error.to_string().starts_with("set WireGuard device nowhere: "), "{error}");
    let error = scene.wg.run(&Set::new("nowhere").peer(SetPeer::new(key(1)))).unwrap_err();
    assert!(error.is_not_found() && error.to_string().starts_with("set WireGuard device nowhere: "), "{error}");
    let error = scene.wg.run(&Set::new("lo").listen_port(1)).unwrap_err();
    assert!(error.is_unsupported() && error.to_string().starts_with("set WireGuard device lo: "), "{error}");

    let peers = (0..3).map(|n| SetPeer::new(key(n)).allowed_ip(IpAddr::from([10, 0, 0, n as u8]).into()));
    scene.wg.run(&Set::new("wg0").peers(peers)).unwrap();
    let gone = SetPeer::new(key(1)).remove_allowed_ip(IpAddr::from([10, 0, 0, 1]).into());
    match scene.wg.run(&Set::new("wg0").fwmark(1).peers([SetPeer::new(key(0)), gone, SetPeer::new(key(2))])) {
        Ok(()) => assert_eq!(scene.wg("show wg0 allowed-ips").matches("(none)").count(), 1),
        // Kernels before 6.16 know no such flag.
        Err(error) => {
            let named = format!("set WireGuard device wg0, peer {}: ", key(1));
            assert!(error.to_string().starts_with(&named), "{error}");
        }
    }
}

#[test]
fn ten_thousand_peers_both_ways() {
    const COUNT: u32 = 10_000;
    let mut scene = scene!();
    let ip = |n: u32| IpAddr::from((0x0a00_0000 + n).to_be_bytes());
    let peers = (0..COUNT).map(|n| {
        let endpoint = SocketAddr::from(([192, 0, 2, 1], 1000));
        SetPeer::new(key(n)).endpoint(endpoint).keepalive(25).allowed_ips((0..3).map(|m| ip(n * 3 + m).into()))
    });
    let begin = Instant::now();
    scene.wg.run(&Set::new("wg0").replace_peers().peers(peers)).unwrap();
    let set = begin.elapsed();
    let seen = scene.wg("show wg0 dump");
    let seen: BTreeSet<&str> = seen.lines().skip(1).collect();
    let expected: Vec<String> = (0..COUNT)
        .map(|n| {
            let [a, b, c] = [0, 1, 2].map(|m| ip(n * 3 + m));
            format!("{}\t(none)\t192.0.2.1:1000\t{a}/32,{b}/32,{c}/32\t0\t0\t0\t25", key(n))
        })
        .collect();
    let sorted = |line: &str| {
        let mut fields: Vec<String> = line.split('\t').map(str::to_owned).collect();
        let mut allowed: Vec<&str> = fields[3].split(',').collect();
        allowed.sort_unstable();
        fields[3] = allowed.join(",");
        fields.join("\t")
    };
    let seen: BTreeSet<String> = seen.into_iter().map(sorted).collect();
    assert_eq!(seen.len(), 10_000);
    for line in &expected {
        assert!(seen.contains(&sorted(line)), "{line}");
    }

    scene.ipr.run(&link::Add::new("wg1").kind("wireguard")).unwrap();
    let mut file = "[Interface]\n".to_owned();
    for n in 0..COUNT {
        let [a, b, c] = [0, 1, 2].map(|m| ip(n * 3 + m));
        file += &format!("[Peer]\nPublicKey = {}\nAllowedIPs = {a}, {b}, {c}\nPersistentKeepalive = 9\n", key(n));
    }
    scene.wg_given("setconf wg1 /dev/stdin", &file);
    let begin = Instant::now();
    let mut device = scene.wg.device("wg1").unwrap();
    println!("set in {set:?}, read in {:?}", begin.elapsed());
    device.peers.sort_unstable_by_key(|peer| peer.public_key);
    assert_eq!(device.peers.len(), 10_000);
    for (n, peer) in (0..COUNT).zip(&mut device.peers) {
        peer.allowed_ips.sort_unstable();
        let ips: Vec<AllowedIp> = (0..3).map(|m| ip(n * 3 + m).into()).collect();
        assert_eq!((peer.public_key, peer.keepalive, &peer.allowed_ips), (key(n), 9, &ips));
    }
}

#[test]
fn a_tunnel_between_two_namespaces_carries_traffic() {
    let mut here = scene!();
    let mut there = scene!();
    let file = File::open(there.space.path()).unwrap();
    here.ipr.run(&link::Add::new("v0").veth("v1").up()).unwrap();
    here.ipr.run(&link::Set::new("v1").namespace(file.as_raw_fd())).unwrap();
    there.ipr.run(&link::Set::new("v1").up()).unwrap();
    let ends = [(&mut here, "v0", 1u8), (&mut there, "v1", 2)];
    let keys = [PrivateKey::generate().unwrap(), PrivateKey::generate().unwrap()];
    let shared = PresharedKey::generate().unwrap();
    for ((scene, device, n), (own, other)) in ends.into_iter().zip([(&keys[0], &keys[1]), (&keys[1], &keys[0])]) {
        for (name, net) in [(device, 1), ("wg0", 2)] {
            let index = scene.ipr.link(name).unwrap().index();
            scene.ipr.run(&address::Add::new(index, IpAddr::from([10, 99, net, n]), 24)).unwrap();
        }
        let peer = SetPeer::new(other.public_key())
            .preshared_key(shared.clone())
            .endpoint(SocketAddr::from(([10, 99, 1, 3 - n], 5555)))
            .allowed_ip(IpAddr::from([10, 99, 2, 3 - n]).into());
        scene.wg.run(&Set::new("wg0").private_key(own.clone()).listen_port(5555).peer(peer)).unwrap();
    }
    let server = there.space.enter(|| UdpSocket::bind("10.99.2.2:7").unwrap());
    let client = here.space.enter(|| UdpSocket::bind("10.99.2.1:0").unwrap());
    server.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let _ = client.send_to(b"through the tunnel", "10.99.2.2:7").unwrap();
    let mut buffer = [0; 100];
    let (length, from) = server.recv_from(&mut buffer).unwrap();
    assert_eq!((&buffer[..length], from.ip()), (&b"through the tunnel"[..], IpAddr::from([10, 99, 2, 1])));
    let device = here.wg.device("wg0").unwrap();
    let peer = &device.peers[0];
    assert!(peer.tx_bytes > 0 && peer.rx_bytes > 0, "{peer:?}");
    let handshake = SystemTime::UNIX_EPOCH + peer.last_handshake.unwrap();
    let ago = SystemTime::now().duration_since(handshake).unwrap_or_default();
    assert!(ago < Duration::from_secs(60), "{ago:?}");
    assert_eq!(peer.preshared_key.as_ref(), Some(&shared));
}

#[cfg(feature = "tokio")]
#[test]
fn the_same_under_tokio() {
    use netloom::AsyncWireGuard;

    let scene = scene!();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let wg = AsyncWireGuard::with(&options(&scene.space)).unwrap();
        let peers =
            (0..500).map(|n| SetPeer::new(key(n)).allowed_ip(IpAddr::from((0x0a00_0000 + n).to_be_bytes()).into()));
        wg.run(&Set::new("wg0").replace_peers().peers(peers)).await.unwrap();
        wg.run(&Set::new("wg0").peer(SetPeer::new(key(0)).remove())).await.unwrap();
        let device = wg.device("wg0").await.unwrap();
        assert_eq!((device.peers.len(), wg.devices().await.unwrap()), (499, vec![device]));
        let error = wg.device("nowhere").await.unwrap_err();
        assert!(error.is_not_found(), "{error}");
    });
    assert_eq!(scene.wg("show wg0 peers").lines().count(), 499);
}
