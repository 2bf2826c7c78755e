//! `cargo xtask golden`: recaptures the golden bytes from iproute2, other tools and the running kernel.
//!
//! The cases stand in `xtask/golden/*.cases`. A section `[object]` starts in a fresh network namespace:
//!
//! - `run COMMAND` prepares something and has to succeed;
//! - `request NAME COMMAND` keeps what the command sends, whether or not the kernel accepts it;
//! - `blind NAME COMMAND` does so without letting it reach the kernel, which may not survive it (Linux 6.18 panics on the
//!   options of an `ip` encap while it holds the lock of all of rtnetlink); such a command must look nothing up first;
//! - `reply NAME COMMAND` keeps the kernel's answer;
//! - `notice NAME WATCHER -- COMMAND` keeps what the watcher hears while the command runs.
//!
//! Cases of `[ethtool]` are captured with the newest ethtool at hand, those of other objects with every iproute2: what an older
//! one sends is kept where it differs, what the kernel answers to it where it refuses the newer one's words. `$PID` in a command is a process outside of the namespace.
//!
//! Sections of families of generic netlink are in [`generic`].

mod generic;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::strace::{self, Way};
use crate::tools;
use crate::{Outcome, root};
use tool::Tool;

mod tool;

/// The message types of each object, `linux/rtnetlink.h`.
const TYPES: [(&str, std::ops::RangeInclusive<u16>); 15] = [
    ("link", 16..=19),
    ("link", 108..=109),
    ("address", 20..=23),
    ("route", 24..=27),
    ("neighbour", 28..=31),
    ("rule", 32..=35),
    ("prefix", 52..=52),
    ("neighbour_table", 64..=67),
    ("addrlabel", 72..=75),
    ("netconf", 80..=83),
    ("nsid", 88..=91),
    ("stats", 92..=95),
    ("nexthop", 104..=107),
    ("nexthop", 116..=119),
    ("vlan", 112..=115),
];

const NAMESPACE: &str = "golden";

struct Section {
    object: String,
    lines: Vec<String>,
}

impl Section {
    /// The crate whose tests read the cases.
    fn package(&self) -> &'static str {
        if self.object == tool::ETHTOOL { "netloom-ethtool" } else { "netloom-route" }
    }
}

/// One captured case.
struct Case {
    command: String,
    request: bool,
    messages: Vec<Vec<u8>>,
}

/// Captures the cases whose object or file starts with one of `filters`, or all.
pub(crate) fn run(filters: &[String]) -> Outcome {
    if let [word, objects @ ..] = filters {
        if word == generic::TELL {
            return generic::tell(sections(objects)?);
        }
    }
    let kernel = output(Command::new("uname").arg("-r"))?;
    if let Err(reason) = tools::newer_iproute2() {
        println!("no iproute2 6.15: {reason}");
    }
    if let Err(reason) = tools::newer_ethtool() {
        println!("no newer ethtool: {reason}");
    }
    let (families, objects): (Vec<_>, Vec<_>) =
        sections(filters)?.into_iter().partition(|s| generic::find(&s.object).is_some());
    let mut written = generic::recapture(families)?;
    for section in objects {
        let folder = root().join("crates").join(section.package()).join("tests/golden");
        let mut newest: BTreeMap<String, Case> = BTreeMap::new();
        for tool in &Tool::all_for(&section.object) {
            for (name, case) in capture(&section, tool)? {
                let suffix = match newest.get(&name) {
                    Some(other) if !case.request || other.messages == case.messages => continue,
                    Some(_) => format!(".{}", tool.version()),
                    None => String::new(),
                };
                let file = folder.join(&section.object).join(format!("{name}{suffix}.txt"));
                write(&file, &case.text(&format!("{}: {}", tool.name(), tool.version()), &kernel))?;
                written += 1;
                newest.entry(name).or_insert(case);
            }
        }
    }
    println!("{written} cases written");
    Ok(())
}

fn sections(filters: &[String]) -> Result<Vec<Section>, String> {
    let folder = root().join("xtask/golden");
    let mut files: Vec<PathBuf> =
        fs::read_dir(&folder).map_err(|e| e.to_string())?.filter_map(|f| Some(f.ok()?.path())).collect();
    files.sort();
    let mut all: Vec<Section> = Vec::new();
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "cases")) {
        let text = fs::read_to_string(file).map_err(|e| e.to_string())?;
        for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
            if let Some(object) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                all.push(Section { object: object.to_owned(), lines: Vec::new() });
            } else {
                all.last_mut().ok_or("a case before the first [object]")?.lines.push(line.to_owned());
            }
        }
    }
    all.retain(|s| filters.is_empty() || filters.iter().any(|f| s.object.starts_with(f.as_str())));
    Ok(all)
}

