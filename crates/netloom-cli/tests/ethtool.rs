//! `ethtool`: its options, what netlink lacks, and what is told while it changes.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::{
    io::{BufRead as _, BufReader},
    iter,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use netloom_testkit::Namespace;
use serde_json::Value as Json;

/// Runs the command in the namespace; what it printed, what it complained of, and its exit status.
fn netloom(space: &Namespace, line: &str) -> (String, String, Option<i32>) {
    let out = Command::new(env!("CARGO_BIN_EXE_netloom"))
        .args(["-n", space.name()])
        .args(line.split_whitespace())
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().trim_end().to_owned();
    (text(out.stdout), text(out.stderr), out.status.code())
}

fn pair() -> Option<Namespace> {
    let space = Namespace::new()?;
    space.ip(&["link", "add", "v0", "numtxqueues", "2", "numrxqueues", "2", "type", "veth", "peer", "name", "v1"]);
    Some(space)
}

#[test]
fn long_names_and_options_before_them_are_ethtools() {
    let Some(space) = pair() else { return };
    let same = |lines: &[&str]| {
        let first = netloom(&space, lines[0]);
        assert_eq!(first.2, Some(0), "{first:?}");
        lines.iter().for_each(|line| assert_eq!(netloom(&space, line), first, "{line}"));
    };
    same(&["ethtool -k v0", "ethtool --show-features v0", "ethtool --show-offload v0", "eth -k v0"]);
    same(&["-j ethtool -l v0", "ethtool --json -l v0", "ethtool -j --show-channels v0", "ethtool -l v0 --json"]);
    same(&["-s ethtool v0", "ethtool -I v0", "ethtool --include-statistics v0"]);
    same(&["ethtool -S v0 --groups eth-phy rmon", "ethtool --statistics v0 --groups eth-phy rmon --"]);
    let (text, ..) = netloom(&space, "ethtool -l v0");
    assert_eq!(text, "v0\n    rx-max 2\n    tx-max 2\n    rx     2\n    tx     2");
    let (text, ..) = netloom(&space, "-o ethtool -l v0");
    assert_eq!(text, "v0\\     rx-max 2\\     tx-max 2\\     rx     2\\     tx     2");
    let (text, ..) = netloom(&space, "ethtool -T v0");
    let stamps = [
        "v0",
        "    capabilities software-transmit",
        "                 software-receive",
        "                 software-system-clock",
        "    tx-types",
        "    rx-filters",
    ];
    assert_eq!(text, stamps.join("\n"));
    // Colour is where the other objects have it.
    let (text, ..) = netloom(&space, "-c=always ethtool v0");
    assert!(text.starts_with("\u{1b}[36mv0\u{1b}[0m\n"), "{text:?}");
    assert!(text.contains("link-detected               \u{1b}[31mno\u{1b}[0m"), "{text:?}");
}

#[test]
fn mistakes_are_told() {
    let Some(space) = pair() else { return };
    let cases = [
        (
            "-i v0",
            1,
            "--driver: which driver a device has: known to the ioctl ETHTOOL_GDRVINFO only, not to netlink; use ethtool",
        ),
        (
            "-d v0 raw on",
            1,
            "--register-dump: registers: known to the ioctl ETHTOOL_GREGS only, not to netlink; use ethtool",
        ),
        (
            "--identify v0 5",
            1,
            "--identify: blinking: known to the ioctl ETHTOOL_PHYS_ID only, not to netlink; use ethtool",
        ),
        (
            "-S v0",
            1,
            "ethtool -S: counters of the driver's own are known to an ioctl (ETHTOOL_GSTATS) only, not to netlink; \
             --groups and --all-groups show standard ones",
        ),
        ("-s v0 xcvr internal", 1, "xcvr: a transceiver is chosen by an ioctl (ETHTOOL_SSET), not by netlink"),
        ("-n v0", 1, "rules of classification are known to an ioctl (ETHTOOL_GRXCLSRULE) only, not to netlink"),
        ("--frob v0", 1, "command \"--frob\" is unknown; try `netloom ethtool help`"),
        ("--disable-netlink v0", 1, "option --disable-netlink: there is nothing but netlink here"),
        ("-K v0 tso", 255, "ethtool -K feature: \"tso\" is not followed by \"on\" or \"off\""),
        ("-K v0", 255, "ethtool -K: it is not said what to change"),
        ("-G rx 5", 255, "ethtool -G: [ device ] DEVICE is missing"),
        ("-G v0 rx 5", 2, "set rings of v0: Operation not supported (EOPNOTSUPP)"),
        (
            "-g nope0",
            2,
            "get rings of nope0: No such device (ENODEV): no device matches name, at ETHTOOL_A_RINGS_HEADER > ETHTOOL_A_HEADER_DEV_NAME",
        ),
        ("-s v0 wol x", 255, "ethtool -s: wol: 'x' is none of pumbagsfd"),
        ("-s v0 advertise frob", 255, "ethtool -s: advertise: \"frob\" is neither N[/M] nor a NAME with on or off"),
        ("-a v0 --src emac", 255, "ethtool -a: --src is about counters, which -I asks for"),
        ("-X v0 hfunc md5", 255, "ethtool -X: hfunc: \"md5\" is none of toeplitz, xor, crc32"),
        ("-X v0 equal 2 default", 255, "ethtool -X: of equal, weight and default only one may be given"),
        ("-m v0 page 1 offset 3", 255, "ethtool -m: pages but 0 begin at offset 128"),
        ("--monitor --frob", 255, "ethtool --monitor: \"--frob\" is about nothing that the kernel tells of"),
    ];
    for (line, code, complaint) in cases {
        assert_eq!(
            netloom(&space, &format!("ethtool {line}")),
            (String::new(), complaint.into(), Some(code)),
            "{line}"
        );
    }
}

