//! `wg`: what is set is what `wg` sets on another device; keys are those of `wg`.

mod support;

use std::process::Command;

use netloom_testkit::skip;
use support::wg::{OTHER, PEER, PRESHARED, PRIVATE, Scene, THIRD, netloom, run};

#[test]
fn words_set_what_wg_sets() {
    let scene = scene!(scene);
    scene.both("set DEVICE private-key @private listen-port 51820 fwmark 0x1234");
    scene.both(&format!(
        "set DEVICE peer {PEER} preshared-key @preshared endpoint 192.0.2.1:51821 persistent-keepalive 25 \
         allowed-ips 10.0.0.0/24,fd00::/64,10.1.2.3"
    ));
    scene.both(&format!("set DEVICE fwmark off peer {OTHER} endpoint [fe80::1%lo]:1234 peer {THIRD} allowed-ips ::/0"));
    scene.both(&format!("set DEVICE peer {OTHER} endpoint localhost:9 persistent-keepalive off"));
    scene.both(&format!("set DEVICE peer {PEER} allowed-ips 10.7.0.0/16 preshared-key /dev/null peer {THIRD} remove"));
    scene.both(&format!("set DEVICE peer {PEER} allowed-ips \"\""));
    scene.both("set DEVICE private-key /dev/null listen-port 0 fwmark 017");
    // What later versions of wg know: + leaves what is there.
    let added = scene.ours(&format!("set wg0 peer {PEER} allowed-ips 10.0.0.0/8"));
    assert_eq!(added.2, Some(0), "{}", added.1);
    let added = scene.ours(&format!("set wg0 peer {PEER} allowed-ips +10.1.0.0/16,+10.2.0.0/16"));
    assert_eq!(added.2, Some(0), "{}", added.1);
    let shown = scene.theirs("show wg0 allowed-ips").0;
    assert!(shown.contains("10.0.0.0/8") && shown.contains("10.1.0.0/16") && shown.contains("10.2.0.0/16"), "{shown}");
}

#[test]
fn files_set_what_wg_sets_by_them() {
    let scene = scene!(scene);
    scene.file(
        "one",
        &format!(
            "[interface]\nprivatekey={PRIVATE} # a comment\nFwMark = 0x10\n[PEER]\nPublicKey = {PEER}\n\
             AllowedIPs = 10.0.0.0/8\nallowedips = 10.9.0.0/16 , fd00::1\n\n[Peer]\nPublicKey={OTHER}\nEndpoint= 192.0.2.9:1\n"
        ),
    );
    scene.file("two", &format!("[Peer]\nPublicKey = {THIRD}\nPresharedKey = {PRESHARED}\nPersistentKeepalive = 9\n"));
    scene.file("three", "[Interface]\nListenPort = 4242\n");
    for line in ["addconf DEVICE @one", "addconf DEVICE @two", "setconf DEVICE @two", "setconf DEVICE @one"] {
        scene.both(line);
    }
    // Peers that the file does not have go, and settings that it does not have.
    scene.both("addconf DEVICE @two");
    scene.both("syncconf DEVICE @one");
    scene.both("syncconf DEVICE @three");
    // What is shown as a file sets the same again.
    scene.both("setconf DEVICE @one");
    scene.file("shown", &scene.ours("showconf wg0").0);
    scene.both("setconf DEVICE @three");
    scene.both("setconf DEVICE @shown");
    scene.same("showconf wg0");

    // The documentation of wg has syncconf make a peer as the file says; wg 1.0.20210914 leaves preshared key and interval.
    scene.both(&format!("set DEVICE peer {PEER} preshared-key @preshared persistent-keepalive 7"));
    assert_eq!(scene.ours("syncconf wg0 @one").2, Some(0));
    let shown = scene.theirs("show wg0 dump").0;
    let line = shown.lines().find(|line| line.starts_with(PEER)).unwrap();
    assert!(line.contains("\t(none)\t") && line.ends_with("\toff"), "{line}");
}

#[test]
fn a_session_outlives_syncconf() {
    let scene = scene!(busy);
    let sessions = || {
        let lines = scene.theirs("show wg0 latest-handshakes").0;
        lines.lines().filter(|line| !line.ends_with("\t0")).count()
    };
    assert_eq!(sessions(), 1);
    scene.file("same", &scene.ours("showconf wg0").0);
    assert_eq!(scene.ours("syncconf wg0 @same"), (String::new(), String::new(), Some(0)));
    assert_eq!(sessions(), 1);
    scene.space.ip(&["link", "set", "wg1", "down"]);
    assert_eq!(scene.ours("setconf wg0 @same"), (String::new(), String::new(), Some(0)));
    assert_eq!(sessions(), 0);
}