/// Runs a section in a namespace of its own and returns its cases.
fn capture(section: &Section, version: &Tool) -> Result<Vec<(String, Case)>, String> {
    println!("[{}] with {} {}", section.object, version.name(), version.version());
    let _namespace = Namespace::new()?;
    let mut cases = Vec::new();
    for line in &section.lines {
        let (verb, rest) = line.split_once(' ').ok_or_else(|| format!("cannot read: {line}"))?;
        if verb == "run" {
            let status = inside(version, &[], rest)?.status().map_err(|e| e.to_string())?;
            if !status.success() {
                println!("  not prepared: {rest}");
            }
            continue;
        }
        let (name, command) = rest.split_once(' ').ok_or_else(|| format!("cannot read: {line}"))?;
        let trace = match verb {
            "request" | "reply" => traced(version, command, &[])?,
            "blind" => traced(version, command, &["-e", "inject=sendmsg:retval=1", "-e", "inject=recvmsg:error=EIO"])?,
            "notice" => watched(version, command)?,
            _ => return Err(format!("cannot read: {line}")),
        };
        let request = verb == "request" || verb == "blind";
        let messages = match generic::find(&section.object) {
            Some(family) => family.select(request, &trace),
            None => select(&section.object, request, &trace),
        };
        if messages.is_empty() {
            println!("  nothing captured: {line}");
            continue;
        }
        let name = if verb == "notice" { format!("notice-{name}") } else { name.to_owned() };
        cases.push((name, Case { command: command.to_owned(), request, messages }));
    }
    Ok(cases)
}

/// Those of ethtool's family: the last request but for those for names, which the tool asks before or after, and what
/// came after it. The number of the family is another one on each kernel.
fn select_ethtool(request: bool, trace: &str) -> Vec<Vec<u8>> {
    let kind = |m: &[u8]| m.get(4..6).map_or(0, |t| u16::from_ne_bytes([t[0], t[1]]));
    let all = strace::messages(trace);
    // Numbers up to that of the controller of generic netlink are not given to families.
    let is_ours = |m: &[u8]| kind(m) > 0x10;
    let for_names = |m: &[u8]| m.get(16) == Some(&1);
    let last = all.iter().rposition(|(way, m)| *way == Way::Sent && is_ours(m) && !for_names(m));
    let wanted = match (request, last) {
        (true, Some(last)) => &all[last..=last],
        (true, None) => &[],
        (false, last) => &all[last.map_or(0, |last| last + 1)..],
    };
    let mut messages: Vec<Vec<u8>> =
        wanted.iter().map(|(_, m)| m.clone()).filter(|m| is_ours(m) && !for_names(m)).collect();
    // Notifications are to nobody's port; what answers the watcher's own questions is not kept beside them.
    let is_notice = |m: &Vec<u8>| m[12..16] == [0; 4];
    if !request && messages.iter().any(is_notice) {
        messages.retain(is_notice);
    }
    messages.into_iter().map(generic::placeless).collect()
}

/// The messages of the object; look-ups that a command makes on the way are left out.
fn select(object: &str, request: bool, trace: &str) -> Vec<Vec<u8>> {
    if object == tool::ETHTOOL {
        return select_ethtool(request, trace);
    }
    let kind = |m: &[u8]| m.get(4..6).map_or(0, |t| u16::from_ne_bytes([t[0], t[1]]));
    let way = if request { Way::Sent } else { Way::Received };
    let mut messages: Vec<Vec<u8>> = strace::messages(trace).into_iter().filter(|m| m.0 == way).map(|m| m.1).collect();
    messages.retain(|m| TYPES.iter().any(|(name, types)| *name == object && types.contains(&kind(m))));
    // `linux/rtnetlink.h`: the third of four types is the one that asks.
    if request && messages.iter().any(|m| kind(m) % 4 != 2) {
        messages.retain(|m| kind(m) % 4 != 2);
    }
    if request && object == "link" {
        // Older versions first ask, with a message that names no link, whether the kernel knows RTM_NEWLINK.
        messages.retain(|m| kind(m) % 4 == 2 || m.len() > 32 || m[16..].iter().any(|b| *b != 0));
    }
    for message in &mut messages {
        message[8..16].fill(0); // sequence and port: they change with every run
    }
    messages
}

