//! Foreign tools: what is needed of the machine, and what is fetched beside the tree.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::root;

/// An iproute2 to capture from or to compare with.
pub(crate) struct Iproute2 {
    /// As in `6.15`.
    pub(crate) version: String,
    folder: Option<PathBuf>,
}

impl Iproute2 {
    /// The path of `ip`, `bridge` or `tc`.
    pub(crate) fn tool(&self, name: &str) -> PathBuf {
        let Some(folder) = &self.folder else { return PathBuf::from(name) };
        let places = ["bin", "sbin", "usr/bin", "usr/sbin"];
        places.iter().map(|p| folder.join(p).join(name)).find(|p| p.exists()).unwrap_or_else(|| PathBuf::from(name))
    }
}

/// Where things are kept that are fetched once.
pub(crate) fn cache() -> PathBuf {
    root().join("target/tools")
}

/// Every iproute2 at hand, the newest first: 6.15 of Debian's backports, then the machine's.
pub(crate) fn iproute2_all() -> Result<Vec<Iproute2>, String> {
    let mut all = Vec::new();
    match newer_iproute2() {
        Ok(folder) => all.push(of_version(Some(folder))?),
        Err(reason) => println!("no iproute2 6.15: {reason}"),
    }
    let installed = of_version(None)?;
    if all.iter().all(|i| i.version != installed.version) {
        all.push(installed);
    }
    Ok(all)
}

fn of_version(folder: Option<PathBuf>) -> Result<Iproute2, String> {
    let mut iproute2 = Iproute2 { version: String::new(), folder };
    let out = Command::new(iproute2.tool("ip")).arg("-V").output().map_err(|e| format!("ip: {e}"))?;
    let text = String::from_utf8_lossy(&out.stdout);
    let version = text.split("iproute2-").nth(1).and_then(|v| v.split([',', ' ']).next()).unwrap_or("unknown").trim();
    iproute2.version = version.strip_suffix(".0").unwrap_or(version).to_owned();
    Ok(iproute2)
}

/// iproute2 6.15, unpacked into the cache (nothing of the machine changes); its folder.
pub(crate) fn newer_iproute2() -> Result<PathBuf, String> {
    let folder = cache().join("iproute2-6.15");
    if !folder.exists() {
        unpack("bookworm-backports", &["iproute2"], &folder)?;
    }
    Ok(folder)
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
