//! Values of settings, as command lines and files have them.

use netloom::wireguard::{AllowedIp, PublicKey, SetPeer};
use std::str::FromStr;

/// A UDP port.
pub(super) fn port(text: &str) -> Result<u16, String> {
    decimal(text).ok_or_else(|| format!("{text:?} is not a port between 0 and 65535"))
}

/// A mark, in decimal (also after a leading 0) or hexadecimal; `off` is 0.
pub(super) fn mark(text: &str) -> Result<u32, String> {
    let mark = match text.strip_prefix("0x") {
        _ if text == "off" => Some(0),
        Some(digits) => u32::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+')),
        None => decimal(text),
    };
    mark.ok_or_else(|| format!("{text:?} is not a mark: \"off\", or a number between 0 and 0xffffffff"))
}

/// An interval in seconds; `off` is 0.
pub(super) fn keepalive(text: &str) -> Result<u16, String> {
    let seconds = if text == "off" { Some(0) } else { decimal(text) };
    seconds.ok_or_else(|| format!("{text:?} is not an interval: \"off\", or seconds between 0 and 65535"))
}

/// A public key.
pub(super) fn public_key(text: &str) -> Result<PublicKey, String> {
    text.parse().map_err(|error| format!("{text:?} is {error}"))
}

fn decimal<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What is said of the allowed IPs of a peer.
#[derive(Debug, Default)]
pub(super) struct AllowedIps {
    said: bool,
    /// Some are marked with `+` or `-`: those that are there stay.
    marked: bool,
    /// Each with whether it goes.
    all: Vec<(AllowedIp, bool)>,
}

impl AllowedIps {
    /// Takes in a list with commas, which may be empty. An address marked with `-` goes.
    pub(super) fn add(&mut self, list: &str) -> Result<(), String> {
        self.said = true;
        if list.trim().is_empty() {
            return Ok(());
        }
        for text in list.split(',').map(str::trim) {
            let (mark, address) = match text.strip_prefix(['+', '-']) {
                Some(address) => (text.chars().next(), address),
                None => (None, text),
            };
            let allowed = address.parse().map_err(|error| format!("{text:?} is {error}"))?;
            self.marked |= mark.is_some();
            self.all.push((allowed, mark == Some('-')));
        }
        Ok(())
    }

    /// Has the order for a peer say so.
    pub(super) fn apply(&self, peer: SetPeer) -> SetPeer {
        let peer = if self.said && !self.marked { peer.replace_allowed_ips() } else { peer };
        self.all.iter().fold(peer, |peer, (allowed, goes)| match goes {
            true => peer.remove_allowed_ip(*allowed),
            false => peer.allowed_ip(*allowed),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_wg_reads_them() {
        assert_eq!([mark("off"), mark("0"), mark("0xca6c"), mark("010")], [Ok(0), Ok(0), Ok(0xca6c), Ok(10)]);
        assert!(mark("0x100000000").is_err() && mark("0xzz").is_err() && mark("0x+1").is_err() && mark("").is_err());
        assert_eq!([keepalive("off"), keepalive("25"), keepalive("65535")], [Ok(0), Ok(25), Ok(65535)]);
        assert!(keepalive("65536").is_err() && keepalive("+1").is_err() && keepalive("0x10").is_err());
        assert_eq!([port("0"), port("51820")], [Ok(0), Ok(51820)]);
        assert!(port("5x").is_err() && port("").is_err() && port("70000").is_err());
    }

    #[test]
    fn allowed_ips_replace_unless_they_are_marked() {
        let said = |lists: &[&str]| {
            let mut allowed = AllowedIps::default();
            lists.iter().try_for_each(|list| allowed.add(list)).map(|()| {
                let all: Vec<_> = allowed.all.iter().map(|(allowed, goes)| format!("{allowed} {goes}")).collect();
                (allowed.said && !allowed.marked, all.join(", "))
            })
        };
        assert_eq!(said(&[]), Ok((false, String::new())));
        assert_eq!(said(&[""]), Ok((true, String::new())));
        assert_eq!(
            said(&["10.0.0.0/8, fd00::1", "::/0"]),
            Ok((true, "10.0.0.0/8 false, fd00::1/128 false, ::/0 false".into()))
        );
        assert_eq!(said(&["+10.1.0.0/16,-10.0.0.0/8"]), Ok((false, "10.1.0.0/16 false, 10.0.0.0/8 true".into())));
        for wrong in ["10.0.0.0/33", "10.0.0.0/0x8", "10.0.0.0/", "a,b", "10.0.0.1,", "--10.0.0.1"] {
            assert!(said(&[wrong]).is_err(), "{wrong}");
        }
    }
}
