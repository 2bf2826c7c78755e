//! `wg`: what is shown is what `wg` shows of the same device, what is set is what `wg` sets on another one.
#![expect(clippy::unwrap_used, reason = "a test says what failed by panicking")]

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use netloom_testkit::{Namespace, skip};

const PEER: &str = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
const OTHER: &str = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=";
const THIRD: &str = "9DOJ/QaLTn3lR1w7Q4iMD/dHDyaLzOFvpUIx3bZmSEs=";
const PRIVATE: &str = "YOJSGcCEO6fmoSSAdm8VtYp6mSZ9+Rp+z0Dl1wPkjVE=";
const PRESHARED: &str = "FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE=";

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

/// A namespace with the devices wg0 and wg1, and a folder with files of keys.
struct Scene {
    space: Namespace,
    folder: PathBuf,
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn scene() -> Option<Result<Scene, &'static str>> {
    let space = Namespace::new()?;
    if !space.has_kind("wireguard") {
        return Some(Err("the kernel has none"));
    }
    for name in ["wg0", "wg1"] {
        space.ip(&["link", "add", name, "type", "wireguard"]);
    }
    let folder = std::env::temp_dir().join(format!("netloom-wg-{}", space.name()));
    std::fs::create_dir_all(&folder).unwrap();
    let scene = Scene { space, folder };
    scene.file("private", PRIVATE);
    scene.file("preshared", &format!("{PRESHARED}\n"));
    Some(Ok(scene))
}

macro_rules! scene {
    () => {
        match scene() {
            None => return,
            Some(Err(reason)) => skip!("wireguard", reason),
            Some(Ok(scene)) => scene,
        }
    };
}

/// What a command printed, complained of, and its exit code.
type Told = (String, String, Option<i32>);

fn run(command: &mut Command, input: &str) -> Told {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    // A command that needs no input may have ended.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let out = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(out.stdout), text(out.stderr), out.status.code())
}

fn netloom() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netloom"));
    let _ = command.env_remove("WG_HIDE_KEYS");
    command
}

impl Scene {
    fn file(&self, name: &str, text: &str) {
        std::fs::write(self.folder.join(name), text).unwrap();
    }

    /// Words, with files of the folder for `@NAME`, and nothing for `""`.
    fn words(&self, line: &str) -> Vec<String> {
        let word = |word: &str| match word.strip_prefix('@') {
            Some(name) => self.folder.join(name).display().to_string(),
            None => word.replace("\"\"", ""),
        };
        line.split_whitespace().map(word).collect()
    }

    fn theirs(&self, line: &str) -> Told {
        self.space.enter(|| run(Command::new("wg").args(self.words(line)).env_remove("WG_HIDE_KEYS"), ""))
    }

    fn ours(&self, line: &str) -> Told {
        run(netloom().args(["-n", self.space.name(), "wg"]).args(self.words(line)), "")
    }

    #[track_caller]
    fn both(&self, line: &str) {
        for (who, (out, err, code)) in [
            ("wg", self.theirs(&line.replace("DEVICE", "wg1"))),
            ("netloom", self.ours(&line.replace("DEVICE", "wg0"))),
        ] {
            assert_eq!((out.as_str(), err.as_str(), code), ("", "", Some(0)), "{who} {line}");
        }

        assert_eq!(self.theirs("show wg0 dump"), self.theirs("show wg1 dump"), "{line}");
    }

    /// Asserts that both print the same; what changes by the second is compared again.
    #[track_caller]
    fn same(&self, line: &str) {
        let mut both = (self.ours(line), self.theirs(line));
        for _ in 0..5 {
            if both.0 == both.1 {
                break;
            }
            both = (self.ours(line), self.theirs(line));
        }
        assert_eq!(both.0, both.1, "{line}");
        assert_eq!(both.0.2, Some(0), "{line}: {}", both.0.1);
    }
}

/// A device with peers of every sort; the two devices have a session, and wg1 had packets.
fn busy() -> Option<Result<Scene, &'static str>> {
    let scene = match scene()? {
        Ok(scene) => scene,
        lacking => return Some(lacking),
    };
    scene.file("other", &scene.theirs("genkey").0);
    let public = |name: &str| {
        let text = std::fs::read_to_string(scene.folder.join(name)).unwrap();
        run(Command::new("wg").arg("pubkey"), &text).0.trim().to_owned()
    };
    let (first, second) = (public("private"), public("other"));
    for line in [
        format!(
            "set wg0 private-key @private listen-port 51820 fwmark 0xca6c peer {PEER} preshared-key @preshared \
             endpoint [fe80::1%lo]:7 allowed-ips 10.1.0.0/16,fd00::/64,10.2.3.4 persistent-keepalive 3725 peer {OTHER}"
        ),
        format!("set wg1 private-key @other listen-port 51821 peer {first} allowed-ips 0.0.0.0/0"),
        format!("set wg0 peer {second} endpoint 127.0.0.1:51821 allowed-ips 10.9.0.0/24,::/0 persistent-keepalive 25"),
    ] {
        assert_eq!(scene.theirs(&line), (String::new(), String::new(), Some(0)), "{line}");
    }
    scene.space.ip(&["address", "add", "10.9.0.1/24", "dev", "wg0"]);
    scene.space.ip(&["link", "set", "wg1", "up"]);
    scene.space.ip(&["link", "set", "wg0", "up"]);
    let begin = Instant::now();
    while scene.theirs("show wg0 latest-handshakes").0.lines().all(|line| line.ends_with("\t0")) {
        assert!(begin.elapsed() < Duration::from_secs(30), "no handshake: {}", scene.theirs("show").0);
        std::thread::sleep(Duration::from_millis(50));
    }
    Some(Ok(scene))
}

#[test]
fn devices_are_shown_as_wg_shows_them() {
    let scene = match busy() {
        None => return,
        Some(Err(reason)) => skip!("wireguard", reason),
        Some(Ok(scene)) => scene,
    };
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
    let scene = match busy() {
        None => return,
        Some(Err(reason)) => skip!("wireguard", reason),
        Some(Ok(scene)) => scene,
    };
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

#[test]
fn words_set_what_wg_sets() {
    let scene = scene!();
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
    let scene = scene!();
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
    let scene = match busy() {
        None => return,
        Some(Err(reason)) => skip!("wireguard", reason),
        Some(Ok(scene)) => scene,
    };
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
    let scene = scene!();
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