#[test]
fn what_wg_refuses_is_refused_with_its_exit_code() {
    let scene = scene!(scene);
    for (name, text) in [
        ("frob", "[Interface]\nFrob = 1\n"),
        ("nowhere", "ListenPort = 1\n"),
        ("keyless", "[Peer]\nAllowedIPs = 10.0.0.0/8\n"),
        ("bad", "[Peer]\nPublicKey = bad\n"),
        ("quick", "[Interface]\nPostUp = x\n"),
        ("empty", "[Interface]\nListenPort=\n"),
        ("prefix", "[Peer]\nPublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=\nAllowedIPs = 10.0.0.0/-1\n"),
    ] {
        scene.file(name, text);
        refused(&scene, &format!("addconf wg0 @{name}"));
    }
    for line in [
        "frob",
        "sho",
        "show nowhere",
        "show lo",
        "show wg0 frob",
        "show interfaces dump",
        "show wg0 peers more",
        "showconf",
        "showconf nowhere",
        "set",
        "set wg0",
        "set nowhere listen-port 1",
        "set wg0 listen-port x",
        "set wg0 fwmark 0xzz",
        "set wg0 frob",
        "set wg0 peer",
        "set wg0 peer x",
        "set wg0 private-key @absent",
        "set wg0 private-key @frob",
        "setconf wg0",
        "setconf wg0 @absent",
        "setconf nowhere @absent",
        "syncconf nowhere /dev/null",
        "genkey x",
        "genpsk x",
        "pubkey",
        "pubkey x",
    ] {
        refused(&scene, line);
    }
    for rest in
        ["allowed-ips", "allowed-ips 10.0.0.1/33", "endpoint nope", "endpoint 1.2.3.4", "persistent-keepalive x"]
    {
        refused(&scene, &format!("set wg0 peer {PEER} {rest}"));
    }
}

#[track_caller]
fn refused(scene: &Scene, line: &str) {
    let (out, err, code) = scene.theirs(line);
    assert_eq!((out.as_str(), code), ("", Some(1)), "wg {line}: {err}");
    let (out, err, code) = scene.ours(line);
    assert_eq!((out.as_str(), code), ("", Some(1)), "netloom wg {line}: {err}");
    assert!(!err.trim().is_empty(), "{line}");
}

#[test]
fn keys_are_those_of_wg() {
    if Command::new("wg").arg("--version").output().is_err() {
        skip!("wg", "wireguard-tools are not installed");
    }
    let wg = |words: &[&str], input: &str| run(Command::new("wg").args(words), input);
    let ours = |words: &[&str], input: &str| run(netloom().arg("wg").args(words), input);
    let fixed = ours(&["pubkey"], PRIVATE);
    assert_eq!(fixed, ("QIppPnzML6pNHJYPD+i9Sf+QnjwZ+s5FfSccVTIhUVc=\n".into(), String::new(), Some(0)));
    for _ in 0..8 {
        let key = ours(&["genkey"], "").0;
        assert_eq!(key.len(), 45);
        assert_eq!(ours(&["pubkey"], &key), wg(&["pubkey"], &key));
        let theirs = wg(&["genkey"], "").0;
        assert_eq!(ours(&["pubkey"], &theirs), wg(&["pubkey"], &theirs));
        assert_eq!(ours(&["genpsk"], "").0.len(), wg(&["genpsk"], "").0.len());
    }
    assert_ne!(ours(&["genkey"], "").0, ours(&["genkey"], "").0);
    // Both warn where others can read the file.
    for mode in [0o644, 0o600] {
        let path = std::env::temp_dir().join(format!("netloom-wg-{}-{mode:o}", std::process::id()));
        for mut command in [Command::new("wg"), {
            let mut ours = netloom();
            let _ = ours.arg("wg");
            ours
        }] {
            use std::os::unix::fs::OpenOptionsExt as _;
            let file =
                std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&path).unwrap();
            let out = command.arg("genkey").stdout(file).output().unwrap();
            assert_eq!(out.stderr.starts_with(b"Warning: "), mode == 0o644, "{command:?} {mode:o}");
        }
        std::fs::remove_file(path).unwrap();
    }
}
