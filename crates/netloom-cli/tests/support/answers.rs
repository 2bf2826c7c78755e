//! The judge of answers: `ip -j` and `netloom -j` look at one network namespace, with each iproute2 at hand.
//!
//! Every key that iproute2 prints must be there with the same value; more keys may follow. Elements of arrays are
//! compared in order. Where iproute2 fails, `netloom` must fail with the same exit code.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use netloom_testkit::{Iproute2, Namespace, record};
use serde_json::Value as Json;

use super::{lacking, record_all, requests::judge_of, script as script_of};

/// Keys whose values change from one look to the next, and why; they must be there with a value of the same type.
const CHANGING: &[(&str, &str)] = &[
    ("valid_life_time", "counts down"),
    ("preferred_life_time", "counts down"),
    ("expires", "counts down"),
    ("hello_timer", "runs"),
    ("tcn_timer", "runs"),
    ("topology_change_timer", "runs"),
    ("gc_timer", "runs"),
    ("hold_timer", "runs"),
    ("message_age_timer", "runs"),
    ("forward_delay_timer", "runs"),
    ("used", "age of a cache entry"),
    ("confirmed", "age of a cache entry"),
    ("updated", "age of a cache entry"),
    ("age", "age of a cache entry"),
    ("users", "users of a cache entry"),
    ("refcnt", "users of a cache entry"),
    ("probes", "attempts so far"),
    ("last_flush", "age of a cache"),
    ("last_rand", "age of a cache"),
    ("ad_actor_oper_port_state", "the ports are still negotiating"),
    ("ad_actor_oper_port_state_str", "the ports are still negotiating"),
    ("ad_partner_oper_port_state", "the ports are still negotiating"),
    ("ad_partner_oper_port_state_str", "the ports are still negotiating"),
    ("unres_timer", "runs"),
    ("idle_time", "runs"),
    ("unbalanced_time", "runs"),
    ("bytes", "counter"),
    ("packets", "counter"),
    ("dropped", "counter"),
    ("multicast", "counter"),
    ("lookups", "counter"),
    ("hits", "counter"),
    ("allocs", "counter"),
    ("destroys", "counter"),
    ("periodic_gc_runs", "counter"),
];

/// In place of a path: the exit codes differ.
const EXIT_CODE: &str = "exit code";
/// In place of a path: the output is no JSON.
const OUTPUT: &str = "output";

/// Asserts that `netloom -j LINE` prints what `ip -j LINE` prints, for each line, after the shell commands of `setup`.
///
/// Without root or iproute2, or where the kernel does not answer, the test is skipped.
pub fn assert_same(setup: &[&str], lines: &[&str]) {
    assert_same_but(setup, lines, |_, _| false);
}

/// A line of the setup is for a shell, to which the command is `$netloom`. A line `[feature] COMMAND` may fail: then the
/// feature is recorded as a skip, and what is there without it is compared.
///
/// The same, but for the differences that `meant` knows by iproute2's version and path (`[0].linkinfo.info_kind`).
pub fn assert_same_but(setup: &[&str], lines: &[&str], meant: impl Fn(&str, &str) -> bool) {
    let tools = iproute2();
    if !tools.is_empty() && lacks(setup) {
        return;
    }
    let mut report = String::new();
    let mut lacking = BTreeSet::new();
    for iproute2 in &tools {
        let (version, tool) = (&iproute2.version, iproute2.tool("ip"));
        for (line, (theirs, ours)) in lines.iter().zip(looks(&tool, setup, lines, &mut lacking)) {
            let mut differences = compare(&theirs, &ours);
            differences.retain(|(path, _)| !meant(version, path));
            if !differences.is_empty() {
                let _ = writeln!(report, "== ip -j {line} ({version})");
                differences.iter().for_each(|(path, what)| writeln!(report, "  {path}: {what}").unwrap());
                if differences.iter().any(|(path, _)| [EXIT_CODE, OUTPUT].contains(&path.as_str())) {
                    let _ = writeln!(report, "-- iproute2: {}\n-- netloom:  {}", theirs.shown(), ours.shown());
                }
            }
        }
    }
    record_all(&lacking);
    assert!(report.is_empty(), "{report}");
}

/// Whether the kernel lacks a feature that the setup needs; each that it does is recorded as a skip.
fn lacks(setup: &[&str]) -> bool {
    let Some(space) = Namespace::new() else { return true };
    let mut kinds: Vec<&str> = setup
        .iter()
        .filter(|line| !line.starts_with('[') && line.contains(" link add "))
        .filter_map(|line| line.split_once(" type ")?.1.split(' ').next())
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds.retain(|kind| !space.has_kind(kind));
    kinds.iter().for_each(|kind| record(&format!("kind {kind}"), "the kernel has none"));
    let vlans = setup.iter().any(|line| line.contains(" vlan_filtering 1"));
    let without_vlans = vlans && !space.has_vlan_filtering();
    if without_vlans {
        record("bridge vlan_filtering", "the kernel's bridges know no VLAN");
    }
    without_vlans || !kinds.is_empty()
}

/// Looks with both programs. The kernel settles carriers and addresses in its own time: where iproute2 says something
/// else when it is asked again, numbers apart, both look once more.
const LOOK: &str = r#"
look() {
    file=$1 judge=$2 ours=$3
    shift 3
    for attempt in 1 2 3 4 5 6 7 8; do
        "$judge" -j "$@" >"$file.ip.out" 2>"$file.ip.err"; echo $? >"$file.ip.code"
        "$ours" -j "$@" >"$file.netloom.out" 2>"$file.netloom.err"; echo $? >"$file.netloom.code"
        "$judge" -j "$@" 2>/dev/null | tr -d 0-9 >"$file.again"
        tr -d 0-9 <"$file.ip.out" | cmp -s - "$file.again" && break
        sleep 0.5
    done
}
"#;