/// `command` with the right tool, in the namespace, behind the words of `before`.
fn inside(version: &Tool, before: &[&str], command: &str) -> Result<Command, String> {
    let mut words = words(&command.replace("$PID", &std::process::id().to_string()));
    let mut run = Command::new("nsenter");
    run.arg(format!("--net=/run/netns/{NAMESPACE}")).args(before);
    let first = words.first().cloned().unwrap_or_default();
    match first.as_str() {
        "ip" | "bridge" | "ethtool" => words[0] = version.path(&first).display().to_string(),
        "mount-bpf" | "advertise-prefix" => {
            words.insert(0, root().join("xtask/golden/helpers.py").display().to_string());
            words.insert(0, "python3".to_owned());
        }
        _ => {}
    }
    run.args(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    Ok(run)
}

/// Splits at blanks; double quotes keep words together.
fn words(command: &str) -> Vec<String> {
    command
        .split('"')
        .enumerate()
        .flat_map(|(nth, part)| {
            if nth % 2 == 1 { vec![part.to_owned()] } else { part.split_whitespace().map(str::to_owned).collect() }
        })
        .collect()
}

fn trace_file() -> PathBuf {
    std::env::temp_dir().join(format!("golden-{}.strace", std::process::id()))
}

fn strace_words(file: &Path) -> Vec<String> {
    // With -o, strace would not let itself be ended by a signal but for -I.
    let mut words: Vec<String> = ["strace", "-I", "1", "-o"].map(str::to_owned).to_vec();
    words.push(file.display().to_string());
    words.extend(strace::OPTIONS.map(str::to_owned));
    words
}

fn traced(version: &Tool, command: &str, more: &[&str]) -> Result<String, String> {
    let file = trace_file();
    let mut before = strace_words(&file);
    before.extend(more.iter().map(|w| (*w).to_owned()));
    let out = inside(version, &before.iter().map(String::as_str).collect::<Vec<_>>(), command)?
        .output()
        .map_err(|e| format!("nsenter: {e}"))?;
    let complaint = String::from_utf8_lossy(&out.stderr);
    // The kernel's refusals are expected; a word that the tool does not know is a mistake in the case.
    let refused = ["RTNETLINK answers", "netlink error"].iter().any(|answer| complaint.contains(answer));
    if !out.status.success() && !refused {
        println!("  {command}: {}", complaint.lines().next().unwrap_or("failed"));
    }
    fs::read_to_string(&file).map_err(|e| e.to_string())
}

fn watched(version: &Tool, both: &str) -> Result<String, String> {
    let (watcher, command) = both.split_once(" -- ").ok_or_else(|| format!("no `--` in: {both}"))?;
    let file = trace_file();
    let before = strace_words(&file);
    let mut child = inside(version, &before.iter().map(String::as_str).collect::<Vec<_>>(), watcher)?
        .spawn()
        .map_err(|e| format!("nsenter: {e}"))?;
    sleep(Duration::from_millis(400));
    let status = inside(version, &[], command)?.status().map_err(|e| e.to_string())?;
    sleep(Duration::from_millis(600));
    stop(&mut child);
    if !status.success() {
        println!("  failed: {command}");
    }
    fs::read_to_string(&file).map_err(|e| e.to_string())
}

/// Ends strace, which takes its child with it.
fn stop(child: &mut Child) {
    let _ = Command::new("kill").arg(child.id().to_string()).status();
    let _ = child.wait();
}

impl Case {
    /// The file of it; `judge` is whose bytes a request's are: `iproute2: 6.15`.
    fn text(&self, judge: &str, kernel: &str) -> String {
        let direction = if self.request { "request" } else { "reply" };
        let mut text =
            format!("# command: {}\n# {judge}\n# kernel: {kernel}\n# direction: {direction}\n", self.command);
        for message in &self.messages {
            text.push('\n');
            for line in message.chunks(32) {
                text.extend(line.iter().map(|b| format!("{b:02x}")));
                text.push('\n');
            }
        }
        text
    }
}

fn write(file: &Path, text: &str) -> Result<(), String> {
    fs::create_dir_all(file.parent().unwrap_or(file)).map_err(|e| e.to_string())?;
    fs::write(file, text).map_err(|e| format!("{}: {e}", file.display()))
}

fn output(command: &mut Command) -> Result<String, String> {
    let out = command.output().map_err(|e| e.to_string())?;
    Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

/// The namespaces of a section; all are removed when it ends.
struct Namespace;

impl Namespace {
    fn new() -> Result<Self, String> {
        Self::remove();
        let status = Command::new("ip").args(["netns", "add", NAMESPACE]).status().map_err(|e| format!("ip: {e}"))?;
        if status.success() { Ok(Self) } else { Err("`ip netns add` failed: root is needed".to_owned()) }
    }

    fn remove() {
        for name in [NAMESPACE, "peer-of-golden", "other-of-golden"] {
            let _ = Command::new("ip").args(["netns", "del", name]).stderr(Stdio::null()).status();
        }
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        Self::remove();
        let _ = Command::new("umount").arg("/run/netloom-golden-bpf").stderr(Stdio::null()).status();
    }
}
