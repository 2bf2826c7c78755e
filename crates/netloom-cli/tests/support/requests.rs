//! The judge of requests: what iproute2 sends for the same words.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use netloom_testkit::{Iproute2, Namespace, canonical, finishes, record};

use super::{lacking, record_all, script, strace};

/// Asserts that `netloom LINE` sends what `ip LINE` sends, for each line, after the commands of `setup`.
///
/// Look-ups on the way (`RTM_GET…`) are left out, unless there is nothing else. Lines are split at blanks.
/// Without root, strace or iproute2 the test is skipped.
pub fn assert_same(setup: &[&str], lines: &[&str]) {
    assert_same_but(setup, lines, |_, text| text);
}

/// The same, where both texts (see `netloom_testkit::canonical`) first go through `adjust`, which knows the line: for
/// differences that are meant, each with its reason beside it.
pub fn assert_same_but(setup: &[&str], lines: &[&str], adjust: impl Fn(&str, String) -> String) {
    let Some(iproute2) = iproute2() else {
        return;
    };
    let mut report = String::new();
    let mut lacks = BTreeSet::new();
    for line in lines {
        let theirs = run(&judge_of(&iproute2, line), setup, line);
        let ours = run(Path::new(env!("CARGO_BIN_EXE_netloom")), setup, line);
        let text =
            |sent: &Sent| adjust(line, sent.messages.iter().map(|m| canonical(m, netloom::message_types())).collect());
        let (expected, got) = (text(&theirs), text(&ours));
        lacks.extend(lacking(&theirs.complaint.replace(" / ", "\n")));
        if theirs.messages.is_empty() {
            let _ = writeln!(report, "== {line}\n{} sends nothing: {}", iproute2.display(), theirs.complaint);
        } else if expected != got || ours.complaint.contains("panicked") {
            let _ = writeln!(report, "== {line}\n-- iproute2:\n{expected}-- netloom: {}\n{got}", ours.complaint);
        }
    }
    record_all(&lacks);
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
        script(setup),
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

/// The newest iproute2 at hand; None, and the skip recorded, without what is needed beside it.
fn iproute2() -> Option<PathBuf> {
    if !Namespace::possible() {
        return None;
    }
    if !finishes(Command::new("strace").arg("-V"), Duration::from_secs(10)) {
        record("strace", "not installed");
        return None;
    }
    let all = Iproute2::all();
    if all.len() < 2 {
        record("iproute2 6.15", "not unpacked");
    }
    all.first().map(|iproute2| iproute2.tool("ip"))
}
