//! Keys: what they accept, and that secret ones are never shown.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use netloom_wire::{Buffer, Kind, View};
use netloom_wireguard::{
    AllowedIp, Device, DevicePart, DeviceWriter, NotAKey, PresharedKey, PrivateKey, PublicKey, Set, SetPeer, WireGuard,
};
use proptest::prelude::*;

#[test]
fn a_private_key_gives_the_public_key_that_wg_gives() {
    // `wg pubkey`, and RFC 7748, section 6.1.
    let pairs = [
        ("YOJSGcCEO6fmoSSAdm8VtYp6mSZ9+Rp+z0Dl1wPkjVE=", "QIppPnzML6pNHJYPD+i9Sf+QnjwZ+s5FfSccVTIhUVc="),
        ("dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo=", "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo="),
    ];
    for (private, public) in pairs {
        assert_eq!(private.parse::<PrivateKey>().unwrap().public_key().to_string(), public);
    }
}

#[test]
fn a_generated_key_is_clamped_and_new() {
    let (one, other) = (PrivateKey::generate().unwrap(), PrivateKey::generate().unwrap());
    assert!(one != other && one == one.clone());
    let bytes = one.as_bytes();
    assert_eq!((bytes[0] & 7, bytes[31] & 0xc0), (0, 0x40));
    assert_ne!(PresharedKey::generate().unwrap(), PresharedKey::generate().unwrap());
}

#[test]
fn what_is_no_key_is_said() {
    let parse = |text: &str| text.parse::<PublicKey>().unwrap_err();
    assert_eq!(parse(""), NotAKey::Length(0));
    assert_eq!(parse("QIppPnzML6pNHJYPD+i9Sf+QnjwZ+s5FfSccVTIhUVc"), NotAKey::Length(43));
    for text in [
        "QIppPnzML6pNHJYPD+i9Sf+QnjwZ+s5FfSccVTIhUVcA",
        "QIppPnzML6pNHJYPD+i9Sf+QnjwZ+s5FfSccVTIhUV==",
        "QIppPnzML6pNHJYPD+i9Sf+QnjwZ+s5FfSccVTIhUVd=",
        "QIppPnzML6pNHJYPD-i9Sf_QnjwZ+s5FfSccVTIhUVc=",
        " IppPnzML6pNHJYPD+i9Sf+QnjwZ+s5FfSccVTIhUVc=",
    ] {
        assert_eq!(parse(text), NotAKey::Base64, "{text}");
    }
    assert_eq!(NotAKey::Length(43).to_string(), "not a key: 43 characters long, not 44");
    assert_eq!(NotAKey::Base64.to_string(), "not a key: not the base64 of 32 bytes");
}

/// A secret in every form that may be shown: hexadecimal, decimal, base64.
fn is_shown(secret: [u8; 32], text: &str) -> bool {
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let list = format!("{secret:?}");
    let base64 = PublicKey::from_bytes(secret).to_string();
    [hex.as_str(), list.trim_matches(['[', ']']), base64.as_str()].iter().any(|form| text.contains(form))
}

#[test]
fn secrets_are_not_shown() {
    let (private, shared) = ([0xabu8; 32], [0xcdu8; 32]);
    let peer = SetPeer::new(PublicKey::from_bytes([1; 32])).preshared_key(PresharedKey::from_bytes(shared));
    let set = Set::new("wg0").private_key(PrivateKey::from_bytes(private)).peer(peer);
    let mut buffer = Buffer::new();
    buffer.message((), |w: DeviceWriter| {
        w.private_key(PrivateKey::from_bytes(private)).peers(|list| {
            list.item(|p: netloom_wireguard::PeerWriter| {
                p.public_key(PublicKey::from_bytes([1; 32])).preshared_key(PresharedKey::from_bytes(shared))
            })
        })
    });
    let bytes = buffer.finish().unwrap();
    let part = DevicePart::view(&bytes).unwrap();
    let mut device = Device::default();
    device.merge(part);
    assert_eq!(device.private_key, Some(PrivateKey::from_bytes(private)));
    let text = PrivateKey::from_bytes(private).to_base64();
    let mut shown = vec![
        format!("{set:?} {set:#?}"),
        format!("{part:?} {part:#?} {part:-?}"),
        format!("{device:?} {device:#?}"),
        format!("{text:?} {:?}", part.private_key()),
    ];
    #[cfg(feature = "serde")]
    shown.extend([serde_json::to_string(part).unwrap(), serde_json::to_string(&device).unwrap()]);
    shown.push(String::new());
    for text in shown {
        assert!(!is_shown(private, &text) && !is_shown(shared, &text), "{text}");
    }
    assert!(is_shown(private, text.as_str()));
}

