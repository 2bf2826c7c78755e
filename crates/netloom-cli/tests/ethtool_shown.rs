//! `ethtool`: what is shown is what ethtool shows, and what is set is what ethtool sets, on devices of several drivers.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::{
    fmt::Write as _,
    path::Path,
    process::{Command, Output},
};

use netloom_testkit::{Card, EthtoolJudge, Namespace, Simulated, device_of, skip};
use serde_json::Value as Json;

/// What ethtool shows as JSON, `@` being the device.
const SHOWS: &[&str] = &[
    "@",
    "-I @",
    "-a @",
    "-I -a @",
    "-c @",
    "-g @",
    "-k @",
    "-l @",
    "-x @",
    "--show-eee @",
    "--show-fec @",
    "-I --show-fec @",
    "--show-mm @",
    "-I --show-mm @",
    "--show-module @",
    "--show-pse @",
    "-S @ --all-groups",
    "-S @ --groups eth-mac rmon",
];

/// What is meant to differ, each with the reason.
const MEANT: &[(&str, &str)] = &[];

/// What a link comes to by itself after each change.
const SETTLING: &[&str] =
    &["\"speed\"", "\"duplex\"", "\"mdi-x\"", "\"link-detected\"", "\"link-partner", "\"negotiated\""];

/// The tools, and where they look.
struct Bench {
    judge: EthtoolJudge,
    space: Option<Namespace>,
}

impl Bench {
    fn run(&self, program: &Path, before: &[&str], line: &str) -> Output {
        let mut command = match &self.space {
            Some(space) => {
                let mut command = Command::new("ip");
                command.args(["netns", "exec", space.name()]).arg(program);
                command
            }
            None => Command::new(program),
        };
        command.args(before).args(line.split_whitespace()).output().unwrap()
    }

    /// What ethtool says; with `json` as JSON.
    fn theirs(&self, line: &str, json: bool) -> Output {
        self.run(self.judge.path(), if json { &["--json"] } else { &[] }, line)
    }

    fn ours(&self, line: &str) -> Output {
        self.run(Path::new(env!("CARGO_BIN_EXE_netloom")), &["-j", "ethtool"], line)
    }

    /// What ours says as JSON.
    fn shown(&self, line: &str) -> Json {
        let out = self.ours(line);
        assert!(out.status.success(), "{line}: {}", String::from_utf8_lossy(&out.stderr));
        serde_json::from_slice(&out.stdout).unwrap()
    }

    /// Compares all that ethtool shows as JSON of a device; returns how much it showed.
    fn compare(&self, device: &str) -> usize {
        let mut compared = 0;
        let mut report = String::new();
        for line in SHOWS {
            let line = line.replace('@', device);
            let (theirs, ours) = (self.theirs(&line, true), self.ours(&line));
            if String::from_utf8_lossy(&theirs.stderr).contains("JSON output not available") {
                continue;
            }
            if theirs.status.success() != ours.status.success() {
                writeln!(report, "== {line}\n-- ethtool: {theirs:?}\n-- netloom: {ours:?}").unwrap();
                continue;
            }
            if !theirs.status.success() {
                continue;
            }
            let json = |out: &Output| serde_json::from_slice::<Json>(&out.stdout).unwrap().to_string();
            if json(&theirs) != json(&ours) && !MEANT.iter().any(|(meant, _)| line.starts_with(meant)) {
                writeln!(report, "== {line}\n-- ethtool: {}\n-- netloom: {}", json(&theirs), json(&ours)).unwrap();
            }
            compared += 1;
        }
        assert!(report.is_empty(), "{report}");
        compared
    }

    /// Sets something by both, each after `undo`: `show` then says the same, and something else than before.
    fn set(&self, device: &str, undo: &str, set: &str, show: &str) {
        let line = |line: &str| line.replace('@', device);
        let theirs = |words: &str| {
            let out = self.theirs(&line(words), false);
            assert!(out.status.success(), "ethtool {words}: {}", String::from_utf8_lossy(&out.stderr));
        };
        // What negotiation comes to changes in its own time.
        let settles = |shown: &&str| !SETTLING.iter().any(|key| shown.trim().starts_with(key));
        let state = || {
            let text = String::from_utf8(self.theirs(&line(show), true).stdout).unwrap();
            text.lines().filter(settles).map(str::to_owned).collect::<Vec<_>>()
        };
        theirs(undo);
        let before = state();
        theirs(set);
        let expected = state();
        assert_ne!(before, expected, "{set} changes nothing");
        theirs(undo);
        assert_eq!(state(), before, "{undo} does not undo {set}");
        let out = self.ours(&line(set));
        assert!(out.status.success(), "netloom {set}: {}", String::from_utf8_lossy(&out.stderr));
        assert_eq!(state(), expected, "{set}");
        theirs(undo);
    }

