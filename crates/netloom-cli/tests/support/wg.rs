//! Two devices of WireGuard, one for each program, and what both print of them.

use std::{
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use netloom_testkit::Namespace;

pub const PEER: &str = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
pub const OTHER: &str = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=";
pub const THIRD: &str = "9DOJ/QaLTn3lR1w7Q4iMD/dHDyaLzOFvpUIx3bZmSEs=";
pub const PRIVATE: &str = "YOJSGcCEO6fmoSSAdm8VtYp6mSZ9+Rp+z0Dl1wPkjVE=";
pub const PRESHARED: &str = "FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE=";

/// A namespace with the devices wg0 and wg1, and a folder with files of keys.
pub struct Scene {
    pub space: Namespace,
    pub folder: PathBuf,
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A fresh one; None where there is no namespace, or an error where the kernel has no WireGuard.
pub fn scene() -> Option<Result<Scene, &'static str>> {
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

/// What `scene` or `busy` makes; the test ends, with a skip, where they cannot.
#[macro_export]
macro_rules! scene {
    ($make:ident) => {
        match support::wg::$make() {
            None => return,
            Some(Err(reason)) => netloom_testkit::skip!("wireguard", reason),
            Some(Ok(scene)) => scene,
        }
    };
}

/// What a command printed, complained of, and its exit code.
pub type Told = (String, String, Option<i32>);

/// Runs a command that reads `input`.
pub fn run(command: &mut Command, input: &str) -> Told {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    // A command that needs no input may have ended.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let out = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(out.stdout), text(out.stderr), out.status.code())
}

/// The program, in an environment that hides keys.
pub fn netloom() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netloom"));
    let _ = command.env_remove("WG_HIDE_KEYS");
    command
}

impl Scene {
    /// Writes a file of the folder.
    pub fn file(&self, name: &str, text: &str) {
        std::fs::write(self.folder.join(name), text).unwrap();
    }

    /// Words, with files of the folder for `@NAME`, and nothing for `""`.
    pub fn words(&self, line: &str) -> Vec<String> {
        let word = |word: &str| match word.strip_prefix('@') {
            Some(name) => self.folder.join(name).display().to_string(),
            None => word.replace("\"\"", ""),
        };
        line.split_whitespace().map(word).collect()
    }

    /// What `wg` tells in the namespace.
    pub fn theirs(&self, line: &str) -> Told {
        self.space.enter(|| run(Command::new("wg").args(self.words(line)).env_remove("WG_HIDE_KEYS"), ""))
    }

    /// What `netloom wg` tells of the namespace.
    pub fn ours(&self, line: &str) -> Told {
        run(netloom().args(["-n", self.space.name(), "wg"]).args(self.words(line)), "")
    }

    /// Sets wg1 by `wg` and wg0 by `netloom wg`, and asserts that both are the same then.
    #[track_caller]
    pub fn both(&self, line: &str) {
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
    pub fn same(&self, line: &str) {
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
pub fn busy() -> Option<Result<Scene, &'static str>> {
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
