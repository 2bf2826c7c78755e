//! User Mode Linux from Debian's `user-mode-linux`, for machines whose kernel cannot run the tests: it needs no rights, no
//! emulation and no disk, and sees the machine's files at the same paths. It has few modules: [`crate::guest`] has all.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU32, Ordering},
};

use crate::tools;

/// Runs a shell script as the guest's root and returns its exit status; what it prints is printed when the guest ends.
///
/// /tmp and /run are the guest's own, everything else is the machine's; `limit` is in seconds.
pub(crate) fn run(script: &str, limit: u32) -> Result<i32, String> {
    // Two guests at a time find one package.
    static FETCH: Mutex<()> = Mutex::new(());
    let uml = {
        let _alone = FETCH.lock().unwrap_or_else(PoisonError::into_inner);
        tools::fetched("user-mode-linux", "bookworm", &["user-mode-linux"])?
    };
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let share = tools::cache().join(format!("uml-{}-{number}", std::process::id()));
    fs::create_dir_all(&share).map_err(|e| e.to_string())?;
    let outcome = boot(&uml, &share, script, limit);
    let _ = fs::remove_dir_all(&share);
    outcome
}

fn boot(uml: &Path, share: &Path, script: &str, limit: u32) -> Result<i32, String> {
    let write = |name: &str, text: &str| fs::write(share.join(name), text).map_err(|e| e.to_string());
    let (at, modules) = (share.display(), uml.join("usr/lib/uml/modules"));
    let here = std::env::current_dir().map_err(|e| e.to_string())?;
    write("script", script)?;
    write("out", "")?;
    let init = format!(
        "#!/bin/bash
export HOME=/root TERM=dumb
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm /dev/net
mount -t devpts devpts /dev/pts; mount -t tmpfs tmpfs /dev/shm; ln -sf /proc/self/fd /dev/fd
mount -t tmpfs tmpfs /run; mkdir -p /run/netns; mount -t tmpfs tmpfs /tmp
mount --bind '{}' /lib/modules
modprobe -q ipv6; modprobe -q tun; [ -e /dev/net/tun ] || mknod /dev/net/tun c 10 200
ip link set lo up
cd '{}'
bash '{at}/script' </dev/null >'{at}/out' 2>&1; echo $? >'{at}/rc'
sync; halt -f
",
        modules.display(),
        here.display()
    );
    write("init", &init)?;
    let _ = Command::new("chmod").arg("+x").arg(share.join("init")).status();
    let console = fs::File::create(share.join("console")).map_err(|e| e.to_string())?;
    let errors = console.try_clone().map_err(|e| e.to_string())?;
    let mut path = std::env::var_os("PATH").unwrap_or_default();
    path.push(":/usr/sbin:/sbin");
    let status = Command::new("timeout")
        .args(["-k", "5", &limit.to_string()])
        .arg(program(uml))
        .args([
            "mem=2G",
            "rootfstype=hostfs",
            "rootflags=/",
            "rw",
            "con=null",
            "con0=null,fd:1",
            "console=tty0",
            "quiet",
        ])
        .arg(format!("init={at}/init"))
        .env("PATH", path)
        .env("TMPDIR", memory())
        .stdin(Stdio::null())
        .stdout(console)
        .stderr(errors)
        .status()
        .map_err(|e| format!("timeout: {e}"))?;
    print!("{}", String::from_utf8_lossy(&fs::read(share.join("out")).unwrap_or_default()));
    match fs::read_to_string(share.join("rc")).ok().and_then(|code| code.trim().parse().ok()) {
        Some(code) => Ok(code),
        None => {
            let console = fs::read(share.join("console")).unwrap_or_default();
            let text = String::from_utf8_lossy(&console);
            let tail: Vec<&str> = text.lines().rev().take(15).collect();
            let tail: Vec<&str> = tail.into_iter().rev().collect();
            Err(format!(
                "User Mode Linux died or took more than {limit} s ({status}); its console:\n{}",
                tail.join("\n")
            ))
        }
    }
}

fn program(uml: &Path) -> PathBuf {
    uml.join("usr/bin/linux.uml")
}

/// Where the guest keeps its memory: a file system that is memory itself.
fn memory() -> &'static OsStr {
    OsStr::new(if Path::new("/dev/shm").exists() { "/dev/shm" } else { "/tmp" })
}
