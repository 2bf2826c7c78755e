//! A device and its peers, whole.

use alloc::{string::String, vec::Vec};
use core::{net::SocketAddr, time::Duration};

use crate::{AllowedIp, PresharedKey, PrivateKey, PublicKey};

/// A device as [`Get`](crate::Get) reads it. Neither `Debug` nor JSON shows its keys but the public ones.
///
/// ```
/// fn show(device: &netloom_wireguard::Device) {
///     for peer in &device.peers {
///         println!("{} at {:?}: {} bytes received", peer.public_key, peer.endpoint, peer.rx_bytes);
///     }
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Device {
    /// Name of the link.
    pub name: String,
    /// Index of the link.
    pub index: u32,
    /// UDP port; 0 until the device is up, unless one was set.
    pub listen_port: u16,
    /// Mark of the packets that it sends (`SO_MARK`); 0 for none.
    pub fwmark: u32,
    /// Its private key, if it has one.
    pub private_key: Option<PrivateKey>,
    /// The public key that belongs to it.
    pub public_key: Option<PublicKey>,
    /// Its peers, in the order of the kernel.
    pub peers: Vec<Peer>,
}

/// A peer of a [`Device`].
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// fn is_alive(peer: &netloom_wireguard::Peer) -> bool {
///     let handshake = peer.last_handshake.map(|since_epoch| SystemTime::UNIX_EPOCH + since_epoch);
///     handshake.and_then(|at| at.elapsed().ok()).is_some_and(|ago| ago < Duration::from_secs(180))
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Peer {
    /// Its public key, which makes it this peer.
    pub public_key: PublicKey,
    /// The key that it shares with the device beside the others.
    pub preshared_key: Option<PresharedKey>,
    /// Where it was heard from last, or is to be reached first.
    pub endpoint: Option<SocketAddr>,
    /// Seconds between packets that keep the way open: 1 to 65535; 0 for none.
    pub keepalive: u16,
    /// When the latest handshake ended, as the time since the Unix epoch; None if there was none.
    pub last_handshake: Option<Duration>,
    /// Bytes received from it.
    pub rx_bytes: u64,
    /// Bytes sent to it.
    pub tx_bytes: u64,
    /// Version of the protocol.
    pub protocol_version: u32,
    /// What may come from it, and goes to it.
    pub allowed_ips: Vec<AllowedIp>,
}