    /// What `-T` shows is what ethtool's text says.
    fn compare_abilities(&self, device: &str) {
        let text = String::from_utf8(self.theirs(&format!("-T {device}"), false).stdout).unwrap();
        let shown = &self.shown(&format!("-T {device}"))[0];
        let list = |key: &str| shown[key].as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect::<Vec<_>>();
        let mut expected = format!("Time stamping parameters for {device}:\nCapabilities:\n");
        list("capabilities").iter().for_each(|name| writeln!(expected, "\t{name}").unwrap());
        match shown["phc-index"].as_u64() {
            Some(index) => writeln!(expected, "PTP Hardware Clock: {index}").unwrap(),
            None => expected += "PTP Hardware Clock: none\n",
        }
        for (title, key) in
            [("Hardware Transmit Timestamp Modes", "tx-types"), ("Hardware Receive Filter Modes", "rx-filters")]
        {
            let names = list(key);
            writeln!(expected, "{title}:{}", if names.is_empty() { " none" } else { "" }).unwrap();
            names.iter().for_each(|name| writeln!(expected, "\t{name}").unwrap());
        }
        // Newer kernels and tools tell which clock it is.
        let told =
            |text: &str| text.lines().filter(|line| !line.contains("provider")).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(told(&text), told(&expected));
    }

    fn compare_address(&self, device: &str) {
        let text = String::from_utf8(self.theirs(&format!("-P {device}"), false).stdout).unwrap();
        let shown = self.shown(&format!("-P {device}"));
        let address = shown[0]["permanent-address"].as_str().unwrap_or("not set");
        assert_eq!(text.trim(), format!("Permanent address: {address}"));
    }
}

macro_rules! bench {
    ($space:expr) => {
        match EthtoolJudge::newest().filter(|judge| judge.version >= (6, 14)) {
            Some(judge) => Bench { judge, space: $space },
            None => skip!("ethtool 6.14", "not unpacked"),
        }
    };
}

#[test]
fn a_veth() {
    let Some(space) = Namespace::new() else { return };
    let bench = bench!(Some(space));
    let space = bench.space.as_ref().unwrap();
    let queues = ["numrxqueues", "4", "numtxqueues", "4"];
    space.ip(&[&["link", "add", "v0"], &queues[..], &["type", "veth", "peer", "name", "v1"], &queues[..]].concat());
    assert!(bench.compare("v0") >= 5);
    space.ip(&["link", "set", "v0", "up"]);
    space.ip(&["link", "set", "v1", "up"]);
    assert!(bench.compare("v0") >= 5);
    assert!(bench.compare("lo") >= 4);
    bench.compare_abilities("v0");
    bench.compare_address("v0");
    bench.set("v0", "-K @ tso on gro off", "-K @ tso off gro on", "-k @");
    bench.set("v0", "-K @ rx-gro-list off sg on", "-K @ rx-gro-list on sg off", "-k @");
    if bench.judge.version >= (7, 0) {
        bench.set("v0", "-L @ rx 4 tx 4", "-L @ rx 2 tx 3", "-l @");
        let both = bench.theirs("-l *", true);
        assert_eq!(serde_json::from_slice::<Json>(&both.stdout).unwrap(), bench.shown("-l"));
    }
}

#[test]
fn features_that_a_device_cannot_change_are_told() {
    let Some(space) = Namespace::new() else { return };
    let bench = bench!(Some(space));
    bench.space.as_ref().unwrap().ip(&["link", "add", "v0", "type", "veth", "peer", "name", "v1"]);
    let (theirs, ours) = (bench.theirs("-K v0 lro on", false), bench.ours("-K v0 lro on"));
    assert_eq!((theirs.status.code(), ours.status.code()), (Some(1), Some(1)));
    assert_eq!(String::from_utf8_lossy(&theirs.stdout), "Actual changes:\nrx-lro: off [requested on]\n");
    let shown: Json = serde_json::from_slice(&ours.stdout).unwrap();
    let lro = &shown[0]["changes"]["rx-lro"];
    assert_eq!((lro["active"].as_bool(), lro["requested"].as_bool()), (Some(false), Some(true)), "{shown}");
}

