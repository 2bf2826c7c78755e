//! Foreign tools: what is needed of the machine, and what is fetched beside the tree.

use netloom_testkit::finishes;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::{Outcome, root};

/// Where things are kept that are fetched once.
pub(crate) fn cache() -> PathBuf {
    root().join("target/tools")
}

/// iproute2 6.15, unpacked into the cache (nothing of the machine changes); its folder.
pub(crate) fn newer_iproute2() -> Result<PathBuf, String> {
    fetched("iproute2-6.15", "bookworm-backports", &["iproute2"])
}

/// The folder of the cache that holds these packages of a Debian suite; fetched at the first time.
pub(crate) fn fetched(name: &str, suite: &str, packages: &[&str]) -> Result<PathBuf, String> {
    let folder = cache().join(name);
    if !folder.exists() {
        unpack(suite, packages, &folder)?;
    }
    Ok(folder)
}

/// Installs what is missing of `(program, Debian package)` when root, else says what to install.
pub(crate) fn need(programs: &[(&str, &str)]) -> Outcome {
    let missing: Vec<&str> = programs.iter().filter(|(program, _)| !is_there(program)).map(|(_, p)| *p).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let words = [&["apt-get", "install", "-y", "--no-install-recommends"], &missing[..]].concat();
    if !netloom_testkit::is_root() {
        return Err(format!("missing; run as root: {}", words.join(" ")));
    }
    println!("$ {}", words.join(" "));
    let install = || Command::new(words[0]).args(&words[1..]).stdin(Stdio::null()).status().is_ok_and(|s| s.success());
    // The lists of packages may be old, or not there at all.
    let done = install() || {
        let _ = Command::new("apt-get").args(["update", "-qq"]).stdin(Stdio::null()).status();
        install()
    };
    if done { Ok(()) } else { Err(format!("`{}` failed", words.join(" "))) }
}

fn is_there(program: &str) -> bool {
    let script = format!("command -v {program}");
    finishes(Command::new("sh").args(["-c", &script]), Duration::from_secs(10))
}

/// Downloads Debian packages of a suite by apt, with lists and cache of our own, and unpacks them into `folder`.
///
/// A name may carry an architecture (`libstd-rust-web-dev:i386`).
pub(crate) fn unpack(suite: &str, packages: &[&str], folder: &Path) -> Result<(), String> {
    let work = cache().join(format!("apt-{suite}"));
    let config = apt_config(suite, &work)?;
    apt("apt-get", &["update", "-qq"], &config, &work)?;
    let debs = work.join("debs");
    let _ = fs::remove_dir_all(&debs);
    fs::create_dir_all(&debs).map_err(|e| e.to_string())?;
    // The backports of a package are chosen by naming the suite: its priority is below the installed one's.
    let names: Vec<String> = packages.iter().map(|p| format!("{p}/{suite}")).collect();
    let mut words = vec!["download", "-q"];
    words.extend(names.iter().map(String::as_str));
    apt("apt-get", &words, &config, &debs)?;
    let unfinished = folder.with_extension("unfinished");
    let _ = fs::remove_dir_all(&unfinished);
    for deb in fs::read_dir(&debs).map_err(|e| e.to_string())?.flatten() {
        let status = Command::new("dpkg").arg("-x").arg(deb.path()).arg(&unfinished).status();
        if !status.is_ok_and(|s| s.success()) {
            return Err(format!("dpkg -x {} failed", deb.path().display()));
        }
    }
    let _ = fs::remove_dir_all(&debs);
    fs::rename(&unfinished, folder).map_err(|e| format!("{}: {e}", folder.display()))
}

/// Writes an apt configuration that knows one suite of the mirror the machine already uses.
fn apt_config(suite: &str, work: &Path) -> Result<PathBuf, String> {
    for folder in ["lists/partial", "cache/archives/partial"] {
        fs::create_dir_all(work.join(folder)).map_err(|e| e.to_string())?;
    }
    let (list, config, at) = (work.join("sources.list"), work.join("apt.conf"), work.display());
    let source = format!(
        "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {} {suite} main\n",
        mirror().ok_or("no Debian mirror in /etc/apt")?
    );
    fs::write(&list, source).map_err(|e| e.to_string())?;
    let lines = [
        format!("Dir::Etc::sourcelist \"{}\";", list.display()),
        "Dir::Etc::sourceparts \"/dev/null\";".to_owned(),
        format!("Dir::State::lists \"{at}/lists\";"),
        format!("Dir::Cache \"{at}/cache\";"),
        "Acquire::Languages \"none\";".to_owned(),
        "APT::Sandbox::User \"root\";".to_owned(),
        "APT::Architectures { \"amd64\"; \"i386\"; \"s390x\"; };".to_owned(),
    ];
    fs::write(&config, lines.join("\n")).map_err(|e| e.to_string())?;
    Ok(config)
}

/// The address of the machine's own Debian mirror.
fn mirror() -> Option<String> {
    let mut files = vec![PathBuf::from("/etc/apt/sources.list")];
    files.extend(fs::read_dir("/etc/apt/sources.list.d").ok()?.flatten().map(|f| f.path()));
    let lines = files.iter().filter_map(|f| fs::read_to_string(f).ok()).collect::<Vec<_>>().join("\n");
    lines
        .lines()
        .filter(|l| l.starts_with("URIs:") || l.starts_with("deb "))
        .flat_map(str::split_whitespace)
        .find(|w| w.contains("://") && w.trim_end_matches('/').ends_with("/debian"))
        .map(str::to_owned)
}

fn apt(tool: &str, words: &[&str], config: &Path, folder: &Path) -> Result<(), String> {
    let out = Command::new(tool)
        .args(words)
        .env("APT_CONFIG", config)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("{tool}: {e}"))?;
    if out.status.success() {
        return Ok(());
    }
    let complaint = String::from_utf8_lossy(&out.stderr);
    Err(format!("{tool} {}: {}", words.join(" "), complaint.lines().next().unwrap_or("failed")))
}
