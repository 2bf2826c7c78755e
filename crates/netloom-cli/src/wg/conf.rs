//! The files of `wg setconf`: sections `[Interface]` and `[Peer]`, any number of each, with lines `KEY = VALUE` of which
//! some may come again. Section and key may be written in any case; `#` begins a comment.
//!
//! Crates for INI files keep one value a key, or one section a name; here both repeat and their order counts.

use super::endpoint;
use super::settings::{self, AllowedIps};
use crate::devices::Devices;
use netloom::wireguard::{Device, PresharedKey, PrivateKey, PublicKey, Set, SetPeer};
use std::fmt::Write as _;
use std::net::SocketAddr;

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct Conf {
    private_key: Option<PrivateKey>,
    listen_port: Option<u16>,
    fwmark: Option<u32>,
    peers: Vec<Peer>,
}

#[derive(Debug, Default)]
struct Peer {
    /// The line that it begins at.
    line: usize,
    public_key: Option<PublicKey>,
    preshared_key: Option<PresharedKey>,
    endpoint: Option<SocketAddr>,
    keepalive: Option<u16>,
    allowed_ips: AllowedIps,
}

/// Finds the address of an endpoint.
type Resolve<'a> = &'a mut dyn FnMut(&str) -> Result<SocketAddr, String>;

/// Reads a file; the error names the line.
pub(super) fn parse(text: &str, resolve: Resolve<'_>) -> Result<Conf, String> {
    let mut conf = Conf::default();
    let mut section = Section::None;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.split('#').next().unwrap_or_default().trim();
        if !line.is_empty() {
            read_line(&mut conf, &mut section, (number, line), resolve)
                .map_err(|what| format!("line {number}: {what}"))?;
        }
    }
    match conf.peers.iter().find(|peer| peer.public_key.is_none()) {
        Some(peer) => Err(format!("line {}: the peer has no PublicKey", peer.line)),
        None => Ok(conf),
    }
}

/// The section that lines belong to.
#[derive(Clone, Copy)]
enum Section {
    None,
    Interface,
    Peer,
}

fn read_line(
    conf: &mut Conf,
    section: &mut Section,
    (number, line): (usize, &str),
    resolve: Resolve<'_>,
) -> Result<(), String> {
    if line.eq_ignore_ascii_case("[interface]") {
        *section = Section::Interface;
        return Ok(());
    }
    if line.eq_ignore_ascii_case("[peer]") {
        *section = Section::Peer;
        // It replaces what the device knows of the peer, also if it allows nothing.
        let mut peer = Peer { line: number, ..Peer::default() };
        peer.allowed_ips.add("")?;
        conf.peers.push(peer);
        return Ok(());
    }
    let setting = line.split_once('=').map(|(key, value)| (key.trim(), value.trim()));
    let (key, value) = setting.ok_or_else(|| format!("{line:?} is neither a section nor KEY = VALUE"))?;
    if value.is_empty() {
        return Err(format!("{key} has no value"));
    }
    match (section, conf.peers.last_mut()) {
        (Section::Interface, _) => interface(conf, key, value),
        (Section::Peer, Some(peer)) => peer_line(peer, key, value, resolve),
        _ => Err(format!("{key} stands before the first [Interface] or [Peer]")),
    }
}

fn interface(conf: &mut Conf, key: &str, value: &str) -> Result<(), String> {
    match key.to_ascii_lowercase().as_str() {
        "privatekey" => conf.private_key = Some(value.parse().map_err(|error| format!("{key}: {error}"))?),
        "listenport" => conf.listen_port = Some(settings::port(value)?),
        "fwmark" => conf.fwmark = Some(settings::mark(value)?),
        "address" | "dns" | "mtu" | "table" | "preup" | "postup" | "predown" | "postdown" | "saveconfig" => {
            return Err(format!("{key} is for wg-quick alone; `wg-quick strip` leaves such lines out"));
        }
        _ => return Err(format!("{key} is unknown in [Interface]; it has PrivateKey, ListenPort, FwMark")),
    }
    Ok(())
}

fn peer_line(peer: &mut Peer, key: &str, value: &str, resolve: Resolve<'_>) -> Result<(), String> {
    match key.to_ascii_lowercase().as_str() {
        "publickey" => peer.public_key = Some(settings::public_key(value)?),
        "presharedkey" => peer.preshared_key = Some(value.parse().map_err(|error| format!("{key}: {error}"))?),
        "allowedips" => peer.allowed_ips.add(value)?,
        "endpoint" => peer.endpoint = Some(resolve(value)?),
        "persistentkeepalive" => peer.keepalive = Some(settings::keepalive(value)?),
        _ => {
            return Err(format!(
                "{key} is unknown in [Peer]; it has PublicKey, PresharedKey, AllowedIPs, Endpoint, PersistentKeepalive"
            ));
        }
    }
    Ok(())
}

impl Conf {
    /// The order for what the file says, and nothing else.
    pub(super) fn said(self, device: &str) -> Set {
        let mut set = Set::new(device);
        if let Some(key) = self.private_key {
            set = set.private_key(key);
        }
        if let Some(port) = self.listen_port {
            set = set.listen_port(port);
        }
        if let Some(mark) = self.fwmark {
            set = set.fwmark(mark);
        }
        set.peers(self.peers.into_iter().filter_map(Peer::order))
    }

    /// The order for a device that is as the file says: settings that it does not have are taken away.
    pub(super) fn whole(mut self, device: &str) -> Set {
        self.private_key.get_or_insert(PrivateKey::from_bytes([0; 32]));
        self.listen_port.get_or_insert(0);
        self.fwmark.get_or_insert(0);
        self.said(device)
    }
}

