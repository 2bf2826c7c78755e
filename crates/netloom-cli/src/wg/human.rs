//! A device for people: one line a setting, times and bytes in units, colours where there is a terminal.

use super::endpoint;
use crate::devices::Devices;
use anstyle::{AnsiColor, Style};
use netloom::wireguard::{Device, Peer};
use std::cmp::Reverse;
use std::fmt::{Display, Write as _};
use std::time::Duration;

const BOLD: Style = Style::new().bold();
const INTERFACE: Style = AnsiColor::Green.on_default();
const PEER: Style = AnsiColor::Yellow.on_default();
const UNIT: Style = AnsiColor::Cyan.on_default();

/// How a device is shown.
pub(super) struct View<'a> {
    /// Names of links.
    pub(super) devices: &'a Devices,
    /// Whether secret keys are shown.
    pub(super) reveal: bool,
    /// The time since 1970.
    pub(super) now: Duration,
}

/// Shows a device, with a line's end behind.
pub(super) fn device(device: &Device, view: &View<'_>) -> String {
    let mut text = title("interface", INTERFACE, &device.name);
    let mut line = |name: &str, value: &dyn Display| text += &setting(name, value);
    if let Some(key) = &device.public_key {
        line("public key", key);
    }
    if let Some(key) = &device.private_key {
        line("private key", &view.secret(key.to_base64().as_str()));
    }
    if device.listen_port != 0 {
        line("listening port", &device.listen_port);
    }
    if device.fwmark != 0 {
        line("fwmark", &format_args!("{:#x}", device.fwmark));
    }
    // Those that were heard of last come first.
    let mut peers: Vec<_> = device.peers.iter().collect();
    peers.sort_by_key(|peer| Reverse(peer.last_handshake));
    peers.into_iter().fold(text, |text, peer| text + "\n" + &self::peer(peer, view))
}

fn peer(peer: &Peer, view: &View<'_>) -> String {
    let mut text = title("peer", PEER, &peer.public_key);
    let mut line = |name: &str, value: &dyn Display| text += &setting(name, value);
    if let Some(key) = &peer.preshared_key {
        line("preshared key", &view.secret(key.to_base64().as_str()));
    }
    if let Some(endpoint) = &peer.endpoint {
        line("endpoint", &endpoint::show(endpoint, view.devices));
    }
    let allowed: Vec<_> =
        peer.allowed_ips.iter().map(|ip| format!("{}{UNIT}/{UNIT:#}{}", ip.address(), ip.prefix())).collect();
    line("allowed ips", &if allowed.is_empty() { "(none)".to_owned() } else { allowed.join(", ") });
    if let Some(at) = peer.last_handshake {
        line("latest handshake", &ago(at, view.now));
    }
    if (peer.rx_bytes, peer.tx_bytes) != (0, 0) {
        line("transfer", &format_args!("{} received, {} sent", bytes(peer.rx_bytes), bytes(peer.tx_bytes)));
    }
    if peer.keepalive != 0 {
        line("persistent keepalive", &format_args!("every {}", span(peer.keepalive.into())));
    }
    text
}

fn title(kind: &str, colour: Style, name: &dyn Display) -> String {
    let strong = colour.bold();
    format!("{strong}{kind}{strong:#}: {colour}{name}{colour:#}\n")
}

fn setting(name: &str, value: &dyn Display) -> String {
    let mut text = String::new();
    _ = writeln!(text, "  {BOLD}{name}{BOLD:#}: {value}");
    text
}

impl View<'_> {
    fn secret(&self, key: &str) -> String {
        if self.reveal { key.to_owned() } else { "(hidden)".to_owned() }
    }
}

/// How long ago a time was.
fn ago(at: Duration, now: Duration) -> String {
    match now.as_secs().checked_sub(at.as_secs()) {
        Some(0) => "Now".to_owned(),
        Some(seconds) => format!("{} ago", span(seconds)),
        None => "(later than now: the clock was set back)".to_owned(),
    }
}

/// Seconds in years of 365 days, days, hours, minutes and what is left; units of which there are none are left out.
fn span(seconds: u64) -> String {
    let mut left = seconds;
    let mut parts = Vec::new();
    for (length, unit) in [(31_536_000, "year"), (86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")] {
        let count = left / length;
        left %= length;
        if count > 0 {
            parts.push(format!("{count} {UNIT}{unit}{}{UNIT:#}", if count == 1 { "" } else { "s" }));
        }
    }
    parts.join(", ")
}

/// A number of bytes in units of 1024.
fn bytes(count: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "two places are shown")]
    let mut value = count as f64;
    if count < 1024 {
        return format!("{count} {UNIT}B{UNIT:#}");
    }
    let mut unit = "KiB";
    value /= 1024.0;
    for next in ["MiB", "GiB", "TiB"] {
        if value < 1024.0 {
            break;
        }
        value /= 1024.0;
        unit = next;
    }
    format!("{value:.2} {UNIT}{unit}{UNIT:#}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn times_and_bytes_read_as_wg_writes_them() {
        let told = [1, 62, 3725, 86_400, 31_536_001].map(|seconds| plain(&span(seconds)));
        assert_eq!(
            told,
            ["1 second", "1 minute, 2 seconds", "1 hour, 2 minutes, 5 seconds", "1 day", "1 year, 1 second"]
        );
        let told = [0, 1023, 1024, 1_572_864, 5 << 30, 7 << 40, u64::MAX].map(|count| plain(&bytes(count)));
        assert_eq!(told, ["0 B", "1023 B", "1.00 KiB", "1.50 MiB", "5.00 GiB", "7.00 TiB", "16777216.00 TiB"]);
        let seconds = Duration::from_secs;
        assert_eq!(plain(&ago(seconds(100), seconds(100))), "Now");
        assert_eq!(plain(&ago(seconds(38), seconds(100))), "1 minute, 2 seconds ago");
        assert!(ago(seconds(101), seconds(100)).starts_with("(later than now"));
    }
}