#[test]
fn what_netlink_of_this_kernel_may_lack_says_since_when_it_is_there() {
    let Some(space) = pair() else { return };
    let since = "netlink has it since Linux 6.17, for devices that can: Operation not supported (EOPNOTSUPP)";
    let cases = [
        ("-X v0 hfunc toeplitz", "set RSS of v0"),
        ("-X v0 context 1 delete", "delete RSS of v0 context 1"),
        ("-X v0 context new hfunc xor", "create RSS of v0"),
    ];
    for (line, what) in cases {
        let (_, complaint, code) = netloom(&space, &format!("ethtool {line}"));
        assert_eq!((complaint, code), (format!("{what}: {since}"), Some(2)), "{line}");
    }
}

#[test]
fn changes_are_told() {
    let Some(space) = pair() else { return };
    let mut child = Command::new(env!("CARGO_BIN_EXE_netloom"))
        .args(["-n", space.name(), "-j", "ethtool", "--monitor", "-K", "v0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let (tell, told) = mpsc::channel();
    let reader = thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| tell.send(line)));
    let change = |on: &str| {
        // Of another device, and of something else: not asked for.
        let _ = netloom(&space, &format!("ethtool -K v1 gro {on}"));
        let _ = netloom(&space, &format!("ethtool -L v0 rx {}", if on == "on" { 1 } else { 2 }));
        assert_eq!(netloom(&space, &format!("ethtool -K v0 gro {on}")).2, Some(0));
    };
    let state = |line: String| {
        let told: Json = serde_json::from_str(&line).unwrap();
        assert_eq!((told["notification"].as_str(), told["ifname"].as_str()), (Some("features"), Some("v0")), "{line}");
        told["generic-receive-offload"]["active"].as_bool().unwrap()
    };
    // Until it listens, nothing is told: changes go on until one is. What was told of them may come late.
    let mut on = true;
    let listens = (0..100).any(|_| {
        on = !on;
        change(if on { "on" } else { "off" });
        told.recv_timeout(Duration::from_millis(100)).is_ok_and(|line| [true, false].contains(&state(line)))
    });
    let followed = (0..3).all(|_| {
        on = !on;
        change(if on { "on" } else { "off" });
        let mut seen = iter::from_fn(|| told.recv_timeout(Duration::from_secs(10)).ok().map(state));
        seen.any(|seen| seen == on)
    });
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(listens && followed, "a change was not told");
    drop(reader);
}

#[test]
fn completions_and_pages_come_from_the_tables() {
    let run = |words: &[&str]| {
        let out = Command::new(env!("CARGO_BIN_EXE_netloom")).args(words).output().unwrap();
        String::from_utf8(out.stdout).unwrap()
    };
    let first = |words: &[&str]| {
        let all = run(&[&["complete", "ethtool"], words].concat());
        all.lines().filter_map(|line| line.split('\t').next().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert!(first(&["--show-f"]).starts_with(&["--show-features".into(), "--show-fec".into()]));
    assert!(
        first(&["-"]).contains(&"--phy".to_owned()) && first(&["-I", "--show-fe"]) == ["--show-features", "--show-fec"]
    );
    assert!(first(&["lo", ""]).is_empty() && first(&[""]).contains(&"lo".to_owned()));
    assert_eq!(first(&["-s", "lo", "dup"]), ["duplex"]);
    assert_eq!(first(&["-s", "lo", "duplex", ""]), ["half", "full"]);
    let page = run(&["man", "ethtool"]);
    assert!(
        page.contains(".SH OPTIONS\nThese stand before the verb.") && page.contains(".SS \\-g, \\-\\-show\\-ring"),
        "{page}"
    );
    let help = run(&["ethtool", "help"]);
    assert!(help.contains("netloom ethtool -G | --set-ring [ [ device ] DEVICE ] [ rx NUMBER ]"), "{help}");
}