/// What a command printed.
struct Look {
    code: String,
    out: String,
    err: String,
}

impl Look {
    fn read(folder: &Path, name: &str) -> Self {
        let text = |part: &str| std::fs::read_to_string(folder.join(format!("{name}.{part}"))).unwrap_or_default();
        Self {
            code: text("code").trim().to_owned(),
            out: text("out").trim().to_owned(),
            err: text("err").trim().to_owned(),
        }
    }

    fn shown(&self) -> String {
        format!("{} exit {} {}", self.out, self.code, self.err)
    }
}

/// Runs setup and all lines in one new namespace, and adds to `lacks` what the kernel refused of the setup; gives for each line what iproute2 and `netloom` printed.
fn looks(tool: &Path, setup: &[&str], lines: &[&str], lacks: &mut BTreeSet<String>) -> Vec<(Look, Look)> {
    let folder = tempfile();
    let ours = env!("CARGO_BIN_EXE_netloom");
    let mut script =
        format!("set -e\nmount -t tmpfs tmpfs /run\nnetloom='{ours}'\n{}\nset +e\n{LOOK}", script_of(setup));
    for (number, line) in lines.iter().enumerate() {
        let (file, judge) = (folder.join(number.to_string()), judge_of(tool, line));
        let (file, judge) = (file.display(), judge.display());
        let _ = writeln!(script, "look '{file}' '{judge}' '{ours}' {line}");
    }
    let output = unshare(&script).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the setup failed: {said}");
    lacks.extend(lacking(&said));
    let found = (0..lines.len())
        .map(|number| ["ip", "netloom"].map(|name| Look::read(&folder, &format!("{number}.{name}"))).into())
        .collect();
    std::fs::remove_dir_all(&folder).unwrap();
    found
}

/// Runs a shell script in a new namespace and gives what it printed. None, loudly, where that cannot be done.
pub fn in_namespace(script: &str) -> Option<String> {
    if !Namespace::possible() {
        return None;
    }
    let output = unshare(script).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

/// A script that runs `script` while `netloom -j WORDS` watches; what that prints is read by [`lines`].
pub fn watching(words: &str, script: &str) -> String {
    let netloom = env!("CARGO_BIN_EXE_netloom");
    format!("\"{netloom}\" -j {words} &\nwatcher=$!\nsleep 1\n{script}\nsleep 1\nkill $watcher\nwait $watcher || true")
}

/// Runs `script` in a namespace while `netloom -j WORDS` watches; gives the lines that it printed.
pub fn watch(words: &str, script: &str) -> Option<Vec<Json>> {
    in_namespace(&format!("ip link set lo up\n{}", watching(words, script))).map(|out| lines(&out))
}

/// Lines of JSON.
pub fn lines(text: &str) -> Vec<Json> {
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

/// A shell in a new namespace.
fn unshare(script: &str) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--net", "--mount", "sh", "-c", script, "sh"]).stdin(Stdio::null());
    command
}

/// A new folder for what the commands print.
fn tempfile() -> PathBuf {
    static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let number = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("netloom-answers-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Each iproute2 at hand; none, and the skip recorded, where namespaces cannot be made.
fn iproute2() -> Vec<Iproute2> {
    if !Namespace::possible() {
        return Vec::new();
    }
    let all = Iproute2::all();
    if all.len() < 2 {
        record("iproute2 6.15", "not unpacked");
    }
    all
}

/// Where the answers differ, and how.
fn compare(theirs: &Look, ours: &Look) -> Vec<(String, String)> {
    let mut differences = Vec::new();
    if theirs.code != ours.code {
        differences.push((EXIT_CODE.into(), format!("{} instead of {}", ours.code, theirs.code)));
    }
    if theirs.code != "0" || theirs.out.is_empty() {
        return differences;
    }
    let Ok(expected) = serde_json::from_str::<Json>(&theirs.out) else {
        panic!("iproute2 prints no JSON: {}", theirs.out);
    };
    match serde_json::from_str::<Json>(&ours.out) {
        Ok(found) => differ(&expected, &found, String::new(), &mut differences),
        Err(error) => differences.push((OUTPUT.into(), format!("is no JSON: {error}"))),
    }
    differences
}

fn differ(theirs: &Json, ours: &Json, path: String, differences: &mut Vec<(String, String)>) {
    match (theirs, ours) {
        (Json::Object(theirs), Json::Object(ours)) => {
            let mut last = None;
            for (key, value) in theirs {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                let Some(at) = ours.keys().position(|name| name == key) else {
                    differences.push((path, format!("is missing, should be {value}")));
                    continue;
                };
                if last.is_some_and(|last| at < last) {
                    differences.push((path.clone(), "comes too early".into()));
                }
                last = Some(at);
                let changing = CHANGING.iter().any(|(name, _)| name == key);
                let alike = std::mem::discriminant(value) == std::mem::discriminant(&ours[key]);
                if !(changing && alike) {
                    differ(value, &ours[key], path, differences);
                }
            }
        }
        (Json::Array(theirs), Json::Array(ours)) => {
            if theirs.len() != ours.len() {
                differences.push((path.clone(), format!("{} elements instead of {}", ours.len(), theirs.len())));
            }
            for (number, (theirs, ours)) in theirs.iter().zip(ours).enumerate() {
                differ(theirs, ours, format!("{path}[{number}]"), differences);
            }
        }
        _ if theirs == ours => {}
        _ => differences.push((path, format!("is {ours}, should be {theirs}"))),
    }
}
