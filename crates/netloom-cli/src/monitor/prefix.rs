//! Prefixes that routers advertise.

use crate::devices::Devices;
use crate::out::{Paint, Record};
use netloom::prefix::{AdvertisedPrefix, PrefixFlags};

/// Describes a prefix out of a router's advertisement.
pub(super) fn describe(r: &mut Record, prefix: &AdvertisedPrefix, devices: &Devices) {
    if let Some(address) = prefix.address() {
        let text = format!("{address}/{}", prefix.prefix_length());
        r.string("prefix", text).paint(Paint::Inet6);
    }
    r.string("dev", devices.name(u32::try_from(prefix.index()).unwrap_or_default())).paint(Paint::Device);
    let flags = PrefixFlags::from_bits_retain(prefix.flags());
    if flags.contains(PrefixFlags::ONLINK) {
        r.flag("onlink");
    }
    if flags.contains(PrefixFlags::AUTOCONF) {
        r.flag("autoconf");
    }
    if let Some(lifetimes) = prefix.cache_info() {
        r.number("valid", lifetimes.valid);
        r.number("preferred", lifetimes.preferred);
    }
}
