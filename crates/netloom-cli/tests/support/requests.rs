//! The judge of requests: what iproute2 sends for the same words.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use super::{canonical, strace};

/// Asserts that `netloom LINE` sends what `ip LINE` sends, for each line, after the commands of `setup`.
///
/// Look-ups on the way (`RTM_GET…`) are left out, unless there is nothing else. Lines are split at blanks.
/// Without root, strace or iproute2 it says so and passes.
pub fn assert_same(setup: &[&str], lines: &[&str]) {
    assert_same_but(setup, lines, |_, text| text);
}

/// The same, where both texts (see [`canonical`]) first go through `adjust`, which knows the line: for differences that
/// are meant, each with its reason beside it.
pub fn assert_same_but(setup: &[&str], lines: &[&str], adjust: impl Fn(&str, String) -> String) {
    let Some(iproute2) = iproute2() else {
        eprintln!("SKIPPED: {} request lines: root, strace, unshare and iproute2 are needed", lines.len());
        return;
    };
    let mut report = String::new();
    for line in lines {
        let theirs = run(&judge_of(&iproute2, line), setup, line);
        let ours = run(Path::new(env!("CARGO_BIN_EXE_netloom")), setup, line);
        let text = |sent: &Sent| adjust(line, sent.messages.iter().map(|m| canonical::text(m)).collect());
        let (expected, got) = (text(&theirs), text(&ours));
        if theirs.messages.is_empty() {
            let _ = writeln!(report, "== {line}\n{} sends nothing: {}", iproute2.display(), theirs.complaint);
        } else if expected != got {
            let _ = writeln!(report, "== {line}\n-- iproute2:\n{expected}-- netloom: {}\n{got}", ours.complaint);
        }
    }
    assert!(report.is_empty(), "{report}");
}

struct Sent {
    messages: Vec<Vec<u8>>,
    complaint: String,
}

fn run(program: &Path, setup: &[&str], line: &str) -> Sent {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let trace = std::env::temp_dir().join(format!("netloom-requests-{}-{number}", std::process::id()));
    let script = format!(
        "mount -t tmpfs tmpfs /run\n{}\nexec strace -o \"$0\" {} \"$@\"",
        setup.join("\n"),
        strace::OPTIONS.join(" ")
    );
    let output = Command::new("unshare")
        .args(["--net", "--mount", "sh", "-ec", &script])
        .arg(&trace)
        .arg(program)
        .args(line.split_whitespace())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = std::fs::read_to_string(&trace).unwrap_or_default();
    let _ = std::fs::remove_file(&trace);
    let mut messages = strace::sent(&text);
    // `linux/rtnetlink.h`: of four message types the third asks.
    let asks = |message: &Vec<u8>| message[4] % 4 == 2;
    if messages.iter().any(|message| !asks(message)) {
        messages.retain(|message| !asks(message));
    }
    Sent { messages, complaint: String::from_utf8_lossy(&output.stderr).trim().replace('\n', " / ") }
}

/// The tool of iproute2 that knows a line's object: forwarding databases are `bridge`'s, beside `ip`.
pub fn judge_of(ip: &Path, line: &str) -> PathBuf {
    if line.split_whitespace().find(|word| !word.starts_with('-')) != Some("fdb") {
        return ip.to_owned();
    }
    match ip.parent().and_then(Path::parent).filter(|root| !root.as_os_str().is_empty()) {
        Some(root) => root.join("sbin/bridge"),
        None => PathBuf::from("bridge"),
    }
}

/// The newest iproute2 at hand, if the rest is there too.
fn iproute2() -> Option<PathBuf> {
    if !ends_well(Command::new("unshare").args(["--net", "true"])) || !ends_well(Command::new("strace").arg("-V")) {
        return None;
    }
    let fetched = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/iproute2-6.15/bin/ip");
    let ip = if fetched.exists() { fetched.canonicalize().ok()? } else { PathBuf::from("ip") };
    ends_well(Command::new(&ip).arg("-V")).then_some(ip)
}

/// Whether a command succeeds within a few seconds: where the kernel's rtnetlink is stuck, nothing ever answers.
pub fn ends_well(command: &mut Command) -> bool {
    let Ok(mut child) = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn() else {
        return false;
    };
    for _ in 0..100 {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::sleep(std::time::Duration::from_millis(100)),
            Err(_) => return false,
        }
    }
    let _ = child.kill();
    false
}
