//! `wg`: what is shown is what `wg` shows of the same device.

mod support;

use std::process::Command;

use support::wg::{PEER, PRESHARED, PRIVATE, netloom, run};

const PROPERTIES: [&str; 12] = [
    "public-key",
    "private-key",
    "listen-port",
    "fwmark",
    "peers",
    "preshared-keys",
    "endpoints",
    "allowed-ips",
    "latest-handshakes",
    "transfer",
    "persistent-keepalive",
    "dump",
];

#[test]
fn devices_are_shown_as_wg_shows_them() {
    let scene = scene!(busy);
    for line in ["", "show", "show wg0", "show wg1", "show all", "show interfaces", "showconf wg0", "showconf wg1"] {
        scene.same(line);
    }
    let shown = scene.ours("show wg0").0;
    assert!(["latest handshake: ", "transfer: ", "[fe80::1%lo]:7"].iter().all(|part| shown.contains(part)), "{shown}");
    for property in PROPERTIES {
        scene.same(&format!("show wg0 {property}"));
        if property != "endpoints" {
            scene.same(&format!("show all {property}"));
        }
    }
    // wg 1.0.20210914 writes the name of a device before the endpoint of its first peer alone.
    let named = |name: &str| {
        let lines = scene.theirs(&format!("show {name} endpoints")).0;
        lines.lines().map(|line| format!("{name}\t{line}\n")).collect::<String>()
    };
    assert_eq!(scene.ours("show all endpoints").0, named("wg0") + &named("wg1"));

    let colours = || {
        let ours = run(netloom().args(["-c", "-n", scene.space.name(), "wg"]), "").0;
        let theirs = scene.space.enter(|| run(Command::new("wg").env("WG_COLOR_MODE", "always"), "").0);
        (painted(&ours), painted(&theirs))
    };
    let (mut ours, mut theirs) = colours();
    for _ in 0..5 {
        if ours != theirs {
            (ours, theirs) = colours();
        }
    }
    assert_eq!(ours, theirs);
    assert!(ours.iter().any(|(_, paint)| paint == "1;32"), "{ours:?}");

    let revealed = run(netloom().args(["-n", scene.space.name(), "wg"]).env("WG_HIDE_KEYS", "never"), "").0;
    assert!(revealed.contains(PRIVATE) && revealed.contains(PRESHARED), "{revealed}");
}

#[test]
fn colours_are_for_terminals_alone() {
    let scene = scene!(scene);
    let line = format!("{} -n {} wg show", env!("CARGO_BIN_EXE_netloom"), scene.space.name());
    // `script` gives a command a terminal.
    let shown = |no_color: &str| {
        let mut script = Command::new("script");
        let _ = script.args(["-qc", &line, "/dev/null"]).env("TERM", "xterm").env("NO_COLOR", no_color);
        run(&mut script, "").0
    };
    assert!(shown("").contains("\x1b[32m"), "{:?}", shown(""));
    assert!(!shown("1").contains('\x1b') && shown("1").contains("interface: wg0"), "{:?}", shown("1"));
    assert!(!scene.ours("show").0.contains('\x1b'));
}

/// Every character that is no blank, with the codes of the terminal that hold for it.
fn painted(text: &str) -> Vec<(char, String)> {
    let mut found = Vec::new();
    let mut codes: Vec<String> = Vec::new();
    for (number, part) in text.split("\x1b[").enumerate() {
        let plain = match part.split_once('m') {
            Some((code, rest)) if number > 0 => {
                match code {
                    "" | "0" => codes.clear(),
                    code => codes.extend(code.split(';').map(str::to_owned)),
                }
                rest
            }
            _ => part,
        };
        codes.sort();
        found.extend(plain.chars().filter(|c| !c.is_whitespace()).map(|c| (c, codes.join(";"))));
    }
    found
}

#[test]
fn json_tells_what_the_text_tells_but_for_secrets() {
    let scene = scene!(busy);
    let json = |line: &str| -> serde_json::Value {
        let out = run(netloom().args(["-j", "-n", scene.space.name(), "wg"]).args(line.split_whitespace()), "");
        assert_eq!((out.1.as_str(), out.2), ("", Some(0)), "{line}");
        serde_json::from_str(&out.0).unwrap()
    };
    let all = json("show");
    assert_eq!((&all[0]["name"], &all[0]["private_key"]), (&"wg0".into(), &"(redacted)".into()));
    let peers = all[0]["peers"].as_array().unwrap();
    let peer = peers.iter().find(|peer| peer["public_key"] == PEER).unwrap();
    assert_eq!(peer["preshared_key"], "(redacted)");
    assert_eq!(peer["endpoint"], "[fe80::1%lo]:7");
    assert!(!all.to_string().contains(PRIVATE) && !all.to_string().contains(PRESHARED));
    assert_eq!(json("show wg0 private-key"), serde_json::json!([{ "name": "wg0", "private_key": PRIVATE }]));
    assert_eq!(json("show interfaces"), serde_json::json!([{ "name": "wg0" }, { "name": "wg1" }]));
    let dump = json("show wg0 dump");
    let lines = scene.theirs("show wg0 dump").0;
    for (peer, line) in dump[0]["peers"].as_array().unwrap().iter().zip(lines.lines().skip(1)) {
        let text = |key: &str| peer[key].as_str().unwrap_or("(none)").to_owned();
        let columns: Vec<&str> = line.split('\t').collect();
        assert_eq!([text("public_key"), text("preshared_key"), text("endpoint")], columns[..3]);
        let allowed: Vec<_> = peer["allowed_ips"].as_array().unwrap().iter().map(|ip| ip.as_str().unwrap()).collect();
        assert_eq!(if allowed.is_empty() { "(none)".to_owned() } else { allowed.join(",") }, columns[3]);
    }
}
