//! Foreign tools: what is needed of the machine, and what is fetched beside the tree.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Outcome, root};

/// Where things are kept that are fetched once.
pub(crate) fn cache() -> PathBuf {
    root().join("target/tools")
}

/// iproute2 6.15, unpacked into the cache (nothing of the machine changes); its folder.
pub(crate) fn newer_iproute2() -> Result<PathBuf, String> {
    fetched("iproute2-6.15", "bookworm-backports", &["iproute2"])
}

/// ethtool 7.2 of Debian's unstable while that is there, else 6.14 of its release 13; both run on release 12.
pub(crate) fn newer_ethtool() -> Result<PathBuf, String> {
    let newest = fetched("ethtool-7.2", "sid", &["ethtool=1:7.2-1"]);
    newest.or_else(|_| fetched("ethtool-6.14", "trixie", &["ethtool"]))
}

/// The folder of the cache that holds these packages of a Debian suite; fetched at the first time.
pub(crate) fn fetched(name: &str, suite: &str, packages: &[&str]) -> Result<PathBuf, String> {
    let folder = cache().join(name);
    if !folder.exists() {
        unpack(suite, packages, &folder)?;
    }
    Ok(folder)
}

/// Installs what is missing of `(program, Debian package)` when root, else says what to install. A program may also be
/// the path of a file.
pub(crate) fn need(programs: &[(&str, &str)]) -> Outcome {
    let mut missing: Vec<&str> = programs.iter().filter(|(program, _)| !is_there(program)).map(|(_, p)| *p).collect();
    missing.sort_unstable();
    missing.dedup();
    if missing.is_empty() {
        return Ok(());
    }
    let words = [&["apt-get", "install", "-y", "--no-install-recommends"], &missing[..]].concat();
    if !netloom_testkit::is_root() {
        return Err(format!("missing; run as root: {}", words.join(" ")));
    }
    println!("$ {}", words.join(" "));
    let _quiet = Policy::nothing_starts();
    let install = || {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).env("DEBIAN_FRONTEND", "noninteractive");
        command.stdin(Stdio::null()).stdout(Stdio::null()).status().is_ok_and(|s| s.success())
    };
    // The lists of packages may be old, or not there at all.
    let done = install() || {
        let _ = Command::new("apt-get").args(["update", "-qq"]).stdin(Stdio::null()).status();
        install()
    };
    if done { Ok(()) } else { Err(format!("`{}` failed", words.join(" "))) }
}

/// While it lives, packages that are installed start no services; what the machine itself says about that stays.
struct Policy {
    ours: bool,
}

impl Policy {
    const FILE: &str = "/usr/sbin/policy-rc.d";

    fn nothing_starts() -> Self {
        let ours = !Path::new(Self::FILE).exists()
            && fs::write(Self::FILE, "#!/bin/sh\nexit 101\n").is_ok()
            && fs::set_permissions(Self::FILE, fs::Permissions::from_mode(0o755)).is_ok();
        Self { ours }
    }
}

impl Drop for Policy {
    fn drop(&mut self) {
        if self.ours {
            let _ = fs::remove_file(Self::FILE);
        }
    }
}

/// Whether there is a program of this name, or a file of this path.
pub(crate) fn is_there(program: &str) -> bool {
    // The sbin folders are not on everybody's path, but in everybody's guest.
    let folders = ["/usr/local/sbin", "/usr/sbin", "/sbin"].map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).chain(folders).any(|folder| folder.join(program).is_file())
}

/// A program of crates.io that the machine has, or ours; built once if there is none.
pub(crate) fn cargo_program(name: &str, options: &[&str]) -> Result<PathBuf, String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let ours = cache().join(name);
    let places = home.into_iter().chain([ours.clone()]).map(|place| place.join("bin").join(name));
    if let Some(program) = places.into_iter().find(|place| place.exists()) {
        return Ok(program);
    }
    println!("building {name} into {}", ours.display());
    let mut install = Command::new("cargo");
    install.args(["install", "--quiet", "--locked", name, "--root"]).arg(&ours).args(options);
    must(&mut install)?;
    Ok(ours.join("bin").join(name))
}

/// Runs a command to its end; what it complains of becomes the error.
pub(crate) fn must(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let out = command.stdin(Stdio::null()).output().map_err(|e| format!("{name}: {e}"))?;
    if out.status.success() {
        return Ok(String::from_utf8_lossy(&out.stdout).into_owned());
    }
    let complaint = String::from_utf8_lossy(&out.stderr);
    let lines: Vec<&str> = complaint.lines().rev().take(5).collect();
    Err(format!("{name}: {}: {}", out.status, lines.into_iter().rev().collect::<Vec<_>>().join(" / ")))
}

/// Downloads Debian packages of a suite by apt, with lists and cache of our own, and unpacks them into `folder`.
///
/// A name may carry an architecture (`libstd-rust-web-dev:i386`) or a version (`iproute2=6.15.0-1~bpo12+1`).
pub(crate) fn unpack(suite: &str, packages: &[&str], folder: &Path) -> Result<(), String> {
    let work = cache().join(format!("apt-{suite}"));
    let config = apt_config(suite, &work)?;
    apt("apt-get", &["update", "-qq"], &config, &work)?;
    let debs = work.join("debs");
    let _ = fs::remove_dir_all(&debs);
    fs::create_dir_all(&debs).map_err(|e| e.to_string())?;
    // The backports of a package are chosen by naming the suite: its priority is below the installed one's.
    let name = |p: &&str| if p.contains('=') { (*p).to_owned() } else { format!("{p}/{suite}") };
    let names: Vec<String> = packages.iter().map(name).collect();
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

/// What apt knows of a package in a suite: a paragraph for each version.
pub(crate) fn described(suite: &str, package: &str) -> Result<String, String> {
    let work = cache().join(format!("apt-{suite}"));
    let config = apt_config(suite, &work)?;
    apt("apt-get", &["update", "-qq"], &config, &work)?;
    apt("apt-cache", &["show", package], &config, &work)
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

fn apt(tool: &str, words: &[&str], config: &Path, folder: &Path) -> Result<String, String> {
    let mut command = Command::new(tool);
    must(command.args(words).env("APT_CONFIG", config).current_dir(folder))
        .map_err(|reason| format!("{tool} {}: {reason}", words.join(" ")))
}