#[cfg(feature = "serde")]
#[test]
fn a_device_as_json_has_its_public_keys() {
    let mut device = Device::default();
    device.private_key = Some(PrivateKey::from_bytes([1; 32]));
    device.public_key = device.private_key.as_ref().map(PrivateKey::public_key);
    let json = serde_json::to_value(&device).unwrap();
    assert_eq!(json["private_key"], "(redacted)");
    assert_eq!(json["public_key"], device.public_key.unwrap().to_string());
}

#[test]
fn allowed_ips_are_prefixes() {
    for (text, shown) in [
        ("10.1.2.3/8", "10.0.0.0/8"),
        ("10.1.2.3", "10.1.2.3/32"),
        ("::1", "::1/128"),
        ("fd00::1/64", "fd00::/64"),
        ("1.2.3.4/0", "0.0.0.0/0"),
        ("::/0", "::/0"),
    ] {
        assert_eq!(text.parse::<AllowedIp>().unwrap().to_string(), shown);
    }
    for text in
        ["", "/", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/+8", "10.0.0.0/-1", "10.0.0/8", "a", "1.2.3.4/256"]
    {
        assert!(text.parse::<AllowedIp>().is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn keys_are_what_they_were_in_base64(bytes: [u8; 32]) {
        let public = PublicKey::from_bytes(bytes);
        prop_assert_eq!(public.to_string().parse::<PublicKey>(), Ok(public));
        let private = PrivateKey::from_bytes(bytes);
        prop_assert_eq!(private.to_base64().as_str().parse::<PrivateKey>(), Ok(private));
    }

    #[test]
    fn any_text_is_a_key_or_an_error(text in ".{0,50}") {
        let _ = text.parse::<PublicKey>();
        let _ = text.parse::<AllowedIp>();
    }

    #[test]
    fn any_bytes_are_a_part_of_a_device(parts in prop::collection::vec(hostile(), 1..5)) {
        let mut device = Device::default();
        for part in &parts {
            let part = DevicePart::view(part).unwrap();
            device.merge(part);
            let _ = (part.check().is_ok(), format!("{part:?} {part:-?}"));
        }
        let _ = format!("{device:?}");
    }
}

/// Attributes of the right numbers with any payload, nests in them, cut off anywhere; or any bytes.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let leaf =
        (1..12u16, prop::collection::vec(any::<u8>(), 0..40)).prop_map(|(number, payload)| tlv(number, &payload));
    let nest = leaf.prop_recursive(4, 40, 6, |inner| {
        (prop_oneof![Just(8u16), Just(9), Just(0)], prop::collection::vec(inner, 0..6))
            .prop_map(|(number, inner)| tlv(number | 0x8000, &inner.concat()))
    });
    let tree = (prop::collection::vec(nest, 0..6), any::<prop::sample::Index>()).prop_map(|(attributes, cut)| {
        let mut bytes = attributes.concat();
        bytes.truncate(cut.index(bytes.len() + 1));
        bytes
    });
    prop_oneof![tree, prop::collection::vec(any::<u8>(), 0..200)]
}

fn tlv(number: u16, payload: &[u8]) -> Vec<u8> {
    let mut buffer = Buffer::new();
    buffer.put(number, payload);
    buffer.finish().unwrap()
}

#[test]
fn the_tables_say_that_keys_are_secret() {
    let set = DevicePart::set();
    assert!(matches!(set.named("private_key").unwrap().kind, Kind::Struct(secret) if secret.members.is_empty()));
    let names: Vec<_> = WireGuard::message_types().iter().map(|known| known.kernel).collect();
    assert_eq!(names, ["WG_CMD_GET_DEVICE", "WG_CMD_SET_DEVICE"]);
}
