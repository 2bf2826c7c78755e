//! Devices as JSON, or whatever else serde writes; keys that are secret are told as there, and no more.

use alloc::string::ToString;

use netloom_wire::serde::{Serialize, Serializer, ser::SerializeMap};

use crate::{AllowedIp, Device, Peer, PresharedKey, PrivateKey, PublicKey};

macro_rules! as_text { ($($type:ident)*) => { $(
    impl Serialize for $type {
        fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
            s.collect_str(self)
        }
    }
)* } }
as_text! { AllowedIp PublicKey }

macro_rules! redacted { ($($type:ident)*) => { $(
    impl Serialize for $type {
        fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
            s.serialize_str("(redacted)")
        }
    }
)* } }
redacted! { PrivateKey PresharedKey }

impl Serialize for Device {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let Self { name, index, listen_port, fwmark, private_key, public_key, peers } = self;
        let mut map = s.serialize_map(None)?;
        map.serialize_entry("name", name)?;
        map.serialize_entry("index", index)?;
        map.serialize_entry("listen_port", listen_port)?;
        map.serialize_entry("fwmark", fwmark)?;
        map.serialize_entry("private_key", private_key)?;
        map.serialize_entry("public_key", public_key)?;
        map.serialize_entry("peers", peers)?;
        map.end()
    }
}

impl Serialize for Peer {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(None)?;
        map.serialize_entry("public_key", &self.public_key)?;
        map.serialize_entry("preshared_key", &self.preshared_key)?;
        map.serialize_entry("endpoint", &self.endpoint.map(|endpoint| endpoint.to_string()))?;
        map.serialize_entry("keepalive", &self.keepalive)?;
        map.serialize_entry("last_handshake", &self.last_handshake.map(|at| at.as_secs_f64()))?;
        map.serialize_entry("rx_bytes", &self.rx_bytes)?;
        map.serialize_entry("tx_bytes", &self.tx_bytes)?;
        map.serialize_entry("protocol_version", &self.protocol_version)?;
        map.serialize_entry("allowed_ips", &self.allowed_ips)?;
        map.end()
    }
}
