//! What `ethtool` sends, byte for byte.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::{fs, path::Path};

use netloom_ethtool::{DeviceRef, commands::*, linkmodes::Duplex};
use netloom_wire::{Buffer, Request, View, check, generic, reencode};

/// The message of a file in `tests/golden`, from the header of generic netlink on; the file says how it was captured.
fn golden(name: &str) -> Vec<u8> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name).with_extension("txt");
    let text = fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let hex: String = text.split("\n\n").nth(1).unwrap().lines().collect();
    let digits: Vec<u8> = hex.chars().map(|digit| u8::try_from(digit.to_digit(16).unwrap()).unwrap()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn same<R: Request>(request: &R, name: &str) {
    let golden = golden(name);
    let (header, body) = golden.split_at(generic::HEADER);
    assert_eq!(header, generic::header(R::COMMAND, 1), "{name}");
    let layout = R::Body::layout();
    assert_eq!(check(layout, body), Ok(()), "{name}");
    // ethtool does not clear the padding behind its strings; read and written again, it is clear.
    let body = reencode(layout, body).unwrap();
    let mut ours = Buffer::new();
    request.write(&mut ours);
    assert_eq!(ours.finish().unwrap(), body, "{name}");
}

#[test]
fn requests_are_those_of_ethtool() {
    same(&GetRings::of("v0"), "get-rings");
    same(&GetPause::of(DeviceRef::from("v0").statistics()), "get-pause");
    same(&SetRings::of("v0", |w| w.rx(512).tx(256)), "set-rings");
    same(&SetChannels::of("v0", |w| w.rx(2).tx(2)), "set-channels");
    same(&SetCoalesce::of("v0", |w| w.rx_usecs(50).use_adaptive_rx(true)), "set-coalesce");
    same(&SetPause::of("v0", |w| w.autoneg(false).rx(true)), "set-pause");
    same(&SetLinkModes::of("v0", |w| w.speed(1000).duplex(Duplex::Full).autoneg(false)), "set-linkmodes");
    same(&SetEee::of("v0", |w| w.enabled(true).tx_lpi_enabled(true).tx_lpi_timer(50)), "set-eee");
}

#[test]
fn bitsets_of_requests_are_those_of_ethtool() {
    let off = [
        "rx-gro",
        "tx-tcp-segmentation",
        "tx-tcp-ecn-segmentation",
        "tx-tcp-mangleid-segmentation",
        "tx-tcp6-segmentation",
        "tx-tcp-accecn-segmentation",
    ];
    let features = SetFeatures::of(DeviceRef::from("v0").compact(), |w| w.wanted(|b| b.named(off.map(|n| (n, false)))));
    same(&features, "set-features");
    same(&SetPrivateFlags::of("v0", |w| w.flags(|b| b.named([("foo", true)]))), "set-privflags");
    same(&SetDebugMessages::of("v0", |w| w.messages(|b| b.named([("drv", true), ("link", false)]))), "set-debug");
    same(&SetFec::of("v0", |w| w.modes(|b| b.list(["RS"])).auto(false)), "set-fec");
    let magic = SetWakeOnLan::of("v0", |w| w.modes(|b| b.no_mask().bits(|bits| bits.bit(|bit| bit.index(5)))));
    same(&magic, "set-wol");
}

#[test]
fn errors_name_what_was_asked() {
    let asked = |body: &[u8]| netloom_wire::About::of::<SetRings>().asked(body).to_string();
    let mut out = Buffer::new();
    SetRings::of("eth0", |w| w.rx(1)).write(&mut out);
    assert_eq!(asked(&out.finish().unwrap()), "set rings of eth0");
    let mut out = Buffer::new();
    SetRings::of(DeviceRef::from(7).phy(2), |w| w.rx(1)).write(&mut out);
    assert_eq!(asked(&out.finish().unwrap()), "set rings of device 7 PHY 2");
}
