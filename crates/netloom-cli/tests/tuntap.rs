//! Links that the kernel does not make by rtnetlink, made by the words of `link add` and of `tuntap`.

mod support;

use netloom_testkit::{Iproute2, Namespace, skip};
use serde_json::{Value, json};
use std::process::{Command, Output};
use support::answers::{assert_same_but, watch};

/// Whether `/dev/net/tun` can be used; where not, the skip is recorded.
fn has_tun() -> bool {
    let opened = std::fs::OpenOptions::new().read(true).write(true).open("/dev/net/tun");
    opened.map_err(|error| netloom_testkit::record("kind tun", &error.to_string())).is_ok()
}

fn netloom(space: &Namespace, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_netloom")).args(["-n", space.name()]).args(words).output().expect("netloom")
}

fn done(space: &Namespace, words: &str) -> String {
    let out = netloom(space, &words.split(' ').collect::<Vec<_>>());
    assert!(out.status.success(), "{words}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).expect("text")
}

fn said(out: &Output) -> (Option<i32>, String) {
    (out.status.code(), String::from_utf8_lossy(&out.stderr).trim().to_owned())
}

fn judged(space: &Namespace, name: &str) -> Value {
    let iproute2 = Iproute2::installed().expect("asked before");
    let shown = space.judge(&iproute2, "ip", &["-j", "-d", "link", "show", name]);
    serde_json::from_str::<Value>(&shown).expect("JSON")[0].take()
}

#[test]
fn shown_as_by_iproute2() {
    if !has_tun() {
        return;
    }
    assert_same_but(
        &[
            // That of the namespace says what iproute2 shows.
            "mount -t sysfs sysfs /sys",
            "ip tuntap add mode tun name tun0",
            "ip tuntap add mode tap name tap0 pi vnet_hdr multi_queue user 7 group 9",
            "ip tuntap add mode tap name tap2 one_queue",
            "$netloom tuntap add tun1 mode tun pi user root",
            "$netloom tuntap add mode tap dev tap1 group root vnet_hdr multi_queue one_queue",
            "$netloom tuntap add gone mode tap multi_queue",
            "$netloom tuntap del gone mode tap",
        ],
        &["tuntap", "tuntap show", "tuntap list", "tap lst", "-d tuntap"],
        // A child of another test has what that opened until it becomes its program; who has one open is a test's own affair.
        |_, path| path.ends_with(".processes"),
    );
}

/// The kernel has one kind for both, and iproute2 finds nothing of this type.
#[test]
fn taps_are_found_by_the_type_that_makes_them() {
    let Some(space) = Namespace::new().filter(|_| has_tun()) else { return };
    for words in ["link add tun0 type tun", "link add tap0 type tap", "link add type ifb"] {
        done(&space, words);
    }
    let names = |words: &str| -> Vec<Value> {
        let shown: Vec<Value> = serde_json::from_str(&done(&space, words)).expect("JSON");
        shown.iter().filter_map(|link| link.get("ifname")).cloned().collect()
    };
    for object in ["link", "addr"] {
        assert_eq!(names(&format!("-j {object} show type tap")), ["tap0"]);
        assert_eq!(names(&format!("-j {object} show type tun")), ["tun0", "tap0"]);
    }
}

#[test]
fn text_is_that_of_iproute2() {
    if !has_tun() {
        return;
    }
    let Some(space) = Namespace::new() else { return };
    done(&space, "tuntap add mode tap name tap0 pi multi_queue user 7 group 9");
    done(&space, "tuntap add mode tun name tun0");
    let iproute2 = Iproute2::installed().expect("asked before");
    for words in [&["tuntap"][..], &["-d", "tuntap"]] {
        assert_eq!(done(&space, &words.join(" ")), space.judge(&iproute2, "ip", words), "{words:?}");
    }
    assert_eq!(done(&space, "tuntap show tun0"), "tun0: tun persist\n");
    assert_eq!(done(&space, "tuntap show mode tap"), "tap0: tap pi multi_queue persist filter user 7 group 9\n");
}

#[test]
fn who_has_it_open_is_told() {
    use netloom::{Namespace as Inside, tuntap::TunTap};
    if !has_tun() {
        return;
    }
    let Some(space) = Namespace::new() else { return };
    // A name of this test's own: who has which link open is told by the name alone.
    let name = format!("u{}", std::process::id());
    let link = TunTap::tun(&name).namespace(Inside::path(space.path()).expect("a namespace"));
    let open = link.open().expect("a link");
    let shown: Value = serde_json::from_str(&done(&space, "-j -d tuntap")).expect("JSON");
    assert_eq!(shown[0]["processes"][0]["pid"], std::process::id());
    assert_eq!(shown[0]["flags"], json!(["tun"]));
    drop(open);
}

#[test]
fn made_by_link_add() {
    if !has_tun() {
        return;
    }
    let Some(space) = Namespace::new() else { return };
    done(&space, "link add name tap0 mtu 1400 up type tap user 7 multi_queue");
    let shown = judged(&space, "tap0");
    assert_eq!((&shown["mtu"], &shown["linkinfo"]["info_data"]["type"]), (&json!(1400), &json!("tap")));
    let told = done(&space, "-j -echo link add name tun%d type tun group 9");
    let told: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!(told[0]["ifname"], "tun0");
    assert_eq!(told[0]["ifindex"], judged(&space, "tun0")["ifindex"]);
    let again = netloom(&space, &["link", "add", "tap0", "type", "tap"]);
    let told = "add link tap0: proxy `tun/tap`: create tap tap0: a link has this name: File exists (EEXIST)";
    assert_eq!(said(&again), (Some(2), told.to_owned()));
    done(&space, "link set tap0 down");
    done(&space, "link del tap0");
    done(&space, "tuntap del tun0 mode tun");
    assert_eq!(done(&space, "-j tuntap"), "[]\n");
}

#[test]
fn a_monitor_tells_of_them_as_of_all_links() {
    if !has_tun() {
        return;
    }
    let ours = env!("CARGO_BIN_EXE_netloom");
    let script = format!("{ours} link add tap0 type tap user 7\n{ours} link set tap0 mtu 1400\n{ours} link del tap0");
    let Some(lines) = watch("-d monitor link", &script) else { return };
    let of_it: Vec<_> = lines.iter().filter(|line| line["ifname"] == "tap0").collect();
    assert!(of_it.iter().any(|line| line["linkinfo"]["info_data"]["type"] == "tap"), "{of_it:?}");
    assert!(of_it.iter().any(|line| line["mtu"] == 1400), "{of_it:?}");
    assert_eq!(of_it.last().map(|line| &line["deleted"]), Some(&json!(true)), "{of_it:?}");
}

/// What the proxy says to the kernel is in the capture, too.
#[test]
fn what_makes_them_is_recorded() {
    if !has_tun() {
        return;
    }
    let Some(space) = Namespace::new() else { return };
    let file = std::env::temp_dir().join(format!("netloom-tap-{}.pcap", std::process::id()));
    let netloom = |words: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_netloom"));
        command.args(words.split(' '));
        command
    };
    let words = format!("record --write {} -- -n {} link add tap0 mtu 1400 type tap", file.display(), space.name());
    assert!(netloom(&words).status().expect("netloom").success());
    assert_eq!(judged(&space, "tap0")["mtu"], 1400);
    let decoded = netloom("-j decode").stdin(std::fs::File::open(&file).expect("a capture")).output().expect("netloom");
    let _ = std::fs::remove_file(&file);
    let decoded: Value = serde_json::from_slice(&decoded.stdout).expect("JSON");
    let decoded = decoded.as_array().expect("messages").iter().map(Value::to_string).collect::<Vec<_>>();
    let says = |what: &[&str]| decoded.iter().any(|message| what.iter().all(|word| message.contains(word)));
    assert!(says(&["RTM_GETLINK", "tap0"]) && says(&["RTM_NEWLINK", "1400"]), "{decoded:?}");
}