/// Reads only: a host's card is not a test's to change.
#[test]
fn a_card_of_virtio() {
    let Some(device) = device_of("virtio_net") else { skip!("virtio_net", "there is no such card") };
    let bench = bench!(None);
    assert!(bench.compare(&device) >= 9);
    bench.compare_abilities(&device);
    bench.compare_address(&device);
}

#[test]
fn a_simulated_device() {
    let Some(device) = Simulated::new() else { skip!("netdevsim", "the kernel has none") };
    let bench = bench!(None);
    let name = &device.name;
    assert!(bench.compare(name) >= 8);
    for (file, on) in [("report_stats_rx", "Y"), ("report_stats_tx", "Y")] {
        device.set(&format!("ethtool/pause/{file}"), on);
    }
    assert!(bench.compare(name) >= 8);
    bench.compare_abilities(name);
    bench.set(name, "-A @ rx off tx off", "-A @ rx on tx on", "-a @");
    bench.set(name, "-C @ rx-usecs 0 tx-frames-high 0", "-C @ rx-usecs 7 tx-frames-high 9", "-c @");
    bench.set(name, "-C @ adaptive-rx off cqe-mode-tx off", "-C @ adaptive-rx on cqe-mode-tx on", "-c @");
    bench.set(name, "-G @ rx 1 rx-mini 1 tx 1", "-G @ rx 512 rx-mini 64 tx 256", "-g @");
    bench.set(name, "--set-fec @ encoding off", "--set-fec @ encoding rs", "--show-fec @");
    bench.set(name, "--set-fec @ encoding off", "--set-fec @ encoding auto", "--show-fec @");
    bench.set(name, "--set-fec @ encoding off", "--set-fec @ encoding baser llrs", "--show-fec @");
    bench.set(name, "-L @ combined 4", "-L @ combined 2", "-l @");
    assert!(bench.compare(name) >= 8);
    // What a driver fails with is told.
    device.set("ethtool/get_err", "110");
    let ours = bench.ours(&format!("--show-fec {name}"));
    let told = String::from_utf8_lossy(&ours.stderr).into_owned();
    assert!(told.starts_with(&format!("get FEC of {name}: Connection timed out (ETIMEDOUT)")), "{told}");
}

#[test]
fn tunnels_of_a_simulated_device() {
    let Some(device) = Simulated::new() else { skip!("netdevsim", "the kernel has none") };
    let bench = bench!(None);
    let ip = |words: &str| assert!(Command::new("ip").args(words.split(' ')).status().unwrap().success(), "{words}");
    ip(&format!("link set {} up", device.name));
    ip("link add vx-eth type vxlan id 7 dstport 4789");
    ip("link set vx-eth up");
    let shown = bench.shown(&format!("--show-tunnels {}", device.name));
    let text = String::from_utf8(bench.theirs(&format!("--show-tunnels {}", device.name), false).stdout).unwrap();
    ip("link del vx-eth");
    let mut expected = format!("Tunnel information for {}:\n", device.name);
    let tables = shown[0]["udp-port-tables"].as_array().unwrap();
    for (number, table) in tables.iter().enumerate() {
        let texts = |values: &Json| {
            values.as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect::<Vec<_>>().join(", ")
        };
        let types = texts(&table["types"]);
        writeln!(expected, "  UDP port table {number}: \n    Size: {}\n    Types: {types}", table["size"]).unwrap();
        match table["entries"].as_array().unwrap().as_slice() {
            [] => expected += "    No entries\n",
            entries => {
                writeln!(expected, "    Entries ({}):", entries.len()).unwrap();
                for entry in entries {
                    writeln!(expected, "        port {}, {}", entry["port"], entry["type"].as_str().unwrap()).unwrap();
                }
            }
        }
    }
    assert_eq!(text, expected);
    assert!(text.contains("port 4789, vxlan"), "{text}");
}

