//! `ethtool`: what is asked of the kernel is what ethtool asks for the same words.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

mod support;

use std::{fmt::Write as _, path::Path, process::Command};

use netloom_testkit::{EthtoolJudge, Namespace, canonical, record, skip};
use support::strace;

/// What changes something, for any device: ours refuses none of it before the kernel does.
const CHANGES: &[&str] = &[
    "-A v0 autoneg off rx on tx off",
    "-C v0 adaptive-rx on adaptive-tx off rx-usecs 1 rx-frames 2 rx-usecs-irq 3 rx-frames-irq 4 tx-usecs 5 tx-frames 6",
    "-C v0 tx-usecs-irq 1 tx-frames-irq 2 stats-block-usecs 3 pkt-rate-low 4 rx-usecs-low 5 rx-frames-low 6",
    "-C v0 tx-usecs-low 1 tx-frames-low 2 pkt-rate-high 3 rx-usecs-high 4 rx-frames-high 5 tx-usecs-high 6",
    "-C v0 tx-frames-high 1 sample-interval 2 cqe-mode-rx on cqe-mode-tx off tx-aggr-max-bytes 3",
    "-C v0 tx-aggr-max-frames 1 tx-aggr-time-usecs 2",
    "-G v0 rx 1 rx-mini 2 rx-jumbo 3 tx 4 rx-buf-len 5 cqe-size 6 tx-push on rx-push off tx-push-buf-len 7",
    "-G v0 tcp-data-split on",
    "-G v0 tcp-data-split auto hds-thresh 9",
    "-L v0 rx 1 tx 2 other 3 combined 4",
    "-K v0 tso off gro on",
    "-K v0 rx-gro-list on tx-nocache-copy off sg on",
    "--set-priv-flags v0 one on two off",
    "--set-eee v0 eee on tx-lpi off tx-timer 7",
    "--set-eee v0 advertise 0x28",
    "--set-fec v0 encoding rs",
    "--set-fec v0 encoding auto",
    "--set-fec v0 encoding auto baser llrs",
    "--set-fec v0 encoding off",
    "--set-mm v0 verify-enabled on verify-time 10 tx-enabled off pmac-enabled on tx-min-frag-size 60",
    "--set-module v0 power-mode-policy auto",
    "--set-plca-cfg v0 enable on node-id 1 node-cnt 8 to-tmr 32 burst-cnt 1 burst-tmr 128",
    "--phy 2 --set-plca-cfg v0 enable off",
    "--set-pse v0 podl-pse-admin-control enable",
    "--set-pse v0 c33-pse-admin-control disable c33-pse-avail-pw-limit 15000 prio 1",
    "--set-hwtimestamp-cfg v0 index 0 qualifier precise tx on rx-filter all",
    "-s v0 speed 1000 duplex full autoneg off",
    "-s v0 speed 100 lanes 2",
    "-s v0 autoneg on",
    "-s v0 autoneg on advertise 0x20",
    "-s v0 advertise 0x20/0x30",
    "-s v0 advertise 100000000000000000",
    "-s v0 advertise 100baseT/Full on 1000baseT/Full off autoneg on",
    "-s v0 advertise 100baseT/Full on 1000baseT/Full off -- autoneg on",
    "-s v0 master-slave forced-master",
    "-s v0 port tp mdix auto phyad 3",
    "-s v0 mdix on",
    "-s v0 wol g",
    "-s v0 wol pumba",
    "-s v0 wol d",
    "-s v0 wol 0x20",
    "-s v0 wol s sopass 01:02:03:04:05:06",
    "-s v0 msglvl drv on link off",
    "-s v0 msglvl 0x7",
    "-s v0 msglvl 7/0xf",
    "-s v0 msglvl 0",
    "-s v0 msglvl 0x80000000",
    "--flash-module-firmware v0 file x.bin pass 9",
    "--cable-test v0",
    "--cable-test-tdr v0",
    "--cable-test-tdr v0 first 1 last 20 step 2 pair 1",
];

