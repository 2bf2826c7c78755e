//! What the guest needs of this machine: it reads the machine's own files, so the tools of its tests are installed here.

use crate::{Outcome, tools};

/// `(program, Debian package)` for what makes and runs the guest.
const MAKERS: [(&str, &str); 11] = [
    ("qemu-system-x86_64", "qemu-system-x86"),
    ("/usr/share/seabios/bios-256k.bin", "seabios"),
    ("/var/lib/dpkg/info/busybox-static.list", "busybox-static"),
    ("xz", "xz-utils"),
    ("zstd", "zstd"),
    ("modprobe", "kmod"),
    ("depmod", "kmod"),
    ("iasl", "acpica-tools"),
    ("make", "make"),
    ("gcc", "gcc"),
    ("/usr/lib/x86_64-linux-gnu/libelf.so.1", "libelf1"),
];

/// The foreign judges of the tests, and the daemons that they start in the guest: a row for each.
const JUDGES: [(&str, &str); 15] = [
    ("ip", "iproute2"),
    ("bpftool", "bpftool"),
    ("strace", "strace"),
    ("wg", "wireguard-tools"),
    ("ethtool", "ethtool"),
    ("iw", "iw"),
    ("hostapd", "hostapd"),
    ("wpa_supplicant", "wpasupplicant"),
    ("ipvsadm", "ipvsadm"),
    ("ipset", "ipset"),
    ("nft", "nftables"),
    ("teamd", "libteam-utils"),
    ("ovs-vswitchd", "openvswitch-switch"),
    ("quotaon", "quota"),
    ("mkfs.ext4", "e2fsprogs"),
];

/// Installs what is missing when root, else says what to install. No service is started.
pub(super) fn install() -> Outcome {
    tools::need(&[&MAKERS[..], &JUDGES[..]].concat())
}

/// Whether the machine that runs the guest is there.
pub(super) fn has_qemu() -> bool {
    tools::is_there("qemu-system-x86_64") && tools::is_there("/bin/busybox")
}
