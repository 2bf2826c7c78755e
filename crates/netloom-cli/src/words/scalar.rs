//! Reading single arguments: numbers, addresses, prefixes, hardware addresses, as iproute2 reads them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An IP prefix as given: `10/8`, `2001:db8::/32`, `10.0.0.1`, `default`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Prefix {
    /// The address; none for `default`, `any` and `all`.
    pub(crate) address: Option<IpAddr>,
    /// Leading bits; the address's full width if none were given.
    pub(crate) length: u8,
    /// Whether the length was given (or is part of the word's meaning, as in `default`).
    pub(crate) explicit: bool,
}

impl Prefix {
    /// Whether an address lies in it; without an address it holds all.
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        let bits = |address: IpAddr| match address {
            IpAddr::V4(ip) => (false, u128::from(u32::from(ip)) << 96),
            IpAddr::V6(ip) => (true, u128::from(ip)),
        };
        let Some(own) = self.address else { return true };
        let ((own_v6, own), (v6, other)) = (bits(own), bits(address));
        let mask = u128::MAX.checked_shl(128 - u32::from(self.length.min(128))).unwrap_or_default();
        own_v6 == v6 && own & mask == other & mask
    }
}

/// A number in decimal, hexadecimal (`0x`) or octal (leading `0`).
pub(crate) fn number(text: &str) -> Option<u64> {
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => (hex, 16),
        None if text.len() > 1 && text.starts_with('0') => (text.get(1..)?, 8),
        None => (text, 10),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    u64::from_str_radix(digits, radix).ok()
}

/// The same with a sign.
pub(crate) fn signed(text: &str) -> Option<i64> {
    match text.strip_prefix('-') {
        Some(digits) => number(digits).and_then(|n| 0i64.checked_sub_unsigned(n)),
        None => number(text).and_then(|n| i64::try_from(n).ok()),
    }
}

/// An IP address. IPv4 may leave out trailing zero bytes (`10.1` is 10.1.0.0), as iproute2 has it.
pub(crate) fn address(text: &str, wants_v6: Option<bool>) -> Option<IpAddr> {
    match (text, wants_v6) {
        ("any" | "default" | "all", Some(true)) => return Some(Ipv6Addr::UNSPECIFIED.into()),
        ("any" | "default" | "all", _) => return Some(Ipv4Addr::UNSPECIFIED.into()),
        _ => {}
    }
    let found = if text.contains(':') { text.parse().ok().map(IpAddr::V6) } else { short_ipv4(text).map(IpAddr::V4) };
    found.filter(|address| wants_v6.is_none_or(|v6| address.is_ipv6() == v6))
}

fn short_ipv4(text: &str) -> Option<Ipv4Addr> {
    let mut octets = [0u8; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        let Some(part) = parts.next() else { break };
        *octet = u8::try_from(number(part)?).ok()?;
    }
    parts.next().is_none().then(|| octets.into())
}

/// An IP prefix.
pub(crate) fn prefix(text: &str, wants_v6: Option<bool>) -> Option<Prefix> {
    if matches!(text, "default" | "any" | "all") {
        return Some(Prefix { address: None, length: 0, explicit: true });
    }
    let (head, tail) = match text.split_once('/') {
        Some((head, tail)) => (head, Some(tail)),
        None => (text, None),
    };
    if let ("default" | "any" | "all", Some(tail)) = (head, tail) {
        return (number(tail)? == 0).then_some(Prefix { address: None, length: 0, explicit: true });
    }
    let address = address(head, wants_v6)?;
    let width = if address.is_ipv6() { 128 } else { 32 };
    let length = match tail {
        None => width,
        Some(tail) => mask_length(tail).or_else(|| u8::try_from(number(tail)?).ok())?,
    };
    (length <= width).then_some(Prefix { address: Some(address), length, explicit: tail.is_some() })
}

/// The length that a netmask in dotted form stands for.
fn mask_length(text: &str) -> Option<u8> {
    let mask = u32::from(text.parse::<Ipv4Addr>().ok()?);
    let ones = mask.leading_ones();
    (ones + mask.trailing_zeros() >= 32).then(|| u8::try_from(ones).ok())?
}

/// A hardware address: bytes in hexadecimal between colons, an IP address (tunnels have those), or nothing else.
pub(crate) fn hardware(text: &str) -> Option<Vec<u8>> {
    if text.contains('.') {
        return text.parse::<Ipv4Addr>().ok().map(|address| address.octets().to_vec());
    }
    let bytes: Option<Vec<u8>> =
        text.split(':').map(|byte| (1..=2).contains(&byte.len()).then(|| u8::from_str_radix(byte, 16).ok())?).collect();
    bytes.or_else(|| text.parse::<Ipv6Addr>().ok().map(|address| address.octets().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_bases() {
        assert_eq!([number("10"), number("0x10"), number("010"), number("0")], [Some(10), Some(16), Some(8), Some(0)]);
        assert_eq!([number("-1"), number("+1"), number(""), number("08"), number("0x")], [None; 5]);
        assert_eq!(signed("-9223372036854775808"), Some(i64::MIN));
        assert_eq!(signed("9223372036854775808"), None);
    }

    #[test]
    fn prefixes_are_as_short_as_iproute2_allows() {
        let v4 = |a: &str, length, explicit| Some(Prefix { address: a.parse().ok(), length, explicit });
        assert_eq!(prefix("10/8", None), v4("10.0.0.0", 8, true));
        assert_eq!(prefix("10.1.2.3", None), v4("10.1.2.3", 32, false));
        assert_eq!(prefix("10.0.0.0/255.255.0.0", None), v4("10.0.0.0", 16, true));
        assert_eq!(prefix("10.0.0.0/255.0.255.0", None), None);
        assert_eq!(prefix("10.0.0.0/33", None), None);
        assert_eq!(prefix("1.2.3.4.5", None), None);
        assert_eq!(prefix("default", None), Some(Prefix { address: None, length: 0, explicit: true }));
        assert_eq!(prefix("2001:db8::/32", None), v4("2001:db8::", 32, true));
        assert_eq!(prefix("2001:db8::/32", Some(false)), None);
    }

    #[test]
    fn prefixes_hold_the_addresses_that_begin_alike() {
        let holds = |text: &str, address: &str| {
            prefix(text, None).zip(address.parse().ok()).is_some_and(|(prefix, address)| prefix.contains(address))
        };
        assert!(holds("10/8", "10.255.0.1") && !holds("10/8", "11.0.0.1") && !holds("10/8", "::1"));
        assert!(holds("::/0", "ff02::1") && !holds("::/0", "10.0.0.1") && holds("default", "10.0.0.1"));
        assert!(holds("2001:db8::/33", "2001:db8:7fff::") && !holds("2001:db8::/33", "2001:db8:8000::"));
    }

    #[test]
    fn hardware_addresses_have_any_length() {
        assert_eq!(hardware("2:0:5e:0:53:1"), Some(vec![2, 0, 0x5e, 0, 0x53, 1]));
        assert_eq!(hardware("192.0.2.1"), Some(vec![192, 0, 2, 1]));
        assert_eq!(hardware("2001:db8::1").map(|b| b.len()), Some(16));
        assert_eq!([hardware("02:zz"), hardware("200:1"), hardware("")], [None, None, None]);
    }
}