#[test]
fn teams_made_by_link_add() {
    let Some(space) = Namespace::new() else { return };
    if !space.has_kind("team") {
        skip!("kind team", "the kernel has none");
    }
    let judge = |program: &str, words: &[&str]| {
        let out = space.enter(|| Command::new(program).args(words).output()).expect(program);
        String::from_utf8_lossy(&out.stdout).trim().to_owned()
    };
    done(&space, "link add nlcli0 up type team mode roundrobin notify_peers_count 3");
    assert_eq!(judge("teamnl", &["nlcli0", "getoption", "mode"]), "roundrobin");
    assert_eq!(judge("teamnl", &["nlcli0", "getoption", "notify_peers_count"]), "3");
    assert_eq!(judged(&space, "nlcli0")["linkinfo"]["info_kind"], "team");
    done(&space, "link add plain0 type team");
    let config = r#"{"runner":{"name":"activebackup"}}"#;
    done(&space, &format!("link add nlcli1 type team config {config}"));
    assert_eq!(judge("teamdctl", &["nlcli1", "state", "item", "get", "setup.runner_name"]), "activebackup");
    done(&space, "link del nlcli1");
    let missing = netloom(&space, &["link", "add", "t2", "type", "team", "config", config, "daemon", "/no/teamd"]);
    let told = "start the daemon of team t2: there is no program /no/teamd; is teamd installed?";
    let told = format!("add link t2: proxy `team`: {told}: No such file or directory (ENOENT)");
    assert_eq!(said(&missing), (Some(2), told));
}
