//! WireGuard.

use anyhow::{Result, ensure};
use netloom::{
    AsyncWireGuard, WireGuard,
    wireguard::{AllowedIp, Device, PublicKey, Set, SetPeer},
};

use super::block_on;
use crate::bare::wireguard::{ALLOWED, DEVICE, allowed, key};

fn peer(n: u32) -> SetPeer {
    let allowed = (0..ALLOWED).map(|k| AllowedIp::from(std::net::IpAddr::from(allowed(n, k))));
    SetPeer::new(PublicKey::from_bytes(key(n))).allowed_ips(allowed)
}

fn whole(device: &Device) -> Result<u64> {
    let partial = device.peers.iter().filter(|peer| peer.allowed_ips.len() != ALLOWED as usize).count();
    ensure!(partial == 0, "{partial} peers lack allowed IPs");
    Ok(device.peers.len() as u64)
}

/// Sets peers and reads them back.
pub fn set_and_get(count: u32) -> Result<u64> {
    let mut wg = WireGuard::open()?;
    wg.run(&Set::new(DEVICE).peers((0..count).map(peer)))?;
    whole(&wg.device(DEVICE)?)
}

/// The same under tokio.
pub fn set_and_get_tokio(count: u32) -> Result<u64> {
    block_on(async {
        let wg = AsyncWireGuard::open()?;
        wg.run(&Set::new(DEVICE).peers((0..count).map(peer))).await?;
        whole(&wg.device(DEVICE).await?)
    })
}
