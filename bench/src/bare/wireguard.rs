//! WireGuard: a device with many peers is set in few messages, then read back.

use anyhow::{Result, ensure};
use rustix::net::{SendFlags, send};

use super::{ACK, BUFFER, DUMP, acknowledged, attribute, each, find, generic, message};

/// The device that the setup made.
pub const DEVICE: &str = "wg0";
/// Allowed IPs of each peer.
pub const ALLOWED: u32 = 3;
const GET_DEVICE: u8 = 0;
const SET_DEVICE: u8 = 1;
const IFNAME: u16 = 2;
const PEERS: u16 = 8;
/// Peers in a message: 148 bytes each, 65,535 at most.
const BATCH: u32 = 256;

/// The public key of peer number `n`: any 32 bytes are one.
pub fn key(n: u32) -> [u8; 32] {
    let mut key = [7; 32];
    key[..4].copy_from_slice(&n.to_be_bytes());
    key
}

/// Allowed IP `k` of peer `n`, a `/32`.
pub fn allowed(n: u32, k: u32) -> [u8; 4] {
    (0x0a00_0000 + n * ALLOWED + k).to_be_bytes()
}

fn peer(n: u32) -> Vec<u8> {
    let mut allowed_ips = Vec::new();
    for k in 0..ALLOWED {
        let mut one = Vec::new();
        attribute(1, &2u16.to_ne_bytes(), &mut one);
        attribute(2, &allowed(n, k), &mut one);
        attribute(3, &[32], &mut one);
        attribute(0x8000, &one, &mut allowed_ips);
    }
    let mut peer = Vec::new();
    attribute(1, &key(n), &mut peer);
    attribute(0x8009, &allowed_ips, &mut peer);
    peer
}

/// How many peers and allowed IPs a part of a device has.
fn counted(part: &[u8]) -> (u32, u32) {
    let mut counts = (0, 0);
    for peer in entries(find(part.get(generic::HEADER..).unwrap_or_default(), PEERS)) {
        // A peer that goes on in the next message comes again without its allowed IPs so far.
        counts.0 += 1;
        counts.1 += entries(find(peer, 9)).count() as u32;
    }
    counts
}

/// Payloads of the attributes of a nest.
fn entries(nest: Option<&[u8]>) -> impl Iterator<Item = &[u8]> {
    let mut run = nest.unwrap_or_default();
    std::iter::from_fn(move || {
        let length = u16::from_ne_bytes(*run.first_chunk()?) as usize;
        let payload = run.get(4..length)?;
        run = run.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some(payload)
    })
}

/// Sets `count` peers and reads them back.
pub fn set_and_get(count: u32) -> Result<u64> {
    let fd = generic::open()?;
    let family = generic::family(&fd, b"wireguard\0")?;
    let (mut buffer, mut request) = (vec![0; BUFFER], Vec::new());
    let name = format!("{DEVICE}\0");
    for first in (0..count).step_by(BATCH as usize) {
        let mut peers = Vec::new();
        for n in first..(first + BATCH).min(count) {
            attribute(0x8000, &peer(n), &mut peers);
        }
        request.clear();
        let attributes: [(u16, &[u8]); 2] = [(IFNAME, name.as_bytes()), (0x8000 | PEERS, &peers)];
        message(family, 0x1 | ACK, &[SET_DEVICE, 1, 0, 0], &attributes, &mut request);
        send(&fd, &request, SendFlags::empty())?;
        acknowledged(&fd, &mut buffer)?;
    }
    request.clear();
    message(family, DUMP, &[GET_DEVICE, 1, 0, 0], &[(IFNAME, name.as_bytes())], &mut request);
    send(&fd, &request, SendFlags::empty())?;
    let (mut peers, mut allowed_ips) = (0, 0);
    each(&fd, &mut buffer, |_, part| {
        let (more_peers, more_allowed) = counted(part);
        peers += more_peers;
        allowed_ips += more_allowed;
    })?;
    ensure!(allowed_ips == count * ALLOWED, "{allowed_ips} allowed IPs of {count} peers");
    ensure!(peers >= count, "{peers} of {count} peers");
    Ok(allowed_ips.into()).map(|all: u64| all / u64::from(ALLOWED))
}