impl Peer {
    fn order(self) -> Option<SetPeer> {
        let mut peer = SetPeer::new(self.public_key?);
        if let Some(key) = self.preshared_key {
            peer = peer.preshared_key(key);
        }
        if let Some(endpoint) = self.endpoint {
            peer = peer.endpoint(endpoint);
        }
        if let Some(seconds) = self.keepalive {
            peer = peer.keepalive(seconds);
        }
        Some(self.allowed_ips.apply(peer))
    }
}

/// A device as such a file.
pub(super) fn write(device: &Device, devices: &Devices) -> String {
    let mut text = String::from("[Interface]\n");
    let mut line = |key: &str, value: &dyn std::fmt::Display| _ = writeln!(text, "{key} = {value}");
    if device.listen_port != 0 {
        line("ListenPort", &device.listen_port);
    }
    if device.fwmark != 0 {
        line("FwMark", &format_args!("{:#x}", device.fwmark));
    }
    if let Some(key) = &device.private_key {
        line("PrivateKey", &key.to_base64().as_str());
    }
    text.push('\n');
    let peers: Vec<_> = device.peers.iter().map(|peer| self::peer(peer, devices)).collect();
    text + &peers.join("\n")
}

fn peer(peer: &netloom::wireguard::Peer, devices: &Devices) -> String {
    let mut text = String::from("[Peer]\n");
    let mut line = |key: &str, value: &dyn std::fmt::Display| _ = writeln!(text, "{key} = {value}");
    line("PublicKey", &peer.public_key);
    if let Some(key) = &peer.preshared_key {
        line("PresharedKey", &key.to_base64().as_str());
    }
    if !peer.allowed_ips.is_empty() {
        let allowed: Vec<_> = peer.allowed_ips.iter().map(ToString::to_string).collect();
        line("AllowedIPs", &allowed.join(", "));
    }
    if let Some(endpoint) = &peer.endpoint {
        line("Endpoint", &endpoint::show(endpoint, devices));
    }
    if peer.keepalive != 0 {
        line("PersistentKeepalive", &peer.keepalive);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

    fn read(text: &str) -> Result<Conf, String> {
        parse(text, &mut |text| text.parse().map_err(|_| format!("{text:?} is no endpoint")))
    }

    #[test]
    fn sections_and_keys_repeat_and_have_any_case() -> Result<(), String> {
        let conf = read(&format!(
            "# one\n[interface]\nlistenport=7 # two\n\n[PEER]\n PublicKey = {KEY}\nAllowedIPs=10.0.0.0/8 , fd00::1\nALLOWEDIPS = ::/0\n\
             [Peer]\nEndpoint = 192.0.2.1:5\npublickey={KEY}\nPersistentKeepalive = off\n[Interface]\nFwMark = 0x10\nListenPort = 8\n"
        ))?;
        assert_eq!((conf.listen_port, conf.fwmark, conf.private_key.is_none()), (Some(8), Some(16), true));
        let [first, second] = conf.peers.as_slice() else { return Err(format!("{conf:?}")) };
        assert_eq!((first.keepalive, second.keepalive), (None, Some(0)));
        assert_eq!(second.endpoint, "192.0.2.1:5".parse().ok());
        let allowed = format!("{:?}", first.allowed_ips);
        assert!(["10.0.0.0/8", "fd00::1/128", "::/0"].iter().all(|ip| allowed.contains(ip)), "{allowed}");
        Ok(())
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let refused = |text: &str| read(text).err().unwrap_or_default();
        assert_eq!(
            refused("[Interface]\nFrob = 1\n"),
            "line 2: Frob is unknown in [Interface]; it has PrivateKey, ListenPort, FwMark"
        );
        assert_eq!(refused("ListenPort = 1"), "line 1: ListenPort stands before the first [Interface] or [Peer]");
        assert_eq!(refused("\n[Peer]\nAllowedIPs = ::/0\n"), "line 2: the peer has no PublicKey");
        assert_eq!(refused("[Peer]\nPublicKey = bad"), "line 2: \"bad\" is not a key: 3 characters long, not 44");
        assert_eq!(refused("[Interface]\nListenPort ="), "line 2: ListenPort has no value");
        assert_eq!(refused("[Interface]\nListenPort = 70000"), "line 2: \"70000\" is not a port between 0 and 65535");
        assert_eq!(refused("[Interface]\nfrob"), "line 2: \"frob\" is neither a section nor KEY = VALUE");
        assert_eq!(refused("[Other]"), "line 1: \"[Other]\" is neither a section nor KEY = VALUE");
        assert!(refused("[Interface]\nPostUp = x").contains("wg-quick strip"));
        // A key that is wrong may be a secret that was mistyped.
        assert_eq!(
            refused("[Interface]\nPrivateKey = secret"),
            "line 2: PrivateKey: not a key: 6 characters long, not 44"
        );
        assert!(read("").is_ok());
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]

        #[test]
        fn any_text_is_a_file_or_refused(
            lines in proptest::collection::vec("(\\[(Interface|Peer)\\]|(PublicKey|AllowedIPs|Endpoint|ListenPort|FwMark) *= *)?[ -~é]{0,50}", 0..8),
        ) {
            if let Ok(conf) = read(&lines.join("\n")) {
                assert!(conf.peers.iter().all(|peer| peer.public_key.is_some()));
            }
        }
    }
}
