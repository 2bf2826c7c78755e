//! Hardware types and addresses, as iproute2 shows them.

use netloom::link::Link;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Names of hardware types (`ARPHRD_*`, `linux/if_arp.h`).
const TYPES: &[(u16, &str)] = &[
    (0, "netrom"),
    (1, "ether"),
    (2, "eether"),
    (3, "ax25"),
    (4, "pronet"),
    (5, "chaos"),
    (6, "ieee802"),
    (7, "arcnet"),
    (8, "atalk"),
    (15, "dlci"),
    (19, "atm"),
    (23, "metricom"),
    (24, "ieee1394"),
    (27, "eui64"),
    (32, "infiniband"),
    (256, "slip"),
    (257, "cslip"),
    (258, "slip6"),
    (259, "cslip6"),
    (260, "rsrvd"),
    (264, "adapt"),
    (270, "rose"),
    (271, "x25"),
    (272, "hwx25"),
    (280, "can"),
    (290, "mctp"),
    (512, "ppp"),
    (513, "hdlc"),
    (516, "lapb"),
    (517, "ddcmp"),
    (518, "rawhdlc"),
    (519, "rawip"),
    (768, "ipip"),
    (769, "tunnel6"),
    (770, "frad"),
    (771, "skip"),
    (772, "loopback"),
    (773, "ltalk"),
    (774, "fddi"),
    (775, "bif"),
    (776, "sit"),
    (777, "ip/ddp"),
    (778, "gre"),
    (779, "pimreg"),
    (780, "hippi"),
    (781, "ash"),
    (782, "econet"),
    (783, "irda"),
    (784, "fcpp"),
    (785, "fcal"),
    (786, "fcpl"),
    (800, "tr"),
    (801, "ieee802.11"),
    (802, "ieee802.11/prism"),
    (803, "ieee802.11/radiotap"),
    (804, "ieee802.15.4"),
    (805, "ieee802.15.4/monitor"),
    (820, "phonet"),
    (821, "phonet_pipe"),
    (822, "caif"),
    (823, "gre6"),
    (824, "netlink"),
    (825, "6lowpan"),
    (826, "vsockmon"),
    (0xfffe, "none"),
    (0xffff, "void"),
];

/// Hardware types whose addresses are those of IPv4 tunnels: ipip, sit and gre.
const TUNNELS4: [u16; 3] = [768, 776, 778];
/// Hardware types whose addresses are those of IPv6 tunnels: tunnel6 and gre6.
const TUNNELS6: [u16; 2] = [769, 823];

/// Name of a hardware type, or its number in brackets.
pub(crate) fn type_name(hardware: u16) -> String {
    match hardware {
        787..=799 => format!("fcfb{}", hardware - 787),
        _ => TYPES
            .iter()
            .find(|(number, _)| *number == hardware)
            .map_or_else(|| format!("[{hardware}]"), |(_, name)| (*name).to_owned()),
    }
}

/// An address: of tunnels as an IP address, else as bytes between colons.
pub(crate) fn address(bytes: &[u8], hardware: u16) -> String {
    if let (Ok(octets), true) = (<[u8; 4]>::try_from(bytes), TUNNELS4.contains(&hardware)) {
        return Ipv4Addr::from(octets).to_string();
    }
    if let (Ok(octets), true) = (<[u8; 16]>::try_from(bytes), TUNNELS6.contains(&hardware)) {
        return Ipv6Addr::from(octets).to_string();
    }
    let mut text = String::new();
    for (at, byte) in bytes.iter().enumerate() {
        let colon = if at > 0 { ":" } else { "" };
        // Writing to a String cannot fail.
        let _ = write!(text, "{colon}{byte:02x}");
    }
    text
}

/// The address of a link, if it has one.
pub(crate) fn address_of(link: &Link) -> Option<String> {
    Some(address(link.address()?.as_bytes(), link.hardware()))
}

/// Bytes in hexadecimal without anything between.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
