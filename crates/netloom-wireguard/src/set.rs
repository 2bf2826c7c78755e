//! Changing a device.

use alloc::vec::Vec;
use core::net::SocketAddr;

use netloom_wire::{Driver, ErrorKind, Operation, Result};

use crate::{AllowedIp, DeviceRef, PresharedKey, PrivateKey, PublicKey, WireGuard, split};

/// Changes a device and its peers; what is not said stays as it is.
///
/// It is sent in as many messages as it takes, in order, and ends at the first that the kernel refuses: what went before
/// stands. The error names the device, and the peer if it is about one.
///
/// ```no_run
/// use netloom_wire::{Driver, Operation, Result};
/// use netloom_wireguard::{AllowedIp, PrivateKey, PublicKey, Set, SetPeer, WireGuard};
///
/// async fn set_up(peer: PublicKey, io: &mut impl Driver<Family = WireGuard>) -> Result<()> {
///     let subnet: AllowedIp = "10.0.0.0/24".parse().expect("well-formed");
///     let peer = SetPeer::new(peer).endpoint(([192, 0, 2, 1], 51820).into()).allowed_ip(subnet).keepalive(25);
///     Set::new("wg0").private_key(PrivateKey::generate()?).listen_port(51820).replace_peers().peer(peer).perform(io).await
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Set {
    pub(crate) device: DeviceRef,
    pub(crate) private_key: Option<PrivateKey>,
    pub(crate) listen_port: Option<u16>,
    pub(crate) fwmark: Option<u32>,
    pub(crate) replace_peers: bool,
    pub(crate) peers: Vec<SetPeer>,
}

impl Set {
    /// Of this device.
    pub fn new(device: impl Into<DeviceRef>) -> Self {
        Self {
            device: device.into(),
            private_key: None,
            listen_port: None,
            fwmark: None,
            replace_peers: false,
            peers: Vec::new(),
        }
    }

    /// Its private key.
    #[must_use]
    pub fn private_key(mut self, key: PrivateKey) -> Self {
        self.private_key = Some(key);
        self
    }

    /// The private key that it has goes.
    #[must_use]
    pub fn no_private_key(self) -> Self {
        self.private_key(PrivateKey::from_bytes([0; 32]))
    }

    /// The UDP port that it listens on; 0 has the kernel choose.
    #[must_use]
    pub fn listen_port(mut self, port: u16) -> Self {
        self.listen_port = Some(port);
        self
    }

    /// The mark of the packets that it sends (`SO_MARK`); 0 for none.
    #[must_use]
    pub fn fwmark(mut self, mark: u32) -> Self {
        self.fwmark = Some(mark);
        self
    }

    /// The peers that it has go first.
    #[must_use]
    pub fn replace_peers(mut self) -> Self {
        self.replace_peers = true;
        self
    }

    /// Adds, changes or removes a peer; any number of them, done in order.
    #[must_use]
    pub fn peer(mut self, peer: SetPeer) -> Self {
        self.peers.push(peer);
        self
    }

    /// The same with several.
    #[must_use]
    pub fn peers(mut self, peers: impl IntoIterator<Item = SetPeer>) -> Self {
        self.peers.extend(peers);
        self
    }
}

/// What [`Set`] does with one peer: adds it, or changes what is said; what is not said stays as it is.
///
/// ```
/// use netloom_wireguard::{PublicKey, SetPeer};
///
/// # fn peers(key: PublicKey, other: PublicKey) -> Result<(), netloom_wireguard::NotAnAllowedIp> {
/// let change = SetPeer::new(key).update_only().keepalive(0).replace_allowed_ips().allowed_ip("10.0.0.0/8".parse()?);
/// let gone = SetPeer::new(other).remove();
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct SetPeer {
    pub(crate) public_key: PublicKey,
    pub(crate) preshared_key: Option<PresharedKey>,
    pub(crate) endpoint: Option<SocketAddr>,
    pub(crate) keepalive: Option<u16>,
    pub(crate) remove: bool,
    pub(crate) update_only: bool,
    pub(crate) replace_allowed_ips: bool,
    /// Each with whether it goes.
    pub(crate) allowed_ips: Vec<(AllowedIp, bool)>,
}

impl SetPeer {
    /// The peer with this public key.
    pub fn new(public_key: PublicKey) -> Self {
        Self {
            public_key,
            preshared_key: None,
            endpoint: None,
            keepalive: None,
            remove: false,
            update_only: false,
            replace_allowed_ips: false,
            allowed_ips: Vec::new(),
        }
    }

    /// The key that it shares with the device beside the others.
    #[must_use]
    pub fn preshared_key(mut self, key: PresharedKey) -> Self {
        self.preshared_key = Some(key);
        self
    }

    /// The preshared key that it has goes.
    #[must_use]
    pub fn no_preshared_key(self) -> Self {
        self.preshared_key(PresharedKey::from_bytes([0; 32]))
    }

    /// Where it is reached until it is heard from elsewhere; a link-local address takes the index of its link as scope.
    #[must_use]
    pub fn endpoint(mut self, endpoint: SocketAddr) -> Self {
        self.endpoint = Some(endpoint);
        self
    }

    /// Seconds between packets that keep the way open: 1 to 65535; 0 for none.
    #[must_use]
    pub fn keepalive(mut self, seconds: u16) -> Self {
        self.keepalive = Some(seconds);
        self
    }

    /// Allows a prefix of addresses; a peer of the same device that had it loses it.
    #[must_use]
    pub fn allowed_ip(mut self, allowed: AllowedIp) -> Self {
        self.allowed_ips.push((allowed, false));
        self
    }

    /// The same with several.
    #[must_use]
    pub fn allowed_ips(mut self, allowed: impl IntoIterator<Item = AllowedIp>) -> Self {
        self.allowed_ips.extend(allowed.into_iter().map(|allowed| (allowed, false)));
        self
    }

    /// Takes a prefix of addresses away; since Linux 6.16, an error before.
    #[must_use]
    pub fn remove_allowed_ip(mut self, allowed: AllowedIp) -> Self {
        self.allowed_ips.push((allowed, true));
        self
    }

    /// The prefixes that it has go first.
    #[must_use]
    pub fn replace_allowed_ips(mut self) -> Self {
        self.replace_allowed_ips = true;
        self
    }

    /// Nothing happens if the device has no such peer.
    #[must_use]
    pub fn update_only(mut self) -> Self {
        self.update_only = true;
        self
    }

    /// It goes, and nothing else that is said of it counts; no error if there is none.
    #[must_use]
    pub fn remove(mut self) -> Self {
        self.remove = true;
        self
    }
}

impl Operation for Set {
    type Family = WireGuard;
    type Output = ();

    async fn perform<D: Driver<Family = WireGuard>>(&self, io: &mut D) -> Result<()> {
        for part in split::parts(self, split::LIMIT) {
            match part.send(io).await {
                // The kernel does not say whether it gave up at the device or at which of the peers. What came before that
                // is as it should be, and is so again when it is set once more.
                Err(error) if error.kind() == ErrorKind::Kernel && part.has_peers() => {
                    for part in part.singles() {
                        part.send(io).await?;
                    }
                }
                outcome => outcome?,
            }
        }
        Ok(())
    }
}
