//! `ethtool`: settings and state of network devices beyond those of rtnetlink, in ethtool's own options.
//!
//! `-k DEVICE` and its like are the verbs; without one, a device's link is shown. Where ethtool has JSON, the keys are
//! its; where it has not, they are its words.

mod bits;
mod cable;
mod change;
mod channels;
mod coalesce;
mod counters;
mod eee;
mod eeprom;
mod features;
mod fec;
mod given;
mod mm;
mod modes;
mod module;
mod monitor;
mod mse;
mod other;
mod pause;
mod phy;
mod plca;
mod pse;
mod rings;
mod rss;
mod settings;
mod sheet;
mod stamps;
mod talk;
mod tunnels;

use crate::words::{Kind, Object, Verb, Word, flag, word};

pub(crate) static OBJECT: Object = Object {
    names: &["ethtool"],
    about: "settings of network devices, in ethtool's options",
    whole_verbs: true,
    one_failure: false,
    all_once: true,
    options: OPTIONS,
    verbs: VERBS,
};

const OPTIONS: &[Word] = &[
    flag("--json", "print JSON").alias(&["-j"]),
    flag("--include-statistics", "show counters too, with -a, -T, --show-fec, --show-mm and the link").alias(&["-I"]),
    word("--phy", Kind::U32, "a PHY of the device rather than the one that its MAC is attached to"),
    word("--debug", Kind::U32, "ethtool's messages: not supported, refused"),
    flag("--disable-netlink", "use ioctls: not supported, refused"),
];