#[test]
fn a_card_of_intel() {
    let Some(card) = Card::plugged("e1000e") else { skip!("e1000e", "QEMU plugs one in, in the guest") };
    let bench = bench!(None);
    let name = &card.name;
    let carrier = || std::fs::read_to_string(format!("/sys/class/net/{name}/carrier")).ok().filter(|c| c.trim() == "1");
    assert!(Command::new("ip").args(["link", "set", name, "up"]).status().unwrap().success());
    netloom_testkit::wait_for(carrier).unwrap();
    assert!(bench.compare(name) >= 8);
    bench.compare_abilities(name);
    bench.compare_address(name);
    // A link that is up negotiates for a while after each change.
    assert!(Command::new("ip").args(["link", "set", name, "down"]).status().unwrap().success());
    bench.set(name, "-s @ msglvl 0x7", "-s @ msglvl drv off tx_err on", "@");
    bench.set(name, "-s @ msglvl 0x7", "-s @ msglvl 0x3/0xf", "@");
    bench.set(name, "-s @ autoneg on", "-s @ advertise 0x20", "@");
    bench.set(name, "-s @ autoneg on", "-s @ advertise 100baseT/Full off", "@");
    bench.set(name, "-s @ advertise 0x20", "-s @ autoneg on", "@");
    bench.set(name, "-s @ mdix auto", "-s @ mdix on", "@");
    bench.set(name, "-C @ rx-usecs 3", "-C @ rx-usecs 100", "-c @");
    bench.set(name, "-G @ rx 256 tx 256", "-G @ rx 512 tx 1024", "-g @");
    bench.set(name, "-A @ autoneg on rx on tx on", "-A @ autoneg off rx on tx off", "-a @");
    bench.set(name, "-K @ rxhash on rx-fcs off", "-K @ rxhash off rx-fcs on", "-k @");
    assert!(bench.compare(name) >= 8);
    let flags = String::from_utf8(bench.theirs(&format!("--show-priv-flags {name}"), false).stdout).unwrap();
    let shown = bench.shown(&format!("--show-priv-flags {name}"));
    let mut expected = format!("Private flags for {name}:\n");
    for (flag, on) in shown[0]["private-flags"].as_object().unwrap() {
        let _ = writeln!(expected, "{flag}: {}", if on.as_bool().unwrap() { "on" } else { "off" });
    }
    let plain = |text: &str| text.lines().map(|line| line.split_whitespace().collect::<String>()).collect::<Vec<_>>();
    assert_eq!(plain(&flags), plain(&expected));
}

#[test]
fn a_card_of_vmware() {
    let Some(card) = Card::plugged("vmxnet3") else { skip!("vmxnet3", "QEMU plugs one in, in the guest") };
    let bench = bench!(None);
    assert!(Command::new("ip").args(["link", "set", &card.name, "up"]).status().unwrap().success());
    assert!(bench.compare(&card.name) >= 8);
    bench.set(&card.name, "-s @ wol d", "-s @ wol ug", "@");
    bench.set(&card.name, "-s @ wol d", "-s @ wol 0x2", "@");
}

#[test]
fn a_card_that_spreads_packets() {
    let Some(card) = Card::plugged("virtio-net-pci,rss=on,hash=on,mq=on") else {
        skip!("virtio_net RSS", "QEMU plugs such a card in, in the guest")
    };
    let bench = bench!(None);
    assert!(bench.compare(&card.name) >= 8);
    let shown = bench.shown(&format!("-x {}", card.name));
    assert_eq!(shown[0]["rss-indirection-table"].as_array().map(Vec::len), Some(128), "{shown}");
}

#[test]
fn what_only_root_may_see_is_left_out_for_others() {
    let Some(device) = device_of("virtio_net") else { skip!("virtio_net", "there is no such card") };
    if !netloom_testkit::is_root() {
        skip!("root", "only root becomes somebody else");
    }
    let bench = bench!(None);
    let nobody = |program: &Path, words: &[&str]| {
        let become_nobody = ["--reuid", "65534", "--clear-groups"];
        Command::new("setpriv").args(become_nobody).arg(program).args(words).arg(&device).output().unwrap()
    };
    let theirs = nobody(bench.judge.path(), &["--json"]);
    let ours = nobody(Path::new(env!("CARGO_BIN_EXE_netloom")), &["-j", "ethtool"]);
    let json = |out: &Output| serde_json::from_slice::<Json>(&out.stdout).unwrap_or_else(|e| panic!("{e}: {out:?}"));
    assert_eq!(json(&theirs), json(&ours));
    let told = String::from_utf8_lossy(&ours.stderr).into_owned();
    assert_eq!(told.trim(), format!("get Wake-on-LAN of {device}: Operation not permitted (EPERM)"));
}
