//! Making a device have the peers that an order names, and no others.

use alloc::{collections::BTreeMap, vec::Vec};

use netloom_wire::{Driver, Operation, Result};

use crate::{Device, Get, Peer, PresharedKey, PublicKey, Set, SetPeer, WireGuard};

/// Reads a device and changes what is not as a [`Set`] says: peers that it does not name go, and peers that stay keep their
/// sessions, which [`Set::replace_peers`] would end. Of those that stay, a preshared key and a keepalive interval that the
/// order does not say go too. Made by [`Set::synchronize`].
///
/// Settings of the device itself that the order does not say stay as they are. What others change between the reading and
/// the setting is not noticed.
///
/// ```no_run
/// use netloom_wire::{Driver, Operation, Result};
/// use netloom_wireguard::{PublicKey, Set, SetPeer, WireGuard};
///
/// async fn only(peers: &[PublicKey], io: &mut impl Driver<Family = WireGuard>) -> Result<()> {
///     Set::new("wg0").peers(peers.iter().copied().map(SetPeer::new)).synchronize().perform(io).await
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Synchronize(Set);

impl Set {
    /// The same, but peers that are not named go, and the others keep their sessions.
    #[must_use]
    pub fn synchronize(self) -> Synchronize {
        Synchronize(self)
    }
}

/// What an order says of a peer, in all places that name it.
#[derive(Default)]
struct Said {
    preshared_key: bool,
    keepalive: bool,
}

impl Synchronize {
    /// The order for a device that is like this.
    fn against(&self, device: &Device) -> Set {
        let mut named: BTreeMap<PublicKey, Said> = BTreeMap::new();
        for peer in &self.0.peers {
            let said = named.entry(peer.public_key).or_default();
            said.preshared_key |= peer.preshared_key.is_some();
            said.keepalive |= peer.keepalive.is_some();
        }
        let mut peers: Vec<SetPeer> = Vec::new();
        let mut staying: BTreeMap<PublicKey, &Peer> = BTreeMap::new();
        for peer in &device.peers {
            if named.contains_key(&peer.public_key) {
                staying.insert(peer.public_key, peer);
            } else {
                peers.push(SetPeer::new(peer.public_key).remove());
            }
        }
        let mut set = self.0.clone();
        for mut peer in set.peers {
            // Once a peer: a later place must not take back what an earlier one said.
            if let Some((was, said)) = staying.remove(&peer.public_key).zip(named.get(&peer.public_key)) {
                if was.preshared_key.is_some() && !said.preshared_key {
                    peer.preshared_key = Some(PresharedKey::from_bytes([0; 32]));
                }
                if was.keepalive != 0 && !said.keepalive {
                    peer.keepalive = Some(0);
                }
            }
            peers.push(peer);
        }
        set.replace_peers = false;
        set.peers = peers;
        set
    }
}

impl Operation for Synchronize {
    type Family = WireGuard;
    type Output = ();

    async fn perform<D: Driver<Family = WireGuard>>(&self, io: &mut D) -> Result<()> {
        let device = Get::new(self.0.device.clone()).perform(io).await?;
        self.against(&device).perform(io).await
    }
}
