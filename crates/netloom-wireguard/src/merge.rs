//! The parts of a device put together.
//!
//! The kernel tells a device in as many messages as it takes. Only the first has the settings of the device. A peer whose
//! allowed IPs do not fit goes on in the next message, where it has only its public key and further allowed IPs.

use core::time::Duration;

use crate::{AllowedIp, Device, DevicePart, Peer, PeerAttributes, PresharedKey, PublicKey, Timespec};

impl Device {
    /// Takes in the next part of a device, beginning with [`Device::default`]; for those who read
    /// [`GetDevice`](crate::GetDevice) by themselves.
    ///
    /// ```
    /// use netloom_wireguard::{Device, DevicePart};
    ///
    /// fn whole<'a>(parts: impl Iterator<Item = &'a DevicePart>) -> Device {
    ///     let mut device = Device::default();
    ///     parts.for_each(|part| device.merge(part));
    ///     device
    /// }
    /// ```
    pub fn merge(&mut self, part: &DevicePart) {
        if let Some(name) = part.ifname() {
            self.name.clear();
            self.name.push_str(name);
        }
        self.index = part.ifindex().unwrap_or(self.index);
        self.listen_port = part.listen_port().unwrap_or(self.listen_port);
        self.fwmark = part.fwmark().unwrap_or(self.fwmark);
        if let Some(key) = part.private_key() {
            self.private_key = key.some();
        }
        self.public_key = part.public_key().or(self.public_key);
        part.peers().into_iter().flatten().for_each(|peer| self.merge_peer(peer));
    }

    fn merge_peer(&mut self, part: &PeerAttributes) {
        let Some(key) = part.public_key() else { return };
        match self.peers.last_mut() {
            Some(last) if last.public_key == key => last.merge(part),
            _ => {
                let mut peer = Peer::new(key);
                peer.merge(part);
                self.peers.push(peer);
            }
        }
    }
}

impl Peer {
    fn new(public_key: PublicKey) -> Self {
        Self {
            public_key,
            preshared_key: None,
            endpoint: None,
            keepalive: 0,
            last_handshake: None,
            rx_bytes: 0,
            tx_bytes: 0,
            protocol_version: 0,
            allowed_ips: alloc::vec::Vec::new(),
        }
    }

    fn merge(&mut self, part: &PeerAttributes) {
        if let Some(key) = part.preshared_key() {
            self.preshared_key = PresharedKey::some(key);
        }
        self.endpoint = part.endpoint().map(|endpoint| endpoint.0).or(self.endpoint);
        self.keepalive = part.persistent_keepalive_interval().unwrap_or(self.keepalive);
        self.last_handshake = part.last_handshake_time().and_then(since_epoch).or(self.last_handshake);
        self.rx_bytes = part.rx_bytes().unwrap_or(self.rx_bytes);
        self.tx_bytes = part.tx_bytes().unwrap_or(self.tx_bytes);
        self.protocol_version = part.protocol_version().unwrap_or(self.protocol_version);
        self.allowed_ips.extend(part.allowedips().into_iter().flatten().filter_map(AllowedIp::read));
    }
}

/// None for zero, which says that there was none, and for what is no time.
fn since_epoch(time: Timespec) -> Option<Duration> {
    let nanoseconds = u32::try_from(time.tv_nsec).ok().filter(|nanoseconds| *nanoseconds < 1_000_000_000)?;
    let time = Duration::new(u64::try_from(time.tv_sec).ok()?, nanoseconds);
    (!time.is_zero()).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_is_none_is_no_handshake() {
        let time = |tv_sec, tv_nsec| since_epoch(Timespec { tv_sec, tv_nsec });
        assert_eq!(time(3, 4), Some(Duration::new(3, 4)));
        assert_eq!(time(0, 1), Some(Duration::from_nanos(1)));
        for (seconds, nanoseconds) in [(0, 0), (-1, 0), (1, -1), (1, 1_000_000_000), (i64::MIN, i64::MAX)] {
            assert_eq!(time(seconds, nanoseconds), None);
        }
        assert!(time(i64::MAX, 999_999_999).is_some());
    }
}