/// `verbs!`: name and synonyms, what it does, its words, what runs it.
macro_rules! verbs { ($($names:expr, $about:literal, $words:expr, $run:expr;)*) => {
    const VERBS: &[Verb] = &[$(Verb { names: $names, about: $about, words: $words, run: $run }),*];
} }
verbs! {
    &["-s", "--change"], "change the link, Wake-on-LAN, messages to the log", change::WORDS, change::run;
    &["-a", "--show-pause"], "show flow control", pause::SHOW_PAUSE, pause::show_pause;
    &["-A", "--pause"], "change flow control", pause::PAUSE, pause::set_pause;
    &["-c", "--show-coalesce"], "show how long packets are gathered", other::SHOW, coalesce::show_coalesce;
    &["-C", "--coalesce"], "change how long packets are gathered", coalesce::COALESCE, coalesce::set_coalesce;
    &["-g", "--show-ring"], "show sizes of queues", other::SHOW, rings::show_rings;
    &["-G", "--set-ring"], "change sizes of queues", rings::RINGS, rings::set_rings;
    &["-k", "--show-features", "--show-offload"], "show features", features::SHOW, features::show_features;
    &["-K", "--features", "--offload"], "change features", features::FEATURES, features::set_features;
    &["-l", "--show-channels"], "show numbers of channels", other::SHOW, channels::show_channels;
    &["-L", "--set-channels"], "change numbers of channels", channels::CHANNELS, channels::set_channels;
    &["-S", "--statistics"], "show counters that standards define", counters::WORDS, counters::run;
    &["-T", "--show-time-stamping"], "show abilities to make timestamps", stamps::SHOW, stamps::show_abilities;
    &["--get-hwtimestamp-cfg"], "show how timestamps are made", other::SHOW, stamps::show_config;
    &["--set-hwtimestamp-cfg"], "change how timestamps are made", stamps::SET, stamps::set_config;
    &["--show-phc"], "show virtual clocks", other::SHOW, stamps::show_clocks;
    &["-x", "--show-rxfh-indir", "--show-rxfh"], "show how packets are spread over queues", rss::SHOW, rss::show_rss;
    &["-X", "--set-rxfh-indir", "--rxfh"], "change how packets are spread over queues", rss::SET, rss::set_rss;
    &["-n", "-u", "--show-nfc", "--show-ntuple"], "show fields that are hashed", rss::fields::SHOW, rss::fields::show;
    &["-N", "-U", "--config-nfc", "--config-ntuple"], "change fields that are hashed", rss::fields::SET, rss::fields::set;
    &["-m", "--dump-module-eeprom", "--module-info"], "show a module's memory", eeprom::WORDS, eeprom::run;
    &["-P", "--show-permaddr"], "show the hardware address that was given at the factory", cable::TEST, other::address;
    &["--show-priv-flags"], "show flags of the driver's own", features::SHOW, features::show_flags;
    &["--set-priv-flags"], "change flags of the driver's own", features::FLAGS, features::set_flags;
    &["--show-eee"], "show energy-efficient Ethernet", other::SHOW, eee::show_eee;
    &["--set-eee"], "change energy-efficient Ethernet", eee::EEE, eee::set_eee;
    &["--show-fec"], "show forward error correction", other::SHOW, fec::show_fec;
    &["--set-fec"], "change forward error correction", fec::FEC, fec::set_fec;
    &["--show-mm"], "show frame preemption", other::SHOW, mm::show_merge;
    &["--set-mm"], "change frame preemption", mm::MERGE, mm::set_merge;
    &["--show-module"], "show a module's power", other::SHOW, module::show_module;
    &["--set-module"], "change a module's power", module::MODULE, module::set_module;
    &["--flash-module-firmware"], "update a module's firmware", eeprom::FLASH, eeprom::flash;
    &["--cable-test"], "test the cable", cable::TEST, cable::test;
    &["--cable-test-tdr"], "measure the cable by time domain reflectometry", cable::MEASURE, cable::measure;
    &["--show-phys"], "show PHYs", other::SHOW, phy::show_phys;
    &["--get-plca-cfg"], "show collision avoidance", other::SHOW, plca::show_plca;
    &["--set-plca-cfg"], "change collision avoidance", plca::PLCA, plca::set_plca;
    &["--get-plca-status"], "show whether collision avoidance works", other::SHOW, plca::show_plca_status;
    &["--show-mse"], "show how clean the signal is", other::SHOW, mse::show_mse;
    &["--show-pse"], "show power over the cable", other::SHOW, pse::show_pse;
    &["--set-pse"], "change power over the cable", pse::PSE, pse::set_pse;
    &["--show-tunnels"], "show tunnels that are offloaded", other::SHOW, tunnels::show_tunnels;
    &["--show-strings"], "show names of bits and counters, of a device or of the kernel", other::SHOW, other::strings;
    &["--monitor"], "show changes until it is interrupted", monitor::WORDS, monitor::run;
    &["--driver", "-i"], "not by netlink: refused", other::ABSENT, other::absent;
    &["--register-dump", "-d"], "not by netlink: refused", other::ABSENT, other::absent;
    &["--eeprom-dump", "-e"], "not by netlink: refused", other::ABSENT, other::absent;
    &["--change-eeprom", "-E"], "not by netlink: refused", other::ABSENT, other::absent;
    &["--identify", "-p"], "not by netlink: refused", other::ABSENT, other::absent;
    &["--negotiate", "-r"], "not by netlink: refused", other::ABSENT, other::absent;
    &["--test", "-t"], "not by netlink: refused", other::ABSENT, other::absent;
    &["--flash", "-f"], "not by netlink: refused", other::ABSENT, other::absent;
    &["--get-dump", "-w"], "not by netlink: refused", other::ABSENT, other::absent;
    &["--set-dump", "-W"], "not by netlink: refused", other::ABSENT, other::absent;
    &["--per-queue", "-Q"], "not by netlink: refused", other::ABSENT, other::absent;
    &["--phy-statistics"], "not by netlink: refused", other::ABSENT, other::absent;
    &["--get-tunable"], "not by netlink: refused", other::ABSENT, other::absent;
    &["--set-tunable"], "not by netlink: refused", other::ABSENT, other::absent;
    &["--get-phy-tunable"], "not by netlink: refused", other::ABSENT, other::absent;
    &["--set-phy-tunable"], "not by netlink: refused", other::ABSENT, other::absent;
    &["--reset"], "not by netlink: refused", other::ABSENT, other::absent;
    &[], "show a device's link, and what belongs to it", settings::WORDS, settings::run;
}
