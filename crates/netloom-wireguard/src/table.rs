//! The tables of the kernel's interface (`linux/wireguard.h`).

use core::fmt;

use netloom_wire::{Object, attributes, commands, fixed, flags, message};

use crate::{Endpoint, PresharedKey, PrivateKey, PublicKey};

commands! {
    /// The family of generic netlink that WireGuard devices are set and read by.
    pub WireGuard = "wireguard" version 1 in "wireguard" {
        /// Reads a device part by part: [`Get`](crate::Get) puts the parts together. Takes `ifindex` or `ifname`, not both.
        ///
        /// ```
        /// let request = netloom_wireguard::GetDevice::new(|w| w.ifname("wg0"));
        /// ```
        0 "WG_CMD_GET_DEVICE" "get-device" GetDevice: Dump(DevicePart) -> 0 DevicePart,
        /// Sets a device, as far as one message goes: [`Set`](crate::Set) writes as many as it takes. Takes `ifindex` or
        /// `ifname`, not both.
        ///
        /// ```
        /// let request = netloom_wireguard::SetDevice::new(|w| w.ifname("wg0").listen_port(51820));
        /// ```
        1 "WG_CMD_SET_DEVICE" "set-device" SetDevice: Command(DevicePart) "set",
    }
}

message! {
    /// A device, or as much of one as a message holds.
    pub DevicePart DeviceAttributes
}

attributes! {
    /// Attributes of a device.
    pub DeviceAttributes, DeviceWriter = "wireguard/wgdevice" {
        /// Index of the link.
        1 "WGDEVICE_A_IFINDEX" ifindex: u32,
        /// Name of the link, at most 15 bytes.
        2 "WGDEVICE_A_IFNAME" ifname: str,
        /// Private key; all zeros remove it.
        3 "WGDEVICE_A_PRIVATE_KEY" private_key: PrivateKey,
        /// Public key: the kernel's word, never set.
        4 "WGDEVICE_A_PUBLIC_KEY" public_key: PublicKey,
        /// How to set it.
        5 "WGDEVICE_A_FLAGS" flags: DeviceFlags,
        /// UDP port; 0 when set has the kernel choose.
        6 "WGDEVICE_A_LISTEN_PORT" listen_port: u16,
        /// Mark of the packets that it sends (`SO_MARK`); 0 for none.
        7 "WGDEVICE_A_FWMARK" fwmark: u32,
        /// Peers. Their numbers mean nothing; the kernel and `wg` write 0 for each.
        8 "WGDEVICE_A_PEERS" peers: List(PeerAttributes),
    }
}

attributes! {
    /// Attributes of a peer.
    pub PeerAttributes, PeerWriter = "wireguard/wgpeer" {
        /// Public key, which makes it this peer.
        1 "WGPEER_A_PUBLIC_KEY" public_key: PublicKey,
        /// Preshared key; all zeros for none.
        2 "WGPEER_A_PRESHARED_KEY" preshared_key: PresharedKey,
        /// How to set it.
        3 "WGPEER_A_FLAGS" flags: PeerFlags,
        /// Where it was heard from last, or is to be reached first.
        4 "WGPEER_A_ENDPOINT" endpoint: Endpoint,
        /// Seconds between packets that keep the way open: 1 to 65535; 0 for none.
        5 "WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL" persistent_keepalive_interval: u16,
        /// When the latest handshake ended, since the Unix epoch; zero if there was none.
        6 "WGPEER_A_LAST_HANDSHAKE_TIME" last_handshake_time: Timespec,
        /// Bytes received.
        7 "WGPEER_A_RX_BYTES" rx_bytes: u64,
        /// Bytes sent.
        8 "WGPEER_A_TX_BYTES" tx_bytes: u64,
        /// What may come from it, and goes to it. Their numbers mean nothing; the kernel and `wg` write 0 for each.
        9 "WGPEER_A_ALLOWEDIPS" allowedips: List(AllowedIpAttributes),
        /// Version of the protocol: 1, or left out for the latest.
        10 "WGPEER_A_PROTOCOL_VERSION" protocol_version: u32,
    }
}

attributes! {
    /// Attributes of an allowed IP.
    pub AllowedIpAttributes, AllowedIpWriter = "wireguard/wgallowedip" {
        /// Address family: `AF_INET` (2) or `AF_INET6` (10).
        1 "WGALLOWEDIP_A_FAMILY" family: u16,
        /// Address.
        2 "WGALLOWEDIP_A_IPADDR" ipaddr: IpAddr,
        /// Length of the prefix in bits: 0 to 32, or to 128.
        3 "WGALLOWEDIP_A_CIDR_MASK" cidr_mask: u8,
        /// How to set it.
        4 "WGALLOWEDIP_A_FLAGS" flags: AllowedIpFlags,
    }
}

flags! {
    /// How to set a device.
    pub DeviceFlags: u32 = "wgdevice-flags" {
        /// Peers that it had go first.
        "WGDEVICE_F_REPLACE_PEERS" REPLACE_PEERS = 0x1,
    }
}

flags! {
    /// How to set a peer.
    pub PeerFlags: u32 = "wgpeer-flags" {
        /// It goes.
        "WGPEER_F_REMOVE_ME" REMOVE_ME = 0x1,
        /// Allowed IPs that it had go first.
        "WGPEER_F_REPLACE_ALLOWEDIPS" REPLACE_ALLOWEDIPS = 0x2,
        /// Only if it exists.
        "WGPEER_F_UPDATE_ONLY" UPDATE_ONLY = 0x4,
    }
}

flags! {
    /// How to set an allowed IP.
    pub AllowedIpFlags: u32 = "wgallowedip-flags" {
        /// It goes; since Linux 6.16, an error before.
        "WGALLOWEDIP_F_REMOVE_ME" REMOVE_ME = 0x1,
    }
}

fixed! {
    /// A time.
    pub Timespec = "__kernel_timespec" {
        /// Seconds.
        pub tv_sec: i64,
        /// Nanoseconds: 0 to 999999999.
        pub tv_nsec: i64,
    }
}

impl Object for DevicePart {
    type Key = (u32, alloc::string::String);
    const NOUN: &'static str = "WireGuard device";
    fn key(&self) -> Self::Key {
        (self.ifindex().unwrap_or_default(), self.ifname().unwrap_or_default().into())
    }
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.ifname(), self.ifindex()) {
            (Some(name), _) => f.write_str(name)?,
            (None, Some(index)) => write!(f, "{index}")?,
            (None, None) => {}
        }
        // Of several peers none is the one that is meant.
        let mut peers = self.peers().into_iter().flatten();
        match (peers.next().and_then(PeerAttributes::public_key), peers.next()) {
            (Some(key), None) => write!(f, ", peer {key}"),
            _ => Ok(()),
        }
    }
}