/// What shows something.
const SHOWS: &[&str] = &[
    "-a v0",
    "-I -a v0",
    "-I -a v0 --src emac",
    "-c v0",
    "-g v0",
    "-l v0",
    "-x v0",
    "-x v0 context 3",
    "-T v0",
    "-T v0 index 1 qualifier approx",
    "--get-hwtimestamp-cfg v0",
    "--show-eee v0",
    "-I --show-fec v0",
    "-I --show-mm v0",
    "--show-module v0",
    "--show-pse v0",
    "--phy 1 --get-plca-cfg v0",
    "--get-plca-status v0",
    "--show-tunnels v0",
    "-S v0 --groups eth-mac rmon",
    "-m v0 page 3 offset 128 length 16",
    "-m v0 hex on page 1 bank 2 i2c 0x51",
    "-l *",
];

/// What is meant to differ: the line, what ethtool does, and why ours does not.
const MEANT: &[(&str, &str)] = &[
    ("-s v0 msglvl 0", "it sends a set of no bits, ours has one bit, which is clear"),
    ("-l *", "it asks for an acknowledgement of a dump, which ends by itself"),
    (
        "-s v0 advertise 100baseT/Full on 1000baseT/Full off autoneg on",
        "it takes its own word autoneg for the name of a mode, unless -- stands before it",
    ),
];

/// The messages of a program for ethtool's family, as text, and what it complained of.
fn sent(space: &Namespace, program: &Path, before: &[&str], line: &str, of: impl Fn(&str) -> bool) -> (String, String) {
    let trace = std::env::temp_dir().join(format!("netloom-ethtool-{}-{}", std::process::id(), space.name()));
    let out = Command::new("ip")
        .args(["netns", "exec", space.name(), "timeout", "5", "strace", "-o"])
        .arg(&trace)
        .args(strace::OPTIONS)
        .arg(program)
        .args(before)
        .args(line.split_whitespace())
        .output()
        .unwrap();
    let text = std::fs::read_to_string(&trace).unwrap();
    let _ = std::fs::remove_file(&trace);
    let mut requests = String::new();
    for message in strace::sent(&text) {
        // The controller's own family is number 16; rtnetlink's messages have no header of generic netlink.
        if u16::from_ne_bytes([message[4], message[5]]) <= 0x10 || message.len() < 20 {
            continue;
        }
        let mut plain = message.clone();
        plain[4..6].copy_from_slice(&u16::from(message[16]).to_ne_bytes());
        plain.drain(16..20);
        let asks = |kernel: &str| !kernel.ends_with("_REPLY") && !kernel.ends_with("_NTF");
        let known = netloom::ethtool::message_types().iter();
        let known = known.filter(|known| known.number == u16::from(message[16]) && asks(known.kernel));
        let text = known.take(1).map(|known| canonical(&plain, std::slice::from_ref(known))).collect::<String>();
        if of(text.split(' ').next().unwrap_or_default()) {
            requests += &text;
        }
    }
    let complaint = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(!complaint.contains("panicked"), "{line}: {complaint}");
    (requests, complaint)
}

fn compare(lines: &[&str], of: fn(&str) -> bool) {
    let Some(space) = Namespace::new() else { return };
    let Some(judge) = EthtoolJudge::newest().filter(|judge| judge.version >= (6, 14)) else {
        skip!("ethtool 6.14", "not unpacked")
    };
    if Command::new("strace").arg("-V").output().is_err() {
        skip!("strace", "not installed");
    }
    space.ip(&["link", "add", "v0", "type", "veth", "peer", "name", "v1"]);
    let mut report = String::new();
    for line in lines {
        let (theirs, complaint) = sent(&space, judge.path(), &[], line, of);
        if theirs.is_empty() && complaint.contains("not supported by kernel") {
            record("ethtool of a newer kernel", &format!("{line}: {}", complaint.trim()));
            continue;
        }
        let (ours, _) = sent(&space, Path::new(env!("CARGO_BIN_EXE_netloom")), &["ethtool"], line, of);
        if MEANT.iter().any(|(meant, _)| meant == line) {
            assert_ne!(theirs, ours, "{line} is said to differ");
            continue;
        }
        if theirs.is_empty() || theirs != ours {
            writeln!(report, "== {line}\n-- ethtool:\n{theirs}-- netloom:\n{ours}").unwrap();
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn changes_are_asked_for_as_ethtool_does() {
    compare(CHANGES, |kernel| ["_SET", "_ACT", "_CFG"].iter().any(|end| kernel.ends_with(end)));
}

#[test]
fn questions_are_those_of_ethtool() {
    // Names of bits are asked for in other pieces, or come with the bits.
    compare(SHOWS, |kernel| !kernel.contains("STRSET") && !kernel.contains("LINKMODES"));
}
